"""AlertmanagerConfig resources: a part of a tree, what it means, and what the operator rejects."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.deployed.model import Deployed, TimeInterval, TimeRange
from registry.deployed.readers.alertmanager import recognizes as is_alertmanager
from registry.deployed.readers.alertmanager_config import READER, recognizes
from registry.source.foreign import UnreadableError, documents

HEAD = "kind: AlertmanagerConfig\nmetadata: {name: c, namespace: n}\nspec:\n"
WHOLE = (
    HEAD + "  route:\n"
    "    receiver: a\n"
    "    routes:\n"
    "    - {receiver: b, continue: true, matchers: [{name: team, value: db, matchType: '!='}],\n"
    "       muteTimeIntervals: [nights], activeTimeIntervals: [days]}\n"
    "    - {matchers: [{name: env, value: p.*, regex: true}, {name: x, value: y}]}\n"
    "  receivers:\n"
    "  - {name: a, slackConfigs: [{channel: '#a'}], pagerdutyConfigs: [{routingKey: {name: s, key: k}}]}\n"
    "  - {name: b, notes: text}\n"
    "  inhibitRules: [{sourceMatch: [{name: s, value: t}], targetMatch: [], equal: [u]}]\n"
    "  muteTimeIntervals:\n"
    "  - name: nights\n"
    "    timeIntervals:\n"
    "    - times: [{startTime: '00:00', endTime: '06:00'}]\n"
    "      weekdays: ['monday:friday']\n"
    "      daysOfMonth: [{start: 1, end: 5}, {start: -1, end: -1}]\n"
    "      months: [may]\n"
    "      years: ['2026']\n"
    "  - {name: days, timeIntervals: [{weekdays: ['monday:friday']}]}\n"
)


def read(text: str) -> Deployed:
    assert READER.read is not None
    return READER.read("c.yml", [one for one in documents(text.encode()) if recognizes(one)])


def reasons(text: str) -> list[str]:
    return [f"{one.where}: {one.reason}" for one in read(text).not_read]


def test_a_whole_one() -> None:
    (router,) = read(WHOLE).routers
    assert (router.part, router.system, router.root.receiver) == (True, "prometheus", "n/c/a")
    (own,) = router.root.matchers
    assert (own.label, own.operator, own.value, router.root.goes_on) == (
        "namespace",
        "=",
        "n",
        True,
    )
    first, second = router.root.routes
    assert (first.receiver, first.goes_on, first.muted, first.active) == (
        "n/c/b", True, ("nights",), ("days",),
    )  # fmt: skip
    assert second.receiver == "n/c/a"
    assert [(one.label, one.operator, one.value) for one in (*first.matchers, *second.matchers)] == [
        ("team", "!=", "db"), ("env", "=~", "p.*"), ("x", "=", "y"),
    ]  # fmt: skip
    assert [(one.kind, one.target) for one in router.receivers["n/c/a"].integrations] == [
        ("slack", "#a"), ("pagerduty", "s/k"),
    ]  # fmt: skip
    assert router.intervals["nights"] == (
        TimeInterval(
            (TimeRange(0, 360),), ((1, 5),), ((1, 5), (-1, -1)), ((5, 5),), ((2026, 2026),)
        ),
    )
    (inhibition,) = router.inhibitions
    assert [one.label for one in inhibition.source] == ["namespace", "s"]
    assert reasons(WHOLE) == []
    assert not is_alertmanager(next(documents(WHOLE.encode())))


def test_a_namespace_that_is_not_written_may_be_any() -> None:
    (router,) = read(WHOLE.replace(", namespace: n", "")).routers
    assert (router.root.matchers[0].operator, router.root.matchers[0].value) == ("=~", ".+")
    assert router.root.receiver == "?/c/a"


def test_a_list() -> None:
    item = "".join(f"  {line}\n" for line in WHOLE.splitlines()).replace("  kind", "- kind", 1)
    assert len(read(f"kind: List\nitems:\n{item}").routers) == 1


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (HEAD + "  route: {receiver: b}\n  receivers: [{name: a}]\n", "c.yml:4: the operator rejects it: no receiver `b`"),
        (HEAD + "  route: {groupBy: [a]}\n", "c.yml:4: the operator rejects it: its route has no receiver"),
    ],
)  # fmt: skip
def test_what_the_operator_rejects(text: str, reason: str) -> None:
    assert read(text).routers == ()
    assert reasons(text) == [reason]


def test_a_part_without_a_route_only_inhibits() -> None:
    spec = "  inhibitRules: [{sourceMatch: [{name: s, value: t}], targetMatch: []}]\n"
    (router,) = read(HEAD + spec).routers
    assert (router.root.receiver, len(router.inhibitions), router.own) == ("", 1, 1)
    victoria = HEAD.replace("Alert", "VMAlert")
    spec = "  inhibit_rules: [{source_matchers: [s=t], target_matchers: []}]\n"
    assert len(read(victoria + spec).routers[0].inhibitions) == 1
    found = read(HEAD + "  receivers: []\n")
    assert (found.routers, [one.what for one in found.skipped]) == (
        (), ["AlertmanagerConfigs with neither a route nor inhibitions"],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("spec", "reason"),
    [
        ("  route: {receiver: a, routes: [{matchers: [{name: x, value: '(', matchType: =~}]}]}\n", "missing )"),
        ("  route: {receiver: a, muteTimeIntervals: [t]}\n", "no time interval `t`"),
        ("  route: {receiver: a, routes: {}}\n", "`routes` is no list"),
        ("  route: {receiver: a}\n  timeIntervals: [{name: t, timeIntervals: [{months: [x]}]}]\n", "x"),
        ("  route: {receiver: a}\n  timeIntervals: [{name: t, timeIntervals: [{location: Nowhere}]}]\n", "Nowhere"),
        ("  route: {receiver: a, matchers: [{name: x, matchType: ''}]}\n", "is an empty text, and no operator"),
        ("  route: {receiver: a, routes: [{matchers: ['x=y']}]}\n", "`matchers` has an item of the wrong kind"),
        ("  route: {receiver: a, routes: [{groupBy: [x, x]}]}\n", "`groupBy` has `x` twice"),
        ("  route: {receiver: a, groupBy: ['...', x]}\n", "`groupBy` has `...` and other labels at once"),
        ("  route: {receiver: a, groupWait: 5, groupInterval: ''}\n", "`groupWait` is no duration"),
        ("  route: {receiver: a, repeatInterval: 0s}\n", "`repeatInterval` cannot be zero"),
        ("  route: {receiver: a}\n  timeIntervals: [{timeIntervals: []}]\n", "a time interval without a name"),
        ("  route: {receiver: a}\n  timeIntervals: [{name: t}, {name: t}]\n", "two time intervals `t`"),
        ("  route: {receiver: a}\n  timeIntervals: [{name: t, timeIntervals: [{daysOfMonth: [{start: 5}]}]}]\n", "`5:0`"),
    ],
)  # fmt: skip
def test_one_flaw_and_the_operator_rejects_the_whole(spec: str, reason: str) -> None:
    (told,) = reasons(HEAD + spec + "  receivers: [{name: a}]\n")
    assert "the operator rejects it: " in told
    assert reason in told
    assert read(HEAD + spec + "  receivers: [{name: a}]\n").routers == ()


@pytest.mark.parametrize(
    ("receivers", "reason"),
    [
        ("[{slackConfigs: []}]", "a receiver without a name"),
        ("[{name: a}, {name: a}]", "two receivers `a`"),
        ("[{name: a, emailConfigs: [{}]}]", "`emailConfigs` without `to`"),
        ("[{name: a, webhookConfigs: [{}]}]", "`webhookConfigs` without `url`"),
        ("[{name: a, pagerdutyConfigs: [{}]}]", "`pagerdutyConfigs` without `routingKey`"),
        ("[{name: a, emailConfigs: [{to: ''}]}]", "`emailConfigs` without `to`"),
        ("[{name: a, victoropsConfigs: [{}]}]", "`victoropsConfigs` without `routingKey`"),
        ("[{name: a, pushoverConfigs: [{userKeyFile: x}]}]", "`pushoverConfigs` without `token`"),
        ("[{name: a, telegramConfigs: [{}]}]", "`telegramConfigs` without `chatID`"),
        ("[{name: a, snsConfigs: [{}]}]", "`snsConfigs` without `topicARN`"),
        ("[{name: a, webhookConfigs: [{url: h.example}]}]", "`url` is no address of the web"),
        ("[{name: a, weChatConfigs: [{apiURL: h.example}]}]", "`apiURL` is no address of the web"),
    ],
)
def test_receivers_that_the_operator_rejects(receivers: str, reason: str) -> None:
    (told,) = reasons(f"{HEAD}  route: {{receiver: a}}\n  receivers: {receivers}\n")
    assert told.endswith(f"the operator rejects it: {reason}")


def test_where_receivers_lead() -> None:
    ways = (
        "webhookConfigs: [{url: 'https://hooks.example/s3cret'}, {urlSecret: {name: s, key: k}}, {url: 'http://[{{ x }}'}],"
        "emailConfigs: [{to: a@b.example}], pagerdutyConfigs: [{serviceKey: {name: s}}]"
    )
    (router,) = read(
        f"{HEAD}  route: {{receiver: a}}\n  receivers: [{{name: a, {ways}}}]\n"
    ).routers
    assert [(one.kind, one.target) for one in router.receivers["n/c/a"].integrations] == [
        ("webhook", "hooks.example"), ("webhook", None), ("webhook", None), ("email", "a@b.example"),
        ("pagerduty", "s/"),
    ]  # fmt: skip


def test_the_resource_of_the_other_operator() -> None:
    """VictoriaMetrics writes Alertmanager's own fields, and texts as matchers."""
    (router,) = read(
        "kind: VMAlertmanagerConfig\nmetadata: {name: c, namespace: n}\nspec:\n"
        "  route:\n"
        "    receiver: a\n"
        "    routes: [{receiver: a, matchers: ['team=~d.*', x!=y], mute_time_intervals: [t]}]\n"
        "  receivers: [{name: a, slack_configs: [{channel: '#a'}]}]\n"
        "  time_intervals:\n"
        "  - {name: t, time_intervals: [{times: [{start_time: '00:00', end_time: '06:00'}], days_of_month: ['1:5']}]}\n"
        "  inhibit_rules: [{source_matchers: [s=t], target_matchers: [s=u], equal: [v]}]\n"
    ).routers
    assert (router.root.receiver, router.root.routes[0].muted) == ("n-c-a", ("t",))
    assert [one.operator for one in router.root.routes[0].matchers] == ["=~", "!="]
    assert router.receivers["n-c-a"].integrations[0].target == "#a"
    assert router.intervals["t"] == (TimeInterval((TimeRange(0, 360),), (), ((1, 5),)),)
    assert [one.label for one in router.inhibitions[0].source] == ["namespace", "s"]


@pytest.mark.parametrize(
    ("spec", "reason"),
    [
        (
            "route: {receiver: a, matchers: [{name: x, value: y}]}",
            "`matchers` has an item of the wrong kind",
        ),
        ("route: {receiver: a, matchers: [x]}", "x"),
        ("route: {receiver: a, group_wait: 5}", "`group_wait` is no duration"),
        ("route: {receiver: a, mute_time_intervals: [t]}", "no time interval `t`"),
        ("route: {receiver: b, routes: }", "no receiver `b`"),
        (
            "route: {receiver: a}, inhibit_rules: [{source_matchers: x}]",
            "`source_matchers` is no list",
        ),
    ],
)
def test_what_the_other_operator_rejects(spec: str, reason: str) -> None:
    text = f"kind: VMAlertmanagerConfig\nmetadata: {{name: c}}\nspec: {{receivers: [{{name: a}}], {spec}}}\n"
    (told,) = reasons(text)
    assert "the operator rejects it: " in told
    assert reason in told
    assert read(text).routers == ()


def test_a_plain_text_beside_pushovers_message() -> None:
    ways = "pushoverConfigs: [{userKey: {name: s, key: k}, token: {name: s, key: t}, url: plain}]"
    text = f"{HEAD}  route: {{receiver: a}}\n  receivers: [{{name: a, {ways}}}]\n"
    (router,) = read(text).routers
    assert [one.kind for one in router.receivers["n/c/a"].integrations] == ["pushover"]


def test_an_operator_that_yaml_takes_for_a_tag() -> None:
    text = HEAD + (
        "  route:\n"
        "    receiver: a\n"
        "    routes:\n"
        "    - matchers:\n"
        "      - name: x\n"
        "        matchType: !=\n"
        "        value: y\n"
        "  receivers: [{name: a}]\n"
    )
    assert reasons(text) == [
        "c.yml:8: `matchType: !=` without quotes is an empty text: it counts as `=`"
    ]
    (router,) = read(text).routers
    assert router.root.routes[0].matchers[0].operator == "="


@given(
    st.lists(
        st.sampled_from(["kind: AlertmanagerConfig\n", "spec: ", "route: ", "receiver: ", "routes: ", "matchers: ",
                         "name: ", "a", "{", "}", "[", "]", ", ", "\n", "\n  ", "- ", "inhibitRules: ",
                         "muteTimeIntervals: ", "timeIntervals: ", "receivers: "]),
        max_size=25,
    )
)  # fmt: skip
def test_no_document_is_too_odd(parts: list[str]) -> None:
    try:
        read("".join(parts))
    except UnreadableError as error:
        assert error.reason
