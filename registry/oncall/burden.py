"""How the hours on call are shared: nights, weekends, long stretches, nights alone.

All of it is computed from shifts, in each person's own zone: a **night** is 22:00 to 06:00 on the
person's clock, a **weekend** Saturday's and Sunday's 48 hours (less or more when clocks change).
"""

from collections.abc import Callable, Collection
from itertools import takewhile
from typing import NamedTuple

from registry.clock.civil import wall_clock
from registry.clock.tzif import DAY, HOUR, WEEK, WallClock
from registry.model.oncall import Schedule
from registry.oncall.coverage import gaps
from registry.oncall.interval import Interval
from registry.oncall.rotation import Turns, read_rotation
from registry.oncall.schedule import read_layers
from registry.oncall.shift import Shift

ZoneOf = Callable[[str], str]
"""Names a person's zone, else the manifest's, else UTC."""

NIGHT_STARTS, NIGHT_ENDS = 22 * HOUR, 6 * HOUR
_HALF_A_YEAR = 26 * WEEK
_WEEKNIGHT = NIGHT_ENDS + DAY - NIGHT_STARTS


class Figures(NamedTuple):
    """How good a schedule is over an interval; times in microseconds.

    `gaps` is the time of intended coverage with nobody on call. `balance` is the unevenness of the
    time on call over all who serve at all, 0 where it is equal (see `unevenness`). `longest` is
    the longest that any one person is on call without a break, whatever the reason. `lone_nights`
    counts person and night: nights in which a person is on call alone at some time.
    """

    gaps: int
    balance: float
    longest: int
    lone_nights: int


def figures(
    schedule: Schedule, start: int, end: int, zone_of: ZoneOf, zone: str = "UTC"
) -> Figures:
    """Compute a schedule's figures from `start` to `end` (instants)."""
    hours: dict[str, int] = {}
    since: dict[str, Interval] = {}
    longest = 0
    nights = _Nights(zone_of)
    for shift in read_layers(schedule, zone).shifts(start, end):
        for person in shift.people:
            hours[person] = hours.get(person, 0) + shift.end - shift.start
            last = since.get(person)
            begun = last.start if last is not None and last.end == shift.start else shift.start
            since[person] = Interval(begun, shift.end)
            longest = max(longest, shift.end - begun)
        nights.add(shift)
    missing = sum(gap.end - gap.start for gap in gaps(schedule, start, end, zone))
    return Figures(missing, unevenness(hours.values()), longest, nights.count)


def whole_rounds(
    schedule: Schedule, index: int, start: int, end: int, zone: str = "UTC"
) -> Interval | None:
    """Return the longest part of an interval in which each turn of a rotation comes equally often.

    It begins at the first handoff at or after `start`, and fills whole weeks, so that each turn
    has had its weekends; where that takes more time than there is, half a year will do. None where
    there is no time for either: who is compared over less seems unfairly treated for want of a
    turn, or of a weekend, yet to come.
    """
    return whole_rounds_of(read_rotation(schedule.rotations[index], schedule, zone), start, end)


def whole_rounds_of(turns: Turns, start: int, end: int) -> Interval | None:
    """As `whole_rounds`, of a rotation that is read already."""
    start, end = max(start, turns.start), min(end, turns.end)
    if start >= end or not turns.groups or turns.handoff(0) > end:
        return None
    first = next(number for at, number in turns.handoffs(start) if at >= start)
    passed = takewhile(lambda pair: pair[0] <= end, turns.handoffs(end))
    # Turns that are served begin with a window, which may open after all of the time.
    last = max((number for _, number in passed), default=first)
    rounds = (last - first) // len(turns.groups)
    if rounds < 1:
        return None
    begins = turns.handoff(first)
    # There are thousands of short ones, and the first or one that follows soon does.
    ends = (turns.handoff(first + number * len(turns.groups)) for number in range(rounds, 0, -1))
    until = next((at for at in ends if _elapsed(turns, begins, at) % WEEK == 0), None)
    if until is None:
        until = turns.handoff(first + rounds * len(turns.groups))
        if until - begins < _HALF_A_YEAR:
            return None
    return Interval(begins, until)


def _elapsed(turns: Turns, start: int, end: int) -> int:
    """Return the time between two handoffs by what decides them: the clock's wall, or no clock."""
    if turns.elapsed:
        return end - start
    return turns.clock.wall_at(end) - turns.clock.wall_at(start)


def unevenness(times: Collection[int]) -> float:
    """Return (max - min) / mean; 0 where nobody has any."""
    total = sum(times)
    return (max(times) - min(times)) * len(times) / total if total else 0.0


def unsocial(clock: WallClock, start: int, end: int) -> int:
    """Return how much of an interval is night or weekend on a clock, in microseconds."""
    return _measured(_before, clock, start, end)


def weekend(clock: WallClock, start: int, end: int) -> int:
    """Return how much of an interval is Saturday or Sunday on a clock, in microseconds."""
    return _measured(_weekends_before, clock, start, end)


def _measured(before: Callable[[int], int], clock: WallClock, start: int, end: int) -> int:
    """Add up what `before` counts on the clock's wall, from one change of it to the next."""
    total = 0
    for change in clock.changes(start + 1, end):
        total += before(change.at + change.before) - before(clock.wall_at(start))
        start = change.at
    return total + before(clock.wall_at(end - 1) + 1) - before(clock.wall_at(start))


def _before(wall: int) -> int:
    """Return the nights and weekends before a wall time, as if clocks were never changed."""
    weeks, rest = divmod(wall, WEEK)
    day, time = divmod(rest, DAY)
    if day >= 5:
        done = 5 * _WEEKNIGHT + (day - 5) * DAY + time
    else:
        done = day * _WEEKNIGHT + min(time, NIGHT_ENDS) + max(0, time - NIGHT_STARTS)
    return weeks * (5 * _WEEKNIGHT + 2 * DAY) + done


def _weekends_before(wall: int) -> int:
    weeks, rest = divmod(wall, WEEK)
    return weeks * 2 * DAY + max(0, rest - 5 * DAY)


class _Nights:
    """Counts each night that each person is on call alone in, once."""

    def __init__(self, zone_of: ZoneOf) -> None:
        self._zone_of = zone_of
        self._last: dict[str, int] = {}
        self.count = 0

    def add(self, shift: Shift) -> None:
        if len(shift.people) != 1:
            return
        person = shift.people[0]
        clock = wall_clock(self._zone_of(person))
        opens, closes = clock.wall_at(shift.start), clock.wall_at(shift.end - 1) + 1
        # The night of day d lasts from d + 22:00 to d + 30:00.
        first = (opens - DAY - NIGHT_ENDS) // DAY + 1
        first = max(first, self._last.get(person, first - 1) + 1)
        last = -((NIGHT_STARTS - closes) // DAY) - 1
        if first <= last:
            self.count += last - first + 1
            self._last[person] = last
