"""Instants, intervals and delays in words."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from registry.clock.tzif import DAY, HOUR, LATEST, MINUTE, SECOND
from registry.clock.words import (
    date_and_time,
    day_and_time,
    delay,
    during,
    exact_length,
    offset,
    on_the_wall,
    rounded_length,
    time_of_day,
    with_offset,
)
from tests.oncall.build import at, far


def test_an_instant_with_its_offset() -> None:
    assert with_offset(at("2026-11-20T09:00"), "Asia/Kathmandu") == "2026-11-20 14:45+05:45"
    assert with_offset(at("2026-11-20T09:00:07"), "America/New_York") == "2026-11-20 04:00:07-05:00"


def test_wall() -> None:
    assert on_the_wall(at("2027-03-28T02:30")) == "2027-03-28 02:30"


def test_during() -> None:
    start, end = at("2026-11-20T09:00"), at("2026-11-21T09:00")
    whole = "from 2026-11-20 10:00+01:00 to 2026-11-21 10:00+01:00 (Europe/Berlin)"
    assert during(start, end, "Europe/Berlin") == whole
    assert during(start, end, "Europe/Berlin", end + 1) == whole
    assert during(start, end, "UTC", end) == "from 2026-11-20 09:00+00:00 on (UTC)"


@pytest.mark.parametrize(
    ("time", "text"),
    [(0, "0m"), (15 * MINUTE, "15m"), (90 * MINUTE, "1h30m"), (DAY, "1d"),
     (2 * DAY + HOUR + SECOND, "2d1h1s"), (1500 * SECOND // 1000, "1s500ms")],
)  # fmt: skip
def test_an_exact_length(time: int, text: str) -> None:
    assert exact_length(time) == text


@pytest.mark.parametrize(
    ("text", "zone", "shown"),
    [
        ("2026-11-24T08:00Z", "Europe/Berlin", "Tue 2026-11-24 09:00"),
        ("2026-11-24T08:00:01Z", "Europe/Berlin", "Tue 2026-11-24 09:00:01"),
        ("2026-10-25T00:30Z", "Europe/Berlin", "Sun 2026-10-25 02:30+02:00"),
        ("2026-10-25T01:30Z", "Europe/Berlin", "Sun 2026-10-25 02:30+01:00"),
        ("2026-10-25T02:00Z", "Europe/Berlin", "Sun 2026-10-25 03:00"),
        ("2026-03-29T01:00Z", "Europe/Berlin", "Sun 2026-03-29 03:00"),
        ("2026-04-04T15:15Z", "Australia/Lord_Howe", "Sun 2026-04-05 01:45+10:30"),
        ("1890-01-01T00:00Z", "Europe/Berlin", "Wed 1890-01-01 00:53:28"),
        ("0001-01-01T00:00Z", "UTC", "Mon 0001-01-01 00:00"),
    ],
)
def test_an_instant_in_a_column(text: str, zone: str, shown: str) -> None:
    assert date_and_time(far(text), zone) == shown
    assert shown.endswith(time_of_day(far(text), zone))


def test_the_end_of_the_calendar() -> None:
    assert date_and_time(LATEST, "Europe/Berlin") == "Fri 9999-12-31 23:59:59"


def test_a_date_and_time_with_and_without_its_year() -> None:
    then = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
    assert day_and_time(then) == "Mon 30 Nov 2026 09:00"
    assert day_and_time(then, 2026) == "Mon 30 Nov 09:00"
    assert day_and_time(then.replace(second=5), 2025) == "Mon 30 Nov 2026 09:00:05"


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0, "+00:00"), (-18000, "-05:00"), (20700, "+05:45"), (3208, "+00:53:28"), (-2, "-00:00:02")],
)
def test_an_offset(seconds: int, shown: str) -> None:
    zone = timezone(timedelta(seconds=seconds))
    assert offset(datetime(2026, 1, 1, tzinfo=zone)) == shown


@pytest.mark.parametrize(
    ("time", "shown"),
    [(0, "0m"), (1, "1m"), (MINUTE, "1m"), (HOUR, "1h"), (DAY + HOUR + 1, "1d1h1m"),
     (25 * HOUR, "1d1h"), (7 * DAY, "7d")],
)  # fmt: skip
def test_a_length_of_time_is_rounded_up(time: int, shown: str) -> None:
    assert rounded_length(time) == shown


@pytest.mark.parametrize(
    ("after", "shown"),
    [(0, "0m"), (15 * MINUTE, "15m"), (90 * SECOND, "1m30s"), (90 * MINUTE, "1h30m"),
     (25 * HOUR, "25h"), (SECOND // 2, "500ms")],
)  # fmt: skip
def test_a_delay_is_written_as_the_format_does(after: int, shown: str) -> None:
    assert delay(after) == shown
