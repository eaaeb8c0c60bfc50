"""Rules in every wrapping that is met, with their places, and what Prometheus would refuse."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.deployed.model import Deployed, Sender
from registry.deployed.readers.prometheus import INGESTER, recognizes
from registry.source.foreign import UnreadableError, documents

RULES = (
    "groups:\n- name: g\n  rules:\n  - {alert: A, expr: up == 0, labels: {team: db, none: ''}}\n"
)


def read(text: str) -> Deployed:
    assert INGESTER.read is not None
    return INGESTER.read("r.yml", [one for one in documents(text.encode()) if recognizes(one)])


def reasons(text: str) -> list[str]:
    return [f"{one.where}: {one.reason}" for one in read(text).not_read]


def indented(text: str, by: int) -> str:
    return "".join(f"{' ' * by}{line}\n" for line in text.splitlines())


def test_a_rule() -> None:
    (alert,) = read(RULES).alerts
    assert (alert.name, str(alert.where), alert.group, alert.system) == (
        "A",
        "r.yml:4",
        "g",
        "prometheus",
    )
    assert alert.where.at.start.column == 13
    assert alert.expr is not None
    assert alert.expr.value == "up == 0"
    assert {key: text.value for key, text in alert.labels.items()} == {"team": "db"}


@pytest.mark.parametrize(
    ("text", "space"),
    [
        ("kind: PrometheusRule\nmetadata: {namespace: n}\nspec:\n" + indented(RULES, 2), "n"),
        ("kind: VMRule\nspec:\n" + indented(RULES, 2), None),
        ("kind: List\nitems:\n- kind: PrometheusRule\n  spec:\n" + indented(RULES, 4), None),
        ("kind: PrometheusRuleList\nitems:\n- kind: PrometheusRule\n  spec:\n" + indented(RULES, 4), None),
        ("- type: replace\n  value:\n" + indented(RULES, 4), None),
    ],
)  # fmt: skip
def test_wrappings(text: str, space: str | None) -> None:
    (alert,) = read(text).alerts
    assert (alert.name, alert.namespace) == ("A", space)
    assert text.splitlines()[alert.where.at.start.line - 1].strip().startswith("- {alert: A")


def test_rules_inside_a_config_map() -> None:
    text = "kind: ConfigMap\ndata:\n  note: text\n  rules.yml: |\n" + indented(RULES, 4)
    (alert,) = read(text).alerts
    assert str(alert.where) == "r.yml:8"
    broken = "kind: ConfigMap\ndata:\n  rules.yml: |\n    groups: [\n"
    ((reason),) = reasons(broken)
    assert reason.startswith("r.yml:3: `rules.yml` inside it is no YAML: did not find")


def test_rules_inside_a_secret() -> None:
    data = base64.b64encode(RULES.encode()).decode()
    assert [one.name for one in read(f"kind: Secret\ndata:\n  r: {data}\n").alerts] == ["A"]
    text = (
        f"kind: Secret\nstringData:\n  a: |\n{indented(RULES, 4)}\ndata:\n  r: {data}\n  x: '%%'\n"
    )
    assert [(one.name, str(one.where)) for one in read(text).alerts] == [
        ("A", "r.yml:10"), ("A", "r.yml:7"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ("{alert: A}", "r.yml:4: the alert `A` has no `expr`"),
        ("{alert: A, expr: [x]}", "r.yml:4: the alert `A` has no `expr`"),
        ("{alert: [A], expr: up}", "r.yml:4: an alert whose name is no text"),
        ("{expr: up}", "r.yml:4: a rule with neither `alert` nor `record`"),
        ("{alert: A, expr: up, for: <%= x %>}",
         "r.yml:4: `for: <%= x %>` is no duration: is it a template that was not rendered?"),
    ],
)  # fmt: skip
def test_what_prometheus_would_refuse(rule: str, reason: str) -> None:
    text = f"groups:\n- name: g\n  rules:\n  - {rule}\n  - {{record: r, expr: up}}\n"
    assert reasons(text) == [reason]
    assert read(text).skipped[0].what == "recording rules"


def test_no_rules_at_all_is_said() -> None:
    assert read("groups: []\n").skipped[0].what == "rule groups"
    assert [one.reason for one in read("kind: ConfigMap\ndata: {a: 'groups: []'}\n").not_read] == []
    assert not recognizes(next(documents(b"kind: ConfigMap\ndata: {a: b}\n")))
    assert not recognizes(next(documents(b"- [a, {b: c}]\n")))
    assert not recognizes(next(documents(b"groups: [{name: x, users: []}]\n")))


SERVER = """\
global: {external_labels: {cluster: eu, none: ''}}
alerting:
  alert_relabel_configs:
  - {action: drop, source_labels: [x]}
  - {target_label: team, replacement: db}
"""


@pytest.mark.parametrize(
    ("text", "labels", "relabels"),
    [
        (SERVER, ["cluster"], frozenset({"team"})),
        ("rule_files: []\n", [], frozenset()),
        (SERVER + "  - {action: labeldrop, regex: t.*}\n", ["cluster"], None),
        (SERVER + "  - {target_label: '${1}'}\n", ["cluster"], None),
        (SERVER + "  - {regex: x}\n", ["cluster"], None),
    ],
)
def test_a_server(text: str, labels: list[str], relabels: frozenset[str] | None) -> None:
    (sender,) = read(text).senders
    assert isinstance(sender, Sender)
    assert (list(sender.external_labels), sender.relabels) == (labels, relabels)


@given(
    st.lists(
        st.sampled_from(["groups", "rules", "alert", "expr", "labels", "kind", "data", "spec", "items",
                         "ConfigMap", "Secret", "List", ": ", "- ", "\n", "\n  ", "{", "}", "[", "]", ",", "null",
                         "name", "global", "alerting", "rule_files", "|\n", "'groups: []'"]),
        max_size=25,
    )
)  # fmt: skip
def test_no_document_is_too_odd(parts: list[str]) -> None:
    try:
        read("".join(parts))
    except UnreadableError as error:
        assert error.reason
