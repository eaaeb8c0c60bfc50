"""Findings as plain tuples of texts and numbers, which the cache can hold, and back."""

from typing import Any

from registry.diagnostic import Diagnostic, Fix, FixChange, Label, Severity, Suppression
from registry.span import Location, Position, Span

_KINDS: tuple[type[Any], ...] = (
    Diagnostic, Label, Location, Span, Position, Fix, FixChange, Suppression, Severity,
)  # fmt: skip
_NUMBERS = {kind: number for number, kind in enumerate(_KINDS)}
_PLAIN = -1


def encoded(found: list[Diagnostic]) -> Any:
    """Encode findings. Raises KeyError for a part of another kind than findings have."""
    return [_encode(one) for one in found]


def decoded(kept: Any) -> list[Diagnostic]:
    """Make findings of what `encoded` has made."""
    return [_decode(one) for one in kept]


def _encode(value: Any) -> Any:
    if isinstance(value, Severity):
        return (_NUMBERS[Severity], value.value)
    if isinstance(value, str):
        return str.__str__(value)  # a text of a class of its own, too
    if isinstance(value, tuple):
        number = _PLAIN if value.__class__ is tuple else _NUMBERS[value.__class__]
        return (number, *map(_encode, value))
    if value is None or value.__class__ in {int, bool}:
        return value
    raise KeyError(value.__class__)


def _decode(value: Any) -> Any:
    if value.__class__ is not tuple:
        return value
    number, *parts = value
    items = map(_decode, parts)
    return tuple(items) if number == _PLAIN else _KINDS[number](*items)
