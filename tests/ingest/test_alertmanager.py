"""Alertmanager's configuration in every wrapping, with its places, and what it would refuse."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.deployed import Deployed, Router, TimeInterval, TimeRange
from registry.ingest.alertmanager import INGESTER, recognizes
from registry.source.foreign import UnreadableError, documents

PLAIN = "route: {receiver: a}\nreceivers: [{name: a}]\n"


def read(text: str) -> Deployed:
    assert INGESTER.read is not None
    return INGESTER.read("am.yml", [one for one in documents(text.encode()) if recognizes(one)])


def router(text: str) -> Router:
    (found,) = read(text).routers
    return found


def indented(text: str, by: int) -> str:
    return "".join(f"{' ' * by}{line}\n" for line in text.splitlines())


def test_a_tree() -> None:
    found = router(
        "route:\n"
        "  receiver: a\n"
        "  routes:\n"
        '  - {match: {team: db}, match_re: {env: "p.*"}, matchers: [x!="y", \'z!~"w"\'], continue: true}\n'
        "  - {receiver: b, routes: [{}]}\n"
        "receivers: [{name: a}, {name: b}]\n"
    )
    first, second = found.root.routes
    assert [(one.label, one.operator, one.value) for one in first.matchers] == [
        ("team", "=", "db"), ("env", "=~", "p.*"), ("x", "!=", "y"), ("z", "!~", "w"),
    ]  # fmt: skip
    assert (first.receiver, first.goes_on, str(first.where)) == ("a", True, "am.yml:4")
    assert (second.receiver, second.routes[0].receiver) == ("b", "b")


def test_receivers() -> None:
    found = router(
        "global: {slack_api_url: https://s.example/secret, smtp_smarthost: m, smtp_from: f}\n"
        "route: {receiver: a}\n"
        "receivers:\n"
        "- name: a\n"
        "  slack_configs: [{channel: '#room'}]\n"
        "  pagerduty_configs: [{routing_key_file: /keys/db}, {routing_key: SECRET}]\n"
        "  webhook_configs: [{url: 'https://h.example/x?token=SECRET'}, {url_file: /u}]\n"
        "  email_configs: [{to: a@b.example}]\n"
        "  future_configs: [{api_url: 'https://f.example/y'}, {url: 'https://[bad'}]\n"
        "  other_configs:\n"
        "templates: [/etc/*.tmpl, x]\n"
    )
    ways = found.receivers["a"].integrations
    assert [(one.kind, one.target, one.service) for one in ways] == [
        ("slack", "#room", None),
        ("pagerduty", "/keys/db", "/keys/db"),
        ("pagerduty", None, None),
        ("webhook", "h.example", None),
        ("webhook", "/u", "/u"),
        ("email", "a@b.example", None),
        ("future", "f.example", None),
        ("future", None, None),
    ]
    assert "SECRET" not in repr(found)
    assert "secret" not in repr(found)


def test_time_intervals_and_inhibitions() -> None:
    found = router(
        "route: {receiver: a, routes: [{mute_time_intervals: [old], active_time_intervals: [new]}]}\n"
        "receivers: [{name: a}]\n"
        "mute_time_intervals: [{name: old, time_intervals: [{weekdays: [saturday, 'monday:friday']}]}]\n"
        "time_intervals:\n"
        "- name: new\n"
        "  time_intervals:\n"
        "  - times: [{start_time: '09:00', end_time: '17:00'}]\n"
        "    days_of_month: ['1:5', '-3:-1']\n"
        "    months: ['may:august']\n"
        "    years: ['2026']\n"
        "    location: Europe/Madrid\n"
        "inhibit_rules:\n"
        "- {source_match: {a: b}, target_match_re: {c: d}, source_matchers: [e=f], target_matchers: [g=h], equal: [i]}\n"
    )
    assert found.intervals == {
        "old": (TimeInterval(weekdays=((6, 6), (1, 5))),),
        "new": (
            TimeInterval(
                (TimeRange(540, 1020),), (), ((1, 5), (-3, -1)), ((5, 8),), ((2026, 2026),), "Europe/Madrid"
            ),
        ),
    }  # fmt: skip
    assert found.root.routes[0][4:6] == (("old",), ("new",))
    (one,) = found.inhibitions
    assert [each.label for each in (*one.source, *one.target)] == ["a", "e", "c", "g"]
    assert one.equal == ("i",)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("route: [x]\nreceivers: []\n", "`route` is no mapping"),
        ("route: {}\nreceivers: []\n", "the root route has no receiver"),
        ("route: {receiver: a, match: {x: y}}\nreceivers: [{name: a}]\n", "the root route must match every alert"),
        ("route: {receiver: a, continue: true}\nreceivers: [{name: a}]\n", "the root route cannot go on"),
        ("route: {receiver: a, mute_time_intervals: [x]}\nreceivers: [{name: a}]\n",
         "the root route cannot have time intervals"),
        ("route: {receiver: b}\nreceivers: [{name: a}]\n", "no receiver is called `b`"),
        ("route: {receiver: a}\nreceivers: [{}]\n", "a receiver without a name"),
        ("route: {receiver: a}\nreceivers: [{name: a}, {name: a}]\n", "two receivers `a`"),
        ("route: {receiver: a, routes: [{mute_time_intervals: [x]}]}\nreceivers: [{name: a}]\n",
         "no time interval is called `x`"),
        ("route: {receiver: a, routes: [{matchers: x=y}]}\nreceivers: [{name: a}]\n", "`matchers` is no list"),
        ("route: {receiver: a, routes: [{matchers: [[x]]}]}\nreceivers: [{name: a}]\n", "a matcher that is no text"),
        ("route: {receiver: a, routes: [{match_re: {x: null}}]}\nreceivers: [{name: a}]\n",
         "the pattern of `x` is empty"),
        (PLAIN + "time_intervals: [{}]\n", "a time interval without a name"),
        (PLAIN + "time_intervals: [{name: x}, {name: x}]\n", "two time intervals `x`"),
        (PLAIN + "time_intervals: [{name: x, time_intervals: [{months: [x]}]}]\n", "`x` is not a month"),
        (PLAIN + "global: {slack_api_url: x, slack_api_url_file: y}\n",
         "at most one of `slack_api_url` and `slack_api_url_file` may be set"),
        ("route: {receiver: a}\nreceivers: [{name: a, slack_configs: [{}]}]\n",
         "a slack integration needs `api_url`, or `slack_api_url` in `global`"),
        ("route: {receiver: a}\nreceivers: [{name: a, pagerduty_configs: [{}]}]\n",
         "a pagerduty integration needs one of `routing_key`, `service_key`, `routing_key_file`, `service_key_file`"),
        ("route: {receiver: a}\nreceivers: [{name: a, webhook_configs: [{}]}]\n", "a webhook integration needs `url`"),
        ("route: {receiver: a}\nreceivers: [{name: a, webhook_configs: [{url: x}]}]\n", "`url` is no address of the web"),
        ("route: {receiver: a}\nreceivers: [{name: a, webhook_configs: [{url: x, url_file: y}]}]\n",
         "at most one of `url` and `url_file` may be set"),
    ],
)  # fmt: skip
def test_what_alertmanager_would_refuse(text: str, reason: str) -> None:
    found = read(text)
    assert found.routers == ()
    assert [one.reason for one in found.not_read] == [f"Alertmanager would not load it: {reason}"]


def test_bad_patterns_and_depth() -> None:
    ((pattern),) = read(
        "route: {receiver: a, routes: [{match_re: {x: '('}}]}\nreceivers: [{name: a}]\n"
    ).not_read
    assert pattern.reason.startswith("Alertmanager would not load it: `(` is no pattern of RE2")
    deep = "route: {receiver: a" + ", routes: [{match: {x: y}" * 60 + "}]" * 60
    with pytest.raises(UnreadableError, match="nested deeper than 100 levels"):
        read(deep + "}\nreceivers: [{name: a}]\n")
    sixty = "route: {receiver: a" + ", routes: [{match: {x: y}" * 45 + "}]" * 45
    assert router(sixty + "}\nreceivers: [{name: a}]\n").root.routes


def test_wrappings() -> None:
    encoded = base64.b64encode(PLAIN.encode()).decode()
    texts = [
        "kind: Secret\nstringData:\n  alertmanager.yaml: |\n" + indented(PLAIN, 4),
        f"kind: Secret\ndata:\n  x: '%%'\n  alertmanager.yaml: {encoded}\n",
        "kind: ConfigMap\ndata:\n  other: text\n  am.yml: |\n" + indented(PLAIN, 4),
        "kind: List\nitems:\n- kind: ConfigMap\n  data:\n    am.yml: |\n" + indented(PLAIN, 6),
        "alertmanager:\n  config:\n" + indented(PLAIN, 4),
    ]
    assert [list(router(text).receivers) for text in texts] == [["a"]] * 5
    broken = "kind: ConfigMap\ndata:\n  am.yml: |\n    receivers: [\n    route: x\n"
    ((one),) = read(broken).not_read
    assert one.reason.startswith("the configuration inside it is no YAML: ")


def test_what_is_no_configuration() -> None:
    assert not recognizes(next(documents(b"kind: AlertmanagerConfig\nroute: {}\nreceivers: []\n")))
    assert not recognizes(next(documents(b"a: {b: {c: {d: {e: {route: {}, receivers: []}}}}}\n")))
    assert INGESTER.read is not None
    assert [one.reason for one in INGESTER.read("x", []).not_read] == [
        "it has no `route` and `receivers`"
    ]


@given(
    st.lists(
        st.sampled_from(["route: ", "receivers: ", "receiver: ", "name: ", "a", "routes: ", "match: ", "matchers: ",
                         "x=y", "kind: Secret", "data: ", "{", "}", "[", "]", ", ", "\n", "- ", "time_intervals: ",
                         "inhibit_rules: ", "slack_configs: ", "global: "]),
        max_size=25,
    )
)  # fmt: skip
def test_no_document_is_too_odd(parts: list[str]) -> None:
    try:
        read("".join(parts))
    except UnreadableError as error:
        assert error.reason
