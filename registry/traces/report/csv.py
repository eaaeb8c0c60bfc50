"""What traces say as CSV: the findings of a check; of spending and quality the first table."""

from registry.output.style import Style
from registry.output.table import Column, Table
from registry.output.tables.csv import WRITER
from registry.traces.answer import TracesAnswer
from registry.traces.reporter import TracesReporter

_HEADS = ("severity", "code", "name", "section", "id", "owner", "message", "help")


def render(found: TracesAnswer, style: Style) -> str:
    """Write one table; what is a table of its own in the human form has a `--by` of its own."""
    is_check = found.plain["format"].startswith("opmodel.traces.")
    table = _findings(found, style) if is_check else found.tables[0]
    return WRITER.render(table).decode()


def _findings(found: TracesAnswer, style: Style) -> Table:
    result = found.checked.result
    shown = result.diagnostics if style.show_suppressed else result.shown
    rows = tuple(
        (one.severity.value, one.code, one.name, *(one.entity or ("", "")),
         found.checked.owner(one) or "", one.message, one.help)
        for one in shown
    )  # fmt: skip
    return Table("findings", "Findings", tuple(Column(head) for head in _HEADS), rows)


REPORTER = TracesReporter("csv", render)
