"""Half-open intervals, and streams of them in order: never more than a few are held at once."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple, TypeVar

from registry.clock.tzif import DAY, LATEST

ENDLESS = LATEST + 2 * DAY
"""An end beyond every instant of years 1 to 9999 in every zone: it never comes."""


class Interval(NamedTuple):
    """From `start` up to, and not including, `end`: instants in microseconds."""

    start: int
    end: int


T = TypeVar("T", bound=tuple[Any, ...])

Span = tuple[int, int]
"""An interval where there are many: making a named one takes as long as the rest of the work."""


def union(spans: Iterable[Span]) -> Iterator[Interval]:
    """Join what touches or overlaps in a stream that is sorted by start: maximal, in order."""
    found = iter(spans)
    first = next(found, None)
    if first is None:
        return
    start, end = first
    for opens, closes in found:
        if opens > end:
            yield Interval(start, end)
            start, end = opens, closes
        elif closes > end:
            end = closes
    yield Interval(start, end)


def joined(stretches: Iterable[T]) -> Iterator[T]:
    """Make one of neighbours that touch and say the same, in a stream that is sorted by start.

    A stretch is a named tuple of a start, an end, and what it says.
    """
    found = iter(stretches)
    last = next(found, None)
    if last is None:
        return
    for one in found:
        if last[1] == one[0] and last[2:] == one[2:]:
            last = tuple.__new__(type(last), (last[0], *one[1:]))
        else:
            yield last
            last = one
    yield last


def difference(intervals: Iterable[Interval], holes: Iterable[Interval]) -> Iterator[Interval]:
    """Cut `holes` out of `intervals`; both sorted and disjoint, as the result is."""
    cuts = iter(holes)
    cut = next(cuts, None)
    for start, end in intervals:
        rest = start
        while cut is not None and cut[0] < end:
            opens, closes = cut
            if opens > rest:
                yield Interval(rest, opens)
            rest = max(rest, closes)
            if closes > end:
                break
            cut = next(cuts, None)
        if rest < end:
            yield Interval(rest, end)


def clipped(interval: Interval, start: int, end: int) -> Interval | None:
    """Return the part of an interval that lies from `start` to `end`; None where there is none."""
    first, last = max(interval.start, start), min(interval.end, end)
    return Interval(first, last) if first < last else None
