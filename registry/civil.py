"""Civil time on the bundled tz database: the same on every machine, never the system's."""

from datetime import date, datetime, timedelta, tzinfo
from functools import cache
from importlib import resources
from zoneinfo import ZoneInfo

from registry.errors import CannotRunError


@cache
def zone(name: str) -> tzinfo:
    """Return the rules of an IANA zone from the bundled database.

    Raises CannotRunError for a name that is not in it; nothing ever falls back to UTC.
    """
    folder = resources.files("tzdata").joinpath("zoneinfo")
    try:
        with folder.joinpath(*name.split("/")).open("rb") as file:
            return ZoneInfo.from_file(file, key=name)
    except (OSError, ValueError):
        raise CannotRunError(
            f"no time zone `{name}`", "name an IANA zone, as `Europe/Berlin`"
        ) from None


def tzdata_version() -> str:
    """Return the bundled tz database's version, as `2026f`."""
    import tzdata

    return str(tzdata.IANA_VERSION)


def local_date(at: datetime, name: str) -> date:
    """Return the calendar date of an instant (an aware datetime) in a zone."""
    return at.astimezone(zone(name)).date()


def has_passed(last_day: date, at: datetime, name: str) -> bool:
    """Whether a last day, itself included, is over at an instant in a zone."""
    return local_date(at, name) > last_day


def days_until(last_day: date, at: datetime, name: str) -> timedelta:
    """Return the time from today to a last day in a zone; negative once it is over."""
    return last_day - local_date(at, name)
