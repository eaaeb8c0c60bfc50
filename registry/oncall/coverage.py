"""When somebody is meant to be on call, and nobody is."""

from collections.abc import Iterator

from registry.clock.civil import wall_clock
from registry.model.moments import beginning
from registry.model.oncall import Schedule
from registry.model.windows import windows
from registry.oncall.interval import Interval, difference
from registry.oncall.schedule import read_layers
from registry.oncall.windows import Hours


def intended(schedule: Schedule, start: int, end: int, zone: str = "UTC") -> Iterator[Interval]:
    """Yield when somebody is meant to be on call: always, or in the windows of `coverage`.

    The windows are in the schedule's zone, else in `zone`, and its holidays are no weekdays. An
    empty list says nothing, so it means always.
    """
    if start >= end:
        return iter(())
    meant = () if schedule.coverage == "always" else windows(schedule.coverage)
    off = schedule.days_off() if meant else None
    hours = Hours(meant, wall_clock(schedule.timezone or zone), off)
    if not meant or hours.are_always:
        return iter((Interval(start, end),))
    return hours.openings(start, end)


def covered(schedule: Schedule, start: int, end: int, zone: str = "UTC") -> Iterator[Interval]:
    """Yield when anybody is on call from `start` to `end`: maximal, in order.

    A rotation that is on call at all hours is one interval, however often it changes hands.
    """
    return read_layers(schedule, zone).coverage(start, end)


def gaps(schedule: Schedule, start: int, end: int, zone: str = "UTC") -> Iterator[Interval]:
    """Yield when somebody is meant to be on call and nobody is: maximal, in order.

    An exact proof: no gap within `start` to `end` is missed, and memory does not grow with it.
    """
    return difference(intended(schedule, start, end, zone), covered(schedule, start, end, zone))


def first_start(schedule: Schedule, zone: str = "UTC") -> int | None:
    """Return the instant at which the first of the rotations starts; None without rotations."""
    starts = (
        beginning(rotation.start, rotation.timezone or schedule.timezone or zone)
        for rotation in schedule.rotations
        if not rotation.shadow
    )
    return min(starts, default=None)
