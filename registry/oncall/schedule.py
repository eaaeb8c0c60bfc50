"""Who is on call by a schedule: overrides over rotations, later rotations over earlier ones."""

from collections.abc import Callable, Iterator
from heapq import merge
from itertools import chain
from typing import NamedTuple, TypeVar

from registry.clock.tzif import DAY
from registry.model.oncall import Schedule
from registry.oncall.applied import applied
from registry.oncall.interval import ENDLESS, Interval, Span, clipped, difference, joined, union
from registry.oncall.override import StandIn, read_overrides, stand_ins
from registry.oncall.rotation import Turns, read_rotation
from registry.oncall.shift import Claim, Shift, overlay, shadowed, tiled, together

T = TypeVar("T")


_CYCLE = 146_097 * DAY
"""The 400 years in which the Gregorian calendar repeats, in whole weeks."""


def shifts(schedule: Schedule, start: int, end: int, zone: str = "UTC") -> Iterator[Shift]:
    """Yield who is on call from `start` to `end` (instants): maximal, disjoint, in order.

    Times with nobody are left out; shifts are cut at `start` and `end`. `zone` is for a schedule
    that names none.
    """
    return read_layers(schedule, zone).shifts(start, end)


def tiles(schedule: Schedule, start: int, end: int, zone: str = "UTC") -> Iterator[Shift]:
    """As `shifts`, with a shift of no people for each time with nobody: no hole is left."""
    return tiled(shifts(schedule, start, end, zone), start, end)


def on_call(schedule: Schedule, at: int, zone: str = "UTC") -> Shift:
    """Return who is on call at an instant, and until when: the shift's `start` is `at`.

    Without anybody its `people` are empty, and its end is the next shift's start. Where nothing
    ever changes again, it ends at `ENDLESS`.
    """
    return read_layers(schedule, zone).on_call(at)


class Layers(NamedTuple):
    """A schedule that is ready to be asked: its rotations, those of shadows apart."""

    rotations: tuple[Turns, ...]
    overrides: list[StandIn]
    shadows: tuple[Turns, ...] = ()

    def shifts(self, start: int, end: int) -> Iterator[Shift]:
        """See `shifts`."""
        found = self._shifts(start, end)
        if not self.shadows:
            return found
        shadows = together([shadow.shifts(start, end) for shadow in self.shadows])
        return joined(shadowed(found, shadows))

    def _shifts(self, start: int, end: int) -> Iterator[Shift]:
        if not self._all_take_over(start, end):
            below = Layers(self.rotations, []).shifts(start, end)
            return applied(self.overrides, below, start, end)
        upper = list(stand_ins(self.overrides, start, end))
        streams = [
            (rank, _over(layer.shifts, free))
            for rank, layer, free in self._visible(upper, start, end)
        ]
        if upper:
            streams.append((len(self.rotations), iter(upper)))
        if len(streams) == 1:
            return streams[0][1]
        return joined(overlay(merge(*(_claims(rank, found) for rank, found in streams))))

    def at(self, instant: int) -> Shift:
        """Return who is on call at an instant, without looking for the end: that is 1 µs later."""
        return next(tiled(self.shifts(instant, instant + 1), instant, instant + 1))

    def on_call(self, at: int) -> Shift:
        """See `on_call`."""
        found = self._unshadowed(at)
        # Who is on call is no shadow then; and where nobody is, there is nobody to shadow.
        shadows = [one for one in self.shadows if not one.everybody <= {*found.people}]
        if not found.people or not shadows:
            return found

        def shadowed_until(end: int) -> Shift:
            own = iter((found._replace(end=end),))
            return next(joined(shadowed(own, together([one.shifts(at, end) for one in shadows]))))

        return _first(shadowed_until, at, found.end)

    def _unshadowed(self, at: int) -> Shift:
        """Return who is on call at an instant, whoever shadows them."""
        end = ENDLESS
        # Windows that touch, of one person, may make one shift for ever: it is looked for in steps.
        are_whole = all(one.is_whole for one in self.rotations)
        if not are_whole or not self._all_take_over(at, end):
            return _first(lambda end: next(tiled(self._shifts(at, end), at, end)), at, end)
        upper = stand_ins(self.overrides, at, end)
        lower = (layer.shifts(at, end) for layer in reversed(self.rotations))
        for first in (next(found, None) for found in (upper, *lower)):
            if first is not None and first.start <= at:
                return first._replace(end=min(first.end, end))
            if first is not None:
                end = min(end, first.start)
        return Shift(at, end, (), None)

    def coverage(self, start: int, end: int) -> Iterator[Interval]:
        """Yield when anybody is on call from `start` to `end`: maximal, in order."""
        # Covers add no hour and take none; of the others the latest in the list decides.
        decided = list(stand_ins(filter(_adds_or_strikes, self.overrides), start, end))
        taken = [(shift.start, shift.end) for shift in decided if shift.people]
        struck = [Interval(shift.start, shift.end) for shift in decided if not shift.people]
        whole: list[Span] = []
        for layer in self.rotations:
            if layer.is_whole:
                whole += layer.coverage(start, end)
        taken = sorted([*taken, *difference(union(sorted(whole)), struck)])
        free = list(difference([Interval(start, end)], union(sorted([*taken, *struck]))))
        parts = [layer for layer in self.rotations if free and not layer.is_whole]
        return union(merge(taken, *(_over(layer.coverage, free) for layer in parts)))

    def _all_take_over(self, start: int, end: int) -> bool:
        """Whether no override between two instants does anything but take over."""
        return all(
            one.mode == "takeover" or one.end <= start or end <= one.start for one in self.overrides
        )

    def _visible(
        self, upper: list[Shift], start: int, end: int
    ) -> Iterator[tuple[int, Turns, list[Interval]]]:
        """Yield rotations from the last, with their rank and the times when they may matter.

        Those are the times that no override and no unrestricted rotation above takes as a whole.
        """
        taken = (Interval(shift.start, shift.end) for shift in upper)
        free = list(difference([Interval(start, end)], taken))
        for rank in reversed(range(len(self.rotations))):
            layer = self.rotations[rank]
            if not free:
                return
            yield rank, layer, free
            whole = clipped(Interval(layer.start, layer.end), start, end)
            if whole is not None and layer.is_whole:
                free = list(difference(free, [whole]))


def read_layers(schedule: Schedule, zone: str) -> Layers:
    """Read a schedule's dates and times; `zone` is for what names none itself.

    Raises CannotRunError for a zone that is not in the bundled database.
    """
    rotations = [read_rotation(rotation, schedule, zone) for rotation in schedule.rotations]
    own = tuple(one for one in rotations if not one.shadow)
    shadows = tuple(one for one in rotations if one.shadow)
    return Layers(own, read_overrides(schedule, zone), shadows)


def _first(ask: Callable[[int], Shift], at: int, until: int) -> Shift:
    """Return what begins at an instant, whole, of what is asked up to later and later ends.

    What does not change within 400 years, after which the calendar repeats, never does.
    """
    length = 60 * DAY
    while True:
        end = min(at + length, until)
        shift = ask(end)
        if shift.end < end or end == until:
            return shift
        if length >= _CYCLE:
            return shift._replace(end=until)
        length = min(8 * length, _CYCLE)


def _adds_or_strikes(one: StandIn) -> bool:
    return one.mode != "cover"


def _claims(rank: int, found: Iterator[Shift]) -> Iterator[Claim]:
    return ((shift.start, rank, shift) for shift in found)


def _over(ask: Callable[[int, int], Iterator[T]], pieces: list[Interval]) -> Iterator[T]:
    return chain.from_iterable(ask(*piece) for piece in pieces)
