"""Shifts that are kept are the shifts that the engine gives."""

from random import Random

import pytest

from registry.clock.tzif import DAY, HOUR
from registry.oncall.escalation import Directory
from registry.oncall.ledger import Ledger
from registry.oncall.schedule import shifts, tiles
from tests.oncall.build import at, override, rotation, schedule

START, END = at("2026-11-20T09:00"), at("2026-12-20T09:00")
SCHEDULES = {
    "daily": schedule(rotation("ana", "ben", every="1d")),
    "office": schedule(
        rotation("ana", "ben", every="8h", hours={"from": "09:00", "to": "17:00"}),
        overrides=[override("dana", "2026-11-30T12:00", "2026-12-01T12:00")],
    ),
    "ends": schedule(rotation("ana", end="2026-12-21T00:00")),
    "almost": schedule(rotation("ana", end="2026-12-22T09:00")),
    "short": schedule(rotation("ana", end="2026-12-22T08:59")),
    "empty": schedule(),
}
KNOWN = Directory({}, {}, SCHEDULES, {})


@pytest.mark.parametrize("room", [0, 5, 45, 10_000])
def test_gives_the_same_shifts(room: int) -> None:
    ledger, random = Ledger(KNOWN, START, END, room), Random(room)
    for _ in range(200):
        name = random.choice(sorted(SCHEDULES))
        start = START + random.randint(-48, 30 * 24) * HOUR
        end = start + random.randint(0, 20 * 24) * HOUR
        assert list(ledger.shifts(name, start, end)) == list(shifts(SCHEDULES[name], start, end))
        assert list(ledger.tiles(name, start, end)) == list(tiles(SCHEDULES[name], start, end))


def test_who_is_on_call_at_every_instant() -> None:
    ledger = Ledger(KNOWN, START, END)
    full = {name: ledger.is_full(name) for name in SCHEDULES}
    assert [name for name, it in full.items() if it] == ["daily", "almost"]
    assert {name: ledger.is_full(name) for name in SCHEDULES} == full


def test_keeps_no_more_than_there_is_room_for() -> None:
    ledger = Ledger(KNOWN, START, END, room=40)
    assert len(list(ledger.shifts("daily", START, END + DAY))) == 31
    assert len(list(ledger.shifts("office", START, END))) > 9
    assert sum(len(kept or ()) for kept in ledger._kept.values()) == 32
