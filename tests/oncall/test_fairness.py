"""How evenly nights and weekends are shared."""

from registry.clock.civil import wall_clock
from registry.clock.tzif import HOUR
from registry.model.people import Person
from registry.oncall.burden import unevenness, unsocial, whole_rounds
from registry.oncall.escalation import Directory
from registry.oncall.fairness import shares
from registry.oncall.ledger import Ledger
from registry.oncall.schedule import shifts
from tests.oncall.build import at, override, rotation, schedule

START, END = at("2026-11-20T09:00"), at("2027-12-20T09:00")
ZONES = {"ana": "Asia/Tokyo", "ben": "America/New_York", "cleo": None}
PEOPLE = {id_: Person(name=id_, timezone=zone) for id_, zone in ZONES.items()}
SATURDAY = {"days": ["sat"], "from": "00:00", "to": "24:00"}


def _shares(it):
    return list(
        shares("it", Ledger(Directory(PEOPLE, {}, {"it": it}, {}, "Europe/Berlin"), START, END))
    )


def _slowly(it, index):
    """Compute the same from the engine's shifts, without remembering anything."""
    rounds = whole_rounds(it, index, START, END, "Europe/Berlin")
    people = [one for group in it.rotations[index].groups for one in group]
    found = dict.fromkeys(people, 0)
    for shift in shifts(it, *rounds, "Europe/Berlin"):
        if shift.because == it.rotations[index].name:
            for person in shift.people:
                clock = wall_clock(ZONES.get(person) or "Europe/Berlin")
                found[person] += unsocial(clock, shift.start, shift.end)
    return (index, found, unevenness(found.values()))


def test_agrees_with_the_burden_of_the_shifts() -> None:
    it = schedule(
        rotation("ana", "ben", "cleo", every="1d", name="below"),
        rotation("cleo", ["ben", "dana"], every="12h", hours={"from": "20:00", "to": "08:00"}),
        rotation("ana", "ben", every="5w", name="slow", hours=SATURDAY),
        overrides=[
            override("ana", "2026-12-24", "2026-12-27"),
            override("ben", "2027-04-01", "2027-05-30"),
        ],
    )
    assert _shares(it) == [_slowly(it, index) for index in range(3)]


def test_nights_are_each_person_s_own_and_an_override_s_are_nobody_s_share() -> None:
    it = schedule(
        rotation(["ana", "cleo"], start="2026-12-07", every="1w"),
        overrides=[override("cleo", "2026-12-08T22:00", "2026-12-09T06:00")],
    )
    people = {"ana": Person(name="ana", timezone="Asia/Tokyo"), "cleo": Person(name="cleo")}
    start, end = at("2026-12-07"), at("2026-12-14")
    ledger = Ledger(Directory(people, {}, {"it": it}, {}, "UTC"), start, end)
    (only,) = shares("it", ledger)
    assert only.times == {"ana": 88 * HOUR, "cleo": 80 * HOUR}
    (taken,) = [shift for shift in shifts(it, start, end) if shift.because == 0]
    assert taken.people == ("cleo",)
    assert unsocial(wall_clock("UTC"), taken.start, taken.end) == 8 * HOUR


def test_a_number_of_an_override_is_no_name_of_a_rotation() -> None:
    it = schedule(
        rotation("ana", "cleo", name="0"),
        overrides=[override("dana", "2026-11-27T09:00", "2027-11-29T09:00")],
    )
    (only,) = _shares(it)
    assert only == _slowly(it, 0)
    assert "dana" not in only.times


def test_what_is_not_judged() -> None:
    alone = rotation("ana", ["ana"], name="alone")
    slow = rotation("ana", "ben", every="1mo", start="2027-06-01", end="2027-07-15", name="slow")
    office = {"days": ["mon"], "from": "10:00", "to": "12:00"}
    by_day = rotation("cleo", "dana", every="1h", hours=office, name="by-day")
    assert _shares(schedule(alone, slow, by_day)) == []
    assert _shares(schedule()) == []


def test_turns_that_fall_into_closed_hours_count_as_none() -> None:
    day = {"from": "08:00", "to": "20:00"}
    it = schedule(rotation("cleo", "dana", start="2026-11-02T07:00Z", every="12h", hours=day),
                  timezone="Europe/Berlin")  # fmt: skip
    (only,) = _shares(it)
    assert only.times["dana"] == 0
    assert only.times["cleo"] > 1000 * HOUR
    assert only.unevenness == 2.0


def test_months_that_never_fill_weeks_are_compared_over_half_a_year():
    it = schedule(rotation("a", "b", start="2026-01-10T09:00", every="1mo"))
    assert whole_rounds(it, 0, at("2026-01-10T09:00"), at("2026-06-20T09:00")) is None
    found = whole_rounds(it, 0, at("2026-01-10T09:00"), at("2026-09-20T09:00"))
    assert found == (at("2026-01-10T09:00"), at("2026-09-10T09:00"))
