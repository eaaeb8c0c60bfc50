"""The rules of metrics and alerts: what they carry, and what is missing for them."""

from pathlib import Path
from typing import Any

import pytest

from tests.stack.registry import made, missing, read

KEY = "AKIA" + "QX7RT2MN5VB6KD3W"
"""What looks like a key of AWS, and is none."""
METRICS = """\
ownership:
  quality: {title: Quality, accountable: ana, team: crew}
metrics:
  share:
    {bucket: quality, response: page, layer: quality, slices: [intent], unit: ratio, query: avg(share), definition: "Call +44 20 7946 0018 {{ here }}."}
fields:
  intent: {group: slice}
  user.kind: {group: slice}
"""


def rules(folder: Path, text: str) -> dict[str, Any]:
    """Generate rules; return them by name."""
    found = read(made(folder, "prometheus", text), "rules.yml")
    each = (one for group in found["groups"] for one in group["rules"])
    return {one.get("alert") or one["record"]: one for one in each}


def test_a_metric_is_recorded_and_an_alert_fires(tmp_path: Path) -> None:
    text = f"""{METRICS}
alerts:
  share-drop:
    metric: share
    owner: ana
    severity: sev2
    response: page
    when: {{below: 90%, for: 10m}}
    escalation: page
    runbook: drop
    slice: {{intent: faq}}
    labels: {{squad: "{{{{ $labels.squad }}}}"}}
"""
    assert rules(tmp_path, text) == {
        "opmodel:share": {
            "record": "opmodel:share",
            "expr": "avg(share)",
            "labels": {"registry": "small"},
        },
        "share-drop": {
            "alert": "share-drop",
            "expr": 'avg(share{intent="faq"}) < 0.9',
            "for": "10m",
            "labels": {
                "severity": "sev2",
                "owner": "ana",
                "team": "crew",
                "squad": "{{ $labels.squad }}",
            },
            "annotations": {
                "summary": "share below 90% for 10m (in ratio)",
                "description": 'Call [phone hidden] {{ "{{" }} here }}.',
                "runbook_url": "https://wiki.small.example/drop",
                "opmodel_alert": "share-drop",
            },
        },
    }
    assert missing(made(tmp_path, "prometheus", text)) == []


def alert(said: str) -> str:
    return f"{METRICS}\nalerts:\n  a: {{metric: share, severity: sev2, response: page, {said}}}\n"


WHOLE = "owner: ana, runbook: drop, escalation: page"


@pytest.mark.parametrize(
    ("said", "lines"),
    [
        (WHOLE, ["alerts/a when: missing: no rule"]),
        (f"{WHOLE}, when: {{drops_by: 10%}}",
         ["alerts/a when.over: no rule: `drops_by` needs `over`: against when it is compared"]),
        (f"{WHOLE}, when: {{above: 1}}, slice: {{user.kind: x}}",
         [("alerts/a metric: no rule: `slices` of `share` (opmodel.yaml:27): `user.kind` is missing, "
          "by which alerts/a asks for one slice")]),
        ("runbook: drop, escalation: page, when: {above: 1}",
         ["alerts/a owner: missing, or no one: no label `owner`",
          "alerts/a labels: no `team`: its owner is of none"]),
        ("owner: ana, escalation: page, when: {above: 1}",
         ["alerts/a runbook: missing: no annotation names one"]),
        (f"{WHOLE}, when: {{above: 1}}, labels: {{team: x, a.b: c, alertname: d, e: '{{{{ f }}}}', g: {KEY}}}",
         ["alerts/a labels.a.b: the label `a.b` is left out: no label of Prometheus has such a name",
          "alerts/a labels.alertname: the label `alertname` is left out: Prometheus sets it by itself",
          "alerts/a labels.e: the label `e` is left out: the function `f` is not defined",
         "alerts/a labels.g: the label `g` is left out: it holds what looks like a secret"]),
        (f"{WHOLE}, when: {{expr: {KEY} == 1}}",
         ["alerts/a when: no rule: it holds what looks like a secret"]),
    ],
)  # fmt: skip
def test_what_is_missing_is_told(tmp_path: Path, said: str, lines: list[str]) -> None:
    assert missing(made(tmp_path, "prometheus", alert(said))) == lines


def test_what_is_missing_has_its_place(tmp_path: Path) -> None:
    found = made(tmp_path, "prometheus", alert("when: {below: 1}")).missing
    lines = (tmp_path / "opmodel.yaml").read_text("utf-8").split("\n")
    assert {one.path for one in found} == {"opmodel.yaml"}
    assert {lines[one.line - 1][:4] for one in found} == {"  a:"}


def test_a_runbook_without_an_address_is_named_by_its_id(tmp_path: Path) -> None:
    (tmp_path / "more.yaml").write_text("runbooks:\n  own: {title: Ours}\n")
    text = alert("owner: ana, runbook: own, escalation: page, when: {above: 1}")
    assert rules(tmp_path, text)["a"]["annotations"]["runbook_url"] == "own"
    assert missing(made(tmp_path, "prometheus", text)) == [
        "runbooks/own url: missing: its alerts name its id in the place of an address"
    ]


@pytest.mark.parametrize(
    ("owner", "team"),
    [("ana", "crew"), ("lead", "crew"), ("pager", "crew"), ("zoe", "others"), ("yan", None)],
)
def test_the_team_is_one_that_the_owner_is_of(tmp_path: Path, owner: str, team: str | None) -> None:
    """The layer's where the owner is in it, else the owner's own."""
    (tmp_path / "more.yaml").write_text(
        "people:\n  zoe: {name: Zoe}\n  yan: {name: Yan}\nteams:\n  others: {name: Others, members: [zoe]}\n"
    )
    text = alert(f"owner: {owner}, runbook: drop, escalation: page, when: {{above: 1}}")
    assert rules(tmp_path, text)["a"]["labels"].get("team") == team


def test_a_metric_may_own_what_its_alert_does_not(tmp_path: Path) -> None:
    text = alert("runbook: drop, escalation: page, when: {above: 1}")
    owned = text.replace("unit: ratio", "unit: ratio, owner: ben")
    assert rules(tmp_path, owned)["a"]["labels"]["owner"] == "ben"


@pytest.mark.parametrize(
    ("metric", "line"),
    [
        ("", "metrics/m query: missing: nothing can be asked of it"),
        ("query: avg(", "metrics/m query: no PromQL: "),
        ("query: 'x[5m]'", "metrics/m query: no PromQL: it gives no series of an instant"),
        (f"query: {KEY}", "metrics/m query: it holds what looks like a secret"),
        ("composed_of: [{metric: n, weight: 1}]",
         "metrics/m composed_of: `query` of `n` (opmodel.yaml:25): missing: nothing can be asked of it"),
        ("composed_of: [{metric: m, weight: 1}]", "metrics/m query: missing: nothing can be asked of it"),
    ],
)  # fmt: skip
def test_a_metric_that_is_not_recorded_is_told(tmp_path: Path, metric: str, line: str) -> None:
    own = f"bucket: cost, response: page, {metric}"
    text = f"metrics:\n  m: {{{own}}}\n  n: {{bucket: cost, response: page}}\n"
    found = missing(made(tmp_path, "prometheus", text))
    assert found[0].startswith(line)
    assert len(found) == 2


def test_a_metric_that_is_made_of_others_is_their_weighted_sum(tmp_path: Path) -> None:
    text = """\
metrics:
  a: {bucket: cost, response: page, query: avg(a)}
  b: {bucket: cost, response: page, query: c / d}
  both: {bucket: cost, response: page, composed_of: [{metric: a, weight: 0.4}, {metric: b, weight: 0.6}]}
"""
    assert rules(tmp_path, text)["opmodel:both"]["expr"] == "0.4 * avg(a) + 0.6 * (c / d)"


def test_two_metrics_are_not_recorded_as_one(tmp_path: Path) -> None:
    text = "metrics:\n  a-b: {bucket: cost, response: page, query: x}\n"
    text += "  a_b: {bucket: cost, response: page, query: y}\n"
    assert rules(tmp_path, text)["opmodel:a_b"]["expr"] == "x"
    assert missing(made(tmp_path, "prometheus", text)) == [
        "metrics/a_b : it would be recorded as `opmodel:a_b`, as `a-b` is: give it another id"
    ]


@pytest.mark.parametrize("query", ["'avg(share{intent=\"other\"})'", "vector(7)", "hour()"])
def test_a_slice_may_be_one_that_the_query_cannot_be_asked_of(tmp_path: Path, query: str) -> None:
    text = alert(f"{WHOLE}, when: {{above: 1}}, slice: {{intent: faq}}")
    text = text.replace("query: avg(share)", f"query: {query}")
    assert "a" not in rules(tmp_path, text)
    assert missing(made(tmp_path, "prometheus", text)) == [
        (
            "alerts/a metric: no rule: `query` of `share` (opmodel.yaml:27): it cannot be asked of "
            "intent=faq alone, as alerts/a is"
        )
    ]
