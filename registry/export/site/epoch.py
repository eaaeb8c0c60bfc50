"""Instants as a browser counts them."""

from datetime import UTC, datetime

from registry.clock.civil import instant

_EPOCH = instant(datetime(1970, 1, 1, tzinfo=UTC))
_MILLISECOND = 1000
"""In µs, which the instants of the registry are."""


def milliseconds(at: int) -> int:
    """Return an instant (µs) as milliseconds since 1970, as JavaScript's `Date` has them."""
    return (at - _EPOCH) // _MILLISECOND


def length(time: int) -> int:
    """Return a length of time (µs) in milliseconds."""
    return time // _MILLISECOND
