"""CEL's operators and functions over plain values; what is unknown stays so."""

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

from registry.checks.cel.facts import EntityView, UnreadEntity
from registry.checks.cel.values import (
    UNKNOWN,
    FailedError,
    Length,
    Meter,
    Partial,
    holds,
    is_number,
    joined,
    kind_of,
    length,
    same,
    weight,
)

Binary = Callable[[Any, Any, Meter], Any]

_LARGEST = 2**63


def _equal(left: Any, right: Any, meter: Meter) -> bool:
    meter.take(weight(left))
    return same(left, right, meter)


def _unequal(left: Any, right: Any, meter: Meter) -> bool:
    return not _equal(left, right, meter)


def _ordered(sign: str, compare: Callable[[Any, Any], bool]) -> Binary:
    def run(left: Any, right: Any, _meter: Meter) -> bool:
        if isinstance(left, Length) and isinstance(right, Length):
            return compare(left.milliseconds, right.milliseconds)
        if is_number(left) and is_number(right):
            return compare(left, right)
        if isinstance(left, str) and isinstance(right, str):
            return compare(left, right)
        raise _mismatch(sign, left, right)

    return run


def _mismatch(sign: str, left: Any, right: Any) -> FailedError:
    return FailedError(f"`{sign}` does not go between {kind_of(left)} and {kind_of(right)}")


def _add(left: Any, right: Any, meter: Meter) -> Any:
    if isinstance(left, Length) and isinstance(right, Length):
        return Length(left.milliseconds + right.milliseconds)
    if isinstance(left, str) and isinstance(right, str):
        meter.take(len(left) + len(right))
        return left + right
    if isinstance(left, list) and isinstance(right, list):
        meter.take(len(left) + len(right))
        return joined(
            [*left, *right], partial=isinstance(left, Partial) or isinstance(right, Partial)
        )
    return _arithmetic("+", lambda a, b: a + b)(left, right, meter)


def _subtract(left: Any, right: Any, meter: Meter) -> Any:
    if isinstance(left, Length) and isinstance(right, Length):
        return Length(left.milliseconds - right.milliseconds)
    return _arithmetic("-", lambda a, b: a - b)(left, right, meter)


def _arithmetic(sign: str, work: Callable[[Any, Any], Any]) -> Binary:
    def run(left: Any, right: Any, _meter: Meter) -> Any:
        if not (is_number(left) and is_number(right)):
            raise _mismatch(sign, left, right)
        try:
            found = work(left, right)
        except ZeroDivisionError:
            raise FailedError(f"`{sign}` by nought") from None
        if isinstance(found, int) and not -_LARGEST <= found < _LARGEST:
            raise FailedError(f"`{sign}` leaves the whole numbers of 64 bits")
        return found

    return run


def _divide(left: Any, right: Any) -> Any:
    """Divide; whole numbers towards nought, as CEL has it."""
    if isinstance(left, float) or isinstance(right, float):
        return left / right
    found = abs(left) // abs(right)
    return found if (left < 0) == (right < 0) else -found


def _remainder(left: Any, right: Any) -> Any:
    return left - right * _divide(left, right)


BINARY: dict[str, Binary] = {
    "relation_eq": _equal,
    "relation_ne": _unequal,
    "relation_lt": _ordered("<", lambda a, b: a < b),
    "relation_le": _ordered("<=", lambda a, b: a <= b),
    "relation_gt": _ordered(">", lambda a, b: a > b),
    "relation_ge": _ordered(">=", lambda a, b: a >= b),
    "relation_in": holds,
    "addition_add": _add,
    "addition_sub": _subtract,
    "multiplication_mul": _arithmetic("*", lambda a, b: a * b),
    "multiplication_div": _arithmetic("/", _divide),
    "multiplication_mod": _arithmetic("%", _remainder),
}
"""The operators between two values, by the grammar's names."""


def negate(value: Any) -> Any:
    """Turn a number's sign."""
    if not is_number(value):
        raise FailedError(f"`-` asks for a number; this is {kind_of(value)}")
    return -value


def member(value: Any, name: str) -> Any:
    """Take a field by its name."""
    if isinstance(value, (EntityView, UnreadEntity)):
        return value.get(name)
    if isinstance(value, dict):
        if name in value:
            return value[name]
        raise FailedError(f"the mapping has no key `{name[:60]}`")
    raise FailedError(f"`.{name[:60]}` asks for a mapping; this is {kind_of(value)}")


def index(value: Any, key: Any) -> Any:
    """Take an item of a list by its number from nought, or of a mapping by its key."""
    if isinstance(value, list):
        if isinstance(key, bool) or not isinstance(key, int):
            raise FailedError(f"a list's item is asked for by its number, not by {kind_of(key)}")
        if 0 <= key < len(value):
            return value[key]
        if isinstance(value, Partial):
            return UNKNOWN
        raise FailedError(f"the list has no item {key}: it has {len(value)}")
    if not isinstance(key, str):
        raise FailedError(f"a key is a text; this is {kind_of(key)}")
    return member(value, key)


class Function(NamedTuple):
    """A function: how it runs, and the kind of each argument, the first before the dot."""

    run: Callable[..., Any]
    takes: tuple[type | tuple[type, ...], ...]
    gives: type
    is_method: bool = True


def _size(meter: Meter, value: Any) -> Any:  # noqa: ARG001 - every function is given the meter
    return UNKNOWN if isinstance(value, Partial) else len(value)


def _text(verb: Callable[[str, str], bool]) -> Callable[..., Any]:
    def run(meter: Meter, text: str, other: str) -> bool:
        meter.take(weight(text))
        return verb(text, other)

    return run


def _matches(meter: Meter, text: str, pattern: str) -> bool:
    meter.take(10 + len(text) + len(pattern))
    meter.read_pattern(pattern)
    return _searches(pattern)(text)


@cache
def _searches(pattern: str) -> Callable[[str], bool]:
    """Compile a pattern (RE2, so that none takes for ever). Raises FailedError where it is none."""
    import re2

    options = re2.Options()
    options.log_errors = False
    options.max_mem = 1 << 20
    try:
        search = re2.compile(pattern, options).search
    except re2.error:
        raise FailedError(f"`{pattern[:60]}` is no pattern of RE2") from None
    return lambda text: search(text) is not None


def _lower(meter: Meter, text: str) -> str:
    meter.take(weight(text))
    return text.lower()


def _string(meter: Meter, value: Any) -> str:  # noqa: ARG001
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _int(meter: Meter, value: Any) -> int:
    meter.take(weight(value))
    try:
        found = int(value if isinstance(value, (int, float)) else value[:40])
    except (ValueError, OverflowError):
        raise FailedError(f"`{str(value)[:60]}` is no whole number") from None
    if not -_LARGEST <= found < _LARGEST:
        raise FailedError("the number leaves the whole numbers of 64 bits")
    return found


def _double(meter: Meter, value: Any) -> float:
    meter.take(weight(value))
    try:
        return float(value)
    except ValueError:
        raise FailedError(f"`{str(value)[:60]}` is no number") from None


def _duration(meter: Meter, text: str) -> Length:  # noqa: ARG001
    return length(text)


_SCALAR = (str, int, float)

FUNCTIONS: dict[str, Function] = {
    "size": Function(_size, ((str, list, dict),), int),
    "startsWith": Function(_text(str.startswith), (str, str), bool),
    "endsWith": Function(_text(str.endswith), (str, str), bool),
    "contains": Function(_text(str.__contains__), (str, str), bool),
    "matches": Function(_matches, (str, str), bool),
    "lowerAscii": Function(_lower, (str,), str),
    "string": Function(_string, (_SCALAR,), str, is_method=False),
    "int": Function(_int, (_SCALAR,), int, is_method=False),
    "double": Function(_double, (_SCALAR,), float, is_method=False),
    "duration": Function(_duration, (str,), Length, is_method=False),
}
"""The functions, by name. `size` and `matches` may stand before their argument, too, as in CEL."""

PLAIN = frozenset({"size", "matches", "string", "int", "double", "duration"})
"""Functions that take what they are about in brackets: `size(self.members)`."""


def call(name: str, function: Function, values: list[Any], meter: Meter) -> Any:
    """Call a function. Raises FailedError for an argument of another kind."""
    for value, wanted in zip(values, function.takes, strict=True):
        if value is UNKNOWN:
            return UNKNOWN
        if not isinstance(value, wanted):
            raise FailedError(f"`{name}` does not take {kind_of(value)}")
    return function.run(meter, *values)
