"""Durations that are spelt another way: read only where they can mean one thing."""

import pytest

from registry.model.scalars import Duration, Period, ShiftLength

SPELT = [
    ("5 min", "5m"), ("15 minutes", "15m"), ("90 Min", "90m"), ("1.5h", "1h30m"), ("0.5 hours", "30m"),
    ("2.0 h", "2h"), ("1.5 min", "1m30s"), ("PT15M", "15m"), ("P1DT2H", "1d2h"), ("30m1h", "1h30m"),
    ("1 hour, 30 minutes", "1h30m"), ("1 day and 2 hours", "1d2h"), ("7days", "7d"), ("2 Weeks", "2w"),
    ("1 yr", "1y"), ("1H", "1h"), ("20 msec", "20ms"), (" 10 s ", "10s"), ("0 minutes", "0m"), ("0h 5 min", "5m"),
]  # fmt: skip
UNCLEAR = [
    "5M", "1M", "900", "", "abc", "P", "P1M", "1.33h", "1.5d", "1h 1.5m", "1h 2h", "m", "1 h30", "-5m",
    "1 month", "5 minutes" * 9, "1" * 40 + " y", "5 fortnights", "1h30",
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), SPELT)
def test_spelt_another_way(text: str, wanted: str) -> None:
    assert Duration.respelt(text) == wanted


@pytest.mark.parametrize("text", UNCLEAR)
def test_what_may_mean_two_things_or_none(text: str) -> None:
    assert Duration.respelt(text) is None


def test_only_what_the_field_takes() -> None:
    assert Period.respelt("2 months") == "2mo"
    assert Period.respelt("P1M") == "1mo"
    assert Period.respelt("0 days") is None
    assert ShiftLength.respelt("15 min") is None
    assert ShiftLength.respelt("1 week") == "1w"
