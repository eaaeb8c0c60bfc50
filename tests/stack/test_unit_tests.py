"""Scenarios as tests of promtool: what fires does, what does not does not, and what is no test."""

from pathlib import Path
from typing import Any

import pytest

from registry.model.metrics import When
from registry.model.scenario import Given
from registry.stack.series import UnsolvedError, WantedValues
from registry.stack.wanted import while_firing, while_moving
from tests.stack.programs import ran
from tests.stack.registry import made, missing, read

ALERTS = """\
fields:
  intent: {group: slice}
failures:
  bad: {priority: P1, detected_by: [drops, odd]}
metrics:
  share: {bucket: quality, response: page, unit: ratio, slices: [intent], query: "avg by (intent) (share)"}
  rate: {bucket: cost, response: page, query: "sum(rate(a[5m])) / sum(rate(b[5m]))"}
  day: {bucket: cost, response: page, query: "sum(increase(c[1d]))"}
  odd: {bucket: cost, response: page, query: "count(d)"}
alerts:
  drops: {metric: share, severity: sev2, response: page, escalation: page, when: {drops_by: 10%, over: 1h, for: 10m}}
  low: {metric: share, severity: sev2, response: page, escalation: page, when: {below: 80%}}
  sliced: {metric: share, severity: sev2, response: page, escalation: page, when: {below: 0.9, over: 30m}, slice: {intent: faq}}
  high: {metric: rate, severity: sev2, response: page, escalation: page, when: {above: 5, for: 1h}}
  amount: {metric: rate, severity: sev2, response: page, escalation: page, when: {rises_by: 5, over: 3h}}
  doubled: {metric: day, severity: sev2, response: page, escalation: page, when: {rises_by: 100%, over: 1d, for: 30m}}
  asked: {metric: rate, severity: sev2, response: page, escalation: page, when: {expr: "sum by (x) (e{x=\\"y\\"}) <= -2"}}
  twice: {metric: rate, severity: sev2, response: page, escalation: page, when: {expr: "a > 5 and b > 5"}}
  odd: {metric: odd, severity: sev2, response: page, escalation: page, when: {above: 5}}
  ruleless: {metric: odd, severity: sev2, response: page, escalation: page}
  template: {metric: share, severity: sev2, response: page, escalation: page, when: {below: 0.5}, labels: {x: "{{ $value }}"}}
  slow: {metric: share, severity: sev2, response: page, escalation: page, when: {drops_by: 10%, over: 30d}}
  patient: {metric: share, severity: sev2, response: page, escalation: page, when: {drops_by: 10%, over: 10m, for: 1h}}
  deep: {metric: share, severity: sev2, response: page, escalation: page, when: {drops_by: 90%, over: 10m}}
"""


def scene(**given: str) -> str:
    lines = (
        f"{name}: {{title: It happens, at: 2026-11-24T03:00, given: {{{one}}}, expect: {{pages: somebody}}}}\n"
        for name, one in given.items()
    )
    return "".join(lines)


def played(folder: Path, scenarios: str, text: str = ALERTS) -> Any:
    """Generate, and return the tests by their names; promtool finds that they hold."""
    (folder / "scenarios").mkdir(exist_ok=True)
    (folder / "scenarios" / "s.yaml").write_text(scenarios, "utf-8")
    found = made(folder, "prometheus", text)
    out = folder / "out"
    out.mkdir(exist_ok=True)
    for name, data in found.files.items():
        (out / name).write_bytes(data)
    names = [one for one in found.files if one.endswith("_test.yml")]
    if names:
        done = ran(out, "promtool", "test", "rules", *names)
        assert done.returncode == 0, done.stdout + done.stderr
    each = {}
    for name in names:
        content = read(found, name)
        assert content["rule_files"] == ["rules.yml"]
        for one in content["tests"]:
            each[one["name"]] = (content["evaluation_interval"], one)
    lacks = [one for one in missing(found) if one.startswith("scenarios")]
    return each, lacks, found.made["scenario"]


def test_an_alert_that_is_given_fires(tmp_path: Path) -> None:
    names = ("drops", "low", "sliced", "high", "amount", "doubled", "asked")
    found, lacks, counts = played(tmp_path, scene(**{one: f"alert: {one}" for one in names}))
    assert lacks == []
    assert counts == (7, 7)
    assert {name: step for name, (step, _) in found.items()} == {
        f"scenarios/s.yaml {one}: {one}": "10m" if one == "drops" else "60m" for one in names
    }
    _, drops = found["scenarios/s.yaml drops: drops"]
    assert drops["input_series"] == [{"series": "share", "values": "1x69 0.45x20"}]
    (tested,) = drops["alert_rule_test"]
    assert tested["eval_time"] == "90m"
    assert tested["exp_alerts"][0]["exp_labels"] == {"severity": "sev2"}
    _, sliced = found["scenarios/s.yaml sliced: sliced"]
    assert sliced["input_series"][0]["series"] == 'share{intent="faq"}'
    assert sliced["alert_rule_test"][0]["exp_alerts"][0]["exp_labels"]["intent"] == "faq"


def test_a_metric_that_moves_fires_some_alerts_and_not_others(tmp_path: Path) -> None:
    given = {
        "by": "metric: share, drops_by: 10%",
        "little": "metric: share, drops_by: 9%",
        "to": "metric: share, value: 0.85, slice: {intent: faq}",
        "edge": "metric: share, value: 0.8",
        "both": "metric: share, value: 70%, drops_by: 20%",
        "up": "metric: rate, rises_by: 5",
        "down": "metric: rate, drops_by: 5",
    }
    found, lacks, _ = played(tmp_path, scene(**given))
    fires = {
        name.removeprefix("scenarios/s.yaml "): bool(one["alert_rule_test"][0]["exp_alerts"])
        for name, (_, one) in found.items()
    }
    assert fires == {
        "by: drops": True, "little: drops": False, "to: sliced": True, "to: low": False,
        "edge: low": False, "both: low": True, "both: drops": True, "up: amount": True,
        "down: amount": False,
    }  # fmt: skip
    assert len(lacks) == 12


@pytest.mark.parametrize(
    ("unit", "when", "value", "fires"),
    [
        ("percent", "{below: 90%, for: 15m}", "50", True),
        ("percent", "{below: 90%, for: 15m}", "90.1", False),
        ("percent", "{above: 3}", "50%", True),
        ("percent", "{above: 3}", "2%", False),
        ("ratio", "{below: 90%, for: 15m}", "0.5", True),
        ("ratio", "{below: 90%, for: 15m}", "50", False),
        ("USD", "{above: 3}", "50%", False),
        ("USD", "{below: 3}", "50%", True),
    ],
)
def test_a_scenario_and_its_rule_agree_on_what_a_percentage_is(
    tmp_path: Path, unit: str, when: str, value: str, fires: bool
) -> None:
    text = f"""\
metrics:
  m: {{bucket: cost, response: page, unit: {unit}, query: avg(p)}}
alerts:
  a: {{metric: m, severity: sev2, response: page, escalation: page, when: {when}}}
"""
    found, lacks, counts = played(tmp_path, scene(one=f"metric: m, value: {value}"), text)
    ((_, one),) = found.values()
    assert bool(one["alert_rule_test"][0]["exp_alerts"]) is fires
    assert (lacks, counts) == ([], (1, 1))


@pytest.mark.parametrize(
    ("alert", "reason"),
    [
        ("twice", "its condition is more than one comparison with a number"),
        ("odd", "its query is of a shape that is not read backwards"),
        ("ruleless", "it has no rule"),
        ("template", "a label of it is a template"),
        ("slow", "the test would last longer than 14 days"),
        ("patient", "before it has held for long enough it compares with itself"),
        ("deep", "there is little left that it could fall further by"),
    ],
)
def test_what_is_no_test_says_why(tmp_path: Path, alert: str, reason: str) -> None:
    found, lacks, counts = played(tmp_path, scene(one=f"alert: {alert}"))
    assert found == {}
    assert counts == (0, 1)
    assert lacks == [f"scenarios/one given: no test of `{alert}`: {reason}"]


PAST = """\
metrics:
  m: {{bucket: cost, response: page, query: "{query}"}}
alerts:
  a: {{metric: m, severity: sev2, response: page, escalation: page, when: {when}}}
"""


@pytest.mark.parametrize(
    ("query", "when"),
    [
        ("x offset 1d", "{above: 5}"),
        ("x - y offset 3h", "{below: 5, for: 1h}"),
        ("avg(x offset 2h)", "{above: 5, over: 30m}"),
        ("sum(rate(x[5m] offset 1d))", "{above: 5}"),
        ("x", "{expr: x offset 1d > 5}"),
    ],
)
def test_a_level_of_an_earlier_time_is_looked_at_later(
    tmp_path: Path, query: str, when: str
) -> None:
    text = PAST.format(query=query, when=when)
    found, lacks, counts = played(tmp_path, scene(one="alert: a"), text)
    assert len(found) == 1
    assert (lacks, counts) == ([], (1, 1))


@pytest.mark.parametrize(
    ("query", "when", "given", "reason"),
    [
        ("x offset 1d", "{drops_by: 10%, over: 1h}", "alert: a",
         "its query looks back by `offset`, and is compared with the past"),
        ("avg(x offset 5m)", "{rises_by: 5, over: 1h}", "metric: m, rises_by: 7",
         "its query looks back by `offset`, and is compared with the past"),
        ("time() - max(x)", "{above: 3600}", "alert: a",
         "its query reckons with 0, or with a number that changes"),
        ("time() - max(x)", "{above: 3600}", "metric: m, value: 4000",
         "its query reckons with 0, or with a number that changes"),
        ("x", "{expr: time() - x > 60}", "alert: a",
         "its query reckons with 0, or with a number that changes"),
        ("x offset -1h", "{above: 5}", "alert: a", "its query looks ahead"),
        ("x", "{above: 1e308}", "alert: a", "it needs a value that is beyond all numbers"),
    ],
)  # fmt: skip
def test_what_asks_for_another_time_may_be_no_test(
    tmp_path: Path, query: str, when: str, given: str, reason: str
) -> None:
    text = PAST.format(query=query, when=when)
    found, lacks, counts = played(tmp_path, scene(one=given), text)
    assert (found, counts) == ({}, (0, 1))
    assert lacks == [f"scenarios/one given: no test of `a`: {reason}"]


def test_a_failure_is_a_test_of_each_alert_that_detects_it(tmp_path: Path) -> None:
    found, lacks, counts = played(tmp_path, scene(one="failure: bad"))
    assert list(found) == ["scenarios/s.yaml one: drops"]
    assert lacks == [
        "scenarios/one given: no test of `odd`: its query is of a shape that is not read backwards"
    ]
    assert counts == (1, 1)


def test_a_layer_in_trouble_and_an_alert_on_another_slice_are_no_matter(tmp_path: Path) -> None:
    found, lacks, _ = played(tmp_path, scene(one="metric: share, value: 0.85"))
    assert "scenarios/s.yaml one: sliced" not in found
    assert "scenarios/s.yaml one: low" in found
    assert lacks == ["scenarios/one given: no test of `template`: a label of it is a template"]


def test_what_is_no_scenario_is_told_at_its_line(tmp_path: Path) -> None:
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "s.yaml").write_text(scene(one="alert: nobody"))
    found = made(tmp_path, "prometheus", ALERTS)
    (one,) = [each for each in found.missing if each.section == "scenarios"]
    assert (one.path, one.line, one.id) == ("scenarios/s.yaml", 1, "one")
    assert one.message == "there is no alert `nobody`"


# -- values --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("when", "unit", "wanted"),
    [
        ({"above": 5}, None, (10, 10)),
        ({"above": 0}, None, (1, 1)),
        ({"above": "50%"}, "ratio", (1, 1)),
        ({"below": 0.5}, None, (0.25, 0.25)),
        ({"below": 0}, None, (-1, -1)),
        ({"below": -4}, None, (-8, -8)),
        ({"drops_by": "50%", "over": "1h"}, None, (100, 25)),
        ({"rises_by": "50%", "over": "1h"}, "ratio", (1, 2)),
        ({"drops_by": 2, "over": "1h"}, None, (6, 2)),
        ({"rises_by": 2, "over": "1h"}, None, (2, 6)),
        ({"expr": "x >= 3"}, None, (6, 6)),
        ({"expr": "3 > x"}, None, (1.5, 1.5)),
    ],
)  # fmt: skip
def test_values_are_well_beyond_a_limit(
    when: dict[str, Any], unit: str | None, wanted: tuple[float, float]
) -> None:
    assert while_firing(When.model_validate(when), unit) == pytest.approx(WantedValues(*wanted))


@pytest.mark.parametrize(
    ("given", "when", "fires", "wanted"),
    [
        ({"value": 0.5}, {"below": 0.6}, True, (0.5, 0.5)),
        ({"drops_by": "20%"}, {"drops_by": "10%", "over": "1h"}, True, (100, 80)),
        ({"rises_by": "20%"}, {"rises_by": "10%", "over": "1h"}, True, (100, 120)),
        ({"rises_by": 3}, {"rises_by": 5, "over": "1h"}, False, (100, 103)),
        ({"value": 80, "drops_by": "20%"}, {"drops_by": "10%", "over": "1h"}, True, (100, 80)),
        ({"value": 80, "rises_by": 20}, {"rises_by": 10, "over": "1h"}, True, (60, 80)),
        ({"value": 80, "drops_by": 20}, {"above": 90}, False, (100, 80)),
    ],
)  # fmt: skip
def test_values_are_those_of_the_scenario(
    given: dict[str, Any], when: dict[str, Any], fires: bool, wanted: tuple[float, float]
) -> None:
    moved = Given.model_validate({"metric": "m", **given})
    found = while_moving(moved, When.model_validate(when), None, fires=fires)
    assert found == pytest.approx(WantedValues(*wanted), rel=1e-5)
    up = "above" in when or "rises_by" in when
    assert (found.now > wanted[1]) is (up is fires)


@pytest.mark.parametrize(
    ("given", "when"),
    [
        ({"rises_by": "20%"}, {"rises_by": 5, "over": "1h"}),
        ({"value": 0, "drops_by": "100%"}, {"drops_by": "10%", "over": "1h"}),
    ],
)
def test_some_moves_have_no_values(given: dict[str, Any], when: dict[str, Any]) -> None:
    moved = Given.model_validate({"metric": "m", **given})
    with pytest.raises(UnsolvedError):
        while_moving(moved, When.model_validate(when), None, fires=True)
