"""One rotation: handoffs, months, clocks, groups, windows, ends."""

from itertools import chain, islice

import pytest

from registry.clock.civil import utc, wall_clock
from registry.clock.days_off import DaysOff, days_of_spans
from registry.clock.tzif import DAY, HOUR, MINUTE, WEEK
from registry.model.windows import Window
from registry.oncall.interval import ENDLESS, union
from registry.oncall.rotation import read_rotation
from registry.oncall.schedule import on_call, shifts
from registry.oncall.shift import Shift
from registry.oncall.windows import WeeklyHours, _follow_without_end, spans
from tests.oncall.build import WEEKDAYS, at, far, rotation, schedule, told
from tests.oncall.shapes import model


def _turns(**fields):
    zone = fields.pop("timezone", "UTC")
    found = schedule(rotation(*fields.pop("people", ("a", "b")), **fields))
    return read_rotation(found.rotations[0], found, zone)


def _handoffs(turns, since, count):
    found = islice(turns.handoffs(at(since)), count)
    return [f"{utc(instant):%Y-%m-%dT%H:%M}" for instant, _ in found]


def test_months_keep_the_day_without_drift() -> None:
    turns = _turns(start="2027-10-31T08:00", every="1mo")
    assert _handoffs(turns, "2027-10-31T08:00", 7) == [
        "2027-10-31T08:00", "2027-11-30T08:00", "2027-12-31T08:00", "2028-01-31T08:00",
        "2028-02-29T08:00", "2028-03-31T08:00", "2028-04-30T08:00",
    ]  # fmt: skip
    assert turns.number_at(turns.wall(4)) <= 4


@pytest.mark.parametrize("every", ["1mo", "2mo", "12mo", "400mo", "1d", "1d12h", "100w"])
def test_a_handoff_is_found_however_far_the_start(every) -> None:
    turns = _turns(start="0001-01-31T09:00", every=every, timezone="Pacific/Apia")
    for text in ("0001-01-31T09:00", "1892-07-05T00:00", "2011-12-30T10:00", "9999-12-31T23:59"):
        (first, number), (second, _) = islice(turns.handoffs(far(text)), 2)
        assert first <= max(far(text), turns.start)
        assert second > first
        assert number <= turns.number_at(turns.clock.wall_at(far(text))) + 2


def test_clocks_set_forward_leave_out_turns_that_they_turn_around() -> None:
    turns = _turns(start="2026-03-29T00:30", every="1h", timezone="Antarctica/Troll")
    assert list(islice(turns.handoffs(at("2026-03-29T00:00")), 4)) == [
        (at("2026-03-29T00:30"), 0),
        (at("2026-03-29T01:30"), 3),
        (at("2026-03-29T02:30"), 4),
        (at("2026-03-29T03:30"), 5),
    ]


def test_a_start_in_the_second_pass_of_a_repeated_day() -> None:
    """It says so by its offset; handoffs by the wall clock come in the first pass already."""
    (change,) = wall_clock("America/Juneau").changes(far("1867-01-01"), far("1868-01-01"))
    assert change.before - change.after == DAY
    start = change.at + 12 * HOUR
    text = utc(start).isoformat()
    turns = _turns(start=text, every="1h", timezone="America/Juneau")
    assert turns.start == turns.handoff(0) == start
    assert turns.clock.instant_of(turns.first) == start - DAY
    found = list(islice(turns.handoffs(start), 12))
    assert [number for _, number in found] == list(range(1, 13))
    assert found[-2:] == [(change.at - HOUR, 11), (change.at + DAY, 12)]
    it = schedule(rotation("a", "b", start=text, every="1h"), timezone="America/Juneau")
    assert next(shifts(it, start - DAY, start + DAY)).start == start


def test_a_start_that_does_not_exist_keeps_its_wall_time_for_later() -> None:
    turns = _turns(start="2026-03-29T02:30", every="1d", timezone="Europe/Berlin")
    assert _handoffs(turns, "2026-03-29T00:00", 2) == ["2026-03-29T01:30", "2026-03-30T00:30"]


def test_a_start_with_an_offset_counts_on_in_the_rotations_zone() -> None:
    turns = _turns(start="2026-03-28T09:00Z", every="1d", timezone="Europe/Berlin")
    assert _handoffs(turns, "2026-03-28T09:00", 2) == ["2026-03-28T09:00", "2026-03-29T08:00"]


def test_elapsed_time_does_not_know_of_clocks() -> None:
    turns = _turns(start="2026-03-28T09:00", every="1d", clock="elapsed", timezone="Europe/Berlin")
    assert _handoffs(turns, "2026-03-29T08:00", 2) == ["2026-03-29T08:00", "2026-03-30T08:00"]
    assert _handoffs(turns, "2020-01-01T00:00", 1) == ["2026-03-28T08:00"]
    assert turns.handoff(2) == at("2026-03-30T08:00")


def test_months_are_the_calendar_s_on_either_clock() -> None:
    turns = _turns(start="2026-03-28T09:00", every="1mo", clock="elapsed", timezone="Europe/Berlin")
    assert _handoffs(turns, "2026-03-29T08:00", 2) == ["2026-03-28T08:00", "2026-04-28T07:00"]


def test_before_the_start_and_from_the_end_on_there_is_nobody() -> None:
    it = schedule(rotation("a", "b", end="2026-01-20T09:00"))
    assert told(shifts(it, at("2025-12-01"), at("2026-03-01"))) == [
        ("01-05 09:00", "a", "primary"),
        ("01-12 09:00", "b", "primary"),
        ("01-19 09:00", "a", "primary"),
    ]
    assert on_call(it, at("2026-01-05T08:59")).people == ()
    assert on_call(it, at("2026-01-05T08:59")).end == at("2026-01-05T09:00")
    assert on_call(it, at("2026-01-20T09:00")) == Shift(at("2026-01-20T09:00"), ENDLESS, (), None)


def test_dates_alone_begin_at_midnight_and_end_at_the_midnight_after() -> None:
    it = schedule(rotation("a", start="2026-01-05", end="2026-01-06"), timezone="Europe/Berlin")
    (only,) = shifts(it, at("2026-01-01"), at("2026-02-01"))
    assert only[:2] == (at("2026-01-04T23:00"), at("2026-01-06T23:00"))


def test_the_manifests_zone_is_for_what_names_none() -> None:
    it = schedule(rotation("a", start="2026-01-05"))
    (one,) = shifts(it, at("2026-01-01"), at("2026-02-01"), "Asia/Kolkata")
    (other,) = shifts(it, at("2026-01-01"), at("2026-02-01"))
    assert (one.start, other.start) == (at("2026-01-04T18:30"), at("2026-01-05"))
    own = schedule(rotation("a", start="2026-01-05", timezone="Asia/Tokyo"), timezone="UTC")
    (tokyo,) = shifts(own, at("2026-01-01"), at("2026-02-01"), "Asia/Kolkata")
    assert tokyo.start == at("2026-01-04T15:00")


def test_one_person_in_turn_with_themselves_is_one_shift() -> None:
    for people in (["a"], ["a", "a", "a"], [["a", "b"], ["b", "a"], ["a", "b", "a"]]):
        it = schedule(rotation(*people, every="12h"))
        assert on_call(it, at("2026-06-01")).end == ENDLESS
    mixed = schedule(rotation("a", "a", "b", every="1d"))
    assert told(shifts(mixed, at("2026-01-05T09:00"), at("2026-01-10T09:00"))) == [
        ("01-05 09:00", "a", "primary"),
        ("01-07 09:00", "b", "primary"),
        ("01-08 09:00", "a", "primary"),
    ]


def test_groups_are_on_call_together_and_an_empty_one_is_nobody() -> None:
    it = schedule(rotation(["a", "b"], [], ["c"], every="1d"))
    assert told(shifts(it, at("2026-01-05T12:00"), at("2026-01-09T00:00"))) == [
        ("01-05 12:00", "a+b", "primary"),
        ("01-07 09:00", "c", "primary"),
        ("01-08 09:00", "a+b", "primary"),
    ]
    assert list(shifts(schedule(rotation([], [])), at("2026-01-05T12:00"), at("2027-01-01"))) == []


def test_a_window_that_ends_as_a_turn_begins_is_none_of_it() -> None:
    it = schedule(rotation([], "a", start="2026-01-05T17:00", every="1d",
                           hours={"from": "09:00", "to": "17:00"}))  # fmt: skip
    assert told(shifts(it, at("2026-01-05"), at("2026-01-09"))) == [
        ("01-07 09:00", "a", "primary"),
    ]  # fmt: skip


def test_windows_that_touch_make_one_shift() -> None:
    hours = [{"days": ["mon"], "from": "09:00", "to": "12:00"},
             {"days": ["mon"], "from": "12:00", "to": "17:00"}]  # fmt: skip
    it = schedule(rotation("a", start="2026-01-05", hours=hours))
    (only,) = shifts(it, at("2026-01-05"), at("2026-01-06"))
    assert only[:2] == (at("2026-01-05T09:00"), at("2026-01-05T17:00"))


@pytest.mark.parametrize(
    ("window", "hours"),
    [
        ({"days": ["mon"], "from": "09:00", "to": "17:00"}, [(9, 17)]),
        ({"days": ["mon"], "from": "22:00", "to": "06:00"}, [(22, 30)]),
        ({"days": ["mon"], "from": "09:00", "to": "09:00"}, [(9, 33)]),
        ({"days": ["mon"], "from": "09:00", "to": "24:00"}, [(9, 24)]),
        ({"days": ["mon"], "from": "24:00", "to": "09:00"}, [(24, 33)]),
        ({"days": ["mon"], "from": "00:00", "to": "00:00"}, [(0, 24)]),
        ({"days": ["mon"], "from": "24:00", "to": "24:00"}, [(24, 48)]),
        ({"days": ["fri"], "from": "18:00", "to": "08:00", "to_day": "mon"}, [(114, 176)]),
        ({"days": ["fri"], "from": "18:00", "to": "20:00", "to_day": "fri"}, [(114, 116)]),
        ({"days": ["fri"], "from": "18:00", "to": "18:00", "to_day": "fri"}, [(114, 282)]),
        ({"days": ["fri"], "from": "18:00", "to": "17:00", "to_day": "fri"}, [(114, 281)]),
        ({"days": ["tue", "mon", "tue"], "from": "09:00", "to": "10:00"}, [(9, 10), (33, 34)]),
        ({"days": [], "from": "09:00", "to": "10:00"}, []),
    ],
)
def test_where_windows_open_and_close(window, hours) -> None:
    assert spans(_window(window)) == [(a * HOUR, b * HOUR) for a, b in hours]


def _window(raw) -> Window:
    (found,) = model({"rotations": [rotation("a", hours=[raw])]}).rotations[0].hours
    return found


@pytest.mark.parametrize(
    ("windows", "expected"),
    [
        ([{"from": "00:00", "to": "24:00"}], True),
        ([{"from": "13:15", "to": "13:15"}], True),
        ([{"from": "09:00", "to": "21:00"}, {"from": "20:00", "to": "09:00"}], True),
        ([{"days": ["wed"], "from": "09:00", "to": "09:00", "to_day": "wed"}], True),
        ([{"from": "00:00", "to": "23:45"}], False),
        ([{"days": [*WEEKDAYS, "sat"], "from": "00:00", "to": "24:00"}], False),
        ([{"days": ["sun"], "from": "12:00", "to": "12:00"},
          {"days": [*WEEKDAYS, "sat"], "from": "12:00", "to": "12:00"}], True),
        ([], False),
    ],
)  # fmt: skip
def test_windows_that_leave_nothing_out(windows, expected) -> None:
    assert WeeklyHours([_window(one) for one in windows], wall_clock("UTC")).are_always is expected
    it = schedule(rotation("a", "b", start="2026-01-01", every="1h", hours=windows))
    turns = read_rotation(it.rotations[0], it, "Antarctica/Troll")
    assert turns.is_whole is expected
    start = at("2026-03-25")
    hours = sum(b - a for a, b in turns.coverage(start, start + WEEK)) if windows else 0
    assert (hours >= WEEK) is expected


MOST_OF_THE_WEEK = {"days": [*WEEKDAYS, "sat"], "from": "03:00", "to": "03:00"}


@pytest.mark.parametrize(
    ("zone", "since", "expected"),
    [
        ("UTC", "02:30", True),
        ("America/New_York", "03:00", True),
        ("America/New_York", "02:30", False),  # which is read as 03:30 where it is skipped
        ("America/New_York", "02:00", True),
        ("Europe/Berlin", "01:00", True),
    ],
)
def test_a_change_of_clocks_opens_holes_between_windows(zone, since, expected) -> None:
    hours = [MOST_OF_THE_WEEK, {"days": ["sun"], "from": since, "to": "03:00", "to_day": "mon"}]
    it = schedule(rotation("a", start="2026-11-02", hours=hours), timezone=zone)
    assert read_rotation(it.rotations[0], it, zone).is_whole is expected
    times = at("2027-01-01"), at("2028-01-01")
    assert (len(list(shifts(it, *times))) == 1) is expected


def test_windows_that_follow_one_another_for_weeks_alone_are_not_always() -> None:
    """Ten of a week each, and each opens a little before the one before it closes."""
    opens = [DAY - 70 * MINUTE + number * MINUTE for number in range(10)]
    assert not _follow_without_end([(one, one + WEEK + MINUTE) for one in opens], [(0, 2 * DAY)])
    assert _follow_without_end([(one, one + WEEK + MINUTE) for one in opens], [])


@pytest.mark.parametrize("hours", [[], {"days": [], "from": "09:00", "to": "17:00"}])
def test_no_window_at_all_is_never(hours) -> None:
    it = schedule(rotation("a", hours=hours))
    assert list(shifts(it, at("2026-01-01"), at("2027-01-01"))) == []
    assert on_call(it, at("2026-06-01")).end == ENDLESS


def test_openings_over_a_long_time_are_those_of_each_day() -> None:
    windows = [_window({"days": ["sat"], "from": "22:00", "to": "01:30"})]
    hours = WeeklyHours(windows, wall_clock("Australia/Lord_Howe"))
    start, end = at("2020-02-29T13:00"), at("2040-06-01")
    whole = list(hours.openings(start, end))
    days = (hours.openings(day, min(day + DAY, end)) for day in range(start, end, DAY))
    assert whole[0].start == start
    assert list(union(chain.from_iterable(days))) == whole


def test_turns_that_are_served_count_the_days_on_which_a_window_starts():
    hours = {"days": WEEKDAYS, "from": "09:00", "to": "19:00"}
    it = schedule(
        rotation("a", "b", "c", start="2026-11-30T09:00", every="1d", advance="served", hours=hours)
    )
    found = list(shifts(it, at("2026-11-30"), at("2026-12-12")))
    assert "".join(one.people[0] for one in found) == "abcabcabca"
    assert on_call(it, at("2126-12-02T10:00")).people


def test_a_window_belongs_whole_to_the_turn_of_the_day_on_which_it_starts():
    hours = [
        {"days": ["fri"], "from": "18:00", "to": "08:00", "to_day": "mon"},
        {"days": ["mon", "fri"], "from": "09:00", "to": "20:00"},
    ]
    it = schedule(
        rotation("a", "b", start="2026-11-30T09:00", every="1d", advance="served", hours=hours)
    )
    assert told(shifts(it, at("2026-11-30"), at("2026-12-08"))) == [
        ("11-30 09:00", "a", "primary"),
        ("12-04 09:00", "b", "primary"),
        ("12-07 09:00", "a", "primary"),
    ]


def test_a_night_that_had_begun_before_the_first_turn_is_nobodys():
    night = {"from": "22:00", "to": "06:00"}
    it = schedule(
        rotation("a", "b", start="2026-11-30T00:00", every="1d", advance="served", hours=night)
    )
    assert on_call(it, at("2026-11-30T05:00")).people == ()
    found = list(shifts(it, at("2026-11-29"), at("2026-12-02")))
    assert [(one.start, one.end, one.people) for one in found] == [
        (at("2026-11-30T22:00"), at("2026-12-01T06:00"), ("a",)),
        (at("2026-12-01T22:00"), at("2026-12-02"), ("b",)),
    ]


def test_weeks_of_many_patterns_of_days_off() -> None:
    """Of 32 weeks, each with other weekdays off: more patterns than are kept."""
    monday = at("2026-01-05") // DAY
    off = [monday + 7 * week + day for week in range(32) for day in range(5) if week >> day & 1]
    window = _window({"days": WEEKDAYS, "from": "09:00", "to": "17:00"})
    hours = WeeklyHours(
        [window], wall_clock("UTC"), DaysOff([days_of_spans((day, day) for day in off)])
    )
    found = [one.start // DAY for one in hours.openings(monday * DAY, (monday + 7 * 32) * DAY)]
    weekdays = [monday + 7 * week + day for week in range(32) for day in range(5)]
    assert found == [day for day in weekdays if day not in off]
