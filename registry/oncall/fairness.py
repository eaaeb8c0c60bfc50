"""How evenly the nights and weekends of a rotation are shared."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from registry.clock.civil import wall_clock
from registry.clock.tzif import WEEK
from registry.oncall.burden import unevenness, unsocial, whole_rounds
from registry.oncall.interval import Interval, clipped
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
    clocks = _Clocks(ledger)
    for shift in ledger.shifts(schedule, start, end) if tallies else ():
        tally = tallies.get(shift.because)
        inside = tally and clipped(Interval(shift.start, shift.end), *tally.rounds)
        if tally is not None and inside is not None:
            for person in shift.people:
                tally.times[person] += clocks.unsocial(person, inside)
    for tally in tallies.values():
        if any(tally.times.values()):
            yield Share(tally.rotation, tally.times, unevenness(tally.times.values()))


def _tallies(schedule: str, ledger: Ledger) -> Iterator[tuple[object, _Tally]]:
    found = ledger.known.schedules[schedule]
    for index, rotation in enumerate(found.rotations):
        times = dict.fromkeys((person for group in rotation.groups for person in group), 0)
        if len(times) < 2 or rotation.shadow:
            continue
        rounds = whole_rounds(found, index, ledger.start, ledger.end, ledger.known.zone)
        if rounds is not None:
            yield rotation.name, _Tally(index, rounds, times)


class _Clocks:
    """Measures intervals on people's clocks; what is alike is measured once."""

    def __init__(self, ledger: Ledger) -> None:
        self._known = ledger.known
        self._zones: dict[str, str] = {}
        self._alike: dict[tuple[int, int], int] = {}

    def unsocial(self, person: str, span: Interval) -> int:
        clock, length = wall_clock(self._zone(person)), span.end - span.start
        begins = clock.wall_at(span.start)
        # Between two changes of the clock, every week is like the other.
        if length > WEEK or clock.wall_at(span.end) - begins != length:
            return unsocial(clock, *span)
        key = (begins % WEEK, length)
        if key not in self._alike:
            self._alike[key] = unsocial(clock, *span)
        return self._alike[key]

    def _zone(self, person: str) -> str:
        if person not in self._zones:
            found = self._known.people.get(person)
            own = found.timezone if found is not None else None
            self._zones[person] = own or self._known.zone
        return self._zones[person]
