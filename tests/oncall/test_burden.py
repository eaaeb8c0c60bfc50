"""Nights, weekends, balance, and where clocks are changed meanwhile."""

from datetime import timedelta
from itertools import pairwise
from random import Random

import pytest

from registry.clock.civil import utc, wall_clock, zone
from registry.clock.tzif import DAY, EPOCH, HOUR, MINUTE, WEEK
from registry.oncall.burden import (
    Figures,
    figures,
    unevenness,
    unsocial,
    weekend,
    whole_rounds,
)
from registry.oncall.machine import differences
from registry.oncall.oddity import OddHandoff, odd_handoffs
from tests.oncall.build import WEEKDAYS, at, far, override, rotation, schedule

OFFICE = {"days": WEEKDAYS, "from": "09:00", "to": "17:00"}


def _is_unsocial(wall) -> bool:
    return wall.weekday() >= 5 or wall.hour >= 22 or wall.hour < 6


@pytest.mark.parametrize("name", ["UTC", "Europe/Berlin", "Australia/Lord_Howe", "Pacific/Apia"])
def test_unsocial_time_is_what_the_clock_shows(name) -> None:
    clock, random = wall_clock(name), Random(name)
    starts = [at("2026-03-28T20:00"), at("2026-10-24T20:00"), at("2011-12-30T04:00")]
    for start in [*starts, *(EPOCH + random.randrange(60 * 366 * 1440) * MINUTE for _ in range(5))]:
        minutes = random.randrange(1, 4000)
        seen = sum(
            _is_unsocial((utc(start) + timedelta(minutes=minute)).astimezone(zone(name)))
            for minute in range(minutes)
        )
        assert unsocial(clock, start, start + minutes * MINUTE) == seen * MINUTE


def test_unsocial_time_of_a_week_and_of_weeks_with_a_change() -> None:
    monday = at("2026-01-05")
    assert unsocial(wall_clock("UTC"), monday, monday + WEEK) == 88 * HOUR
    assert unsocial(wall_clock("UTC"), monday, monday) == 0
    berlin = wall_clock("Europe/Berlin")
    spring, autumn = at("2026-03-28T23:00"), at("2026-10-24T22:00")
    assert unsocial(berlin, spring, spring + 23 * HOUR) == 23 * HOUR
    assert unsocial(berlin, autumn, autumn + 25 * HOUR) == 25 * HOUR
    for change in (at("2026-03-29T01:00"), at("2026-10-25T01:00")):
        assert unsocial(berlin, change, change + HOUR) == HOUR
        assert unsocial(berlin, change - HOUR, change) == HOUR


@pytest.mark.parametrize("name", ["UTC", "Europe/Berlin", "Australia/Lord_Howe"])
def test_weekends_are_what_the_clock_shows(name) -> None:
    clock, random = wall_clock(name), Random(name)
    for _ in range(6):
        start, minutes = at("2026-03-27T07:01"), random.randrange(1, 6000)
        seen = sum(
            (utc(start) + timedelta(minutes=minute)).astimezone(zone(name)).weekday() >= 5
            for minute in range(minutes)
        )
        assert weekend(clock, start, start + minutes * MINUTE) == seen * MINUTE
    assert weekend(clock, at("2026-01-01"), at("2026-01-01") + 2 * WEEK) == 4 * DAY


def test_unsocial_time_of_years_is_that_of_their_parts() -> None:
    berlin = wall_clock("Europe/Berlin")
    days = [at("2026-01-05T11:17") + number * DAY for number in range(1000)]
    whole = unsocial(berlin, days[0], days[-1])
    assert whole == sum(unsocial(berlin, *pair) for pair in pairwise(days))
    change = at("2026-03-29T01:00")
    assert unsocial(berlin, change - 1, change + 1) == 2


def test_unevenness() -> None:
    assert unevenness([]) == 0
    assert unevenness([0, 0]) == 0
    assert unevenness([5, 5, 5]) == 0
    assert unevenness([1, 3]) == 1
    assert unevenness([0, 0, 6]) == 3


def test_figures() -> None:
    it = schedule(
        rotation("a", "b", start="2026-01-05", end="2026-01-19"),
        rotation(["a", "c"], start="2026-01-08", end="2026-01-10", name="both"),
    )
    start, end = at("2026-01-05"), at("2026-01-21")
    found = figures(it, start, end, lambda _: "UTC")
    lone = 4 + 2 + 8 + 2
    assert found == Figures(gaps=DAY, balance=5 / 6, longest=7 * DAY, lone_nights=lone)
    assert figures(schedule(), start, end, str) == Figures(16 * DAY, 0, 0, 0)
    tokyo = schedule(rotation("a", start="2026-01-05T04:00Z"), coverage=OFFICE)
    assert figures(tokyo, start, start + DAY, lambda _: "UTC", "Asia/Tokyo")[:3] == (
        4 * HOUR, 0, 20 * HOUR,
    )  # fmt: skip


def test_a_night_alone_counts_once_for_a_person() -> None:
    def nights(since, until, zone_="UTC", **more):
        it = schedule(rotation("a", start=since, end=until), **more)
        zones = {"a": zone_, "b": zone_}
        found = figures(it, at("2026-01-01"), at("2026-02-01"), zones.__getitem__)
        return found.lone_nights

    assert nights("2026-01-05T06:00", "2026-01-05T22:00") == 0
    assert nights("2026-01-05T05:59", "2026-01-05T22:00") == 1
    assert nights("2026-01-05T06:00", "2026-01-05T22:00:00.000001") == 1
    assert nights("2026-01-05T05:59:59.999999", "2026-01-05T06:01") == 1
    assert nights("2026-01-05T05:59", "2026-01-05T22:01") == 2
    assert nights("2026-01-05T23:00", "2026-01-06T02:00") == 1
    assert nights("2026-01-05T12:00", "2026-01-12T12:00") == 7
    assert nights("2026-01-05T08:00", "2026-01-05T20:00", "Asia/Tokyo") == 1
    split = [override("b", "2026-01-05T23:00", "2026-01-06T01:00")]
    assert nights("2026-01-05T12:00", "2026-01-06T12:00", overrides=split) == 2
    pair = schedule(rotation(["a", "b"], start="2026-01-05", end="2026-01-09"))
    assert figures(pair, at("2026-01-01"), at("2026-02-01"), lambda _: "UTC").lone_nights == 0


def test_the_longest_time_counts_through_a_change_of_reason() -> None:
    it = schedule(
        rotation("a", "b", start="2026-01-05", every="1d", end="2026-01-10"),
        overrides=[override("a", "2026-01-06T00:00", "2026-01-06T12:00")],
    )
    assert figures(it, at("2026-01-05"), at("2026-01-12"), lambda _: "UTC").longest == 36 * HOUR


def test_whole_rounds() -> None:
    it = schedule(rotation("a", "b", "c", start="2026-01-05T09:00", every="1w", end="2026-06-01"),
                  rotation(start="2026-01-05", name="empty"),
                  rotation("a", "b", start="2026-01-31", every="1mo", name="months"))  # fmt: skip
    start, end = at("2026-01-20"), at("2026-04-01")
    assert whole_rounds(it, 0, start, end) == (at("2026-01-26T09:00"), at("2026-03-30T09:00"))
    assert whole_rounds(it, 0, at("2026-01-05T09:00"), at("2026-01-26T09:00")) == (
        at("2026-01-05T09:00"), at("2026-01-26T09:00"),
    )  # fmt: skip
    assert whole_rounds(it, 0, at("2026-01-05T09:00"), at("2026-01-26T08:59")) is None
    assert whole_rounds(it, 0, at("2026-06-02"), at("2027-01-01")) is None
    assert whole_rounds(it, 0, at("2025-01-01"), at("2027-01-01")) == (
        at("2026-01-05T09:00"), at("2026-06-01T09:00"),
    )  # fmt: skip
    assert whole_rounds(it, 1, start, end) is None
    assert whole_rounds(it, 2, start, end) is None


def test_rounds_of_elapsed_time_are_weeks_of_hours() -> None:
    berlin = {"start": "2026-03-23T09:00", "every": "1w", "clock": "elapsed"}
    it = schedule(rotation("a", "b", **berlin))
    found = whole_rounds(it, 0, at("2026-03-23"), at("2026-09-01"), "Europe/Berlin")
    # 22 weeks of 168 hours, though the clock on the wall went an hour further.
    assert found == (at("2026-03-23T08:00"), at("2026-08-24T08:00"))


def test_handoffs_at_times_that_are_skipped_or_repeated() -> None:
    berlin = {"start": "2026-01-01T02:30", "every": "1d"}
    it = schedule(
        rotation("a", "b", "c", **berlin),
        rotation("a", **berlin, name="alone"),
        rotation("a", "b", **berlin, name="elapsed", clock="elapsed"),
        rotation("a", "b", **berlin, name="office", hours=[OFFICE]),
        rotation("a", "b", **berlin, name="ended", end="2026-02-01"),
        rotation(**berlin, name="empty"),
        rotation("a", "b", name="start", start="2026-10-25T02:15", every="1w"),
        rotation("a", "b", **berlin, name="night", hours={"from": "22:00", "to": "06:00"}),
        rotation("a", "b", **berlin, name="opens", hours={"from": "02:30", "to": "06:00"}),
        rotation("a", "b", **berlin, name="closes", hours={"from": "22:00", "to": "02:30"}),
    )
    found = list(odd_handoffs(it, at("2026-01-01"), at("2027-01-01"), "Europe/Berlin"))
    assert list(odd_handoffs(it, at("2026-01-01"), at("2027-01-01"))) == []
    spring, autumn = at("2026-03-29T02:30"), at("2026-10-25T02:30")
    assert found == [
        OddHandoff(0, "skipped", spring, at("2026-03-29T01:30"), ("c",), ("a",)),
        OddHandoff(0, "repeated", autumn, at("2026-10-25T00:30"), ("c",), ("a",)),
        OddHandoff(6, "repeated", at("2026-10-25T02:15"), at("2026-10-25T00:15"), (), ("a",)),
        OddHandoff(7, "skipped", spring, at("2026-03-29T01:30"), ("a",), ("b",)),
        OddHandoff(7, "repeated", autumn, at("2026-10-25T00:30"), ("a",), ("b",)),
    ]
    zone_ = "Europe/Berlin"
    assert list(odd_handoffs(it, at("2026-03-29T01:31"), at("2026-10-25T00:15"), zone_)) == []
    one, other = odd_handoffs(it, at("2026-03-29T01:30"), at("2026-03-29T01:31"), zone_)
    assert (one, other) == (found[0], found[3])


def test_hourly_handoffs_through_a_change() -> None:
    it = schedule(rotation("a", "b", start="2026-03-28", every="1h"), timezone="Antarctica/Troll")
    found = list(odd_handoffs(it, at("2026-03-28"), at("2026-03-30")))
    assert [one.wall for one in found] == [at("2026-03-29T01:00"), at("2026-03-29T02:00")]


def test_where_the_machine_has_other_zones(tmp_path) -> None:
    from importlib import resources

    files = resources.files("tzdata").joinpath("zoneinfo")
    (tmp_path / "Europe").mkdir()
    (tmp_path / "Europe" / "Berlin").write_bytes((files / "Europe" / "London").read_bytes())
    (tmp_path / "Europe" / "Dublin").write_bytes((files / "Europe" / "London").read_bytes())
    (tmp_path / "Europe" / "Paris").write_bytes(b"no zone")
    (tmp_path / "Asia").mkdir()
    (tmp_path / "Asia" / "Tokyo").write_bytes((files / "Asia" / "Tokyo").read_bytes())
    zones = ["Europe/Berlin", "Europe/Dublin", "Europe/Paris", "Asia/Tokyo", "Europe/Rome"]
    start, end = at("2026-01-01"), at("2027-01-01")
    folders = [str(tmp_path / "absent"), str(tmp_path)]
    assert list(differences(zones * 2, start, end, folders)) == [("Europe/Berlin", start, HOUR, 0)]
    (first,) = differences(["Europe/Dublin"], far("1910-01-01"), end, folders)
    assert first[:2] == ("Europe/Dublin", far("1910-01-01"))
    assert list(differences(zones, end, start, folders)) == []
    assert list(differences(zones, start, start, folders)) == []
    assert list(differences(["UTC"], start, end)) == []
