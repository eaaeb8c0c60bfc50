"""Rotations of shadows: told as well, and counted for nothing."""

from registry.oncall.coverage import first_start, gaps
from registry.oncall.schedule import on_call, shifts
from registry.oncall.serving import serving
from tests.oncall.build import WEEKDAYS, at, ledger, override, rotation, schedule

START, END = at("2026-11-30T09:00"), at("2026-12-14T09:00")
OFFICE = {"days": WEEKDAYS, "from": "09:00", "to": "17:00"}


def _trained(**more):
    return schedule(
        rotation("ana", "bo", start="2026-11-23T09:00"),
        rotation("ed", "ana", start="2026-11-30T09:00", name="trainees", shadow=True),
        **more,
    )


def test_whoever_has_the_shift_keeps_it():
    found = [(one.people, one.because, one.shadows) for one in shifts(_trained(), START, END)]
    assert found == [(("bo",), "primary", ("ed",)), (("ana",), "primary", ())]
    assert on_call(_trained(), START).end == at("2026-12-07T09:00")


def test_where_nobody_is_on_call_a_shadow_is_not_told():
    it = schedule(
        rotation("ana", start="2026-11-30T09:00", hours=OFFICE),
        rotation("ed", start="2026-11-02T09:00", name="trainees", shadow=True),
    )
    assert on_call(it, at("2026-12-05T12:00")).people == ()
    assert on_call(it, at("2026-12-05T12:00")).shadows == ()
    assert next(gaps(it, START, END)).start == at("2026-11-30T17:00")
    assert first_start(it) == START


def test_whoever_stands_in_is_shadowed_too():
    it = _trained(overrides=[override("cy", "2026-12-01", "2026-12-01")])
    found = on_call(it, at("2026-12-01T12:00"))
    assert (found.people, found.shadows) == (("cy",), ("ed",))


def test_a_shadow_does_not_serve():
    found = serving("it", ledger(_trained(), START, END))
    assert (found.people, found.expected) == ({"ana", "bo"}, {0})
    assert _trained().participants == ("ana", "bo")
    assert _trained().shadows == ("ed", "ana")


def test_many_shadow_one_shift():
    """More than Python nests: each is told as long as it has the turn."""
    days = [f"2026-11-{30 - number % 2}T09:00" for number in range(1500)]
    learning = [
        rotation(f"p{number}", f"q{number}", start=day, name=f"r{number}", shadow=True)
        for number, day in enumerate(days)
    ]
    it = schedule(rotation("ana", start="2026-11-30T09:00"), *learning)
    found = list(shifts(it, at("2026-11-30T09:00"), at("2026-12-08T09:00")))
    assert [(one.start, len(one.shadows), one.shadows[:2]) for one in found] == [
        (at("2026-11-30T09:00"), 1500, ("p0", "p1")),
        (at("2026-12-06T09:00"), 1500, ("p0", "p10")),
        (at("2026-12-07T09:00"), 1500, ("q0", "q1")),
    ]


def test_who_is_shadowed_by_several_is_told_of_each_of_them():
    learning = [
        rotation("ed", "flo", start="2026-11-23T09:00", name="first", shadow=True),
        rotation("flo", start="2026-12-02T09:00", end="2026-12-04T09:00", name="second",
                 shadow=True),
        rotation("gil", start="2026-12-03T09:00", end="2026-12-04T09:00", name="third",
                 shadow=True),
    ]  # fmt: skip
    it = schedule(rotation("ana", start="2026-11-30T09:00"), *learning)
    found = list(shifts(it, at("2026-12-01T09:00"), at("2026-12-14T09:00")))
    assert [(one.start, one.shadows) for one in found] == [
        (at("2026-12-01T09:00"), ("flo",)),
        (at("2026-12-03T09:00"), ("flo", "gil")),
        (at("2026-12-04T09:00"), ("flo",)),
        (at("2026-12-07T09:00"), ("ed",)),
    ]


def test_nobody_learns_between_two_times():
    learning = [
        rotation("ed", start="2026-12-01T09:00", end="2026-12-02T09:00", name="a", shadow=True),
        rotation("flo", start="2026-12-03T09:00", end="2026-12-04T09:00", name="b", shadow=True),
    ]
    it = schedule(rotation("ana", start="2026-11-30T09:00"), *learning)
    found = list(shifts(it, at("2026-12-01T09:00"), at("2026-12-05T09:00")))
    assert [one.shadows for one in found] == [("ed",), (), ("flo",), ()]
