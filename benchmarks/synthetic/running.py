"""How a team is run: gates, dashboards, reviews, budgets, experiments, objectives."""

from __future__ import annotations

from collections.abc import Iterator

from synthetic.document import Entity, Fields
from synthetic.owned import component_id, released_parts
from synthetic.response import release_gate
from synthetic.signal_templates import PAGES, TICKETS
from synthetic.signals import alert_id, intent, metric_id, safety_metric, templates
from synthetic.team import Team


def running(team: Team) -> Iterator[Entity]:
    """Yield the entities by which the team is run; a small team has its gate alone."""
    parts = released_parts(team)
    if not team.size.complete:
        yield team.entity("gates", release_gate(team), _gate(team, parts))
        return
    yield team.entity("gates", release_gate(team), _gate(team, parts[:4]))
    yield team.entity("gates", f"{team.id}-model-release", _gate(team, parts[4:6]))
    yield team.entity("gates", f"{team.id}-tool-release", _gate(team, parts[6:8]))
    yield from _dashboards(team)
    yield from _reviews(team)
    yield from _budgets(team)
    yield team.entity("experiments", f"{team.id}-shorter-answers", _experiment(team))
    yield from _objectives(team)


def _gate(team: Team, parts: list[str]) -> Fields:
    requires: list[Fields] = [{"metric": safety_metric(team), "equals": 0}]
    if team.size.complete:
        requires.append({"eval": component_id(team, "eval-set"), "at_least": 0.95})
    return {
        "owner": team.member(1),
        "applies_to": parts,
        "requires": requires,
        "canary": {
            "cohort": f"internal users of {team.title}",
            "for": team.random.choice(("1d", "2d", "3d")),
            "checks": [
                "No failure of the first priority in the sample.",
                "Cost for each task within a tenth.",
            ],
        },
        "rollback": {
            "when": "Any failure of the first priority in the canary window.",
            "to": "previous release",
            "by": f"{team.id}-oncall",
        },
    }


def _dashboards(team: Team) -> Iterator[Entity]:
    readers = (("operations", f"{team.id}-lead", "1d"), ("readiness", "cto", "1w"))
    for ordinal, (name, audience, read_every) in enumerate(readers):
        fields: Fields = {
            "audience": audience,
            "owner": team.member(ordinal),
            "decision": "Go or no-go for the wider rollout."
            if ordinal
            else "Which fault is worked on today.",
            "read_every": read_every,
            "metrics": [metric_id(team, template) for template in templates(team)][ordinal::2],
            "url": f"https://dash.acme.example/d/{team.id}/{name}",
        }
        yield team.entity("dashboards", f"{team.id}-{name}", fields)


def _reviews(team: Team) -> Iterator[Entity]:
    weekly: Fields = {
        "kind": "behavioural",
        "every": "1w",
        "timezone": "Europe/Berlin",
        "starts": "2026-01-08T10:00",
        "minutes": 45,
        "chair": team.member(0),
        "attendees": [team.id, "product-owner", "reliability"],
        "agenda": [
            {
                "item": "Cost per outcome movement",
                "topic": "cost-per-outcome",
                "metrics": [metric_id(team, PAGES[2])],
            },
            {"item": "Sources that aged", "metrics": [metric_id(team, TICKETS[1])]},
            {"item": "Intents that people took over", "topic": "escalation-by-intent"},
            {"item": "Prompts that changed, and why", "topic": "prompt-changes"},
            {"item": "Runbooks that an incident left open", "topic": "open-runbooks"},
        ],
    }
    yield team.entity("reviews", f"{team.id}-weekly", weekly)
    unread = [
        metric_id(team, template)
        for template in templates(team)
        if template.response == "analytics"
    ]
    adoption: Fields = {"kind": "other", "every": "4w", "starts": "2026-01-06T14:00", "minutes": 30}
    agenda = [{"item": "Who uses it, and who stopped", "metrics": unread}]
    fields = {**adoption, "chair": team.member(1), "attendees": [team.id], "agenda": agenda}
    yield team.entity("reviews", f"{team.id}-adoption", fields)


def _budgets(team: Team) -> Iterator[Entity]:
    template = TICKETS[3]
    for name, limit, per in (
        ("month", team.random.randrange(400, 9000, 100), "1mo"),
        ("day", team.random.randrange(20, 400, 10), "1d"),
    ):
        fields: Fields = {
            "scope": {"intent": intent(team)},
            "limit": limit,
            "unit": "USD",
            "per": per,
            "owner": team.member(2),
            "metric": metric_id(team, template),
            "alert": alert_id(team, template),
        }
        yield team.entity("budgets", f"{team.id}-{name}", fields)


def _experiment(team: Team) -> Fields:
    return {
        "component": component_id(team, "prompt"),
        "owner": team.member(3),
        "starts": "2026-11-02",
        "ends": f"2026-12-{team.random.randint(10, 28)}",
        "rollback_when": [
            "Helpful votes fall by a twentieth.",
            "One answer in the sample is a first-priority failure.",
        ],
    }


def _objectives(team: Team) -> Iterator[Entity]:
    for name, template, limit in (("fallbacks", PAGES[1], 0.04), ("tool-errors", TICKETS[2], 0.02)):
        fields: Fields = {
            "metric": metric_id(team, template),
            "target": {"below": limit},
            "window": "28d",
            "quarter": "2026-Q4",
            "customer_impact": f"People who need {team.title} wait for a colleague instead.",
            "owner": team.member(0),
            "approved_by": "cto",
        }
        yield team.entity("objectives", f"{team.id}-{name}", fields)
