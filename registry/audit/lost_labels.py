"""Labels that a query drops, and on which the alert's way or its owner would hang."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from registry.audit.delivery import Deliveries, RoutingKind, Way
from registry.deployed.model import Deployed, DeployedAlert, Route, Router
from registry.deployed.promql.parse import parsed
from registry.deployed.promql.tree import Aggregation, Call, Expression, Operation, Wrapped
from registry.deployed.routing.labels import ABSENT, Labels
from registry.deployed.routing.symbolic import Judgement
from registry.deployed.routing.tree import walk
from registry.workspace.bindings import Bindings


class LostLabel(NamedTuple):
    """A label that a query drops, why, and what needs it: a route to `receivers`, or a binding.

    `route` asks for the label; it is None where only the owner hangs on it.
    """

    label: str
    why: str
    route: Route | None
    receivers: tuple[str, ...] = ()


class LostLabels:
    """What hangs on labels, in one set of files."""

    def __init__(self, deployed: Deployed, deliveries: Deliveries, bound: Bindings) -> None:
        self.deliveries = deliveries
        self._asking = {
            system: _asking(one for one in deployed.routers if one.system == system)
            for system in ("prometheus", "grafana")
        }
        self._askers = _askers(deployed.routers)
        self._dropped: dict[str, dict[str, str]] = {}
        self._free_of: dict[tuple[RoutingKind, str], _Beside] = {}
        self._alike: dict[tuple[object, ...], _Beside] = {}
        # Where rules set a label by hand, their series are not meant to.
        by_hand = {label for one in deployed.alerts for label in one.labels}
        self._owning = tuple(one for one in bound.of("label") if one not in by_hand)
        asked = (label for one in self._asking.values() for label in one)
        self._mattering = tuple(dict.fromkeys((*asked, *self._owning)))
        self._order = {
            (system, is_owned): tuple(dict.fromkeys((*routes, *(() if is_owned else self._owning))))
            for system, routes in (*self._asking.items(), (None, {}))
            for is_owned in (True, False)
        }

    def of(
        self, alert: DeployedAlert, labels: Labels, way: Way, *, is_owned: bool
    ) -> Iterator[LostLabel]:
        """Yield each label that an alert's query drops, and that could matter."""
        dropped = self._dropped_by(alert)
        if not dropped:
            return
        owning = () if is_owned else self._owning
        routes = self._asking[alert.system] if alert.receiver is None else {}
        kind = self.deliveries.kind(alert, labels)
        for label in self._order[alert.system if routes else None, is_owned]:
            why = dropped.get(label)
            if why is None or labels.of(label) != ABSENT:
                continue
            names, route = self._free(kind, way, label) if label in routes else ((), None)
            if names:
                yield LostLabel(label, why, route or routes[label], names)
            elif label in owning:
                yield LostLabel(label, why, None)

    def _dropped_by(self, alert: DeployedAlert) -> Mapping[str, str]:
        """Say why the query of an alert drops labels that matter, if it puts series together."""
        query = self.deliveries.query(alert)
        if query is None:
            return {}
        found = self._dropped.get(query)
        if found is None:
            series, tree = self.deliveries.series(alert), parsed(query)
            found = self._dropped[query] = {}
            if series is not None and tree is not None and _has_aggregation(tree):
                reasons = ((label, series.why_absent(label)) for label in self._mattering)
                found |= {label: why for label, why in reasons if why is not None}
        return found

    def _free(self, kind: RoutingKind, way: Way, label: str) -> "_Beside":
        """Name the receivers that an alert might reach beside its own if it had a label.

        The route is the first to one of them that asks for the label itself.
        """
        found = self._free_of.get((kind, label))
        if found is None:
            found = ((), None)
            if self.deliveries.reaches_more(kind, (label,)):
                judged = self.deliveries.judged(kind, (label,), told=False)
                # Alike alerts have the same answers, which their routers keep.
                alike = (label, *(id(answer) for _, answer in (*way.judged, *judged)))
                if alike not in self._alike:
                    self._alike[alike] = _beside(judged, way, self._askers[label])
                found = self._alike[alike]
            self._free_of[kind, label] = found
        return found


_Beside = tuple[tuple[str, ...], Route | None]
"""Receivers beside those of a way, and the route to one of them that asks for a label."""


def _beside(
    judged: Iterable[tuple[Router, Judgement]], way: Way, askers: Collection[int]
) -> _Beside:
    """Name the receivers that are not on a way, and of the routes there the first asker."""
    usual = set(way.names)
    names: dict[str, None] = {}
    asker = None
    for _, answer in judged:
        more = [name for name in answer.possible if name not in usual]
        asker = asker or _asker(askers, more, answer)
        names.update(dict.fromkeys(more))
    return tuple(names), asker


def _asker(askers: Collection[int], names: Sequence[str], answer: Judgement) -> Route | None:
    """Find, of the routes to some receivers, the first that asks for a label itself."""
    found: dict[str, Route] = {}
    for route in answer.taken if names else ():
        if id(route) in askers:
            found.setdefault(route.receiver, route)
    return next((found[name] for name in names if name in found), None)


def _askers(routers: Iterable[Router]) -> Mapping[str, Collection[int]]:
    """Map each label to the identities of the routes that ask for it themselves."""
    found: dict[str, set[int]] = {}
    for router in routers:
        for route in walk(router.root):
            for matcher in route.matchers:
                found.setdefault(matcher.label, set()).add(id(route))
    return found


def _asking(routers: Iterable[Router]) -> dict[str, Route]:
    """Map each label that a route asks for to the first route that does."""
    found: dict[str, Route] = {}
    for router in routers:
        for route in walk(router.root):
            for matcher in route.matchers:
                found.setdefault(matcher.label, route)
    return found


def _has_aggregation(tree: Expression) -> bool:
    match tree:
        case Aggregation():
            return True
        case Operation():
            return tree.matching != "" or any(map(_has_aggregation, (tree.left, tree.right)))
        case Call():
            return any(map(_has_aggregation, tree.arguments))
        case Wrapped():
            return _has_aggregation(tree.of)
        case _:
            return False
