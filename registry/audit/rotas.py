"""A paging service's schedules against the registry's that they are bound to: who is on call when.

An instant of which the service's export does not tell who it is differs in nothing.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from registry.clock.civil import instant
from registry.clock.civil import zone as _zone
from registry.clock.tzif import WEEK
from registry.clock.zones import zone_names
from registry.deployed.model import Deployed, PagerSchedule, folded
from registry.deployed.turns import schedule_of
from registry.model.oncall import Schedule
from registry.model.people import Person
from registry.oncall.interval import joined
from registry.oncall.schedule import tiles
from registry.oncall.shift import Shift
from registry.workspace.bindings import Bindings
from registry.workspace.decode import validated
from registry.workspace.workspace import Workspace

AHEAD = 4 * WEEK
"""How far two rotas are compared (µs)."""


class Apart(NamedTuple):
    """From `start` to `end` (instants) the service pages others than the registry: both by id."""

    start: int
    end: int
    paged: frozenset[str]
    declared: frozenset[str]


class DeployedRota(NamedTuple):
    """A schedule of a paging service, the registry's that it is bound to, and where they part.

    `untold` says why the service's cannot be told; there is nothing to compare then.
    """

    pager: PagerSchedule
    schedule: str
    apart: tuple[Apart, ...]
    untold: str = ""


def rotas(workspace: Workspace, deployed: Deployed, at: int) -> Iterator[DeployedRota]:
    """Compare each schedule that is bound, from an instant (µs) on."""
    people, zone = _People(workspace, deployed), workspace.manifest.timezone or "UTC"
    for pager, id_ in _bound(workspace, deployed):
        schedule = workspace.all(Schedule).get(id_)
        if schedule is None:
            continue
        told = _told(pager, at, zone)
        if isinstance(told, str):
            yield DeployedRota(pager, id_, (), told)
            continue
        declared = list(tiles(schedule, at, at + AHEAD, zone))
        yield DeployedRota(
            pager,
            id_,
            tuple(
                joined(sorted(_apart(people, told, declared), key=lambda one: (one.start, one.end)))
            ),
        )


def _bound(workspace: Workspace, deployed: Deployed) -> Iterator[tuple[PagerSchedule, str]]:
    """Yield the service's schedules that mean one of the registry: themselves, or by a service.

    A service leads to the one schedule that its policy's first step names.
    """
    bound = Bindings(workspace)
    policies = {one.id: one for one in deployed.policies}
    means: dict[str, str] = {}
    for one in deployed.services:
        policy = policies.get(one.policy or "")
        first = policy.steps[0].targets if policy is not None and policy.steps else ()
        found = _schedule(bound, (one.id, one.name))
        if found is not None and len(first) == 1 and first[0][0] == "schedule":
            means.setdefault(first[0][1], found)
    for schedule in deployed.schedules:
        own = _schedule(bound, (schedule.id, schedule.name)) or means.get(schedule.id)
        if own is not None:
            yield schedule, own


def _schedule(bound: Bindings, names: Iterable[str]) -> str | None:
    found = (bound.meaning("service", name) for name in names if name)
    return next((one.id for one in found if one is not None and one.section == "schedules"), None)


class _People:
    """Whom the users of a paging service are in the registry."""

    def __init__(self, workspace: Workspace, deployed: Deployed) -> None:
        self._known: dict[str, str] = {}
        self._reached: set[str] = set()
        for id_, person in workspace.all(Person).items():
            contact = person.contact.email if person.contact is not None else None
            for text in (id_, person.name, person.email, contact):
                if text:
                    self._known.setdefault(folded(str(text)), id_)
            if person.email or contact:
                self._reached.add(id_)
        self._users = {one.id: (one.email, one.name, one.id) for one in deployed.users}

    def of(self, users: Iterable[str], declared: Iterable[str]) -> frozenset[str] | None:
        """Return who users are; None where that of one is not known.

        A stranger, by their address, is none of those `declared`, if these have addresses.
        """
        found = [self._one(user, self._reached.issuperset(declared)) for user in users]
        return None if None in found else frozenset(filter(None, found))

    def _one(self, user: str, is_told: bool) -> str | None:
        email, name, _ = texts = self._users.get(user, (None, "", user))
        known = (self._known.get(folded(text)) for text in texts if text)
        stranger = f"{name or user}, whom the registry does not know" if email and is_told else None
        return next((one for one in known if one is not None), stranger)


def _told(pager: PagerSchedule, at: int, zone: str) -> list[Shift] | str:
    """Return whom the service has on call, by its own ids: as rendered, else by its layers."""
    if pager.zone is not None and pager.zone not in zone_names():
        return f"`{pager.zone}` is no time zone that is known"
    if pager.rendered:
        return _rendered(pager, pager.zone or zone)
    fields = schedule_of(pager, str)
    if isinstance(fields, str):
        return fields
    made = validated(Schedule, {pager.id: fields})
    if not made or not pager.layers:
        return "its layers cannot be told"
    return list(tiles(made[pager.id], at, at + AHEAD, zone))


def _rendered(pager: PagerSchedule, zone: str) -> list[Shift] | str:
    found: list[Shift] = []
    try:
        for user, start, end in pager.rendered:
            found.append(Shift(_instant(start, zone), _instant(end, zone), (user,), None))
    except ValueError as error:
        return f"its entries: {error}"
    return sorted(found)


def _instant(text: str, zone: str) -> int:
    read = datetime.fromisoformat(text)
    return instant(read if read.tzinfo is not None else read.replace(tzinfo=_zone(zone)))


def _apart(people: _People, told: list[Shift], declared: list[Shift]) -> Iterator[Apart]:
    """Yield each stretch in which two rotas have other people; both are sorted."""
    for mine in declared:
        for other in told:
            start, end = max(mine.start, other.start), min(mine.end, other.end)
            paged = people.of(other.people, mine.people) if start < end else None
            if paged is not None and paged != frozenset(mine.people):
                yield Apart(start, end, paged, frozenset(mine.people))
