"""An assessment for scripts: the format `opmodel.assess.v1`, one sign a line."""

from typing import Any

from registry.assess.answer import AskedSign, Evidence
from registry.assess.assess import Assessment, StageCheck
from registry.assess.patterns import AskedPattern
from registry.assess.reporter import AssessmentReporter
from registry.assess.sign import Verdict
from registry.output.json import dump, rows
from registry.output.style import Style

FORMAT = "opmodel.assess.v1"


def render(assessment: Assessment, style: Style) -> str:  # noqa: ARG001 - as every form
    """Write the whole assessment, in ASCII."""
    head = dump(_head(assessment))
    signs, stages = rows(map(_sign, assessment.signs)), rows(map(_stage, assessment.stages))
    patterns = rows(map(_pattern, assessment.patterns))
    stage = dump({"declared": assessment.declared, "reached": assessment.reached})
    told = f'"signs": {signs},\n "patterns": {patterns}'
    return f'{head[:-1]},\n {told},\n "stage": {stage[:-1]}, "checks": {stages}}}}}\n'


def _head(assessment: Assessment) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "registry": assessment.registry,
        "at": assessment.at,
        "summary": {
            "entities": assessment.entities,
            "files": assessment.files,
            "skipped": assessment.skipped,
            "tzdata": assessment.tzdata,
            "holidays": assessment.holidays,
            **{one.value: assessment.count(one) for one in Verdict},
        },
        "operational": assessment.is_operational,
    }


def _sign(one: AskedSign) -> dict[str, Any]:
    return {
        "number": one.number,
        "id": one.id,
        "title": one.title,
        "definition": one.definition,
        "verdict": one.verdict.value,
        "because": one.because,
        "evidence": [_evidence(place) for place in one.evidence],
        "next_step": one.step or None,
    }


def _pattern(one: AskedPattern) -> dict[str, Any]:
    return {
        "id": one.id,
        "title": one.title,
        "verdict": one.verdict.value,
        "because": one.because,
        "evidence": [_evidence(place) for place in one.evidence],
    }


def _stage(one: StageCheck) -> dict[str, Any]:
    return {
        "stage": one.stage,
        "policy": one.policy,
        "horizon": one.horizon,
        "errors": one.errors,
        "blocking": [
            {
                "code": rule.code,
                "name": rule.name,
                "count": rule.number,
                "places": [_evidence(place) for place in rule.places],
            }
            for rule in one.blocking
        ],
    }


def _evidence(place: Evidence) -> dict[str, Any]:
    entity = dict(zip(("section", "id"), place.entity, strict=True)) if place.entity else None
    return {
        "message": place.message,
        "entity": entity,
        "path": place.file,
        "line": place.line,
        "column": place.column,
    }


REPORTER = AssessmentReporter("json", render)
