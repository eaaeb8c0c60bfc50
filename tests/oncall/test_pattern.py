"""Repeated gaps told once."""

import pytest

from registry.clock.tzif import DAY, HOUR, WEEK
from registry.model.moments import beginning, ending
from registry.model.scalars import Moment
from registry.oncall.coverage import gaps
from registry.oncall.interval import Interval
from registry.oncall.pattern import fold
from tests.oncall.build import WEEKDAYS, at, override, rotation, schedule

OFFICE = {"days": WEEKDAYS, "from": "09:00", "to": "18:00"}


def _fold(it, start, end, zone="UTC"):
    return fold(gaps(it, at(start), at(end), zone), zone, at(start), at(end))


def _texts(patterns):
    return [(one.times, one.text) for one in patterns]


def test_nights_and_weekends() -> None:
    it = schedule(rotation("a", start="2026-01-05", hours=OFFICE))
    nights, weekends = found = _fold(it, "2026-01-05T09:00", "2026-03-27T18:00")
    assert _texts(found) == [
        (4 * 12, "every Monday, Tuesday, Wednesday and Thursday 18:00–09:00"),
        (11, "every Friday 18:00–Monday 09:00"),
    ]
    assert nights.name == "18:00-09:00+1d"
    assert weekends.name == "18:00-09:00+3d"
    assert nights.days == (0, 1, 2, 3)
    assert (nights.opens, nights.closes) == (18 * HOUR, 33 * HOUR)
    assert nights.total == 48 * 15 * HOUR
    assert nights.first == (at("2026-01-05T18:00"), at("2026-01-06T09:00"))
    assert weekends.last == (at("2026-03-20T18:00"), at("2026-03-23T09:00"))


def test_gaps_that_the_interval_cuts_go_with_their_like() -> None:
    it = schedule(rotation("a", start="2025-01-06", hours=OFFICE))
    found = _fold(it, "2026-01-07T03:00", "2026-03-28T12:00")
    assert [one.times for one in found] == [2 + 4 * 11 + 1, 12]
    assert found[0].first == (at("2026-01-07T03:00"), at("2026-01-07T09:00"))
    assert found[1].last == (at("2026-03-27T18:00"), at("2026-03-28T12:00"))


def _nights(count, *more):
    start = at("2026-01-06T18:00")
    found = [Interval(start + n * DAY, start + n * DAY + 15 * HOUR) for n in range(count)]
    return sorted([*found, *(Interval(at(since), at(until)) for since, until in more)])


@pytest.mark.parametrize(
    ("first", "last", "times"),
    [
        ("2026-01-05T18:00", "2026-01-06T09:00", [11]),
        ("2026-01-06T03:00", "2026-01-06T09:00", [11]),
        ("2026-01-05T12:00", "2026-01-06T09:00", [1, 10]),
        ("2026-01-06T03:00", "2026-01-06T08:00", [1, 10]),
        ("2026-01-06T03:00", "2026-01-06T10:00", [1, 10]),
    ],
)
def test_a_gap_that_the_start_cuts_goes_only_with_its_like(first, last, times) -> None:
    found = fold(_nights(10, (first, last)), "UTC", at(first), at("2027-01-01"))
    assert [one.times for one in found] == times


@pytest.mark.parametrize(
    ("first", "last", "times"),
    [
        ("2026-01-16T18:00", "2026-01-17T09:00", [11]),
        ("2026-01-16T18:00", "2026-01-16T23:00", [11]),
        ("2026-01-16T18:00", "2026-01-17T10:00", [10, 1]),
        ("2026-01-16T19:00", "2026-01-17T03:00", [10, 1]),
    ],
)
def test_a_gap_that_the_end_cuts_goes_only_with_its_like(first, last, times) -> None:
    found = fold(_nights(10, (first, last)), "UTC", at("2026-01-01"), at(last))
    assert [one.times for one in found] == times


def test_a_cut_gap_goes_with_gaps_of_its_days_alone() -> None:
    mondays = [Interval(at(f"2026-01-{day:02}T18:00"), at(f"2026-01-{day:02}T20:00"))
               for day in (12, 19, 26)]  # fmt: skip
    for day, times in (("05", [4]), ("06", [1, 3])):
        cut = Interval(at(f"2026-01-{day}T19:00"), at(f"2026-01-{day}T20:00"))
        found = fold([cut, *mondays], "UTC", cut.start, at("2027-01-01"))
        assert [one.times for one in found] == times


def test_the_name_stays_as_the_interval_moves_on() -> None:
    it = schedule(rotation("a", start="2025-01-06", hours=OFFICE))
    names = set()
    for hour in range(0, 200, 7):
        start = at("2026-01-05") + hour * HOUR
        found = fold(gaps(it, start, start + 90 * DAY), "UTC", start, start + 90 * DAY)
        names.add(tuple(sorted(one.name for one in found)))
    assert names == {("18:00-09:00+1d", "18:00-09:00+3d")}


@pytest.mark.parametrize(
    ("hours", "text"),
    [
        ([{"from": "00:00", "to": "23:00"}], "every day 23:00–24:00"),
        ([{"from": "01:00", "to": "24:00"}], "every day 00:00–01:00"),
        ([{"days": ["sat", "sun"], "from": "00:00", "to": "24:00"},
          {"from": "06:00", "to": "05:00"}], "every weekday 05:00–06:00"),
        ([{"days": WEEKDAYS, "from": "00:00", "to": "24:00"},
          {"from": "06:00", "to": "05:15"}], "every weekend day 05:15–06:00"),
        ([{"days": ["mon"], "from": "00:00", "to": "24:00"}], "every Tuesday 00:00–Sunday 24:00"),
        ([{"days": ["mon", "thu"], "from": "12:00", "to": "12:00"},
          {"days": ["sat"], "from": "12:00", "to": "12:00", "to_day": "mon"}],
         "every Friday 12:00–Saturday 12:00"),
        ([{"days": ["mon"], "from": "12:00", "to": "13:00"},
          {"days": ["wed"], "from": "13:00", "to": "13:00", "to_day": "fri"},
          {"days": ["sat"], "from": "13:00", "to": "12:00", "to_day": "mon"}],
         "every Monday 13:00–Wednesday 13:00"),
    ],
)  # fmt: skip
def test_texts(hours, text) -> None:
    it = schedule(rotation("a", start="2026-01-01", hours=hours))
    found = _fold(it, "2026-01-04T12:30", "2026-03-01T12:30")
    assert text in [one.text for one in found]
    assert len({one.name for one in found}) == len(found)


def test_a_name_says_how_many_midnights_lie_between() -> None:
    hours = [{"from": "00:00", "to": "23:00"}]
    (only,) = _fold(
        schedule(rotation("a", start="2026-01-01", hours=hours)), "2026-01-02", "2026-03-01"
    )
    assert only.name == "23:00-24:00"


def test_gaps_over_a_day_on_several_days() -> None:
    days = [at("2026-01-05"), at("2026-01-08"), at("2026-01-12"), at("2026-01-15")]
    spans = [(day + 12 * HOUR, day + 38 * HOUR) for day in days]
    (only,) = fold([Interval(*span) for span in spans], "UTC", at("2026-01-01"), at("2027-01-01"))
    assert only.text == "every Monday and Thursday 12:00–14:00 1d later"


def test_a_gap_of_a_week_does_not_close_on_the_day_on_which_it_opens() -> None:
    weeks = [at("2026-01-05"), at("2026-01-26"), at("2026-02-16")]
    spans = [(day + 9 * HOUR, day + 177 * HOUR) for day in weeks]
    (only,) = fold([Interval(*span) for span in spans], "UTC", at("2026-01-01"), at("2027-01-01"))
    assert only.text == "3 times from Monday 09:00 to Monday 09:00"


def test_too_few_or_uneven_for_a_rule() -> None:
    it = schedule(
        rotation("a", start="2026-01-05", hours=OFFICE),
        overrides=[override("b", f"2026-01-{day}T18:00", f"2026-01-{day + 1}T09:00")
                   for day in (13, 14, 20)],
        coverage=[{"days": WEEKDAYS, "from": "00:00", "to": "24:00"}],
    )  # fmt: skip
    found = _fold(it, "2026-01-12T09:00", "2026-01-23T18:00")
    assert _texts(found) == [
        (5, "5 times 18:00–09:00"),
        (1, "Friday 2026-01-16 18:00–24:00"),
        (1, "Monday 2026-01-19 00:00–09:00"),
    ]
    pair = _fold(
        schedule(rotation("a", start="2026-01-05", hours=OFFICE)),
        "2026-01-05T09:00",
        "2026-01-07T18:00",
    )
    assert _texts(pair) == [(2, "2 times 18:00–09:00")]
    run = _fold(
        schedule(rotation("a", start="2026-01-05", hours=OFFICE)),
        "2026-01-05T09:00",
        "2026-01-08T18:00",
    )
    assert _texts(run) == [(3, "every day 18:00–09:00")]


@pytest.mark.parametrize(
    ("since", "until", "name", "text"),
    [
        ("2026-02-01T09:00", "2026-02-03", "2026-02-01 09:00/2026-02-03 24:00",
         "from Sunday 2026-02-01 09:00 to Tuesday 2026-02-03 24:00"),
        ("2026-02-01", "2026-02-01", "2026-02-01 00:00/2026-02-01 24:00",
         "Sunday 2026-02-01 00:00–24:00"),
        ("2026-02-01T22:00", "2026-02-02T06:00", "2026-02-01 22:00/2026-02-02 06:00",
         "Sunday 2026-02-01 22:00–Monday 2026-02-02 06:00"),
        ("2026-02-01T09:00", "2026-02-01T09:00:30", "2026-02-01 09:00/2026-02-01 09:00:30",
         "Sunday 2026-02-01 09:00–09:00:30"),
        ("2025-02-01", "2026-02-01", "/2026-02-01 24:00", "until Sunday 2026-02-01 24:00"),
        ("2026-02-01T09:00", "2029-02-01", "2026-02-01 09:00/", "from Sunday 2026-02-01 09:00 on"),
        ("2025-02-01", "2029-02-01", "/", "all the time"),
    ],
)  # fmt: skip
def test_one_gap(since, until, name, text) -> None:
    start, end = at("2026-01-01"), at("2027-01-01")
    first, last = beginning(Moment(since), "UTC"), ending(Moment(until), "UTC")
    (only,) = fold([Interval(max(start, first), min(end, last))], "UTC", start, end)
    assert (only.times, only.name, only.text) == (1, name, text)


def test_a_gap_over_a_time_that_is_repeated() -> None:
    start, end = at("2026-10-01"), at("2026-11-01")
    gap = Interval(at("2026-10-25T00:45"), at("2026-10-25T01:15"))
    (only,) = fold([gap], "Europe/Berlin", start, end)
    assert (only.opens, only.closes) == (2 * HOUR + 45 * HOUR // 60, 3 * HOUR + 15 * HOUR // 60)
    gap = Interval(at("2026-10-25T00:30"), at("2026-10-25T01:30"))
    (only,) = fold([gap], "Europe/Berlin", start, end)
    assert (only.opens, only.closes) == (2 * HOUR + HOUR // 2, 3 * HOUR + HOUR // 2)


def test_a_cut_gap_that_is_no_part_of_any_shape_stands_alone() -> None:
    it = schedule(
        rotation("a", start="2026-01-05", hours=OFFICE),
        overrides=[override("b", "2026-01-01", "2026-01-05T05:00"),
                   override("b", "2026-01-05T08:00", "2026-01-05T09:00")],
    )  # fmt: skip
    found = _fold(it, "2026-01-05T05:00", "2026-01-30T18:00")
    assert _texts(found)[0] == (1, "until Monday 2026-01-05 08:00")
    early = _fold(
        schedule(rotation("a", start="2026-01-05", hours=OFFICE)), "2026-01-03", "2026-01-30T18:00"
    )
    assert _texts(early) == [
        (4, "every Friday 18:00–Monday 09:00"),
        (16, "every Monday, Tuesday, Wednesday and Thursday 18:00–09:00"),
    ]


def test_what_is_held_grows_with_shapes_alone() -> None:
    it = schedule(rotation("a", start="2000-01-01", hours=OFFICE))
    found = _fold(it, "2000-01-03T09:00", "2060-01-01")
    assert len(found) == 2
    assert sum(one.total for one in found) > 60 * 40 * WEEK // 2


def test_gaps_of_a_week_or_more_say_from_when_to_when() -> None:
    weeks = [Interval(at(day), at(day) + WEEK) for day in ("2026-12-07T09:00", "2026-12-21T09:00")]
    (one,) = fold(weeks, "UTC", at("2026-12-01"), at("2027-01-15"))
    assert one.text == "2 times from Monday 09:00 to Monday 09:00"
    longer = [one._replace(end=one.end + DAY) for one in weeks]
    (one,) = fold(longer, "UTC", at("2026-12-01"), at("2027-01-15"))
    assert one.text == "2 times from Monday 09:00 to Tuesday 09:00, 8d later"
