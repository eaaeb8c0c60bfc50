"""What units mean, in the words that people write."""

import pytest

from registry.model.scalars import Period
from registry.model.unit import is_percent, is_share, without_period


@pytest.mark.parametrize(
    ("unit", "period", "bare"),
    [
        ("USD", "1d", "usd"),
        ("USD per day", "1d", "usd"),
        ("USD / d", "1d", "usd"),
        ("usd  a Day", "1d", "usd"),
        ("USD daily", "1d", "usd"),
        ("USD per 24h", "1d", "usd"),
        ("USD per 7 days", "1w", "usd"),
        ("USD/2w", "14d", "usd"),
        ("USD yearly", "12mo", "usd"),
        ("USD per 30 days", "1mo", "usd per 30 days"),
        ("USD per day", "1mo", "usd per day"),
        ("USD per day", "30m", "usd per day"),
        ("USD per day", "1d12h", "usd per day"),
        ("USD per resolved intent", "1d", "usd per resolved intent"),
        ("day", "1d", "day"),
    ],
)
def test_a_budgets_own_period_is_cut_from_a_unit(unit: str, period: str, bare: str) -> None:
    assert without_period(unit, Period(period)) == bare


def test_without_a_period_a_unit_is_only_folded() -> None:
    assert without_period("USD per Day", None) == "usd per day"


@pytest.mark.parametrize("unit", ["ratio", "Share", "share of answers"])
def test_shares(unit: str) -> None:
    assert is_share(unit)
    assert not is_percent(unit)


@pytest.mark.parametrize("unit", ["%", "percent", "Percent of requests", "% of answers"])
def test_percentages(unit: str) -> None:
    assert is_percent(unit)
    assert not is_share(unit)


@pytest.mark.parametrize("unit", ["count", "shares sold", "percentile", "turns"])
def test_neither(unit: str) -> None:
    assert not is_share(unit)
    assert not is_percent(unit)
