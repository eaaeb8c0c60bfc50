"""Findings as a person reads them: what, where, the line itself, and what to do next."""

from collections.abc import Iterator, Sequence

from registry.checks.reporter import Reporter
from registry.checks.result import Result
from registry.checks.totals import left_out, statistics, verdict
from registry.diagnostic import Diagnostic, Label
from registry.output.style import BLUE, BOLD, DIM, SEVERITY_COLORS, Style
from registry.output.terminal import brief, escape, source_line, width
from registry.wording import counted


def render(result: Result, style: Style) -> str:
    """Lay out each finding with its source lines, then what was skipped, and one line of totals.

    `style.limit` caps the findings that are shown, never the totals.
    """
    lines = list(_findings(result.shown, style))
    if style.show_suppressed:
        lines += _findings(result.silenced, style)
    if style.statistics and result.diagnostics:
        lines += [*statistics(result), ""]
    return "\n".join([*lines, *left_out(result), verdict(result), ""])


def _findings(found: Sequence[Diagnostic], style: Style) -> Iterator[str]:
    for one in found[: style.limit]:
        yield from _finding(one, style)
        yield ""
    if len(found) > style.limit:
        kind = "suppressed finding" if found[0].suppressed else "finding"
        more = counted(len(found) - style.limit, f"more {kind}")
        yield f"… and {more}: `--format concise` lists them all"
        yield ""


def _finding(found: Diagnostic, style: Style) -> Iterator[str]:
    """Yield the lines of one finding."""
    gutter = len(str(max(label.at.start.line for label in (found.primary, *found.related))))
    bar = " " * (gutter + 1) + style.paint(BLUE, "|")
    color = DIM if found.suppressed else SEVERITY_COLORS[found.severity]
    word = "suppressed" if found.suppressed else found.severity.value
    title = f"{escape(found.name)}: {brief(found.message)}"
    yield f"{style.paint(color, f'{word}[{found.code}]')} {style.paint(BOLD, title)}"
    yield from _place(found.primary, "-->", style.paint(color, "^"), gutter, style)
    for label in found.related:
        yield bar
        yield from _place(label, ":::", style.paint(BLUE, "-"), gutter, style)
    notes = list(_notes(found))
    if notes:
        yield bar
    for note in notes:
        yield " " * (gutter + 1) + style.paint(BLUE, "=") + " " + note


def _notes(found: Diagnostic) -> Iterator[str]:
    if found.help:
        yield f"help: {brief(found.help)}"
    if found.suppressed:
        kind, reason, file, line = found.suppressed[:4]
        yield (
            f"{found.severity.value}, silenced by the {escape(kind)} at "
            f"{escape(file)}:{line}: {brief(reason)}"
        )


def _place(label: Label, arrow: str, mark: str, gutter: int, style: Style) -> Iterator[str]:
    """Yield the place of a label, its source line, and the marks below it with its message.

    A place without a source line, as a file that was not read, shows its message beside it.
    """
    message = brief(label.message)
    line, column = label.at.start
    where = f"{escape(label.location.file)}:{line}:{column}"
    if not label.excerpt:
        where += f" ({message})" if message else ""
        yield f"{' ' * gutter}{style.paint(BLUE, arrow)} {where}"
        return
    before, marks = _marked(label)
    bar = " " * (gutter + 1) + style.paint(BLUE, "|")
    yield f"{' ' * gutter}{style.paint(BLUE, arrow)} {where}"
    yield bar
    number = style.paint(BLUE, f"{line:>{gutter}} |")
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
