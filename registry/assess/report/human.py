"""An assessment as a person reads it: the signs, what bears each out, and what to do next."""

from collections.abc import Iterator

from registry.assess.answer import AskedSign, Evidence
from registry.assess.assess import Assessment, StageCheck
from registry.assess.patterns import AskedPattern
from registry.assess.reporter import AssessmentReporter
from registry.assess.sign import Verdict
from registry.output.style import BOLD, DIM, GREEN, RED, YELLOW, Style
from registry.output.terminal import brief, escape
from registry.wording import counted

_WORDS = {
    Verdict.TRUE: ("true", RED),
    Verdict.FALSE: ("false", GREEN),
    Verdict.UNKNOWN: ("cannot be told", YELLOW),
    Verdict.FOREIGN: ("does not apply", DIM),
}
_THERE = {
    Verdict.TRUE: ("there", RED),
    Verdict.FALSE: ("not there", GREEN),
    Verdict.UNKNOWN: ("cannot be told", YELLOW),
    Verdict.FOREIGN: ("does not apply", DIM),
}
"""What is said of a pattern."""

_INDENT = " " * 4


def render(assessment: Assessment, style: Style) -> str:
    """Lay out the eight signs, then the stage that is reached and what stands before the next."""
    lines = [f"{escape(assessment.registry)}, as of {assessment.shown_at}", ""]
    for one in assessment.signs:
        lines += [*_sign(one, style), ""]
    lines += [*_verdict(assessment), ""]
    for pattern in assessment.patterns:
        lines += _pattern(pattern, style)
    lines += ["", *_stages(assessment, style), "", _totals(assessment)]
    return "\n".join([*lines, ""])


def _sign(one: AskedSign, style: Style) -> Iterator[str]:
    word, color = _WORDS[one.verdict]
    title = style.paint(BOLD, one.title)
    yield f"{one.number}. {style.paint(color, f'[{word}]')} {title}"
    yield f"{_INDENT}{brief(one.because)}"
    yield from (f"{_INDENT}{_place(place)}" for place in one.evidence[: style.limit])
    if one.step:
        yield f"{_INDENT}next: {brief(one.step)}"


def _pattern(one: AskedPattern, style: Style) -> Iterator[str]:
    word, color = _THERE[one.verdict]
    yield f"{style.paint(color, f'[{word}]')} {style.paint(BOLD, one.title)}"
    yield f"{_INDENT}{brief(one.because)}"
    yield from (f"{_INDENT}{_place(place)}" for place in one.evidence[: style.limit])


def _place(place: Evidence) -> str:
    path = escape(place.file)
    return f"{path}:{place.line}:{place.column}: {brief(place.message)}"


def _verdict(assessment: Assessment) -> Iterator[str]:
    words = {one: _WORDS[one][0] for one in Verdict} | {Verdict.FOREIGN: "not applicable"}
    numbers = ", ".join(f"{assessment.count(one)} {words[one]}" for one in assessment.verdicts)
    yield f"Of {len(assessment.signs)} signs: {numbers}."
    if assessment.conclusion:
        yield assessment.conclusion


def _stages(assessment: Assessment, style: Style) -> Iterator[str]:
    reached = assessment.reached or "none, not even poc"
    yield style.paint(BOLD, f"Stage: declares {assessment.declared}, reaches {reached}")
    for one in assessment.ahead:
        yield from _ahead(one)


def _ahead(one: StageCheck) -> Iterator[str]:
    yield f"{_INDENT}before {one.stage} ({escape(one.policy)}): {counted(one.errors, 'error')}"
    for rule in one.blocking:
        places = ", ".join(f"{escape(at.file)}:{at.line}{_subject(at)}" for at in rule.places)
        more = ", …" if rule.number > len(rule.places) else ""
        yield f"{_INDENT * 2}{rule.number:>3} {rule.code} {escape(rule.name)}: {places}{more}"


def _subject(place: Evidence) -> str:
    return f" {escape('/'.join(place.entity))}" if place.entity else ""


def _totals(assessment: Assessment) -> str:
    ahead = ", ".join(f"{one.stage} {one.horizon}" for one in assessment.stages)
    return (
        f"{counted(assessment.entities, 'entity')} in "
        f"{counted(assessment.files, 'file')} ({assessment.skipped} skipped), "
        f"horizon {ahead}, time zones {assessment.tzdata}, holidays {assessment.holidays}"
    )


REPORTER = AssessmentReporter("human", render)
