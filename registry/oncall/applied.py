"""Overrides that change what stands: covers, those who are on call as well, shifts that are struck.

Thousands of them may hold at once, and one of them begin or end at any moment: what they make of a
shift is worked out once for all shifts that are alike as long as the same ones hold.
"""

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from heapq import heappop, heappush
from operator import attrgetter

from registry.oncall.interval import joined
from registry.oncall.override import StandIn
from registry.oncall.shift import Shift, tiled

_WHOLE = frozenset({"takeover", "nobody"})

_Says = tuple[tuple[str, ...], str | int | None, str | None]
"""What a shift says: its people, because of what, and its rotation."""


def applied(
    overrides: Sequence[StandIn], shifts: Iterable[Shift], start: int, end: int
) -> Iterator[Shift]:
    """Apply overrides in the list's order to what stands: maximal shifts from `start` to `end`.

    The overrides are sorted by start.
    """
    return joined(shift for shift in _pieces(overrides, shifts, start, end) if shift.people)


def _pieces(
    overrides: Sequence[StandIn], shifts: Iterable[Shift], start: int, end: int
) -> Iterator[Shift]:
    standing = tiled(shifts, start, end)
    shift = next(standing, None)
    for opens, closes, held in _stretches(overrides, start, end):
        since = opens
        while shift is not None and since < closes:
            until = min(shift.end, closes)
            yield Shift(since, until, *held.after(shift))
            since = until
            if shift.end == until:
                shift = next(standing, None)


def _stretches(
    overrides: Sequence[StandIn], start: int, end: int
) -> Iterator[tuple[int, int, "_Held"]]:
    """Yield stretches that leave no hole from `start` to `end`, each with what holds in it."""
    inside = [one for one in overrides if one.start < end and start < one.end]
    changes = sorted({one.start for one in inside} | {one.end for one in inside})
    held = _Held()
    coming = 0
    since = start
    for at in [*(at for at in changes if start < at < end), end]:
        held.drop(since)
        while coming < len(inside) and inside[coming].start <= since:
            held.add(inside[coming])
            coming += 1
        yield since, at, held
        since = at


class _Held:
    """The overrides that hold at a moment, and what becomes of shifts by all of them."""

    def __init__(self) -> None:
        self._ones: list[StandIn] = []
        self._ends: list[tuple[int, int, StandIn]] = []
        self._modes: Counter[str] = Counter()
        self._added: Counter[str] = Counter()
        self._known: dict[tuple[object, ...], _Says] = {}

    def add(self, one: StandIn) -> None:
        """Let an override hold, too."""
        insort(self._ones, one, key=_NUMBER)
        heappush(self._ends, (one.end, one.number, one))
        self._count(one, 1)

    def drop(self, at: int) -> None:
        """Let go of those that are over at an instant."""
        while self._ends and self._ends[0][0] <= at:
            _, number, one = heappop(self._ends)
            del self._ones[bisect_left(self._ones, number, key=_NUMBER)]
            self._count(one, -1)

    def after(self, shift: Shift) -> _Says:
        """Say what a shift becomes that they all hold in, which may be nobody's."""
        says = shift[2:5]
        found = self._known.get(says)
        if found is None:
            people, because, rotation = self._after(says)
            found = people, because if people else None, rotation if people else None
            self._known[says] = found
        return found

    def _count(self, one: StandIn, by: int) -> None:
        self._modes[one.mode] += by
        if one.mode == "add":
            for person in one.people:
                self._added[person] += by
                if not self._added[person]:
                    del self._added[person]
        self._known = {}

    def _after(self, says: _Says) -> _Says:
        if self._ones and self._modes["add"] == len(self._ones):
            # Whatever order many are added in, they come in one.
            return _further(says, tuple(sorted({*says[0], *self._added})), self._ones[-1].number)
        first = 0
        if any(self._modes[mode] for mode in _WHOLE):
            # Nothing is left of what stood before the last of these.
            first = max(n for n, one in enumerate(self._ones) if one.mode in _WHOLE)
        return _in_order(self._ones[first:], says)


_NUMBER = attrgetter("number")


def _in_order(ones: Sequence[StandIn], says: _Says) -> _Says:
    """Apply overrides one after the other.

    Those whom several of them put on call together come in one order, whoever was there first.
    """
    for one in ones:
        people = says[0]
        if one.mode in _WHOLE:
            says = one.people, one.number, None
        elif one.mode == "add":
            says = _further(says, tuple(sorted({*people, *one.people})), one.number)
        else:
            left = [person for person in people if one.replaces and person not in one.replaces]
            if len(left) < len(people):
                says = _further(says, tuple(sorted({*left, *one.people})), one.number)
    return says


def _further(says: _Says, people: tuple[str, ...], number: int) -> _Says:
    """Say that override `number` has put other people on call; whose shift it was is kept."""
    _, because, rotation = says
    return people, number, because if isinstance(because, str) else rotation
