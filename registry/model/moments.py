"""What dates and times of a registry mean as instants."""

from registry.clock.civil import instant, utc, wall_clock, wall_time
from registry.clock.instants import in_range, read_civil
from registry.clock.tzif import DAY
from registry.model.scalars import Moment


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


def read_instant(text: str, zone: str | None = None, option: str = "") -> int:
    """Read an instant that a user types: ISO 8601 with an offset, or local where a zone is given.

    A date alone is its midnight. `option` is what it was given as, `--at` say. Raises
    CannotRunError with what to write instead, and for an instant before 1970 or after 2999.
    """
    civil = read_civil(text, local=zone is not None, option=option)
    clock = wall_clock(zone) if zone is not None and civil.tzinfo is None else None
    if clock is None:
        return instant(in_range(civil, text, option))
    at = clock.instant_of(wall_time(civil))
    in_range(utc(at), text, option)
    return at
