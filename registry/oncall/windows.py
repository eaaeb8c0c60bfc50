"""Hours of the week: when the windows of a rotation or of the intended coverage are open."""

from collections.abc import Iterator, Sequence
from heapq import merge

from registry.clock.tzif import DAY, MINUTE, WEEK, WallClock
from registry.clock.weekdays import DAYS
from registry.model.oncall import Window
from registry.oncall.interval import Interval, Span, union

SLACK = 2 * DAY
"""More than the clocks of any zone have ever been moved at once, which is a day."""


def spans(window: Window) -> list[Span]:
    """Return where a window opens and closes, as wall time since Monday's midnight, in order.

    Each day of `days` opens it once. It closes at `to` on that day or, where that is not later,
    on the next; with `to_day`, on the first such day on which it is later.
    """
    found = []
    for day in _days(window):
        opens = day * DAY + window.start.minutes * MINUTE
        if window.to_day is None:
            closes, step = day * DAY + window.to.minutes * MINUTE, DAY
        else:
            ahead = (DAYS.index(window.to_day) - day) % 7
            closes, step = (day + ahead) * DAY + window.to.minutes * MINUTE, WEEK
        while closes <= opens:
            closes += step
        found.append((opens, closes))
    return found


def are_always(windows: Sequence[Window]) -> bool:
    """Whether windows leave no minute of the week out, so that they are no restriction.

    No change of clocks opens a hole between two that touch: of each, the end is read as the start
    of the next is.
    """
    week = sorted(
        (opens + shift, closes + shift)
        for window in windows
        for opens, closes in spans(window)
        for shift in (-WEEK, 0, WEEK)
    )
    return any(start <= 0 and end >= WEEK for start, end in union(week))


def openings(
    windows: Sequence[Window], clock: WallClock, start: int, end: int
) -> Iterator[Interval]:
    """Yield when any of the windows is open, from `start` to `end`: maximal, in order."""
    return union(each_opening(windows, clock, start, end))


def each_opening(
    windows: Sequence[Window], clock: WallClock, start: int, end: int
) -> Iterator[Span]:
    """As `openings`, sorted by start, and two may overlap."""
    streams = [_openings(spans(window), clock, start, end) for window in windows]
    return streams[0] if len(streams) == 1 else merge(*streams)


def dated(
    windows: Sequence[Window], clock: WallClock, start: int, end: int
) -> Iterator[tuple[int, int, int]]:
    """Yield each opening that lies within `start` to `end`, in part, and the day of its start.

    Whole as it is, in order; the day is a number on the clock's wall.
    """
    return merge(*(_dated(window, clock, start, end) for window in windows))


def starting_days(windows: Sequence[Window]) -> tuple[int, ...]:
    """Return the days of the week, from 0, on which any of the windows starts."""
    return tuple(sorted({day for window in windows for day in _days(window)}))


def _days(window: Window) -> list[int]:
    return sorted({DAYS.index(name) for name in window.days})


def _dated(
    window: Window, clock: WallClock, start: int, end: int
) -> Iterator[tuple[int, int, int]]:
    week = list(zip(_days(window), spans(window), strict=True))
    monday = (clock.wall_at(start) - WEEK - SLACK) // WEEK * WEEK
    while week:
        for day, (opens, closes) in week:
            first, last = clock.instant_of(monday + opens), clock.instant_of(monday + closes)
            if first >= end:
                return
            if first < last and start < last:
                yield first, last, monday // DAY + day
        monday += WEEK


def _openings(week: Sequence[Span], clock: WallClock, start: int, end: int) -> Iterator[Span]:
    """Yield one window's openings; a day or more apart, they begin in order whatever clocks do."""
    monday = (clock.wall_at(start) - WEEK - SLACK) // WEEK * WEEK
    while week:
        offset, until = clock.steady(monday)
        first = monday - offset
        # A window closes within a week of its opening: these weeks know one offset, and no bounds.
        weeks = min(until - monday, end - first) // WEEK - 2
        if first >= start and weeks > 0:
            for since in range(first, first + weeks * WEEK, WEEK):
                for opens, closes in week:
                    yield since + opens, since + closes
            monday += weeks * WEEK
        for opens, closes in week:
            first, last = clock.instant_of(monday + opens), clock.instant_of(monday + closes)
            if first >= end:
                return
            if first < last and start < last:
                yield max(first, start), min(last, end)
        monday += WEEK
