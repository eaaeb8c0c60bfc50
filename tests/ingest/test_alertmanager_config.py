"""AlertmanagerConfig resources: a part of a tree, what it means, and what the operator rejects."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.deployed import Deployed, TimeInterval, TimeRange
from registry.ingest.alertmanager import recognizes as is_alertmanager
from registry.ingest.alertmanager_config import INGESTER, recognizes
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
    "      daysOfMonth: [{start: 1, end: 5}, {start: -1}]\n"
    "      months: [may]\n"
    "      years: ['2026']\n"
)


def read(text: str) -> Deployed:
    assert INGESTER.read is not None
    return INGESTER.read("c.yml", [one for one in documents(text.encode()) if recognizes(one)])


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
        ("slack", "#a"), ("pagerduty", None),
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
        (HEAD + "  receivers: []\n", "c.yml:1: an AlertmanagerConfig without a route"),
        (HEAD + "  route: {receiver: b}\n  receivers: [{name: a}]\n", "c.yml:4: the operator rejects it: no receiver `b`"),
        (HEAD + "  route: {groupBy: [a]}\n", "c.yml:4: the operator rejects it: its route has no receiver"),
    ],
)  # fmt: skip
def test_what_the_operator_rejects(text: str, reason: str) -> None:
    assert read(text).routers == ()
    assert reasons(text) == [reason]


def test_parts_that_the_operator_rejects() -> None:
    text = HEAD + (
        "  route: {receiver: a, routes: [{matchers: [{name: x, value: '(', matchType: =~}]}]}\n"
        "  receivers: [{name: a}]\n"
        "  timeIntervals: [{name: t, timeIntervals: [{months: [x], location: Nowhere}]}]\n"
    )
    assert [one.split(":")[2].strip() for one in reasons(text)] == ["the operator rejects it"] * 3
    assert len(read(text).routers) == 1


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
