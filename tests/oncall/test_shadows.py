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
