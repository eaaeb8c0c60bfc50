"""What deployed receivers are in the registry, and when the routes to them are silent."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from registry.audit.delivery import Reached, pages
from registry.clock.civil import wall_clock
from registry.clock.tzif import DAY, WEEK
from registry.deployed.model import Deployed, Inhibition, Receiver, Route, Router
from registry.deployed.routing.inhibition import silences_everything
from registry.deployed.routing.intervals import MutedStretch, week
from registry.deployed.routing.labels import Known, Labels
from registry.deployed.routing.tree import walk
from registry.model.oncall import Escalation
from registry.model.reference import SHARED_IDS
from registry.model.windows import windows
from registry.oncall.windows import weekly_hours
from registry.workspace.bindings import Bindings, Meaning
from registry.workspace.workspace import Workspace

_YEAR = 366 * DAY


class Stop(NamedTuple):
    """A receiver that an alert may reach, and what it means in the registry.

    `pages` says whether it pages somebody, None where that cannot be told.
    """

    reached: Reached
    meaning: Meaning | None
    pages: bool | None


class Destination(NamedTuple):
    """A receiver of some router, what it means in the registry, and whether anything leads to it.

    `claimed` says that a binding speaks of it, be it one that leads nowhere.
    """

    receiver: Receiver
    router: Router
    meaning: Meaning | None
    claimed: bool
    used: bool

    @property
    def pages(self) -> bool | None:
        """Whether it pages somebody; None where that cannot be told."""
        return _pages(self.receiver, self.meaning)


class Mute(NamedTuple):
    """A route that time intervals keep silent, and when: in the coming week, else in a year."""

    router: Router
    route: Route
    stretches: tuple[MutedStretch, ...]


class Destinations:
    """Every receiver of a set of files, by what the registry's bindings make of it."""

    def __init__(self, deployed: Deployed, bound: Bindings) -> None:
        self.routers = deployed.routers
        self.bound = bound
        self._services = [(one.id, one.name) for one in deployed.services]
        self._stops: dict[int, Stop] = {}

    def stop(self, reached: Reached) -> Stop:
        """Say what a receiver means that an alert may reach."""
        # Alike alerts share what they reach; it is kept, so its identity stays its own.
        found = self._stops.get(id(reached))
        if found is None:
            meaning = self._meaning(reached.name, reached.receiver)
            found = Stop(reached, meaning, _pages(reached.receiver, meaning))
            self._stops[id(reached)] = found
        return found

    def each(self, direct: frozenset[str]) -> Iterator[Destination]:
        """Yield each receiver of each router; `direct` are those that rules themselves name."""
        for router in self.routers:
            used = {route.receiver for route in walk(router.root)}
            if router.system == "grafana":
                used |= direct
            for name, receiver in router.receivers.items():
                meaning = self._meaning(name, receiver)
                claimed = meaning is not None or any(
                    self.bound.is_named(kind, one) for kind, one in self._known_as(name, receiver)
                )
                yield Destination(receiver, router, meaning, claimed, name in used)

    def _meaning(self, name: str, receiver: Receiver | None) -> Meaning | None:
        """Tell what a receiver means, by the first of its names that has a meaning.

        One that nothing binds and that is called `SECTION/ID` is what stands there.
        """
        found = (self.bound.meaning(kind, one) for kind, one in self._known_as(name, receiver))
        return next(filter(None, found), None) or self._itself(name)

    def _itself(self, name: str) -> Meaning | None:
        section, _, id_ = name.partition("/")
        meaning = self.bound.known(id_) if section in SHARED_IDS else None
        return meaning if meaning is not None and meaning.section == section else None

    def _known_as(self, name: str, receiver: Receiver | None) -> Iterator[tuple[str, str]]:
        """Yield what a binding may call a receiver: its name, or a paging service's id or name.

        One of a Kubernetes resource is `NAMESPACE/RESOURCE/NAME`; its own name alone will do.
        """
        yield "receiver", name
        if "/" in name:
            yield "receiver", name.rpartition("/")[2]
        integrations = receiver.integrations if receiver is not None else ()
        own = {text for one in integrations for text in (one.service, one.target) if text}
        both = (known for pair in self._services if own & set(pair) for known in pair if known)
        for service in sorted(own.union(both)):
            yield "service", service


def muted(routers: Iterable[Router], at: int, closed: frozenset[int]) -> Iterator[Mute]:
    """Yield each route that time intervals silence from `at` (µs) on, but those that are `closed`.

    `closed` holds the identities of routes that nothing reaches.
    """
    known: dict[tuple[int, tuple[str, ...], tuple[str, ...]], tuple[MutedStretch, ...]] = {}
    for router in routers:
        for route in walk(router.root):
            if id(route) in closed or not (route.muted or route.active):
                continue
            key = (id(router), route.muted, route.active)
            if key not in known:
                coming = week(route, router.intervals, at, WEEK)
                known[key] = coming or week(route, router.intervals, at, _YEAR)
            if known[key]:
                yield Mute(router, route, known[key])


def is_declared(mute: Mute, meaning: Meaning | None, workspace: Workspace) -> bool:
    """Whether a route is silent only while the escalation that it leads to does not page."""
    escalation = workspace.all(Escalation).get(meaning.id) if meaning is not None else None
    if escalation is None or meaning is None or meaning.section != "escalations":
        return False
    zone = escalation.timezone or workspace.manifest.timezone or "UTC"
    own = windows(escalation.hours)
    hours = weekly_hours(own, wall_clock(zone), escalation.days_off())
    return bool(own) and not any(
        next(hours.openings(one.start, one.end), None) for one in mute.stretches
    )


def silencing(
    router: Router, pages: list[Labels] | None, words: Iterable[str]
) -> Iterator[tuple[Router, Inhibition]]:
    """Yield a router's inhibitions that can silence every page.

    `pages` are the labels of the alerts that page; without any alert (None) it is asked of those of
    the severities `words`.
    """
    each = [pages] if pages is not None else [[Labels({"severity": Known(one)})] for one in words]
    for one in router.inhibitions:
        if any(silences_everything(one, labels) for labels in each):
            yield router, one


def _pages(receiver: Receiver | None, meaning: Meaning | None) -> bool | None:
    if receiver is not None and not receiver.integrations:
        return False  # nothing is sent, whatever a binding says
    if meaning is not None and meaning.section in {"people", "roles"}:
        return True
    said = meaning.pages if meaning is not None else None
    if said is not None or receiver is None:
        return said
    return pages(receiver)
