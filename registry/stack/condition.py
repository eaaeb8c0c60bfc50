"""A condition of the registry as PromQL on the metric's own query.

What each word means is said in `docs/generate.md`, and here:

- `above` and `below` are strict. With `over` it is the metric's mean over that window, but for a
  query that looks back over just this window by itself.
- `drops_by` and `rises_by` compare with the value `over` ago, and hold from just so much on. A
  percentage is of what the metric was, whatever its sign; a number is an amount in its unit.
- A percentage that a level is compared with is a share of 1, or in a unit of percent a number.
"""

from decimal import Decimal
from typing import NamedTuple

from registry.deployed.promql.parse import problem
from registry.deployed.promql.rewrite import (
    asks_of_now,
    bracketed,
    earlier,
    is_fixed,
    tidied,
    windows,
)
from registry.model.metrics import Alert, Metric, When
from registry.model.quantity import Quantity
from registry.model.scalars import Duration
from registry.model.unit import level
from registry.span import KeyPath

_COMPARED = {"above": ">", "below": "<"}
_STEPS = 60
"""How many values a mean is of, but that none is nearer to the next than a minute."""
_MINUTE = 60_000
_UNMOVED = "its query has `@ end()` or `@ start()`: that is now, whatever time `over` looks at"


class Unsaid(NamedTuple):
    """Why a condition cannot be written, and the field of the alert that is missing or wrong."""

    field: KeyPath
    message: str


def written(when: When, query: str, unit: str | None) -> str | Unsaid:
    """Write a condition on a query as PromQL, which parses; or say what keeps it from that.

    An `expr` is taken as it is: the query is not asked.
    """
    name = when.operators[0]
    if when.expr is not None:
        made = tidied(when.expr)
    elif name in _COMPARED:
        if _is_mean(when, query) and asks_of_now(query):
            return Unsaid(("when", "over"), _UNMOVED)
        made = f"{_level(when, query)} {_COMPARED[name]} {number(getattr(when, name), unit)}"
    elif when.over is None or not when.over.milliseconds:
        return Unsaid(("when", "over"), f"`{name}` needs `over`: against when it is compared")
    elif asks_of_now(query):
        return Unsaid(("when", name), _UNMOVED)
    elif is_fixed(query):
        return Unsaid(("when", name), "its query is `@` one time: it is compared with itself")
    else:
        made = _change(name, getattr(when, name), query, when.over)
    wrong = problem(made)
    return made if wrong is None else Unsaid(("when", name), f"it is no PromQL: {wrong}")


def _is_mean(when: When, query: str) -> bool:
    """Whether what is compared with a level is the mean of several times."""
    over = when.over.milliseconds if when.over is not None else 0
    return over > 0 and windows(query) != {over}


def _level(when: When, query: str) -> str:
    """Write what is compared with a number."""
    over = when.over
    if over is None or not _is_mean(when, query):
        return bracketed(query, loosely=True)
    step = max(_MINUTE, -(-over.milliseconds // _STEPS // _MINUTE) * _MINUTE)
    return f"avg_over_time(({query})[{over}:{step // _MINUTE}m])"


def _change(name: str, size: Quantity, query: str, over: Duration) -> str:
    """Write a drop or a rise; a relative one is NaN or endless where the metric was 0."""
    past = earlier(query, over)
    now, before = bracketed(query), bracketed(past)
    falls = name == "drops_by"
    if not size.is_percent:
        first, second = (before, now) if falls else (now, before)
        return f"{first} - {second} >= {plain(size.number)}"
    share = plain(size.exact)
    sign, limit = ("<=", f"-{share}") if falls else (">=", share)
    return f"({now} - {before}) / abs({past}) {sign} {limit}"


def number(size: Quantity, unit: str | None) -> str:
    """Write a level as a number in a metric's unit."""
    return plain(level(size, unit))


def plain(value: Decimal) -> str:
    """Write a number without an exponent, and without zeros that say nothing."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def summary(id_: str, alert: Alert, metric: Metric) -> str:
    """Say in a line when an alert fires."""
    if alert.when is None or alert.when.expr is not None:
        return f"{id_}, on {alert.metric}"
    unit = f" (in {metric.unit})" if metric.unit else ""
    return f"{alert.metric} {alert.when.in_words()}{unit}"
