"""Overrides over rotations, later rotations over earlier ones."""

import pytest
import yaml

from registry.clock.tzif import DAY, HOUR, LATEST
from registry.oncall.coverage import covered, first_start, gaps, intended
from registry.oncall.interval import ENDLESS, Interval, clipped, difference, union
from registry.oncall.override import Overlap, overlaps
from registry.oncall.schedule import on_call, shifts, tiles
from registry.oncall.shift import Shift
from tests.conftest import HOSTILE
from tests.effort import is_linear
from tests.oncall.build import WEEKDAYS, at, far, override, rotation, schedule, told

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
OFFICE = {"days": WEEKDAYS, "from": "09:00", "to": "17:00"}


def test_the_later_rotation_wins_where_it_is_active() -> None:
    it = schedule(
        rotation("a", start="2026-01-01"),
        rotation("b", start="2026-01-05", name="office", hours=[OFFICE]),
        rotation(start="2026-01-05", name="empty"),
        rotation([], start="2026-01-05", name="nobody"),
    )
    assert told(shifts(it, at("2026-01-05"), at("2026-01-06T10:00"))) == [
        ("01-05 00:00", "a", "primary"),
        ("01-05 09:00", "b", "office"),
        ("01-05 17:00", "a", "primary"),
        ("01-06 09:00", "b", "office"),
    ]
    now = on_call(it, at("2026-01-09T20:00"))
    assert now == Shift(at("2026-01-09T20:00"), at("2026-01-12T09:00"), ("a",), "primary")


def test_an_unrestricted_rotation_hides_what_is_below_it() -> None:
    it = schedule(
        rotation("a", "b", start="0001-01-01", every="1h"),
        rotation("c", start="2026-01-05", end="2026-01-06", name="c"),
    )
    found = told(shifts(it, at("2026-01-04T23:00"), at("2026-01-07T02:00")))
    assert [row for row in found if row[1] == "c"] == [("01-05 00:00", "c", "c")]
    assert len(found) == 4
    endless = schedule(
        rotation("a", "b", start="0001-01-01", every="1h"),
        rotation("c", start="2026-01-05", name="c"),
    )
    assert on_call(endless, at("2026-01-05")).end == ENDLESS
    assert list(covered(endless, 0, LATEST)) == [(0, LATEST)]


def test_what_is_hidden_is_not_even_counted() -> None:
    """Seventy million shifts lie below these."""
    hourly = rotation("a", "b", start="0001-01-01", every="1h")
    above = rotation("c", start="0001-01-01", name="above", hours={"from": "00:00", "to": "24:00"})
    for it in (
        schedule(hourly, above),
        schedule(hourly, overrides=[override("c", "0001-01-01", "9999-12-31")]),
    ):
        (only,) = shifts(it, 0, LATEST)
        assert only[:3] == (0, LATEST, ("c",))
        assert list(gaps(it, 0, LATEST)) == []


def test_overrides() -> None:
    it = schedule(
        rotation("a", start="2026-01-01"),
        overrides=[
            override("x", "2026-01-10T08:00", "2026-01-10T20:00"),
            override("y", "2026-01-10T10:00", "2026-01-10T12:00"),
            override("x", "2026-01-10T12:00", "2026-01-10T14:00", timezone="Etc/GMT-1"),
            override("z", "2026-01-11", "2026-01-11"),
        ],
    )
    assert told(shifts(it, at("2026-01-10"), at("2026-01-13"))) == [
        ("01-10 00:00", "a", "primary"),
        ("01-10 08:00", "x", "0"),
        ("01-10 10:00", "y", "1"),
        ("01-10 11:00", "x", "2"),
        ("01-10 13:00", "x", "0"),
        ("01-10 20:00", "a", "primary"),
        ("01-11 00:00", "z", "3"),
        ("01-12 00:00", "a", "primary"),
    ]


def test_an_override_that_a_change_of_clocks_turns_around_is_empty() -> None:
    turned = override("x", "2026-03-29T02:45", "2026-03-29T03:15")
    it = schedule(rotation("a", start="2026-01-01"), timezone="Europe/Berlin", overrides=[turned])
    assert told(shifts(it, at("2026-03-28"), at("2026-03-30"))) == [("03-28 00:00", "a", "primary")]


def test_tiles_tell_of_nobody_too() -> None:
    it = schedule(rotation("a", start="2026-01-05"))
    assert told(tiles(it, at("2026-01-04"), at("2026-01-06"), "Asia/Tokyo")) == [
        ("01-04 00:00", "", "None"),
        ("01-04 15:00", "a", "primary"),
    ]


def test_overlapping_overrides_of_different_people() -> None:
    it = schedule(
        overrides=[
            override("x", "2026-01-10", "2026-01-20"),
            override("y", "2026-01-12", "2026-01-13"),
            override("x", "2026-01-12", "2026-01-30"),
            override("z", "2026-01-21", "2026-01-21"),
            override("z", "2026-02-01", "2026-02-02"),
            override("y", "2026-02-03", "2026-02-04"),
        ],
    )
    assert list(overlaps(it)) == [
        Overlap(at("2026-01-12"), at("2026-01-14"), 1, 0),
        Overlap(at("2026-01-12"), at("2026-01-14"), 2, 1),
        Overlap(at("2026-01-21"), at("2026-01-22"), 3, 2),
    ]
    moved = list(overlaps(it, "Asia/Tokyo"))
    assert [one.start for one in moved] == [at("2026-01-11T15:00")] * 2 + [at("2026-01-20T15:00")]


@pytest.fixture(scope="module")
def rows():
    """The overrides of the hostile schedule, 1900 that all end on one day."""
    raw = yaml.load((HOSTILE / "t01_schedule_overrides.yaml").read_text("utf-8"), LOADER)
    found = raw["schedules"][0]["overrides"]
    assert len(found) == 1900
    return [override(row["person"], row["start"], row["end"]) for row in found]


@pytest.mark.no_cover
def test_thousands_of_overlapping_overrides_take_no_square_of_time(rows) -> None:
    def prove(count):
        it = schedule(rotation("a", "b", start="2026-01-05T09:00"), overrides=(rows * 4)[:count])
        assert sum(1 for _ in shifts(it, at("2026-01-01"), at("2027-01-01"))) > 2
        assert len(list(overlaps(it))) > count / 2
        assert list(gaps(it, at("2026-01-05T09:00"), at("2027-01-01"))) == []

    assert is_linear(prove, 900, 7200)


def test_gaps_against_what_is_meant() -> None:
    always = schedule(rotation("a", start="2026-01-05", hours=OFFICE))
    assert list(gaps(always, at("2026-01-05"), at("2026-01-07"))) == [
        (at("2026-01-05"), at("2026-01-05T09:00")),
        (at("2026-01-05T17:00"), at("2026-01-06T09:00")),
        (at("2026-01-06T17:00"), at("2026-01-07")),
    ]
    office = schedule(rotation("a", start="2026-01-05", hours=OFFICE), coverage=OFFICE)
    assert list(gaps(office, at("2026-01-05"), at("2027-01-07"))) == []
    longer = {**OFFICE, "to": "18:00"}
    late = schedule(rotation("a", start="2026-01-05", hours=OFFICE), coverage=[longer])
    assert list(gaps(late, at("2026-01-05"), at("2026-01-06"))) == [
        (at("2026-01-05T17:00"), at("2026-01-05T18:00"))
    ]
    east = schedule(rotation("a", start="2026-01-05", hours=OFFICE, timezone="UTC"),
                    coverage=OFFICE)  # fmt: skip
    assert list(gaps(east, at("2026-01-05"), at("2026-01-06"), "Asia/Tokyo")) == [
        (at("2026-01-05"), at("2026-01-05T08:00"))
    ]


def test_gaps_of_a_schedule_in_the_manifests_zone() -> None:
    it = schedule(rotation("a", start="2026-01-05"))
    assert list(gaps(it, at("2026-01-04"), at("2026-01-06"), "Asia/Tokyo")) == [
        (at("2026-01-04"), at("2026-01-04T15:00"))
    ]


def test_what_is_meant() -> None:
    start, end = at("2026-01-05"), at("2026-01-12")
    for coverage in ("always", [], [{"from": "00:00", "to": "24:00"}]):
        it = schedule(rotation("a"), coverage=coverage)
        assert list(intended(it, start, end)) == [(start, end)]
        assert list(intended(it, end, start)) == list(intended(it, start, start)) == []
    assert len(list(intended(schedule(coverage=OFFICE), start, end))) == 5


def test_gaps_of_a_schedule_with_nobody_and_of_no_time() -> None:
    start, end = at("2026-01-05"), at("2026-01-12")
    for it in (
        schedule(),
        schedule(rotation()),
        schedule(rotation([])),
        schedule(rotation("a", end="2026-01-05T09:00")),
    ):
        assert list(gaps(it, start, end)) == [(start, end)]
        assert list(tiles(it, start, end)) == [Shift(start, end, (), None)]
    for it in (schedule(), schedule(rotation("a")), schedule(rotation("a", hours=OFFICE))):
        assert list(gaps(it, end, start)) == list(gaps(it, start, start)) == []
        assert list(shifts(it, end, start)) == list(tiles(it, start, start)) == []
        assert list(covered(it, end, start)) == []


def test_coverage_counts_turns_without_people() -> None:
    it = schedule(rotation("a", [], every="1d", start="2026-01-05"))
    days = [at("2026-01-05") + number * DAY for number in range(5)]
    assert list(covered(it, days[0], days[4])) == [(days[0], days[1]), (days[2], days[3])]


def test_a_proof_over_centuries_needs_no_memory_and_no_handoffs() -> None:
    whole = schedule(rotation("a", "b", start="0001-01-01", every="1h"))
    assert list(gaps(whole, far("0001-01-01"), LATEST)) == []
    office = schedule(rotation("a", start="0001-01-01", hours=OFFICE))
    stream = gaps(office, far("0001-01-01"), LATEST)
    assert next(stream).end - next(stream).start <= 64 * HOUR


def test_the_first_start() -> None:
    it = schedule(
        rotation("a", start="2026-02-01"),
        rotation("a", start="2026-01-05", name="b", timezone="Asia/Tokyo"),
    )
    assert first_start(it) == at("2026-01-04T15:00")
    assert first_start(schedule()) is None
    assert first_start(schedule(rotation("a", start="2026-02-01")), "Etc/GMT-1") == at(
        "2026-01-31T23:00"
    )
    own = schedule(rotation("a", start="2026-02-01"), timezone="Etc/GMT+2")
    assert first_start(own, "Etc/GMT-1") == at("2026-02-01T02:00")


def test_nothing_changes_ever_again() -> None:
    assert on_call(schedule(), at("2026-01-05")) == Shift(at("2026-01-05"), ENDLESS, (), None)
    assert on_call(schedule(rotation("a")), LATEST - 1).people == ("a",)


def test_zones_of_a_follow_the_sun() -> None:
    sites = [("Asia/Tokyo", "t"), ("Europe/London", "l"), ("America/Los_Angeles", "s")]
    window = {"from": "09:00", "to": "17:00"}
    it = schedule(
        *(rotation(who, start="2026-01-05", name=who, timezone=zone, hours=window)
          for zone, who in sites)
    )  # fmt: skip
    assert list(gaps(it, at("2026-07-01"), at("2026-07-08"))) == []
    found = list(gaps(it, at("2026-10-20"), at("2026-11-05")))
    assert len(found) == 11
    assert found[0] == (at("2026-10-25T08:00"), at("2026-10-25T09:00"))


def test_interval_arithmetic() -> None:
    assert list(union([])) == []
    assert list(union([(1, 2), (2, 4), (3, 4), (6, 7)])) == [(1, 4), (6, 7)]
    line = [Interval(0, 10), Interval(20, 30)]
    assert list(difference(line, [])) == line
    assert list(difference(line, [Interval(-5, 0), Interval(5, 25), Interval(30, 40)])) == [
        (0, 5), (25, 30),
    ]  # fmt: skip
    assert list(difference(line, [Interval(10, 20)])) == line
    assert clipped(Interval(0, 10), 5, 20) == (5, 10)
    assert clipped(Interval(0, 10), 10, 20) is None


OFFICE = {"days": ["mon", "tue", "wed", "thu", "fri"], "from": "09:00", "to": "17:00"}


def test_a_cover_takes_the_shifts_that_are_there_and_adds_no_hour():
    cover = override("bo", "2026-11-30", "2026-12-04", mode="cover")
    it = schedule(
        rotation("ana", "bo", start="2026-11-30T09:00", hours=OFFICE),
        overrides=[cover],
        coverage=OFFICE,
    )
    found = list(shifts(it, at("2026-11-30"), at("2026-12-06")))
    assert [one.people for one in found] == [("bo",)] * 5
    assert {(one.because, one.rotation) for one in found} == {(0, "primary")}
    assert [(one.end - one.start) // HOUR for one in found] == [8] * 5
    assert not list(gaps(it, at("2026-11-30"), at("2026-12-06")))


def test_in_a_group_only_those_who_are_replaced_are():
    it = schedule(
        rotation(["ana", "bo"], ["cy", "di"], start="2026-11-30T09:00"),
        overrides=[
            {"person": "ed", "mode": "cover", "replaces": "ana", "from": "2026-12-02T00:00",
             "to": "2026-12-03T00:00"},
            override("ed", "2026-12-05", "2026-12-05", mode="add"),
            {"mode": "nobody", "from": "2026-12-06", "to": "2026-12-06"},
        ],
    )  # fmt: skip
    assert told(shifts(it, at("2026-12-01"), at("2026-12-07"))) == [
        ("12-01 00:00", "ana+bo", "primary"),
        ("12-02 00:00", "bo+ed", "0"),
        ("12-03 00:00", "ana+bo", "primary"),
        ("12-05 00:00", "ana+bo+ed", "1"),
    ]
    gap = on_call(it, at("2026-12-06T12:00"))
    assert gap == Shift(at("2026-12-06T12:00"), at("2026-12-07"), (), None)


def test_an_addition_where_nobody_is_on_call_is_alone():
    it = schedule(
        rotation("ana", start="2026-11-30T09:00", hours=OFFICE),
        overrides=[override("bo", "2026-11-30T16:00", "2026-11-30T18:00", mode="add")],
    )
    found = list(shifts(it, at("2026-11-30T16:00"), at("2026-12-01")))
    assert [(one.people, one.because, one.rotation) for one in found] == [
        (("ana", "bo"), 0, "primary"),
        (("bo",), 0, None),
    ]
