"""What an expression works on: plain values, what cannot be known, and the steps that are left."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from registry.model.scalars import Duration
from registry.wording import counted

STEPS = 1_000_000
"""Steps that an expression may take on one entity."""
_FIRST = 10_000_000
_EACH = 5_000


class WrongExpressionError(Exception):
    """An expression that cannot be asked at all: told once, whatever the registry holds."""

    def __init__(self, message: str, help: str) -> None:  # noqa: A002 - the diagnostic's own word
        super().__init__(message)
        self.help = help


class FailedError(Exception):
    """An expression that fails on an entity: a value is of another kind than it asks for."""


class OverBudgetError(Exception):
    """An expression that takes more steps than it may."""


class Unknown:
    """A value that did not load, or is still a placeholder: nothing is said about it."""


UNKNOWN: Final = Unknown()


class Partial(list[Any]):
    """A list that may hold more than it shows: something that belongs there was not read."""


_PATTERN = 2_000
"""Steps that compiling a pattern counts for: RE2 takes up to two milliseconds for one."""


class Meter:
    """Counts steps: those of one entity, and those of all rules of a check together.

    A count and not a clock: the same files give the same answer on every machine.
    """

    def __init__(self) -> None:
        self.total = _FIRST
        self.spent = 0
        self.used = 0
        self.limit = 0
        self._patterns: set[str] = set()

    def read_pattern(self, pattern: str) -> None:
        """Count what it takes to compile a pattern, which is done once for each."""
        if pattern not in self._patterns:
            self._patterns.add(pattern)
            self.take(_PATTERN)

    def allow(self, entities: int) -> None:
        """Allow for the entities of a registry: all rules together may take so many steps."""
        self.total = _FIRST + _EACH * entities

    def begin(self, cost: int) -> None:
        """Begin with another entity; `cost` is what an expression takes without its loops."""
        self.spent += self.used
        self.used = 0
        self.limit = min(STEPS, self.total - self.spent)
        self.take(cost)

    def take(self, steps: int) -> None:
        """Count steps. Raises OverBudgetError where there are no more."""
        self.used += steps
        if self.used > self.limit:
            if self.limit < STEPS:
                raise OverBudgetError(
                    f"the custom rules together take more than {self.total:,} steps"
                )
            raise OverBudgetError(f"it takes more than {STEPS:,} steps")


class Length:
    """A length of time, made by `duration()`: compared and added, never shown."""

    __slots__ = ("milliseconds",)

    def __init__(self, milliseconds: int) -> None:
        self.milliseconds = milliseconds

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Length) and self.milliseconds == other.milliseconds

    def __hash__(self) -> int:
        return hash(self.milliseconds)


def length(text: str) -> Length:
    """Read a duration in the format's spelling. Raises FailedError where it is none."""
    try:
        return Length(Duration.read(text).milliseconds)
    except ValueError as error:
        raise FailedError(f"`{text[:60]}` is no duration: {error}") from None


def kind_of(value: object) -> str:
    """Name the kind of a value, with its article, for messages."""
    for kind, name in _KINDS:
        if isinstance(value, kind):
            return name
    return "a mapping"


_KINDS: tuple[tuple[Any, str], ...] = (
    (type(None), "null"),
    (bool, "a true or false"),
    ((int, float), "a number"),
    (str, "a text"),
    (list, "a list"),
    (Length, "a duration"),
)


def is_number(value: object) -> bool:
    """Whether a value is a number; true and false are none."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def same(left: Any, right: Any, meter: Meter) -> bool:
    """Whether two values are equal; true is not 1, and values of two kinds never are.

    Each item that is looked at is a step, however often one list stands within another.
    """
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, list) and isinstance(right, list):
        meter.take(len(left))
        return len(left) == len(right) and all(
            same(one, other, meter) for one, other in zip(left, right, strict=True)
        )
    return bool(left == right)


def weight(value: Any) -> int:
    """Tell how many steps it takes to look through a value: more for a long one."""
    return len(value) // 8 if isinstance(value, (str, list, dict)) else 0


def holds(needle: Any, held: Any, meter: Meter) -> Any:
    """Tell whether a list holds a value, or a mapping a key."""
    if isinstance(held, Mapping):
        return isinstance(needle, str) and needle in held
    if not isinstance(held, list):
        raise FailedError(f"`in` asks for a list on its right; this is {kind_of(held)}")
    meter.take(weight(held))
    inside = (
        needle in held if isinstance(needle, str) else any(same(needle, x, meter) for x in held)
    )
    return inside or (UNKNOWN if isinstance(held, Partial) else False)


def shown(value: Any) -> str:
    """Write a value into a message."""
    if value is None or value == []:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ", ".join(map(shown, value[:10])) + (
            f" … ({counted(len(value), 'item')})" if len(value) > 10 else ""
        )
    return str(value) if isinstance(value, (str, int, float)) else kind_of(value)


def joined(parts: Iterable[Any], *, partial: bool) -> list[Any]:
    """Make a list, one that may hold more where `partial` says so."""
    return Partial(parts) if partial else list(parts)
