"""Countries' holidays, and sets of days off."""

from datetime import date
from importlib.machinery import PathFinder
from importlib.metadata import version

import pytest

from registry.clock import holidays
from registry.clock.days_off import NEVER, DaysOff, HolidayYears, days_of_spans


def _day(text: str) -> int:
    return date.fromisoformat(text).toordinal() - 1


def test_the_version_is_the_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    assert holidays.holidays_version() == version("holidays")
    monkeypatch.setattr(PathFinder, "find_spec", lambda _: None)
    assert holidays.holidays_version.__wrapped__() == version("holidays")


def test_a_part_of_a_country_has_its_own() -> None:
    whole, berlin = (holidays.public_holidays("DE", part, 2026) for part in (None, "BE"))
    assert set(berlin) - set(whole) == {_day("2026-03-08")}
    assert sorted(berlin) == list(berlin)


def test_observed_days_are_included_in_any_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "uk")
    found = holidays.public_holidays.__wrapped__("US", None, 2027)
    assert {_day("2027-07-04"), _day("2027-07-05")} < set(found)
    assert holidays.public_holidays("IO", None, 2027) == ()


def test_every_country_can_be_asked() -> None:
    for country, parts in holidays.countries().items():
        years = holidays.known_years(country)
        for part in (None, *parts[:1]):
            found = holidays.public_holidays(country, part, years[len(years) // 2])
            assert all(0 < day < NEVER for day in found), country


@pytest.mark.parametrize(
    ("text", "code"), [("uk", "GB"), ("DEU", "DE"), ("XX", None), ("countries", None), ("", None)]
)
def test_a_code_that_is_meant(text: str, code: str | None) -> None:
    assert holidays.suggested_country(text) == code


def _off(*spans: tuple[str, str]) -> DaysOff:
    return DaysOff([days_of_spans([(_day(one), _day(other)) for one, other in spans])])


def test_days_of_ones_own_across_a_new_year() -> None:
    off = _off(
        ("2026-12-24", "2026-12-24"), ("2026-12-27", "2027-01-02"), ("2026-12-28", "2026-12-29")
    )
    found = list(off.between(_day("2026-12-24"), _day("2027-01-02")))
    assert found == [_day("2026-12-24"), *range(_day("2026-12-27"), _day("2027-01-02"))]
    assert _day("2027-01-02") in off
    assert _day("2026-12-25") not in off
    assert off.next(_day("2026-12-25")) == _day("2026-12-27")
    assert off.next(_day("2027-01-03")) == NEVER
    assert DaysOff([]).next(0) == NEVER


@pytest.mark.parametrize("week", [tuple(range(7)), (0, 1, 2, 3, 4), (6,), ()])
def test_counting_is_as_listing(week: tuple[int, ...]) -> None:
    germany = HolidayYears(
        holidays.known_years("DE"), lambda year: holidays.public_holidays("DE", None, year)
    )
    off = DaysOff([germany])
    for first, last in [("2026-01-01", "2026-01-01"), ("2026-04-01", "2026-12-26"),
                        ("2026-12-25", "2027-01-02"), ("1980-05-01", "1992-05-02"),
                        ("2024-06-01", "2031-01-01"), ("2099-01-01", "2199-01-01")]:  # fmt: skip
        listed = [day for day in off.between(_day(first), _day(last)) if day % 7 in week]
        assert off.count(_day(first), _day(last), week) == len(listed)
