"""Every form in which Grafana's alerting is handed round: provisioning, its API's answers, its own."""

import base64
import gzip
import json

import pytest

from registry.deployed.model import Deployed
from registry.deployed.readers.grafana import READER, recognizes
from registry.source.foreign import documents

DATA = [
    {"refId": "A", "datasourceUid": "prom", "model": {"expr": "up", "datasource": {"type": "prometheus"}}},
    {"refId": "B", "datasourceUid": "__expr__", "model": {"type": "reduce", "expression": "A"}},
    {"refId": "C", "datasourceUid": "-100", "model": {"type": "threshold", "expression": "B"}},
]  # fmt: skip


def read(text: str) -> Deployed:
    assert READER.read is not None
    return READER.read("g.yml", [one for one in documents(text.encode()) if recognizes(one)])


def asked(data: object, **fields: object) -> str | None:
    """Return the query that the alert of a rule with these steps rests on."""
    rule = {"title": "A", "data": data, "record": None, **fields}
    (alert,) = read(json.dumps({"groups": [{"rules": [rule]}]})).alerts
    return alert.expr.value if alert.expr is not None else None


def step(name: str, model: dict[str, object], source: str = "__expr__") -> dict[str, object]:
    return {"refId": name, "datasourceUid": source, "model": model}


def test_the_query_behind_a_condition() -> None:
    other = step("D", {"expr": "down"}, "prom")
    assert asked(DATA, condition="C") == "up"
    assert asked([*DATA, other], condition="C") == "up"
    assert asked([*DATA, other], condition="D") == "down"
    assert (
        asked([*DATA, step("M", {"type": "math", "expression": "$B > ${B}"})], condition="M")
        == "up"
    )
    assert (
        asked([*DATA, other, step("M", {"type": "math", "expression": "$B > $D"})], condition="M")
        is None
    )


@pytest.mark.parametrize(
    "last",
    [
        step("C", {"type": "classic_conditions", "conditions": []}),
        step("C", {"type": "sql", "expression": "SELECT 1"}),
        step("C", {"type": "math", "expression": "1 > 0"}),
        step("C", {"type": "threshold"}),
        step("C", {"type": "threshold", "expression": "Z"}),
        step("C", {"expr": "x", "datasource": {"type": "loki"}}, "logs"),
        step("B", {"type": "threshold", "expression": "B"}),
    ],
)
def test_a_condition_that_does_not_keep_the_labels_of_one_query(last: dict[str, object]) -> None:
    assert asked([*DATA[:2], last], condition="C") is None


def test_a_condition_that_rests_on_itself() -> None:
    assert asked([step("A", {"type": "threshold", "expression": "A"})], condition="A") is None


def test_the_lists_of_the_api() -> None:
    rule = {"uid": "r", "title": "A", "condition": "C", "data": DATA, "ruleGroup": "g", "folderUID": "f",
            "labels": {"team": "x"}}  # fmt: skip
    (alert,) = read(json.dumps([rule])).alerts
    assert (alert.name, alert.group, alert.expr and alert.expr.value) == ("A", "g", "up")
    assert list(alert.labels) == ["team"]
    assert [one.name for one in read(json.dumps(rule)).alerts] == ["A"]
    (points,) = read(
        json.dumps(
            [
                {"uid": "1", "name": "a", "type": "slack", "settings": {"recipient": "#a"}},
                {
                    "uid": "2",
                    "name": "a",
                    "type": "webhook",
                    "settings": {"url": "https://h.example/s"},
                },
                {"uid": "3", "name": "b", "type": "webhook", "settings": {"url": "http://[x"}},
            ]
        )
    ).points
    assert [one.target for one in points.receivers["a"].integrations] == ["#a", "h.example"]
    assert [one.target for one in points.receivers["b"].integrations] == [None]
    (points,) = read(json.dumps([{"name": "n", "time_intervals": [{"months": ["1"]}]}])).points
    assert points.intervals["n"][0].months == ((1, 1),)
    policy = {
        "receiver": "a",
        "routes": [{"object_matchers": [["team", "=", "x"]]}],
        "provenance": "api",
    }
    (router,) = read(json.dumps(policy)).routers
    assert (router.root.receiver, router.root.routes[0].matchers[0].value) == ("a", "x")


def test_one_group_of_the_api() -> None:
    rule = {"uid": "r", "title": "A", "condition": "C", "data": DATA, "ruleGroup": "g"}
    group = {"title": "g", "folderUid": "f", "interval": 60, "rules": [rule]}
    (alert,) = read(json.dumps(group)).alerts
    assert (alert.name, alert.group, dict(alert.labels)) == ("A", "g", {})
    own = {"grafana_alert": {"title": "B", "condition": "C", "data": DATA}}
    (alert,) = read(json.dumps({"name": "h", "interval": "1m", "rules": [own]})).alerts
    assert (alert.name, alert.group) == ("B", "h")


def test_groups_by_folder() -> None:
    """The API of the ruler: each folder's groups, each rule with a part of Grafana's own."""
    own = {"title": "A", "condition": "C", "data": DATA, "is_paused": False}
    rules = [
        {"grafana_alert": own, "labels": {"grafana_folder": "lost"}},
        {"grafana_alert": {**own, "is_paused": True}},
        {"grafana_alert": {**own, "record": {"metric": "m"}}},
        {"alert": "B", "expr": "up"},
    ]
    found = read(json.dumps({"Team X": [{"name": "g", "rules": rules}]}))
    (alert,) = found.alerts
    assert (alert.group, alert.labels["grafana_folder"].value) == ("g", "Team X")
    assert {one.what: one.number for one in found.skipped} == {
        "recording rules": 1,
        "paused rules": 1,
    }


def test_the_whole_configuration_of_its_own_alertmanager() -> None:
    inner = {
        "route": {"receiver": "a", "routes": [{"receiver": "a", "matchers": ["x=y"], "mute_time_intervals": ["n"]},
                                              {"match": {"u": "v"}, "match_re": {"w": "z.*"}}]},
        "receivers": [{"name": "a", "grafana_managed_receiver_configs": [{"type": "email"}]}],
        "mute_time_intervals": [{"name": "n", "time_intervals": []}],
    }  # fmt: skip
    found = read(json.dumps({"template_files": {}, "alertmanager_config": inner}))
    (router,) = found.routers
    assert [one.kind for one in router.receivers["a"].integrations] == ["email"]
    assert [(one.label, one.operator) for one in router.root.routes[1].matchers] == [
        ("u", "="),
        ("w", "=~"),
    ]
    assert (dict(router.intervals), found.points, found.not_read) == ({"n": ()}, (), ())
    del inner["receivers"][0]["grafana_managed_receiver_configs"]
    assert read(json.dumps({"alertmanager_config": inner})) == Deployed()


@pytest.mark.parametrize(
    ("policy", "reason"),
    [
        ("{routes: []}", "the root policy has no receiver"),
        ("{receiver: a, routes: {}}", "`routes` is no list"),
        ("{receiver: a, object_matchers: [[a, '=', b]]}", "the root policy must match every alert"),
        ("{receiver: a, match: {a: b}}", "the root policy must match every alert"),
        ("{receiver: a, active_time_intervals: [n]}", "the root policy cannot have time intervals"),
        ("{receiver: a, routes: [{group_by: [a, a]}]}", "`group_by` has `a` twice"),
        ("{receiver: a, group_interval: 0s}", "`group_interval` cannot be zero"),
        ("{receiver: a, routes: [{matchers: ['x=~(']}]}", "missing )"),
        ("{receiver: a, routes: [{object_matchers: [[a, '=']]}]}", ""),
    ],
)
def test_one_flaw_and_the_policies_are_not_read(policy: str, reason: str) -> None:
    found = read(f"policies: [{policy}]\n")
    (told,) = found.not_read
    assert told.reason.startswith("Grafana would not load it: ")
    assert reason in told.reason
    assert found.routers == ()


@pytest.mark.parametrize(
    ("form", "reason"),
    [
        ([{"uid": "r", "title": "A", "data": DATA}], "a rule without `condition`"),
        ({"F": [{"name": "g", "rules": [{"grafana_alert": {"title": "A", "condition": "A"}}]}]}, "a rule without `data`"),
        ([{"uid": "u", "name": "a", "settings": {}}], "an integration of a contact point without a type"),
        ([{"name": "n", "time_intervals": [{"months": ["x"]}]}], "`x` is not a month"),
        ({"receiver": "", "routes": [{"object_matchers": []}]}, "the root policy has no receiver"),
        ({"alertmanager_config": {"route": {"receiver": "a", "matchers": ["x=y"]}, "receivers": [
            {"name": "a", "grafana_managed_receiver_configs": [{"type": "email"}]}]}}, "the root policy must match every alert"),
    ],
)  # fmt: skip
def test_what_of_each_form_grafana_would_refuse(form: object, reason: str) -> None:
    found = read(json.dumps(form))
    (told,) = found.not_read
    assert told.reason.startswith(f"Grafana would not load it: {reason}")
    assert (found.alerts, found.routers) == ((), ())


def test_a_rules_own_time_intervals_are_said_to_be_left_out() -> None:
    rule = {
        "title": "A",
        "data": DATA,
        "condition": "C",
        "notification_settings": {"receiver": "a", "mute_time_intervals": ["n"]},
    }
    found = read(json.dumps({"groups": [{"name": "g", "rules": [rule]}]}))
    (alert,), (told,) = found.alerts, found.not_read
    assert alert.receiver is not None
    assert "`notification_settings`" in told.reason


def test_in_a_resource_of_kubernetes() -> None:
    text = "policies:\n- {receiver: a}\n"
    packed = base64.b64encode(gzip.compress(text.encode())).decode()
    for kind, field, value in (
        ("ConfigMap", "data", text),
        ("Secret", "stringData", text),
        ("Secret", "data", base64.b64encode(text.encode()).decode()),
        ("ConfigMap", "binaryData", packed),
    ):
        (router,) = read(json.dumps({"kind": kind, field: {"p.yaml": value, "q": "text"}})).routers
        assert router.root.receiver == "a"
    block = "kind: ConfigMap\ndata:\n  p.yaml: |\n    policies:\n    - {receiver: a}\n"
    assert str(read(block).routers[0].where) == "g.yml:5"
    for broken in ("policies: [{receiver: a}\n", "muteTimes: [\n"):
        (told,) = read(json.dumps({"kind": "ConfigMap", "data": {"p.yaml": broken}})).not_read
        assert told.reason.startswith("`p.yaml` inside it is no YAML")
    notes = json.dumps({"kind": "ConfigMap", "data": {"policies.txt": "policies: {{ if"}})
    assert not recognizes(next(documents(notes.encode())))
