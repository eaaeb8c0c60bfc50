"""Shifts for calendars: when the first began, and what many years of them cost."""

import hashlib
import json
import tracemalloc
from itertools import islice

import pytest

from registry.clock.tzif import DAY
from registry.oncall.feed import feed
from registry.oncall.report.ics import render
from registry.workspace.load import load
from registry.workspace.workspace import Workspace
from tests.effort import calls
from tests.oncall.build import WEEKDAYS, at, override, rotation

START = at("2026-11-20T09:00")
OFFICE = {"days": WEEKDAYS, "from": "09:00", "to": "17:00"}


def registry(root, *rotations, **more) -> Workspace:
    """Write a registry of one schedule, `it`, of some people, and read it."""
    people = {one: {"name": f"{one.title()}, of old"} for one in ("ana", "ben", "cho")}
    schedules = {"it": {"rotations": list(rotations), **more}}
    whole = {"opmodel": 1, "name": "rotas", "stage": "poc", "timezone": "UTC",
             "people": people, "schedules": schedules}  # fmt: skip
    (root / "opmodel.yaml").write_text(json.dumps(whole))
    return load(str(root)).workspace


@pytest.mark.parametrize(
    ("rotations", "overrides", "began"),
    [
        ([rotation("ana", "ben", start="2026-01-05T09:00", every="1d")], [], "2026-11-20T09:00"),
        ([rotation("ana", "ben", start="2026-01-05T10:00", every="1d")], [], "2026-11-19T10:00"),
        ([rotation("ana", "ben", start="2026-01-05T09:00")], [], "2026-11-16T09:00"),
        ([rotation("ana", "ben", start="2026-01-05T09:00", every="1mo")], [], "2026-11-05T09:00"),
        ([rotation("ana", start="2019-01-07T09:00")], [], "2019-01-07T09:00"),
        ([rotation("ana", start="2026-11-19T20:00")], [], "2026-11-19T20:00"),
        ([rotation("ana", start="2026-11-27T09:00")], [], "2026-11-27T09:00"),
        ([rotation("ana", start="2026-01-05", hours=OFFICE)], [], "2026-11-20T09:00"),
        ([rotation("ana", start="2027-06-01")], [override("ben", "2020-01-01", "2026-12-31")],
         "2020-01-01T00:00"),
        ([rotation("ana", start="2027-06-01")], [], "2027-06-01T00:00"),
    ],
)  # fmt: skip
def test_the_first_shift_began_before_the_time_does(tmp_path, rotations, overrides, began) -> None:
    workspace = registry(tmp_path, *rotations, overrides=overrides)
    found = feed(workspace, "it", START, START + 800 * DAY)
    assert found.began == at(began)
    first = next(found.shifts)
    assert first.start == max(START, at(began))
    assert found.schedule == "it"


def test_of_one_person_and_of_nobody(tmp_path) -> None:
    turns = rotation("ana", "ben", start="2026-11-16T09:00")
    learns = rotation("cho", start="2026-11-16T09:00", name="learning", shadow=True)
    workspace = registry(tmp_path, turns, learns)
    mine = feed(workspace, "it", START, START + 28 * DAY, "ben")
    assert mine.began == at("2026-11-23T09:00")
    assert [one.start for one in mine.shifts] == [at("2026-11-23T09:00"), at("2026-12-07T09:00")]
    learnt = feed(workspace, "it", START, START + 28 * DAY, "cho")
    assert learnt.began == at("2026-11-16T09:00")
    assert len(list(learnt.shifts)) == 5
    before = feed(workspace, "it", START - 28 * DAY, START - 21 * DAY)
    assert (before.began, list(before.shifts)) == (START - 28 * DAY, [])


def test_the_lines_of_an_event(tmp_path) -> None:
    turns = rotation("ana", "ben", start="2026-11-16T09:00")
    learns = rotation("cho", start="2026-11-16T09:00", name="learning", shadow=True)
    cover = override("ben", "2026-11-20T00:00", "2026-11-20T09:00:00.4", mode="cover")
    workspace = registry(tmp_path, turns, learns, overrides=[cover])
    found = feed(workspace, "it", START, START + 3 * DAY)
    cut, event, end = islice(render([found], workspace, ["it"], START), 0, 3)
    assert cut.endswith(b"\r\nX-WR-CALNAME:rotas on call: it\r\n")
    uid = hashlib.sha256(f"rotas\0it\0{START + 400_000}".encode()).hexdigest()[:32]
    assert event == f"BEGIN:VEVENT\r\nUID:{uid}@opmodel\r\n".encode() + (
        b"DTSTAMP:20261120T090000Z\r\nDTSTART:20261120T090000Z\r\nDTEND:20261123T090000Z\r\n"
        b"SUMMARY:Ana\\, of old on call: it (Cho\\, of old as a shadow)\r\n"
        b"DESCRIPTION:it\\, rotation primary: ana\\; as a shadow cho\r\n"
        b"TRANSP:TRANSPARENT\r\nEND:VEVENT\r\n"
    )
    assert end == b"END:VCALENDAR\r\n"


SHAPES = {
    "half-days": [rotation("ana", "ben", "cho", every="12h")],
    "office": [rotation("ana", "ben"), rotation("cho", name="office", hours=OFFICE)],
}


@pytest.mark.no_cover
@pytest.mark.parametrize("shape", SHAPES)
def test_what_years_of_events_cost(tmp_path, shape) -> None:
    """Some dozen calls for each event, and no memory."""
    workspace = registry(tmp_path, *SHAPES[shape])

    def events(days):
        found = feed(workspace, "it", START, START + days * DAY)
        return sum(1 for _ in render([found], workspace, ["it"], START))

    def peak(days):
        tracemalloc.start()
        assert sum(1 for _ in feed(workspace, "it", START, START + days * DAY).shifts) > days
        held = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return held

    for days in (100, 1600):
        assert calls(lambda: events(days)) < 40 * events(days)  # noqa: B023
    assert peak(4000) < peak(400) + 60_000
