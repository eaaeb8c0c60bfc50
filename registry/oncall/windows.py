"""Hours of the week: when the windows of a rotation or of the intended coverage are open.

A day that is off, a holiday of some calendar, is no weekday: only windows that start on holidays
start on it.
"""

from collections.abc import Iterator, Sequence
from heapq import merge
from typing import NamedTuple

from registry.clock.days_off import NEVER, DaysOff
from registry.clock.tzif import DAY, MINUTE, WEEK, WallClock
from registry.clock.weekdays import DAYS, HOLIDAY
from registry.model.windows import Window
from registry.oncall.interval import Interval, Span, union

SLACK = 2 * DAY
"""More than the clocks of any zone have ever been moved at once, which is a day."""


def spans(window: Window) -> list[Span]:
    """Return where a window opens and closes, as wall time since Monday's midnight, in order.

    Each day of `days` opens it once. It closes at `to` on that day or, where that is not later,
    on the next; with `to_day`, on the first such day on which it is later.
    """
    return [_span(window, day) for day in _days(window)]


def _span(window: Window, day: int) -> Span:
    opens = day * DAY + window.start.minutes * MINUTE
    if window.to_day is None:
        closes, step = day * DAY + window.to.minutes * MINUTE, DAY
    else:
        ahead = (DAYS.index(window.to_day) - day) % 7
        closes, step = (day + ahead) * DAY + window.to.minutes * MINUTE, WEEK
    while closes <= opens:
        closes += step
    return opens, closes


def are_always(windows: Sequence[Window], off: DaysOff | None = None) -> bool:
    """Whether windows leave no minute of the week out, so that they are no restriction.

    No change of clocks opens a hole between two that touch: of each, the end is read as the start
    of the next is. Where days are off, only windows that start on every day count.
    """
    week = sorted(
        (opens + shift, closes + shift)
        for window in windows
        if off is None or window.every_day
        for opens, closes in spans(window)
        for shift in (-WEEK, 0, WEEK)
    )
    return any(start <= 0 and end >= WEEK for start, end in union(week))


def openings(
    windows: Sequence[Window],
    clock: WallClock,
    start: int,
    end: int,
    off: DaysOff | None = None,
) -> Iterator[Interval]:
    """Yield when any of the windows is open, from `start` to `end`: maximal, in order."""
    return union(each_opening(windows, clock, start, end, off))


def each_opening(
    windows: Sequence[Window],
    clock: WallClock,
    start: int,
    end: int,
    off: DaysOff | None = None,
) -> Iterator[Span]:
    """As `openings`, sorted by start, and two may overlap."""
    streams = [_openings(_Weeks.of(window, off), clock, start, end) for window in windows]
    return streams[0] if len(streams) == 1 else merge(*streams)


def dated(
    windows: Sequence[Window],
    clock: WallClock,
    start: int,
    end: int,
    off: DaysOff | None = None,
) -> Iterator[tuple[int, int, int]]:
    """Yield each opening that lies within `start` to `end`, in part, and the day of its start.

    Whole as it is, in order; the day is a number on the clock's wall.
    """
    return merge(*(_dated(_Weeks.of(window, off), clock, start, end) for window in windows))


def starting_days(windows: Sequence[Window]) -> tuple[int, ...]:
    """Return the days of the week, from 0, on which any of the windows starts."""
    return tuple(sorted({day for window in windows for day in _days(window)}))


def _days(window: Window) -> list[int]:
    return sorted({DAYS.index(name) for name in window.days if name != HOLIDAY})


class _Weeks(NamedTuple):
    """When one window opens: in an `ordinary` week, and in one with days off."""

    window: Window
    ordinary: list[tuple[int, Span]]
    off: DaysOff | None

    @classmethod
    def of(cls, window: Window, off: DaysOff | None) -> "_Weeks":
        week = [(day, _span(window, day)) for day in _days(window)]
        return cls(window, week, None if window.every_day else off)

    def at(self, monday: int) -> tuple[list[tuple[int, Span]], int]:
        """Return a week's openings by day, as `spans`, and how many weeks from it on are like it.

        The week is that of a Monday, as wall time.
        """
        if self.off is None:
            return self.ordinary, NEVER
        free, off = self.off.week(monday // DAY)
        if free:
            return self.ordinary, free
        kept = [one for one in self.ordinary if one[0] not in off]
        if self.window.on_holidays:
            kept += [(day, _span(self.window, day)) for day in off]
        return sorted(kept), 1


def _dated(weeks: _Weeks, clock: WallClock, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    monday = (clock.wall_at(start) - WEEK - SLACK) // WEEK * WEEK
    while monday < end + SLACK:
        week, alike = weeks.at(monday)
        for day, (opens, closes) in week:
            first, last = clock.instant_of(monday + opens), clock.instant_of(monday + closes)
            if first >= end:
                return
            if first < last and start < last:
                yield first, last, monday // DAY + day
        monday += WEEK if week else alike * WEEK


def _openings(weeks: _Weeks, clock: WallClock, start: int, end: int) -> Iterator[Span]:
    """Yield one window's openings; a day or more apart, they begin in order whatever clocks do."""
    monday = (clock.wall_at(start) - WEEK - SLACK) // WEEK * WEEK
    while monday < end + SLACK:
        week, alike = weeks.at(monday)
        if not week:
            monday += alike * WEEK
            continue
        offset, until = clock.steady(monday)
        first = monday - offset
        # A window closes within a week of its opening: these weeks know one offset, and no bounds.
        steady = min(alike, min(until - monday, end - first) // WEEK - 2)
        if first >= start and steady > 0:
            for since in range(first, first + steady * WEEK, WEEK):
                for _, (opens, closes) in week:
                    yield since + opens, since + closes
            monday += steady * WEEK
            continue
        for _, (opens, closes) in week:
            first, last = clock.instant_of(monday + opens), clock.instant_of(monday + closes)
            if first >= end:
                return
            if first < last and start < last:
                yield max(first, start), min(last, end)
        monday += WEEK
