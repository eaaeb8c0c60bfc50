"""Which alerts fire when a failure occurs, a layer is in trouble, or a metric moves."""

import pytest

from tests.scenarios.conftest import Play, without


@pytest.mark.parametrize(
    ("given", "fires"),
    [
        ("alert: slip", "slip"),
        ("failure: wrong", "drop, hr"),
        ("failure: unseen", ""),
        ("layer: quality", "drop, slip, hr"),
        ("layer: cost", "bill, bill-rise"),
        ("metric: grounded, drops_by: 10%, value: 0.9", "drop"),
        ("metric: grounded, drops_by: 0.1, value: 0.9", "drop"),
        ("metric: grounded, drops_by: 0.099, value: 0.9", ""),
        ("metric: grounded, drops_by: 9.99%, value: 0.4", "slip"),
        ("metric: grounded, drops_by: 9.99%, value: 0.5", ""),
        ("metric: grounded, drops_by: 9.99%, value: 49%", "slip"),
        ("metric: grounded, rises_by: 50%, value: 0.9", ""),
        ("metric: grounded, drops_by: 0.007, value: 1, slice: {intent: hr}", "hr"),
        ("metric: grounded, drops_by: 0.7%, value: 1, slice: {intent: hr}", "hr"),
        ("metric: grounded, drops_by: 0.0069, value: 1, slice: {intent: hr}", ""),
        ("metric: grounded, drops_by: 10%, value: 1, slice: {intent: hr}", "drop, hr"),
        ("metric: grounded, drops_by: 10%, value: 1, slice: {intent: pto}", "drop"),
        ("metric: spend, rises_by: 20%, value: 95%", "bill-rise"),
        ("metric: spend, rises_by: 19%, value: 96", "bill"),
        ("metric: spend, drops_by: 90%, value: 0.96", "bill"),
        ("metric: silent, value: 1e3", ""),
    ],
)
def test_fires(play: Play, given: str, fires: str) -> None:
    assert play(given, f"fires: [{fires}]") == []


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("failure: unseen", "no alert detects `unseen`"),
        ("metric: silent, value: 1", "no alert is on `silent`"),
        (
            "metric: spend, rises_by: 1%, value: 0",
            "`bill` and `bill-rise` on `spend`: no such move makes it fire",
        ),
    ],
)
def test_says_why_nothing_fires(play: Play, given: str, why: str) -> None:
    assert play(given, "pages: somebody") == [f"nobody is paged: {why}"]
    assert play(given, "pages: nobody") == []


def test_a_layer_of_which_no_alert_speaks(play: Play) -> None:
    registry = without(("  cost: {accountable: eli}", "  cost: {accountable: eli}\n  idle: {}"))
    found = play("layer: idle", "reaches: somebody\n    accountable: cy", registry=registry)
    assert found == [
        "it reaches no person: no alert speaks for the layer `idle`",
        "nobody answers for it, not `cy`",
    ]


# -- what cannot be told -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "old", "new", "why"),
    [
        ("rises_by: 20%", "", "", "is `above 95%`, and no `value` is given"),
        ("value: 1", "", "", "no `rises_by` is given"),
        ("value: 1, rises_by: 1%", "{above: 95%}", "{expr: up < 1}", "is PromQL"),
        ("value: 1, rises_by: 1%", ", when: {above: 95%}", "", "`bill` has no condition"),
        ("value: 1, rises_by: 1%", "{above: 95%}", "{above: [1]}", "`when` of the alert `bill`"),
        ("value: 1, rises_by: 1%", "{above: 95%}", "{above: 9, slice: TODO}", "`when` of the"),
        (
            "value: 1, rises_by: 1%",
            "{above: 95%}",
            "{above: 95%}, slice: {intent: TODO}",
            "the `slice` of `bill` is not written yet",
        ),
    ],
)
def test_a_condition_that_cannot_be_held_against_the_move(
    play: Play, given: str, old: str, new: str, why: str
) -> None:
    """It counts neither as fired nor as silent."""
    registry = without((old, new)) if old else without()
    given = f"metric: spend, {given}"
    fired = "bill-rise" if "20%" in given else "bill" if given.endswith("value: 1") else ""
    for expect in ("pages: nobody", f"fires: [{fired}]", "not_paged: [ana]"):
        found = play(given, expect, registry=registry)
        assert len(found) == 1, expect
        assert found[0].startswith("cannot be told: "), expect
        assert why in found[0]


def test_what_does_fire_counts_beside_what_cannot_be_told(play: Play) -> None:
    assert play("metric: spend, value: 1", "reaches: somebody\n    told: [room]") == []
    found = play("metric: spend, value: 1", "told: [left]")
    assert found == ["`left` is not told: told are `room`"]
