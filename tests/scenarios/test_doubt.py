"""What did not load never passes for silence, nor for somebody."""

from pathlib import Path

import pytest

from tests.scenarios.conftest import Play, read, without

NOBODY = ("pages: nobody", "reaches: nobody", "not_paged: [bo]")


def cannot_tell(play: Play, given: str, registry: str, why: str, expects: tuple[str, ...]) -> None:
    for expect in expects:
        found = play(given, expect, registry=registry)
        assert len(found) == 1, expect
        assert found[0].startswith("cannot be told: "), found
        assert why in found[0], found


# -- what fires ----------------------------------------------------------------------------------

LOST = without(("response: page\n    when: {drops_by: 10%}", "response: paje\n    when: {}"))
"""`drop` did not load."""


@pytest.mark.parametrize(
    "given",
    ["alert: drop", "failure: wrong", "layer: quality", "metric: grounded, value: 1, drops_by: 0"],
)
def test_an_alert_that_did_not_load(play: Play, given: str) -> None:
    registry = LOST.replace("notify: [responder, bo]", "notify: [gone]")
    why = "the alert `drop` did not load"
    cannot_tell(play, given, registry, why, NOBODY)
    somebody = "failure: wrong" if given == "alert: drop" else given
    assert why in play(somebody, "pages: somebody", registry=registry)[0]
    fires = {"layer: quality": "slip, hr", "failure: wrong": "hr"}.get(given, "")
    expect = f"fires: [{fires}]"
    assert play(given, expect, registry=registry)[0].startswith("cannot be told: ")


@pytest.mark.no_cover
def test_a_given_alert_that_did_not_load_fails_whatever_is_expected(play: Play) -> None:
    expects = ("told: [room]", "read_by: [cy]", "runbook: drop", "switches: [stop]")
    for expect in (*expects, "pages: somebody", "second_person_within: 1h", "paged: [{after: 0m}]"):
        found = play("alert: drop", expect, registry=LOST)
        assert len(found) == 1
        assert found[0].endswith("the alert `drop` did not load"), expect


BILL = "bill: {metric: spend, severity: sev3, response: ticket, when: {above: 95%}, notify: [room]}"


@pytest.mark.parametrize(
    ("given", "old", "new", "why"),
    [
        (
            "failure: unseen",
            "unseen: {priority: P1}",
            "unseen: {priority: P9}",
            "the failure `unseen` did not load",
        ),
        (
            "failure: unseen",
            "unseen: {priority: P1}",
            "unseen: {priority: P1, detected_by: drop}",
            "`detected_by` of the failure `unseen` did not load",
        ),
        (
            "layer: cost",
            "bucket: cost, response: ticket, layer: cost",
            "bucket: costs, response: ticket, layer: cost",
            "the layer of `spend`, which `bill` is on, did not load",
        ),
        (
            "layer: cost",
            "bucket: cost, response: ticket, layer: cost",
            "bucket: cost, response: ticket, layer: [cost]",
            "the layer of `spend`, which `bill` is on, did not load",
        ),
        (
            "metric: silent, value: 1",
            "bill: {metric: spend, severity",
            "bill: {severity",
            "the alert `bill` did not load",
        ),
        (
            "metric: silent, value: 1",
            BILL,
            "bill: silent",
            "the alert `bill` did not load",
        ),
        (
            "metric: silent, value: 1",
            "failures:\n",
            "failurez: {a: {metric: silent}}\nfailures:\n",
            "an alert on `silent` may stand in what did not load",
        ),
    ],
)
def test_what_else_may_fire(play: Play, given: str, old: str, new: str, why: str) -> None:
    cannot_tell(play, given, without((old, new)), why, NOBODY)


def test_an_alert_on_something_else_that_did_not_load_is_no_doubt(play: Play) -> None:
    assert play("metric: silent, value: 1", "pages: nobody", registry=LOST) == []


def test_an_alert_that_may_stand_in_a_broken_file(play: Play) -> None:
    assert play("failure: unseen", "pages: nobody") == []
    hidden = without(
        ("[drop, hr]", "[drop, elsewhere]"), ("failures:", "failurez: {elsewhere: 1}\nfailures:")
    )
    found = play("failure: wrong", "fires: [drop]", registry=hidden)
    assert found == ["cannot be told: the alert `elsewhere` did not load"]


# -- whom it reaches -----------------------------------------------------------------------------


@pytest.mark.no_cover
@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("[responder, bo]", "[nowhere]", "`nowhere` does not exist"),
        ("[responder, bo]", "[room]", "`room` is a channel, which cannot be paged"),
        (
            "escalation: twice",
            "escalation: [twice]",
            "`escalation` of the alert `hr` did not load",
        ),
        ("escalation: twice", "escalation: nowhere", "`nowhere` does not exist"),
        (
            "  twice:\n    steps:\n      - {after: 0m",
            "  twice:\n    steps:\n      - {after: x",
            "`steps` of the escalation `twice` did not load",
        ),
        (
            "  twice:\n    steps:",
            "  twice:\n    steps: []\n    stepz:",
            "`steps` of the escalation",
        ),
        ("{title: Vacant}", "{title: Vacant, holder: [bo]}", "`holder` of the role `vacant`"),
        ("{title: Vacant}", "{title: Vacant, schedule: nowhere}", "`nowhere` does not exist"),
        ("{title: Vacant}", "{titel: Vacant}", "`vacant` did not load"),
    ],
)
def test_pages_that_may_reach_somebody(play: Play, old: str, new: str, why: str) -> None:
    registry = without((old, new))
    if "vacant" in why or "Vacant" in old:
        registry = registry.replace("notify: [responder, bo]", "notify: [vacant]")
    cannot_tell(play, "alert: hr", registry, why, NOBODY)
    assert play("alert: hr", "pages: somebody", registry=registry) != []


def test_a_schedule_of_which_a_part_did_not_load(play: Play) -> None:
    part = ("        every: 1w\n", "        every: 1w\n    overrides: x\n")
    lost = without(("notify: [responder, bo]", "notify: [gone]"), part)
    cannot_tell(play, "alert: hr", lost, "`overrides` of the schedule `gone`", NOBODY)


def test_somebody_of_whom_it_is_not_certain(play: Play) -> None:
    """The part of the schedule that did load says ana; it may be another."""
    lost = without(("every: 1w}\n  gone:", "every: 1w}\n    overrides: x\n  gone:"))
    why = "cannot be told: `overrides` of the schedule `night` did not load"
    assert play("alert: drop", "paged: [{person: ana}]", registry=lost) == [why]
    assert play("alert: drop", "second_person_within: 1h", registry=lost) == [
        "only `cy` is reached"
    ]
    assert play("alert: drop", "not_paged: [bo]", registry=lost) == [why]
    commander = play("alert: drop", "commander: somebody", registry=lost)
    assert commander == ["nobody commands: `overrides` of the schedule `night` did not load"]
    only = lost.replace("notify: [cto]", "notify: [night]")
    found = play("alert: drop", "pages: somebody", registry=only)
    assert found[0].startswith("nobody is surely paged: ")


def test_the_schedule_itself_is_the_escalation(play: Play) -> None:
    direct = without(("escalation: twice", "escalation: night"))
    assert play("alert: hr", "paged: [{person: ana}]\n    not_paged: [bo]", registry=direct) == []
    lost = direct.replace(
        "rotations:\n      - {name: first, participants: [ana, bo]",
        "rotations:\n      - {name: first, participantz: [ana, bo]",
    )
    assert play("alert: hr", "pages: nobody", registry=lost)[0].startswith("cannot be told: ")


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("notify: [inbox]", "notify: [[inbox]]", "`notify` of the alert `slip` did not load"),
        ("notify: [inbox]", "notify: [nowhere]", "`nowhere` does not exist"),
        ("inbox: {kind: email,", "inbox: {kind: letter,", "`inbox` did not load"),
        ("in@acme.example}", "in@acme.example, owner: {bo: 1}}", "`owner` of the channel `inbox`"),
        ("in@acme.example}", "in@acme.example, owner: zoe}", "`zoe`, who reads `inbox`, does not"),
    ],
)
def test_readers_who_may_be_there(play: Play, old: str, new: str, why: str) -> None:
    cannot_tell(play, "alert: slip", without((old, new)), why, ("reaches: nobody",))
    assert play("alert: slip", "pages: nobody", registry=without((old, new))) == []


def test_a_channel_that_did_not_load_is_not_told(play: Play) -> None:
    lost = without(("inbox: {kind: email,", "inbox: {kind: letter,"))
    assert len(play("alert: slip", "told: [inbox]", registry=lost)) == 1


# -- what they do --------------------------------------------------------------------------------


def test_a_switch_that_did_not_load_does_not_apply(play: Play) -> None:
    lost = without(("operators: [ana]}", "operator: [ana], owner: {a: 1}, disables: 3}"))
    assert play("alert: drop", "switches: [stop]", registry=lost) == []
    lost = without(("stop: {action: Stop it., operators: [ana]}", "stop: 1"))
    assert play("alert: drop", "switches: [stop]", registry=lost) == [
        "the switch `stop` does not apply: it did not load"
    ]


def test_a_runbook_that_did_not_load_does_not_apply(play: Play) -> None:
    lost = without(("{title: Drop, mitigations: [{switch: stop}]}", "drop"))
    assert play("alert: drop", "runbook: drop", registry=lost) == [
        "the runbook is not `drop`: `drop` did not load"
    ]


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("quality: {accountable: cy}", "quality: cy", "the layer `quality` did not load"),
        (
            "quality: {accountable: cy}",
            "quality: {accountable: {cy: 1}}",
            "`accountable` of the layer `quality` did not load",
        ),
        (
            "bucket: quality, response: page, layer: quality, owner: bo",
            "bucket: quality, response: page, layer: {quality: 1}, owner: bo",
            "`layer` of the metric `grounded` did not load",
        ),
        (
            "bucket: quality, response: page, layer: quality, owner: bo",
            "bucket: good, response: page, layer: quality, owner: bo",
            "the metric `grounded` did not load",
        ),
    ],
)
def test_who_is_accountable_cannot_be_told(play: Play, old: str, new: str, why: str) -> None:
    """The next owner in line is not taken for the one who answers."""
    for wanted in ("bo", "cy"):
        found = play("alert: drop", f"accountable: {wanted}", registry=without((old, new)))
        assert found == [f"cannot be told: {why}"]


def test_a_given_layer_that_did_not_load(play: Play) -> None:
    lost = without(("cost: {accountable: eli}", "cost: {accountable: eli}\n  idle: 1"))
    found = play("layer: idle", "accountable: cy", registry=lost)
    assert found == ["cannot be told: the layer `idle` did not load"]


COVERS = "schedule: night, covers: [incident-commander]"


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (COVERS, "schedule: night, covers: incident", "what the role `responder` covers did not"),
        (COVERS, "schedul: night, covers: [incident-commander]", "`schedule` of the role"),
        (f"{{title: Responder, {COVERS}}}", "{covers: [incident-commander]}", "may stand in what"),
    ],
)
def test_who_commands_cannot_be_told(play: Play, old: str, new: str, why: str) -> None:
    cannot_tell(play, "alert: slip", without((old, new)), why, ("commander: nobody",))
    assert why in play("alert: slip", "commander: somebody", registry=without((old, new)))[0]


# -- what no scenario touches --------------------------------------------------------------------


def test_coverage_counts_what_did_not_load(root: Path) -> None:
    text = "a: {title: A, at: 2026-01-06, given: {alert: slip}, expect: {told: [inbox]}}\n"
    text += "b: {title: B, at: 2026-01-06, given: {alert: hr}, expect: {pages: somebody}}\n"
    played, _ = read(root, LOST, {"one.yaml": text})
    assert {one.section: (one.touched, one.untouched) for one in played.coverage} == {
        "alerts": (("hr", "slip"), ("bill", "bill-rise", "drop")),
        "escalations": (("twice",), ("page",)),
        "kill_switches": (("spare",), ("stop",)),
    }
