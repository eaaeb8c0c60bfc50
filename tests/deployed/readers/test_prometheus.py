"""Rules in every wrapping that is met, with their places, and what Prometheus would refuse."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.deployed.model import Deployed, Sender
from registry.deployed.readers.prometheus import READER, recognizes
from registry.source.foreign import UnreadableError, documents

RULES = (
    "groups:\n- name: g\n  rules:\n  - {alert: A, expr: up == 0, labels: {team: db, none: ''}}\n"
)


def read(text: str) -> Deployed:
    assert READER.read is not None
    return READER.read("r.yml", [one for one in documents(text.encode()) if recognizes(one)])


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


ASKED = ": is it a template that was not rendered?"


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ("{alert: A}", "`A` has no `expr`"),
        ("{alert: A, expr: [x]}", "`expr` is no text"),
        ("{alert: [A], expr: up}", "`alert` is no text"),
        ("{expr: up}", "a rule with neither `alert` nor `record`"),
        ("{alert: A, record: a, expr: up}", "a rule with both `alert` and `record`"),
        ("{alert: A, expr: up, for: <%= x %>}", "`for: <%= x %>` is no duration" + ASKED),
        ("{alert: A, expr: 'rate(up[${x}]) > 0'}",
         "the query of `A` does not parse: unexpected character inside brackets: '$'"
         + ASKED),
        ("{alert: A, expr: up, for: '{{ x }}'}",
         "`for: {{ x }}` is no duration" + ASKED),
        ("{alert: A, expr: up, expression: x}", "a rule has no field `expression`"),
        ("{alert: A, expr: sum(up}", "the query of `A` does not parse: unclosed left parenthesis"),
        ("{alert: A, expr: up, labels: {__name__: x}}", "`__name__` is no label's name"),
        ("{alert: A, expr: up, annotations: {x: '{{ foo }}'}}",
         "the template of `x` does not parse: the function `foo` is not defined"),
        ("{alert: A, expr: up, labels: {x: '{{ if $value }}'}}",
         "the template of `x` does not parse: a `{{ if }}` without its `{{ end }}`"),
        ("{record: a, expr: up, annotations: {x: y}}", "a recording rule has no `annotations`"),
    ],
)  # fmt: skip
def test_what_prometheus_would_refuse(rule: str, reason: str) -> None:
    text = f"groups:\n- name: g\n  rules:\n  - {rule}\n  - {{alert: B, expr: up}}\n"
    found = read(text)
    assert [one.reason for one in found.unloaded] == [f"Prometheus would refuse it: {reason}"]
    assert {one.unloaded for one in found.alerts} == {f"Prometheus would refuse it: {reason}"}
    assert str(found.unloaded[0].where) == "r.yml:4"


@pytest.mark.parametrize(
    ("text", "taker"),
    [
        (RULES.replace("  rules", "  concurrency: 2\n  rules"), "vmalert"),
        (RULES.replace("  rules", "  labels: {a: b}\n  rules"), "Prometheus 3.0 and later"),
        (RULES.replace("  rules", "  partial_response_strategy: warn\n  rules"), "Thanos"),
        ("namespace: x\n" + RULES, "Mimir"),
        (RULES.replace("up == 0", '\'rate({app="x"} |= "err" [5m]) > 1\''), "Loki"),
        (RULES.replace("up == 0", "median_over_time(x) default 0"), "vmalert"),
        (
            RULES.replace("  rules", "  type: vlogs\n  rules").replace(
                "up == 0", "'* | stats n()'"
            ),
            "vmalert",
        ),
        (RULES, ""),
    ],
)
def test_what_others_take_is_told_apart(text: str, taker: str) -> None:
    found = read(text)
    assert [one.taker for one in found.alerts] == [taker]
    assert found.unloaded == ()
    aside = [one.what for one in found.skipped]
    assert aside == ([f"rule files that only {taker} takes"] if taker else [])


def test_labels_of_a_group_stand_where_a_rule_sets_none() -> None:
    text = RULES.replace("  rules", "  labels: {team: x, zone: eu}\n  rules")
    (alert,) = read(text).alerts
    assert {key: one.value for key, one in alert.labels.items()} == {"team": "db", "zone": "eu"}
    assert alert.emptied == ("none",)


API = """{"status": "success", "data": {"groups": [{"name": "g", "file": "r.yml", "rules": [
  {"type": "alerting", "name": "A", "query": "up == 0", "labels": {"team": "db"}},
  {"type": "recording", "name": "a:b", "query": "up"}]}]}}"""
RULER = "n:\n- name: g\n  rules: [{alert: A, expr: up == 0, labels: {team: db}}]\n"


@pytest.mark.parametrize(
    "text",
    [API, RULER, f"tenant:\n{indented(RULER, 2)}", "name: g\nrules: [{alert: A, expr: up == 0, labels: {team: db}}]"],
)  # fmt: skip
def test_answers_of_servers(text: str) -> None:
    (alert,) = read(text).alerts
    assert (alert.name, alert.group, alert.origin.kind) == ("A", "g", "answer")
    assert alert.expr is not None
    assert (alert.expr.value, alert.labels["team"].value) == ("up == 0", "db")


def test_a_configuration_that_a_server_answers() -> None:
    inner = "global:\\n  external_labels: {env: prod}\\nrule_files: [x.yml]\\n"
    (sender,) = read(f'{{"status": "success", "data": {{"yaml": "{inner}"}}}}').senders
    assert sender.external_labels["env"].value == "prod"
    assert sender.rule_files is None


def test_a_config_map_holds_rules_and_a_configuration() -> None:
    text = (
        "kind: ConfigMap\nmetadata: {name: c, namespace: n}\ndata:\n  r.yml: |\n"
        + indented(RULES, 4)
        + "  prometheus.yml: |\n    rule_files: [/etc/r.yml]\n    global: {external_labels: {a: b}}\n"
    )
    found = read(text)
    assert [(one.origin.kind, one.origin.key) for one in found.alerts] == [("held", "r.yml")]
    assert [(one.origin.key, list(one.external_labels)) for one in found.senders] == [
        ("prometheus.yml", ["a"])
    ]
    encoded = base64.b64encode(RULES.encode()).decode()
    (alert,) = read(f"kind: Secret\nmetadata: {{name: s}}\ndata: {{r.yml: {encoded}}}\n").alerts
    assert alert.name == "A"


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
    ("text", "labels", "steps"),
    [
        (SERVER, ["cluster"], ["drop", "replace"]),
        ("rule_files: []\n", [], []),
        (SERVER + "  - {action: labeldrop, regex: t.*}\n", ["cluster"], ["drop", "replace", "labeldrop"]),
        (SERVER + "  - {action: unheard_of}\n", ["cluster"], None),
        (SERVER + "  alertmanagers: [{alert_relabel_configs: [{action: keep}]}]\n", ["cluster"],
         ["drop", "replace", "keep"]),
        (SERVER + "  alertmanagers: [{alert_relabel_configs: [{action: keep}]}, {}]\n", ["cluster"], None),
    ],
)  # fmt: skip
def test_a_server(text: str, labels: list[str], steps: list[str] | None) -> None:
    (sender,) = read(text).senders
    assert isinstance(sender, Sender)
    found = sender.relabelling and [one.action for one in sender.relabelling]
    assert (list(sender.external_labels), found or []) == (labels, steps or [])
    assert (sender.relabelling is None) == (steps is None)


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


def test_grafanas_own_rules_in_the_form_of_prometheus_are_not_read() -> None:
    text = "status: success\ndata: {groups: [{name: g, folderUid: f, rules: [{name: A, type: alerting}]}]}\n"
    found = read(text)
    assert (found.alerts, [one.reason for one in found.not_read]) == (
        (), ["Grafana's own rules in the form of Prometheus' API: export them as alert rules"],
    )  # fmt: skip
