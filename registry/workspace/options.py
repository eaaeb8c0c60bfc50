"""What a run is asked for, by the command line or by a program."""

from datetime import UTC, datetime
from typing import NamedTuple


class Options(NamedTuple):
    """The instant and the scope of a run.

    `at` is an aware datetime; `select` and `ignore` are comma-separated codes, names or
    beginnings of codes; `policy` is a built-in pack's name or a path relative to the working
    folder; `horizon` is a duration that replaces the policy's. Times are told in `tz`; where it is
    None, each in the zone that it is about. `baseline` is a file's path relative to the working
    folder; None means the one beside the manifest, if there is one, and an empty text none at all.
    """

    at: datetime
    policy: str | None = None
    select: str = ""
    ignore: str = ""
    horizon: str | None = None
    tz: str | None = None
    baseline: str | None = None


def iso(at: datetime) -> str:
    """Write an instant as ISO 8601 in UTC with a `Z`."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def in_zone(at: str, tz: str | None) -> str:
    """Write an instant, given as `iso` does, in the zone that was asked for; else as it is."""
    if not tz:
        return at
    from registry.clock.civil import zone

    return datetime.fromisoformat(at).astimezone(zone(tz)).isoformat()


def this_hour(now: datetime) -> datetime:
    """Return the hour that an instant is in, which is a check's own "now".

    So a check that is repeated within it can be answered from memory; dates, not minutes, are
    what a check's rules turn on.
    """
    return now.replace(minute=0, second=0, microsecond=0)
