"""Scenarios in which an escalation pages at some hours only: the wait counts."""

from tests.scenarios.conftest import REGISTRY, Play

DROP = "alert: drop"
HOURS = 'hours: {from: "09:00", to: "17:00"}'


def _registry(old: str, new: str) -> str:
    assert REGISTRY.count(old) == 1
    return REGISTRY.replace(old, new)


HELD = _registry("    repeat: 1\n    repeat_after: 30m\n", f"    {HOURS}\n")
SKIPPED = _registry("notify: [night]}", f"notify: [night], {HOURS}}}")


def test_a_held_page_goes_out_when_the_hours_open(play: Play) -> None:
    assert (
        play(DROP, "paged: [{after: 6h, person: ana}, {after: 6h15m, person: cy}]", registry=HELD)
        == []
    )
    assert play(DROP, "paged: [{after: 0m, person: ana}]", registry=HELD) != []
    assert (
        play(DROP, "paged: [{after: 0m, person: ana}]", at="2026-01-06T09:00", registry=HELD) == []
    )
    assert play(DROP, "second_person_within: 6h15m", registry=HELD) == []
    assert play(DROP, "second_person_within: 6h", registry=HELD) != []


def test_what_waits_beyond_the_acknowledgement_is_not_sent(play: Play) -> None:
    more = "acknowledged_after: 6h10m"
    assert play(DROP, "not_paged: [cy]", more=more, registry=HELD) == []
    assert play(DROP, "paged: [{person: ana}]", more=more, registry=HELD) == []


def test_a_skipped_step_is_not_sent(play: Play) -> None:
    assert play(DROP, "not_paged: [ana]", registry=SKIPPED) == []
    assert play(DROP, "paged: [{person: ana}]", at="2026-01-06T09:00", registry=SKIPPED) == []


def test_a_calendar_that_is_not_known_is_a_doubt(play: Play) -> None:
    unsure = HELD.replace(HOURS, f"holidays: [lost]\n    {HOURS}")
    (why,) = play(DROP, "not_paged: [bo]", registry=unsure)
    assert "the holiday calendar `lost` does not exist" in why
