"""Who is on call although they are away, or have left."""

from registry.clock.tzif import DAY, HOUR
from registry.model.people import Person
from registry.oncall.absence import Absence, absences, departure
from registry.oncall.clash import clashes
from registry.oncall.escalation import Directory
from registry.oncall.interval import ENDLESS
from registry.oncall.ledger import Ledger
from registry.workspace.decode import validated
from tests.oncall.build import at, override, rotation, schedule


def _person(**fields) -> Person:
    return validated(Person, {"it": {"name": "It", **fields}})["it"]


def _clashes(it, absent, start="2026-11-20T09:00", end="2027-02-20T09:00"):
    ledger = Ledger(Directory({}, {}, {"it": it}, {}), at(start), at(end))
    return [
        (one.person, one.absence.number, one.shift.start, one.shift.end)
        for one in clashes("it", absent, ledger)
    ]


def test_a_last_day_ends_at_the_persons_midnight() -> None:
    leaving = _person(until="2026-12-06")
    assert departure(leaving, "Asia/Tokyo") == (Absence(at("2026-12-06T15:00"), ENDLESS, -1),)
    assert departure(_person(), "Asia/Tokyo") == ()


def test_absences_are_sorted_and_end_with_the_last_day() -> None:
    away = [
        {"from": "2026-12-24", "to": "2026-12-26"},
        {"from": "2026-12-01T12:00", "to": "2026-12-01T18:00"},
        {"from": "2027-01-04", "to": "2027-01-09"},
        {"from": "2026-12-05T10:00Z", "to": "2026-12-05T10:00Z"},
    ]
    assert absences(_person(away=away), "Europe/Berlin") == (
        Absence(at("2026-12-01T11:00"), at("2026-12-01T17:00"), 1),
        Absence(at("2026-12-23T23:00"), at("2026-12-26T23:00"), 0),
        Absence(at("2027-01-03T23:00"), at("2027-01-09T23:00"), 2),
    )
    assert absences(_person(away=away, until="2026-12-25"), "UTC") == (
        Absence(at("2026-12-01T12:00"), at("2026-12-01T18:00"), 1),
        Absence(at("2026-12-24"), at("2026-12-26"), 0),
    )


def test_each_absence_is_told_once_with_its_first_shift() -> None:
    it = schedule(rotation("ana", "ben", start="2026-11-23T09:00"))
    absent = {
        "ana": [
            Absence(at("2026-10-01"), at("2026-10-10"), 0),
            Absence(at("2026-11-30T08:00"), at("2026-11-30T09:00"), 1),
            Absence(at("2026-11-30T09:00"), at("2026-12-07T09:00"), 2),
            Absence(at("2026-12-06"), at("2026-12-31"), 3),
        ],
        "ben": [],
        "cleo": [Absence(at("2026-11-01"), ENDLESS, -1)],
    }
    assert _clashes(it, absent) == [
        ("ana", 1, at("2026-11-30T08:00"), at("2026-11-30T09:00")),
        ("ana", 3, at("2026-12-07T09:00"), at("2026-12-14T09:00")),
    ]


def test_overlapping_absences_share_a_shift() -> None:
    it = schedule(
        rotation(["ana", "ben"], start="2026-11-23T09:00"),
        overrides=[override("cleo", "2026-11-23T09:00", "2026-11-24T09:00")],
    )
    absent = {
        "ben": [Absence(at("2026-11-23"), at("2026-12-24"), 1),
                Absence(at("2026-11-23T12:00"), at("2026-11-24T12:00"), 0)],
        "ana": [Absence(at("2026-11-24T10:00"), ENDLESS, -1)],
    }  # fmt: skip
    morning = at("2026-11-24T09:00")
    assert _clashes(it, absent) == [
        ("ana", -1, morning + HOUR, at("2027-02-20T09:00")),
        ("ben", 1, morning, at("2026-12-24")),
        ("ben", 0, morning, morning + 3 * HOUR),
    ]


def test_what_is_over_or_beyond_is_not_told() -> None:
    it = schedule(rotation("ana"))
    over = [Absence(at("2026-11-01"), at("2026-11-20T09:00"), 0)]
    beyond = [Absence(at("2027-02-20T09:00"), at("2027-02-20T09:00") + DAY, 0)]
    assert _clashes(it, {"ana": over}) == []
    assert _clashes(it, {"ana": beyond}) == []
    assert _clashes(it, {"ana": over + beyond}) == []
    assert _clashes(it, {"ana": [], "ben": beyond}) == []
