"""What dates and times of a registry mean as instants."""

from registry.civil import instant, wall_clock, wall_time
from registry.errors import CannotRunError
from registry.model.scalars import Moment
from registry.tzif import DAY


def beginning(moment: Moment, zone: str) -> int:
    """Return the instant of a field that begins something: a date alone begins at its midnight.

    What has no offset is local to `zone`, read as `WallClock.instant_of` says.
    """
    civil = moment.civil
    return wall_clock(zone).instant_of(wall_time(civil)) if civil.tzinfo is None else instant(civil)


def ending(moment: Moment, zone: str) -> int:
    """Return the instant of a field that ends something, itself excluded.

    A date alone is inclusive: it ends at the midnight after it.
    """
    if moment.is_date:
        return wall_clock(zone).instant_of(wall_time(moment.civil) + DAY)
    return beginning(moment, zone)


def read_instant(text: str, zone: str | None = None) -> int:
    """Read an instant that a user types: ISO 8601 with an offset, or local where a zone is given.

    A date alone is its midnight. Raises CannotRunError with what to write instead.
    """
    try:
        moment = Moment.read(text.strip())
    except ValueError as error:
        if _is_leap_second(text):
            raise CannotRunError(
                f"`{text}` is in a leap second, which computers' clocks do not count",
                "write the first second after it, as `2017-01-01T00:00:00Z`",
            ) from None
        raise CannotRunError(
            f"`{text}` is no instant: {error}",
            "write ISO 8601 with an offset, as `2026-11-24T03:00:00+01:00`",
        ) from None
    if zone is None and moment.civil.tzinfo is None:
        raise CannotRunError(
            f"`{text}` has no offset from UTC",
            f"write `{text}{'T00:00' if moment.is_date else ''}Z`, or name its zone with `--tz`",
        )
    return beginning(moment, zone or "UTC")


def _is_leap_second(text: str) -> bool:
    before, found, after = text.strip().partition(":59:60")
    return bool(found) and Moment.accepts(f"{before}:59:59{after}")
