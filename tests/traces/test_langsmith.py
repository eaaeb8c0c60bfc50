"""LangSmith's runs and feedback: mapped to the names of the semantic conventions."""

import json
from pathlib import Path
from typing import Any

from tests.traces.record import NINE, checked, table, unread

POLICY = """
spans:
  llm: {match: {gen_ai.operation.name: [chat]}, fields: [model]}
  search: {match: {gen_ai.operation.name: [retrieval], name: "find.*"}}
fields:
  model: {group: model, attribute: gen_ai.request.model}
  tenant: {group: slice, attribute: tenant}
budgets:
  one: {scope: {tenant: t1}, limit: 1, unit: USD, per: 1d}
"""
TRACE = "7f3c1a52-0000-4000-8000-000000000001"
AT = NINE * 1_000_000


def run(number: int, kind: str, parent: int | None = None, **more: Any) -> str:
    made = {
        "id": f"7f3c1a52-0000-4000-8000-{number:012}",
        "trace_id": TRACE,
        "parent_run_id": parent and f"7f3c1a52-0000-4000-8000-{parent:012}",
        "name": kind,
        "run_type": kind,
        "start_time": "2026-11-20T09:00:00",
        "end_time": "2026-11-20T09:00:01.500000+00:00",
        **more,
    }
    return json.dumps(made)


def test_runs_become_spans(tmp_path: Path) -> None:
    usage = {"input_tokens": 90, "output_tokens": 10, "input_token_details": {"cache_read": 40}}
    found = checked(
        tmp_path, POLICY,
        run(1, "chain", prompt_tokens=100, completion_tokens=20, extra={"metadata": {"tenant": "t1"}}),
        run(2, "llm", 1, extra={"metadata": {"ls_model_name": "small", "usage_metadata": usage}}),
        run(3, "llm", 1, prompt_tokens=7, completion_tokens=3,
            extra={"invocation_params": {"model": "large"}}),
        run(4, "retriever", 1, name="find-policies", end_time=None),
        run(5, "embedding", 1, outputs={"usage_metadata": {"input_tokens": 5}}),
    )  # fmt: skip
    assert [row[4:] for row in table(found, "calls")] == [
        ("small", 90, 40, 10, 0), ("large", 7, None, 3, 0), (None, 5, None, None, 0)
    ]  # fmt: skip
    assert [row[3] for row in table(found, "calls")] == [0, 0, 1]
    assert [row[3:5] for row in table(found, "spans")] == [
        (AT, None if number == 3 else AT + 1_500_000) for number in range(5)
    ]
    assert [found.facts.of_kind(place) for place in (0, 1)] == [2, 1]
    assert found.facts.lacking(0, "gen_ai.request.model").number == 0
    assert [row[2:] for row in table(found, "slices")] == [(1, "tenant", "t1")]
    assert not found.is_partial


def test_inputs_and_outputs_are_content_and_are_never_kept(tmp_path: Path) -> None:
    asked = {"messages": [["May I take leave?", {"kwargs": {"n": 1}}]]}
    found = checked(
        tmp_path, POLICY,
        run(1, "chain", inputs={"question": "May I?"}, outputs={}),
        run(2, "llm", 1, inputs=asked, outputs={"text": "Yes."}, error="mail jo@acme.example"),
        run(3, "tool", 1, inputs={"input": "leave"}, outputs=None),
        run(4, "retriever", 1, outputs={"documents": ["The handbook."]}),
    )  # fmt: skip
    assert {(row[1][-1], *row[2:]) for row in table(found, "contents")} == {
        ("1", "gen_ai.input.messages", "raw"),
        ("2", "gen_ai.input.messages", "raw"),
        ("2", "gen_ai.output.messages", "raw"),
        ("2", "message of the status", "an e-mail address"),
        ("3", "gen_ai.tool.call.arguments", "raw"),
        ("4", "gen_ai.retrieval.documents", "raw"),
    }


def test_feedback_is_a_score(tmp_path: Path) -> None:
    given = {
        "key": "groundedness",
        "score": 0.5,
        "run_id": "r1",
        "created_at": "2026-11-20T09:00:00Z",
    }
    found = checked(
        tmp_path, POLICY,
        json.dumps(given), json.dumps({**given, "score": None}), json.dumps({**given, "created_at": 7}),
        run(1, "chain"),
    )  # fmt: skip
    assert table(found, "scores") == [("r1", "r1", AT, "groundedness", 0.5, None)]
    assert unread(found) == [(3, "a feedback that does not say when it was given", 1)]
    assert found.recording.spans == 1


def test_what_is_wrong_is_told(tmp_path: Path) -> None:
    found = checked(
        tmp_path, POLICY,
        run(1, "chain"), "{", '{"a": 1}', run(2, "chain", id=7), run(3, "chain", start_time="soon"),
        run(4, "chain", start_time=None, extra=7),
    )  # fmt: skip
    assert unread(found) == [
        (2, "it is no JSON", 1),
        (3, "a line that is neither a run nor a feedback", 1),
        (4, "a span without an id or a trace's id", 1),
        (5, "a span that does not say when it began", 2),
    ]
    assert found.facts.totals == (1, 1, 0)
