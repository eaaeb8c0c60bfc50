"""Scores over time, and the alerts that they would have fired."""

import json
from pathlib import Path

import pytest

from registry.clock.tzif import SECOND
from registry.model.metrics import When
from registry.traces.playing import PlayedCondition, Score, condition_of, fired
from registry.traces.quality import NotPlayed, PlayedAlert, Quality
from registry.traces.quality_answer import quality_answer
from registry.workspace.policy import builtin
from tests.traces.record import attributes, checked, line, span, table, unread

MINUTE = 60 * SECOND
POLICY = """
fields:
  tenant: {group: slice, attribute: assistant.tenant}
metrics:
  groundedness:
    bucket: quality
    response: page
    measured: {sample: 50%, window: 10m}
  helpful-ness: {bucket: quality, response: ticket, measured: {window: 10m}}
  health:
    bucket: quality
    response: ticket
    composed_of: [{metric: groundedness, weight: 0.5}, {metric: helpful-ness, weight: 0.5}]
    measured: {window: 10m}
  loop: {bucket: quality, response: ticket, composed_of: [{metric: loop, weight: 1}]}
  speed: {bucket: reliability, response: ticket}
alerts:
  low: {metric: groundedness, severity: sev2, response: page, when: {below: 0.5, for: 2m}, debounce: 5m}
  low-for-one: {metric: groundedness, severity: sev3, response: ticket, when: {below: 50%}, slice: {tenant: t1}}
  promql: {metric: groundedness, severity: sev3, response: ticket, when: {expr: up > 1}}
  unslit: {metric: groundedness, severity: sev3, response: ticket, when: {below: 0.5}, slice: {other: x}}
  health-low: {metric: health, severity: sev3, response: ticket, when: {below: 0.9}}
  slow: {metric: speed, severity: sev3, response: ticket, when: {above: 8}}
"""


def scored(
    number: int, at: float, value: float, name: str = "Groundedness", tenant: str = "t1"
) -> object:
    given = attributes({"gen_ai.evaluation.name": name, "gen_ai.evaluation.score.value": value})
    event = {"name": "gen_ai.evaluation.result", "timeUnixNano": "0", "attributes": given}
    fine = attributes(
        {"gen_ai.evaluation.name": "Helpful_ness", "gen_ai.evaluation.score.value": 1}
    )
    own = {"assistant.tenant": tenant}
    return span(
        number, number, None, "ask", own, at=at, events=[event, {**event, "attributes": fine}]
    )


def quality(tmp_path: Path, *spans: object) -> Quality:
    found = checked(tmp_path, POLICY, line(*spans))
    return Quality(found.recording, found.workspace, found.facts.totals[0])


def test_windows_and_what_is_sampled(tmp_path: Path) -> None:
    found = quality(
        tmp_path, scored(1, 0, 0.8), scored(2, 60, 0.4), scored(3, 660, 0.2, "ground edness"),
        scored(4, 700, 0.1, "groundedness"), *[span(one, one) for one in range(5, 60)],
    )  # fmt: skip
    metrics = {one.metric: one for one in found.metrics()}
    assert list(metrics) == ["groundedness", "helpful-ness", "health", "loop"]
    one = metrics["groundedness"]
    assert (one.scores, round(one.mean or 0, 6), one.bad, one.threshold) == (
        3,
        0.433333,
        2,
        "below 0.5",
    )
    assert (one.judged, one.traces, one.declared, one.differs) == (3, 59, "50%", True)
    assert [(each.scores, round(each.mean, 6), each.bad) for each in one.windows] == [
        (2, 0.6, 1),
        (1, 0.1, 1),
    ]
    assert one.windows[0].end - one.windows[0].start == 10 * MINUTE
    health = metrics["health"]
    assert [(each.scores, round(each.mean, 6)) for each in health.windows] == [(1, 0.8), (1, 0.55)]
    assert (metrics["loop"].scores, metrics["loop"].mean) == (0, None)
    assert metrics["helpful-ness"].scores == 4
    assert not metrics["helpful-ness"].differs
    assert found.strangers == (("ground edness", 1),)


def test_all_are_asked_for_and_one_is_not_judged(tmp_path: Path) -> None:
    text = POLICY.replace("sample: 50%", "sample: 1")
    found = checked(tmp_path, text, line(scored(1, 0, 1.0), span(2, 2)))
    one = Quality(found.recording, found.workspace, 2).metrics()[0]
    assert (one.judged, one.differs) == (1, True)


def test_alerts_are_played(tmp_path: Path) -> None:
    found = quality(
        tmp_path, scored(1, 0, 0.9), scored(2, 60, 0.1), scored(3, 120, 0.1, tenant="t2"),
        scored(4, 7200, 0.9),
    )  # fmt: skip
    played = list(found.played())
    firings = [
        (one.alert, (one.at - found.scores("groundedness")[0].at) // MINUTE)
        for one in played
        if isinstance(one, PlayedAlert)
    ]
    assert firings == [("low", 4), ("low", 9), ("low-for-one", 10), ("health-low", 10)]
    assert [(one.alert, one.why) for one in played if isinstance(one, NotPlayed)] == [
        ("promql", "its condition is PromQL, which needs the monitoring system"),
        ("unslit", "no attribute carries `other`, which its slice names"),
    ]


def level(**given: object) -> PlayedCondition | str:
    return condition_of(When.model_validate(given), False)


def test_conditions_that_cannot_be_played() -> None:
    assert condition_of(None, False) == "it has no `when`"
    assert level(drops_by="10%") == "its `drops_by` does not say `over` how long"


@pytest.mark.parametrize(
    ("given", "in_percent", "limit", "is_share"),
    [
        ({"above": 8}, False, 8, False),
        ({"below": "90%"}, False, 0.9, False),
        ({"below": "90%"}, True, 90, False),
        ({"drops_by": "10%", "over": "1h"}, True, 0.1, True),
        ({"rises_by": 3, "over": "1h"}, False, 3, False),
    ],
)
def test_limits(given: dict[str, object], in_percent: bool, limit: float, is_share: bool) -> None:
    found = condition_of(When.model_validate(given), in_percent)
    assert isinstance(found, PlayedCondition)
    assert (found.limit, found.is_share) == (limit, is_share)


def played(
    given: dict[str, object], values: dict[int, float], window: int = 1, debounce: int = 0
) -> list[int]:
    """Play minutes with one score each; return the minutes at which it was sent."""
    condition = level(**given)
    assert isinstance(condition, PlayedCondition)
    scores = [Score(at * MINUTE, value) for at, value in values.items()]
    return [at // MINUTE for at, _ in fired(condition, scores, window * MINUTE, debounce * MINUTE)]


@pytest.mark.parametrize(
    ("given", "values", "window", "debounce", "sent"),
    [
        ({"above": 1}, {}, 1, 0, []),
        ({"above": 1}, {1: 2, 2: 2, 3: 0, 4: 2}, 1, 0, [1, 4]),
        ({"above": 1, "for": "1m"}, {1: 2, 2: 2, 3: 0, 4: 2, 5: 2, 6: 2}, 1, 0, [2, 5]),
        ({"above": 1}, {1: 2, 2: 2, 3: 0, 4: 2, 5: 2}, 1, 4, [1, 5]),
        ({"above": 1}, {1: 2, 2: 2, 3: 2, 4: 2, 5: 2}, 1, 2, [1, 3, 5]),
        ({"above": 1}, {1: 2, 100: 2}, 1, 0, [1, 100]),
        ({"above": 1, "for": "3m"}, {1: 2, 2: 2, 100: 2, 101: 2}, 1, 0, []),
        ({"above": 1}, {1: 0, 2: 4}, 2, 0, [2]),
        ({"below": 1}, {1: 1}, 1, 0, []),
        ({"drops_by": 2, "over": "2m"}, {1: 5, 2: 5, 3: 2}, 1, 0, [3]),
        ({"drops_by": "50%", "over": "2m"}, {1: 5, 2: 5, 3: 2.5, 4: 1}, 1, 0, [4]),
        ({"rises_by": "50%", "over": "2m"}, {1: 2, 2: 2, 3: 4}, 1, 0, [3]),
        ({"rises_by": 1, "over": "2m"}, {1: 2}, 1, 0, []),
    ],
)  # fmt: skip
def test_playing(
    given: dict[str, object], values: dict[int, float], window: int, debounce: int, sent: list[int]
) -> None:
    assert played(given, values, window, debounce) == sent


def test_what_is_odd_is_told(tmp_path: Path) -> None:
    found = checked(
        tmp_path, POLICY + "people: {}\n",
        line(*[scored(one, one * 60, 0.1) for one in range(1, 5)], scored(9, 700, 0.1, "ask jo@acme.example"),
             scored(10, 700, 0.1, "tone"), *[span(one, one) for one in range(20, 40)]),
    )  # fmt: skip
    answer = quality_answer(found, builtin("production"), "UTC")
    assert (
        "`groundedness`: 4 of 26 traces have a score (15.38%), and the policy says 50%"
        in answer.lines
    )
    assert "`loop` has no score in this record" in answer.lines
    assert "1 score of an evaluation of an odd name, which is no metric here" in answer.lines
    assert "1 score of `tone`, which is no metric here" in answer.lines
    assert (
        "`promql` is not played: its condition is PromQL, which needs the monitoring system"
        in answer.lines
    )
    assert [row[0] for row in answer.tables[2].rows][:1] == ["low"]


def test_without_a_trace_there_is_no_share(tmp_path: Path) -> None:
    given = '{"key": "groundedness", "score": 0.5, "run_id": "r1", "created_at": "2026-11-20T09:00:00Z"}'
    found = checked(tmp_path, POLICY, given)
    answer = quality_answer(found, builtin("production"), "UTC")
    assert (
        "`groundedness`: 1 of 0 traces have a score (none), and the policy says 50%"
        not in answer.lines
    )
    assert found.is_partial


ODD = [True, "good", "NaN", "Infinity", "0_5", 2**53]


@pytest.mark.parametrize("value", ODD)
def test_a_score_that_is_no_number_is_told(tmp_path: Path, value: object) -> None:
    given = attributes({"gen_ai.evaluation.name": "tone", "gen_ai.evaluation.score.value": value})
    event = {"name": "gen_ai.evaluation.result", "timeUnixNano": "0", "attributes": given}
    own = {"gen_ai.evaluation.name": "tone", "gen_ai.evaluation.score.value": value}
    found = checked(
        tmp_path, POLICY, line(scored(1, 0, 0.8)),
        line(span(2, 2, None, "ask", events=[event, event]), span(3, 3, None, "judge", own)),
    )  # fmt: skip
    assert unread(found) == [(2, "a score that is no number, or beyond 2^53", 3)]
    assert found.is_partial
    assert len(table(found, "scores")) == 2


def test_a_score_that_no_double_holds_is_told(tmp_path: Path) -> None:
    given = {"gen_ai.evaluation.name": "tone", "gen_ai.evaluation.score.value": 0.125}
    huge = line(span(1, 1, None, "judge", given)).replace("0.125", "1e400")
    found = checked(tmp_path, POLICY, huge)
    assert unread(found) == [(1, "a score that is no number, or beyond 2^53", 1)]
    assert found.is_partial


@pytest.mark.parametrize("value", ODD)
def test_feedback_that_is_no_number_is_told(tmp_path: Path, value: object) -> None:
    given = {"key": "tone", "run_id": "r1", "created_at": "2026-11-20T09:00:00Z"}
    lines = [json.dumps({**given, "score": one}) for one in (0.5, value, None, "0.25")]
    found = checked(tmp_path, POLICY, *lines)
    assert unread(found) == [(2, "a score that is no number, or beyond 2^53", 1)]
    assert sorted(row[4] for row in table(found, "scores")) == [0.25, 0.5]
