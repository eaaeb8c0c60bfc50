"""Whether a query gives something at every instant, whatever is stored: the query of a watchdog.

Only what is certain counts. A value is NaN where it is not known; nothing is concluded from one.
"""

import math
import operator
from collections.abc import Callable, Mapping

from registry.deployed.promql.number import number, reckoned
from registry.deployed.promql.parse import parsed
from registry.deployed.promql.tree import Aggregation, Call, Expression, Operation, Wrapped

_OF_ONE = frozenset(
    ("abs", "ceil", "clamp", "clamp_max", "clamp_min", "exp", "floor", "label_join",
     "label_replace", "round", "sgn", "sort", "sort_desc")
)  # fmt: skip
"""Functions that give as many series as they are given."""
_WHOLE = frozenset({"avg", "count", "group", "max", "min", "sum"})
_COMPARED: Mapping[str, Callable[[float, float], bool]] = {
    "==": operator.eq, "!=": operator.ne, ">": operator.gt, "<": operator.lt, ">=": operator.ge,
    "<=": operator.le,
}  # fmt: skip


def always_fires(query: str) -> bool:
    """Whether a query has a result at every instant, as `vector(1)` has."""
    tree = parsed(query)
    return tree is not None and (number(tree) is not None or _vector(tree) is not None)


def _vector(tree: Expression) -> float | None:
    """Return the value of a series that is always there; None where that is not certain."""
    match tree:
        case Call(function="vector"):
            return number(tree.arguments[0]) if len(tree.arguments) == 1 else None
        case Call() if tree.function in _OF_ONE and tree.arguments:
            return None if _vector(tree.arguments[0]) is None else math.nan
        case Wrapped(sign="()"):
            return _vector(tree.of)
        case Wrapped(sign="-"):
            found = _vector(tree.of)
            return None if found is None else -found
        case Aggregation() if tree.operator in _WHOLE:
            return None if _vector(tree.of) is None else math.nan
        case Operation():
            return _together(tree)
        case _:
            return None


def _together(tree: Operation) -> float | None:
    left, right = _vector(tree.left), _vector(tree.right)
    if tree.operator == "or":
        # What stands on the right is there, or the left has a series in its place.
        return left if left is not None else None if right is None else math.nan
    if left is None:
        left = number(tree.left)
    if right is None:
        right = number(tree.right)
    if left is None or right is None or tree.operator == "unless":
        return None
    if tree.operator == "and":
        return left
    if tree.operator in _COMPARED and tree.is_bool:
        return math.nan
    if tree.operator in _COMPARED:
        return left if _COMPARED[tree.operator](left, right) and not math.isnan(right) else None
    return reckoned(tree.operator, left, right)
