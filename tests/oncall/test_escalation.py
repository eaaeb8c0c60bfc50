"""Whom a page reaches, and when nobody."""

from itertools import pairwise

import pytest

from registry.clock.tzif import DAY, HOUR, LATEST, MINUTE
from registry.model.people import Person, Role
from registry.oncall.escalation import Decided, Directory, directory, hops, timeline, unreachable
from registry.oncall.interval import ENDLESS
from registry.workspace.load import load
from tests.oncall.build import at, escalation, override, rotation, schedule

OFFICE = {"from": "09:00", "to": "17:00"}
KNOWN = Directory(
    {one: Person(name=one) for one in ("ana", "ben", "dana")},
    {
        "cto": Role(title="CTO", holder="dana"),
        "commander": Role(title="Commander", schedule="ic"),
        "vacant": Role(title="Vacant"),
        "broken": Role(title="Broken", schedule="gone"),
    },
    {
        "primary": schedule(
            rotation("ana", "ben", every="1d", start="2026-01-05"),
            overrides=[override("dana", "2026-01-08", "2026-01-08")],
        ),
        "ic": schedule(
            rotation("nobody", start="2027-01-01", name="later"),
            rotation("dana", hours=OFFICE, start="2026-01-05"),
        ),
        "empty": schedule(),
    },
    {
        "page": escalation(
            ("0m", "primary"),
            ("15m", "commander", "cto"),
            ("30m", "dana", "vacant", "broken", "ghost"),
        ),
        "again": escalation(("10m", "ben"), ("0s", "primary"), repeat=2, repeat_after="5m"),
        "void": escalation(),
    },
)
NOON = at("2026-01-06T12:00")


def test_hops_of_an_escalation() -> None:
    found = hops("page", KNOWN, NOON)
    told = [(hop.after // MINUTE, hop.step, hop.via, hop.people, hop.until) for hop in found]
    assert told == [
        (0, 0, "primary", ("ben",), at("2026-01-07")),
        (15, 1, "commander", ("dana",), at("2026-01-06T17:00")),
        (15, 1, "cto", ("dana",), ENDLESS),
        (30, 2, "dana", ("dana",), ENDLESS),
        (30, 2, "vacant", (), ENDLESS),
        (30, 2, "broken", (), ENDLESS),
        (30, 2, "ghost", (), ENDLESS),
    ]
    assert [hop.decided for hop in found] == [
        Decided("schedules", "primary", ("rotations", 0)),
        Decided("schedules", "ic", ("rotations", 1)),
        Decided("roles", "cto", ("holder",)),
        Decided("escalations", "page", ("steps", 2, "notify", 0)),
        Decided("roles", "vacant", ()),
        None,
        None,
    ]


def test_a_step_asks_who_is_on_call_when_its_time_comes() -> None:
    before = at("2026-01-06T16:50")
    commander = hops("page", KNOWN, before)[1]
    assert commander.people == ()
    assert commander.decided == Decided("schedules", "ic", ())
    assert commander.until == at("2026-01-07T09:00")


def test_an_override_decides() -> None:
    (hop,) = hops("primary", KNOWN, at("2026-01-08T12:00"))
    assert (hop.people, hop.decided) == (
        ("dana",),
        Decided("schedules", "primary", ("overrides", 0)),
    )


def test_further_runs_begin_after_the_last_step() -> None:
    found = [(hop.after // MINUTE, hop.run, hop.via) for hop in hops("again", KNOWN, NOON)]
    assert found == [
        (0, 0, "primary"), (10, 0, "ben"),
        (15, 1, "primary"), (25, 1, "ben"),
        (30, 2, "primary"), (40, 2, "ben"),
    ]  # fmt: skip
    assert all(type(hop.after) is int for hop in hops("again", KNOWN, NOON))
    once = next(timeline("again", KNOWN, NOON, NOON + HOUR))
    assert [hop.run for hop in once.hops] == [0, 0]
    all_ = next(timeline("again", KNOWN, NOON, NOON + HOUR, repeats=True))
    assert [hop.run for hop in all_.hops] == [0, 0, 1, 1, 2, 2]


@pytest.mark.parametrize(
    ("id_", "people", "decided"),
    [
        ("ana", ("ana",), Decided("people", "ana", ())),
        ("cto", ("dana",), Decided("roles", "cto", ("holder",))),
        ("commander", ("dana",), Decided("schedules", "ic", ("rotations", 1))),
        ("empty", (), Decided("schedules", "empty", ())),
        ("ghost", (), None),
    ],
)
def test_what_is_paged_at_once(id_, people, decided) -> None:
    (hop,) = hops(id_, KNOWN, NOON)
    assert hop[:5] == (0, 0, 0, id_, people)
    assert hop.decided == decided
    (only,) = timeline(id_, KNOWN, NOON, NOON + HOUR)
    assert only[:2] == (NOON, NOON + HOUR)
    assert only.hops[0][:5] == hop[:5]


def test_the_end_of_the_calendar() -> None:
    days = (LATEST - at("2026-01-05")) // DAY - 1
    found = [hop.people for hop in hops("page", KNOWN, LATEST - 1)[:3]]
    assert found == [("ana" if days % 2 == 0 else "ben",), ("nobody",), ("dana",)]
    assert hops("void", KNOWN, NOON) == ()


def test_a_timeline_is_what_each_instant_says() -> None:
    end = at("2026-01-09T12:00")
    for text in ("2026-01-06T16:00", "2026-01-06T17:00", "2026-01-06T16:45"):
        _check_timeline(at(text), end)
    starts = [one.start for one in timeline("page", KNOWN, at("2026-01-06T16:00"), end)]
    assert at("2026-01-06T16:45") in starts


def _check_timeline(start, end):
    found = list(timeline("page", KNOWN, start, end))
    assert found[0].start == start
    assert found[-1].end == end
    for one, other in pairwise(found):
        assert one.end == other.start
        assert one.hops != other.hops
    for stretch in found:
        for when in (stretch.start, stretch.end - 1):
            there = [(hop.via, hop.people, hop.decided) for hop in hops("page", KNOWN, when)]
            assert [(hop.via, hop.people, hop.decided) for hop in stretch.hops] == there


def test_timelines_of_nothing() -> None:
    assert list(timeline("page", KNOWN, NOON, NOON)) == []
    assert list(timeline("void", KNOWN, NOON, NOON + 1)) == [(NOON, NOON + 1, ())]


def test_when_nobody_is_reached() -> None:
    start, end = at("2026-01-06"), at("2026-01-07")
    night = [(start, at("2026-01-06T09:00")), (at("2026-01-06T17:00"), end)]
    assert list(unreachable([("commander",)], KNOWN, start, end)) == night
    assert list(unreachable([("ic",), ("vacant",), ("empty",)], KNOWN, start, end)) == night
    assert list(unreachable([("vacant",)], KNOWN, start, end)) == [(start, end)]
    assert list(unreachable([], KNOWN, start, end)) == [(start, end)]
    for certain in ("ana", "cto", "primary", "broken", "ghost"):
        assert list(unreachable([("commander",), (certain,)], KNOWN, start, end)) == []
    assert list(unreachable([("vacant",)], KNOWN, end, start)) == []


def test_the_directory_of_a_workspace(tmp_path) -> None:
    (tmp_path / "opmodel.yaml").write_text(
        "opmodel: 1\nname: one\nstage: poc\ntimezone: Asia/Tokyo\n"
        "people: {ana: {name: Ana}}\nroles: {cto: {title: CTO, holder: ana}}\n"
        "schedules: {primary: {}}\nescalations: {page: {}}\n",
        "utf-8",
    )
    found = directory(load(str(tmp_path)).workspace)
    assert [list(part) for part in found[:4]] == [["ana"], ["cto"], ["primary"], ["page"]]
    assert found.zone == "Asia/Tokyo"
    (tmp_path / "opmodel.yaml").write_text("opmodel: 1\nname: one\nstage: poc\n", "utf-8")
    assert directory(load(str(tmp_path)).workspace).zone == "UTC"


def test_schedules_without_a_zone_are_in_the_directorys() -> None:
    dawn = {"dawn": schedule(rotation("ana", start="2026-01-05"))}
    known = Directory({}, {}, dawn, {}, "Asia/Tokyo")
    start = at("2026-01-04T15:00")
    assert hops("dawn", known, start)[0].people == ("ana",)
    assert hops("dawn", known, start - 1)[0].people == ()
    first, _ = timeline("dawn", known, start - DAY, start + DAY)
    assert first.end == start
    assert list(unreachable([("dawn",)], known, start - DAY, start + DAY)) == [(start - DAY, start)]
