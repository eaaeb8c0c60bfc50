"""What people write as a metric's unit: a share, a percentage, an amount in a period."""

import re
from decimal import Decimal

from registry.model.quantity import Quantity
from registry.model.scalars import Period

_PERIODS = {"h": (1, 0), "d": (24, 0), "w": (168, 0), "mo": (0, 1), "y": (0, 12)}
"""How many hours, and how many months, each letter of a period stands for."""

_WORDS = {
    **dict.fromkeys(("h", "hour", "hourly"), "h"),
    **dict.fromkeys(("d", "day", "daily"), "d"),
    **dict.fromkeys(("w", "wk", "week", "weekly"), "w"),
    **dict.fromkeys(("mo", "month", "monthly"), "mo"),
    **dict.fromkeys(("y", "yr", "year", "yearly"), "y"),
}

_TAIL = re.compile(rf"(?: ?/ ?| per | a | each | )(?:([0-9]{{1,4}}) ?)?({'|'.join(_WORDS)})s?$")
_SHARE = re.compile(r"(?:ratio|share|fraction|proportion|probability)\b")
_PERCENT = re.compile(r"%|(?:percent|percentage|per cent|pct)\b")


def is_share(unit: str) -> bool:
    """Whether numbers in a unit are parts of one: a ratio, a share."""
    return _SHARE.match(_folded(unit)) is not None


def is_percent(unit: str) -> bool:
    """Whether numbers in a unit are parts of a hundred."""
    return _PERCENT.match(_folded(unit)) is not None


def level(size: Quantity, unit: str | None) -> Decimal:
    """Tell a value or a limit as a number in a metric's unit, exactly.

    A percentage is a part of one, and in a unit of percent the number before the sign.
    """
    return size.number if unit is not None and is_percent(unit) else size.exact


def without_period(unit: str, period: Period | None) -> str:
    """Fold a unit's case and blanks, and cut a period from its end if it is this one.

    `USD / day`, `usd per 24h` and `USD daily` are all `usd` in a period of `1d`.
    """
    folded = _folded(unit)
    own = re.fullmatch(r"([0-9]+)([a-z]+)", period or "")
    tail = _TAIL.search(folded)
    if own is None or tail is None or _length(tail[1], _WORDS[tail[2]]) != _length(own[1], own[2]):
        return folded
    return folded[: tail.start()]


def _folded(unit: str) -> str:
    return " ".join(unit.casefold().split())


def _length(number: str | None, letter: str) -> tuple[int, int]:
    """Return a period as hours and months, of which one is 0."""
    hours, months = _PERIODS.get(letter, (0, 0))
    times = int(number or 1)
    return times * hours, times * months
