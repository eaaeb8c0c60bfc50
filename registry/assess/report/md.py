"""An assessment as a Markdown page: for a wiki, a pull request, or a leadership meeting."""

from collections.abc import Iterator

from registry.assess.answer import AskedSign, Evidence
from registry.assess.assess import Assessment, StageCheck
from registry.assess.reporter import AssessmentReporter
from registry.assess.sign import Verdict
from registry.output.markdown import bullets, code, document, literal, rich, table
from registry.output.style import Style
from registry.wording import counted

_WORDS = {
    Verdict.TRUE: "**true**",
    Verdict.FALSE: "false",
    Verdict.UNKNOWN: "*cannot be told*",
    Verdict.FOREIGN: "*does not apply*",
}
_THERE = {
    Verdict.TRUE: "**there**",
    Verdict.FALSE: "not there",
    Verdict.UNKNOWN: "*cannot be told*",
    Verdict.FOREIGN: "*does not apply*",
}


def render(assessment: Assessment, style: Style) -> str:  # noqa: ARG001 - as every form
    """Write a table of the signs, each with its evidence below, and the stage that is reached."""
    rows = [(str(one.number), literal(one.title), _WORDS[one.verdict]) for one in assessment.signs]
    read = f"{counted(assessment.entities, 'entity')} in {counted(assessment.files, 'file')}"
    lines = [
        f"# Assessment of {literal(assessment.registry)}",
        "",
        (
            f"As of {assessment.shown_at}; {read}, {assessment.skipped} skipped; "
            f"{_ahead_of(assessment)}."
        ),
        *table(("", "sign", "the registry says"), rows),
        *_verdict(assessment),
        *(line for one in assessment.signs for line in _sign(one)),
        *_patterns(assessment),
        *_stages(assessment),
    ]
    return document(lines).decode("utf-8")


def _ahead_of(assessment: Assessment) -> str:
    return f"horizon {', '.join(f'{one.stage} {one.horizon}' for one in assessment.stages)}"


def _verdict(assessment: Assessment) -> Iterator[str]:
    words = {**_WORDS, Verdict.FOREIGN: "*not applicable*"}
    numbers = ", ".join(f"{assessment.count(one)} {words[one]}" for one in assessment.verdicts)
    yield f"Of {len(assessment.signs)} signs: {numbers}."
    if assessment.conclusion:
        yield assessment.conclusion


def _sign(one: AskedSign) -> Iterator[str]:
    yield from ("", f"## {one.number}. {literal(one.title)}", "")
    yield f"{_WORDS[one.verdict]}: {rich(one.because)}"
    yield from bullets(map(_place, one.evidence))
    if one.step:
        yield f"Next: {rich(one.step)}."


def _patterns(assessment: Assessment) -> Iterator[str]:
    yield from ("", "## Patterns")
    for one in assessment.patterns:
        yield from ("", f"### {literal(one.title)}", "")
        yield f"{_THERE[one.verdict]}: {rich(one.because)}"
        yield from bullets(map(_place, one.evidence))


def _place(place: Evidence) -> str:
    return f"{code(f'{place.file}:{place.line}')}: {rich(place.message)}"


def _stages(assessment: Assessment) -> Iterator[str]:
    reached = assessment.reached or "none, not even poc"
    yield from ("", "## Stage", "")
    yield f"Declares **{assessment.declared}**, reaches **{reached}**."
    for one in assessment.ahead:
        yield from _ahead(one)


def _ahead(one: StageCheck) -> Iterator[str]:
    yield from ("", f"### Before {one.stage}: {counted(one.errors, 'error')}")
    yield from table(
        ("count", "rule", "first places"),
        (
            (
                str(rule.number),
                f"{rule.code} {literal(rule.name)}",
                ", ".join(map(_spot, rule.places)),
            )
            for rule in one.blocking
        ),
    )


def _spot(place: Evidence) -> str:
    subject = f" {code('/'.join(place.entity))}" if place.entity else ""
    return f"{code(f'{place.file}:{place.line}')}{subject}"


REPORTER = AssessmentReporter("md", render)
