"""The values that a metric has while an alert fires, or while a scenario moves it."""

from registry.deployed.promql.compared import compared
from registry.model.metrics import When
from registry.model.quantity import Quantity
from registry.model.scenario import Given
from registry.model.unit import is_share
from registry.stack.condition import number
from registry.stack.series import UnsolvedError, WantedValues

_MOST = 0.8
"""The share of a fall that can be gone well beyond."""
_NUDGE = 1e-6
"""By which share a value is put beyond, or short of, a limit: more than rounding."""


def while_firing(when: When, unit: str | None) -> WantedValues:
    """Tell values at which a condition holds. Raises UnsolvedError where none are known."""
    name = when.operators[0]
    if when.expr is not None:
        return _while_compared(when.expr)
    size: Quantity = getattr(when, name)
    if name in {"above", "below"}:
        return _beyond(float(number(size, unit)), rises=name == "above")
    amount = float(size.number)
    if not size.is_percent:
        return (
            WantedValues(amount, 3 * amount)
            if name == "rises_by"
            else WantedValues(3 * amount, amount)
        )
    share = amount / 100
    if name == "rises_by":
        return WantedValues(_usual(unit), _usual(unit) * (1 + 2 * share))
    if share > _MOST:
        raise UnsolvedError("there is little left that it could fall further by")
    return WantedValues(_usual(unit), _usual(unit) * (1 - share) / 2)


def while_moving(given: Given, when: When, unit: str | None, *, fires: bool) -> WantedValues:
    """Tell the values of a metric that a scenario moves, and a condition fires at, or does not.

    A value on the edge is put beyond it, or short of it. Raises UnsolvedError where the scenario
    moves it by a percentage and the condition by a number, or the other way about.
    """
    size = given.drops_by or given.rises_by
    falls = given.drops_by is not None
    limit = when.drops_by or when.rises_by
    if size is not None and limit is not None and size.is_percent is not limit.is_percent:
        raise UnsolvedError("one of the two is a percentage, and the other a number")
    amount = 0.0 if size is None else float(size.number)
    if given.value is not None:
        now = float(number(given.value, unit))
        before = _back(now, amount, falls=falls, is_percent=size is not None and size.is_percent)
    else:
        before = _usual(unit)
        by = before * amount / 100 if size is not None and size.is_percent else amount
        now = before - by if falls else before + by
    up = (when.above or when.rises_by) is not None
    return WantedValues(before, now + (abs(now) or 1) * _NUDGE * (1 if up is fires else -1))


def _back(now: float, amount: float, *, falls: bool, is_percent: bool) -> float:
    """Tell what a metric was before it moved."""
    if not is_percent:
        return now + amount if falls else now - amount
    factor = 1 - amount / 100 if falls else 1 + amount / 100
    if not factor:
        raise UnsolvedError("of what fell by all of it nothing is left")
    return now / factor


def _while_compared(expr: str) -> WantedValues:
    found = compared(expr)
    if found is None:
        raise UnsolvedError("its condition is more than one comparison with a number")
    return _beyond(found.number, rises=found.operator.startswith(">"))


def _beyond(limit: float, *, rises: bool) -> WantedValues:
    """Tell a value well beyond a limit."""
    if rises:
        value = limit + (abs(limit) or 1.0)
    else:
        value = limit / 2 if limit > 0 else limit - (abs(limit) or 1.0)
    return WantedValues(value, value)


def _usual(unit: str | None) -> float:
    return 1.0 if unit is not None and is_share(unit) else 100.0
