"""What is deployed, joined to a registry: each alert's owner, its way, and who is paged now.

Nothing is resolved in silence: every source's word on an owner is kept, and what the files cannot
tell is `unknown`, never fine.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from registry.audit.delivery import Deliveries, Reached, Way, alone, unsure
from registry.audit.differs import Difference, Drift
from registry.audit.inhibited import NONE, FiringAlert, Silence, silences
from registry.audit.lost_labels import LostLabel, LostLabels
from registry.audit.owners import TYING, OwnerSource, OwnerSources
from registry.audit.receivers import Destination, Destinations, Mute, Stop, muted, silencing
from registry.audit.severity import DeployedSeverity, Severities
from registry.audit.taps import is_heard, taps
from registry.deployed.model import (
    Deployed,
    DeployedAlert,
    Inhibition,
    PlacedText,
    Router,
    Where,
    folded,
)
from registry.deployed.routing.intervals import is_muted
from registry.deployed.routing.labels import Labels
from registry.deployed.routing.shadow import UnreachableRoute, unreachable
from registry.model.metrics import Alert
from registry.paging.pager import Paged, Pager
from registry.source.scalar import is_placeholder
from registry.workspace.bindings import Bindings, Meaning
from registry.workspace.policy import Policy
from registry.workspace.workspace import Workspace


class Tie(NamedTuple):
    """The registry's alert that a deployed one is, and what says so."""

    alert: str
    by: str


class Row(NamedTuple):
    """One deployed alert and everything that is known of it.

    `labels` are those that its router gets; `told` says whether its query could be read. `stops`
    are the receivers of its `way`. `owner` is the strongest claim of somebody whom the registry
    knows. `paged_now` are the people whom the receivers that every series reaches page at the
    instant. `hidden` says that what did not load of the registry may be about this alert.
    `dropped` says whether relabelling drops it, None if only some series, and `dropped_at` where;
    `assumes` that external labels, which were not read, could change its way. `taps` are receivers
    of its way that every alert passes and that page nobody. `silence` are the alerts that may
    silence it, `severity` is what it is called, and `differs` how it is not as declared.
    `muted_now` names receivers of its way to which all routes are muted at the instant. `only_taps`
    says that all that is notified of it is what every alert passes and that pages nobody, `heard`
    that somebody else is notified whatever the series are.
    """

    alert: DeployedAlert
    labels: Labels
    told: bool
    way: Way
    stops: tuple[Stop, ...]
    claims: tuple[OwnerSource, ...]
    owner: OwnerSource | None
    agrees: bool
    runbook: PlacedText | None
    tie: Tie | None
    paged_now: tuple[Paged, ...]
    lost: tuple[LostLabel, ...]
    hidden: bool
    dropped: bool | None = False
    dropped_at: Where | None = None
    assumes: bool = False
    taps: frozenset[str] = frozenset()
    silence: Silence = NONE
    severity: DeployedSeverity | None = None
    differs: tuple[Difference, ...] = ()
    muted_now: frozenset[str] = frozenset()
    only_taps: bool = False
    heard: bool = False

    @property
    def is_sent(self) -> bool:
        """Whether some server loads it and sends some of its series."""
        return self.alert.unloaded is None and self.dropped is not True

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
        """Whether every one of its series reaches a receiver that notifies somebody.

        A tap is none, and what is not sent or always silenced reaches nobody.
        """
        if not self.is_sent:
            return False
        heard = self.way.verdict in {"always", "depends"} and self.heard
        return heard and not self.silence.always

    @property
    def reaches_nobody(self) -> bool:
        """Whether it is certain that nobody hears of it."""
        if self.alert.unrendered:
            return False
        is_lost = not self.is_sent or self.way.verdict == "never"
        return is_lost or self.only_taps or bool(self.silence.always)

    @property
    def proviso(self) -> str:
        """Say on what its way holds, where external labels could change it; else nothing."""
        return ", if its server adds no label that a route asks for" if self.assumes else ""

    @property
    def pages_unknown(self) -> bool:
        """Whether it cannot be told that it pages a person now, nor that it pages nobody."""
        if self.alert.unrendered:
            return True
        if (
            not self.is_sent
            or self.silence.always
            or any(person.but is None for person in self.paged_now)
        ):
            return False
        unsure = (one for one in self.stops if one.reached.notifies and one.pages is not False)
        return self.way.verdict == "unknown" or any(
            not one.reached.certain or one.meaning is None for one in unsure
        )


class _Stops(NamedTuple):
    """What follows from the receivers of a way alone."""

    stops: tuple[Stop, ...]
    certain: tuple[tuple[Reached, Meaning], ...]
    taps: frozenset[str]
    only_taps: bool
    muted: frozenset[str]


class _Along(NamedTuple):
    """What follows from a way alone, and is the same for all alerts that go it."""

    way: Way
    stops: tuple[Stop, ...]
    certain: tuple[tuple[Reached, Meaning], ...]
    taps: frozenset[str]
    only_taps: bool
    heard: bool
    paged: tuple[Paged, ...]
    muted: frozenset[str]


class Audited(NamedTuple):
    """The whole join, as of the instant `at` (µs).

    `undeployed` are the registry's alerts that nothing deployed is. `silencing` are inhibitions
    that can silence every page. `counts` has, beside the alerts, how many of them are owned, with
    a runbook, routed, paging and declared, of how many the query or the way is unknown, and of how
    many labels that an unread server adds could change the way.
    """

    at: int
    deployed: Deployed
    rows: tuple[Row, ...]
    destinations: tuple[Destination, ...]
    undeployed: tuple[str, ...]
    unreachable: tuple[tuple[Router, UnreachableRoute], ...]
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
            found["unknown_way"] += row.way.verdict == "unknown" and not row.alert.unrendered
            found["assumed"] += row.assumes
        return found

    @property
    def unknown(self) -> Mapping[str, int]:
        """Of how many alerts each figure cannot be told."""
        found: Counter[str] = Counter()
        for row in self.rows:
            found["owned"] += row.hidden and not row.is_owned
            found["routed"] += row.way.verdict == "unknown"
            found["paging"] += row.pages_unknown
            found["declared"] += row.hidden and row.tie is None
        return found


def audited(workspace: Workspace, policy: Policy, deployed: Deployed, at: int) -> Audited:
    """Join what is deployed to a registry, as of an instant (µs)."""
    return _Join(workspace, policy, deployed, at).audited()


class _Join:
    def __init__(self, workspace: Workspace, policy: Policy, deployed: Deployed, at: int) -> None:
        self.workspace = workspace
        self.settings = policy.settings
        self.deployed = deployed
        self.at = at
        self.bound = Bindings(workspace)
        self.claims = OwnerSources(workspace, deployed, self.bound)
        self.deliveries = Deliveries(deployed)
        self.dropped = LostLabels(deployed, self.deliveries, self.bound)
        self.destinations = Destinations(deployed, self.bound)
        self.pager = Pager(workspace, at)
        self.severities = Severities(self.settings, self.bound)
        self.taps = frozenset(id(one) for router in deployed.routers for one in taps(router))
        self.by_name = _unambiguous(workspace.all(Alert))
        unread = {*workspace.failed.get("alerts", {}), *workspace.uncertain}
        self.unread = frozenset(map(folded, unread))
        self.paged: dict[str, tuple[Paged, ...]] = {}
        self.known: dict[int, _Along] = {}
        self.reached: dict[int, tuple[tuple[Reached, ...], _Stops]] = {}
        self.mutes: dict[int, bool] = {}

    def audited(self) -> Audited:
        rows = self.silenced(tuple(map(self.row, self.deployed.alerts)))
        tied = {row.tie.alert for row in rows if row.tie is not None}
        direct = (one.receiver.value for one in self.deployed.alerts if one.receiver is not None)
        closed = [
            (router, one)
            for router in self.deployed.routers
            for one in unreachable(alone(router).root)
        ]
        return Audited(
            self.at,
            self.deployed,
            rows,
            tuple(self.destinations.each(frozenset(direct))),
            tuple(id_ for id_ in self.workspace.all(Alert) if id_ not in tied),
            tuple(closed),
            tuple(
                muted(self.deployed.routers, self.at, frozenset(id(one.route) for _, one in closed))
            ),
            tuple(self.silencing(rows)),
        )

    def row(self, alert: DeployedAlert) -> Row:
        labels, is_dropped, step = self.deliveries.sent(alert)
        way = self.deliveries.way(alert, labels)
        is_sent = alert.unloaded is None and is_dropped is not True
        if not is_sent:
            way = Way("unknown" if alert.unrendered else "never")
        elif is_dropped is None and step is not None:
            way = unsure(way, step.where)
        _, stops, sure, passed, only_taps, heard, paged, mutes = self.along(way)
        tie = self.tie(alert)
        series = self.deliveries.series(alert)
        claims = tuple(self.claims.of(alert, tie.alert if tie else None, sure, series))
        owner = next((one for one in claims if one.owner is not None), None)
        is_tied = owner is not None and owner.source in TYING
        texts = (alert.annotations.get(key) for key in self.settings.runbook_annotations)
        return Row(
            alert, labels, series is not None, way, stops, claims, owner,
            self.claims.agree(claims), next(filter(None, texts), None), tie,
            paged,
            tuple(self.dropped.of(alert, labels, way, is_owned=is_tied)) if is_sent else (),
            self.workspace.blind or (bool(self.unread) and folded(alert.name) in self.unread),
            is_dropped, step.where if step is not None else None,
            self.deliveries.assumes(alert, labels, way),
            passed, severity=self.severities.of(alert), muted_now=mutes, only_taps=only_taps,
            heard=heard,
        )  # fmt: skip

    def along(self, way: Way) -> _Along:
        """Say what follows from a way; alike alerts share one, which is then asked once."""
        found = self.known.get(id(way))  # it is kept, so its identity stays its own
        if found is None:
            stops, meant, passed, only_taps, mutes = self.stops(way)
            paged = tuple(self.people(way, stops))
            heard = is_heard(way, passed)
            found = _Along(way, stops, meant, passed, only_taps, heard, paged, mutes)
            self.known[id(way)] = found
        return found

    def stops(self, way: Way) -> _Stops:
        """Say what follows from the receivers of a way; many ways have the same ones."""
        found = self.reached.get(id(way.reached))
        if found is None or found[0] is not way.reached:
            stops = tuple(map(self.destinations.stop, way.reached))
            sure = ((one.reached, one.meaning) for one in stops if one.reached.certain)
            meant = tuple([(one, meaning) for one, meaning in sure if meaning])
            passed = frozenset(one.reached.name for one in stops if self.is_tap(one))
            notified = [one.reached.name for one in stops if one.reached.notifies]
            only_taps = bool(notified) and passed.issuperset(notified)
            mutes = frozenset(one.name for one in way.reached if self.is_muted(one))
            found = (way.reached, _Stops(stops, meant, passed, only_taps, mutes))
            self.reached[id(way.reached)] = found
        return found[1]

    def is_tap(self, one: Stop) -> bool:
        """Whether every alert passes a receiver, by each of the ways to it, and nobody is paged."""
        routes = one.reached.routes
        return bool(routes) and self.taps.issuperset(map(id, routes)) and not one.pages

    def silenced(self, rows: tuple[Row, ...]) -> tuple[Row, ...]:
        """Add what may silence each alert, and how it differs; one always silenced pages nobody.

        What is not sent silences nothing, and there is nothing of it to silence.
        """
        sent = [row for row in rows if row.is_sent]
        found = silences(self.deployed.routers, [firing(row) for row in sent])
        silent = {id(row): one for row, one in zip(sent, found, strict=True)}
        drift = Drift(self.workspace, self.claims)
        done = []
        for row in rows:
            silence = silent.get(id(row), NONE)
            paged = () if silence.always or not row.is_sent else row.paged_now
            told = row
            if silence is not NONE or paged is not row.paged_now:
                told = row._replace(silence=silence, paged_now=paged)
            differs = drift.of(told)
            done.append(told._replace(differs=differs) if differs else told)
        return tuple(done)

    # -- the registry's alert ------------------------------------------------------------------

    def tie(self, alert: DeployedAlert) -> Tie | None:
        if self.bound.names_alerts or TIE in alert.labels or TIE in alert.annotations:
            tied = self.tied(alert)
            if tied is not None:
                return tied
        id_ = self.by_name.get(folded(alert.name)) if self.by_name else None
        return Tie(id_, "its name") if id_ is not None else None

    def tied(self, alert: DeployedAlert) -> Tie | None:
        """Tell what a binding, or a label or annotation for it, says that an alert is."""
        labels = {
            **{key: text.value for key, text in alert.labels.items()},
            "alertname": alert.name,
        }
        annotations = {key: text.value for key, text in alert.annotations.items()}
        known = self.workspace.all(Alert)
        bound = self.bound.matched(labels)
        if bound is not None and bound[0] in known:
            return Tie(bound[0], f"the binding `{bound[1]}`")
        for kind, texts in (("label", labels), ("annotation", annotations)):
            for name, value in texts.items():
                bound = self.bound.alert(kind, name, value)
                if bound is not None and bound[0] in known:
                    return Tie(bound[0], f"the binding `{bound[1]}`")
                if name == TIE and value in known:
                    return Tie(value, f"the {kind} `{TIE}`")
        return None

    # -- people --------------------------------------------------------------------------------

    def people(self, way: Way, stops: Iterable[Stop]) -> Iterator[Paged]:
        """Yield whom the receivers that every series reaches page at this instant, each once.

        Of several routers the files do not say which gets the alert: each has to page the person.
        """
        beside: dict[str, Paged] = {}
        wholes = [(router, answer) for router, answer in way.judged if not router.part]
        whole: dict[int, dict[str, Paged]] = {id(router): {} for router, _ in wholes}
        is_whole = way.dropped_at is None  # else nobody gets every series
        sure = {id(router): answer.certain for router, answer in wholes if is_whole}
        for reached, meaning, _ in stops:
            certain = reached.certain or reached.name in sure.get(id(reached.router), ())
            if meaning and certain and reached.notifies and not self.is_muted(reached):
                found = {person.id: person for person in self.first(meaning)}
                whole.get(id(reached.router), beside).update(found)
        first = next(iter(whole.values()), {})
        beside |= {
            id_: one for id_, one in first.items() if all(id_ in each for each in whole.values())
        }
        yield from beside.values()

    def is_muted(self, reached: Reached) -> bool:
        found = self.mutes.get(id(reached))  # its stop is kept, so its identity stays its own
        if found is None:
            router = reached.router
            found = self.mutes[id(reached)] = bool(reached.routes) and all(
                router is not None and is_muted(route, router.intervals, self.at)
                for route in reached.routes
            )
        return found

    def first(self, meaning: Meaning) -> tuple[Paged, ...]:
        """Return whom the first pages of an escalation, or of what stands in its place, reach.

        Nobody is paged now by one that is held.
        """
        if meaning.section in {"teams", "channels"}:
            return ()
        if meaning.id not in self.paged:
            self.paged[meaning.id] = self.pager.first(meaning.id)
        return self.paged[meaning.id]

    # -- silence -------------------------------------------------------------------------------

    def silencing(self, rows: Sequence[Row]) -> Iterator[tuple[Router, Inhibition]]:
        words = self.settings.paging_severities
        for router in self.deployed.routers:
            mine = [row for row in rows if row.alert.system == router.system]
            kinds = {id(row.stops): row.stops for row in mine}  # alike alerts share theirs
            pagers = {key for key, stops in kinds.items() if any(one.pages for one in stops)}
            paging = [row.labels for row in mine if id(row.stops) in pagers]
            yield from silencing(router, paging if mine else None, words)


def firing(row: Row) -> FiringAlert:
    """Return an alert as inhibition sees it; one that is dropped in part does not always fire."""
    is_whole = row.is_sent and row.dropped is False
    query = row.alert.expr.value if row.alert.expr is not None and is_whole else None
    return FiringAlert(row.alert.name, row.alert.system, row.labels, query)


TIE = "opmodel_alert"
"""A label or an annotation that names the registry's alert."""


def _unambiguous(ids: Iterable[str]) -> dict[str, str]:
    """Map folded names to ids; one that several ids have names none of them."""
    found: dict[str, list[str]] = {}
    for id_ in ids:
        found.setdefault(folded(id_), []).append(id_)
    return {name: some[0] for name, some in found.items() if len(some) == 1}
