"""One rotation: its handoffs, and who is on call by it alone."""

from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

from registry.clock.civil import wall_clock, wall_time
from registry.clock.days_off import NEVER
from registry.clock.tzif import DAY, SECOND, WallClock, calendar_day, first_of_month
from registry.model.moments import beginning, ending
from registry.model.oncall import Rotation, Schedule
from registry.model.windows import windows
from registry.oncall.interval import ENDLESS, Span, joined, union
from registry.oncall.served import Served
from registry.oncall.shift import Shift
from registry.oncall.windows import SLACK, WeeklyHours, weekly_hours

_FEW = 8
"""Turns that are gone through rather than the one sought that an instant lies in."""


class Turns(NamedTuple):
    """A rotation that is ready to be asked: its times read in its zone.

    `start` and `end` are instants, `first` is the start's wall time. `groups` are the people of
    each turn. A turn's length is `period` (µs) or `months`, whichever is not 0; months have no
    length in elapsed time, so they never are `elapsed`. `hours` is None where it is on call at
    all times. `served` counts the days of its turns where they are served days.
    """

    name: str
    groups: tuple[tuple[str, ...], ...]
    start: int
    end: int
    first: int
    clock: WallClock
    period: int
    months: int
    elapsed: bool
    hours: WeeklyHours | None
    served: Served | None = None
    shadow: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether somebody is on call from its start to its end, whatever the handoffs."""
        return self.hours is None and bool(self.groups) and all(self.groups)

    @property
    def is_regular(self) -> bool:
        """Whether somebody is on call whenever its hours are open, whosever turn it is."""
        return self.served is None and bool(self.groups) and all(self.groups)

    @property
    def everybody(self) -> set[str]:
        """Who has a turn, alone or with others."""
        return set(chain.from_iterable(self.groups))

    def people(self, number: int) -> tuple[str, ...]:
        """Return who is on call from handoff `number` on."""
        return self.groups[number % len(self.groups)]

    def wall(self, number: int) -> int:
        """Return the wall time of handoff `number`: the start's plus so many periods.

        Months keep the start's day, clamped to the month's last.
        """
        if not self.months:
            return self.first + number * self.period
        date = calendar_day(self.first // DAY)
        month = (date.year - 1) * 12 + date.month - 1 + number * self.months
        day = min(first_of_month(month) + date.day, first_of_month(month + 1)) - 1
        return day * DAY + self.first % DAY

    def number_at(self, wall: int) -> int:
        """Return the number of a handoff that is not later than a wall time, nor long before it.

        0 where there is none.
        """
        if not self.months:
            return max(0, (wall - self.first) // self.period)
        first, last = calendar_day(self.first // DAY), calendar_day(wall // DAY)
        months = (last.year - first.year) * 12 + last.month - first.month
        return max(0, months // self.months - 1)

    def handoff(self, number: int) -> int:
        """Return the instant of handoff `number`; number 0 is the start.

        Of turns that are served, it is when the first window of their first day opens; `ENDLESS`
        where such a day never comes.
        """
        if self.served is not None:
            day = self.served.day(number * self.served.length)
            if day == NEVER or self.hours is None:
                return ENDLESS
            opened = self.hours.dated(*self._around(day))
            at = next((opens for opens, _, found in opened if found == day), self.start)
            return max(at, self.start)
        if self.elapsed:
            return self.start + number * self.period
        return self.clock.instant_of(self.wall(number)) if number else self.start

    def handoffs(self, since: int) -> Iterator[tuple[int, int]]:
        """Yield (instant, number) of handoffs in order, from one that is past at `since` on.

        Where clocks are set forward, a later handoff may come no later than an earlier one: then
        the earlier one's turn is turned around, and left out. The first is at the start.
        """
        if self.served is not None:
            day = self.clock.wall_at(since) // DAY - 2
            number = max(0, self.served.before(day) // self.served.length)
            while True:
                yield self.handoff(number), number
                number += 1
        if self.elapsed:
            number = max(0, (since - self.start) // self.period)
            while True:
                yield self.handoff(number), number
                number += 1
        number, offset, quiet = self._nearest(self.clock.wall_at(since))
        waiting: list[tuple[int, int]] = []
        first, period, months = self.first, self.period, self.months
        while True:
            wall = self.wall(number) if months else first + number * period
            if wall < quiet:
                yield wall - offset, number
                number += 1
                continue
            at = self.clock.instant_of(wall) if number else self.start
            while waiting and waiting[-1][0] >= at:
                waiting.pop()
            waiting.append((at, number))
            if number and self.clock.wall_at(at) == wall:
                yield from waiting
                waiting.clear()
                offset, until = self.clock.steady(wall)
                quiet = until - DAY
            number += 1

    def _nearest(self, now: int) -> tuple[int, int, int]:
        """Return the number of a handoff that is past at a wall time, an offset, and until when.

        Wall times from that handoff's up to then, itself not included, all exist, and have this
        offset.
        """
        nearest = self.number_at(now)
        if nearest and 0 < self.period <= SLACK:
            offset, until = self.clock.steady(now - SLACK)
            if now < until - DAY:
                return nearest, offset, until - DAY
        return self.number_at(now - SLACK), 0, -ENDLESS

    def shifts(self, start: int, end: int) -> Iterator[Shift]:
        """Yield who is on call by this rotation from `start` to `end`: maximal, in order."""
        start, end = max(start, self.start), min(end, self.end)
        if start >= end or not any(self.groups):
            return iter(())
        if self.served is not None:
            is_one = len(set(self.groups)) == 1
            return joined((self._of_one if is_one else self._served)(self.served, start, end))
        return joined(self._turns(start, end) if self.hours is None else self._open(start, end))

    def _of_one(self, served: Served, start: int, end: int) -> Iterator[Shift]:
        """Yield when the people of all turns are on call, whom no counting of days changes."""
        people = self.groups[0]
        if self.hours is None or self.hours.are_always:
            since = max(start, self.handoff(0))
            return iter((Shift(since, end, people, self.name),) if since < end else ())
        opened = (
            (max(opens, start), min(closes, end))
            for opens, closes, day in self.hours.dated(start, end)
            if day >= served.first
        )
        return (Shift(since, until, people, self.name) for since, until in union(opened))

    def _served(self, served: Served, start: int, end: int) -> Iterator[Shift]:
        """Yield who has the turn of each day whose windows are open; of two days, both."""
        held: list[tuple[int, tuple[str, ...]]] = []
        since = start
        opened = self.hours.dated(start, end) if self.hours is not None else ()
        for opens, closes, day in chain(opened, ((end, end, served.first),)):
            if day < served.first:
                continue
            while held and since < opens:
                until = min(opens, *(closing for closing, _ in held))
                people = {person for _, own in held for person in own}
                if people and since < until:
                    yield Shift(since, until, tuple(sorted(people)), self.name)
                since = max(since, until)
                held = [one for one in held if one[0] > since]
            since = max(since, opens)
            turn = self.people(served.before(day) // served.length)
            held.append((min(closes, end), turn))

    def _around(self, day: int) -> tuple[int, int]:
        """Return two instants between which lies all that starts on a day."""
        return (day - 1) * DAY - SLACK, (day + 2) * DAY + SLACK

    def _turns(self, start: int, end: int) -> Iterator[Shift]:
        if len(set(self.groups)) == 1:
            yield Shift(start, end, self.groups[0], self.name)
            return
        groups, name = self.groups, self.name
        handoffs = self.handoffs(start)
        since, people = start, groups[0]
        while since < end:
            at, number = next(handoffs)
            if at > since:
                if people:
                    yield Shift(since, min(at, end), people, name)
                since = at
            people = groups[number % len(groups)]

    def _open(self, start: int, end: int) -> Iterator[Shift]:
        """Yield who has the turn whenever the hours are open."""
        hours = self.hours.openings(start, end) if self.hours is not None else ()
        groups, name, is_one = self.groups, self.name, len(set(self.groups)) == 1
        far = _FEW * self.period or ENDLESS
        handoffs = self.handoffs(start)
        people, (at, number) = groups[0], (ENDLESS, 0) if is_one else next(handoffs)
        for opening in hours:
            since, closes = max(opening[0], start), min(opening[1], end)
            if since - at > far:  # the turns that nobody serves are not gone through one by one
                handoffs = self.handoffs(since)
                at, number = next(handoffs)
            while at < closes:
                if people and since < at:
                    yield Shift(since, at, people, name)
                since = max(since, at)
                people = groups[number % len(groups)]
                at, number = next(handoffs)
            if people and since < closes:
                yield Shift(since, closes, people, name)

    def coverage(self, start: int, end: int) -> Iterator[Span]:
        """Yield when anybody is on call by this rotation: sorted by start, and two may overlap.

        Where every turn has people, this takes no look at the handoffs.
        """
        if self.served is not None or not all(self.groups):
            return ((shift.start, shift.end) for shift in self.shifts(start, end))
        start, end = max(start, self.start), min(end, self.end)
        if start >= end or not self.groups:
            return iter(())
        if self.hours is None:
            return iter(((start, end),))
        return self.hours.each(start, end)


def read_rotation(rotation: Rotation, schedule: Schedule, zone: str) -> Turns:
    """Read a rotation's times in its own zone, else its schedule's, else `zone`."""
    name = rotation.timezone or schedule.timezone or zone
    clock, start = wall_clock(name), beginning(rotation.start, name)
    civil = rotation.start.civil
    days, hours = rotation.served_days, None
    if rotation.hours is not None:
        written = windows(rotation.hours)
        hours = weekly_hours(written, clock, schedule.days_off(rotation) if written else None)
    return Turns(
        rotation.name,
        _groups(rotation),
        start,
        ENDLESS if rotation.end is None else ending(rotation.end, name),
        wall_time(civil) if civil.tzinfo is None else clock.wall_at(start),
        clock,
        0 if rotation.every.months else rotation.every.milliseconds * SECOND // 1000,
        rotation.every.months,
        rotation.clock == "elapsed" and not rotation.every.months,
        None if hours is None or (not days and hours.are_always) else hours,
        _served(hours, clock.wall_at(start) // DAY, days) if hours and days else None,
        rotation.shadow,
    )


def _served(hours: WeeklyHours, first: int, length: int) -> Served:
    """Count the days of a turn, from a first one on."""
    return Served(first, hours.starting_days, length, hours.off, hours.on_holidays)


def _groups(rotation: Rotation) -> tuple[tuple[str, ...], ...]:
    """Return each turn's people, in one order wherever they are the same."""
    groups = rotation.groups
    if all(len(group) == 1 for group in groups):
        return groups
    orders: dict[frozenset[str], tuple[str, ...]] = {}
    for group in groups:
        orders.setdefault(frozenset(group), tuple(dict.fromkeys(group)))
    return tuple(orders[frozenset(group)] for group in groups)
