"""Hours of the week: when the windows of a rotation or of the intended coverage are open.

A day that is off, a holiday of some calendar, is no weekday: only windows that start on holidays
start on it.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from typing import NamedTuple

from registry.clock.days_off import NEVER, DaysOff
from registry.clock.tzif import DAY, MINUTE, WEEK, WallClock
from registry.clock.weekdays import DAYS, HOLIDAY
from registry.model.windows import Window
from registry.oncall.interval import Interval, Span, union

SLACK = 2 * DAY
"""More than the clocks of any zone have ever been moved at once, which is a day."""
SETTLED = WEEK + SLACK
"""After so long without a change of clocks or a day off, hours are those of the week before."""
_SETTLING = 8
"""Weeks after which windows that follow one another are still the same ones, as a rule."""
_PATTERNS = 16
"""Weeks with days off that are kept, by which days these are."""

Dated = tuple[int, int, int]
"""When a window opens and closes, and the day on which it starts."""


def spans(window: Window) -> list[Span]:
    """Return where a window opens and closes, as wall time since Monday's midnight, in order.

    Each day of `days` opens it once. It closes at `to` on that day or, where that is not later,
    on the next; with `to_day`, on the first such day on which it is later.
    """
    return [span(window, day) for day in _days(window)]


def span(window: Window, day: int) -> Span:
    """Return where a window opens and closes that starts on a day of the week, from 0."""
    opens = day * DAY + window.start.minutes * MINUTE
    if window.to_day is None:
        closes, step = day * DAY + window.to.minutes * MINUTE, DAY
    else:
        ahead = (DAYS.index(window.to_day) - day) % 7
        closes, step = (day + ahead) * DAY + window.to.minutes * MINUTE, WEEK
    while closes <= opens:
        closes += step
    return opens, closes


def _days(window: Window) -> list[int]:
    return sorted({DAYS.index(name) for name in window.days if name != HOLIDAY})


class _Opening(NamedTuple):
    """A window's opening in an ordinary week; `keeps` says that it opens on a holiday, too."""

    opens: int
    closes: int
    day: int
    keeps: bool


class _Week(NamedTuple):
    """A week's openings as wall time since its Monday: each of them with its day, and joined."""

    dated: list[Dated]
    spans: list[Span]


class _Stretch(NamedTuple):
    """So many `weeks` from an instant on, a Monday's midnight of day number `day`; and others.

    One that `is_cut` is a single week, of which not all lies in the time that is asked for.
    """

    since: int = 0
    day: int = 0
    weeks: int = 0
    week: _Week = _Week([], [])
    others: Sequence[Dated] = ()
    is_cut: bool = False


class WeeklyHours:
    """Windows on a clock, and its days off: read once, and asked for any time."""

    def __init__(
        self, windows: Sequence[Window], clock: WallClock, off: DaysOff | None = None
    ) -> None:
        self.clock = clock
        self.off = off
        self._usual = [
            _Opening(*span(window, day), day, window.every_day)
            for window in windows
            for day in _days(window)
        ]
        self._windows = [one for one in windows if one.on_holidays and not one.every_day]
        self._matters = off is not None and any(not one.every_day for one in windows)
        spans = [one.closes - one.opens for one in self._usual]
        self._longest = max(spans, default=0) if not self._windows else WEEK
        self._weeks: dict[tuple[int, ...], _Week] = {}

    def __eq__(self, other: object) -> bool:
        """Whether other hours are open at just the same times, by all that they are made of."""
        if not isinstance(other, WeeklyHours):
            return NotImplemented
        same = self.clock is other.clock and self.off is other.off
        return same and self._usual == other._usual and self._windows == other._windows

    def __hash__(self) -> int:
        return hash((id(self.clock), *self._usual))

    @property
    def on_holidays(self) -> bool:
        """Whether any of the windows starts on holidays."""
        return bool(self._windows) or any(one.keeps for one in self._usual)

    @property
    def starting_days(self) -> tuple[int, ...]:
        """The days of the week, from 0, on which any of the windows starts."""
        return tuple(sorted({one.day for one in self._usual}))

    @property
    def is_weekly(self) -> bool:
        """Whether no day off makes one week differ from another."""
        return not self._matters

    @cached_property
    def are_always(self) -> bool:
        """Whether they leave no minute out, also where clocks change: they are no restriction.

        Where days are off, only windows that start on every day count.
        """
        week = sorted(one[:2] for one in self._usual if self.off is None or one.keeps)
        if sum(closes - opens for opens, closes in week) < WEEK:
            return False
        return _follow_without_end(week, self.clock.skipped)

    def openings(self, start: int, end: int) -> Iterator[Interval]:
        """Yield when any of the windows is open, from `start` to `end`: maximal, in order."""
        return union(self.each(start, end))

    def each(self, start: int, end: int) -> Iterator[Span]:
        """As `openings`, sorted by start, and two may overlap."""
        for one in self._stretches(start, end):
            spans = one.week.spans
            for since in range(one.since, one.since + one.weeks * WEEK, WEEK):
                for opens, closes in spans:
                    yield since + opens, since + closes
            for opens, closes, _ in one.others:
                yield max(opens, start), min(closes, end)
            if one.is_cut:
                for opens, closes in one.week.spans:
                    first, last = one.since + opens, one.since + closes
                    if first < end and start < last:
                        yield max(first, start), min(last, end)

    def dated(self, start: int, end: int) -> Iterator[Dated]:
        """Yield each opening that lies within `start` to `end`, in part, and the day of its start.

        Whole as it is, in order; the day is a number on the clock's wall.
        """
        for one in self._stretches(start, end):
            for number in range(one.weeks or one.is_cut):
                since, monday = one.since + number * WEEK, one.day + number * 7
                for opens, closes, day in one.week.dated:
                    first, last = since + opens, since + closes
                    if not one.is_cut or (first < end and start < last):
                        yield first, last, monday + day
            yield from one.others

    def _stretches(self, start: int, end: int) -> Iterator[_Stretch]:
        """Yield what opens from `start` to `end`, in order: weeks that are alike at once."""
        clock, waiting = self.clock, list[Dated]()
        monday = (clock.wall_at(start) - self._longest - SLACK) // WEEK * WEEK
        while monday < end + SLACK:
            week, alike = self._at(monday)
            if week.dated and not waiting:
                offset, until = clock.steady(monday)
                since = monday - offset
                # Whatever opens in these weeks closes within them, or in the one that follows.
                steady = min(alike, (until - monday) // WEEK - 2)
                if steady > 0:
                    if since >= end:
                        return
                    steady = min(steady, (end - since) // WEEK - 2)
                    is_cut = since < start or steady <= 0
                    yield _Stretch(
                        since, monday // DAY, 0 if is_cut else steady, week, is_cut=is_cut
                    )
                    monday += WEEK if is_cut else steady * WEEK
                    continue
            waiting += self._one_by_one(monday, week, start, end)
            monday += WEEK if week.dated else alike * WEEK
            if waiting and monday < end + SLACK:
                waiting.sort()
                count = bisect_left(waiting, (self._first_instant(monday),))
                yield _Stretch(others=waiting[:count])
                del waiting[:count]
        yield _Stretch(others=sorted(waiting))

    def _one_by_one(self, monday: int, week: _Week, start: int, end: int) -> Iterator[Dated]:
        """Yield a week's openings that lie within `start` to `end`, in part, whatever clocks do."""
        instant_of, number = self.clock.instant_of, monday // DAY
        for opens, closes, day in week.dated:
            first, last = instant_of(monday + opens), instant_of(monday + closes)
            if first < last and first < end and start < last:
                yield first, last, number + day

    def _first_instant(self, wall: int) -> int:
        """Return an instant before which nothing lies that opens at a wall time or later."""
        offset, until = self.clock.steady(wall)
        # Wall times that are skipped mean later instants than those right after them.
        return wall - offset - SLACK * (until - wall <= DAY)

    def _at(self, monday: int) -> tuple[_Week, int]:
        """Return a week, that of a Monday as wall time, and how many from it on are like it."""
        if not self._matters or self.off is None:
            return self._ordinary, NEVER
        free, off = self.off.week(monday // DAY)
        if free:
            return self._ordinary, free
        if off not in self._weeks:
            if len(self._weeks) >= _PATTERNS:
                self._weeks.clear()
            kept = [one[:3] for one in self._usual if one.keeps or one.day not in off]
            kept += [(*span(one, day), day) for one in self._windows for day in off]
            self._weeks[off] = _week(kept)
        return self._weeks[off], 1

    @cached_property
    def _ordinary(self) -> _Week:
        return _week([one[:3] for one in self._usual])


@lru_cache(maxsize=1024)  # hundreds of desks keep the same hours
def weekly_hours(
    windows: tuple[Window, ...], clock: WallClock, off: DaysOff | None = None
) -> WeeklyHours:
    """Return windows on a clock and its days off, ready to be asked; the same for the same ones."""
    return WeeklyHours(windows, clock, off)


def _follow_without_end(week: Sequence[Span], skipped: Sequence[Span]) -> bool:
    """Whether windows that come again each week follow one another without a hole, for good.

    Each has to open where an earlier one closes, which is one instant whatever clocks do, or before
    that: by at least as much as clocks are set forward over the time of day at which it opens,
    since a time that is skipped is read as a later one. From week to week fewer may follow; where
    that has not settled after some, the answer is no.
    """
    ends = {closes - WEEK for _, closes in week}
    before: list[Span] = []
    for _ in range(_SETTLING):
        following: list[Span] = []
        last = max(ends, default=-1)
        for opens, closes in week:
            margin = max((far for at, far in skipped if (opens - at) % DAY < far), default=0)
            if opens in ends or last - opens >= margin:
                following.append((opens, closes))
                ends.add(closes)
                last = max(last, closes)
        if following == before:
            return bool(following)
        before = following
        ends = {one - WEEK for one in ends if one >= WEEK}
    return False


def _week(openings: list[Dated]) -> _Week:
    dated = sorted(openings)
    return _Week(dated, list(union((opens, closes) for opens, closes, _ in dated)))
