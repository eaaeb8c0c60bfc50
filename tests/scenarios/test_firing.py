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


# -- units ---------------------------------------------------------------------------------------

CACHED = ", response: ticket, layer: cost}"


def of_unit(unit: str, bill: str = "above: 95%", rise: str = "rises_by: 20%") -> str:
    return without(
        (f"bucket: cost{CACHED}", f"bucket: cost, unit: {unit}{CACHED}"),
        ("when: {above: 95%}", f"when: {{{bill}}}"),
        ("when: {rises_by: 20%}", f"when: {{{rise}}}"),
    )


@pytest.mark.parametrize(
    ("unit", "bill", "value", "fires"),
    [
        ("percent", "below: 90%", "50", "bill"),
        ("percent", "below: 90%", "90", ""),
        ("percent", "below: 90%", "0.95", "bill"),
        ("percent", "above: 3", "50%", "bill"),
        ("percent", "above: 3", "3%", ""),
        ('"%"', "above: 3", "4", "bill"),
        ("percent", "above: 0.7%", "0.7", ""),
        ("percent", "above: 0.7%", "0.71%", "bill"),
        ("ratio", "below: 90%", "50", ""),
        ("ratio", "below: 90%", "0.5", "bill"),
        ("ratio", "above: 3", "50%", ""),
        ("ratio", "above: 0.007", "0.7%", ""),
        ("USD", "above: 3", "50%", ""),
        ("USD", "below: 3", "50%", "bill"),
        ("TODO", "above: 3", "50", "bill"),
        ("[ratio]", "above: 3%", "50%", "bill"),
    ],
)
def test_a_level_counts_in_the_metrics_unit(
    play: Play, unit: str, bill: str, value: str, fires: str
) -> None:
    given = f"metric: spend, value: {value}, rises_by: 0%"
    assert play(given, f"fires: [{fires}]", registry=of_unit(unit, bill)) == []


@pytest.mark.parametrize(
    ("registry", "given", "why"),
    [
        (of_unit("TODO"), "value: 96, rises_by: 0%", "the `unit` of `spend` is not written yet"),
        (of_unit("[x]"), "value: 96, rises_by: 0%", "`unit` of the metric `spend` did not load"),
        (of_unit("[x]"), "value: 9%, rises_by: 1", "`unit` of the metric `spend` did not load"),
        (
            of_unit("x").replace("spend: {bucket: cost", "spend: {bucket: costs"),
            "value: 96, rises_by: 0%",
            "the metric `spend` did not load",
        ),
        (
            of_unit("percent"),
            "value: 9%, rises_by: 5",
            (
                "of `rises_by 5` and `rises_by 20%` one is a share of what `spend` was, and the other "
                "an amount in percent"
            ),
        ),
        (
            of_unit("USD", rise="rises_by: 5"),
            "value: 9%, rises_by: 20%",
            (
                "of `rises_by 20%` and `rises_by 5` one is a share of what `spend` was, and the other "
                "an amount in USD"
            ),
        ),
    ],
)
def test_what_no_unit_tells_is_not_told(play: Play, registry: str, given: str, why: str) -> None:
    for expect in ("pages: nobody", "reaches: nobody", "fires: []"):
        found = play(f"metric: spend, {given}", expect, registry=registry)
        assert len(found) == 1, expect
        assert found[0].startswith("cannot be told: "), found
        assert why in found[0]


def test_a_change_is_the_same_size_as_a_share_where_the_metric_is_one(play: Play) -> None:
    given = "metric: spend, value: 0, rises_by: 0.2"
    assert play(given, "fires: [bill-rise]", registry=of_unit("ratio")) == []
