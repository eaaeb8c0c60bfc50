"""Alertmanager's configuration in every wrapping, with its places, and what it would refuse."""

import base64
import builtins
import csv
import glob
import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.deployed.model import Deployed, Router, Skipped, TimeInterval, TimeRange
from registry.deployed.readers.alertmanager import READER, recognizes
from registry.deployed.routing.tree import matched, walk
from registry.source.foreign import UnreadableError, documents
from tests.conftest import HOSTILE

PLAIN = "route: {receiver: a}\nreceivers: [{name: a}]\n"


def read(text: str) -> Deployed:
    assert READER.read is not None
    return READER.read("am.yml", [one for one in documents(text.encode()) if recognizes(one)])


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
        "global: {slack_api_url: https://s.example/secret, smtp_smarthost: 'm:25', smtp_from: f}\n"
        "route: {receiver: a}\n"
        "receivers:\n"
        "- name: a\n"
        "  slack_configs: [{channel: '#room'}]\n"
        "  pagerduty_configs: [{routing_key_file: /keys/db}, {routing_key: SECRET}]\n"
        "  webhook_configs: [{url: 'https://h.example/x?token=SECRET'}, {url_file: /u}]\n"
        "  email_configs: [{to: a@b.example}]\n"
        "  future_configs: [{api_url: 'https://f.example/y'}, {url: 'https://[{{ x }}'}, {}]\n"
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
        ("route: {receiver: a, routes: [{matchers: [[x]]}]}\nreceivers: [{name: a}]\n", "`matchers` is no text"),
        ("route: {receiver: a, routes: [{match_re: {x: null}}]}\nreceivers: [{name: a}]\n",
         "the pattern of `x` is empty"),
        (PLAIN + "time_intervals: [{}]\n", "a time interval without a name"),
        (PLAIN + "time_intervals: [{name: x}, {name: x}]\n", "two time intervals `x`"),
        (PLAIN + "time_intervals: [{name: x, time_intervals: [{months: [x]}]}]\n", "`x` is not a month"),
        (PLAIN + "global: {slack_api_url: 'http://x', slack_api_url_file: y}\n",
         "at most one of `slack_api_url` and `slack_api_url_file` may be set"),
        ("route: {receiver: a}\nreceivers: [{name: a, slack_configs: [{}]}]\n",
         "a slack integration needs `api_url`, or `slack_api_url` in `global`"),
        ("route: {receiver: a}\nreceivers: [{name: a, pagerduty_configs: [{}]}]\n",
         "a pagerduty integration needs one of `routing_key`, `service_key`, `routing_key_file`, `service_key_file`"),
        ("route: {receiver: a}\nreceivers: [{name: a, webhook_configs: [{}]}]\n", "a webhook integration needs `url`"),
        ("route: {receiver: a}\nreceivers: [{name: a, webhook_configs: [{url: x}]}]\n", "`url` is no address of the web"),
        ("route: {receiver: a}\nreceivers: [{name: a, webhook_configs: [{url: 'http://x', url_file: y}]}]\n",
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
    assert one.reason.startswith("`am.yml` inside it is no YAML: ")


def test_texts_that_hold_texts_keep_their_lines() -> None:
    argo = (
        "kind: Application\nspec:\n  source:\n    helm:\n      values: |\n"
        "        alertmanager:\n          config:\n" + indented(PLAIN, 12)
    )
    found = router(argo)
    assert (str(found.where), str(found.root.where)) == ("am.yml:8", "am.yml:8")
    mimir = "alertmanager_config: |\n" + indented(PLAIN, 2)
    assert str(router(mimir).receivers["a"].where) == "am.yml:3"
    assert read(
        'kind: Secret\nstringData: {am.json: \'{"route":{"receiver":"a"},"receivers":[]}\'}\n'
    ).not_read
    assert not recognizes(next(documents(b"notes: the route and the receivers\n")))


def test_whose_the_others_are() -> None:
    managed = "alertmanager_config: {route: {receiver: a}, receivers: [{name: a, grafana_managed_receiver_configs: []}]}"
    assert not recognizes(next(documents(managed.encode())))
    resource = "kind: VMAlertmanagerConfig\nspec:\n" + indented(PLAIN, 2)
    assert not recognizes(next(documents(resource.encode())))


def test_an_inhibition_of_sources() -> None:
    one = (
        PLAIN
        + "inhibit_rules: [{sources: [{matchers: [a=b], equal: [c]}], target_matchers: [d=e]}]\n"
    )
    (found,) = router(one).inhibitions
    assert [each.label for each in (*found.source, *found.target)] == ["a", "d"]
    assert found.equal == ("c",)
    two = read(PLAIN + "inhibit_rules: [{sources: [{matchers: [a=b]}, {matchers: [c=d]}]}]\n")
    assert [one.reason for one in two.not_read] == [
        "an inhibition that needs several sources at once"
    ]
    assert two.routers[0].inhibitions == ()
    assert (
        read(PLAIN + "inhibit_rules: [{sources: [{matchers: [a=b]}], equal: [c]}]\n").routers == ()
    )


def test_the_machine_s_own_zone() -> None:
    found = read(PLAIN + "time_intervals: [{name: n, time_intervals: [{location: Local}]}]\n")
    assert found.routers[0].intervals["n"][0].zone == "UTC"
    assert [one.reason for one in found.not_read] == [
        "`Local` is the zone of Alertmanager's machine, and taken for UTC"
    ]


def test_what_is_no_configuration() -> None:
    assert not recognizes(next(documents(b"kind: AlertmanagerConfig\nroute: {}\nreceivers: []\n")))
    deep = b"{x: " * 9 + b"{route: {}, receivers: []}" + b"}" * 9
    assert not recognizes(next(documents(deep)))
    assert not recognizes(next(documents(b"a: {route: {receiver: b}}\n")))
    assert READER.read is not None
    assert [one.reason for one in READER.read("x", []).not_read] == [
        "it has no `route` and `receivers`"
    ]


NEWER = {
    "conf.mattermost-default-webhook-url-file.yml": "Mattermost came after 0.28",
    "conf.mattermost-default-webhook-url.yml": "Mattermost came after 0.28",
    "conf.smtp-password-global-and-local.yml": "`smtp_force_implicit_tls` came after 0.28",
    "conf.telegram-default-bot-token-file.yml": "global Telegram tokens came after 0.28",
    "conf.telegram-default-bot-token.yml": "global Telegram tokens came after 0.28",
    "conf.wechat-default-api-secret-file.yml": "files of WeChat secrets came after 0.28",
    "route_labels.yml": "routes with labels came after 0.28",
    "simple.yml": "`tracing` came after 0.28",
}
"""Configurations that amtool 0.28.1 refuses because they are of a later version: they are read."""


@pytest.mark.corpus
def test_real_configurations_are_loaded_or_refused_as_by_amtool(corpus: Path) -> None:
    with (corpus / "ground_truth" / "alertmanager_configs.csv").open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if (corpus / row["config"]).is_file()]
    assert len(rows) == 69
    newer: set[str] = set()
    for row in rows:
        found = read((corpus / row["config"]).read_text(encoding="utf-8"))
        base = row["config"].rpartition("/")[2]
        if base in NEWER:
            newer.add(base)
            assert row["check_028"] == "False"
            assert len(found.routers) == 1, (base, found.not_read)
        elif row["check_028"] == "False":
            assert found.routers == (), base
            (reason,) = found.not_read
            assert reason.reason.startswith("Alertmanager would not load it: ")
            continue
        (tree,) = found.routers
        receivers = tree.receivers
        used = {one.receiver for one in walk(tree.root)}
        silent = {name for name, one in receivers.items() if not one.integrations}
        assert (len(list(walk(tree.root))), len(receivers)) == (
            int(row["routes"]),
            int(row["receivers"]),
        )
        assert silent == set(json.loads(row["receivers_without_integration"])), base
        assert set(receivers) - used == set(json.loads(row["receivers_unreferenced"])), base
    assert newer == set(NEWER)


def hostile(name: str) -> Deployed:
    return read((HOSTILE / name).read_text(encoding="utf-8"))


def test_hostile_configurations() -> None:
    (shadowed,) = hostile("a02_am_shadowed.yml").routers
    assert [one.receiver for one in matched(shadowed.root, {"severity": "page"})] == ["default"]
    (blackhole,) = hostile("a03_am_blackhole.yml").routers
    assert [one.integrations for one in blackhole.receivers.values()] == [(), ()]
    (negative,) = hostile("a05_am_negative_matcher.yml").routers
    assert [one.receiver for one in matched(negative.root, {"severity": "page"})] == ["default"]
    (inhibiting,) = hostile("a06_am_inhibit_all.yml").routers
    (rule,) = inhibiting.inhibitions
    assert (rule.source[0].operator, rule.source[0].value, rule.equal) == ("=~", ".*", ())


def test_nothing_that_a_configuration_names_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    text = (HOSTILE / "a08_am_include_glob.yml").read_text(encoding="utf-8")

    def refuse(*arguments: object, **_: object) -> None:
        raise AssertionError(arguments)

    for module, function in ((os, "open"), (os, "scandir"), (glob, "glob"), (builtins, "open")):
        monkeypatch.setattr(module, function, refuse)
    found = read(text)
    assert found.skipped == (Skipped("am.yml", "templates of notifications", 3),)
    assert len(found.routers) == 1


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
