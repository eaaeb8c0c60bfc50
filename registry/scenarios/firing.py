"""Which alerts fire when something happens, and of which that cannot be told."""

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from registry.model.failures import Failure
from registry.model.metrics import Alert, Metric
from registry.model.quantity import Quantity
from registry.model.scenario import Given
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

    Percentages and numbers are compared as fractions: `0.1` and `10%` are the same size. PromQL is
    not evaluated, so of an alert with `expr` it cannot be told whether a move makes it fire.
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
        told = self.meets(name, _size(limit))
        if told is not None:
            return told
        wanted = name if name.endswith("_by") else "value"
        return f"the condition of `{id_}` is `{when.in_words()}`, and no `{wanted}` is given"

    def meets(self, name: str, limit: Fraction) -> bool | None:
        """Compare the move with one condition; None where nothing is given to compare."""
        value, drop, rise = self.given.value, self.given.drops_by, self.given.rises_by
        if name in {"above", "below"}:
            if value is None:
                return None
            return _size(value) > limit if name == "above" else _size(value) < limit
        moved, other = (drop, rise) if name == "drops_by" else (rise, drop)
        if moved is not None:
            return _size(moved) >= limit
        return False if other is not None else None

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


def _size(one: Quantity) -> Fraction:
    """Return a quantity's exact value: in binary, 0.7% is not 0.007."""
    size = Fraction(one.text.removesuffix("%"))
    return size / 100 if one.is_percent else size
