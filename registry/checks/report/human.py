"""Findings as a person reads them: what, where, the line itself, and what to do next."""

from collections.abc import Iterator, Sequence

from registry.checks.reporter import Reporter
from registry.checks.result import Result
from registry.checks.totals import statistics, verdict
from registry.diagnostic import Diagnostic, Label, Severity
from registry.output.style import Style
from registry.output.terminal import brief, escape, source_line, width
from registry.wording import counted

_COLORS = {Severity.ERROR: "1;31", Severity.WARNING: "1;33", Severity.INFO: "1;36"}
_GUTTER = "34"
_BOLD = "1"
_DIM = "2"


def render(result: Result, style: Style) -> str:
    """Lay out each finding with its source lines, then one line with the totals.

    `style.limit` caps the findings that are shown, never the totals.
    """
    paint = _Paint(on=style.color)
    lines = list(_findings(result.shown, style, paint))
    if style.show_suppressed:
        lines += _findings(result.suppressed, style, paint)
    if style.statistics and result.diagnostics:
        lines += [*statistics(result), ""]
    return "\n".join([*lines, verdict(result), ""])


class _Paint:
    """Colour, or none."""

    def __init__(self, *, on: bool) -> None:
        self.on = on

    def __call__(self, color: str, text: str) -> str:
        return f"\x1b[{color}m{text}\x1b[0m" if self.on and text else text


def _findings(found: Sequence[Diagnostic], style: Style, paint: _Paint) -> Iterator[str]:
    for one in found[: style.limit]:
        yield from _finding(one, paint)
        yield ""
    if len(found) > style.limit:
        kind = "suppressed finding" if found[0].suppressed else "finding"
        more = counted(len(found) - style.limit, f"more {kind}")
        yield f"… and {more}: `--format concise` lists them all"
        yield ""


def _finding(found: Diagnostic, paint: _Paint) -> Iterator[str]:
    """Yield the lines of one finding."""
    gutter = len(str(max(label.at.start.line for label in (found.primary, *found.related))))
    bar = " " * (gutter + 1) + paint(_GUTTER, "|")
    color = _DIM if found.suppressed else _COLORS[found.severity]
    word = "suppressed" if found.suppressed else found.severity.value
    title = f"{escape(found.name)}: {brief(found.message)}"
    yield f"{paint(color, f'{word}[{found.code}]')} {paint(_BOLD, title)}"
    yield from _place(found.primary, "-->", paint(color, "^"), gutter, paint)
    for label in found.related:
        yield bar
        yield from _place(label, ":::", paint(_GUTTER, "-"), gutter, paint)
    notes = list(_notes(found))
    if notes:
        yield bar
    for note in notes:
        yield " " * (gutter + 1) + paint(_GUTTER, "=") + " " + note


def _notes(found: Diagnostic) -> Iterator[str]:
    if found.help:
        yield f"help: {brief(found.help)}"
    if found.suppressed:
        kind, reason, file, line = found.suppressed
        yield (
            f"{found.severity.value}, silenced by the {escape(kind)} at "
            f"{escape(file)}:{line}: {brief(reason)}"
        )


def _place(label: Label, arrow: str, mark: str, gutter: int, paint: _Paint) -> Iterator[str]:
    """Yield the place of a label, its source line, and the marks below it with its message.

    A place without a source line, as a file that was not read, shows its message beside it.
    """
    message = brief(label.message)
    line, column = label.at.start
    where = f"{escape(label.location.file)}:{line}:{column}"
    if not label.excerpt:
        where += f" ({message})" if message else ""
        yield f"{' ' * gutter}{paint(_GUTTER, arrow)} {where}"
        return
    before, marks = _marked(label)
    bar = " " * (gutter + 1) + paint(_GUTTER, "|")
    yield f"{' ' * gutter}{paint(_GUTTER, arrow)} {where}"
    yield bar
    number = paint(_GUTTER, f"{line:>{gutter}} |")
    yield f"{number} {source_line(label.excerpt)}".rstrip()
    yield f"{bar} {' ' * before}{_repeat(mark, marks)} {message}".rstrip()


def _marked(label: Label) -> tuple[int, int]:
    """Measure, in columns, what stands before a label's span and the part of it on this line.

    A span that starts beyond the cut of a long line is marked at the cut.
    """
    text, span = label.excerpt, label.at
    cut = len(text) - 1 if text.endswith("…") else len(text)
    start = min(span.start.column - 1, cut)
    end = span.end.column - 1 if span.end.line == span.start.line else len(text.rstrip())
    before = width(source_line(text[:start]))
    return before, max(width(source_line(text[: min(end, len(text))])) - before, 1)


def _repeat(mark: str, times: int) -> str:
    """Repeat the mark inside its colour."""
    plain = "^" if "^" in mark else "-"
    return mark.replace(plain, plain * times)


REPORTER = Reporter("human", render)
