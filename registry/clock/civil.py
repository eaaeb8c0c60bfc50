"""Civil time on the bundled tz database: the same zones on every machine, never the system's own.

Instants and wall times are whole microseconds, as `registry.clock.tzif` has them; what is a
`datetime` here is aware, and only for reading and showing.
"""

from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import cache

from registry.clock.tzif import DAY, LATEST, SECOND, WallClock, calendar_day
from registry.clock.zones import suggested_zone, zone_file, zone_names
from registry.errors import CannotRunError


@cache
def wall_clock(name: str) -> WallClock:
    """Return the clock of an IANA zone of the bundled database.

    Raises CannotRunError for a name that is not in it, letter for letter; nothing ever falls back
    to UTC.
    """
    return WallClock(_zone_file(name))


@cache
def zone(name: str) -> tzinfo:
    """Return the rules of an IANA zone of the bundled database, for `datetime`; as `wall_clock`."""
    from io import BytesIO
    from zoneinfo import ZoneInfo

    return ZoneInfo.from_file(BytesIO(_zone_file(name)), key=name)


def _zone_file(name: str) -> bytes:
    if name not in zone_names():
        near = suggested_zone(name)
        help_ = f"did you mean `{near}`?" if near else "name an IANA zone, as `Europe/Berlin`"
        raise CannotRunError(f"no time zone `{name}`", help_)
    return zone_file(name)


def instant(at: datetime) -> int:
    """Return the instant of an aware datetime; raises ValueError for a naive one."""
    offset = at.utcoffset()
    if offset is None:
        raise ValueError("a date-time without an offset is no instant")
    return wall_time(at) - offset // timedelta(microseconds=1)


def wall_time(at: datetime) -> int:
    """Return the wall time that a datetime shows, whatever its zone."""
    seconds = at.hour * 3600 + at.minute * 60 + at.second
    return (at.toordinal() - 1) * DAY + seconds * SECOND + at.microsecond


def utc(at: int) -> datetime:
    """Return an instant as a datetime in UTC, one beyond the calendar as its last or first."""
    days, rest = divmod(min(max(at, 0), LATEST - 1), DAY)
    return datetime.combine(calendar_day(days), time(tzinfo=UTC)) + timedelta(microseconds=rest)


def local(at: int, name: str) -> datetime:
    """Return an instant as a datetime with the zone's offset; in UTC where the calendar ends."""
    offset = wall_clock(name).wall_at(at) - at
    if not (0 <= at < LATEST and 0 <= at + offset < LATEST):
        return utc(at)
    return utc(at).astimezone(timezone(timedelta(microseconds=offset)))


def local_date(at: datetime, name: str) -> date:
    """Return the calendar date of an instant (an aware datetime) in a zone."""
    return calendar_day(wall_clock(name).wall_at(instant(at)) // DAY)


def has_passed(last_day: date, at: datetime, name: str) -> bool:
    """Whether a last day, itself included, is over at an instant in a zone."""
    return local_date(at, name) > last_day
