"""What the whole company shares: leadership, the incident commanders, telemetry, the reviews."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from random import Random

from synthetic import telemetry
from synthetic.document import Entity, Fields, RegistryFile
from synthetic.oncall_shapes import weekly
from synthetic.signals import analytics, metric_id, paged, safety_metric
from synthetic.team import Team, person
from synthetic.vocabulary import person_id

PEOPLE = range(5)
"""The numbers of the company's own people; those of the teams come after them."""

CTO, SECURITY, PRODUCT = (person_id(ordinal) for ordinal in PEOPLE[:3])
COMMANDERS = [person_id(ordinal) for ordinal in PEOPLE[3:]]

_LAYERS = (
    ("cost", "Cost", "What the products spend, and who may say stop.", PRODUCT, "cto-office"),
    ("infrastructure", "Infrastructure", "Clusters and gateways.", COMMANDERS[1], "reliability"),
    ("whole-system", "Whole system", "Whether it all together does its work.", CTO, "cto-office"),
)


def company_files(teams: Sequence[Team], seed: int) -> Iterator[RegistryFile]:
    """Yield the files of the folder `company`, which refer to the first few teams' metrics."""
    random = Random(f"{seed}/company")
    yield _file("people", "Leadership and the incident commanders.", _people(random))
    yield _file("ownership", "The layers that no single team owns.", _ownership())
    yield _file("oncall", "Who commands an incident.", [_commanders(random)])
    meetings = [*_reviews(teams[:3]), *_dashboards(teams)]
    yield _file("reviews", "The meetings that all teams report to.", meetings)
    yield _file("telemetry/fields", "What every product records.", telemetry.shared_fields())
    yield _file("telemetry/stores", "Where records are kept, and how long.", telemetry.stores())


def _file(name: str, heading: str, entities: Iterable[Entity]) -> RegistryFile:
    return RegistryFile(f"company/{name}.yaml", heading, tuple(entities))


def _people(random: Random) -> Iterator[Entity]:
    for ordinal in PEOPLE:
        yield Entity("people", person_id(ordinal), person(ordinal, random))
    office: Fields = {"name": "Office of the CTO", "function": "leadership", "lead": CTO}
    yield Entity("teams", "cto-office", {**office, "members": [CTO, SECURITY, PRODUCT]})
    engineers: Fields = {"name": "Site reliability", "function": "operations"}
    lead: Fields = {"lead": COMMANDERS[0], "members": COMMANDERS}
    yield Entity("teams", "reliability", {**engineers, **lead})
    for role, title, function, holder in (
        ("cto", "CTO", "leadership", CTO),
        ("security-lead", "Security lead", "security", SECURITY),
        ("product-owner", "Product owner", "product", PRODUCT),
    ):
        yield Entity("roles", role, {"title": title, "function": function, "holder": holder})
    commander: Fields = {"title": "Incident commander", "function": "operations", "schedule": "ic"}
    yield Entity("roles", "incident-commander", commander, "Whoever is on call holds this role.")


def _ownership() -> Iterator[Entity]:
    for layer, title, description, accountable, team in _LAYERS:
        fields: Fields = {
            "title": title,
            "description": description,
            "accountable": accountable,
            "team": team,
            "responsible": [COMMANDERS[0]],
            "consulted": ["security-lead"],
            "informed": ["product-owner"],
        }
        yield Entity("ownership", layer, fields)


def _commanders(random: Random) -> Entity:
    fields: Fields = {"team": "reliability", **weekly(COMMANDERS, "Europe/Berlin", random)}
    return Entity("schedules", "ic", fields, "Handoffs stay at their hour across a clock change.")


def _reviews(teams: Sequence[Team]) -> Iterator[Entity]:
    causes = [metric_id(team, template) for team in teams for template in paged(team)]
    safety = [safety_metric(team) for team in teams]
    topics = ("cost-per-outcome", "escalation-by-intent", "prompt-changes", "open-runbooks")
    triage: Fields = {"kind": "triage", "every": "1d", "chair": COMMANDERS[0]}
    triage = {**triage, "attendees": ["reliability"]}
    yield _review("daily-triage", triage, "Pages of the night", causes[:3])
    weekly: Fields = {"kind": "behavioural", "every": "1w", "chair": PRODUCT}
    weekly = {**weekly, "attendees": [team.id for team in teams]}
    more = [{"item": f"What moved: {topic.replace('-', ' ')}", "topic": topic} for topic in topics]
    yield _review("weekly-behavioural", weekly, "Movement of quality and cost", causes, more)
    governance: Fields = {"kind": "governance", "every": "4w", "chair": CTO}
    governance = {**governance, "attendees": ["cto-office"]}
    yield _review("monthly-governance", governance, "Failures in the sample", safety)


def _review(
    name: str, fields: Fields, item: str, metrics: Sequence[str], more: Sequence[Fields] = ()
) -> Entity:
    when: Fields = {"timezone": "Europe/Berlin", "starts": "2026-01-08T10:00", "minutes": 30}
    agenda = [{"item": item, "metrics": metrics}, *more]
    return Entity("reviews", name, {**fields, **when, "agenda": agenda})


def _dashboards(teams: Sequence[Team]) -> Iterator[Entity]:
    # Small teams have no dashboard of their own, so the company's shows what they only read.
    shown = [team for team in teams if not team.size.complete] or teams[:3]
    unread = [metric_id(team, template) for team in shown for template in analytics(team)]
    paging = [metric_id(team, template) for team in teams[:3] for template in paged(team)]
    safety = [safety_metric(team) for team in teams[:3]]
    for name, audience, decision, metrics in (
        ("executive-readiness", "cto", "Go or no-go for the wider rollout.", unread),
        ("operations", COMMANDERS[0], "Which fault is worked on today.", paging),
        ("safety", "security-lead", "Which product is held back.", safety),
    ):
        fields: Fields = {
            "audience": audience,
            "owner": "product-owner",
            "decision": decision,
            "read_every": "1w",
            "metrics": metrics,
            "url": f"https://dash.acme.example/d/{name}",
        }
        yield Entity("dashboards", name, fields)
