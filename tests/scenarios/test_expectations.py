"""Every kind of expectation, met and not met, with the reason that is given."""

from collections.abc import Callable

import pytest

from registry.scenarios.play import Miss
from tests.scenarios.conftest import Play, without

DROP = "alert: drop"
PAGED = (
    "0m `ana` through `night`; 15m `cy` through `cto`; "
    "45m `ana` through `night`; 1h `cy` through `cto`"
)


@pytest.mark.parametrize(
    ("given", "expect"),
    [
        (DROP, "fires: [drop]"),
        ("metric: grounded, drops_by: 1%, value: 0.9", "fires: []"),
        (DROP, "pages: somebody"),
        ("alert: bill", "pages: nobody"),
        (DROP, "paged: [{after: 0m, person: ana, via: night}, {after: 15m, via: cto}]"),
        (DROP, "paged: [{after: 45m, person: ana}, {after: 1h, person: cy}, {person: cy}]"),
        (DROP, "not_paged: [bo]"),
        ("alert: bill", "not_paged: [ana, cto, night]"),
        (DROP, "second_person_within: 15m"),
        ("alert: hr", "second_person_within: 0m"),
        (DROP, "responder_skills: [evals, prompts]"),
        ("alert: hr", "responder_skills: [SQL]"),
        (DROP, "told: [room]"),
        (DROP, "read_by: [cy]"),
        ("alert: bill", "reaches: somebody"),
        ("alert: slip", "reaches: nobody"),
        (DROP, "runbook: drop"),
        (DROP, "switches: [spare, stop]"),
        (DROP, "accountable: cy"),
        ("layer: quality", "accountable: cy"),
        ("metric: silent, value: 3", "accountable: bo"),
        (DROP, "commander: somebody"),
    ],
)
def test_met(play: Play, given: str, expect: str) -> None:
    assert play(given, expect) == []


@pytest.mark.parametrize(
    ("given", "expect", "reason"),
    [
        (DROP, "fires: []", "fires `drop`, not nothing"),
        (DROP, "fires: [slip, drop]", "fires `drop`, not `slip` and `drop`"),
        (
            "metric: silent, value: 3",
            "fires: [drop]",
            "`drop` does not fire: no alert is on `silent`",
        ),
        ("alert: bill", "pages: somebody", "nobody is paged: it only files a ticket"),
        (DROP, "pages: nobody", "`ana` is paged, through `night`"),
        (DROP, "paged: [{person: bo}]", f"`bo` is not paged; pages go to: {PAGED}"),
        (
            DROP,
            "paged: [{via: gone, after: 1m}]",
            f"somebody through `gone` is not paged after 1m; pages go to: {PAGED}",
        ),
        (
            DROP,
            "paged: [{person: cy, via: night}]",
            f"`cy` through `night` is not paged; pages go to: {PAGED}",
        ),
        (
            "alert: bill",
            "paged: [{after: 5m}]",
            "somebody is not paged after 5m: it only files a ticket",
        ),
        (DROP, "not_paged: [cy]", "`cy` is paged after 15m"),
        (DROP, "not_paged: [cto]", "`cto` is paged after 15m"),
        (DROP, "not_paged: [night]", "`night` is paged after 0m"),
        (DROP, "not_paged: [responder]", "`responder` is paged after 0m"),
        ("alert: hr", "not_paged: [night]", "`night` is paged after 0m"),
        (DROP, "second_person_within: 14m", "a second person is reached only after 15m"),
        (
            "alert: bill",
            "second_person_within: 1h",
            "nobody is reached: it only files a ticket",
        ),
        (
            DROP,
            "responder_skills: [sql, law]",
            "`ana` is paged first, and has none of the skills `sql` and `law`",
        ),
        (
            "alert: hr",
            "responder_skills: [law]",
            "`ana` and `bo` is paged first, and has none of the skills `law`",
        ),
        (
            "alert: bill",
            "responder_skills: [sql]",
            "nobody is paged: it only files a ticket",
        ),
        (DROP, "told: [room, inbox]", "`inbox` is not told: told are `room`"),
        ("alert: hr", "told: [room]", "`room` is not told: it pages `ana` and `bo`"),
        (DROP, "read_by: [bo]", "`bo` does not read of it: `cy` reads it"),
        ("alert: hr", "read_by: [bo]", "`bo` does not read of it: it pages `ana` and `bo`"),
        (
            "alert: slip",
            "reaches: somebody",
            "it reaches no person: it lands only in `inbox`, which no person reads",
        ),
        (DROP, "reaches: nobody", "it reaches `ana` and `cy`"),
        ("alert: bill", "reaches: nobody", "it reaches `cy`"),
        ("alert: hr", "runbook: drop", "the runbook is not `drop`: it has no runbook"),
        (
            "failure: unseen",
            "runbook: drop",
            "no runbook applies, `drop` neither: no alert detects `unseen`",
        ),
        ("alert: bill", "switches: [stop]", "the switch `stop` does not apply: there is none"),
        (
            "failure: unseen",
            "switches: [stop]",
            "the switch `stop` does not apply: no alert detects `unseen`",
        ),
        (DROP, "accountable: bo", "`cy` answers for it, not `bo`"),
        ("alert: bill", "accountable: eli", "nobody answers for it, not `eli`"),
        (DROP, "commander: nobody", "`ana` commands"),
    ],
)
def test_missed(play: Play, given: str, expect: str, reason: str) -> None:
    assert play(given, expect) == [reason]


def test_another_runbook_and_another_switch(play: Play) -> None:
    registry = without(
        ("runbooks:\n", "runbooks:\n  drops: {title: Drops}\n"),
        ("kill_switches:\n", "kill_switches:\n  off: {action: Switch it off., operators: [bo]}\n"),
    )
    assert play(DROP, "runbook: drops", registry=registry) == ["the runbook is `drop`, not `drops`"]
    assert play(DROP, "switches: [off]", registry=registry) == [
        "the switch `off` does not apply: there are `stop` and `spare`"
    ]


def test_reasons_stand_where_they_are_written_and_decided(
    missed: Callable[..., tuple[Miss, ...]],
) -> None:
    found = missed(DROP, "told: [room, inbox]\n    pages: nobody\n    commander: nobody")
    assert [(one.field, one.expected.line) for one in found] == [
        ("pages", 8),
        ("told", 7),
        ("commander", 9),
    ]
    assert {one.expected.path for one in found} == {"scenarios/one.yaml"}
    assert all(one.because is not None and one.because.path == "opmodel.yaml" for one in found)


# -- acknowledgement and repeats -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("acknowledged", "sent"),
    [
        ("0m", ["0m"]),
        ("1ms", ["0m"]),
        ("15m", ["0m"]),
        ("15m1ms", ["0m", "15m"]),
        ("45m", ["0m", "15m"]),
        ("46m", ["0m", "15m", "45m"]),
        ("1h", ["0m", "15m", "45m"]),
        ("2h", ["0m", "15m", "45m", "1h"]),
    ],
)
def test_what_is_not_before_the_acknowledgement_is_not_sent(
    play: Play, acknowledged: str, sent: list[str]
) -> None:
    told = {after: play(
        DROP, f"paged: [{{after: {after}}}]", more=f"acknowledged_after: {acknowledged}"
    ) == [] for after in ("0m", "15m", "45m", "1h")}  # fmt: skip
    assert [after for after, is_sent in told.items() if is_sent] == sent


def test_second_person_is_not_reached_after_an_acknowledgement(play: Play) -> None:
    found = play(DROP, "second_person_within: 1h", more="acknowledged_after: 15m")
    assert found == ["only `ana` is reached"]
    assert play(DROP, "not_paged: [cy, cto]", more="acknowledged_after: 15m") == []


def test_many_pages_are_counted(play: Play) -> None:
    registry = without(("repeat: 1", "repeat: 3"))
    assert play(DROP, "paged: [{person: bo}]", registry=registry) == [
        f"`bo` is not paged; pages go to: {PAGED} and 4 more"
    ]


def test_whoever_is_on_call_when_the_page_goes_out(play: Play) -> None:
    before = "2026-01-11T23:50"
    expect = "paged: [{after: 0m, person: ana}, {after: 45m, person: bo}]"
    assert play(DROP, expect, at=before) == []
    assert play(DROP, "paged: [{person: ana}]", at="2026-01-12T00:00") != []


# -- people whom a page does not reach -----------------------------------------------------------


@pytest.mark.parametrize(
    ("person", "why"),
    [
        ("dee", "has no contact: no page can reach them"),
        ("eli", "left on 2025-12-31"),
        ("fay", "is away until 2026-01-31"),
    ],
)
def test_who_cannot_be_reached_is_not_somebody(play: Play, person: str, why: str) -> None:
    registry = without(("notify: [responder, bo]", f"notify: [{person}]"))
    for expect in ("pages: somebody", "reaches: somebody", "second_person_within: 1h"):
        assert why in play("alert: hr", expect, registry=registry)[0]
    assert play("alert: hr", "responder_skills: [sql]", registry=registry) != []
    assert play("alert: hr", f"paged: [{{person: {person}}}]", registry=registry) == [
        f"the page after 0m fails: `{person}` {why}"
    ]
    assert play("alert: hr", "paged: [{after: 0m}]", registry=registry) == [
        f"the page after 0m fails: `{person}` {why}"
    ]
    for expect in ("pages: nobody", "reaches: nobody", f"not_paged: [{person}]"):
        assert len(play("alert: hr", expect, registry=registry)) == 1


def test_first_to_be_reached_is_the_responder(play: Play) -> None:
    """The first step finds nobody on call, and the second somebody."""
    registry = without(("- {after: 0m, notify: [night]}", "- {after: 0m, notify: [gone]}"))
    assert play(DROP, "pages: somebody", registry=registry) == []
    assert play(DROP, "responder_skills: [sql]", registry=registry) == [
        "`cy` is paged first, and has none of the skills `sql`"
    ]
    assert play(DROP, "pages: nobody", registry=registry) == ["`cy` is paged, through `cto`"]
    found = play(DROP, "paged: [{person: bo, after: 0m}]", registry=registry)
    assert "0m nobody through `gone`" in found[0]


@pytest.mark.parametrize("via", ["gone", "vacant"])
def test_nobody_there_is_nobody(play: Play, via: str) -> None:
    registry = without(("notify: [responder, bo]", f"notify: [{via}]"))
    for expect in ("pages: nobody", "reaches: nobody", "not_paged: [ana]", f"not_paged: [{via}]"):
        assert play("alert: hr", expect, registry=registry) == []
    assert "nobody" in play("alert: hr", "pages: somebody", registry=registry)[0]


def test_one_of_several_is_paged_and_nobody_can_tell_which(play: Play) -> None:
    """What holds for every choice is met; of what holds for one it cannot be told."""
    registry = without(("notify: [responder, bo]}", "notify: [responder, bo, ana], pick: one}"))
    for expect in (
        "pages: somebody", "reaches: somebody", "paged: [{after: 0m}]", "not_paged: [cy]",
    ):  # fmt: skip
        assert play("alert: hr", expect, registry=registry) == []
    assert play("alert: hr", "paged: [{person: bo}]", registry=registry) == [
        "cannot be told: one of `responder` and `bo` and `ana` is paged, in turn"
    ]
    assert play("alert: hr", "not_paged: [bo]", registry=registry) == ["`bo` may be paged after 0m"]
    assert play("alert: hr", "pages: nobody", registry=registry) == [
        "`ana` may be paged, through `responder`"
    ]
    assert play("alert: hr", "second_person_within: 1h", registry=registry) == [
        "only `ana` is reached"
    ]
    assert play("alert: hr", "responder_skills: [prompts]", registry=registry) == [
        "`ana` and `bo` is paged first, and may be one who has none of the skills `prompts`"
    ]
    assert play("alert: hr", "responder_skills: [prompts, sql]", registry=registry) == []


def test_one_of_several_may_reach_nobody(play: Play) -> None:
    registry = without(("notify: [responder, bo]}", "notify: [gone, bo], pick: one}"))
    assert "nobody is surely paged" in play("alert: hr", "pages: somebody", registry=registry)[0]
    assert play("alert: hr", "reaches: somebody", registry=registry) != []
    assert play("alert: hr", "paged: [{after: 0m}]", registry=registry) == [
        "cannot be told: one of `gone` and `bo` is paged, in turn"
    ]
    assert (
        "nobody is reached" in play("alert: hr", "second_person_within: 1h", registry=registry)[0]
    )


def test_the_second_person_of_every_choice(play: Play) -> None:
    steps = (
        "{after: 0m, notify: [ana, bo], pick: one}",
        "{after: 5m, notify: [ana, cy], pick: one}",
        "{after: 9m, notify: [bo, cy]}",
    )
    written = "\n      - ".join(steps)
    registry = without(("{after: 0m, notify: [responder, bo]}", written))
    assert play("alert: hr", "second_person_within: 9m", registry=registry) == []
    assert play("alert: hr", "second_person_within: 8m", registry=registry) == [
        "a second person is reached only after 9m"
    ]


def test_a_deputy_is_paged_and_whoever_is_away_is_not(play: Play) -> None:
    registry = without(
        ("to: 2026-01-31}]", "to: 2026-01-31, deputy: ana}]"),
        ("notify: [responder, bo]", "notify: [fay]"),
    )
    for expect in ("pages: somebody", "paged: [{person: ana, via: fay}]", "not_paged: [fay]"):
        assert play("alert: hr", expect, registry=registry) == []
    assert play("alert: hr", "paged: [{person: fay}]", registry=registry) == [
        "`fay` is not paged; pages go to: 0m `ana` through `fay`"
    ]
    assert play("alert: hr", "not_paged: [ana]", registry=registry) == ["`ana` is paged after 0m"]


def test_who_has_left_reads_nothing(play: Play) -> None:
    assert play("alert: bill-rise", "told: [left]") == []
    found = play("alert: bill-rise", "read_by: [eli]")
    assert found[0].startswith("`eli` does not read of it: ")
    assert play("alert: bill-rise", "reaches: nobody") == []


# -- commanders ----------------------------------------------------------------------------------


def test_nobody_commands(play: Play) -> None:
    role = "covers: [incident-commander]"
    assert play(DROP, "commander: somebody", registry=without((f", {role}", ""))) == [
        "nobody commands: no role covers `incident-commander`"
    ]
    assert play(DROP, "commander: nobody", registry=without((f", {role}", ""))) == []
    gone = without((f"schedule: night, {role}", f"schedule: gone, {role}"))
    assert play(DROP, "commander: somebody", registry=gone) == [
        "nobody commands: nobody is on call for it"
    ]
    assert play(DROP, "commander: nobody", registry=gone) == []
    left = without((f"schedule: night, {role}", f"holder: eli, {role}"))
    assert play(DROP, "commander: somebody", registry=left) == [
        "nobody commands: `eli` left on 2025-12-31"
    ]
