"""Grafana's alerting: rules with their queries, contact points, policies, and what it refuses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.deployed.model import Deployed, TimeInterval
from registry.deployed.readers.grafana import READER, recognizes
from registry.deployed.readers.prometheus import recognizes as is_prometheus
from registry.source.foreign import UnreadableError, documents

RULE = """\
groups:
- name: g
  folder: F
  rules:
  - title: Slow
    data:
    - {refId: A, datasourceUid: prom, model: {expr: sum by (team) (up)}}
    - {refId: B, datasourceUid: __expr__, model: {type: threshold, expression: A}}
    condition: B
    labels: {severity: page}
    annotations: {runbook_url: https://r.example}
    notification_settings: {receiver: direct}
"""
ROUTES = """\
contactPoints:
- name: mail
  receivers: [{type: email, settings: {addresses: a@b.example}}, {type: pagerduty, settings: {integrationKey: SECRET}}]
- {name: am, receivers: [{type: prometheus-alertmanager}, {type: new}]}
policies:
- receiver: mail
  routes:
  - {receiver: am, continue: true, mute_time_intervals: [n], object_matchers: [[team, '=', db]]}
  - {matchers: [x=y, 'z!~w'], routes: [{active_time_intervals: [n]}]}
muteTimes:
- name: n
  time_intervals: [{weekdays: [sunday], times: [{start_time: '00:00', end_time: '06:00'}]}]
"""


def read(text: str) -> Deployed:
    assert READER.read is not None
    return READER.read("g.yml", [one for one in documents(text.encode()) if recognizes(one)])


def test_a_rule() -> None:
    (alert,) = read(RULE).alerts
    assert (alert.name, alert.system, alert.group, str(alert.where)) == (
        "Slow",
        "grafana",
        "g",
        "g.yml:5",
    )
    assert alert.expr is not None
    assert alert.expr.value == "sum by (team) (up)"
    assert {key: text.value for key, text in alert.labels.items()} == {
        "severity": "page", "grafana_folder": "F",
    }  # fmt: skip
    assert alert.receiver is not None
    assert alert.receiver.value == "direct"
    assert not is_prometheus(next(documents(RULE.encode())))


@pytest.mark.parametrize(
    "data",
    [
        "[{datasourceUid: loki, model: {query: x}}]",
        "[{datasourceUid: a, model: {expr: up}}, {datasourceUid: b, model: {expr: up}}]",
    ],
)
def test_queries_that_cannot_be_told(data: str) -> None:
    (alert,) = read(f"groups: [{{rules: [{{title: A, condition: A, data: {data}}}]}}]\n").alerts
    assert (alert.expr, alert.receiver, alert.group) == (None, None, "")


def test_policies_and_contact_points() -> None:
    found = read(ROUTES)
    (router,) = found.routers
    assert (router.system, router.part, router.root.receiver) == ("grafana", False, "mail")
    assert [(one.kind, one.target) for one in router.receivers["mail"].integrations] == [
        ("email", "a@b.example"), ("pagerduty", None),
    ]  # fmt: skip
    assert [one.kind for one in router.receivers["am"].integrations] == ["webhook", "new"]
    first, second = router.root.routes
    assert (first.receiver, first.goes_on, first.muted) == ("am", True, ("n",))
    assert [(one.label, one.operator, one.value) for one in (*first.matchers, *second.matchers)] == [
        ("team", "=", "db"), ("x", "=", "y"), ("z", "!~", "w"),
    ]  # fmt: skip
    assert (second.receiver, second.routes[0].active) == ("mail", ("n",))
    assert router.intervals["n"] == (TimeInterval(((0, 360),), ((0, 0),)),)
    assert found.not_read == ()
    assert "SECRET" not in repr(found)


def test_what_grafana_would_refuse() -> None:
    text = (
        "policies:\n"
        "- receiver: a\n"
        "  routes: [{object_matchers: [[team, '=']], matchers: ['=']}]\n"
        "muteTimes: [{name: n, time_intervals: [{months: [x], times: [{}], location: Nowhere}]}]\n"
        "groups:\n- rules: [{data: []}, {title: [x], data: []}, {title: '', data: []}, {title: A, data: []},\n"
        "          {title: B, data: [{}]}, {title: C, condition: A}]\n"
    )
    found = read(text)
    assert [one.reason for one in found.not_read[:6]] == [
        *["Grafana would not load it: a rule without a title"] * 3,
        "Grafana would not load it: a rule without `data`",
        "Grafana would not load it: a rule without `condition`",
        "Grafana would not load it: a rule without `data`",
    ]
    assert all(one.reason.startswith("Grafana would not load it: ") for one in found.not_read)
    assert [str(one.where) for one in found.not_read[6:]] == ["g.yml:4", "g.yml:3"]
    assert (found.routers, found.alerts) == ((), ())


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            "contactPoints: [{name: ' ', receivers: [{type: email}]}]",
            "a contact point without a name",
        ),
        (
            "contactPoints: [{name: a, receivers: [{}]}]",
            "an integration of a contact point without a type",
        ),
        ("muteTimes: [{time_intervals: []}]", "a mute timing without a name"),
        ("muteTimes: [{name: n}, {name: n}]", "two mute timings `n`"),
    ],
)
def test_parts_that_grafana_would_refuse(text: str, reason: str) -> None:
    assert [one.reason for one in read(text + "\n").not_read] == [
        f"Grafana would not load it: {reason}"
    ]


def test_policies_that_are_not_grafanas() -> None:
    for text in ("policies: [{effect: allow}]", "policies: {receiver: a}", "policies:"):
        assert not recognizes(next(documents(text.encode())))


def test_contact_points_and_time_intervals_alone() -> None:
    (points,) = read(
        "contactPoints: [{name: a}]\nmuteTimes: [{name: n, time_intervals: []}]\n"
    ).points
    assert (list(points.receivers), dict(points.intervals)) == (["a"], {"n": ()})
    (points,) = read("muteTimes: [{name: n, time_intervals: []}]\n").points
    assert (str(points.where), list(points.intervals)) == ("g.yml:1", ["n"])


@given(
    st.lists(
        st.sampled_from(["groups: ", "rules: ", "title: ", "data: ", "contactPoints: ", "policies: ", "muteTimes: ",
                         "receivers: ", "a", "{", "}", "[", "]", ", ", "\n", "- ", "object_matchers: ", "time_intervals: "]),
        max_size=25,
    )
)  # fmt: skip
def test_no_document_is_too_odd(parts: list[str]) -> None:
    try:
        read("".join(parts))
    except UnreadableError as error:
        assert error.reason
