"""Instants, intervals and delays in words."""

import pytest

from registry.clock.tzif import DAY, HOUR, MINUTE, SECOND
from registry.clock.words import clock, during, length, on_the_wall
from tests.oncall.build import at


def test_clock() -> None:
    assert clock(at("2026-11-20T09:00"), "Asia/Kathmandu") == "2026-11-20 14:45+05:45"
    assert clock(at("2026-11-20T09:00:07"), "America/New_York") == "2026-11-20 04:00:07-05:00"


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
def test_length(time: int, text: str) -> None:
    assert length(time) == text
