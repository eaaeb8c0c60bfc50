"""A stretch of time with the same people on call for the same reason."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from heapq import heappop, heappush, merge
from itertools import chain
from operator import itemgetter
from typing import NamedTuple

from registry.oncall.interval import ENDLESS


class Shift(NamedTuple):
    """From `start` up to `end` (instants), these people: a group of several is on call together.

    `because` is the name of the rotation, or the index of the override, that says so; `rotation`
    is the name of the one whose shift an override covers or adds to. Where a function also tells
    of times with nobody, `people` is empty there and `because` None. The `shadows` are told as
    well, and count for nothing.
    """

    start: int
    end: int
    people: tuple[str, ...]
    because: str | int | None
    rotation: str | None = None
    shadows: tuple[str, ...] = ()

    @property
    def base(self) -> str | None:
        """The rotation that the shift comes from, whoever has it now."""
        return self.because if isinstance(self.because, str) else self.rotation


Claim = tuple[int, int, Shift]
"""A shift that holds unless one of a higher rank does: its start, its rank, itself."""

_LAST: Claim = (ENDLESS, -1, Shift(ENDLESS, ENDLESS, (), None))


def overlay(claims: Iterable[Claim]) -> Iterator[Shift]:
    """Keep, at each instant, the shift of the highest rank.

    `claims` are sorted; those of one rank are disjoint, so that as many are held as there are
    ranks. Takes O(log ranks) for each claim.
    """
    held: dict[int, Shift] = {}
    ranks: list[int] = []
    now = 0
    for begins, rank, shift in chain(claims, (_LAST,)):
        while ranks and now < begins:
            top = held[-ranks[0]]
            if top[1] <= now:
                del held[-heappop(ranks)]
                continue
            until = min(top[1], begins)
            whole = until == top[1] and now == top[0]
            yield top if whole else Shift._make((now, until, *top[2:]))
            now = until
        now = begins
        if rank not in held:
            heappush(ranks, -rank)
        held[rank] = shift


def tiled(shifts: Iterable[Shift], start: int, end: int) -> Iterator[Shift]:
    """Fill the holes of a stream of shifts with nobody, so that it covers `start` to `end`."""
    for shift in shifts:
        if start < shift.start:
            yield Shift(start, shift.start, (), None)
        yield shift
        start = shift.end
    if start < end:
        yield Shift(start, end, (), None)


def together(streams: Sequence[Iterator[Shift]]) -> Iterator[Shift]:
    """Make one stream of several, of everybody who is in any of them: disjoint, in order."""
    return streams[0] if len(streams) == 1 else _together(merge(*streams, key=itemgetter(0)))


def _together(shifts: Iterable[Shift]) -> Iterator[Shift]:
    held: list[tuple[int, int, tuple[str, ...]]] = []
    told: Counter[str] = Counter()
    now = 0
    for number, (begins, ends, people, *_) in enumerate(chain(shifts, (_LAST[2],))):
        while held and held[0][0] <= begins:
            over, _, leaving = heappop(held)
            if now < over:
                yield Shift(now, over, tuple(told), None)
                now = over
            told.subtract(leaving)
            for person in leaving:
                if not told[person]:
                    del told[person]
        if told and now < begins:
            yield Shift(now, begins, tuple(told), None)
        now = begins
        heappush(held, (ends, number, people))
        told.update(people)


def shadowed(shifts: Iterable[Shift], shadows: Iterable[Shift]) -> Iterator[Shift]:
    """Name the people of one stream of shifts as shadows of those of another, where they meet."""
    others = iter(shadows)
    other, has_begun = None, False
    for shift in shifts:
        if not has_begun:  # nobody to shadow: whose turn it would be is not worked out
            other, has_begun = next(others, None), True
        since = shift.start
        while other is not None and other.start < shift.end:
            if since < other.start:
                yield shift._replace(start=since, end=other.start)
            begins, ends = max(since, other.start), min(shift.end, other.end)
            if begins < ends:
                told = {*shift.shadows, *other.people}.difference(shift.people)
                yield shift._replace(start=begins, end=ends, shadows=tuple(sorted(told)))
            since = max(since, other.start, ends)
            if shift.end < other.end:
                break
            other = next(others, None)
        if since < shift.end:
            yield shift._replace(start=since)
