"""A check as a JUnit report, which every CI shows: what fails the check is a test that failed.

JUnit's XML has no specification. What is written is what the schemas of Ant's and Jenkins' readers
have in common, and what GitLab reads of it: a name of its own for each case.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape as xml
from xml.sax.saxutils import quoteattr

from registry.checks.reporter import Render, Reported, Reporter
from registry.checks.result import Result
from registry.checks.totals import left_out, verdict
from registry.diagnostic import Diagnostic
from registry.output.finding import pointer
from registry.output.style import Style
from registry.output.terminal import brief, escape

_NOTHING_TIMED = 'time="0"'
"""The same findings are the same bytes; readers ask for a time all the same."""


def render(result: Result, style: Style) -> str:
    """Write a suite with a case for each finding, and one for the check itself.

    Findings from `style.fails_from` up are failures; the others pass, and are told in the suite's
    output, whose last line has the totals. With `style.show_suppressed` silenced findings are
    skipped cases.
    """
    return _document(_suite(result.below(style.prefix), style, brief(result.registry), ""))


def _document(*suites: Sequence[str]) -> str:
    lines = [line for suite in suites for line in suite]
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    return "\n".join([head, "<testsuites>", *lines, "</testsuites>", ""])


def _suite(result: Result, style: Style, title: str, lead: str, number: int = 0) -> list[str]:
    """Write one registry's suite; `lead` stands before the names that tell its cases apart."""
    found = result.diagnostics if style.show_suppressed else result.shown
    failed = [one for one in result.shown if _fails(one, style)]
    name = f"opmodel check of {title}"
    head_of = {
        "package": "opmodel",
        "id": number,
        "tests": len(found) + 1,
        "failures": len(failed),
        "errors": 0,
        "skipped": len(found) - len(result.shown),
        "hostname": "localhost",
        "timestamp": result.at[:19],
        "time": 0,
    }
    head = " ".join(f'{key}="{value}"' for key, value in head_of.items())
    return [
        f"<testsuite name={quoteattr(name)} {head}>",
        "<properties>",
        *(
            f"<property name={quoteattr(name)} value={quoteattr(text)}/>"
            for name, text in _looked(result)
        ),
        "</properties>",
        f'<testcase classname="opmodel" name={quoteattr(f"check of {title}")} {_NOTHING_TIMED}/>',
        *_cases(found, style, lead),
        f"<system-out>{xml(_said(result, style))}</system-out>",
        "<system-err/>",
        "</testsuite>",
    ]


def _fails(found: Diagnostic, style: Style) -> bool:
    return style.fails_from is not None and found.severity.rank <= style.fails_from.rank


def _looked(result: Result) -> Iterator[tuple[str, str]]:
    """Yield what was looked at, and how: no report says that all is well without it."""
    for name in ("registry", "stage", "policy", "at", "horizon", "entities", "files", "skipped",
                 "rules_run", "rules_off", "tzdata", "holidays"):  # fmt: skip
        yield name, brief(str(getattr(result, name)))
    yield "suppressed", str(len(result.suppressed))
    yield "baselined", str(len(result.baselined))
    if result.since:
        yield "since", brief(result.since.revision)


def _cases(found: Sequence[Diagnostic], style: Style, lead: str) -> Iterator[str]:
    """Yield a case for each finding, named by its rule and by what it is about, without a line."""
    times: Counter[tuple[str, str]] = Counter()
    for one in found:
        name = lead + _subject(one)
        times[one.code, name] += 1
        if times[one.code, name] > 1:
            name += f" ({times[one.code, name]})"
        rule = quoteattr(f"{one.code} {escape(one.name)}")
        head = f"<testcase classname={rule} name={quoteattr(name)} {_NOTHING_TIMED}"
        inner = _inner(one, style)
        yield f"{head}>{inner}</testcase>" if inner else f"{head}/>"


def _subject(found: Diagnostic) -> str:
    """Name what a finding is about: the entity and its field, else the file."""
    if found.entity is None:
        return escape(found.primary.location.file)
    field = pointer(found.field)
    return brief("/".join(found.entity) + (f" {field}" if field else ""))


def _inner(found: Diagnostic, style: Style) -> str:
    if found.suppressed:
        kind, reason, file, line = found.suppressed[:4]
        by = f"silenced by the {escape(kind)} at {escape(file)}:{line}: {brief(reason)}"
        return f"<skipped message={quoteattr(by)}/>"
    if not _fails(found, style):
        return ""
    level, help_ = found.severity.value, f"\nhelp: {brief(found.help)}" if found.help else ""
    text = f"{_place(found)}: {brief(found.message)}{help_}"
    return (
        f'<failure type="{level}" message={quoteattr(brief(found.message))}>{xml(text)}</failure>'
    )


def _said(result: Result, style: Style) -> str:
    """Tell what fails nothing, what was skipped, and the totals."""
    lesser = (one for one in result.shown if not _fails(one, style))
    lines = (
        f"{one.severity.value} {one.code} {escape(one.name)}: {brief(one.message)} ({_place(one)})"
        for one in lesser
    )
    return "\n".join([*lines, *left_out(result), verdict(result)])


def _place(found: Diagnostic) -> str:
    line, column = found.primary.at.start
    return f"{escape(found.primary.location.file)}:{line}:{column}"


def join(render: Render, several: Sequence[Reported]) -> str:  # noqa: ARG001 - a join's parameters
    """Write a suite for each registry, whose cases its folder tells apart."""
    return _document(*(
        _suite(one.led, one.style, one.title, f"{escape(one.folder)}: ", number)
        for number, one in enumerate(several)
    ))  # fmt: skip


REPORTER = Reporter("junit", render, join, is_for_repository=True)
