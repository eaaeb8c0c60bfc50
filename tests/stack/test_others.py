"""Objectives, flags and owners of files."""

import json
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from registry.deployed.ingest import NamedFiles, ingest
from tests.stack.registry import made, missing


def slos(folder: Path, objective: str, unit: str = "ratio", query: str = "query: avg(m)") -> Any:
    text = f"""\
ownership:
  good_ness: {{title: Quality, description: How good it is., accountable: ana, team: crew}}
metrics:
  m.x: {{bucket: quality, response: page, layer: good_ness, unit: {unit}, {query}, definition: What it is.}}
objectives:
  O_1: {{metric: m.x, window: 28d, owner: ana, {objective}}}
"""
    found = made(folder, "openslo", text)
    assert set(found.files) | set(found.unmade) == {"openslo.yml"}
    return list(YAML(typ="safe").load_all(found.files.get("openslo.yml", b""))), missing(found)


def test_a_share_is_a_ratio(tmp_path: Path) -> None:
    (service, slo), lacks = slos(tmp_path, "target: {above: 0.95}, customer_impact: It hurts.")
    assert lacks == []
    assert service == {
        "apiVersion": "openslo/v1", "kind": "Service",
        "metadata": {"name": "good-ness", "displayName": "Quality", "labels": {"team": "crew"}},
        "spec": {"description": "How good it is."},
    }  # fmt: skip
    query = {"metricSource": {"type": "Prometheus", "spec": {"query": "avg(m)"}}}
    assert slo == {
        "apiVersion": "openslo/v1", "kind": "SLO",
        "metadata": {"name": "o-1", "displayName": "O_1", "labels": {"owner": "ana"}},
        "spec": {
            "description": "It hurts.", "service": "good-ness",
            "indicator": {"metadata": {"name": "m-x"}, "spec": {
                "ratioMetric": {"counter": False, "rawType": "success", "raw": query}}},
            "timeWindow": [{"duration": "28d", "isRolling": True}],
            "budgetingMethod": "Occurrences", "objectives": [{"target": 0.95}],
        },
    }  # fmt: skip


@pytest.mark.parametrize(
    ("objective", "unit", "kind", "levels"),
    [
        ("target: {at_least: 99.5%}", "ratio", "success", {"target": 0.995}),
        ("target: {below: 0.01}", "ratio", "failure", {"target": 0.99}),
        ("target: {at_most: 1}", "percent", "failure", {"target": 0.99}),
        ("target: {at_most: 1%}", "percent", "failure", {"target": 0.99}),
        ("target: {below: 8}, x-openslo-target: 99%", "s", None, {"op": "lt", "value": 8.0, "target": 0.99}),
        ("target: {at_least: 2}, x-openslo-target: 0.5", "s", None, {"op": "gte", "value": 2.0, "target": 0.5}),
    ],
)  # fmt: skip
def test_a_level_is_as_its_metric(
    tmp_path: Path, objective: str, unit: str, kind: str | None, levels: dict[str, object]
) -> None:
    (_, slo), lacks = slos(tmp_path, objective, unit)
    assert lacks == []
    assert slo["spec"]["objectives"] == [levels]
    indicator = slo["spec"]["indicator"]["spec"]
    assert indicator.get("ratioMetric", {}).get("rawType") == kind
    assert ("thresholdMetric" in indicator) is (kind is None)


@pytest.mark.parametrize(
    ("unit", "query", "asked"),
    [
        ("percent", "query: avg(m)", "avg(m) / 100"),
        ("'%'", "query: 100 * a / b", "(100 * a / b) / 100"),
        ("ratio", "query: a / b", "a / b"),
    ],
)
def test_a_ratio_of_a_metric_in_percent_is_of_one(
    tmp_path: Path, unit: str, query: str, asked: str
) -> None:
    """A target of 0.995 is met by 99.5, and not by every value above 0.995."""
    (_, slo), lacks = slos(tmp_path, "target: {at_least: 99.5%}", unit, query)
    assert lacks == []
    assert slo["spec"]["objectives"] == [{"target": 0.995}]
    raw = slo["spec"]["indicator"]["spec"]["ratioMetric"]["raw"]
    assert raw["metricSource"]["spec"]["query"] == asked


@pytest.mark.parametrize(
    ("objective", "line"),
    [
        ("target: {below: 8}", "x-openslo-target: missing: for which share of the time the level is to hold"),
        ("target: {below: 8}, x-openslo-target: 5", "x-openslo-target: expected a share above 0 and at most 1 such as `0.8` or `80%`"),
        ("target: {below: 8}, x-openslo-target: 100%", "x-openslo-target: OpenSLO's targets are from 0 up to, and without, 1"),
        ("target: {equals: 8}", "target: missing: not one of above, at_least, below, at_most"),
        ("quarter: 2026-Q4", "target: missing: not one of above, at_least, below, at_most"),
    ],
)  # fmt: skip
def test_what_is_missing_for_an_objective_is_told(
    tmp_path: Path, objective: str, line: str
) -> None:
    found, lacks = slos(tmp_path, objective, "s")
    assert found == []
    assert lacks == [f"objectives/O_1 {line}"]


@pytest.mark.parametrize("unit", ["ratio", "percent"])
def test_a_share_of_the_time_beside_a_share_is_told(tmp_path: Path, unit: str) -> None:
    (_, slo), lacks = slos(tmp_path, "target: {at_least: 99%}, x-openslo-target: 90%", unit)
    assert slo["spec"]["objectives"] == [{"target": 0.99}]
    line = "x-openslo-target: not used: the level is itself of a share, and so the target"
    assert lacks == [f"objectives/O_1 {line}"]


def test_a_share_of_all_is_no_target(tmp_path: Path) -> None:
    assert slos(tmp_path, "target: {at_least: 1}")[1] == [
        "objectives/O_1 target.at_least: 1: OpenSLO's targets are from 0 up to, and without, 1"
    ]


def test_what_is_missing_around_an_objective_is_told(tmp_path: Path) -> None:
    text = """\
metrics:
  m: {bucket: quality, response: page, query: avg(m), unit: ratio}
  n: {bucket: quality, response: page}
objectives:
  a: {window: 28d, target: {above: 0.9}}
  b: {metric: m, target: {above: 0.9}}
  c: {metric: n, window: 28d, target: {above: 0.9}}
  d: {metric: m, window: 1h30m, target: {above: 0.9}}
  D: {metric: m, window: 1d, target: {above: 0.9}}
"""
    found = made(tmp_path, "openslo", text)
    assert missing(found) == [
        "objectives/a metric: missing: nothing says what is measured",
        "objectives/b window: missing: nothing says over how long it is judged",
        "objectives/c metric: `query` of `n` (opmodel.yaml:25): missing: nothing can be asked of it",
        "objectives/D : `d` is called `d` already: give it another id",
    ]
    _, slo = YAML(typ="safe").load_all(found.files["openslo.yml"])
    assert slo["spec"]["service"] == "small"
    assert slo["spec"]["timeWindow"] == [{"duration": "90m", "isRolling": True}]


def test_our_own_reader_takes_the_objectives(tmp_path: Path) -> None:
    text = "metrics:\n  m: {bucket: quality, response: page, query: avg(m), unit: ratio}\n"
    text += "objectives:\n  a: {metric: m, owner: ana, window: 28d, target: {below: 0.1}}\n"
    (tmp_path / "o.yml").write_bytes(made(tmp_path, "openslo", text).files["openslo.yml"])
    (level,) = ingest([NamedFiles("", str(tmp_path / "o.yml"))], str(tmp_path)).deployed.levels
    assert (level.name, level.target, level.window) == ("a", "90", "28d")
    assert level.owner is not None
    assert level.owner.value == "ana"


# -- flags ---------------------------------------------------------------------------------------


def flags(folder: Path, text: str) -> Any:
    return json.loads(made(folder, "flags", text).files["flags.json"])


def test_a_switch_is_a_flag(tmp_path: Path) -> None:
    text = """\
fields:
  intent: {group: slice}
  risk: {group: slice}
kill_switches:
  one:
    {flag: a.b, effect: read-only, owner: ana, operators: [rota, lead], action: Stop., takes_effect_within: 5m}
  two: {flag: c, scope: {intent: faq}}
  three: {flag: d, scope: {intent: faq, risk: high}}
"""
    found = flags(tmp_path, text)
    assert found["metadata"] == {"flagSetId": "small"}
    assert list(found) == ["$comment", "$schema", "metadata", "flags"]
    assert found["$comment"] == (
        "Generated by `opmodel generate flags` from the registry small. "
        "Do not edit: change the registry, and generate it anew."
    )
    inside = {"==": [{"var": "intent"}, "faq"]}
    assert found["flags"] == {
        "a.b": {
            "state": "ENABLED",
            "variants": {"normal": "normal", "read-only": "read-only"},
            "defaultVariant": "normal",
            "metadata": {
                "kill_switch": "one", "description": "Stop.", "owner": "ana",
                "operators": "rota, lead", "takes_effect_within": "5m",
            },
        },
        "c": {
            "state": "ENABLED",
            "variants": {"normal": "normal", "off": "off"},
            "defaultVariant": "normal",
            "targeting": {"if": [inside, None, "normal"]},
            "metadata": {"kill_switch": "two"},
        },
        "d": {
            "state": "ENABLED",
            "variants": {"normal": "normal", "off": "off"},
            "defaultVariant": "normal",
            "targeting": {
                "if": [{"and": [inside, {"==": [{"var": "risk"}, "high"]}]}, None, "normal"]
            },
            "metadata": {"kill_switch": "three"},
        },
    }  # fmt: skip


def test_what_is_missing_for_a_switch_is_told(tmp_path: Path) -> None:
    text = "kill_switches:\n  a: {}\n  b: {flag: x}\n  c: {flag: x}\n  d: {flag: AKIAQX7RT2MN5VB6KD3W}\n"
    found = made(tmp_path, "flags", text)
    assert list(json.loads(found.files["flags.json"])["flags"]) == ["x"]
    assert missing(found) == [
        "kill_switches/a flag: missing: no flag",
        "kill_switches/c flag: it is the flag of `b` already: one of each",
        "kill_switches/d flag: it holds what looks like a secret",
    ]


# -- owners --------------------------------------------------------------------------------------

OWNED = """\
ownership:
  one: {accountable: ben, team: crew}
  two: {accountable: ben}
  three: {}
components:
  broad: {kind: app, layer: one, paths: ["/app/**", "*.md"]}
  narrow: {kind: app, layer: two, paths: ["/app/deep/**", "/with space/"]}
  both: {kind: app, layer: two, paths: ["/app/**"]}
  odd: {kind: app, layer: one, paths: ["!no", "[a-z]"]}
  nobody: {kind: app, layer: three, paths: ["/x"]}
  nowhere: {kind: app, paths: ["/x"]}
  pathless: {kind: app, layer: one}
"""


def test_components_are_owned_and_what_is_broad_comes_first(tmp_path: Path) -> None:
    text = f"{OWNED}bindings:\n  c: {{owner: '@acme/crew', means: crew}}\n"
    found = made(tmp_path, "codeowners", text)
    lines = found.files["CODEOWNERS"].decode().splitlines()
    assert lines[2:] == [
        "*.md @acme/crew",
        "/with\\ space/ @ben",
        "/app/** @acme/crew @ben",
        "/app/deep/** @ben",
    ]
    assert missing(found) == [
        (
            "people/ben : `@ben` is written for it: say in `bindings` what its host calls it, as "
            '{owner: "@ORG/ben", means: ben}'
        ),
        "components/odd paths.0: `!no` is no pattern of a CODEOWNERS file",
        "components/odd paths.1: `[a-z]` is no pattern of a CODEOWNERS file",
        "ownership/three team: missing, or several: no line for the component `nobody`",
        "components/nowhere layer: missing: nothing says whose it is",
        "components/pathless paths: missing: no line",
    ]
    assert found.made == {"component": (3, 7)}


def test_an_owner_that_no_file_can_hold_is_no_binding(tmp_path: Path) -> None:
    text = f"{OWNED}bindings:\n  c: {{owner: two words, means: crew}}\n"
    assert "*.md @crew\n" in made(tmp_path, "codeowners", text).files["CODEOWNERS"].decode()
