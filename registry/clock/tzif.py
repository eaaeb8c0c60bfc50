"""When the clocks of a zone change, read from its TZif file: nothing but whole numbers.

An **instant** is a whole number of microseconds since 0001-01-01T00:00Z; a **wall time** is such a
number read off a clock on a wall. Whole numbers keep a 25-hour day from being taken for 24 hours,
and nothing overflows at the calendar's ends. The format is RFC 9636's, its footer POSIX's `TZ`.
`zoneinfo` does not tell when clocks change; wherever both can be asked, it says the same.
"""

import re
import struct
from bisect import bisect_right
from collections.abc import Iterator
from datetime import date
from functools import cached_property
from typing import Literal, NamedTuple

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
WEEK = 7 * DAY
EPOCH = 719_162 * DAY
"""The instant 1970-01-01T00:00Z."""
LATEST = 3_652_059 * DAY
"""The calendar's exclusive end, 10000-01-01T00:00Z."""

_CYCLE = 146_097 * DAY
"""The Gregorian calendar's own period, 400 years: a whole number of weeks, so rules repeat too."""
_NEAR = 60
"""Years after a zone's last listed change that are worked out at once; the rest when asked for."""
_NEVER = 10 * LATEST
_MONTH_STARTS = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)


class Change(NamedTuple):
    """A zone's clocks change: the instant, and the offsets from UTC (µs) before and after."""

    at: int
    before: int
    after: int

    @property
    def kind(self) -> Literal["skipped", "repeated"]:
        """What happens to the wall times of `span`."""
        return "skipped" if self.after > self.before else "repeated"

    @property
    def span(self) -> tuple[int, int]:
        """The wall times that do not exist, or exist twice; half-open."""
        return self.at + min(self.before, self.after), self.at + max(self.before, self.after)


class _Date(NamedTuple):
    """A day of the year and a time on it: `Mm.w.d`, or (`month` 0) `Jn` and `n`."""

    month: int
    week: int
    day: int
    leaps: bool
    time: int

    def wall(self, year: int) -> int:
        start = first_of_month(12 * (year - 1))
        if not self.month:
            leap = not self.leaps and self.day >= 59 and first_of_month(12 * year) - start == 366
            return (start + self.day + leap) * DAY + self.time
        first = first_of_month(12 * (year - 1) + self.month - 1)
        day = first + (self.day - 1 - first) % 7 + 7 * (self.week - 1)
        last = first_of_month(12 * (year - 1) + self.month) - 1
        return (day if day <= last else day - 7) * DAY + self.time


class _Rule(NamedTuple):
    """The footer's summer time: offsets in µs, and the dates on which it starts and ends."""

    standard: int
    summer: int
    start: _Date
    stop: _Date

    def changes(self, year: int) -> list[tuple[int, int]]:
        """Return a year's two changes, each with the offset from then on."""
        start = self.start.wall(year) - self.standard
        return sorted([(start, self.summer), (self.stop.wall(year) - self.summer, self.standard)])


class WallClock:
    """The clock on a wall of one zone, from the text of its TZif file (version 2 or later).

    Raises ValueError where that is no such file.
    """

    def __init__(self, data: bytes) -> None:
        listed = _read(data)
        self._changes, self._offsets = listed.changes, listed.offsets
        self._known = listed.until
        self._rule = _rule(listed.footer)
        self._year = calendar_day(listed.until // DAY).year
        self._base = first_of_month(12 * (self._year + 2)) * DAY
        self._end = _NEVER
        if self._rule is None:
            self._walls = _walls(self._changes, self._offsets)
        else:
            self._extend(self._rule, _NEAR)

    def _extend(self, rule: _Rule, years: int) -> None:
        """Work out the footer's changes for so many years from `_base` on, and one to spare."""
        for year in range(self._year, self._year + years + 5):
            for at, offset in rule.changes(year):
                if at > self._known and offset != self._offsets[-1]:
                    self._changes.append(at)
                    self._offsets.append(offset)
        self._known = self._changes[-1]
        self._end = first_of_month(12 * (self._year + 2 + years)) * DAY
        self._walls = _walls(self._changes, self._offsets)

    def _back(self, time: int) -> int:
        """Tell how far back the table has the like of a time that lies beyond its end."""
        if self._rule is not None and self._end < self._base + _CYCLE:
            self._extend(self._rule, 400)
        return max(0, (time - self._base) // _CYCLE * _CYCLE)

    @cached_property
    def skipped(self) -> tuple[tuple[int, int], ...]:
        """The times of day from which the clock was ever set forward, each with how far, in µs."""
        pairs = zip(self._changes, self._offsets, self._offsets[1:], strict=False)
        forward = {((at + one) % DAY, next_ - one) for at, one, next_ in pairs if one < next_}
        return tuple(sorted(forward))

    def wall_at(self, instant: int) -> int:
        """Return what the clock shows at an instant."""
        known = instant - self._back(instant) if instant >= self._end else instant
        return instant + self._offsets[bisect_right(self._changes, known)]

    def instant_of(self, wall: int) -> int:
        """Return the instant that a wall time means: of a repeated one the first.

        One that does not exist is read with the offset before the gap (RFC 5545, 3.3.5; the
        "compatible" disambiguation of ECMAScript's Temporal).
        """
        known = wall - self._back(wall) if wall >= self._end else wall
        return wall - self._offsets[bisect_right(self._walls, known)]

    def steady(self, wall: int) -> tuple[int, int]:
        """Return the offset (µs) that a wall time is read with, and the wall time up to which."""
        known = wall - self._back(wall) if wall >= self._end else wall
        index = bisect_right(self._walls, known)
        until = self._walls[index] if index < len(self._walls) else known + WEEK * 100
        return self._offsets[index], min(until, self._end) + wall - known

    def changes(self, start: int, end: int) -> Iterator[Change]:
        """Yield each change of the offset at or after `start` and before `end`."""
        while True:
            back = self._back(start) if start >= self._end else 0
            index = bisect_right(self._changes, start - back - 1)
            if index == len(self._changes) or self._changes[index] + back >= end:
                return
            at = self._changes[index] + back
            yield Change(at, self._offsets[index], self._offsets[index + 1])
            start = at + 1


def _walls(changes: list[int], offsets: list[int]) -> list[int]:
    """Return the wall times from which the offset after each change is the one to read with."""
    return [at + max(pair) for at, *pair in zip(changes, offsets, offsets[1:], strict=False)]


_NAME = r"(?:<[A-Za-z0-9+-]+>|[A-Za-z]{3,})"
_HOURS = r"([+-]?[0-9]{1,3}(?::[0-9]{2}){0,2})"
_FOOTER = re.compile(f"{_NAME}{_HOURS}(?:{_NAME}{_HOURS}?,([^,]+),([^,]+))?")
_ON = re.compile(rf"(?:M([0-9]+)\.([1-5])\.([0-6])|(J?)([0-9]+))(?:/{_HOURS})?")


def _rule(footer: str) -> _Rule | None:
    found = _FOOTER.fullmatch(footer)
    if found is None or found[3] is None:
        if footer and found is None:
            raise ValueError(f"no POSIX time zone: {footer!r}")
        return None
    standard = -_clock_time(found[1])
    summer = -_clock_time(found[2]) if found[2] else standard + HOUR
    return _Rule(standard, summer, _date(found[3]), _date(found[4]))


def _date(text: str) -> _Date:
    found = _ON.fullmatch(text)
    if found is None:
        raise ValueError(f"no POSIX date: {text!r}")
    month, week, weekday, julian, day, at = found.groups()
    time = _clock_time(at) if at else 2 * HOUR
    if month:
        return _Date(int(month), int(week), int(weekday), leaps=False, time=time)
    return _Date(0, 0, int(day) - bool(julian), leaps=not julian, time=time)


def _clock_time(text: str) -> int:
    parts = [int(part) for part in text.lstrip("+-").split(":")] + [0, 0]
    time = parts[0] * HOUR + parts[1] * MINUTE + parts[2] * SECOND
    return -time if text.startswith("-") else time


class _Listed(NamedTuple):
    """A zone file's own list: instants of changes, offsets (µs, one more), its end, its footer."""

    changes: list[int]
    offsets: list[int]
    until: int
    footer: str


def _read(data: bytes) -> _Listed:
    """Read the second block of a TZif file and its footer; changes of name alone are left out."""
    try:
        _, second = _header(data, 0, 4)
        (times, types), end = _header(data, second, 8)
        start = second + 44
        instants = struct.unpack_from(f">{times}q", data, start)
        indices = data[start + 8 * times : start + 9 * times]
        kinds = [
            struct.unpack_from(">l", data, start + 9 * times + 6 * number)[0] * SECOND
            for number in range(types)
        ]
        changes, offsets = [], [kinds[0]]
        for instant, index in zip(instants, indices, strict=True):
            if kinds[index] != offsets[-1]:
                changes.append(EPOCH + instant * SECOND)
                offsets.append(kinds[index])
        until = EPOCH + instants[-1] * SECOND if instants else -_NEVER
        return _Listed(changes, offsets, until, data[end:].strip(b"\n").decode("ascii"))
    except (struct.error, IndexError, ValueError) as error:
        raise ValueError(f"no TZif file of version 2 or later: {error}") from None


def _header(data: bytes, start: int, size: int) -> tuple[tuple[int, int], int]:
    """Return a block's counts of changes and of types, and where it ends."""
    magic, version, *counts = struct.unpack_from(">4sc15x6l", data, start)
    if magic != b"TZif" or version < b"2":
        raise ValueError("its header says so")
    utc, standard, leaps, times, types, letters = counts
    length = times * (size + 1) + types * 6 + letters + leaps * (size + 4) + standard + utc
    return (times, types), start + 44 + length


def calendar_day(number: int) -> date:
    """Return the date of a day number, one beyond the calendar as its last or first."""
    return date.fromordinal(min(max(number + 1, 1), date.max.toordinal()))


def first_of_month(month: int) -> int:
    """Return the day number of a month's first; months and days count from 0, January of year 1."""
    years, index = divmod(month, 12)
    days = 365 * years + years // 4 - years // 100 + years // 400 + _MONTH_STARTS[index]
    year = years + 1
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return days + (leap and index > 1)
