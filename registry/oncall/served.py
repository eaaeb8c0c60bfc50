"""Which day of its turns a day is, where a turn has so many days on which somebody serves."""

from typing import NamedTuple


class Served(NamedTuple):
    """Days on which windows start, counted from the day `first` on; a turn has `length` of them.

    Days are numbers, from 0 for the first of January of year 1, a Monday. `week` are the days of
    the week on which any window starts, in order.
    """

    first: int
    week: tuple[int, ...]
    length: int

    def before(self, day: int) -> int:
        """Return how many such days come before a day; below 0 for one before the first."""
        return self._counted(day) - self._counted(self.first)

    def day(self, number: int) -> int:
        """Return the day that so many such days come before."""
        weeks, rest = divmod(number + self._counted(self.first), len(self.week))
        return weeks * 7 + self.week[rest]

    def _counted(self, day: int) -> int:
        weeks, rest = divmod(day, 7)
        return weeks * len(self.week) + sum(one < rest for one in self.week)
