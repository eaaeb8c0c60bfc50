from datetime import date, timedelta

from registry.clock.weekdays import DAY_NAMES, DAYS

MONDAY = date(2026, 11, 30)


def test_a_day_s_place_is_its_number() -> None:
    week = [MONDAY + timedelta(days=number) for number in range(7)]
    assert [day.weekday() for day in week] == list(range(7))
    assert [f"{day:%A}" for day in week] == list(DAY_NAMES)
    assert [f"{day:%a}".lower() for day in week] == list(DAYS)
