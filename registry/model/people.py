"""Who: people, teams, roles, and the channels that a signal can land in."""

from collections.abc import Iterator
from typing import Literal

import msgspec

from registry.model.entity import Entity, Fault, Part, backwards
from registry.model.reference import (
    HolderRef,
    HoldingScheduleRef,
    LeadRef,
    MemberRef,
    Owners,
    TeamChannelRef,
)
from registry.model.scalars import Date, Email, Moment, Period, Zone

Function = Literal[
    "leadership", "engineering", "product", "support",
    "security", "finance", "operations", "domain",
]  # fmt: skip


class Contact(Part, frozen=True, kw_only=True):
    """How a person is reached; a page needs at least one of these or an e-mail address."""

    email: Email | None = None
    phone: str | None = None
    slack: str | None = None
    teams: str | None = None
    pager: str | None = None


class Away(Part, frozen=True, kw_only=True):
    """An absence; a date alone as its end is inclusive."""

    start: Moment = msgspec.field(name="from")
    to: Moment


class Person(Entity, frozen=True, kw_only=True):
    """Someone who can own, be paged, or be asked."""

    name: str
    email: Email | None = None
    timezone: Zone | None = None
    skills: tuple[str, ...] = ()
    contact: Contact | None = None
    until: Date | None = None
    away: tuple[Away, ...] = ()

    def faults(self) -> Iterator[Fault]:
        """Yield absences that end before they start."""
        for index, away in enumerate(self.away):
            yield from backwards(away.start, away.to, ("away", index, "to"))


class Team(Entity, frozen=True, kw_only=True):
    """A team, with the function that it serves."""

    name: str
    function: Function | None = None
    lead: LeadRef | None = None
    members: tuple[MemberRef, ...] = ()
    channel: TeamChannelRef | None = None


class Role(Entity, frozen=True, kw_only=True):
    """A hat: one person holds it, or whoever is on call on a schedule."""

    title: str
    function: Function | None = None
    holder: HolderRef | None = None
    schedule: HoldingScheduleRef | None = None
    covers: tuple[str, ...] = ()
    temporary_until: Date | None = None

    def faults(self) -> Iterator[Fault]:
        """Yield a fault where a person and a schedule both hold it."""
        if self.holder is not None and self.schedule is not None:
            message = "a role has a `holder` or a `schedule`, not both"
            yield Fault(("schedule",), message, "remove one of the two")


class Channel(Entity, frozen=True, kw_only=True):
    """A place that is not a pager and where a signal can land."""

    kind: Literal["email", "slack", "teams", "ticket", "webhook"]
    address: str | None = None
    owner: Owners | None = None
    read_every: Period | None = None
