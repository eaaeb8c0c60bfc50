"""When somebody is meant to be on call, and nobody is."""

from collections.abc import Iterator
from itertools import pairwise

from registry.clock.civil import wall_clock
from registry.clock.tzif import WEEK
from registry.model.moments import beginning
from registry.model.oncall import Schedule
from registry.model.windows import windows
from registry.oncall.interval import Interval, difference, union
from registry.oncall.schedule import Layers, read_layers
from registry.oncall.windows import SETTLED, WeeklyHours, weekly_hours

_MOST = 100
"""Times at which something changes, up to which it pays to look at what lies between them."""


def intended(schedule: Schedule, start: int, end: int, zone: str = "UTC") -> Iterator[Interval]:
    """Yield when somebody is meant to be on call: always, or in the windows of `coverage`.

    The windows are in the schedule's zone, else in `zone`, and its holidays are no weekdays. An
    empty list says nothing, so it means always.
    """
    return _intended(_meant(schedule, zone), start, end)


def covered(schedule: Schedule, start: int, end: int, zone: str = "UTC") -> Iterator[Interval]:
    """Yield when anybody is on call from `start` to `end`: maximal, in order.

    A rotation that is on call at all hours is one interval, however often it changes hands.
    """
    return read_layers(schedule, zone).coverage(start, end)


def gaps(schedule: Schedule, start: int, end: int, zone: str = "UTC") -> Iterator[Interval]:
    """Yield when somebody is meant to be on call and nobody is: maximal, in order.

    An exact proof: no gap within `start` to `end` is missed, and memory does not grow with it.
    """
    return gaps_of(schedule, read_layers(schedule, zone), start, end, zone)


def gaps_of(
    schedule: Schedule, layers: Layers, start: int, end: int, zone: str = "UTC"
) -> Iterator[Interval]:
    """As `gaps`, of a schedule that is read already."""
    return _gaps(_meant(schedule, zone), layers, start, end)


def holes(layers: Layers, start: int, end: int) -> Iterator[Interval]:
    """Yield when nobody is on call, whether somebody is meant to be or not: maximal, in order."""
    return _gaps(None, layers, start, end)


def _meant(schedule: Schedule, zone: str) -> WeeklyHours | None:
    """Return the hours of the intended coverage; None for always."""
    meant = () if schedule.coverage == "always" else windows(schedule.coverage)
    if not meant:
        return None
    hours = weekly_hours(meant, wall_clock(schedule.timezone or zone), schedule.days_off())
    return None if hours.are_always else hours


def _intended(meant: WeeklyHours | None, start: int, end: int) -> Iterator[Interval]:
    if start >= end:
        return iter(())
    return iter((Interval(start, end),)) if meant is None else meant.openings(start, end)


def _gaps(meant: WeeklyHours | None, layers: Layers, start: int, end: int) -> Iterator[Interval]:
    if start >= end or _is_surely_covered(meant, layers, start, end):
        return iter(())
    changes = _changes(meant, layers, start, end)
    if changes is None:
        return _open(meant, layers, start, end)
    return union(_by_weeks(meant, layers, [start, *changes, end]))


def _open(meant: WeeklyHours | None, layers: Layers, start: int, end: int) -> Iterator[Interval]:
    return difference(_intended(meant, start, end), layers.coverage(start, end))


def _is_surely_covered(meant: WeeklyHours | None, layers: Layers, start: int, end: int) -> bool:
    """Whether a rotation is on call all the time, or at just the hours that are meant."""
    if any(one.mode == "nobody" for one in layers.overrides):
        return False
    return any(
        one.start <= start
        and end <= one.end
        and (one.is_whole or (one.is_regular and one.hours is not None and one.hours == meant))
        for one in layers.rotations
    )


def _changes(meant: WeeklyHours | None, layers: Layers, start: int, end: int) -> list[int] | None:
    """List when a clock changes, or a rotation or an override begins or ends.

    From one to the next each week is like the other, once it has settled. None where that is not
    certain, or does not matter.
    """
    hours = [one.hours for one in layers.rotations if one.hours is not None]
    hours += [meant] if meant is not None else []
    regular = all(one.is_regular for one in layers.rotations)
    if not hours or not regular or not all(one.is_weekly for one in hours):
        return None
    found = {at for one in layers.rotations for at in (one.start, one.end)}
    found.update(at for one in layers.overrides for at in (one.start, one.end))
    for clock in {one.clock for one in hours}:
        found.update(change.at for change in clock.changes(start, end))
    inside = sorted(at for at in found if start < at < end)
    return inside if len(inside) <= _MOST else None


def _by_weeks(meant: WeeklyHours | None, layers: Layers, changes: list[int]) -> Iterator[Interval]:
    """Yield what is open from each change to the next: of weeks that are alike one is proof."""
    for since, until in pairwise(changes):
        settled = since + SETTLED
        if until - settled > WEEK and not any(_open(meant, layers, settled, settled + WEEK)):
            yield from _open(meant, layers, since, settled)
        else:
            yield from _open(meant, layers, since, until)


def first_start(schedule: Schedule, zone: str = "UTC") -> int | None:
    """Return the instant at which the first of the rotations starts; None without rotations."""
    starts = (
        beginning(rotation.start, rotation.timezone or schedule.timezone or zone)
        for rotation in schedule.rotations
        if not rotation.shadow
    )
    return min(starts, default=None)
