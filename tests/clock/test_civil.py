"""The door to the tz database."""

import re
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from registry.clock import civil, zones
from registry.clock.tzif import DAY, EPOCH, HOUR, LATEST
from registry.errors import CannotRunError


def test_instants_and_datetimes() -> None:
    assert civil.instant(datetime(1970, 1, 1, tzinfo=UTC)) == EPOCH
    assert civil.utc(EPOCH + 1) == datetime(1970, 1, 1, 0, 0, 0, 1, UTC)
    east = timezone(timedelta(hours=5, minutes=45))
    assert civil.instant(datetime(1970, 1, 1, 5, 45, tzinfo=east)) == EPOCH
    with pytest.raises(ValueError, match="without an offset"):
        civil.instant(datetime(2026, 1, 1))  # noqa: DTZ001


def test_the_calendar_ends_without_overflow() -> None:
    last = datetime.max.replace(tzinfo=UTC)
    assert civil.utc(LATEST + DAY) == last
    assert civil.utc(-1) == datetime.min.replace(tzinfo=UTC)
    assert civil.local_date(last, "Pacific/Kiritimati") == date.max
    assert civil.local_date(datetime.min.replace(tzinfo=UTC), "America/New_York") == date.min
    assert civil.local(LATEST - HOUR, "Pacific/Kiritimati").tzinfo is UTC
    assert civil.local(HOUR, "America/New_York") == datetime(1, 1, 1, 1, tzinfo=UTC)
    assert civil.local(LATEST, "UTC") == last


def test_local_times_carry_the_offset() -> None:
    shown = civil.local(civil.instant(datetime(2026, 7, 1, 10, tzinfo=UTC)), "Asia/Kathmandu")
    assert shown.isoformat() == "2026-07-01T15:45:00+05:45"


def test_dates_where_someone_is() -> None:
    at = datetime(2026, 11, 20, 20, tzinfo=UTC)
    assert civil.local_date(at, "Asia/Kolkata") == date(2026, 11, 21)
    assert not civil.has_passed(date(2026, 11, 20), at, "UTC")
    assert civil.has_passed(date(2026, 11, 20), at, "Asia/Kolkata")


def test_zones_for_datetimes() -> None:
    berlin = civil.zone("Europe/Berlin")
    assert datetime(2026, 7, 1, tzinfo=berlin).utcoffset() == timedelta(hours=2)
    assert civil.zone("Europe/Berlin") is berlin
    assert zones.tzdata_version()[:4].isdigit()


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("europe/berlin", "Europe/Berlin"),
        ("Europe/Berlim", "Europe/Berlin"),
        ("W. Europe Standard Time", "Europe/Berlin"),
        ("pacific standard time", "America/Los_Angeles"),
        ("New York", "America/New_York"),
        ("kathmandu", "Asia/Kathmandu"),
        ("GMT+1", None),
        ("UTC-05:30", None),
        ("Middle-earth/Shire", None),
        ("../../etc/passwd", None),
        ("", None),
    ],
)
def test_an_unknown_zone_is_refused_with_a_suggestion(name, meant) -> None:
    assert zones.suggested_zone(name) == meant
    for ask in (civil.zone, civil.wall_clock):
        with pytest.raises(CannotRunError, match=re.escape(f"no time zone `{name}`")):
            ask(name)


def test_the_help_names_what_is_meant() -> None:
    with pytest.raises(CannotRunError) as error:
        civil.wall_clock("europe/berlin")
    assert error.value.help == "did you mean `Europe/Berlin`?"
    with pytest.raises(CannotRunError) as error:
        civil.wall_clock("GMT+1")
    assert error.value.help == "name an IANA zone, as `Europe/Berlin`"


def test_links_work() -> None:
    kiev, kyiv = civil.wall_clock("Europe/Kiev"), civil.wall_clock("Europe/Kyiv")
    at = civil.instant(datetime(2026, 7, 1, tzinfo=UTC))
    assert kiev.wall_at(at) == kyiv.wall_at(at) == at + 3 * HOUR
