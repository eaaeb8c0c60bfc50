"""Annotations on a pull request: workflow commands of GitHub Actions, and one line of totals."""

from collections.abc import Iterator, Sequence

from registry.checks.reporter import Render, Reported, Reporter
from registry.checks.result import Result
from registry.checks.totals import grand_total, verdict
from registry.diagnostic import Diagnostic, Severity
from registry.output.style import Style
from registry.output.terminal import brief, escape

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def render(result: Result, style: Style) -> str:
    """Write a command for each finding, the gravest first: GitHub shows only the first of a step.

    The totals follow as a plain line of the log.
    """
    found = sorted(result.shown, key=lambda one: one.severity.rank)
    return "\n".join([*(_command(one, style.prefix) for one in found), verdict(result), ""])


def _command(found: Diagnostic, prefix: str) -> str:
    title = f"{found.code} {found.name}"
    properties = ",".join(
        f"{name}={_property(str(value))}"
        for name, value in (*_place(found, prefix), ("title", title))
    )
    message = f"{found.message} (help: {found.help})" if found.help else found.message
    return f"::{_COMMANDS[found.severity]} {properties}::{_data(brief(message))}"


def _place(found: Diagnostic, prefix: str) -> Iterator[tuple[str, str | int]]:
    """Yield file, lines and columns; GitHub takes columns only where the lines are one."""
    start, end = found.primary.at
    yield "file", prefix + found.primary.location.file
    yield "line", start.line
    yield "endLine", end.line
    if end.line == start.line:
        yield "col", start.column
        yield "endColumn", end.column


def _property(text: str) -> str:
    return _data(escape(text)).replace(":", "%3A").replace(",", "%2C")


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def join(render: Render, several: Sequence[Reported]) -> str:
    """Write the commands of all, the gravest of each registry first; then the totals of each."""
    commands, totals = [], []
    for one in several:
        *lines, last, _ = render(one.result, one.style).split("\n")
        ranks = sorted(found.severity.rank for found in one.result.shown)
        commands += [
            (rank, place, line) for place, (rank, line) in enumerate(zip(ranks, lines, strict=True))
        ]
        totals += [last, f"of {one.title}"]
    first = [line for *_, line in sorted(commands, key=lambda row: row[:2])]
    return "\n".join([*first, *totals, grand_total([one.result for one in several]), ""])


REPORTER = Reporter("github", render, join, is_for_repository=True)
