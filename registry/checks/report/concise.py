"""A line for each finding, as compilers write them, for editors and for `grep`."""

from collections.abc import Iterator, Sequence

from registry.checks.reporter import Render, Reported, Reporter
from registry.checks.result import Result
from registry.diagnostic import Diagnostic
from registry.output.style import Style
from registry.output.terminal import brief, escape


def render(result: Result, style: Style) -> str:
    """Write `path:line:column: CODE name: message`; nothing at all where nothing was found."""
    found = result.diagnostics if style.show_suppressed else result.shown
    return "".join(line + "\n" for one in found for line in _line(one))


def _line(found: Diagnostic) -> Iterator[str]:
    path = escape(found.primary.location.file)
    if path.lstrip().startswith("::"):
        path = f"./{path}"  # at a line's start, a command to GitHub's runner
    line, column = found.primary.at.start
    text = f"{path}:{line}:{column}: {found.code} {escape(found.name)}: {brief(found.message)}"
    if found.suppressed:
        kind, reason, file, at = found.suppressed[:4]
        text += f" (silenced by the {escape(kind)} at {escape(file)}:{at}: {brief(reason)})"
    yield text


def join(render: Render, several: Sequence[Reported]) -> str:
    """Write several registries' lines, whose paths tell them apart."""
    return "".join(render(one.led, one.style) for one in several)


REPORTER = Reporter("concise", render, join, is_totalled=False)
