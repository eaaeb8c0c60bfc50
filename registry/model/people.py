"""Who: people, teams, roles, and the channels that a signal can land in."""

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from registry.model.demand import not_both
from registry.model.entity import Entity, Fault, Many, Part, backwards
from registry.model.reference import (
    DeputyRef,
    HolderRef,
    HoldingScheduleRef,
    LeadRef,
    MemberRef,
    Owners,
    ParentTeamRef,
    TeamChannelRef,
)
from registry.model.scalars import Date, Email, Moment, Period, Zone

Function = Literal[
    "leadership", "engineering", "product", "support",
    "security", "finance", "operations", "domain",
]  # fmt: skip


class Contact(Part):
    """How a person is reached; a page needs at least one of these or an e-mail address."""

    email: Email | None = Field(
        default=None,
        description="An address for pages, where it differs from the person's own.",
        examples=["priya.pager@acme.example"],
    )
    phone: str | None = Field(
        default=None,
        description="A number to call or text, with its country code.",
        examples=["+44 20 7946 0018"],
    )
    slack: str | None = Field(
        default=None,
        description="The person's handle or member id in Slack.",
        examples=["U024BE7LH"],
    )
    teams: str | None = Field(
        default=None,
        description="The person's account in Microsoft Teams.",
        examples=["priya@acme.example"],
    )
    pager: str | None = Field(
        default=None,
        description="The person's user or service in the paging tool.",
        examples=["PXV2SBW"],
    )


class Away(Part):
    """An absence; a date alone as its end is inclusive."""

    start: Moment = Field(
        alias="from",
        description="When the absence begins; a date alone begins at its midnight.",
        examples=["2026-12-24"],
    )
    to: Moment = Field(
        description="When the absence ends; a date alone is still a day away.",
        examples=["2027-01-02"],
    )
    deputy: DeputyRef | None = Field(
        default=None,
        description="Who is paged, escalated to or an operator in this person's place meanwhile, "
        "by name or as a role's holder; not on shifts, and not while away too.",
        examples=["tom"],
    )


class Person(Entity):
    """Someone who can own, be paged, or be asked."""

    also = {
        "phone": "contact",
        "mobile": "contact",
        "slack": "contact",
        "pager": "contact",
        "mail": "email",
        "tz": "timezone",
    }

    name: str = Field(
        description="The person's full name, as colleagues would recognise it.",
        examples=["Priya Natarajan"],
    )
    email: Email | None = Field(
        default=None,
        description="The work address, which also counts as a way to be paged.",
        examples=["priya@acme.example"],
    )
    timezone: Zone | None = Field(
        default=None,
        description="The zone that the person lives in, which decides when a last day ends and "
        "whose nights a shift takes.",
        examples=["Asia/Kolkata"],
    )
    skills: Many[str] = Field(
        default=(),
        description="What this person can read and act on at three in the morning.",
        examples=[["prompts", "evals"]],
    )
    contact: Contact | None = Field(
        default=None,
        description="How to reach the person; a page needs a phone, Slack, a pager or an e-mail.",
        examples=[{"phone": "+44 20 7946 0018"}],
    )
    until: Date | None = Field(
        default=None,
        description="The last day, if it is known; what the person owns must move before it.",
        examples=["2026-12-31"],
    )
    away: Many[Away] = Field(
        default=(),
        description="Absences that are planned, during which nobody should count on this person.",
        examples=[[{"from": "2026-12-24", "to": "2027-01-02"}]],
    )

    def faults(self) -> Iterator[Fault]:
        """Yield absences that end before they start."""
        for index, away in enumerate(self.away):
            yield from backwards(away.start, away.to, ("away", index, "to"))


class Team(Entity):
    """A team, with the function that it serves; its members count as its `parent`'s too."""

    also = {
        "owner": "lead",
        "manager": "lead",
        "people": "members",
        "slack": "channel",
    }

    name: str = Field(
        description="The team's name, as people say it and tables show it.",
        examples=["Assistant"],
    )
    function: Function | None = Field(
        default=None,
        description="What the team does for the company, which decides its column in the matrix.",
        examples=["engineering"],
    )
    lead: LeadRef | None = Field(
        default=None,
        description="The one person, or role, who speaks for the team.",
        examples=["priya"],
    )
    members: Many[MemberRef] = Field(
        default=(), description="The people who belong to the team.", examples=[["priya", "tom"]]
    )
    parent: ParentTeamRef | None = Field(
        default=None,
        description="The team that this one is part of; its members count as that team's too.",
        examples=["engineering"],
    )
    channel: TeamChannelRef | None = Field(
        default=None,
        description="The channel where the team reads what it is told.",
        examples=["assistant-room"],
    )


class Role(Entity):
    """A hat: one person holds it, or whoever is on call on a schedule."""

    also = {
        "person": "holder",
        "owner": "holder",
        "name": "title",
    }

    demands = (not_both("holder", "schedule"),)

    title: str = Field(
        description="The role's title, as the organisation chart writes it.",
        examples=["Incident commander"],
    )
    function: Function | None = Field(
        default=None,
        description="The function that the role belongs to, which decides its column by function.",
        examples=["operations"],
    )
    holder: HolderRef | None = Field(
        default=None,
        description="The one person who holds the role; leave it out where a `schedule` does.",
        examples=["dana"],
    )
    schedule: HoldingScheduleRef | None = Field(
        default=None,
        description="The schedule whose person on call holds the role, in place of a `holder`.",
        examples=["ic"],
    )
    covers: Many[str] = Field(
        default=(),
        description="Roles that the policy asks for and this one stands for, beside its own id.",
        examples=[["incident-commander"]],
    )
    responsibilities: Many[str] = Field(
        default=(),
        description="What whoever holds the role has to do, one duty an item.",
        examples=[["Decides whether an incident is declared."]],
    )
    temporary_until: Date | None = Field(
        default=None,
        description="The last day for which its holder covers the role provisionally.",
        examples=["2026-12-31"],
    )

    def faults(self) -> Iterator[Fault]:
        """Yield a fault where a person and a schedule both hold it."""
        if self.holder is not None and self.schedule is not None:
            message = "a role has a `holder` or a `schedule`, not both"
            yield Fault(("schedule",), message, "remove one of the two")


class Channel(Entity):
    """A place that is not a pager and where a signal can land."""

    also = {
        "type": "kind",
    }

    kind: Literal["email", "slack", "teams", "ticket", "webhook"] = Field(
        description="What sort of place it is, which says how a signal gets there.",
        examples=["slack"],
    )
    address: str | None = Field(
        default=None,
        description="Where it is: an e-mail address, a room, a queue or a URL.",
        examples=["finops@acme.example"],
    )
    owner: Owners | None = Field(
        default=None,
        description="The one person who reads it; without one it is a shared inbox.",
        examples=["tom"],
    )
    read_every: Period | None = Field(
        default=None,
        description="How often it is read at the latest, as a period.",
        examples=["1d"],
    )
