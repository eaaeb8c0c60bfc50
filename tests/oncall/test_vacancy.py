"""Times with nobody, in words."""

import pytest

from registry.clock.tzif import DAY, HOUR, WEEK
from registry.oncall.coverage import gaps
from registry.oncall.interval import Interval
from registry.oncall.vacancy import MOST, vacancies
from tests.oncall.build import WEEKDAYS, at, rotation, schedule

START, END = at("2026-11-20T09:00"), at("2027-12-25T09:00")


def _texts(it, zone="UTC", start=START, end=END):
    return [one.text for one in vacancies(lambda: gaps(it, start, end, zone), zone, start, end)]


def _of(spans, zone="UTC"):
    listed = [Interval(*span) for span in spans]
    return [one.text for one in vacancies(lambda: iter(listed), zone, START, END)]


def test_a_hole_that_only_winter_opens() -> None:
    hours = {"from": "09:00", "to": "17:00"}
    it = schedule(
        *(
            rotation("ana", name=zone, timezone=zone, hours=hours)
            for zone in ("Asia/Tokyo", "Europe/London", "America/Los_Angeles")
        )
    )
    (only,) = _texts(it, "Asia/Tokyo")
    assert only == (
        "every day 17:00–18:00 (Asia/Tokyo) from 2026-11-21 to 2027-03-27 "
        "and from 2027-10-31 to 2027-12-25"
    )


def test_what_comes_regularly() -> None:
    it = schedule(rotation("ana", hours={"days": WEEKDAYS, "from": "00:00", "to": "24:00"}))
    (only,) = _texts(it, "Europe/Berlin")
    assert only == (
        "every Saturday 00:00–Sunday 24:00 (Europe/Berlin): 58 times, "
        "first 2026-11-21 00:00+01:00, last 2027-12-25 00:00+01:00"
    )


@pytest.mark.parametrize(
    ("span", "text"),
    [
        ((START, END), "at any time from 2026-11-20 18:00+09:00 on (Asia/Tokyo)"),
        ((START, START + HOUR), "until Friday 2026-11-20 19:00 (Asia/Tokyo)"),
        ((END - HOUR, END), "from Saturday 2027-12-25 17:00 on (Asia/Tokyo)"),
        ((START + HOUR, START + 2 * HOUR), "on Friday 2026-11-20 19:00–20:00 (Asia/Tokyo)"),
    ],
)
def test_what_comes_once(span, text) -> None:
    assert _of([span], "Asia/Tokyo") == [text]


def test_what_comes_now_and_then() -> None:
    days = [1, 2, 5, 9, 11]
    assert _of([(START + day * DAY, START + day * DAY + HOUR) for day in days]) == [
        "5 times 09:00–10:00 (UTC): first 2026-11-21 09:00+00:00, last 2026-12-01 09:00+00:00"
    ]


def _nights(first: int, count: int):
    days = range(first, first + count)
    return [(START + day * DAY + HOUR, START + day * DAY + 2 * HOUR) for day in days]


def test_seasons() -> None:
    shown = "every day 10:00–11:00 (UTC)"
    assert _of(_nights(0, 5) + _nights(5 + 34, 3)) == [
        "8 times 10:00–11:00 (UTC): first 2026-11-20 10:00+00:00, last 2026-12-31 10:00+00:00"
    ]
    assert _of(_nights(0, 5) + _nights(5 + 35, 3)) == [
        f"{shown} from 2026-11-20 to 2026-11-24 and from 2026-12-30 to 2027-01-01"
    ]
    four = [night for season in range(4) for night in _nights(60 * season, 4)]
    (only,) = _of(four)
    assert only == (
        f"{shown} from 2026-11-20 to 2026-11-23 and from 2027-01-19 to 2027-01-22 "
        "and from 2027-03-20 to 2027-03-23 and from 2027-05-19 to 2027-05-22"
    )
    assert _of([*four, *_nights(300, 4)])[0].startswith("20 times 10:00–11:00 (UTC): first")
    assert _of(_nights(0, 5) + _nights(60, 1))[0].startswith("6 times 10:00–11:00 (UTC): first")
    # Two seasons that are not alike: every day, and only now and then.
    uneven = _nights(60, 2) + _nights(64, 2)
    assert _of(_nights(0, 5) + uneven)[0].startswith("9 times 10:00–11:00 (UTC): first")


def test_a_gap_that_the_interval_cuts_belongs_to_its_season() -> None:
    cut = [(START, START + HOUR // 2)]
    whole = [(START + day * DAY - HOUR, START + day * DAY + HOUR // 2) for day in range(1, 8)]
    later = [(start + 10 * WEEK, end + 10 * WEEK) for start, end in whole]
    (only,) = _of(cut + whole + later)
    assert only == (
        "every day 08:00–09:30 (UTC) from 2026-11-20 to 2026-11-27 "
        "and from 2027-01-30 to 2027-02-05"
    )


def test_many_shapes_are_counted() -> None:
    spans = [(START + n * DAY + n * HOUR, START + n * DAY + n * HOUR + HOUR) for n in range(1, 12)]
    found = _of(spans)
    assert len(found) == MOST
    assert found[-1].endswith(f"(UTC), and {11 - MOST} more times at other hours")
    assert not any("more times" in text for text in found[:-1])
    assert _of(spans[:MOST])[-1].endswith("(UTC)")


def test_nothing() -> None:
    assert _of([]) == []
