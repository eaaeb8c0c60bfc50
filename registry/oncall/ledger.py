"""The shifts of schedules over one interval: worked out once, kept as long as there is room."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import chain, islice
from operator import itemgetter

from registry.clock.tzif import DAY
from registry.oncall.coverage import holes
from registry.oncall.deputy import standing
from registry.oncall.escalation import Directory
from registry.oncall.interval import ENDLESS
from registry.oncall.schedule import Layers, read_layers
from registry.oncall.shift import Shift, tiled
from registry.oncall.windows import Hours

ROOM = 200_000
"""Shifts that are kept: some 30 MB, and enough for hundreds of schedules over a year."""
SLACK = 2 * DAY
"""How far beyond the interval they are kept: most pages of alerts within it come by then."""


_Shape = tuple[tuple[int, int, Hours | None], ...]


class Ledger:
    """The schedules of a directory, from `start` up to `end` (instants) and a little beyond."""

    def __init__(self, known: Directory, start: int, end: int, room: int = ROOM) -> None:
        self.known = known
        self.start = start
        self.end = end
        self._last = end + SLACK
        self._room = room
        self._read: dict[str, Layers] = {}
        self._kept: dict[str, tuple[Shift, ...] | None] = {}
        self._full: dict[str, bool] = {}
        self._alike: dict[_Shape, bool] = {}
        self._standing: dict[str, tuple[Shift, ...]] = {}

    def layers(self, schedule: str) -> Layers:
        """Return a schedule that is ready to be asked: it is read once."""
        if schedule not in self._read:
            self._read[schedule] = read_layers(self.known.schedules[schedule], self.known.zone)
        return self._read[schedule]

    def shifts(self, schedule: str, start: int, end: int) -> Iterator[Shift]:
        """Yield who is on call from `start` to `end`, as `registry.oncall.schedule.shifts`."""
        if start >= end:
            return iter(())
        kept = self._keep(schedule) if self.start <= start and end <= self._last else None
        if kept is None:
            return self.layers(schedule).shifts(start, end)
        return _within(kept, start, end)

    def tiles(self, schedule: str, start: int, end: int) -> Iterator[Shift]:
        """As `shifts`, with a shift of no people for each time with nobody."""
        return tiled(self.shifts(schedule, start, end), start, end)

    def standing(self, person: str, start: int, end: int) -> Iterator[Shift]:
        """Yield whom a page to a person reaches, as `registry.oncall.deputy.standing`."""
        if person not in self._standing:
            found = standing(person, self.known.people, self.known.zone, self.start, ENDLESS)
            self._standing[person] = tuple(found)
        return _within(self._standing[person], start, end)

    def turns(self, schedule: str, end: int) -> Iterator[Shift]:
        """Yield who is on call by the rotations alone, from the ledger's start on.

        Without overrides these are its shifts: what is kept of them is not worked out again.
        """
        layers = self.layers(schedule)
        kept = None if layers.overrides or layers.shadows else self._keep(schedule)
        if kept is None:
            return Layers(layers.rotations, []).shifts(self.start, end)
        if end <= self._last:
            return _within(kept, self.start, end)
        # The last one is cut where the ledger ends.
        more = layers.shifts(kept[-1].start if kept else self.start, end)
        return chain(kept[:-1], more)

    def is_full(self, schedule: str) -> bool:
        """Whether somebody is on call at every instant, two days beyond the end included."""
        if schedule not in self._full:
            layers = self.layers(schedule)
            shape = _shape(layers)
            full = self._alike.get(shape) if shape else None
            if full is None:
                full = next(holes(layers, self.start, self._last), None) is None
            if shape:
                self._alike[shape] = full
            self._full[schedule] = full
        return self._full[schedule]

    def _keep(self, schedule: str) -> tuple[Shift, ...] | None:
        """Return all of a schedule's shifts; None where they are more than there is room for."""
        if schedule not in self._kept:
            stream = self.layers(schedule).shifts(self.start, self._last)
            read = tuple(islice(stream, self._room + 1))
            fits = len(read) <= self._room
            self._kept[schedule] = read if fits else None
            self._room -= len(read) * fits
        return self._kept[schedule]


def _shape(layers: Layers) -> _Shape | None:
    """Return what decides when somebody is on call, if people do not: many schedules share it."""
    if layers.overrides or not all(one.is_regular for one in layers.rotations):
        return None
    return tuple((one.start, one.end, one.hours) for one in layers.rotations)


def _within(kept: tuple[Shift, ...], start: int, end: int) -> Iterator[Shift]:
    """Cut sorted shifts to an interval."""
    first = max(bisect_right(kept, start, key=itemgetter(0)) - 1, 0)
    last = bisect_left(kept, end, key=itemgetter(0))
    for shift in islice(kept, first, last):
        if start <= shift.start and shift.end <= end:
            yield shift
        elif start < shift.end:
            yield shift._replace(start=max(shift.start, start), end=min(shift.end, end))
