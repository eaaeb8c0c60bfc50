"""Times with nobody, in words."""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from registry.clock.civil import local
from registry.clock.tzif import WEEK
from registry.clock.words import with_offset
from registry.oncall.interval import Interval
from registry.oncall.pattern import GapPattern, fold

MOST = 6
"""Shapes of gaps that are told one by one; what is beyond that is only counted."""
_SEASONS = 4
_PAUSE = 5 * WEEK
"""Two gaps of one shape that are further apart belong to two seasons."""


class Vacancy(NamedTuple):
    """Times with nobody: their pattern, and in words when they are."""

    pattern: GapPattern
    text: str


def vacancies(
    gaps: Callable[[], Iterator[Interval]], zone: str, start: int, end: int, shown: str = ""
) -> list[Vacancy]:
    """Fold gaps that lie between `start` and `end`, and say when they are on the clock of `zone`.

    Where they are to be `shown` on another clock, what repeats on the first need not on that: of
    several it is said how many there are, and when the first and the last.

    `gaps` makes a new stream of them each time. Gaps of one shape are one vacancy; where they come
    in seasons, as a hole that only winter time opens, each is told with its dates.
    """
    patterns = fold(gaps(), zone, start, end)
    words = _Words(gaps, zone, start, end)
    if shown not in {"", zone}:
        words = _OtherWords(gaps, shown, start, end)
    found = [Vacancy(one, words.of(one)) for one in patterns[:MOST]]
    if len(patterns) > MOST:
        more = sum(pattern.times for pattern in patterns[MOST:])
        text = f"{found[-1].text}, and {more} more times at other hours"
        found[-1] = found[-1]._replace(text=text)
    return found


class _Words(NamedTuple):
    gaps: Callable[[], Iterator[Interval]]
    zone: str
    start: int
    end: int

    def of(self, pattern: GapPattern) -> str:
        if pattern.name == "/":
            return f"at any time from {with_offset(self.start, self.zone)} on ({self.zone})"
        if pattern.times == 1:
            on = "" if pattern.text.startswith(("until ", "from ")) else "on "
            return f"{on}{pattern.text} ({self.zone})"
        counted = f"{pattern.times} times"
        first, last = pattern.first.start, pattern.last.start
        dates = f"first {with_offset(first, self.zone)}, last {with_offset(last, self.zone)}"
        if not pattern.text.startswith(counted):
            return f"{pattern.text} ({self.zone}): {counted}, {dates}"
        seasons = list(self._seasons(pattern))
        often = {one.text for one in seasons}
        if len(seasons) <= _SEASONS and len(often) == 1 and min(often).startswith("every "):
            return f"{min(often)} ({self.zone}) {' and '.join(map(self._dates, seasons))}"
        return f"{pattern.text} ({self.zone}): {dates}"

    def _dates(self, season: GapPattern) -> str:
        first, last = (local(gap.start, self.zone) for gap in (season.first, season.last))
        return f"from {first.date()} to {last.date()}"

    def _seasons(self, pattern: GapPattern) -> Iterator[GapPattern]:
        """Fold the gaps of one pattern again, season by season."""
        season: list[Interval] = []
        for gap in filter(self._is_of(pattern), self.gaps()):
            if season and gap.start - season[-1].start > _PAUSE:
                yield from self._folded(season)
                season = []
            season.append(gap)
        yield from self._folded(season)

    def _is_of(self, pattern: GapPattern) -> Callable[[Interval], bool]:
        """Make a test of a gap: those that the interval cuts are a pattern's first and last."""

        def has_its_shape(gap: Interval) -> bool:
            if gap in {pattern.first, pattern.last}:
                return True
            (own,) = fold([gap], self.zone, gap.start - 1, gap.end + 1)
            return (own.opens, own.closes) == (pattern.opens, pattern.closes)

        return has_its_shape

    def _folded(self, gaps: Iterable[Interval]) -> list[GapPattern]:
        return fold(gaps, self.zone, self.start, self.end)


class _OtherWords(_Words):
    """The words on another clock than the one by which gaps are folded."""

    def of(self, pattern: GapPattern) -> str:
        if pattern.name != "/" and pattern.times > 1:
            first, last = (
                with_offset(one.start, self.zone) for one in (pattern.first, pattern.last)
            )
            return f"{pattern.times} times ({self.zone}): first {first}, last {last}"
        (own,) = fold([pattern.first], self.zone, self.start, self.end)
        return super().of(own._replace(name=pattern.name))
