"""What a team measures: metrics, the alerts on them, and the telemetry fields of its own."""

from __future__ import annotations

from collections.abc import Iterator

from synthetic.document import Entity, Fields, Value
from synthetic.owned import layer_id
from synthetic.signal_templates import ANALYTICS, PAGES, TICKETS, Template
from synthetic.team import Team
from synthetic.telemetry import OWN, field

_LEFT_OUT = (
    "Load tests and the canary are left out.",
    "Requests of our own employees who test the product are left out.",
    "Counted once for each conversation, however many turns it has.",
    "Counted in the hour in which it ended.",
    "Measured on a sample of one in ten, which the sampling job draws by tenant.",
)


def signals(team: Team) -> Iterator[Entity]:
    """Yield the team's metrics, alerts and telemetry fields."""
    for ordinal, template in enumerate(templates(team)):
        yield team.entity("metrics", metric_id(team, template), _metric(team, ordinal, template))
    for ordinal, template in enumerate(alerted(team)):
        yield team.entity("alerts", alert_id(team, template), _alert(team, ordinal, template))
        if team.size.complete and template.early is not None:
            early = {**_alert(team, ordinal, template), **_early_warning(template)}
            yield team.entity("alerts", f"{alert_id(team, template)}-early", _without_page(early))
    if team.size.complete:
        for captured in OWN:
            required = team.happens(0.5)
            fields = field(captured, _field_prefix(team), required=required)
            yield team.entity("fields", _field_id(team, captured.name), fields)


def paged(team: Team) -> list[Template]:
    """Return what the team is paged for; small teams take turns, to have every bucket together."""
    return [PAGES[(team.ordinal + step) % len(PAGES)] for step in range(team.size.pages)]


def alerted(team: Team) -> list[Template]:
    """Return what the team is paged for, then what it gets tickets for."""
    return [*paged(team), *TICKETS[: team.size.tickets]]


def templates(team: Team) -> list[Template]:
    """Return everything that the team measures."""
    return [*alerted(team), *analytics(team)]


def analytics(team: Team) -> list[Template]:
    """Return what the team only reads."""
    return [
        ANALYTICS[(team.ordinal + step) % len(ANALYTICS)] for step in range(team.size.analytics)
    ]


def metric_id(team: Team, template: Template) -> str:
    """Return the id of one of the team's metrics."""
    return f"{team.id}-{template.key}"


def alert_id(team: Team, template: Template) -> str:
    """Return the id of the alert on one of the team's metrics."""
    return f"{team.id}-{template.alert}"


def safety_metric(team: Team) -> str:
    """Return the id of the safety metric that every gate of the team wants at zero."""
    return metric_id(team, TICKETS[0])


def intent(team: Team) -> str:
    """Return the value of the telemetry field `intent` that the team looks at most closely."""
    return f"{team.id.split('-')[0]}_questions"


def _field_id(team: Team, name: str) -> str:
    return f"{_field_prefix(team)}_{name}"


def _field_prefix(team: Team) -> str:
    return team.id.replace("-", "_")


def _metric(team: Team, ordinal: int, template: Template) -> Fields:
    own = [_field_id(team, OWN[ordinal % len(OWN)].name)] if team.size.complete else []
    fields: Fields = {
        "definition": (
            f"{template.definition.format(title=team.title)} {team.random.choice(_LEFT_OUT)}"
        ),
        "owner": team.member(ordinal),
        "decision": template.decision,
        "bucket": template.bucket,
        "response": template.response,
        "unit": template.unit,
        "better": template.better,
        "layer": layer_id(team, template.layer),
        "fields": [*template.fields, *own],
        "slices": ["intent", "risk_level"],
    }
    return {**fields, "query": template.query.format(team=team.id)}


def _alert(team: Team, ordinal: int, template: Template) -> Fields:
    fields: dict[str, Value] = {
        "metric": metric_id(team, template),
        "owner": team.member(ordinal),
        "severity": template.severity,
        "response": template.response,
        "when": template.when,
        "notify": [f"{team.id}-tickets"],
    }
    if template.response == "page":
        fields["escalation"] = f"{team.id}-{'urgent' if template.severity == 'sev1' else 'page'}"
        fields["runbook"] = alert_id(team, template)
    elif template.bucket == "safety":
        fields["slice"] = {"risk_level": "high"}
    else:
        fields["slice"] = {"intent": intent(team)}
    return {**fields, "labels": _labels(team, template)}


def _labels(team: Team, template: Template) -> Fields:
    return {
        "team": team.id,
        "product": team.id.split("-")[0],
        "service": f"{team.id}-api",
        "bucket": template.bucket,
    }


def _early_warning(template: Template) -> Fields:
    """Return what differs in the ticket before the page: a threshold reached sooner (`OM219`)."""
    return {"severity": "sev3", "response": "ticket", "when": template.early or {}}


def _without_page(fields: Fields) -> Fields:
    return {key: value for key, value in fields.items() if key not in ("escalation", "runbook")}
