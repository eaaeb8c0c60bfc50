"""Which day of its turns a day is, where a turn has so many days on which somebody serves."""

from typing import NamedTuple

from registry.clock.days_off import NEVER, DaysOff

_WEEK = tuple(range(7))


class Served(NamedTuple):
    """Days on which windows start, counted from the day `first` on; a turn has `length` of them.

    Days are numbers, from 0 for the first of January of year 1, a Monday. `week` are the days of
    the week on which any window starts, in order; a day that is `off` is none of these, and counts
    where any window starts `on_holidays`.
    """

    first: int
    week: tuple[int, ...]
    length: int
    off: DaysOff | None = None
    on_holidays: bool = False

    def before(self, day: int) -> int:
        """Return how many such days come before a day; below 0 for one before the first."""
        counted = self._counted(day) - self._counted(self.first)
        if self.off is None:
            return counted
        if day < self.first:
            return counted - self._more(self.off, day, self.first)
        return counted + self._more(self.off, self.first, day)

    def day(self, number: int) -> int:
        """Return the day that so many such days come before; `NEVER` where there are no more."""
        if self.off is not None:
            return self._found(number)
        if not self.week:
            return NEVER
        weeks, rest = divmod(number + self._counted(self.first), len(self.week))
        return weeks * 7 + self.week[rest]

    def _counted(self, day: int) -> int:
        weeks, rest = divmod(day, 7)
        return weeks * len(self.week) + sum(one < rest for one in self.week)

    def _more(self, off: DaysOff, first: int, last: int) -> int:
        """Return by how many more the days off between two days make those that are served."""
        more = off.count(first, last, _WEEK) if self.on_holidays else 0
        return more - off.count(first, last, self.week)

    def _found(self, number: int) -> int:
        """Look for a day in longer and longer stretches, then in halves of the last."""
        length = 7
        while self.before(self.first + length) <= number:
            length *= 2
            if length > NEVER:
                return NEVER
        low, high = self.first + length // 2 * (length > 7), self.first + length
        while low < high:
            middle = (low + high) // 2
            low, high = (middle + 1, high) if self.before(middle + 1) <= number else (low, middle)
        return low
