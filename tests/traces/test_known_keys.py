"""Lines whose keys are known are read column by column, and say what they say span by span."""

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest

from registry.traces import batches, decode, recorder
from registry.traces.check import CheckedTraces
from registry.traces.conventions import EVALUATION
from registry.traces.decode import AnyValue, KnownKeys, ValueReader
from registry.traces.tables import TABLES
from tests.traces.record import LLM, NINE, attributes, checked, line, span, table, unread

POLICY = """
spans:
  ask: {match: {name: "POST /.*"}}
  llm: {match: {gen_ai.operation.name: [chat]}, fields: [model], within: [ask]}
fields:
  model: {group: model, attribute: gen_ai.request.model}
  tenant: {group: slice, attribute: assistant.tenant}
  user: {group: slice, attribute: assistant.user, classification: personal, redaction: hash}
  prompt: {group: input, attribute: assistant.prompt, classification: content, redaction: drop}
budgets:
  one: {scope: {tenant: t1}, limit: 1, unit: USD, per: 1d}
metrics:
  groundedness: {bucket: quality, response: ticket}
"""
HASH = "9f86d081884c7d659a2feaa0c55ad015"
CALL = {**LLM, "gen_ai.usage.cache_read.input_tokens": 3}
OUTCOME = {"gen_ai.evaluation.name": "groundedness", "gen_ai.evaluation.score.value": 0.5}
EVENT = {"name": EVALUATION, "attributes": attributes(OUTCOME)}


def test_a_line_of_known_keys_says_what_the_first_one_said(tmp_path: Path) -> None:
    asked = {"assistant.tenant": "t1", "assistant.user": HASH, "other.key": "x"}
    resource = {"service.name": "assistant"}
    lines = [
        line(span(trace, 1, None, "POST /ask", asked), span(trace, 2, 1, "chat", CALL),
             span(trace, 3, 1, "x", OUTCOME), span(trace, 4, 1, "y", events=[EVENT]), resource=resource)
        for trace in (1, 2)
    ]  # fmt: skip
    found = checked(tmp_path, POLICY, *lines)
    for name, number in {"spans": 8, "calls": 2, "slices": 2, "scores": 4}.items():
        rows = table(found, name)
        assert len(rows) == number
        half = number // 2
        assert [row[1:] for row in rows[:half]] == [row[1:] for row in rows[half:]], name
    assert table(found, "contents") == []
    assert {name: one.number for name, one in found.recording.undeclared.items()} == {
        "other.key": 2,
        "gen_ai.evaluation.name": 4,
        "gen_ai.evaluation.score.value": 4,
    } | {key: 2 for key in CALL if key.startswith("gen_ai.usage")}


TWICE: list[dict[str, Any]] = [
    {"gen_ai.operation.name": "invoke_agent", "gen_ai.usage.input_tokens": 9},
    {"gen_ai.operation.name": "chat", "gen_ai.usage.input_tokens": "a lot"},
    {"gen_ai.operation.name": "chat", "gen_ai.usage.input_tokens": 5.0},
    {"gen_ai.operation.name": "", "gen_ai.usage.input_tokens": 10**18},
    {"gen_ai.operation.name": "embeddings", "gen_ai.usage.input_tokens": 7},
]
"""Spans of the same keys of which one is read otherwise than the next."""


def test_of_spans_with_the_same_keys_each_counts_for_itself(tmp_path: Path) -> None:
    first = line(*(span(1, one, None, "x", TWICE[0]) for one in (1, 2)))
    found = checked(
        tmp_path, POLICY, first, line(*(span(2, 9 - at, None, "x", one) for at, one in enumerate(TWICE)))
    )  # fmt: skip
    assert [(row[1][-1], *row[3:]) for row in table(found, "calls")] == [
        ("5", 1, None, 7, None, None, 0),
        ("6", 0, None, 10**18, None, None, 0),
        ("7", 0, None, 5, None, None, 0),
        ("8", 0, None, None, None, None, 1),
    ]
    assert found.recording.odd_tokens == 1


@pytest.mark.parametrize(("many", "most"), [(3, 100), (100, 3), (100, 100)])
def test_spans_that_wait_for_others_say_what_they_say_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, many: int, most: int
) -> None:
    kinds = [{"assistant.tenant": "t1", "assistant.user": "jo"}, CALL, OUTCOME, {"x": 1}]
    lines = [
        line(*(span(trace, at, 9, "chat", one, at=trace) for at, one in enumerate(kinds, 1)))
        for trace in range(1, 8)
    ]
    monkeypatch.setattr(batches, "_MANY", many)
    monkeypatch.setattr(batches, "_MOST", most)
    found = checked(tmp_path, POLICY, *lines)
    at = [(NINE + trace) * 1_000_000 for trace in range(1, 8)]
    assert [row[3] for row in table(found, "spans") if row[1] == f"{4:016x}"] == at
    assert [row[2] for row in table(found, "calls")] == at
    assert [row[2] for row in table(found, "scores")] == at
    assert [row[0] for row in table(found, "contents")] == [f"{one:032x}" for one in range(1, 8)]
    assert found.recording.undeclared["x"].number == 7


def test_shapes_beyond_a_number_are_worked_out_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorder, "_MOST_SHAPES", 2)
    lines = [
        line(*(span(trace, one, None, f"{trace} {one}", LLM) for one in range(1, 6)))
        for trace in (1, 2)
    ]
    found = checked(tmp_path, POLICY, *lines)
    assert found.facts.of_kind(1) == 10


def test_a_whole_number_that_is_none_is_no_count(tmp_path: Path) -> None:
    spans = [span(1, one, None, "x", LLM) for one in (1, 2)]
    for one in spans:
        one["attributes"][2]["value"] = {"intValue": "a lot"}
    found = checked(tmp_path, POLICY, line(spans[0]), line(spans[1]))
    assert [row[5] for row in table(found, "calls")] == [None, None]
    assert found.recording.odd_tokens == 2


def test_a_slice_without_a_value_is_none(tmp_path: Path) -> None:
    spans = [span(1, one, None, "x", {"assistant.tenant": "t1"}) for one in (1, 2)]
    del spans[1]["attributes"][0]["value"]
    found = checked(tmp_path, POLICY, line(*spans), line(*spans))
    assert [row[1] for row in table(found, "slices")] == [f"{1:016x}"] * 2


def test_a_model_may_be_named_by_the_answer_the_request_or_the_resource(tmp_path: Path) -> None:
    both = {**LLM, "gen_ai.response.model": "large"}
    none = {**both, "gen_ai.response.model": ""}
    of_resource = {"gen_ai.request.model": "shared", "gen_ai.usage.output_tokens": 4}
    plain = {"gen_ai.operation.name": "chat", "gen_ai.usage.input_tokens": 1}
    lines = [
        line(span(1, 1, None, "x", both), span(1, 2, None, "x", none)),
        line(span(2, 1, None, "x", both), span(2, 2, None, "x", none)),
        line(span(3, 1, None, "x", plain), resource=of_resource),
        line(span(4, 1, None, "x", plain), resource=of_resource),
    ]
    rows = [(row[4], row[7]) for row in table(checked(tmp_path, POLICY, *lines), "calls")]
    assert rows == [("large", 500), ("small", 500)] * 2 + [("shared", 4)] * 2


def test_values_are_judged_and_left_out_one_by_one(tmp_path: Path) -> None:
    users = [HASH, "jo", None, "", f"sha256:{HASH}"]
    spans = [
        span(1, at, None, "x", {"assistant.user": user, "assistant.tenant": "t1"})
        for at, user in enumerate(users, 1)
    ]
    for one, user in zip(spans, users, strict=True):
        if user is None:
            del one["attributes"][0]["value"]
    found = checked(tmp_path, POLICY, line(*spans), line(*spans))
    assert [row[1:] for row in table(found, "contents")] == [
        (f"{2:016x}", "assistant.user", "hash")
    ] * 2
    assert len(table(found, "slices")) == 10


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ({"startTimeUnixNano": "soon"}, "a span that is not as OTLP has it"),
        ({"startTimeUnixNano": "0"}, "a span that does not say when it began"),
        ({"startTimeUnixNano": "9" * 30}, "a span that is not as OTLP has it"),
        ({"endTimeUnixNano": "9" * 30}, "a span that is not as OTLP has it"),
        ({"endTimeUnixNano": "-5000"}, "a span that is not as OTLP has it"),
        ({"spanId": ""}, "a span without an id or a trace's id"),
        ({"traceId": ""}, "a span without an id or a trace's id"),
    ],
)
def test_a_bad_span_among_known_keys_is_told(
    tmp_path: Path, bad: dict[str, str], reason: str
) -> None:
    given = {"assistant.tenant": "t1"}
    mixed = line(span(2, 1, None, "x", given), {**span(2, 2, None, "x", given), **bad})
    found = checked(tmp_path, POLICY, line(span(1, 1, None, "x", given)), mixed)
    assert unread(found) == [(2, reason, 1)]
    assert len(table(found, "spans")) == 2


def test_what_belongs_in_no_trace_is_found_among_known_keys(tmp_path: Path) -> None:
    private = {"note": "to jo@acme.example"}
    event = {"name": "for jo@acme.example", "attributes": attributes({"said": "+1 650 253 0000"})}
    known = line(span(1, 1, None, "x", {"note": "x"}), resource={"service.owner": "x"})
    suspect = line(
        span(2, 1, None, "x", {"note": "fine"}), span(2, 2, None, "x", private, events=[event]),
        resource={"service.owner": "jo@acme.example"},
    )  # fmt: skip
    found = checked(tmp_path, POLICY, known, suspect)
    assert [(row[1][-1], *row[2:]) for row in table(found, "contents")] == [
        ("1", "service.owner", "an e-mail address"),
        ("2", "name of an event", "an e-mail address"),
        ("2", "note", "an e-mail address"),
        ("2", "said", "a phone number"),
    ]


def test_scores_that_are_no_numbers_are_told_of_known_keys_too(tmp_path: Path) -> None:
    odd = {**OUTCOME, "gen_ai.evaluation.score.value": "high"}
    lines = [line(span(trace, 1, None, "x", odd)) for trace in (1, 2)]
    found = checked(tmp_path, POLICY, *lines)
    assert unread(found) == [(1, "a score that is no number, or beyond 2^53", 2)]


def test_a_request_without_spans_or_with_new_keys_is_no_known_one() -> None:
    known = KnownKeys(lambda key: key == "b")
    assert known.request(b'{"resourceSpans": []}') is None
    known.learn(["a", "b", "a"])
    known.learn(["a"])
    given = [{"key": "a", "value": {"stringValue": 5}}, {"key": "b", "value": {"intValue": "5"}}]
    (group,) = known.request(_request(given)).resourceSpans
    one, other = group.scopeSpans[0].spans[0].attributes
    assert [known.by_type[type(each)] for each in (one, other)] == ["a", "b"]
    assert other.value == AnyValue(intValue="5")
    assert ValueReader()(other) == 5
    assert known.request(_request([{"key": "c"}])) is None
    assert known.request(_request([{"key": "b", "value": {"intValue": []}}])) is None
    assert known.request(b"no JSON") is None


def _request(given: list[dict[str, Any]]) -> bytes:
    spans = [{"attributes": given}]
    return json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": spans}]}]}).encode()


def test_keys_beyond_a_number_are_not_learnt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decode, "_MOST_KEYS", 2)
    known = KnownKeys(lambda _: False)
    known.learn(["a", "b"])
    known.learn(["c"])
    assert list(known.by_type.values()) == ["a", "b"]


@pytest.mark.no_cover
def test_random_records_say_the_same_key_by_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    random = Random(16)
    lines = [line(*(_random_span(random) for _ in range(8))) for _ in range(60)]
    known = _told(checked(tmp_path, POLICY, *lines))
    monkeypatch.setattr(decode, "_MOST_KEYS", 0)
    assert _told(checked(tmp_path, POLICY, *lines)) == known


def _told(found: CheckedTraces) -> list[object]:
    tables: list[object] = [table(found, name) for name in TABLES if name != "spans"]
    undeclared = {key: (one.number, one.trace) for key, one in found.recording.undeclared.items()}
    return [*tables, undeclared, unread(found), found.facts.totals, found.result.diagnostics]


def _random_span(random: Random) -> dict[str, Any]:
    values: dict[str, list[Any]] = {
        "gen_ai.operation.name": ["chat", "embeddings", "invoke_agent", ""],
        "gen_ai.usage.input_tokens": [5, "7", "x", 1.5, True, -1, 10**20],
        "gen_ai.usage.output_tokens": [5, 0],
        "gen_ai.request.model": ["small", "", "large"],
        "assistant.user": [HASH, "jo", "", "jo@acme.example"],
        "assistant.tenant": ["t1", 3, False],
        "assistant.prompt": ["May I?", "", ["a", "b"]],
        "other.key": ["x"],
        **{key: [one, "high"] for key, one in OUTCOME.items()},
    }
    keys = random.sample(list(values), random.randrange(5))
    given = {key: random.choice(values[key]) for key in keys}
    made = span(
        random.randrange(40), random.randrange(1, 9), random.choice([None, 1, 2, 77]),
        random.choice(["POST /ask", "chat"]), given, at=random.randrange(9),
        events=random.choice([None, None, None, [EVENT]]),
    )  # fmt: skip
    if random.random() < 0.05:
        made[random.choice(["startTimeUnixNano", "spanId", "traceId"])] = random.choice(["", "0"])
    return made
