"""When a review meets: its sessions on the calendar, and the same as iCalendar's rule.

A session keeps its wall time across clock changes. `days` are those on which a daily or weekly
review meets; a monthly one meets on the same weekday of the same week as it started (the last, if
it started after the 28th), or without `days` on the same date, a month's last day where that has
no such date. Weeks begin on Monday. Anything longer than a day counts whole days.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple

from registry.clock.civil import local, wall_clock, wall_time
from registry.clock.tzif import DAY, WallClock, calendar_day
from registry.clock.weekdays import DAYS
from registry.model.cadence import Review
from registry.model.moments import beginning

_UNITS = (("WEEKLY", 604_800_000), ("DAILY", 86_400_000), ("HOURLY", 3_600_000),
          ("MINUTELY", 60_000), ("SECONDLY", 1000))  # fmt: skip
_LAST = date.max.toordinal() - 31
"""The day number, from 0, from which on nothing recurs: a month before the calendar's end."""

_WHOLE_DAYS = frozenset({"MONTHLY", "WEEKLY", "DAILY"})

Part = str | int
Rule = dict[str, Part | list[Part]]
"""An RRULE of RFC 5545: its parts by name."""


class Session(NamedTuple):
    """One session: `start` has the offset of the review's zone; with `is_day` it has no time."""

    start: datetime
    is_day: bool


class Recurrence(NamedTuple):
    """How a review recurs. `first` is a wall time (µs) of `zone`; `unit` is empty for once only.

    `every` counts units; `days` are weekdays from 0, Monday. `week` says on which of its weekdays
    in the month a monthly review with `days` meets: 1 to 4, or -1 for the last.
    """

    zone: str
    first: int
    is_day: bool
    unit: str
    every: int
    days: tuple[int, ...]
    week: int

    @property
    def start(self) -> date:
        """The date of the first session, in `zone`."""
        return calendar_day(self.first // DAY)

    @property
    def rule(self) -> Rule | None:
        """The recurrence as an RRULE that counts from the first session; None for once only."""
        if not self.unit:
            return None
        parts: Rule = {"FREQ": self.unit, "INTERVAL": self.every}
        start = self.start
        if self.unit == "MONTHLY" and self.days:
            parts["BYDAY"] = [f"{self.week}{DAYS[day][:2].upper()}" for day in self.days]
        elif self.unit == "MONTHLY" and start.day > 28:
            parts |= {"BYMONTHDAY": list(range(28, start.day + 1)), "BYSETPOS": -1}
        elif self.days:
            parts["BYDAY"] = [DAYS[day][:2].upper() for day in self.days]
        return parts

    def sessions(self, since: date) -> Iterator[Session]:
        """Yield the sessions from a date (in `zone`) on, in order; endless where it recurs."""
        clock = wall_clock(self.zone)
        for wall in self.walls(since):
            yield Session(local(clock.instant_of(wall), self.zone), self.is_day)

    def walls(self, since: date) -> Iterator[int]:
        """Yield the sessions' wall times in `zone` from a date on, in order."""
        start = self.first // DAY
        if not self.unit:
            if calendar_day(start) >= since:
                yield self.first
            return
        day = max(start, since.toordinal() - 1)
        if self.unit in _WHOLE_DAYS:
            while day < _LAST:
                if self._meets(calendar_day(day)):
                    yield day * DAY + self.first % DAY
                day += 1
            return
        length = dict(_UNITS)[self.unit] * 1000 * self.every
        wall = self.first + max(0, -((self.first - day * DAY) // length)) * length
        while wall < _LAST * DAY:
            if not self.days or calendar_day(wall // DAY).weekday() in self.days:
                yield wall
            wall += length

    def _meets(self, day: date) -> bool:
        """Whether a session falls on a day; hot only by the week."""
        start = calendar_day(self.first // DAY)
        if self.unit == "MONTHLY":
            months = 12 * (day.year - start.year) + day.month - start.month
            return months % self.every == 0 and self._meets_in_month(day, start)
        if self.unit == "WEEKLY":
            weeks = (_monday(day) - _monday(start)).days // 7
            return weeks % self.every == 0 and day.weekday() in (self.days or (start.weekday(),))
        return (day - start).days % self.every == 0 and day.weekday() in (self.days or range(7))

    def _meets_in_month(self, day: date, start: date) -> bool:
        tomorrow = day + timedelta(days=1)
        if not self.days:
            return day.day == start.day or (day.day < start.day and tomorrow.month != day.month)
        in_week = self.week == (day.day - 1) // 7 + 1
        is_last = self.week == -1 and (day + timedelta(days=7)).month != day.month
        return day.weekday() in self.days and (in_week or is_last)


def recurrence(review: Review, zone: str) -> Recurrence | None:
    """Read how a review recurs, `zone` being the manifest's; None where it says not from when.

    `first` is its first session: the first day from `starts` on that its rule meets.
    """
    if review.starts is None:
        return None
    name = review.timezone or zone
    clock = wall_clock(name)
    unit, every = _period(review)
    days = tuple(sorted({DAYS.index(day) for day in review.days}))
    first = _wall(review, clock, name)
    is_day = review.starts.is_date and unit in {"", *_WHOLE_DAYS}
    week = _ordinal(calendar_day(first // DAY)) if unit == "MONTHLY" and days else 0
    plain = Recurrence(name, first, is_day, unit, every, days, week)
    return plain._replace(first=next(plain.walls(date.min), first))


def _wall(review: Review, clock: WallClock, zone: str) -> int:
    starts = review.starts
    if starts is None or starts.civil.tzinfo is None:
        return wall_time(starts.civil) if starts is not None else 0
    return clock.wall_at(beginning(starts, zone))


def _period(review: Review) -> tuple[str, int]:
    """Return the unit and how many of it lie between sessions; `days` alone mean every week."""
    if review.every is None:
        return ("WEEKLY", 1) if review.days else ("", 0)
    if review.every.months:
        return "MONTHLY", review.every.months
    length = review.every.milliseconds
    found = next(((unit, length // size) for unit, size in _UNITS if length % size == 0), None)
    return found or ("SECONDLY", max(1, length // 1000))


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _ordinal(start: date) -> int:
    """Return which of its weekday in the month a date is, 1 to 4; -1, the last, after the 28th."""
    return -1 if start.day > 28 else (start.day - 1) // 7 + 1
