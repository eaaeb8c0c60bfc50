"""Civil time on the bundled tz database: the same zones on every machine, never the system's own.

Instants and wall times are whole microseconds, as `registry.clock.tzif` has them; what is a
`datetime` here is aware, and only for reading and showing.
"""

import os
import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import cache

from registry.clock.tzif import DAY, LATEST, SECOND, WallClock, calendar_day
from registry.errors import CannotRunError
from registry.model.scalars import zone_names


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
    import tzdata

    folder = os.path.join(os.path.dirname(tzdata.__file__), "zoneinfo")
    with open(os.path.join(folder, *name.split("/")), "rb") as file:
        return file.read()


def suggested_zone(name: str) -> str | None:
    """Return the zone that an unknown name may mean: Windows's for it, a city, or the nearest.

    Windows's names are those of Unicode's CLDR, as the package tzlocal lists them. An offset such
    as `GMT+1` has no suggestion: `Etc/GMT+1` means the opposite.
    """
    from tzlocal.windows_tz import win_tz

    from registry.wording import nearest

    if re.fullmatch(r"(?i)\s*(?:utc|gmt|etc/gmt)?\s*[+-]?[0-9:]+\s*", name):
        return None
    folded = name.casefold().replace(" ", "_")
    windows = {key.casefold().replace(" ", "_"): value for key, value in win_tz.items()}
    if windows.get(folded) in zone_names():
        return windows[folded]
    cities = sorted(full for full in zone_names() if full.casefold().endswith(f"/{folded}"))
    return cities[0] if cities else nearest(name, zone_names())


def tzdata_version() -> str:
    """Return the bundled tz database's version, as `2026f`."""
    import tzdata

    return str(tzdata.IANA_VERSION)


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


def days_until(last_day: date, at: datetime, name: str) -> timedelta:
    """Return the time from today to a last day in a zone; negative once it is over."""
    return last_day - local_date(at, name)
