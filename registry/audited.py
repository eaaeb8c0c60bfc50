"""What is deployed, joined to a registry: each alert's owner, its way, and who is paged now.

Nothing is resolved in silence: every source's word on an owner is kept, and what the files cannot
tell is `unknown`, never fine.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from registry.bound import Bound, Meaning
from registry.chain import Paged, Pager
from registry.claims import TYING, Claim, Claims
from registry.delivery import Deliveries, Reached, Way, alone
from registry.delivery import pages as integrations_page
from registry.deployed import Deployed, DeployedAlert, Inhibition, Receiver, Route, Router, Text
from registry.expression import Aggregation, Call, Expression, Operation, Wrapped
from registry.model.metrics import Alert
from registry.policy import Policy
from registry.promql import parsed
from registry.routing.inhibition import silences_everything
from registry.routing.intervals import Stretch, is_muted, week
from registry.routing.labels import ABSENT, ANYTHING, Known, Labels
from registry.routing.shadow import Unreachable, unreachable
from registry.routing.tree import walk
from registry.series import SeriesLabels
from registry.source.scalar import is_placeholder
from registry.tzif import DAY, WEEK
from registry.workspace import Workspace

_YEAR = 366 * DAY


class Tie(NamedTuple):
    """The registry's alert that a deployed one is, and what says so."""

    alert: str
    by: str


class Lost(NamedTuple):
    """A label that a query drops, why, and what needs it: routes to `receivers`, or a binding.

    `asked` is the route's matcher, and None where only the owner hangs on the label.
    """

    label: str
    why: str
    asked: "Asked | None"
    receivers: tuple[str, ...] = ()


class Asked(NamedTuple):
    """A route that asks for a label."""

    router: Router
    route: Route


class Stop(NamedTuple):
    """A receiver that an alert may reach, and what it means in the registry."""

    reached: Reached
    meaning: Meaning | None

    @property
    def pages(self) -> bool | None:
        """Whether it pages somebody; None where that cannot be told."""
        return _pages(self.reached.receiver, self.meaning)


class Row(NamedTuple):
    """One deployed alert and everything that is known of it.

    `labels` are those that its router gets; `told` says whether its query could be read. `stops`
    are the receivers of its `way`. `owner` is the strongest claim of somebody whom the registry
    knows. `paged_now` are the people whom the receivers that every series reaches page at the
    instant. `hidden` says that what did not load of the registry may be about this alert.
    """

    alert: DeployedAlert
    labels: Labels
    told: bool
    way: Way
    stops: tuple[Stop, ...]
    claims: tuple[Claim, ...]
    owner: Claim | None
    agrees: bool
    runbook: Text | None
    tie: Tie | None
    paged_now: tuple[Paged, ...]
    lost: tuple[Lost, ...]
    hidden: bool

    @property
    def is_owned(self) -> bool:
        """Whether the alert itself is tied to an owner whom the registry knows."""
        return self.owner is not None and self.owner.source in TYING

    @property
    def registry_alert(self) -> str | None:
        """The id of the registry's alert that it is."""
        return self.tie.alert if self.tie is not None else None

    @property
    def has_runbook(self) -> bool:
        """Whether an annotation names a runbook, and not that there is none yet."""
        return self.runbook is not None and not is_placeholder(self.runbook.value)

    @property
    def is_routed(self) -> bool:
        """Whether every one of its series reaches a receiver that notifies somebody."""
        return self.way.verdict in {"always", "depends"} and self.way.is_covered


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
    stretches: tuple[Stretch, ...]


class Audited(NamedTuple):
    """The whole join, as of the instant `at` (µs).

    `undeployed` are the registry's alerts that nothing deployed is. `silencing` are inhibitions
    that can silence every page. `counts` has, beside the alerts, how many of them are owned, with
    a runbook, routed, paging and declared, and of how many the query or the way is unknown.
    """

    at: int
    deployed: Deployed
    rows: tuple[Row, ...]
    destinations: tuple[Destination, ...]
    undeployed: tuple[str, ...]
    unreachable: tuple[tuple[Router, Unreachable], ...]
    muted: tuple[Mute, ...]
    silencing: tuple[tuple[Router, Inhibition], ...]

    @property
    def undeclared(self) -> tuple[Row, ...]:
        """The alerts that are none of the registry's."""
        return tuple(row for row in self.rows if row.tie is None)

    def find(self, name: str) -> tuple[Row, ...]:
        """Find the deployed alerts of a name; where there is none, those that differ in case."""
        exact = tuple(row for row in self.rows if row.alert.name == name)
        wanted = folded(name)
        return exact or tuple(row for row in self.rows if folded(row.alert.name) == wanted)

    @property
    def counts(self) -> Mapping[str, int]:
        """The figures of the summary."""
        found = Counter({"alerts": len(self.rows)})
        for row in self.rows:
            found["owned"] += row.is_owned
            found["runbook"] += row.has_runbook
            found["routed"] += row.is_routed
            found["paging"] += any(person.but is None for person in row.paged_now)
            found["declared"] += row.tie is not None
            found["unknown_query"] += not row.told
            found["unknown_way"] += row.way.verdict == "unknown"
        return found


def folded(name: str) -> str:
    """Write a name so that case, `-`, `_`, `.` and blanks do not count."""
    return "".join(char for char in name.casefold() if char not in "-_. ")


def audited(workspace: Workspace, policy: Policy, deployed: Deployed, at: int) -> Audited:
    """Join what is deployed to a registry, as of an instant (µs)."""
    return _Join(workspace, policy, deployed, at).audited()


class _Join:
    def __init__(self, workspace: Workspace, policy: Policy, deployed: Deployed, at: int) -> None:
        self.workspace = workspace
        self.settings = policy.settings
        self.deployed = deployed
        self.at = at
        self.bound = Bound(workspace)
        self.claims = Claims(workspace, deployed, self.bound)
        self.deliveries = Deliveries(deployed)
        self.pager = Pager(workspace, at)
        self.services = [(one.id, one.name) for one in deployed.services]
        self.by_name = _unambiguous(workspace.all(Alert))
        unread = {*workspace.failed.get("alerts", {}), *workspace.uncertain}
        self.unread = frozenset(map(folded, unread))
        self.asked = {
            system: _asked(one for one in deployed.routers if one.system == system)
            for system in ("prometheus", "grafana")
        }
        # Where rules set a label by hand, its series are not meant to.
        set_by_hand = {label for one in deployed.alerts for label in one.labels}
        self.owning = tuple(one for one in self.bound.of("label") if one not in set_by_hand)
        self.paged: dict[str, tuple[Paged, ...]] = {}
        self.stops: dict[int, Stop] = {}

    def audited(self) -> Audited:
        rows = tuple(map(self.row, self.deployed.alerts))
        tied = {row.tie.alert for row in rows if row.tie is not None}
        closed = [
            (router, one)
            for router in self.deployed.routers
            for one in unreachable(alone(router).root)
        ]
        return Audited(
            self.at,
            self.deployed,
            rows,
            tuple(self.destinations(rows)),
            tuple(id_ for id_ in self.workspace.all(Alert) if id_ not in tied),
            tuple(closed),
            tuple(self.muted({id(one.route) for _, one in closed})),
            tuple(self.silencing(rows)),
        )

    def row(self, alert: DeployedAlert) -> Row:
        series = self.deliveries.series(alert)
        labels = self.deliveries.labels(alert)
        way = self.deliveries.way(alert, labels)
        stops = tuple(map(self.stop, way.reached))
        tie = self.tie(alert)
        sure = [(one.reached, one.meaning) for one in stops if one.meaning and one.reached.certain]
        claims = tuple(self.claims.of(alert, tie.alert if tie else None, sure))
        owner = next((one for one in claims if one.owner is not None), None)
        is_tied = owner is not None and owner.source in TYING
        texts = (alert.annotations.get(key) for key in self.settings.runbook_annotations)
        return Row(
            alert, labels, series is not None, way, stops, claims, owner,
            self.claims.agree(claims), next(filter(None, texts), None), tie,
            tuple(self.people(stops)), tuple(self.lost(alert, series, labels, way, is_tied)),
            self.is_hidden(alert),
        )  # fmt: skip

    def stop(self, reached: Reached) -> Stop:
        # Alike alerts share what they reach.
        if id(reached) not in self.stops:
            self.stops[id(reached)] = Stop(reached, self.meaning(reached.name, reached.receiver))
        return self.stops[id(reached)]

    def meaning(self, name: str, receiver: Receiver | None) -> Meaning | None:
        """Tell what a receiver means: by its own name, else by the service that it notifies."""
        found = self.bound.meaning("receiver", name)
        names = self.service_names(receiver)
        return found or next(
            filter(None, (self.bound.meaning("service", one) for one in names)), None
        )

    def service_names(self, receiver: Receiver | None) -> list[str]:
        """List the ids and names of the paging services that a receiver notifies."""
        own = {
            text
            for one in (receiver.integrations if receiver is not None else ())
            for text in (one.service, one.target)
            if text
        }
        both = [name for pair in self.services if own & set(pair) for name in pair if name]
        return sorted(own.union(both))

    def is_hidden(self, alert: DeployedAlert) -> bool:
        return self.workspace.blind or folded(alert.name) in self.unread

    # -- the registry's alert ------------------------------------------------------------------

    def tie(self, alert: DeployedAlert) -> Tie | None:
        labels = {
            **{key: text.value for key, text in alert.labels.items()},
            "alertname": alert.name,
        }
        annotations = {key: text.value for key, text in alert.annotations.items()}
        known = self.workspace.all(Alert)
        for kind, texts in (("label", labels), ("annotation", annotations)):
            for name, value in texts.items():
                bound = self.bound.alert(kind, name, value)
                if bound is not None and bound[0] in known:
                    return Tie(bound[0], f"the binding `{bound[1]}`")
                if name == TIE and value in known:
                    return Tie(value, f"the {kind} `{TIE}`")
        id_ = self.by_name.get(folded(alert.name))
        return Tie(id_, "its name") if id_ is not None else None

    # -- people --------------------------------------------------------------------------------

    def people(self, stops: Iterable[Stop]) -> Iterator[Paged]:
        """Yield whom the receivers that every series reaches page at this instant, each once."""
        seen: set[str] = set()
        for reached, meaning in stops:
            if meaning is None or not reached.certain or self.is_muted(reached):
                continue
            for person in self.first(meaning):
                if person.id not in seen:
                    seen.add(person.id)
                    yield person

    def is_muted(self, reached: Reached) -> bool:
        router = reached.router
        return bool(reached.routes) and all(
            router is not None and is_muted(route, router.intervals, self.at)
            for route in reached.routes
        )

    def first(self, meaning: Meaning) -> tuple[Paged, ...]:
        """Return whom the first pages of an escalation, or of what stands in its place, reach."""
        if meaning.section in {"teams", "channels"}:
            return ()
        if meaning.id not in self.paged:
            hops = self.pager.chain(meaning.id, self.pager.place(meaning.section, meaning.id))
            first = [one for one in hops if not one.run and not one.after]
            self.paged[meaning.id] = tuple(person for one in first for person in one.people)
        return self.paged[meaning.id]

    # -- what the query drops ------------------------------------------------------------------

    def lost(
        self,
        alert: DeployedAlert,
        series: SeriesLabels | None,
        labels: Labels,
        way: Way,
        is_tied: bool,
    ) -> Iterator[Lost]:
        """Yield the labels that the query drops and on which its way, or its owner, would hang."""
        if series is None or alert.expr is None:
            return
        owning = () if is_tied else self.owning
        for label in dict.fromkeys((*self.asked[alert.system], *owning)):
            why = series.why_absent(label)
            if why is None or labels.of(label) != ABSENT or not _aggregates(alert.expr.value):
                continue
            free = labels._replace(known={**labels.known, label: ANYTHING})
            more = [
                one for one in self.deliveries.way(alert, free).reached if one.name not in way.names
            ]
            if more and alert.receiver is None:
                asked = self.asker(label, more)
                yield Lost(label, why, asked, tuple(dict.fromkeys(one.name for one in more)))
            elif label in owning:
                yield Lost(label, why, None)

    def asker(self, label: str, reached: Sequence[Reached]) -> Asked | None:
        """Find the route that asks for a label on the way to some receivers."""
        for one in reached:
            for route in one.routes:
                if one.router and any(matcher.label == label for matcher in route.matchers):
                    return Asked(one.router, route)
        router = reached[0].router
        return self.asked[router.system].get(label) if router is not None else None

    # -- receivers and routes ------------------------------------------------------------------

    def destinations(self, rows: Iterable[Row]) -> Iterator[Destination]:
        direct = {row.alert.receiver.value for row in rows if row.alert.receiver is not None}
        for router in self.deployed.routers:
            used = {route.receiver for route in walk(router.root)}
            for name, receiver in router.receivers.items():
                services = self.service_names(receiver)
                claimed = self.bound.is_named("receiver", name) or any(
                    self.bound.is_named("service", one) for one in services
                )
                is_used = name in used or (router.system == "grafana" and name in direct)
                meaning = self.meaning(name, receiver)
                yield Destination(receiver, router, meaning, claimed, is_used)

    def muted(self, closed: frozenset[int] | set[int]) -> Iterator[Mute]:
        """Yield each route that time intervals silence at some time, but those nothing reaches."""
        known: dict[tuple[int, tuple[str, ...], tuple[str, ...]], tuple[Stretch, ...]] = {}
        for router in self.deployed.routers:
            for route in walk(router.root):
                if id(route) in closed or not (route.muted or route.active):
                    continue
                key = (id(router), route.muted, route.active)
                if key not in known:
                    found = week(route, router.intervals, self.at, WEEK)
                    known[key] = found or week(route, router.intervals, self.at, _YEAR)
                if known[key]:
                    yield Mute(router, route, known[key])

    def silencing(self, rows: Sequence[Row]) -> Iterator[tuple[Router, Inhibition]]:
        """Yield inhibitions that can silence every page: of the alerts, else of any that may be."""
        words = self.settings.paging_severities
        for router in self.deployed.routers:
            mine = [row for row in rows if row.alert.system == router.system]
            pages = [[row.labels for row in mine if any(one.pages for one in row.stops)]]
            if not mine:
                pages = [[Labels({"severity": Known(word)})] for word in words]
            for one in router.inhibitions:
                if any(silences_everything(one, labels) for labels in pages):
                    yield router, one


TIE = "opmodel_alert"
"""A label or an annotation that names the registry's alert."""


def _unambiguous(ids: Iterable[str]) -> dict[str, str]:
    """Map folded names to ids; one that several ids have names none of them."""
    found: dict[str, list[str]] = {}
    for id_ in ids:
        found.setdefault(folded(id_), []).append(id_)
    return {name: some[0] for name, some in found.items() if len(some) == 1}


def _asked(routers: Iterable[Router]) -> dict[str, Asked]:
    """Map each label that a route asks for to the first that does."""
    found: dict[str, Asked] = {}
    for router in routers:
        for route in walk(router.root):
            for matcher in route.matchers:
                found.setdefault(matcher.label, Asked(router, route))
    return found


def _pages(receiver: Receiver | None, meaning: Meaning | None) -> bool | None:
    said = meaning.pages if meaning is not None else None
    if said is not None or receiver is None:
        return said
    return integrations_page(receiver)


def _aggregates(query: str) -> bool:
    """Whether a query puts series together, and so may drop labels that were there."""
    tree = parsed(query)
    return tree is not None and _has_aggregation(tree)


def _has_aggregation(tree: Expression) -> bool:
    match tree:
        case Aggregation():
            return True
        case Operation():
            matched = tree.matching != "" or _has_aggregation(tree.left)
            return matched or _has_aggregation(tree.right)
        case Call():
            return any(map(_has_aggregation, tree.arguments))
        case Wrapped():
            return _has_aggregation(tree.of)
        case _:
            return False
