"""The periods that budgets are for, in the manifest's zone: civil days and more, elapsed hours."""

from datetime import datetime, timedelta

from registry.clock.civil import instant, local, zone
from registry.model.scalars import Period

_MONDAY = datetime(1970, 1, 5)  # noqa: DTZ001 - a wall time
_HOUR = 3_600_000
_DAY = timedelta(days=1)


def period_of(at: int, period: Period, zone_name: str) -> tuple[int, int]:
    """Return the period that an instant (µs) is in, from its beginning to its end.

    Months are counted from January, days and weeks from a Monday; each begins at a wall time of the
    zone. What is shorter than a day is time that has passed since midnight: where the clock is put
    back, the hour that it shows twice is two.
    """
    wall = local(at, zone_name).replace(tzinfo=None)
    if period.months:
        start = _month(wall, period.months, 0)
        return _at(start, zone_name), _at(_month(wall, period.months, 1), zone_name)
    length = timedelta(milliseconds=period.milliseconds)
    midnight = wall.replace(hour=0, minute=0, second=0, microsecond=0)
    whole_days = period.milliseconds % (24 * _HOUR) == 0
    if not whole_days and length < _DAY:
        return _elapsed(at, length, _at(midnight, zone_name), _at(midnight + _DAY, zone_name))
    first = _MONDAY if whole_days else midnight
    start = first + (wall - first) // length * length
    return _at(start, zone_name), _at(start + length, zone_name)


def _elapsed(at: int, length: timedelta, midnight: int, next_one: int) -> tuple[int, int]:
    """Return the stretch of a day, between two midnights, that an instant is in (all in µs)."""
    step = length // timedelta(microseconds=1)
    start = midnight + (at - midnight) // step * step
    return start, min(start + step, next_one)


def _month(wall: datetime, months: int, later: int) -> datetime:
    number = (wall.year * 12 + wall.month - 1) // months * months + later * months
    return datetime(number // 12, number % 12 + 1, 1)  # noqa: DTZ001 - a wall time


def _at(wall: datetime, zone_name: str) -> int:
    return instant(wall.replace(tzinfo=zone(zone_name)))
