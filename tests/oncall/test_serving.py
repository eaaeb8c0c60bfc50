"""Who really serves, over a time or one whole round."""

from registry.clock.tzif import DAY, WEEK
from registry.oncall.serving import serving
from tests.oncall.build import WEEKDAYS, at, ledger, rotation, schedule

START = at("2026-12-01")
END = START + 90 * DAY
DESK = {"days": WEEKDAYS, "from": "09:00", "to": "19:00"}


def test_a_rotation_that_is_over_or_yet_to_begin_serves_nobody():
    it = schedule(
        rotation("a", "b", name="before", start="2025-01-06", end="2026-01-05"),
        rotation("c", name="now", start="2026-01-05T09:00"),
        rotation("d", name="later", start="2027-06-01T09:00"),
    )
    found = serving("it", ledger(it, START, END))
    assert (found.people, found.rotations, found.expected) == ({"c"}, {1}, {1})


def test_who_only_ever_has_the_weekend_does_not_serve():
    seven = rotation(*"abcdefg", start="2026-11-30T09:00", every="1d", hours=DESK)
    assert serving("it", ledger(schedule(seven), START, END)).people == set("abcde")
    served = seven | {"advance": "served"}
    assert serving("it", ledger(schedule(served), START, END)).people == set("abcdefg")


def test_a_round_that_is_longer_than_the_time_is_seen_whole():
    it = schedule(rotation("a", "b", "c", start="2026-01-05", every="12mo"))
    found = serving("it", ledger(it, START, END))
    assert found.people == {"a", "b", "c"}


def test_two_turns_in_a_row_are_one_stretch():
    it = schedule(rotation("a", "a", "b", start="2026-11-30", every="1w"))
    person, stretch = serving("it", ledger(it, START, END)).longest[0]
    assert (person, stretch.end - stretch.start) == ("a", 2 * WEEK)
