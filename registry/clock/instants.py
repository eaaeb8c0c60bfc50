"""What a person types for an instant: ISO 8601 with an offset, or local where a zone is named.

A check that is answered from memory reads its `--at` with this, so it imports next to nothing.
"""

import re
from datetime import UTC, datetime

from registry.errors import CannotRunError

MOMENT = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})"
    r"(?:[T ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)
"""A date, or a date and a time, as the format writes them."""

_FIRST, _END = datetime(1970, 1, 1, tzinfo=UTC), datetime(3000, 1, 1, tzinfo=UTC)
"""Instants that may be asked about: answers look years back and ahead of them."""


def read_civil(text: str, *, local: bool, option: str = "") -> datetime:
    """Read an instant as it is written: naive where it has no offset, which only `local` allows.

    A date alone is its midnight. `option` is what it was given as, `--at` say. Raises
    CannotRunError with what to write instead.
    """
    shown = f"{option} `{text}`".lstrip()
    text = text.strip()
    try:
        found = _read(text)
    except ValueError as error:
        if _is_moment(text.replace(":59:60", ":59:59", 1)):
            raise CannotRunError(
                f"{shown} is in a leap second, which computers' clocks do not count",
                "write the first second after it, as `2017-01-01T00:00:00Z`",
            ) from None
        raise CannotRunError(
            f"{shown} is no instant{error}",
            "write a date or a date-time in ISO 8601, as `2026-11-24T03:00:00+01:00`",
        ) from None
    if found.tzinfo is None and not local:
        raise CannotRunError(
            f"{shown} has no offset from UTC",
            f"write `{text}{'' if ':' in text else 'T00:00'}Z`, or name its zone with `--tz`",
        )
    return found


def in_range(at: datetime, text: str, option: str = "") -> datetime:
    """Return an aware instant that may be asked about, which was written as `text`.

    Raises CannotRunError for one that is before 1970 or after 2999.
    """
    if not _FIRST <= at < _END:
        shown = f"{option} `{text}`".lstrip()
        raise CannotRunError(f"{shown} is not within 1970 to 2999, in UTC", "correct the year")
    return at


def _read(text: str) -> datetime:
    if not MOMENT.fullmatch(text):
        raise ValueError
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f": {no_such(error)}") from None


def no_such(error: ValueError) -> str:
    """Say why what looks like a date or a time is none; `error` is what Python says of it."""
    is_offset = str(error).startswith("offset")
    why = "an offset from UTC is less than 24 hours" if is_offset else str(error)
    return f"no such date or time: {why}"


def _is_moment(text: str) -> bool:
    try:
        _read(text)
    except ValueError:
        return False
    return True
