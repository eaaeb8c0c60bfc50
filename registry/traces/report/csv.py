"""What traces say as CSV: a check's findings; spending by model or by `--by`; scores by window."""

from registry.output.style import Style
from registry.output.table import Column, Table
from registry.output.tables.csv import WRITER
from registry.traces.answer import TracesAnswer
from registry.traces.reporter import TracesReporter

_HEADS = ("severity", "code", "name", "section", "id", "owner", "message", "help")


def render(found: TracesAnswer, style: Style) -> str:
    """Write one table: where spending is split, how it is split."""
    is_check = found.plain["format"].startswith("opmodel.traces.")
    table = _findings(found, style) if is_check else _first(found.tables)
    return WRITER.render(table).decode()


def _first(tables: tuple[Table, ...]) -> Table:
    split = [one for one in tables if one.name.startswith("by-")]
    return (split or tables)[0]


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
