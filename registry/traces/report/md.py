"""What traces say as Markdown, to hand round: a stranger's text is shown and does nothing."""

from collections.abc import Iterator

from registry.diagnostic import Severity
from registry.output.markdown import code, literal
from registry.output.style import Style
from registry.output.tables.md import WRITER
from registry.traces.answer import TracesAnswer
from registry.traces.reporter import TracesReporter
from registry.wording import counted


def render(found: TracesAnswer, style: Style) -> str:
    """Write what was read, the tables, the findings with their owners, and what was not read."""
    head, *more = found.lines
    parts = [f"# {literal(head)}", "", *(f"{literal(line)}.  " for line in more)]
    for table in found.tables:
        if table.rows:
            parts += ["", f"#{WRITER.render(table).decode()}".rstrip()]
    return "\n".join([*parts, *_findings(found, style), *_unread(found)]) + "\n"


def _findings(found: TracesAnswer, style: Style) -> Iterator[str]:
    result = found.checked.result
    shown = result.diagnostics if style.show_suppressed else result.shown
    totals = ", ".join(counted(result.count(one), one.value) for one in Severity)
    yield from ("", f"## Findings: {totals}", "")
    for one in shown:
        owner = found.checked.owner(one)
        falls = f" Falls to {literal(owner)}." if owner else ""
        yield (
            f"- **{one.severity.value}** {one.code} {code(one.name)}: {literal(one.message)}. "
            f"{literal(one.help)}.{falls}"
        )


def _unread(found: TracesAnswer) -> Iterator[str]:
    unread = found.checked.recording.unread
    if unread or not found.checked.recording.spans:
        yield from ("", "## Not read", "")
    if not found.checked.recording.spans:
        yield "- No span was read: nothing here is said to be fine."
    for one in unread:
        place = f"{one.file}:{one.line}" if one.line else one.file
        yield f"- {code(place)}: {literal(one.reason)}, {one.number:,} in all"


REPORTER = TracesReporter("md", render)
