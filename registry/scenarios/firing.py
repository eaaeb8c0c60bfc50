"""Which alerts fire when something happens, and of which that cannot be told."""

from collections.abc import Iterator
from typing import NamedTuple

from registry.model.failures import Failure
from registry.model.metrics import Alert, Metric
from registry.model.quantity import Quantity
from registry.model.scenario import Given
from registry.model.unit import is_share, level
from registry.workspace.not_loaded import unread, unread_fields
from registry.workspace.workspace import Workspace


class Firing(NamedTuple):
    """The alerts that fire, in the files' order.

    `doubts` say why others may fire as well; `otherwise` is why none does, where none is known to.
    """

    alerts: tuple[str, ...]
    doubts: tuple[str, ...]
    otherwise: str


def firing(workspace: Workspace, given: Given) -> Firing:
    """Tell which alerts fire.

    A level counts in its metric's unit, as in the rule that is generated: `50%` is `0.5`, and where
    the unit is percent it is `50`. PromQL is not evaluated, so of an alert with `expr` it cannot be
    told whether a move makes it fire.
    """
    asked = _Asked(workspace, given)
    if given.alert is not None:
        return asked.itself(given.alert)
    if given.failure is not None:
        return asked.detecting(given.failure)
    if given.layer is not None:
        return asked.speaking(given.layer)
    return asked.crossed(given.metric or "")


def silent(workspace: Workspace, given: Given) -> tuple[str, ...]:
    """Name the alerts on a metric that moves of which it is sure that they do not fire."""
    asked = _Asked(workspace, given)
    own = ((id_, one) for id_, one in asked.alerts.items() if one.metric == given.metric)
    return tuple(id_ for id_, one in own if asked.fires(id_, one) is False)


class _Unit(NamedTuple):
    """A metric's unit, or why it is not known."""

    unit: str | None
    why: str


class _Asked:
    def __init__(self, workspace: Workspace, given: Given) -> None:
        self.workspace = workspace
        self.given = given
        self.alerts = workspace.all(Alert)

    def itself(self, id_: str) -> Firing:
        if id_ in self.alerts:
            return Firing((id_,), (), "")
        return Firing((), (f"the alert `{id_}` did not load",), "")

    def detecting(self, id_: str) -> Firing:
        failure = self.workspace.all(Failure).get(id_)
        if failure is None:
            return Firing((), (f"the failure `{id_}` did not load",), "")
        found = tuple(one for one in failure.detected_by if one in self.alerts)
        lost = [
            f"the alert `{one}` did not load"
            for one in failure.detected_by
            if one not in found
            if self.workspace.has("alerts", one) or self.workspace.may_hide(one)
        ]
        part = unread(self.workspace, "failures", id_, ("detected_by",))
        doubts = (*lost, *([part] if part else []))
        return Firing(found, doubts, f"no alert detects `{id_}`")

    def speaking(self, layer: str) -> Firing:
        metrics = self.workspace.all(Metric)
        of = {id_ for id_, one in metrics.items() if one.layer == layer}
        failed = self.workspace.failed.get("metrics", {})
        maybe = {id_ for id_, raw in failed.items() if _may_name(raw, "layer", layer)}
        maybe |= {
            id_ for id_ in metrics if unread_fields(self.workspace, "metrics", id_, ("layer",))
        }
        found = tuple(id_ for id_, one in self.alerts.items() if one.metric in of)
        unsure = [
            f"the layer of `{one.metric}`, which `{id_}` is on, did not load"
            for id_, one in self.alerts.items()
            if one.metric in maybe
        ]
        doubts = (*unsure, *self.lost(of | maybe), *self.hidden({layer, *of}))
        return Firing(found, doubts, f"no alert speaks for the layer `{layer}`")

    def crossed(self, metric: str) -> Firing:
        own = {id_: one for id_, one in self.alerts.items() if one.metric == metric}
        told = {id_: self.fires(id_, one) for id_, one in own.items()}
        doubts = [one for one in told.values() if isinstance(one, str)]
        found = tuple(id_ for id_, one in told.items() if one is True)
        silent = " and ".join(f"`{id_}`" for id_, one in told.items() if one is False)
        otherwise = f"{silent} on `{metric}`: no such move makes it fire" if silent else ""
        if not own:
            otherwise = f"no alert is on `{metric}`"
        return Firing(found, (*doubts, *self.lost({metric}), *self.hidden({metric})), otherwise)

    def fires(self, id_: str, alert: Alert) -> bool | str:
        """Tell whether the move makes an alert fire, or why that cannot be told."""
        if any(self.given.slice.get(key) != value for key, value in alert.slice.items()):
            return False
        part = unread(self.workspace, "alerts", id_, ("slice", "when"))
        if part is not None:
            return part
        unset = self.workspace.placeholders.get(("alerts", id_), {})
        if any(path[0] == "slice" for path in unset):
            return f"the `slice` of `{id_}` is not written yet"
        when = alert.when
        if when is None:
            return f"`{id_}` has no condition"
        if when.expr is not None:
            return f"the condition of `{id_}` is PromQL, which is not evaluated: give that alert"
        name = when.operators[0]
        limit: Quantity = getattr(when, name)
        is_change = name.endswith("_by")
        told = self.changes(name, limit) if is_change else self.reaches(name, limit)
        if told is not None:
            return told
        wanted = name if is_change else "value"
        return f"the condition of `{id_}` is `{when.in_words()}`, and no `{wanted}` is given"

    def reaches(self, name: str, limit: Quantity) -> bool | str | None:
        """Compare the value with a level; None where none is given."""
        value = self.given.value
        if value is None:
            return None
        unit = self.unit_between(value, limit)
        if unit.why:
            return unit.why
        reached, edge = (level(one, unit.unit) for one in (value, limit))
        return reached > edge if name == "above" else reached < edge

    def changes(self, name: str, limit: Quantity) -> bool | str | None:
        """Compare the move with a change; None where no move is given."""
        drop, rise = self.given.drops_by, self.given.rises_by
        moved, other = (drop, rise) if name == "drops_by" else (rise, drop)
        if moved is None:
            return False if other is not None else None
        unit = self.unit_between(moved, limit)
        if unit.why:
            return unit.why
        if moved.is_percent is not limit.is_percent and unit.unit and not is_share(unit.unit):
            return (
                f"of `{name} {moved}` and `{name} {limit}` one is a share of what "
                f"`{self.given.metric}` was, and the other an amount in {unit.unit}"
            )
        return moved.exact >= limit.exact

    def unit_between(self, one: Quantity, other: Quantity) -> _Unit:
        """Tell the unit in which two are compared; none is needed where they are written alike."""
        id_ = self.given.metric or ""
        metric = self.workspace.all(Metric).get(id_)
        if one.is_percent is other.is_percent:
            return _Unit(None, "")
        if metric is None:
            return _Unit(None, f"the metric `{id_}` did not load")
        part = unread(self.workspace, "metrics", id_, ("unit",))
        if ("unit",) in self.workspace.placeholders.get(("metrics", id_), {}):
            part = f"the `unit` of `{id_}` is not written yet"
        return _Unit(metric.unit, part or "")

    def lost(self, metrics: set[str]) -> Iterator[str]:
        """Name the alerts that did not load, and may be on one of these metrics."""
        for id_, raw in self.workspace.failed.get("alerts", {}).items():
            if any(_may_name(raw, "metric", one) for one in metrics):
                yield f"the alert `{id_}` did not load"

    def hidden(self, words: set[str]) -> Iterator[str]:
        """Name what stands in a text that did not load: an alert on it may stand there."""
        for word in sorted(words):
            if self.workspace.may_hide(word):
                yield f"an alert on `{word}` may stand in what did not load"


def _may_name(raw: object, field: str, name: str) -> bool:
    """Whether a field of what did not load names an id, or cannot be read."""
    value = raw.get(field) if isinstance(raw, dict) else None
    return value == name or not isinstance(value, str)
