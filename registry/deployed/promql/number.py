"""What a number in a query is: written, or reckoned from others."""

import math
import operator
from collections.abc import Callable, Mapping

from registry.deployed.promql.tree import Call, Expression, Number, Operation, Wrapped

_CHANGING = frozenset({"time", "pi", "scalar"})
"""Functions that give a number, of which nothing is told here."""


def number(tree: Expression) -> float | None:
    """Return the value of a number; NaN where it changes or is not told, None if it is none."""
    match tree:
        case Number():
            return tree.value
        case Wrapped(sign="()"):
            return number(tree.of)
        case Wrapped(sign="-"):
            found = number(tree.of)
            return None if found is None else -found
        case Call() if tree.function in _CHANGING:
            return math.nan
        case Operation():
            left, right = number(tree.left), number(tree.right)
            return None if left is None or right is None else reckoned(tree.operator, left, right)
        case _:
            return None


def reckoned(sign: str, left: float, right: float) -> float:
    """Reckon as Prometheus does; NaN for what is no number, or is not reckoned here."""
    reckon = _RECKONED.get(sign)
    try:
        return math.nan if reckon is None else reckon(left, right)
    except (ArithmeticError, ValueError):
        return math.nan


_RECKONED: Mapping[str, Callable[[float, float], float]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv,
    "%": math.fmod, "^": math.pow,
}  # fmt: skip
