"""Numbers and texts out of the values of attributes, which may be of any type."""

from decimal import Decimal, InvalidOperation
from typing import Any

_MOST_TOKENS = 2**63 - 1
"""What a count may be: what OTLP can carry."""
_SHORT = 18
"""Digits that are fewer than those of the largest count."""


def as_text(value: Any) -> str:
    """Write a value as text; a truth as JSON has it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def finite(value: object) -> float | None:
    """Read a finite number, also from a text."""
    if isinstance(value, bool) or "_" in str(value):
        return None
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None
    return number if abs(number) < 2**53 else None


def whole(value: object) -> int | None:
    """Read a whole number that is not negative and fits into 64 bits, also from a text."""
    if isinstance(value, str) and len(value) <= _SHORT and value.isascii() and value.isdigit():
        return int(value)  # as nearly all are
    if not isinstance(value, (int, float, str)) or isinstance(value, bool) or "_" in str(value):
        return None
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    if not number.is_finite() or not 0 <= number <= _MOST_TOKENS:
        return None
    return int(number) if number == number.to_integral_value() else None
