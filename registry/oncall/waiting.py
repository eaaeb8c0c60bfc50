"""When the pages of an escalation go out: as they are due, when hours open, or not at all."""

from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from registry.clock.civil import wall_clock
from registry.clock.days_off import DaysOff
from registry.clock.tzif import DAY
from registry.model.oncall import Escalation, Step
from registry.model.windows import windows
from registry.oncall.interval import ENDLESS, Interval, clipped, union
from registry.oncall.windows import WeeklyHours, weekly_hours


class Dispatch(NamedTuple):
    """A page of all alerts that fire from `start` up to `end`.

    It goes out so long `after` each alert or, where that is None, once for all `at` an instant:
    `ENDLESS` where that never comes. Where both are None, it is skipped.
    """

    start: int
    end: int
    after: int | None
    at: int | None


class PagingHours:
    """The hours of an escalation or a step, and whether they hold what comes outside of them.

    When they are open is worked out once, from the first instant that is asked for on.
    """

    def __init__(self, open_hours: "OpenHours", *, holds: bool) -> None:
        self._open = open_hours
        self._holds = holds

    def skipping(self) -> "PagingHours":
        """Return the same hours, that skip what comes outside of them."""
        return PagingHours(self._open, holds=False)

    def dispatches(self, start: int, end: int) -> Iterator[Dispatch]:
        """Yield when that which is due from `start` to `end` goes out: in order, without a hole."""
        since = start
        for opens, closes in self._open.between(start, end):
            if since < opens:
                yield Dispatch(since, opens, None, opens if self._holds else None)
            yield Dispatch(opens, closes, 0, None)
            since = closes
        if since < end:
            yield Dispatch(since, end, None, self.next(end) if self._holds else None)

    def next(self, at: int) -> int:
        """Return the first instant from one on at which they are open; `ENDLESS` if none is."""
        return self._open.next(at)

    def when(self, due: int) -> int | None:
        """Return when that which is due at an instant goes out; None where it is skipped."""
        opens = self.next(due)
        return opens if self._holds or opens == due else None


class OpenHours:
    """When some windows are open: what was worked out is kept."""

    def __init__(self, hours: WeeklyHours) -> None:
        self._hours = hours
        self._start = self._end = 0
        self._spans: list[Interval] = []

    def between(self, start: int, end: int) -> Iterator[Interval]:
        """Yield when they are open from `start` to `end`: maximal, in order."""
        self._reach(start, end)
        spans = self._spans  # another reader may have it replaced, but never changed
        for index in range(self._index(start), len(spans)):
            span = spans[index]
            if span.start >= end:
                return
            inside = clipped(span, start, end)
            if inside is not None:
                yield inside

    def next(self, at: int) -> int:
        """Return the first instant from one on at which they are open; `ENDLESS` if none is."""
        self._reach(at, at + _AHEAD)
        index = self._index(at)
        for span in self._spans[index : index + 2]:
            if at < span.end:
                return max(at, span.start)
        found = self._hours.each(self._end, ENDLESS)
        return next((opens for opens, _ in found), ENDLESS)

    def _index(self, at: int) -> int:
        """Return the place of the last span that begins at or before an instant."""
        return max(bisect_right(self._spans, (at, ENDLESS)) - 1, 0)

    def _reach(self, start: int, end: int) -> None:
        """Work out what is missing up to an end; all anew for what lies before or far beyond."""
        if not self._start <= start <= self._end:
            self._start = self._end = start
            self._spans = []
        if end > self._end:
            until = max(end, self._end + _AHEAD)
            more = self._hours.openings(self._end, until)
            self._spans = list(union([*self._spans, *more]))
            self._end = until


_AHEAD = 60 * DAY
"""As far as is worked out at once."""


class Waiting(NamedTuple):
    """The hours of an escalation, None where it may begin at any time, and of each step."""

    whole: PagingHours | None
    steps: tuple[PagingHours | None, ...]

    def dispatches(self, step: int, after: int, start: int, end: int) -> Iterator[Dispatch]:
        """Yield when a step's page goes out that is due so long (µs) after the escalation begins.

        For all alerts from `start` to `end`: in order, without a hole.
        """
        own = self.steps[step]
        whole = self.whole
        for one in whole.dispatches(start, end) if whole else (Dispatch(start, end, 0, None),):
            if one.after is None:
                yield one._replace(at=_after(one.at, after, own))
            elif own is None:
                yield one._replace(after=after)
            else:
                for due in own.dispatches(one.start + after, one.end + after):
                    wait = None if due.after is None else after
                    yield Dispatch(due.start - after, due.end - after, wait, due.at)

    def when(self, step: int, after: int, alert: int) -> int | None:
        """Return when a step's page of an alert goes out; None where it is skipped."""
        begun = self.whole.when(alert) if self.whole else alert
        return _after(begun, after, self.steps[step])

    def begins(self, alert: int) -> bool:
        """Whether the escalation begins at all for an alert."""
        return not self.whole or self.whole.when(alert) not in {None, ENDLESS}


def _after(begun: int | None, after: int, own: PagingHours | None) -> int | None:
    if begun is None or begun == ENDLESS:
        return begun
    return own.when(begun + after) if own else begun + after


def read_waiting(escalation: Escalation, zone: str) -> Waiting | None:
    """Read an escalation's hours, in its zone, else in `zone`; None where it never waits."""
    name = escalation.timezone or zone
    whole = _hours(escalation, name, escalation.days_off())
    steps = tuple(
        _hours(step, step.timezone or name, escalation.days_off(step)) for step in escalation.steps
    )
    return Waiting(whole, steps) if whole or any(steps) else None


def _hours(one: Escalation | Step, zone: str, off: DaysOff | None) -> PagingHours | None:
    found = windows(one.hours)
    hours = weekly_hours(found, wall_clock(zone), off)
    if not found or hours.are_always:
        return None
    return PagingHours(OpenHours(hours), holds=one.outside == "hold")
