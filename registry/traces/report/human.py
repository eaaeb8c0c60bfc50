"""What traces say, for people: what was read, the figures, what to mend and who is to mend it."""

from collections.abc import Iterator

from registry.checks.totals import silenced
from registry.diagnostic import Diagnostic, Severity
from registry.output.style import BOLD, RED, SEVERITY_COLORS, Style
from registry.output.table import Table
from registry.output.terminal import brief, escape, width
from registry.traces.answer import TracesAnswer
from registry.traces.reporter import TracesReporter
from registry.traces.unread import said_of
from registry.wording import counted


def render(found: TracesAnswer, style: Style) -> str:
    """Lay out the lines, the tables, the findings by weight, and what was not read."""
    lines = [*found.lines]
    recording = found.checked.recording
    said = [style.paint(RED, one.text) for one in said_of(recording.unread, recording.spans)]
    if not recording.spans:
        lines.append(said.pop(0))
    for table in found.tables:
        if table.rows:
            lines += ["", style.paint(BOLD, escape(table.title)), *_aligned(table)]
    result = found.checked.result
    shown = result.diagnostics if style.show_suppressed else result.shown
    for one in shown[: style.limit]:
        lines += ["", *_finding(one, found.checked.owner(one), style)]
    if shown[style.limit :]:
        more = counted(len(shown) - style.limit, "more finding")
        lines += ["", f"… and {more}: `--format json` lists them all"]
    lines += ["", *said, _totals(found)]
    return "".join(f"{line}\n" for line in lines)


def _aligned(table: Table) -> Iterator[str]:
    rows = [tuple(map(escape, row)) for row in (table.headings, *table.rows)]
    widths = [max(map(width, cells)) for cells in zip(*rows, strict=True)]
    numbers = [
        all(not row[place] or row[place][0].isdigit() for row in rows[1:])
        for place in range(len(widths))
    ]
    for row in rows:
        cells = [
            f"{' ' * (room - width(cell))}{cell}"
            if right
            else f"{cell}{' ' * (room - width(cell))}"
            for cell, room, right in zip(row, widths, numbers, strict=True)
        ]
        yield "  " + "  ".join(cells).rstrip()


def _finding(one: Diagnostic, owner: str | None, style: Style) -> Iterator[str]:
    level = style.paint(SEVERITY_COLORS[one.severity], f"{one.severity.value}[{one.code}]")
    falls = f"; falls to {escape(owner)}" if owner else ""
    yield f"{level} {one.name}: {brief(one.message)}{' (silenced)' * bool(one.suppressed)}"
    yield f"  --> {escape(one.primary.location.file)}:{one.primary.at.start.line}{falls}"
    yield f"   = help: {brief(one.help)}"


def _totals(found: TracesAnswer) -> str:
    result = found.checked.result
    totals = ", ".join(counted(result.count(one), one.value) for one in Severity)
    unread = sum(one.number for one in found.checked.recording.unread)
    return (
        f"{totals}, {silenced(result)}, {unread:,} not read: "
        f"{counted(result.rules_run, 'rule')} run, stage {escape(result.stage)}, "
        f"at {result.shown_at}"
    )


REPORTER = TracesReporter("human", render)
