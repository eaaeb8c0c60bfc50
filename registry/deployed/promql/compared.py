"""What a query compares with a number, where that is all it is: `E op number`."""

import re
from math import isnan
from typing import NamedTuple

from registry.deployed.promql.number import number
from registry.deployed.promql.parse import parsed
from registry.deployed.promql.tree import Operation, Wrapped

_TURNED = {">": "<", "<": ">", ">=": "<=", "<=": ">="}
_QUOTED = re.compile(r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|`[^`]*`|#[^\n]*")
_WINDOW = re.compile(r"\[\s*((?:[0-9]+(?:ms|[smhdwy]))+)\s*(?::[^\]]*)?\]")
_LENGTH = re.compile(r"([0-9]+)(ms|[smhdwy])")
_UNITS = {
    "ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000,
    "y": 31_536_000_000,
}  # fmt: skip


class Compared(NamedTuple):
    """A comparison, the expression on its left: `>`, `<`, `>=` or `<=`, and the number."""

    operator: str
    number: float


def compared(query: str) -> Compared | None:
    """Tell what a query compares with; None where it is anything but `E op number`."""
    tree = parsed(query)
    while isinstance(tree, Wrapped) and tree.sign == "()":
        tree = tree.of
    if not isinstance(tree, Operation) or tree.operator not in _TURNED or tree.is_bool:
        return None
    left, right = number(tree.left), number(tree.right)
    sign, value = (tree.operator, right) if left is None else (_TURNED[tree.operator], left)
    is_one = (left is None) is not (right is None)
    return Compared(sign, value) if is_one and value is not None and not isnan(value) else None


def window(query: str) -> int | None:
    """Tell over how long a query looks back (ms); None where it is no one length."""
    found = {milliseconds(one) for one in _WINDOW.findall(_QUOTED.sub("", query))}
    return found.pop() if len(found) == 1 else None


def milliseconds(text: str) -> int | None:
    """Read a length of time as Prometheus writes it; None where it is none."""
    parts = _LENGTH.findall(text)
    if "".join(number + unit for number, unit in parts) != text or not parts:
        return 0 if text == "0" else None
    return sum(int(number) * _UNITS[unit] for number, unit in parts)
