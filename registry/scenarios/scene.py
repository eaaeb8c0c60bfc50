"""One scenario as it would go: what fires, who is paged until an acknowledgement, who reads it."""

from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from registry.clock.civil import instant, utc
from registry.clock.tzif import SECOND
from registry.model.metrics import Alert, Metric
from registry.model.moments import beginning
from registry.model.ownership import Layer
from registry.model.people import Channel, Role
from registry.model.scalars import Duration
from registry.model.scenario import Scenario
from registry.oncall import escalation as engine
from registry.paging.pager import Paged, Pager, Place
from registry.paging.who import Answer, who
from registry.scenarios.certainty import (
    unsure_accountable,
    unsure_page,
    unsure_pages,
    unsure_readers,
)
from registry.scenarios.firing import Firing, firing
from registry.wording import quoted
from registry.workspace.indexes import Indexes
from registry.workspace.policy import Policy
from registry.workspace.workspace import Workspace

COMMANDER = "incident-commander"


class SentPage(NamedTuple):
    """A page that goes out before anybody acknowledges: `after` so many µs, through `via`.

    `doubt` says why it is not certain whom it reaches. `turn` names the step, where it sends one of
    several pages, of which this may be the one.
    """

    after: int
    via: str
    people: tuple[Paged, ...]
    place: Place
    doubt: str | None
    turn: tuple[str, int, int] | None = None

    @property
    def named(self) -> tuple[str, ...]:
        """Everyone whom it is meant for."""
        return tuple(person.id for person in self.people)

    @property
    def reached(self) -> tuple[str, ...]:
        """Everyone whom it surely reaches if it is sent: not who has left, is away or is mute."""
        return () if self.doubt else tuple(one.id for one in self.people if one.but is None)


class Scene:
    """What follows from what a scenario gives."""

    def __init__(
        self,
        workspace: Workspace,
        policy: Policy,
        scenario: Scenario,
        zone: str | None = None,
    ) -> None:
        self.workspace = workspace
        self.given = scenario.given
        self.known = engine.directory(workspace)
        self.at = beginning(scenario.at, self.known.zone)
        self.firing: Firing = firing(workspace, scenario.given)
        self.answers: list[Answer] = [
            answer
            for one in self.firing.alerts
            for answer in who(workspace, policy, ("alerts", one), self.at, zone).answers
        ]
        self.sent = sorted(self._sent(scenario.acknowledged_after), key=lambda page: page.after)
        self.place = self.answers[0].place if self.answers else None

    def _sent(self, acknowledged: Duration | None) -> Iterator[SentPage]:
        """Yield the pages that go out: each at once, and each before the acknowledgement."""
        limit = length(acknowledged)
        for answer in self.answers:
            for hop in answer.chain:
                after = hop.after if hop.held is None else instant(hop.held) - self.at
                goes = not hop.skipped and (acknowledged is None or not after or after < limit)
                if goes:
                    doubt = unsure_page(self.workspace, hop.via)
                    turn = (answer.alert, hop.run, hop.step) if hop.in_turn else None
                    yield SentPage(after, hop.via, hop.people, hop.place, doubt, turn)

    # -- people ------------------------------------------------------------------------------

    @property
    def named(self) -> tuple[str, ...]:
        """Everyone whom a page is meant for, once each, in order."""
        return tuple(dict.fromkeys(person for page in self.sent for person in page.named))

    @property
    def reached(self) -> tuple[str, ...]:
        """Everyone whom a page reaches that is surely sent, once each, in order."""
        surely = (
            person
            for choices in self.choices
            for person in choices[0].reached
            if all(person in one.reached for one in choices)
        )
        return tuple(dict.fromkeys(surely))

    @property
    def reaches_somebody(self) -> bool:
        """Whether a page surely reaches somebody, whoever that is."""
        return any(all(one.reached for one in choices) for choices in self.choices)

    @cached_property
    def choices(self) -> tuple[tuple[SentPage, ...], ...]:
        """The pages in order, each by itself; those of which one is sent together."""
        found: dict[object, list[SentPage]] = {}
        for number, page in enumerate(self.sent):
            found.setdefault(page.turn or number, []).append(page)
        return tuple(map(tuple, found.values()))

    @property
    def readers(self) -> tuple[str, ...]:
        """Everyone who reads a channel that is told, and has not left."""
        found = [one for answer in self.answers for one in answer.notified]
        return tuple(dict.fromkeys(one.reader.id for one in found if one.reader and not one.but))

    @property
    def told(self) -> tuple[str, ...]:
        """The channels that are told, those that exist."""
        channels = self.workspace.all(Channel)
        named = [one.id for answer in self.answers for one in answer.notified]
        return tuple(dict.fromkeys(one for one in named if one in channels))

    @cached_property
    def commanders(self) -> tuple[SentPage, ...]:
        """Who commands at that instant: a page to each role that covers it."""
        pager = Pager(self.workspace, self.at)
        roles = self.workspace.all(Role)
        held = [id_ for id_, role in roles.items() if COMMANDER in {id_, *role.covers}]
        return tuple(
            SentPage(0, hop.via, hop.people, hop.place, unsure_page(self.workspace, hop.via))
            for id_ in held
            for hop in pager.chain(id_, pager.place("roles", id_))
        )

    @property
    def accountable(self) -> tuple[str, ...]:
        """Who answers for it and has not left: for the alerts, else for what is given."""
        pager = Pager(self.workspace, self.at)
        found = [one.accountable.id for one in self.answers if one.accountable]
        if not self.answers:
            graph = Indexes(self.workspace, utc(self.at))
            metric = self.workspace.all(Metric).get(self.given.metric or "")
            layer = self.given.layer or (metric.layer if metric else None) or ""
            row = self.workspace.all(Layer).get(layer)
            values = (row.accountable if row else None, metric.owner if metric else None)
            found = [one for one in map(graph.owner, values) if one is not None][:1]
        return tuple(one for one in dict.fromkeys(found) if not pager.has_left(one))

    # -- doubt -------------------------------------------------------------------------------

    @property
    def unsure_pages(self) -> tuple[str, ...]:
        """Why others may be paged than those who are named."""
        alerts = [reason for one in self.answers for reason in self._unsure(one.alert)]
        return tuple(dict.fromkeys((*self.firing.doubts, *alerts)))

    def _unsure(self, alert: str) -> Iterator[str]:
        yield from unsure_pages(self.workspace, alert)

    @property
    def unsure_reach(self) -> tuple[str, ...]:
        """Why it may reach others than those who are named, readers included."""
        readers = [
            reason for one in self.answers for reason in unsure_readers(self.workspace, one.alert)
        ]
        return tuple(dict.fromkeys((*self.unsure_pages, *readers)))

    @property
    def unsure_commander(self) -> tuple[str, ...]:
        """Why another may command than those who are known to."""
        found = [one.doubt for one in self.commanders if one.doubt]
        roles = self.workspace.failed_fields
        found += [
            f"what the role `{id_}` covers did not load"
            for (section, id_), fields in roles.items()
            if section == "roles" and "covers" in fields
        ]
        if self.workspace.may_hide(COMMANDER):
            found.append(f"a role that covers `{COMMANDER}` may stand in what did not load")
        return tuple(dict.fromkeys(found))

    @property
    def unsure_accountable(self) -> str | None:
        """Why another may answer for it than the one who is named."""
        alerts = self.workspace.all(Alert)
        metrics = [alerts[one.alert].metric for one in self.answers] or [self.given.metric or ""]
        reasons = (unsure_accountable(self.workspace, one, self.given.layer) for one in metrics)
        return next(filter(None, reasons), None)

    def nothing(self) -> str:
        """Say why what is expected does not happen."""
        if not self.answers:
            return "; ".join(self.firing.doubts) or self.firing.otherwise
        breaks = [reason for one in self.answers for reason in one.breaks]
        if breaks:
            return "; ".join(dict.fromkeys((*breaks, *self.firing.doubts)))
        pages = (
            f"it pages {quoted(self.named, ' and ')}" if self.named else "it only files a ticket"
        )
        return "; ".join(dict.fromkeys((pages, *self.firing.doubts)))

    def stands_for(self, name: str, page: SentPage) -> bool:
        """Whether a page is one to a person, a role or a schedule, however that is named.

        A page to whoever holds a role, or through the schedule behind it, is one to the role. One
        to a person's deputy is none to the person.
        """
        role = self.known.roles.get(name)
        behind = self.known.roles.get(page.via)
        return (
            name in page.named
            or (name == page.via and name not in self.known.people)
            or (behind is not None and behind.schedule == name)
            or (role is not None and role.schedule is not None and role.schedule == page.via)
            or (role is not None and role.holder in page.named)
        )


def length(duration: Duration | None) -> int:
    """Return a duration in µs, the unit of delays; 0 for none."""
    return duration.milliseconds * SECOND // 1000 if duration is not None else 0
