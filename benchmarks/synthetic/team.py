"""A team of the invented company: its ids, its size, and the entities that say who it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from random import Random

from synthetic.document import Entity, Fields
from synthetic.vocabulary import (
    BEHAVIOURAL_SKILLS,
    FIELD_NOTES,
    REMARKS,
    SITES,
    TECHNICAL_SKILLS,
    person_id,
    person_name,
    product_id,
    product_title,
)

_IN_ROTATIONS = 6
"""So many of a team's people, counted from the lead, may stand in a rotation."""


@dataclass(frozen=True)
class Size:
    """How much a team writes down. `files` says in which file of its folder each section stands."""

    people: int
    pages: int
    tickets: int
    analytics: int
    complete: bool
    files: tuple[tuple[str, tuple[str, ...]], ...]


SMALL = Size(
    people=4,
    pages=1,
    tickets=1,
    analytics=1,
    complete=False,
    files=(
        ("team.yaml", ("teams", "channels", "people")),
        ("ownership.yaml", ("ownership", "components")),
        ("signals/metrics.yaml", ("metrics",)),
        ("signals/alerts.yaml", ("alerts",)),
        ("response/oncall.yaml", ("schedules", "escalations")),
        ("response/runbooks.yaml", ("runbooks",)),
        ("response/controls.yaml", ("kill_switches", "failures", "gates")),
    ),
)
"""Twenty entities in seven files: the teams of a registry of a hundred entities."""

LARGE = Size(
    people=8,
    pages=5,
    tickets=5,
    analytics=4,
    complete=True,
    files=(
        ("team.yaml", ("teams", "channels", "roles", "people")),
        ("ownership.yaml", ("ownership",)),
        ("components.yaml", ("components",)),
        (
            "running.yaml",
            ("gates", "dashboards", "reviews", "budgets", "experiments", "objectives"),
        ),
        ("signals/metrics.yaml", ("metrics",)),
        ("signals/alerts.yaml", ("alerts",)),
        ("signals/fields.yaml", ("fields",)),
        ("response/oncall.yaml", ("schedules", "escalations")),
        ("response/runbooks.yaml", ("runbooks",)),
        ("response/controls.yaml", ("kill_switches", "failures", "incidents")),
    ),
)
"""About a hundred entities in ten files: the teams of the large registries."""


@dataclass(frozen=True)
class Team:
    """A team: its number, its size, its people's numbers, and the chance that is its own.

    Its chance depends on the seed and the team alone, so that a change to one team's text leaves
    the others' as it is.
    """

    ordinal: int
    size: Size
    people: range
    random: Random = field(repr=False)

    @cached_property
    def id(self) -> str:
        """The team's id, which is its product's."""
        return product_id(self.ordinal)

    @cached_property
    def title(self) -> str:
        """The product's name."""
        return product_title(self.ordinal)

    @cached_property
    def members(self) -> Sequence[str]:
        """The ids of the team's people; the lead comes first."""
        return [person_id(ordinal) for ordinal in self.people]

    @cached_property
    def desk(self) -> Sequence[str]:
        """Those who sit at the desk in office hours."""
        return self.members[2:_IN_ROTATIONS]

    @cached_property
    def oncall(self) -> Sequence[str]:
        """Those who take part in the rotation.

        Five at most: over 90 days a longer week-by-week rotation gives some one week and others
        two, which `OM314` calls unfair.
        """
        return self.members[:5]

    def member(self, ordinal: int) -> str:
        """Return the id of one of the people, going round."""
        return self.members[ordinal % len(self.members)]

    def entity(self, section: str, name: str, fields: Fields) -> Entity:
        """Return the entity of an id, now and then with a remark above it or behind a field."""
        remark = self.random.choice(REMARKS) if self.happens(0.4) else ""
        noted = self.random.choice(list(fields)) if self.happens(0.1) else ""
        notes = {noted: self.random.choice(FIELD_NOTES)} if noted else {}
        return Entity(section, name, fields, remark, notes)

    def happens(self, probability: float) -> bool:
        """Tell whether something happens that happens with a probability."""
        return self.random.random() < probability

    def recent_date(self) -> str:
        """Return a day of autumn 2026 that no rule calls stale when it looks from 2026-11-20."""
        return f"2026-{self.random.choice((9, 10)):02}-{self.random.randint(1, 30):02}"


def who(team: Team) -> Iterator[Entity]:
    """Yield the team, its channels, roles and people."""
    room, tickets = f"{team.id}-room", f"{team.id}-tickets"
    fields: Fields = {
        "name": team.title,
        "function": "engineering" if team.ordinal % 4 else "product",
        "lead": team.member(0),
        "members": team.members,
        "channel": room if team.size.complete else tickets,
        "x-cost-centre": f"CC-{4000 + team.ordinal}",
    }
    yield team.entity("teams", team.id, fields)
    yield _channel(team, tickets, "ticket", f"https://desk.acme.example/queues/{team.id}")
    if team.size.complete:
        yield _channel(team, room, "slack", f"#{team.id}")
        yield from _roles(team)
    for ordinal in team.people:
        yield team.entity("people", person_id(ordinal), _member(team, ordinal))


def person(ordinal: int, random: Random) -> Fields:
    """Return a person's fields; everyone has a skill that `OM214` asks of who is paged."""
    handle = person_id(ordinal)
    zone, dial = random.choice(SITES)
    behavioural = random.sample(BEHAVIOURAL_SKILLS, random.randint(1, 2))
    return {
        "name": person_name(ordinal),
        "email": f"{handle.replace('-', '.')}@acme.example",
        "timezone": zone,
        "skills": [*behavioural, *random.sample(TECHNICAL_SKILLS, 2)],
        "contact": {
            "phone": f"{dial} {random.randint(1000, 9999)}",
            "slack": f"@{handle}",
            "pager": f"{handle}@page.acme.example",
        },
    }


def zone_of(team: Team) -> str:
    """Return the zone that a team's people and schedules share.

    A desk's hours are nobody's night then (`OM314` looks at each person's own clock).
    """
    return ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "Europe/Dublin")[team.ordinal % 4]


def _member(team: Team, ordinal: int) -> Fields:
    fields = {**person(ordinal, team.random), "timezone": zone_of(team)}
    # Only who is in no rotation may be away; others would be on call on those days (`OM319`).
    if ordinal - team.people.start >= _IN_ROTATIONS and team.happens(0.5):
        last = f"2027-01-{team.random.randint(2, 9):02}"
        return {**fields, "away": [{"from": "2026-12-21", "to": last}]}
    return fields


def _channel(team: Team, name: str, kind: str, address: str) -> Entity:
    fields: Fields = {"kind": kind, "address": address, "owner": team.member(1), "read_every": "4h"}
    return team.entity("channels", name, fields)


def _roles(team: Team) -> Iterator[Entity]:
    lead: Fields = {"title": f"{team.title} lead", "function": "engineering"}
    yield team.entity("roles", f"{team.id}-lead", {**lead, "holder": team.member(0)})
    desk: Fields = {"title": f"{team.title} desk", "function": "support"}
    yield team.entity("roles", f"{team.id}-desk", {**desk, "schedule": f"{team.id}-hours"})
