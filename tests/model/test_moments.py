"""What dates and times mean."""

import pytest

from registry.clock.civil import utc
from registry.clock.tzif import DAY, LATEST
from registry.errors import CannotRunError
from registry.model.moments import beginning, ending, read_instant
from registry.model.scalars import Moment


def _shown(at: int) -> str:
    return utc(at).isoformat().removesuffix("+00:00")


@pytest.mark.parametrize(
    ("text", "zone", "meant"),
    [
        ("2026-11-24T09:00", "Europe/Berlin", "2026-11-24T08:00:00"),
        ("2026-11-24T09:00Z", "Europe/Berlin", "2026-11-24T09:00:00"),
        ("2026-11-24T09:00-05:00", "Europe/Berlin", "2026-11-24T14:00:00"),
        ("2026-03-29T02:30", "Europe/Berlin", "2026-03-29T01:30:00"),
        ("2026-10-25T02:30", "Europe/Berlin", "2026-10-25T00:30:00"),
        ("2026-11-24 09:00:00.000001", "UTC", "2026-11-24T09:00:00.000001"),
        ("2026-11-24", "Asia/Kolkata", "2026-11-23T18:30:00"),
    ],
)
def test_beginnings(text, zone, meant) -> None:
    assert _shown(beginning(Moment(text), zone)) == meant


@pytest.mark.parametrize(
    ("text", "zone", "meant"),
    [
        ("2026-11-24", "UTC", "2026-11-25T00:00:00"),
        ("2026-11-24", "Asia/Kolkata", "2026-11-24T18:30:00"),
        ("2026-10-25", "Europe/Berlin", "2026-10-25T23:00:00"),
        ("2026-11-24T00:00", "UTC", "2026-11-24T00:00:00"),
    ],
)
def test_endings(text, zone, meant) -> None:
    assert _shown(ending(Moment(text), zone)) == meant


def test_the_last_day_of_all_ends() -> None:
    assert ending(Moment("9999-12-31"), "UTC") == LATEST
    assert LATEST < ending(Moment("9999-12-31"), "America/New_York") < LATEST + DAY


@pytest.mark.parametrize(
    ("text", "zone", "meant"),
    [
        ("2026-11-24T03:00+01:00", None, "2026-11-24T02:00:00"),
        (" 2026-11-24T03:00Z ", None, "2026-11-24T03:00:00"),
        ("2026-11-24T03:00", "Europe/Berlin", "2026-11-24T02:00:00"),
        ("2026-11-24T03:00Z", "Europe/Berlin", "2026-11-24T03:00:00"),
        ("2026-11-24", "Europe/Berlin", "2026-11-23T23:00:00"),
    ],
)
def test_what_a_user_types(text, zone, meant) -> None:
    assert _shown(read_instant(text, zone)) == meant


@pytest.mark.parametrize(
    ("text", "zone", "message", "help_"),
    [
        ("yesterday", None, "`yesterday` is no instant", "2026-11-24T03:00:00+01:00"),
        ("2026-02-30T00:00Z", None, "no such date or time", "ISO 8601"),
        ("2016-12-31T23:59:60Z", None, "leap second", "2017-01-01T00:00:00Z"),
        ("2017-01-01T08:59:60+09:00", "UTC", "leap second", "2017-01-01T00:00:00Z"),
        ("2016-12-31T23:59:61Z", None, "no such date or time", "ISO 8601"),
        ("2016-99-31T23:59:60Z", None, "is no instant", "ISO 8601"),
        ("2026-11-24T03:00", None, "has no offset", "write `2026-11-24T03:00Z`, or"),
        ("2026-11-24", None, "has no offset", "write `2026-11-24T00:00Z`, or"),
        ("2026-11-24", "europe/berlin", "no time zone", "did you mean `Europe/Berlin`?"),
        ("9999-12-31T23:00-02:00", None, "not within 1970 to 2999, in UTC", "correct the year"),
        ("3000-01-01T00:00Z", None, "not within 1970 to 2999, in UTC", "correct the year"),
        ("2999-12-31T23:00-01:00", None, "not within 1970 to 2999, in UTC", "correct the year"),
        ("1970-01-01T08:59", "Asia/Tokyo", "not within 1970 to 2999, in UTC", "correct the year"),
        ("0001-01-01T00:00", "Asia/Tokyo", "not within 1970 to 2999, in UTC", "correct the year"),
    ],
)
def test_what_a_user_is_told(text, zone, message, help_) -> None:
    with pytest.raises(CannotRunError) as error:
        read_instant(text, zone)
    assert message in str(error.value)
    assert help_ in error.value.help


@pytest.mark.parametrize("text", ["yesterday", "2026-11-24T03:00", "9999-12-31T23:00-02:00"])
def test_a_user_is_told_which_option_is_meant(text) -> None:
    with pytest.raises(CannotRunError, match=f"^--at `{text}`"):
        read_instant(text, None, "--at")
