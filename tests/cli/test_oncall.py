"""`opmodel oncall`: calendars, open times, who is next, and files for other programs."""

import csv
import io
import json
import re
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar
from jsonschema import Draft202012Validator

from registry.schemas import schemas
from registry.source.composer import compose
from tests.cli.conftest import Ran, Run
from tests.conftest import ROOT
from tests.oncall import walk
from tests.paging.acme import ACME, edited, write

COPILOT = ROOT / "examples" / "enterprise-copilot"
WEEK = ROOT / "examples" / "representative-week"
AT = "2026-11-20T09:00:00Z"
MINUTE = timedelta(minutes=1)

Json = dict[str, Any]


@cache
def checker() -> Draft202012Validator:
    return Draft202012Validator(json.loads(schemas()["opmodel.oncall.v1.schema.json"]))


def told(ran: Ran) -> Any:
    found = json.loads(ran.out)
    assert ran.out.isascii()
    assert [one.message for one in checker().iter_errors(found)] == []
    return found


def people(*ids: str, **zones: str) -> Json:
    named: Json = {one: {"name": one.title()} for one in (*ids, *zones)}
    for one, zone in zones.items():
        named[one]["timezone"] = zone
    return named


def registry(folder: Path, schedules: Json, persons: Json | None = None, zone: str = "UTC") -> str:
    """Write a registry of schedules, given as plain data."""
    parts = [
        rotation["participants"] for one in schedules.values() for rotation in one["rotations"]
    ]
    turns = [turn for part in parts for turn in part]
    ids = {one for turn in turns for one in ([turn] if isinstance(turn, str) else turn)}
    whole = {
        "opmodel": 1, "name": "rotas", "stage": "poc", "timezone": zone,
        "people": people(*sorted(ids)) | (persons or {}), "schedules": schedules,
    }  # fmt: skip
    return write(folder, json.dumps(whole))


def rotation(*turns: Any, start: str = "2026-01-05T09:00", every: str = "1w", **more: Any) -> Json:
    named = {"name": more.pop("name", "primary"), "participants": list(turns)}
    return {**named, "start": start, "every": every, **more}


def lone(folder: Path, *rotations: Json, **more: Any) -> str:
    return registry(folder, {"rota": {"rotations": list(rotations), **more}})


def rows(ran: Ran) -> dict[str, str]:
    """Read a calendar: each date's cells, blanks folded."""
    lines = [line.split(maxsplit=2) for line in ran.out.splitlines()]
    return {
        line[1]: " ".join(line[2].split()) if len(line) > 2 else ""
        for line in lines
        if len(line) > 1 and re.fullmatch(r"\d{4}-\d\d-\d\d", line[1])
    }


# -- show ----------------------------------------------------------------------------------------


def test_a_calendar_of_weeks_days_and_people(run: Run) -> None:
    ran = run("oncall", "show", "ai-oncall", str(COPILOT), "--from", "2026-12-19T00:00",
              "--to", "2026-12-28")  # fmt: skip
    assert ran.code == 0
    assert ran.out.splitlines()[:13] == [
        "ai-oncall (Europe/Berlin)",
        "                 priya        jonas        nadia     tom",
        "Sat 2026-12-19   all day",
        "Sun 2026-12-20   all day",
        "",
        "Mon 2026-12-21   00:00–09:00  09:00–24:00",
        "Tue 2026-12-22                all day",
        "Wed 2026-12-23                all day",
        "Thu 2026-12-24                             all day*",
        "Fri 2026-12-25                             all day*",
        "Sat 2026-12-26                             all day*",
        "Sun 2026-12-27                all day",
        "",
    ]
    assert "\nopen: none; balance: " in ran.out
    assert "lone nights: person and night" in " ".join(ran.out.split())
    assert "A star marks an override." in " ".join(ran.out.split())


def test_show_as_json_is_the_contract(run: Run) -> None:
    found = told(run("oncall", "show", "ai-oncall", str(COPILOT), "--from", "2026-12-21T09:00",
                     "--to", "2026-12-28T09:00", "--format", "json"))  # fmt: skip
    assert found["schedule"] == "ai-oncall"
    assert (found["from"], found["to"]) == ("2026-12-21T08:00:00Z", "2026-12-28T08:00:00Z")
    assert found["shifts"] == [
        {"start": "2026-12-21T08:00:00Z", "end": "2026-12-23T23:00:00Z", "people": ["jonas"],
         "because": {"rotation": "primary"}, "shadows": []},
        {"start": "2026-12-23T23:00:00Z", "end": "2026-12-26T23:00:00Z", "people": ["nadia"],
         "because": {"override": 0}, "shadows": []},
        {"start": "2026-12-26T23:00:00Z", "end": "2026-12-28T08:00:00Z", "people": ["jonas"],
         "because": {"rotation": "primary"}, "shadows": []},
    ]  # fmt: skip
    assert found["gaps"] == []
    assert found["figures"] == {
        "gap_hours": 0.0, "balance": pytest.approx(0.285714, abs=1e-6), "longest_hours": 72.0,
        "lone_nights": 9,  # seven nights, in two of which somebody hands over at midnight
    }  # fmt: skip


def test_json_is_a_list_unless_one_schedule_is_asked_for(run: Run, tmp_path: Path) -> None:
    folder = lone(tmp_path / "a", rotation("ana"))
    assert [one["schedule"] for one in told(run("oncall", "show", folder, "--format", "json"))] == [
        "rota"
    ]
    assert told(run("oncall", "show", "rota", folder, "--format", "json"))["schedule"] == "rota"
    found = told(run("oncall", "show", str(COPILOT), "--format", "json", "--at", AT))
    assert [one["schedule"] for one in found] == ["ai-oncall", "ic", "sre-oncall"]
    assert found[0]["from"] == AT
    assert found[0]["to"] == "2026-12-18T09:00:00Z"
    empty = write(tmp_path / "b", "opmodel: 1\nname: b\nstage: poc\npeople: {a: {name: A}}\n")
    assert told(run("oncall", "show", empty, "--format", "json")) == []


@pytest.mark.parametrize(
    ("zone", "since", "until", "handoff", "expected"),
    [
        # 25 hours: the handoff is at the first 02:30, then at the second.
        ("Europe/Berlin", "2026-10-24", "2026-10-26", "2026-10-25T02:30",
         {"2026-10-24": "all day", "2026-10-25": "00:00–02:30+02:00 02:30+02:00–24:00",
          "2026-10-26": "all day"}),
        ("Europe/Berlin", "2026-10-24", "2026-10-26", "2026-10-25T01:30:00Z",
         {"2026-10-24": "all day", "2026-10-25": "00:00–02:30+01:00 02:30+01:00–24:00",
          "2026-10-26": "all day"}),
        # 23 hours: 02:30 does not exist, and is read as 03:30.
        ("Europe/Berlin", "2026-03-28", "2026-03-30", "2026-03-29T02:30",
         {"2026-03-28": "all day", "2026-03-29": "00:00–03:30 03:30–24:00",
          "2026-03-30": "all day"}),
        # Half an hour back at 02:00, to 01:30.
        ("Australia/Lord_Howe", "2026-04-04", "2026-04-06", "2026-04-05T01:45",
         {"2026-04-04": "all day", "2026-04-05": "00:00–01:45+11:00 01:45+11:00–24:00",
          "2026-04-06": "all day"}),
        # Half an hour forward at 02:00.
        ("Australia/Lord_Howe", "2026-10-03", "2026-10-05", "2026-10-04T02:00",
         {"2026-10-03": "all day", "2026-10-04": "00:00–02:30 02:30–24:00",
          "2026-10-05": "all day"}),
        # Midnight itself does not exist: the day begins at 01:00, and is whole all the same.
        ("America/Santiago", "2026-09-05", "2026-09-07", "2026-09-06T00:00",
         {"2026-09-05": "all day", "2026-09-06": "all day", "2026-09-07": "all day"}),
        # Samoa left out a Friday.
        ("Pacific/Apia", "2011-12-29", "2011-12-31", "2011-12-29T12:00",
         {"2011-12-29": "00:00–12:00 12:00–24:00", "2011-12-31": "all day"}),
    ],
)  # fmt: skip
def test_days_of_clock_changes(
    run: Run,
    tmp_path: Path,
    zone: str,
    since: str,
    until: str,
    handoff: str,
    expected: dict[str, str],
) -> None:
    first = rotation("ana", start="2001-01-01T00:00", end=handoff, name="before")
    folder = lone(tmp_path / "a", first, rotation("ben", start=handoff), timezone=zone)
    ran = run("oncall", "show", "rota", folder, "--from", since, "--to", until, "--tz", zone)
    assert rows(ran) == expected


def test_a_shift_within_the_repeated_hour(run: Run, tmp_path: Path) -> None:
    short = rotation("ana", start="2026-10-25T00:45:00Z", end="2026-10-25T01:15:00Z")
    folder = lone(tmp_path / "a", short, timezone="Europe/Berlin")
    ran = run("oncall", "show", "rota", folder, "--from", "2026-10-25", "--to", "2026-10-25",
              "--tz", "Europe/Berlin")  # fmt: skip
    assert rows(ran) == {
        "2026-10-25": "02:45+02:00–02:15+01:00 00:00–02:45+02:00 02:15+01:00–24:00"
    }


def test_seconds_are_shown_where_there_are_any(run: Run, tmp_path: Path) -> None:
    folder = lone(tmp_path / "a", rotation("ana", "ben", start="2026-11-02T09:00:30", every="1d"))
    ran = run("oncall", "show", "rota", folder, "--from", "2026-11-03", "--to", "2026-11-03")
    assert rows(ran) == {"2026-11-03": "00:00–09:00:30 09:00:30–24:00"}


def test_groups_share_a_row(run: Run, tmp_path: Path) -> None:
    folder = lone(tmp_path / "a", rotation(["ana", "ben"], "cho", every="1d"))
    out = run("oncall", "show", "rota", folder, "--from", "2026-01-05", "--to", "2026-01-06").out
    assert "Mon 2026-01-05   09:00–24:00  09:00–24:00               00:00–09:00\n" in out
    assert "Tue 2026-01-06   00:00–09:00  00:00–09:00  09:00–24:00\n" in out


def test_gaps_have_a_red_column(run: Run, tmp_path: Path) -> None:
    hours = {"days": ["mon", "tue"], "from": "09:00", "to": "18:00"}
    folder = lone(tmp_path / "a", rotation("ana", hours=hours))
    argv = ("oncall", "show", "rota", folder, "--from", "2026-11-16", "--to", "2026-11-18")
    out = run(*argv).out
    assert "                 ana          nobody\n" in out
    assert "Mon 2026-11-16   09:00–18:00  00:00–09:00 18:00–24:00\n" in out
    assert "Wed 2026-11-18                all day\n" in out
    assert "open: 2d6h; " in out
    painted = run(*argv, "--color", "always").out
    assert "\x1b[1;31mall day" in painted
    assert re.sub(r"\x1b\[[0-9;]*m", "", painted).split() == out.split()


def test_many_people_are_listed(run: Run, tmp_path: Path) -> None:
    many = [f"person-{number}" for number in range(9)]
    hours = {"from": "09:00", "to": "18:00"}
    turns = rotation(*many[:-1], [many[-1], many[0]], every="1d", hours=hours)
    override = {"person": "person-3", "from": "2026-01-06T10:00", "to": "2026-01-06T11:00"}
    folder = lone(tmp_path / "a", turns, overrides=[override])
    out = run("oncall", "show", "rota", folder, "--from", "2026-01-05", "--to", "2026-01-13").out
    assert "  Mon 2026-01-05 09:00 – Mon 2026-01-05 18:00  person-0\n" in out
    assert "  Mon 2026-01-05 18:00 – Tue 2026-01-06 09:00  nobody\n" in out
    assert "  Tue 2026-01-06 10:00 – Tue 2026-01-06 11:00  person-3*\n" in out
    assert "  Tue 2026-01-13 09:00 – Tue 2026-01-13 18:00  person-8 and person-0\n" in out


def test_one_person_s_calendar(run: Run) -> None:
    argv = ("oncall", "show", str(COPILOT), "--person", "nadia", "--at", AT)
    out = run(*argv).out
    assert "ai-oncall (Europe/Berlin)\n                 nadia\n" in out
    assert "sre-oncall" not in out
    assert "balance" not in out
    found = told(run(*argv, "--format", "json"))
    assert {tuple(shift["people"]) for one in found for shift in one["shifts"]} == {("nadia",)}
    assert run("oncall", "show", str(COPILOT), "--person", "dana").out == "dana is on no schedule\n"


def test_a_calendar_names_the_shadows(run: Run, tmp_path: Path) -> None:
    folder = write(
        tmp_path / "a",
        "opmodel: 1\nname: a\nstage: poc\npeople: {ana: {name: Ana}, ben: {name: Ben}}\n"
        "schedules:\n  rota:\n    rotations:\n"
        "      - {name: m, participants: [ana], start: 2026-01-05T09:00Z, every: 1w}\n"
        "      - {name: s, participants: [ben], start: 2026-01-05T09:00Z, every: 1w, shadow: true}\n",
    )
    events = Calendar.from_ical(ics(run, folder)).walk("VEVENT")
    assert {str(one["SUMMARY"]) for one in events} == {"Ana on call: rota (Ben as a shadow)"}
    assert all("as a shadow ben" in str(one["DESCRIPTION"]) for one in events)
    shown = run("oncall", "show", folder, "--at", AT, "--to", "2026-11-22T09:00:00Z").out
    assert "Sat 2026-11-21   all day      (all day)\n" in shown


def test_without_schedules(run: Run, tmp_path: Path) -> None:
    folder = write(tmp_path / "a", "opmodel: 1\nname: a\nstage: poc\npeople: {a: {name: A}}\n")
    assert run("oncall", "show", folder) == (0, "there is no schedule\n", "")
    assert run("oncall", "next", folder) == (0, "there is no schedule\n", "")
    assert run("oncall", "next", folder, "--person", "a").out == "a is on no schedule\n"
    ran = run("oncall", "gaps", folder, "--at", AT)
    assert (ran.code, ran.out.splitlines()[0]) == (0, "0 schedules, 0 with open times")


# -- gaps ----------------------------------------------------------------------------------------


def test_gaps_over_all_schedules_at_once(run: Run) -> None:
    ran = run("oncall", "gaps", str(COPILOT), "--at", AT)
    assert ran.code == 0
    assert ran.out == (
        "ai-oncall (Europe/Berlin): covered\n"
        "ic (Europe/Berlin): covered\n"
        "sre-oncall (Europe/Berlin): covered\n"
        "3 schedules, 0 with open times\n"
        "from Fri 2026-11-20 10:00 to Sat 2027-12-25 10:00 Europe/Berlin\n"
    )


def test_a_gap_exits_1(run: Run, tmp_path: Path) -> None:
    hours = {"days": ["mon", "tue", "wed", "thu", "fri"], "from": "09:00", "to": "18:00"}
    folder = lone(tmp_path / "a", rotation("ana", hours=hours), timezone="Europe/Berlin")
    span = ("--from", "2026-11-16", "--to", "2026-11-29")
    ran = run("oncall", "gaps", folder, *span)
    assert ran.code == 1
    assert "rota (Europe/Berlin): open\n" in ran.out
    assert ran.out.endswith("1 schedule, 1 with open times\n"
                            "from Mon 2026-11-16 00:00 to Mon 2026-11-30 00:00 UTC\n")  # fmt: skip
    found = told(run("oncall", "gaps", "rota", folder, *span, "--format", "json"))
    assert found["schedules"] == ["rota"]
    assert found["doubts"] == {}
    total = sum(one["hours"] for one in found["gaps"])
    assert total == 14 * 24 - 10 * 9
    times = sum(one["times"] for one in found["gaps"])
    assert times == len(
        told(run("oncall", "show", "rota", folder, *span, "--format", "json"))["gaps"]
    )


def follow_the_sun(folder: Path) -> str:
    """Three windows of eight hours that meet in summer: London and San Francisco change clocks."""
    parts = [
        rotation("tokyo", name="asia", timezone="Asia/Tokyo", start="2026-01-01T00:00",
                 hours={"from": "08:00", "to": "16:00"}),
        rotation("london", name="europe", timezone="Europe/London", start="2026-01-01T00:00",
                 hours={"from": "08:00", "to": "16:00"}),
        rotation("francis", name="america", timezone="America/Los_Angeles",
                 start="2026-01-01T00:00", hours={"from": "08:00", "to": "16:00"}),
    ]  # fmt: skip
    return registry(folder, {"sun": {"timezone": "UTC", "rotations": parts}})


def test_follow_the_sun_shows_its_winter_hole_with_the_dates(run: Run, tmp_path: Path) -> None:
    """Tokyo ends at 07:00 UTC all year, London begins at 07:00 in summer and 08:00 in winter."""
    folder = follow_the_sun(tmp_path / "a")
    span = ("--from", "2026-06-01", "--to", "2027-05-31")
    ran = run("oncall", "gaps", "sun", folder, *span)
    assert ran.code == 1
    assert "sun (UTC): open\n  every day 07:00–08:00\n" in ran.out
    assert "Sun 2026-10-25 07:00 to Sat 2027-03-27 08:00" in ran.out
    found = told(run("oncall", "gaps", "sun", folder, *span, "--format", "json"))
    (hole,) = (one for one in found["gaps"] if one["pattern"] == "every day 07:00–08:00")
    assert hole["first"] == {"start": "2026-10-25T07:00:00Z", "end": "2026-10-25T08:00:00Z"}
    assert hole["last"] == {"start": "2027-03-27T07:00:00Z", "end": "2027-03-27T08:00:00Z"}
    assert hole["times"] == (datetime(2027, 3, 27) - datetime(2026, 10, 25)).days + 1  # noqa: DTZ001
    summer = ("--from", "2026-06-01", "--to", "2026-10-24")
    assert run("oncall", "gaps", "sun", folder, *summer).code == 0


@pytest.mark.parametrize(
    ("change", "doubt"),
    [
        (("every: 1w}\n  night", "every: 1x}\n  night"),
         "`rotations` of the schedule `day` did not load"),
        (("timezone: Europe/Berlin", "timezone: Europe/Bern"),
         "the manifest's `timezone` did not load"),
    ],
)  # fmt: skip
def test_what_is_not_certain_is_not_covered(
    run: Run, tmp_path: Path, change: tuple[str, str], doubt: str
) -> None:
    folder = write(tmp_path / "a", edited(change))
    ran = run("oncall", "gaps", "day", folder, "--at", AT)
    assert ran.code == 1
    assert f"not certain: {doubt}" in ran.out
    found = told(run("oncall", "gaps", folder, "--at", AT, "--format", "json"))
    assert found["doubts"] == {"day": doubt}
    assert f"not certain: {doubt}" in run("oncall", "show", "day", folder, "--at", AT).out
    assert f"not certain: {doubt}" in run("oncall", "next", "day", folder, "--at", AT).out
    assert (
        told(run("oncall", "next", "day", folder, "--format", "json"))["schedules"][0]["doubt"]
        == doubt
    )


def test_a_schedule_that_did_not_load_is_missed(run: Run, tmp_path: Path) -> None:
    folder = write(tmp_path / "a", ACME, more="schedules:\n  lost: {rotations: [], rota: [ana]}\n"
                   "  last: [{person: [ben]}]\n")  # fmt: skip
    says = "opmodel: the schedule `{}` did not load, and is left out; see `opmodel check`\n"
    ran = run("oncall", "gaps", folder, "--at", AT)
    assert ran.code == 1
    assert says.format("last") in ran.err
    found = told(run("oncall", "gaps", folder, "--at", AT, "--format", "json"))
    assert set(found["doubts"]) >= {"last"}
    assert run("oncall", "gaps", "day", folder, "--at", AT).code == 0
    assert says.format("last") in run("oncall", "show", folder, "--person", "ben").err
    assert says.format("last") not in run("oncall", "show", folder, "--person", "cho").err
    ran = run("oncall", "next", folder, "--person", "lost-person")
    assert (ran.code, ran.out) == (2, "")
    ran = run("oncall", "gaps", "last", folder)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.endswith("the schedule `last` did not load; `opmodel check` says why\n")


def test_a_file_that_could_not_be_read_may_hold_schedules(run: Run, tmp_path: Path) -> None:
    folder = write(tmp_path / "a", ACME, broken="schedules:\n  lost: [\n")
    ran = run("oncall", "gaps", folder, "--at", AT)
    assert ran.code == 1
    assert "1 thing did not load" in ran.err
    assert run("oncall", "gaps", "day", folder, "--at", AT).code == 0


# -- next ----------------------------------------------------------------------------------------


def test_who_is_next(run: Run, tmp_path: Path) -> None:
    folder = write(tmp_path / "a")
    ran = run("oncall", "next", folder, "--at", AT)
    assert ran.code == 0
    assert ran.out == (
        "day (Europe/Berlin)\n"
        "  now   ana, until Mon 2026-11-23 09:00\n"
        "  next  ben, from Mon 2026-11-23 09:00 until Mon 2026-11-30 09:00\n"
        "  next  ana, from Mon 2026-11-30 09:00 until Mon 2026-12-07 09:00\n"
        "  next  ben, from Mon 2026-12-07 09:00 until Mon 2026-12-14 09:00\n"
        "night (America/New_York)\n"
        "  now   cho, for good\n"
        "  next  nobody else\n"
    )
    out = run("oncall", "next", "day", folder, "--at", AT, "--person", "ben").out
    assert out.count("  next  ben,") == 3
    assert "  next  ana" not in out
    assert "  next  no shift of theirs\n" in run(
        "oncall", "next", "day", folder, "--at", AT, "--person", "cho"
    ).out  # fmt: skip


def test_next_as_json(run: Run, tmp_path: Path) -> None:
    found = told(run("oncall", "next", write(tmp_path / "a"), "--at", AT, "--format", "json"))
    assert found["at"] == AT
    day, night = found["schedules"]
    assert day["now"] == {"start": AT, "end": "2026-11-23T08:00:00Z", "people": ["ana"],
                          "because": {"rotation": "primary"}, "shadows": []}  # fmt: skip
    assert [one["people"] for one in day["next"]] == [["ben"], ["ana"], ["ben"]]
    assert (night["now"]["end"], night["next"]) == (None, [])


def test_nobody_now_and_a_shift_without_an_end(run: Run, tmp_path: Path) -> None:
    folder = lone(tmp_path / "a", rotation("ana", start="2027-01-04T09:00"))
    out = run("oncall", "next", folder, "--at", AT).out
    assert "  now   nobody, until Mon 2027-01-04 09:00\n" in out
    assert "  next  ana, from Mon 2027-01-04 09:00 for good\n" in out
    found = told(run("oncall", "next", folder, "--at", AT, "--format", "json"))["schedules"][0]
    assert (found["now"]["because"], found["next"][0]["end"]) == (None, None)


# -- files ---------------------------------------------------------------------------------------


def read_csv(ran: Ran) -> list[dict[str, str]]:
    assert ran.code == 0
    return list(csv.DictReader(io.StringIO(ran.out)))


def test_hours_for_the_payroll(run: Run, tmp_path: Path) -> None:
    """Against a walk, five minutes at a time, on each person's own clock."""
    plain = {
        "timezone": "Europe/Berlin",
        "rotations": [
            rotation("ana", ["ben", "cho"], start="2026-10-19T18:00", every="1d"),
            rotation("dee", name="day", start="2026-10-19T08:00",
                     hours={"days": ["sat", "sun", "mon"], "from": "07:30", "to": "18:30"}),
        ],
        "overrides": [{"person": "ben", "from": "2026-10-23T20:00", "to": "2026-10-24T03:15"}],
    }  # fmt: skip
    zones = {"ana": "America/New_York", "ben": "Europe/Berlin", "cho": "Australia/Lord_Howe"}
    folder = registry(tmp_path / "a", {"rota": plain}, people(**zones), "Asia/Kolkata")
    zones["dee"] = "Asia/Kolkata"
    span = ("--from", "2026-10-19T18:00+02:00", "--to", "2026-11-02T18:00+01:00")
    found = read_csv(run("oncall", "export", "rota", folder, *span))
    expected: dict[str, Counter[str]] = {one: Counter() for one in zones}
    at, end = datetime(2026, 10, 19, 16), datetime(2026, 11, 2, 17)  # noqa: DTZ001
    while at < end:
        for person in walk.who(plain, at)[0]:
            clock = at.replace(tzinfo=UTC).astimezone(walk.zone(zones[person]))
            night = "night_hours" if clock.hour >= 22 or clock.hour < 6 else "weekday_hours"
            expected[person]["weekend_hours" if clock.weekday() >= 5 else night] += 5
        at += 5 * MINUTE
    assert [row["person"] for row in found] == sorted(zones)
    for row in found:
        parts = {
            name: float(row[name]) for name in ("weekday_hours", "night_hours", "weekend_hours")
        }
        wanted = {name: minutes / 60 for name, minutes in expected[row["person"]].items()}
        assert parts == pytest.approx(dict.fromkeys(parts, 0.0) | wanted, abs=1e-4), row
        assert float(row["hours"]) == pytest.approx(sum(parts.values()), abs=3e-4)
    shifts = told(run("oncall", "show", "rota", folder, *span, "--format", "json"))["shifts"]
    total = sum(length(shift) * len(shift["people"]) for shift in shifts)
    assert sum(float(row["hours"]) for row in found) == pytest.approx(total, abs=1e-3)


def length(shift: Json) -> float:
    start, end = (datetime.fromisoformat(shift[edge]) for edge in ("start", "end"))
    return (end - start).total_seconds() / 3600


def test_csv_of_all_and_of_one_person(run: Run, tmp_path: Path) -> None:
    folder = write(
        tmp_path / "a", edited(("name: Ben Okafor", 'name: "=ben@acme.example, \\"B\\""'))
    )
    argv = ("oncall", "export", folder, "--from", "2026-11-02", "--to", "2026-11-15")
    found = read_csv(run(*argv))
    assert [(row["schedule"], row["person"]) for row in found] == [
        ("day", "ana"), ("day", "ben"), ("night", "cho"),
    ]  # fmt: skip
    assert found[0]["hours"] == "168"
    assert "acme.example" not in run(*argv).out
    assert not found[1]["name"].startswith("=")
    assert [row["person"] for row in read_csv(run(*argv, "--person", "cho"))] == ["cho"]
    assert run(*argv, "--format", "csv").out == run(*argv).out
    assert run(*argv[:1], "show", *argv[2:], "--format", "csv").out == run(*argv).out


def feed(data: bytes) -> dict[str, tuple[datetime, datetime, str, str]]:
    """Read a calendar with the icalendar library: each event by its UID."""
    calendar = Calendar.from_ical(data)
    events = calendar.walk("VEVENT")
    assert all(event.errors == [] for event in events)
    found = {
        str(event["UID"]): (
            event.decoded("DTSTART"), event.decoded("DTEND"),
            str(event["SUMMARY"]), str(event["DESCRIPTION"]),
        )
        for event in events
    }  # fmt: skip
    assert len(found) == len(events)
    return found


def generated(folder: Path) -> str:
    """Write schedules of every shape that the benchmarks know."""
    script = ROOT / "benchmarks" / "generate.py"
    subprocess.run([sys.executable, str(script), str(folder), "--schedules", "11"],
                   check=True, capture_output=True)  # fmt: skip
    return str(folder)


@pytest.mark.no_cover
@pytest.mark.parametrize(
    "name",
    [
        "enterprise-copilot",
        "representative-week",
        "team-of-three",
        pytest.param("", marks=pytest.mark.slow),
    ],
)
def test_a_year_in_a_calendar_is_the_same_shifts(run: Run, tmp_path: Path, name: str) -> None:
    folder = str(ROOT / "examples" / name) if name else generated(tmp_path / "many")
    span = ("--from", AT, "--to", "2027-11-20T09:00Z")
    rotas = told(run("oncall", "show", folder, *span, "--format", "json"))
    events: dict[str, list[tuple[datetime, datetime, str]]] = {}
    for start, end, _, description in feed(ics(run, folder, *span).encode()).values():
        schedule, _, rest = description.partition(", ")
        events.setdefault(schedule, []).append((start, end, rest.partition(": ")[2]))
    assert sum(len(rota["shifts"]) for rota in rotas) > 20
    for rota in rotas:
        assert sorted(events.pop(rota["schedule"], [])) == [
            (
                datetime.fromisoformat(shift["start"]),
                datetime.fromisoformat(shift["end"]),
                ", ".join(shift["people"]),
            )
            for shift in rota["shifts"]
        ]
    assert events == {}


def ics(run: Run, folder: str, *more: str, at: str = AT) -> str:
    ran = run("oncall", "export", folder, "--at", at, "--format", "ics", *more)
    assert ran.code == 0
    return ran.out


def test_a_shift_keeps_its_uid(run: Run, tmp_path: Path) -> None:
    """Whoever serves, whatever the window, and on whichever day the feed is made."""
    plain = [rotation("ana", "ben", start="2026-11-02T09:00")]
    whole = {"person": "cho", "from": "2026-11-30T09:00", "to": "2026-12-07T09:00"}
    part = {"person": "cho", "from": "2026-12-09T00:00", "to": "2026-12-10T00:00"}
    before = lone(tmp_path / "a", *plain)
    after = lone(tmp_path / "b", *plain, overrides=[whole, part])
    old, new = (feed(ics(run, folder).encode()) for folder in (before, after))
    assert set(old) < set(new)
    changed = {uid for uid in old if old[uid] != new[uid]}
    starts = {old[uid][0].isoformat() for uid in changed}
    assert starts == {"2026-11-30T09:00:00+00:00", "2026-12-07T09:00:00+00:00"}
    later = feed(ics(run, before, at="2026-11-22T17:03:11Z").encode())
    assert set(later) >= set(old)
    first = min(later, key=later.__getitem__)
    assert later[first][0].isoformat() == "2026-11-22T17:03:11+00:00"
    assert old[first][0].isoformat() == "2026-11-20T09:00:00+00:00"


@pytest.mark.parametrize(
    ("rotations", "overrides"),
    [
        ([rotation("ana", start="2019-01-07T09:00")], []),
        ([rotation("ana", "ben", start="2019-01-07T09:00", every="6mo")], []),
        ([rotation("ana", start="0001-01-01T00:00")], []),
        ([rotation("ana", start="2027-06-01T09:00")],
         [{"person": "ana", "from": "2020-01-01", "to": "2027-01-01"}]),
    ],
)  # fmt: skip
def test_the_uid_of_a_long_shift(
    run: Run, tmp_path: Path, rotations: list[Json], overrides: list[Json]
) -> None:
    folder = lone(tmp_path / "a", *rotations, overrides=overrides)
    feeds = [feed(ics(run, folder, at=at).encode()) for at in (AT, "2026-12-01T00:00Z")]
    assert len(feeds[0]) == 1
    assert feeds[0].keys() == feeds[1].keys()


def test_feeds_of_one_person_one_schedule_and_all(run: Run, tmp_path: Path) -> None:
    folder = write(tmp_path / "a")
    everything = feed(ics(run, folder).encode())
    day = feed(run("oncall", "export", "day", folder, "--at", AT, "--format", "ics").out.encode())
    ben = feed(ics(run, folder, "--person", "ben").encode())
    assert day.items() < everything.items()
    assert ben.items() < day.items()
    assert {summary for *_, summary, _ in ben.values()} == {"Ben Okafor on call: day"}
    for name, more in (("acme on call", ()), ("acme on call: ben", ("--person", "ben"))):
        assert f"\r\nX-WR-CALNAME:{name}\r\n" in ics(run, folder, *more)
    ran = run("oncall", "export", "day", folder, "--at", AT, "--format", "ics", "--person", "ben")
    assert "\r\nX-WR-CALNAME:acme on call: day\\, ben\r\n" in ran.out


def test_calendars_are_the_same_bytes_folded_and_escaped(run: Run, tmp_path: Path) -> None:
    name = r'"Zoë; \"die\" Ärztin, 王小明\\N\n\e[2J' + "ß" * 60 + '"'
    folder = write(tmp_path / "a", edited(("name: Ben Okafor", f"name: {name}")))
    assert ics(run, folder) == ics(run, folder)
    for form in ("csv", "json"):
        argv = ("oncall", "export", folder, "--at", AT, "--format", form)
        assert run(*argv).out == run(*argv).out
    run("oncall", "export", folder, "--at", AT, "-o", "feed.ics")
    data = Path("feed.ics").read_bytes()
    assert data == ics(run, folder).encode()
    assert b"\x1b" not in data
    lines = data.split(b"\r\n")
    assert lines.pop() == b""
    assert all(len(line) <= 75 and b"\n" not in line and line.decode() for line in lines)
    shown = 'Zoë; "die" Ärztin, 王小明\\N\\n\\x1b[2J' + "ß" * 60
    assert f"{shown} on call: day" in {summary for *_, summary, _ in feed(data).values()}
    assert re.search(rb"DTSTAMP:20261120T090000Z\r\n", data)


def test_part_of_a_second_is_no_event(run: Run, tmp_path: Path) -> None:
    folder = lone(tmp_path / "a", rotation("ana", start="2026-11-21T00:00:00.25",
                                           end="2026-11-21T00:00:00.75"))  # fmt: skip
    assert feed(ics(run, folder).encode()) == {}
    (shift,) = told(run("oncall", "show", "rota", folder, "--at", AT, "--format", "json"))["shifts"]
    assert shift["start"] == "2026-11-21T00:00:00.250000Z"


@pytest.mark.parametrize(
    ("path", "begins"),
    [
        ("a.ics", b"BEGIN:VCALENDAR\r\n"),
        ("a.csv", b'"schedule",'),
        ("a.json", b"["),
        ("a", b'"sch'),
    ],
)
def test_a_file_s_suffix_chooses_its_form(
    run: Run, tmp_path: Path, path: str, begins: bytes
) -> None:
    folder = write(tmp_path / "a")
    ran = run("oncall", "export", folder, "--at", AT, "-o", path, "--color", "always")
    assert (ran.code, ran.out) == (0, "")
    assert Path(path).read_bytes().startswith(begins)


def test_a_table_in_a_file_has_no_colors(run: Run, tmp_path: Path) -> None:
    argv = ("oncall", "show", write(tmp_path / "a"), "--at", AT, "--color", "always")
    assert "\x1b[1mday" in run(*argv).out
    run(*argv, "-o", "calendar.txt")
    assert "\x1b" not in Path("calendar.txt").read_text("utf-8")


# -- usage ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        (("gaps", "nihgt", "acme"), "there is no schedule `nihgt`; did you mean `night`?"),
        (("gaps", "watchtower", "acme"), "`watchtower`; `opmodel oncall show` shows all"),
        (("next", "acme", "--person", "zoe"), "there is no person `zoe`"),
        (("gaps", "acme", "--format", "ics"), "`oncall gaps` has no form ics; it has table, json"),
        (("export", "acme", "--format", "table"), "has no form table; it has csv, ics, json"),
        (("next", "acme", "--format", "csv"), "has no form csv"),
        (("show", "acme", "--from", "2026-11-20", "--to", "2026-11-19"), "`--to` is not after"),
        (("show", "acme", "--from", "soon"), "--from `soon` is no instant"),
        (("show", "acme", "--to", "later"), "--to `later` is no instant"),
        (("show", "acme", "--tz", "Mars"), "there is no time zone `Mars`"),
        (("show", "./none"), "./none does not exist"),
        (("watch",), "invalid choice: 'watch'"),
        ((), "required: action"),
        (("export", "acme", "-o", "none/a.csv"), "none/a.csv cannot be written"),
    ],
)
def test_bad_usage_is_one_line(run: Run, argv: tuple[str, ...], says: str) -> None:
    write(Path("acme"))
    ran = run("oncall", *argv)
    assert (ran.code, ran.out) == (2, "")
    assert says in ran.err.splitlines()[-1]


def test_one_name_is_a_schedule_or_a_folder(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write(tmp_path / "acme")
    monkeypatch.chdir(folder)
    assert run("oncall", "next", "day", "--at", AT).out.startswith("day (")
    assert "night (" not in run("oncall", "next", "day", "--at", AT).out
    assert "night (" in run("oncall", "next", ".", "--at", AT).out
    monkeypatch.chdir(tmp_path)
    assert "night (" in run("oncall", "next", "acme", "--at", AT).out


def test_times_are_local_to_the_zone_that_is_named(run: Run, tmp_path: Path) -> None:
    argv = ("oncall", "show", "day", write(tmp_path / "a"), "--format", "json")
    span = ("--from", "2026-11-20T08:00", "--to", "2026-11-21")
    found = told(run(*argv, *span))
    assert (found["from"], found["to"]) == ("2026-11-20T07:00:00Z", "2026-11-21T23:00:00Z")
    found = told(run(*argv, *span, "--tz", "Asia/Tokyo"))
    assert (found["from"], found["to"]) == ("2026-11-19T23:00:00Z", "2026-11-21T15:00:00Z")


def test_the_first_and_the_last_instant_that_may_be_asked_about(run: Run, tmp_path: Path) -> None:
    folder = write(tmp_path / "a")
    last = ("--at", "2999-12-31T23:00Z")
    found = told(run("oncall", "show", "day", folder, *last, "--format", "json"))
    assert found["to"] == "3000-01-28T23:00:00Z"
    assert run("oncall", "gaps", folder, *last).code == 0
    assert run("oncall", "next", "day", folder, *last).code == 0
    assert run("oncall", "gaps", folder, "--at", "1970-01-01T00:00Z").code == 1


@pytest.mark.parametrize("action", ["show", "gaps", "export"])
def test_at_most_ten_years_are_asked_for(run: Run, tmp_path: Path, action: str) -> None:
    argv = ("oncall", action, "day", write(tmp_path / "a"), "--from", "2026-11-20")
    forms = () if action == "gaps" else ("--format", "csv" if action == "show" else "ics")
    ran = run(*argv, "--to", "2036-12-01", *forms)
    assert (ran.code, ran.out) == (2, "")
    assert "from `--from` to `--to` it is longer than ten years" in ran.err
    assert "ask for at most ten years at a time" in ran.err
    assert run(*argv, "--to", "2027-11-20", *forms).code == 0


@pytest.mark.parametrize(
    "argv",
    [
        ("check",), ("who", "drop"), ("oncall", "next", "day"), ("impact", "--without", "ana"),
        ("export", "role-matrix"), ("assess",), ("test",),
    ],
)  # fmt: skip
@pytest.mark.parametrize("at", ["1969-12-31T23:59Z", "3000-01-02", "0001-01-01", "9999-12-31"])
def test_one_range_of_instants_everywhere(
    run: Run, tmp_path: Path, argv: tuple[str, ...], at: str
) -> None:
    ran = run(*argv, write(tmp_path / "a"), "--at", at)
    assert (ran.code, ran.out) == (2, "")
    assert f"--at `{at}` is not within 1970 to 2999, in UTC" in ran.err


def test_every_schedule_of_the_examples_equals_a_walk(run: Run) -> None:
    """Two weeks, a quarter of an hour at a time, by code that shares nothing with the engine."""
    for folder in (COPILOT, WEEK):
        data = compose((folder / "oncall.yaml").read_bytes(), "oncall.yaml").data
        assert data is not None
        for name, plain in data["schedules"].items():
            span = ("--from", "2026-12-21T00:00Z", "--to", "2027-01-04T00:00Z")
            found = told(run("oncall", "show", name, str(folder), *span, "--format", "json"))
            at, end = datetime(2026, 12, 21), datetime(2027, 1, 4)  # noqa: DTZ001
            while at < end:
                now = at.replace(tzinfo=UTC)
                there = [
                    shift["people"]
                    for shift in found["shifts"]
                    if datetime.fromisoformat(shift["start"]) <= now
                    < datetime.fromisoformat(shift["end"])
                ]  # fmt: skip
                assert there == [list(walk.who(plain, at)[0])]
                at += 15 * MINUTE


LEAVER = """opmodel: 1
name: leaver
stage: poc
timezone: UTC
people:
  ana: {name: Ana Ruiz, away: [{from: 2027-01-05, to: 2027-01-06}]}
  gus: {name: Gus Meyer, until: 2026-12-31}
schedules:
  first: {rotations: [{name: r, participants: [ana, gus], start: 2026-12-28T09:00, every: 1w}]}
"""


def test_whoever_has_left_or_is_away_covers_nothing(run: Run, tmp_path: Path) -> None:
    (tmp_path / "opmodel.yaml").write_text(LEAVER, "utf-8")
    asked = ("first", str(tmp_path), "--at", "2026-12-01T00:00:00Z")
    between = ("--from", "2026-12-28T09:00:00Z", "--to", "2027-01-18T09:00:00Z")
    done = run("oncall", "gaps", *asked, *between, "--format", "json")
    assert (done.code, json.loads(done.out)["gaps"]) == (1, [])
    assert json.loads(done.out)["unreachable"] == [
        {"schedule": "first", "start": "2027-01-04T09:00:00Z", "end": "2027-01-11T09:00:00Z",
         "people": ["gus"], "because": "left"},
    ]  # fmt: skip
    words = "from Mon 2027-01-04 09:00 to Mon 2027-01-11 09:00: gus has left, and on call"
    assert words in run("oncall", "gaps", *asked, *between).out
    assert words in run("oncall", "show", *asked, *between).out
    early = ("--from", "2027-01-11T09:00:00Z", "--to", "2027-01-18T09:00:00Z")
    assert run("oncall", "gaps", *asked, *early).code == 0
    now = run("oncall", "next", "first", str(tmp_path), "--at", "2027-01-05T12:00:00Z").out
    assert "but gus has left" in now


@pytest.mark.parametrize("action", [("show",), ("gaps",), ("next",), ("export",)])
def test_a_subdivision_that_is_none_is_told_and_the_country_counts(
    run: Run, tmp_path: Path, action: tuple[str]
) -> None:
    folder = tmp_path / "a"
    write(
        folder,
        "opmodel: 1\nname: rotas\nstage: poc\ntimezone: Europe/Berlin\n"
        "people: {ana: {name: Ana}}\n"
        "holidays: {office: {country: DE, subdivision: XX}}\n"
        "schedules:\n  it:\n    holidays: [office]\n"
        '    coverage: {days: [hol, mon], from: "09:00", to: "17:00"}\n'
        "    rotations: [{name: r, participants: [ana], start: 2026-11-02, every: 1w}]\n",
    )
    ran = run("oncall", *action, str(folder), "--at", AT)
    assert ran.code in {0, 1}
    assert "1 thing did not load" in ran.err
    assert "fault of ours" not in ran.err
