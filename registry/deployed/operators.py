"""What operators make of their resources: parts of routing put below the configuration they join.

The Prometheus operator puts the routes of AlertmanagerConfigs first below the root, in the order of
their namespaces and names; VictoriaMetrics' puts those of its own kind last. Each goes on
(`continue: true`), and asks for its own namespace unless the Alertmanager says otherwise. A part
without a route only inhibits.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from registry.deployed.model import (
    Deployed,
    Inhibition,
    Operated,
    Route,
    Router,
    Skipped,
    TimeInterval,
)
from registry.deployed.resources import NAME_LABEL

_NONE = "None"
_OWN_SPARED = "OnNamespaceExceptForAlertmanagerNamespace"


class _OperatedConfiguration(NamedTuple):
    """A configuration that an operator makes, of which whole one, and of which parts."""

    router: Router
    base: Router
    parts: tuple[Router, ...]


def placed(deployed: Deployed) -> Deployed:
    """Put each part below the configurations that it joins, as far as these were read."""
    parts = [one for one in deployed.routers if one.part]
    if not parts:
        return deployed
    wholes = [one for one in deployed.routers if one.system == "prometheus" and not one.part]
    spaces = {one.name: one.labels for one in deployed.namespaces}
    made: list[_OperatedConfiguration] = []
    refused: list[Router] = []
    for kind in ("AlertmanagerConfig", "VMAlertmanagerConfig"):
        mine = [one for one in parts if _kind(one) == kind]
        owners = [one for one in deployed.alertmanagers if one.is_victoria == kind.startswith("VM")]
        if not mine:
            continue
        if not owners:
            chosen = [one for one in wholes if one.origin.kind != "file"] or wholes
            made += [_below(base, mine, None, kind) for base in chosen]
            continue
        bases: list[Router | None] = [_base(owner, wholes, mine) for owner in owners]
        refused += [
            one for one in mine
            if one not in bases and all(_takes(o, one, spaces) is False for o in owners)
        ]  # fmt: skip
        for owner, base in zip(owners, bases, strict=True):
            taken = [one for one in mine if _takes(owner, one, spaces) is not False]
            if base is not None:
                joining = [one for one in taken if one is not base]
                made.append(_below(_as_base(base), joining, owner, kind, base))
    gone = {id(one) for each in made for one in (each.base, *each.parts)} | {*map(id, refused)}
    kept = tuple(one for one in deployed.routers if id(one) not in gone)
    what = "AlertmanagerConfigs that no Alertmanager selects"
    aside = tuple(Skipped(one.where.file, what, 1) for one in refused)
    return deployed._replace(
        routers=(*(one.router for one in made), *kept),
        skipped=(*deployed.skipped, *aside),
    )


def _kind(router: Router) -> str:
    return router.origin.resource.kind if router.origin.resource is not None else ""


def _called(router: Router) -> str:
    return router.origin.resource.called if router.origin.resource is not None else ""


def _space(router: Router) -> str | None:
    return router.origin.resource.namespace if router.origin.resource is not None else None


def _takes(owner: Operated, part: Router, spaces: Mapping[str, Mapping[str, str]]) -> bool | None:
    """Whether an Alertmanager selects a part; None where what is not shown decides."""
    own = part.origin.resource
    if own is None:
        return None
    by_labels = owner.parts.selects(own.labels) if owner.parts is not None else None
    by_space = None
    if owner.namespaces is not None and own.namespace is not None:
        known = {**spaces.get(own.namespace, {}), NAME_LABEL: own.namespace}
        by_space = owner.namespaces.selects(known, complete=own.namespace in spaces)
    return False if False in (by_labels, by_space) else None


def _base(owner: Operated, wholes: Sequence[Router], parts: Sequence[Router]) -> Router | None:
    """Find the configuration that an Alertmanager's parts join; None where it was not read."""
    space = owner.resource.namespace
    if owner.base is not None:
        known = [(one, one.origin.resource) for one in parts]
        named = [one for one, own in known if own is not None and own.name == owner.base]
        return next((one for one in named if space in {None, _space(one)}), None)
    for one in wholes:
        held = one.origin.resource
        if held is None or (None not in {space, held.namespace} and space != held.namespace):
            continue
        is_own = held.kind == owner.resource.kind and held.name == owner.resource.name
        if held.name == owner.secret or is_own:
            return one
    unnamed = [one for one in wholes if one.origin.kind == "file" or not _called(one)]
    others = unnamed or wholes
    return others[0] if len(others) == 1 else None


def _as_base(router: Router) -> Router:
    """Make a whole of a part that stands for one: it takes everything, of any namespace."""
    if not router.part:
        return router
    root = _scoped(router, router.root)._replace(matchers=(), goes_on=False)
    return router._replace(
        root=root,
        intervals=_prefixed(router),
        inhibitions=tuple(_unasked(one, router.own) for one in router.inhibitions),
        part=False,
    )


def _below(
    base: Router, parts: Iterable[Router], owner: Operated | None, kind: str,
    whole: Router | None = None,
) -> _OperatedConfiguration:  # fmt: skip
    joining = sorted(parts, key=_called)
    routes = tuple(_top(one, owner) for one in joining if one.root.receiver)
    own = base.root.routes
    below = (*own, *routes) if kind.startswith("VM") else (*routes, *own)
    inhibitions = list(base.inhibitions)
    receivers, intervals = dict(base.receivers), dict(base.intervals)
    for one in joining:
        spared = one.own if _is_spared(one, owner) else 0
        inhibitions += [_unasked(each, spared) for each in one.inhibitions]
        receivers |= one.receivers
        intervals |= _prefixed(one)
    made = base._replace(
        root=base.root._replace(routes=below),
        receivers=receivers,
        intervals=intervals,
        inhibitions=tuple(inhibitions),
    )
    return _OperatedConfiguration(made, whole or base, tuple(joining))


def _top(part: Router, owner: Operated | None) -> Route:
    root = _scoped(part, part.root)
    own, others = root.matchers[: part.own], root.matchers[part.own :]
    if owner is not None:
        own = () if _is_spared(part, owner) else tuple(
            one._replace(label=owner.label) for one in own
        )  # fmt: skip
        root = root._replace(matchers=(*own, *others, *owner.asked))
    return root._replace(goes_on=owner is None or owner.forced or root.goes_on)


def _is_spared(part: Router, owner: Operated | None) -> bool:
    """Whether a part is not asked for its namespace."""
    if owner is None or owner.strategy == _NONE:
        return owner is not None
    return owner.strategy == _OWN_SPARED and _space(part) == owner.resource.namespace


def _unasked(one: Inhibition, own: int) -> Inhibition:
    return one._replace(source=one.source[own:], target=one.target[own:])


def _scoped(part: Router, route: Route) -> Route:
    """Give a route the time intervals of its own part, by the names that the operator makes."""
    prefix = _prefix(part)
    return route._replace(
        muted=tuple(prefix + one for one in route.muted),
        active=tuple(prefix + one for one in route.active),
        routes=tuple(_scoped(part, one) for one in route.routes),
    )


def _prefixed(part: Router) -> dict[str, tuple[TimeInterval, ...]]:
    return {_prefix(part) + name: one for name, one in part.intervals.items()}


def _prefix(part: Router) -> str:
    own = part.origin.resource
    joint = "-" if own is not None and own.kind.startswith("VM") else "/"
    return joint.join((own.namespace or "?", own.name, "")) if own is not None else ""
