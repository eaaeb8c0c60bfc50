"""Hours and holidays as time intervals of Alertmanager.

What is open in every week is one set of intervals. Of each day that a holiday changes, in the time
that is asked for, the difference is told: what is open beside, and what is closed for once.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from registry.clock.days_off import DaysOff
from registry.clock.tzif import DAY, MINUTE, WEEK, calendar_day
from registry.clock.weekdays import DAY_NAMES, DAYS, HOLIDAY
from registry.model.windows import Window
from registry.oncall.windows import span

Minutes = tuple[int, int]
"""Minutes of a day, from the first up to, and without, the last."""

Interval = Mapping[str, object]
"""One item of `time_intervals`, as Alertmanager reads it."""

_LENGTH = DAY // MINUTE


class Intervals(NamedTuple):
    """When hours are open, and when they are closed all the same: both hold."""

    active: tuple[Interval, ...]
    muted: tuple[Interval, ...]


def intervals(
    windows: Sequence[Window], off: DaysOff | None, zone: str, first: int, last: int
) -> Intervals:
    """Write windows in a zone as intervals; holidays count from a day up to, and without, another.

    Days are numbers, from 0 for the first of January of year 1.
    """
    week = [_joined(_of_week(windows, day)) for day in range(7)]
    active = [
        _written(minutes, zone, weekdays=_days(days))
        for minutes, days in _alike(dict(enumerate(week)))
    ]
    beside: dict[int, tuple[Minutes, ...]] = {}
    closed: dict[int, tuple[Minutes, ...]] = {}
    for day in _changed(windows, off, first, last) if off is not None else ():
        really, usual = _joined(_of_day(windows, off, day)), week[day % 7]
        beside[day], closed[day] = _without(really, usual), _without(usual, really)
    return Intervals((*active, *_dated(beside, zone)), tuple(_dated(closed, zone)))


def _of_week(windows: Sequence[Window], day: int) -> Iterator[Minutes]:
    """Yield the hours of a day of the week, without any holiday."""
    for window in windows:
        for start in range(7):
            if DAYS[start] in window.days:
                opens, closes = span(window, start)
                yield from _on(opens, closes, day * DAY)
                yield from _on(opens - WEEK, closes - WEEK, day * DAY)


def _of_day(windows: Sequence[Window], off: DaysOff | None, day: int) -> Iterator[Minutes]:
    """Yield the hours of a day, as holidays have them: its own, and those of the days before."""
    for start in range(day - 7, day + 1):
        name = HOLIDAY if off is not None and start in off else DAYS[start % 7]
        for window in windows:
            if name in window.days:
                opens, closes = span(window, start % 7)
                shift = (start - start % 7) * DAY
                yield from _on(opens + shift, closes + shift, day * DAY)


def _on(opens: int, closes: int, midnight: int) -> Iterator[Minutes]:
    start, end = max(opens - midnight, 0), min(closes - midnight, DAY)
    if start < end:
        yield start // MINUTE, end // MINUTE


def _changed(windows: Sequence[Window], off: DaysOff, first: int, last: int) -> Iterator[int]:
    """Yield the days on which a holiday may change the hours, in order."""
    longest = max(
        (closes - start * DAY for one in windows for start in range(7)
         for _, closes in [span(one, start)]), default=DAY,
    )  # fmt: skip
    after = -(-longest // DAY)
    days = {one + more for one in off.between(first, last) for more in range(after)}
    yield from sorted(days)


def _joined(found: Iterable[Minutes]) -> tuple[Minutes, ...]:
    """Join what touches or overlaps."""
    joined: list[Minutes] = []
    for start, end in sorted(found):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], end)
        else:
            joined.append((start, end))
    return tuple(joined)


def _without(some: Sequence[Minutes], others: Sequence[Minutes]) -> tuple[Minutes, ...]:
    """Cut some minutes out of others; both joined, as the result is."""
    found = list(some)
    for start, end in others:
        parts = [((one, min(other, start)), (max(one, end), other)) for one, other in found]
        found = [part for pair in parts for part in pair if part[0] < part[1]]
    return tuple(found)


def _alike(
    days: Mapping[int, tuple[Minutes, ...]],
) -> Iterator[tuple[tuple[Minutes, ...], list[int]]]:
    """Yield each of the different hours with the days that have them, in order of their days."""
    found: dict[tuple[Minutes, ...], list[int]] = {}
    for day, minutes in days.items():
        if minutes:
            found.setdefault(minutes, []).append(day)
    yield from found.items()


def _dated(days: Mapping[int, tuple[Minutes, ...]], zone: str) -> Iterator[Interval]:
    """Write the hours of single days, those of a month that are alike together."""
    months: dict[tuple[int, int], dict[int, tuple[Minutes, ...]]] = {}
    for day, minutes in days.items():
        date = calendar_day(day)
        months.setdefault((date.year, date.month), {})[date.day] = minutes
    for (year, month), own in months.items():
        for minutes, dates in _alike(own):
            yield _written(
                minutes, zone, days_of_month=[str(one) for one in dates],
                months=[str(month)], years=[str(year)],
            )  # fmt: skip


def _written(minutes: Sequence[Minutes], zone: str, **days: list[str]) -> Interval:
    whole = minutes == ((0, _LENGTH),) or list(minutes) == [(0, _LENGTH)]
    times = {
        "times": [{"start_time": _clock(one), "end_time": _clock(other)} for one, other in minutes]
    }
    return {**({} if whole else times), **days, "location": zone}


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _days(days: Sequence[int]) -> list[str]:
    """Write days of the week, from 0, those in a row as a range that Alertmanager reads.

    Its week begins on Sunday.
    """
    found = sorted((day + 1) % 7 for day in days)
    rows: list[list[int]] = []
    for day in found:
        if rows and day == rows[-1][-1] + 1:
            rows[-1].append(day)
        else:
            rows.append([day])
    return [
        _named(row[0]) if len(row) == 1 else f"{_named(row[0])}:{_named(row[-1])}" for row in rows
    ]


def _named(day: int) -> str:
    return DAY_NAMES[day - 1].lower()
