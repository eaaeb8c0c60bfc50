"""Days that are holidays by any of several calendars: asked one by one, counted, the next found.

Days are numbers, from 0 for the first of January of year 1, a Monday.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cache, lru_cache
from itertools import islice
from typing import NamedTuple

from registry.clock.tzif import DAY, LATEST, calendar_day, first_of_month

NEVER = 2 * LATEST // DAY
"""A day beyond every calendar."""


class HolidayYears(NamedTuple):
    """One calendar: the years in which it may have holidays, and how to list one year's, sorted."""

    years: Collection[int]
    of: Callable[[int], tuple[int, ...]]


class DaysOff:
    """The holidays of several calendars together; what was listed of a year is kept."""

    def __init__(self, calendars: Sequence[HolidayYears]) -> None:
        self._calendars = calendars
        self._years = sorted({year for one in calendars for year in one.years})
        self._days: dict[int, tuple[int, ...]] = {}
        self._weeks: dict[int, tuple[int, tuple[int, ...]]] = {}
        self._on_days: dict[tuple[int, tuple[int, ...]], tuple[int, ...]] = {}

    def __contains__(self, day: int) -> bool:
        """Whether a day is a holiday."""
        return self.next(day) == day

    def next(self, day: int) -> int:
        """Return the first holiday that is not before a day; `NEVER` where there is none."""
        return next(self.between(day, NEVER), NEVER)

    def between(self, first: int, last: int) -> Iterator[int]:
        """Yield the holidays from the day `first` up to, and without, the day `last`."""
        for year in islice(self._years, bisect_left(self._years, _year(first)), None):
            for day in self._of(year):
                if day >= last:
                    return
                if day >= first:
                    yield day

    def week(self, monday: int) -> tuple[int, tuple[int, ...]]:
        """Return how many weeks from a Monday on have no holiday, and those of the first week.

        These are days of the week, from 0. Kept, for many ask of the same weeks.
        """
        if monday not in self._weeks:
            free = (self.next(monday) - monday) // 7
            off = () if free else tuple(self.between(monday, monday + 7))
            self._weeks[monday] = free, tuple(day - monday for day in off)
        return self._weeks[monday]

    def count(self, first: int, last: int, week: tuple[int, ...]) -> int:
        """Count the holidays as `between` lists them that fall on days of the week, from 0."""
        known, total = self._years, 0
        low, high = bisect_left(known, _year(first)), bisect_right(known, _year(last))
        for year in islice(known, low, high):
            days = self._on(year, week)
            total += bisect_left(days, last) - bisect_left(days, first)
        return total

    def _on(self, year: int, week: tuple[int, ...]) -> tuple[int, ...]:
        """List a year's holidays that fall on days of the week."""
        if (year, week) not in self._on_days:
            found = tuple(day for day in self._of(year) if day % 7 in week)
            self._on_days[year, week] = found
        return self._on_days[year, week]

    def _of(self, year: int) -> tuple[int, ...]:
        if year not in self._days:
            found = {day for one in self._calendars if year in one.years for day in one.of(year)}
            self._days[year] = tuple(sorted(found))
        return self._days[year]


def days_of_spans(spans: Sequence[tuple[int, int]]) -> HolidayYears:
    """Make a calendar of stretches of days, each from its first to its last day."""
    years: dict[int, list[tuple[int, int]]] = {}
    for span in _merged(spans):
        for year in range(_year(span[0]), _year(span[1]) + 1):
            years.setdefault(year, []).append(span)

    @cache
    def of(year: int) -> tuple[int, ...]:
        opens, closes = _new_year(year), _new_year(year + 1)
        parts = (range(max(first, opens), min(last + 1, closes)) for first, last in years[year])
        return tuple(day for part in parts for day in part)

    return HolidayYears(years.keys(), of)


def _merged(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Make one of stretches that touch or overlap, however many there are: in order."""
    found: list[tuple[int, int]] = []
    for first, last in sorted(spans):
        if found and first <= found[-1][1] + 1:
            found[-1] = found[-1][0], max(found[-1][1], last)
        else:
            found.append((first, last))
    return found


@lru_cache(maxsize=4096)
def _year(day: int) -> int:
    return calendar_day(day).year


def _new_year(year: int) -> int:
    return first_of_month(12 * (year - 1))
