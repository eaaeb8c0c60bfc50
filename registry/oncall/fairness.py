"""How evenly the nights and weekends of a rotation are shared."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from registry.clock.civil import wall_clock
from registry.clock.tzif import WEEK, WallClock
from registry.oncall.burden import unevenness, unsocial, whole_rounds_of
from registry.oncall.escalation import Directory
from registry.oncall.interval import Interval
from registry.oncall.ledger import Ledger


class Share(NamedTuple):
    """Each participant's time at night and at weekends (µs) in a rotation, which is an index.

    `unevenness` is what `registry.oncall.burden.unevenness` says of these times.
    """

    rotation: int
    times: Mapping[str, int]
    unevenness: float


class _Tally(NamedTuple):
    """The whole rounds of one rotation, and the times within them so far."""

    rotation: int
    rounds: Interval
    times: dict[str, int]


def shares(schedule: str, ledger: Ledger) -> Iterator[Share]:
    """Yield how each rotation of several people is shared, over as many whole rounds as fit.

    Left out are rotations of which the ledger's time holds no whole round, and those without
    nights and weekends. Each person's own clock counts; what an override takes over does not.
    """
    tallies = dict(_tallies(schedule, ledger))
    start = min((one.rounds.start for one in tallies.values()), default=ledger.end)
    end = max((one.rounds.end for one in tallies.values()), default=ledger.end)
    clocks = _Clocks(ledger.known, start, end)
    for opens, closes, people, because, *_ in (
        ledger.shifts(schedule, start, end) if tallies else ()
    ):
        tally = tallies.get(because)
        if tally is not None and tally.rounds.start < closes and opens < tally.rounds.end:
            begins, ends = max(opens, tally.rounds.start), min(closes, tally.rounds.end)
            for person in people:
                tally.times[person] += clocks.unsocial(person, begins, ends)
    for tally in tallies.values():
        if any(tally.times.values()):
            yield Share(tally.rotation, tally.times, unevenness(tally.times.values()))


def _tallies(schedule: str, ledger: Ledger) -> Iterator[tuple[object, _Tally]]:
    written = ledger.known.schedules[schedule].rotations
    indexes = {one.name: number for number, one in enumerate(written)}
    for turns in ledger.layers(schedule).rotations:
        times = dict.fromkeys((person for group in turns.groups for person in group), 0)
        if len(times) < 2:
            continue
        rounds = whole_rounds_of(turns, ledger.start, ledger.end)
        if rounds is not None:
            yield turns.name, _Tally(indexes[turns.name], rounds, times)


class _Clocks:
    """Measures intervals from `start` to `end` on people's clocks; what is alike once."""

    def __init__(self, known: Directory, start: int, end: int) -> None:
        self._known = known
        self._start, self._end = start, end
        self._clocks: dict[str, tuple[WallClock, int | None]] = {}
        self._alike: dict[tuple[int, int], int] = {}

    def unsocial(self, person: str, start: int, end: int) -> int:
        """Return how much of an interval is night or weekend to somebody, in µs."""
        clock, offset = self._clocks.get(person) or self._read(person)
        length = end - start
        if offset is None:
            offset = clock.wall_at(start) - start
            if clock.wall_at(end) - end != offset:
                return unsocial(clock, start, end)
        # Between two changes of the clock, every week is like the other.
        if length > WEEK:
            return unsocial(clock, start, end)
        key = ((start + offset) % WEEK, length)
        if key not in self._alike:
            self._alike[key] = unsocial(clock, start, end)
        return self._alike[key]

    def _read(self, person: str) -> tuple[WallClock, int | None]:
        """Return a person's clock, and its offset where that is the same at all times."""
        found = self._known.people.get(person)
        own = found.timezone if found is not None else None
        clock = wall_clock(own or self._known.zone)
        changes = any(True for _ in clock.changes(self._start, self._end + 1))
        offset = None if changes else clock.wall_at(self._start) - self._start
        self._clocks[person] = clock, offset
        return self._clocks[person]
