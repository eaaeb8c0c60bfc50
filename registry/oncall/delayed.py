"""Whom a page that waits for hours reaches, told by the instants at which alerts fire."""

from collections.abc import Callable, Iterable, Iterator

from registry.clock.tzif import LATEST
from registry.oncall.waiting import Dispatch

Told = tuple[int, tuple[str, ...]]
"""From an instant on, these people."""

Paged = Callable[[int, int], Iterator[Told]]
"""Tells whom a page reaches that goes out between two instants."""


def whom(dispatches: Iterable[Dispatch], paged: Paged, limit: int | None = None) -> Iterator[Told]:
    """Yield whom a page of an alert reaches whenever that changes, in order.

    What is held for longer than `limit` (µs after the alert) reaches nobody.
    """
    for one in dispatches:
        if one.after is not None:
            found = paged(one.start + one.after, one.end + one.after)
            yield from ((since - one.after, people) for since, people in found)
        elif one.at is None or one.at >= LATEST:
            yield one.start, ()
        else:
            since = one.start if limit is None else max(one.start, one.at - limit)
            if since > one.start:
                yield one.start, ()
            if since < one.end:
                yield since, at_once(paged, one.at)


def at_once(paged: Paged, at: int) -> tuple[str, ...]:
    """Return whom a page reaches that goes out at an instant."""
    return next(paged(at, at + 1))[1]
