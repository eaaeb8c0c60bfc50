"""Who answers when something breaks, and with what: schedules to kill switches."""

from __future__ import annotations

from collections.abc import Iterator

from synthetic import oncall_shapes, runbook_lines
from synthetic.document import Entity, Fields
from synthetic.owned import component_id
from synthetic.signal_templates import Template
from synthetic.signals import alert_id, metric_id, paged
from synthetic.team import Team, zone_of

_REQUIRED_RUNBOOKS = ("groundedness-drop", "fallback-spike", "cost-anomaly")
_SWITCHED = (
    (
        "connector",
        "off",
        "Stop retrieving through the connector; answers then come from the other sources.",
    ),
    (
        "tool",
        "read-only",
        "Let the tool look things up, and refuse every call that would change something.",
    ),
    ("model", "human-review", "Hold every answer of high risk until a person has released it."),
    ("prompt", "off", "Serve the plain search results instead of a written answer."),
)


def response(team: Team) -> Iterator[Entity]:
    """Yield everything that the team does about trouble."""
    yield from _oncall(team)
    for ordinal, template in enumerate(paged(team)):
        yield team.entity("runbooks", alert_id(team, template), _runbook(team, ordinal, template))
    for ordinal, (kind, effect, action) in enumerate(
        _SWITCHED if team.size.complete else _SWITCHED[:1]
    ):
        yield team.entity(
            "kill_switches", switch_id(team, kind), _switch(team, ordinal, kind, effect, action)
        )
    for ordinal, template in enumerate(paged(team)[:3]):
        yield team.entity(
            "failures", _failure_id(team, template), _failure(team, ordinal, template)
        )
    if team.size.complete:
        for ordinal, template in enumerate(paged(team)[:3]):
            name = f"2026-{ordinal + 7:02}-{alert_id(team, template)}"
            yield team.entity("incidents", name, _incident(team, ordinal, template))


def switch_id(team: Team, kind: str) -> str:
    """Return the id of the kill switch on the team's component of a kind."""
    return f"disable-{component_id(team, kind)}"


def release_gate(team: Team) -> str:
    """Return the id of the gate that every release of the team goes through."""
    return f"{team.id}-release"


def _oncall(team: Team) -> Iterator[Entity]:
    zone = zone_of(team)
    shape = oncall_shapes.overridden if team.ordinal % 3 == 0 else oncall_shapes.weekly
    primary: Fields = {"team": team.id, **shape(team.oncall, zone, team.random)}
    yield team.entity("schedules", f"{team.id}-oncall", primary)
    if team.size.complete:
        desk = oncall_shapes.office_hours(team.desk, zone, team.random)
        yield team.entity("schedules", f"{team.id}-hours", {"team": team.id, **desk})
    severities = {template.severity == "sev1" for template in paged(team)}
    for is_urgent in sorted(severities):
        name = f"{team.id}-{'urgent' if is_urgent else 'page'}"
        yield team.entity("escalations", name, _escalation(team, urgent=is_urgent))


def _escalation(team: Team, *, urgent: bool) -> Fields:
    second, third = ("5m", "10m") if urgent else ("15m", "30m")
    return {
        "approved_by": "cto",
        "repeat": 2,
        "repeat_after": third,
        "steps": [
            {"after": "0m", "notify": [f"{team.id}-oncall"]},
            {"after": second, "notify": ["incident-commander"]},
            {"after": third, "notify": ["cto"]},
        ],
    }


def _runbook(team: Team, ordinal: int, template: Template) -> Fields:
    covers: Fields = {"covers": [template.alert]} if template.alert in _REQUIRED_RUNBOOKS else {}
    metric = template.key.replace("-", " ")
    choose = team.random.sample
    return {
        "title": f"{template.alert.replace('-', ' ').capitalize()} of {team.title}",
        "owner": team.member(ordinal),
        **covers,
        "reviewed": team.recent_date(),
        "first_checks": [
            line.format(metric=metric) for line in choose(runbook_lines.FIRST_CHECKS, 4)
        ],
        "hypotheses": [
            {"if": cause, "check": check, "compare": compare}
            for cause, check, compare in choose(runbook_lines.HYPOTHESES, 3)
        ],
        "mitigations": [
            {"switch": switch_id(team, "connector")},
            *choose(runbook_lines.MITIGATIONS, 2),
        ],
        "escalate_to": "security-lead" if template.bucket == "safety" else "incident-commander",
        "rollback": [template.decision, *choose(runbook_lines.ROLLBACKS, 1)],
        "communicate": [
            line.format(title=team.title) for line in choose(runbook_lines.MESSAGES, 2)
        ],
        "resolved_when": choose(runbook_lines.RESOLUTIONS, 2),
        "steps": [
            {
                "phase": "assess",
                "within": "5m",
                "do": ["Acknowledge the page and say so in the room."],
            },
            {
                "phase": "mitigate",
                "within": "15m",
                "do": ["Flip the switch if the first checks agree."],
            },
            {"phase": "learn", "within": "2d", "do": choose(runbook_lines.LESSONS, 1)},
        ],
    }


def _switch(team: Team, ordinal: int, kind: str, effect: str, action: str) -> Fields:
    return {
        "action": action,
        "disables": [component_id(team, kind)],
        "scope": {"risk_level": "high"},
        "effect": effect,
        "owner": team.member(ordinal),
        "operators": [f"{team.id}-oncall", "incident-commander"],
        "flag": f"copilot.{team.id}.{kind}",
        "takes_effect_within": team.random.choice(("2m", "5m", "10m")),
        "restore": (
            "Re-enable once the owner has seen a clean hour in the canary, and say so in the room."
        ),
        "drilled": team.recent_date(),
    }


def _failure_id(team: Team, template: Template) -> str:
    return f"{team.id}-{template.alert}"


def _failure(team: Team, ordinal: int, template: Template) -> Fields:
    return {
        "priority": ("P0", "P0", "P1")[ordinal],
        "definition": template.failure,
        "owner": team.member(ordinal + 1),
        "detected_by": [alert_id(team, template)],
        "contained_by": [switch_id(team, "connector")],
        "prevented_by": [release_gate(team)],
    }


def _incident(team: Team, ordinal: int, template: Template) -> Fields:
    day = f"2026-{ordinal + 7:02}-{team.random.randint(1, 28):02}"
    learnt: Fields = {
        "title": f"Add the questions of {day} to the set",
        "owner": team.member(ordinal),
    }
    changed: Fields = {
        "title": "Release sources only through the gate",
        "owner": team.member(ordinal + 1),
    }
    return {
        "title": f"{team.title}: {template.alert.replace('-', ' ')} after a release of sources",
        "severity": template.severity,
        "failure": _failure_id(team, template),
        "started": f"{day}T08:10Z",
        "detected": f"{day}T08:{team.random.randint(12, 49)}Z",
        "resolved": f"{day}T10:{team.random.randint(10, 59)}Z",
        "detected_by": alert_id(team, template),
        "commander": team.member(ordinal + 2),
        "cause": {
            "component": component_id(team, "retrieval"),
            "change": "retrieval_config moved to the new index",
        },
        "late_signals": [metric_id(team, template)],
        "missing_fields": ["source_ids"],
        "regression_cases": [f"https://git.acme.example/evals/{team.id}-{template.alert}.yaml"],
        "actions": [
            {**learnt, "due": "2026-11-01", "done": "2026-10-28", "kind": "add-test"},
            {**changed, "due": "2026-11-10", "done": "2026-11-09", "kind": "change-response"},
        ],
    }
