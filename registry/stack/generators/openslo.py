"""OpenSLO: each objective as an SLO of its metric's query, and a service for each layer.

A share that is to be high or low is a ratio, and its level the target. Any other level is a
threshold: for which share of the time it is to hold no field says, and `x-openslo-target` does.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from registry.deployed.promql.rewrite import bracketed
from registry.model.cadence import Objective
from registry.model.metrics import Metric
from registry.model.ownership import Layer
from registry.model.quantity import Portion
from registry.model.reference import names
from registry.model.scalars import Duration
from registry.model.unit import is_percent, is_share
from registry.output.yaml_document import document
from registry.span import KeyPath
from registry.stack.condition import number, plain
from registry.stack.generator import Generated, Generator, Missing, Order, only
from registry.stack.header import header
from registry.stack.names import object_name
from registry.stack.queries import Queries

SHARE = "x-openslo-target"
"""The user's own key of an objective that says for which share of the time its level holds."""
_OPERATORS = {"above": "gt", "at_least": "gte", "below": "lt", "at_most": "lte"}
_VERSION = "openslo/v1"
_UNITS = (("w", 604_800_000), ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000))

_ONE_UNIT = re.compile("[1-9][0-9]*[mhdw]")

Json = dict[str, object]


class _Level(NamedTuple):
    """A level that is asked for, by its word, and as a number: of a share, in parts of one."""

    word: str
    value: Decimal
    is_share: bool

    @property
    def is_floor(self) -> bool:
        return self.word in {"above", "at_least"}


class _LackError(Exception):
    """What keeps an objective from being written: the field, and what is wrong with it."""

    def __init__(self, field: KeyPath, message: str) -> None:
        super().__init__(message)
        self.field = field


def build(order: Order) -> Generated:
    """Write every objective of which enough is said, and the services that they are of."""
    queries, taken = Queries(order), dict[str, str]()
    objectives = order.workspace.all(Objective)
    made: list[Json] = []
    missing: list[Missing] = []
    for id_, objective in objectives.items():
        try:
            made.append(_slo(order, queries, id_, objective, taken))
            missing += _unused(order, id_, made[-1])
        except _LackError as error:
            missing.append(order.missing("objectives", id_, error.field, str(error)))
    parts = [document(one) for one in (*_services(order, made), *made)]
    head = "".join(f"# {one}\n" for one in header("openslo", order))
    counts = {"objective": (len(made), len(objectives))}
    return only(order, head + "---\n".join(parts) if parts else "", missing, counts)


def _slo(
    order: Order, queries: Queries, id_: str, objective: Objective, taken: dict[str, str]
) -> Json:
    name = object_name(id_)
    if taken.setdefault(name, id_) != id_:
        raise _LackError((), f"`{taken[name]}` is called `{name}` already: give it another id")
    if objective.metric is None:
        raise _LackError(("metric",), "missing: nothing says what is measured")
    if objective.window is None:
        raise _LackError(("window",), "missing: nothing says over how long it is judged")
    metric = order.workspace.all(Metric)[objective.metric]
    level = _level(objective, metric)
    source = _source(queries, objective.metric, metric)
    if level.is_share:
        kind = "success" if level.is_floor else "failure"
        spec: Json = {"ratioMetric": {"counter": False, "rawType": kind, "raw": source}}
        levels: Json = {"target": _target(level)}
    else:
        spec = {"thresholdMetric": source}
        value, share = float(level.value), _share_of_time(order, id_)
        levels = {"op": _OPERATORS[level.word], "value": value, "target": share}
    owner = names(objective.owner)
    labels = {"owner": owner[0]} if len(owner) == 1 else {}
    about = order.text(objective.customer_impact or metric.definition or id_)
    return {
        "apiVersion": _VERSION,
        "kind": "SLO",
        "metadata": {"name": name, "displayName": id_, **({"labels": labels} if labels else {})},
        "spec": {
            "description": about,
            "service": object_name(metric.layer or order.workspace.manifest.name),
            "indicator": {"metadata": {"name": object_name(objective.metric)}, "spec": spec},
            "timeWindow": [{"duration": _duration(objective.window), "isRolling": True}],
            "budgetingMethod": "Occurrences",
            "objectives": [levels],
        },
    }


def _source(queries: Queries, id_: str, metric: Metric) -> Json:
    """Write where a metric is measured; what is in percent becomes a ratio, which is of one."""
    query = queries.of(id_)
    if isinstance(query, Missing):
        raise _LackError(("metric",), query.told)
    if is_percent(metric.unit or ""):
        query = f"{bracketed(query)} / 100"
    return {"metricSource": {"type": "Prometheus", "spec": {"query": query}}}


def _level(objective: Objective, metric: Metric) -> _Level:
    """Tell the one level that is asked for, a share of a metric that is one."""
    target = objective.target
    given = [(word, size) for word in _OPERATORS if target and (size := getattr(target, word))]
    if len(given) != 1:
        raise _LackError(("target",), f"missing: not one of {', '.join(_OPERATORS)}")
    word, size = given[0]
    unit = metric.unit or ""
    value = Decimal(number(size, metric.unit))
    if is_percent(unit):
        return _Level(word, value / 100, is_share=True)
    return _Level(word, value, is_share=is_share(unit) or (size.is_percent and not unit))


def _target(level: _Level) -> float:
    """Tell the share that is to be good; of what is to be low it is the rest."""
    share = level.value if level.is_floor else 1 - level.value
    if not 0 <= share < 1:
        message = f"{plain(level.value)}: OpenSLO's targets are from 0 up to, and without, 1"
        raise _LackError(("target", level.word), message)
    return float(share)


def _share_of_time(order: Order, id_: str) -> float:
    said = order.workspace.extensions.get(("objectives", id_), {}).get((SHARE,))
    if said is None:
        raise _LackError((SHARE,), "missing: for which share of the time the level is to hold")
    try:
        found = Portion.read(said)
    except ValueError as error:
        raise _LackError((SHARE,), str(error)) from None
    share = found.exact
    if share == 1:
        raise _LackError((SHARE,), "OpenSLO's targets are from 0 up to, and without, 1")
    return float(share)


def _unused(order: Order, id_: str, made: Json) -> Iterator[Missing]:
    """Yield the share of the time where an SLO has no use for it: its level is one itself."""
    levels = made["spec"]["objectives"][0]  # type: ignore[index]
    if "op" not in levels and (SHARE,) in order.workspace.extensions.get(("objectives", id_), {}):
        message = "not used: the level is itself of a share, and so the target"
        yield order.missing("objectives", id_, (SHARE,), message)


def _services(order: Order, made: list[Json]) -> Iterator[Json]:
    """Yield the services that are spoken of: layers, by their names."""
    layers = {object_name(id_): (id_, one) for id_, one in order.workspace.all(Layer).items()}
    spoken = dict.fromkeys(str(one["spec"]["service"]) for one in made)  # type: ignore[index]
    for name in spoken:
        id_, layer = layers.get(name, (name, None))
        title = order.text((layer.title if layer else None) or id_)
        team = names(layer.team) if layer is not None else ()
        labels = {"labels": {"team": team[0]}} if len(team) == 1 else {}
        about = (
            {"description": order.text(layer.description)} if layer and layer.description else {}
        )
        named = {"name": name, "displayName": title, **labels}
        yield {"apiVersion": _VERSION, "kind": "Service", "metadata": named, "spec": about}


def _duration(window: Duration) -> str:
    """Write a length of time in one unit: its own, else the largest that gives a whole number."""
    if _ONE_UNIT.fullmatch(window):
        return str(window)
    length = window.milliseconds
    unit, size = next(((unit, size) for unit, size in _UNITS if length % size == 0), _UNITS[-1])
    return f"{max(length // size, 1)}{unit}"


GENERATOR = Generator(
    "openslo", "objectives as SLOs, and layers as services", build, "openslo.yml", (".yml", ".yaml")
)
