"""Spark says the same as DuckDB, byte for byte."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.errors import CannotRunError
from registry.traces import duck
from registry.traces.duck import Duck
from registry.traces.engines.spark import ENGINE
from tests.conftest import ROOT
from tests.traces.record import LLM, NINE, attributes, line, registry, span
from tests.traces.spark.answers import answers
from tests.traces.spark.conftest import Running
from tests.traces.test_example import FAULTS
from tests.traces.test_parquet import OURS, write

pytestmark = pytest.mark.spark

COPILOT = ROOT / "examples" / "enterprise-copilot"
DAY_AFTER = "2026-11-24T09:00:00+00:00"
POLICY = """
fields:
  model: {group: model, attribute: gen_ai.request.model}
  tenant: {group: slice, attribute: assistant.tenant, required: true}
  user: {group: slice, attribute: assistant.user, classification: personal, redaction: hash}
spans:
  ask: {match: {name: "ask"}, required: true}
  llm: {match: {gen_ai.operation.name: [chat]}, fields: [model, tenant], within: [ask]}
prices:
  small: {currency: USD, per: 1K, rates: [{from: 2026-01-01, input: 1, output: 2}]}
budgets:
  one: {scope: {tenant: "it's \\\\"}, limit: 1, unit: USD, per: 1d}
metrics:
  ground: {bucket: quality, response: page, measured: {sample: 50%, window: 10m}}
  fine: {bucket: quality, response: ticket}
  both:
    bucket: quality
    response: ticket
    composed_of: [{metric: ground, weight: 0.3}, {metric: fine, weight: 0.7}]
alerts:
  low: {metric: ground, severity: sev2, response: page, when: {below: 0.5}, slice: {tenant: "it's \\\\"}}
  low-both: {metric: both, severity: sev2, response: page, when: {below: 0.5, for: 1m}}
"""
TEXTS = ["t1", "it's \\", "", "ä", "Ω 😀", "a\nb", "\\n", "?", "-- no", "A", "a", "\0"]


@pytest.mark.parametrize("name", ["traces", "broken"])
def test_the_example_is_answered_alike(running: Running, name: str) -> None:
    record = [COPILOT / "traces" / f"{name}.jsonl"]
    expected = answers(COPILOT, record, by=("tenant_id",), at=DAY_AFTER)
    found = answers(COPILOT, record, running.ask, ("tenant_id",), DAY_AFTER)
    assert len(found) == 13
    assert found == expected
    told = [one["message"] for one in json.loads(found["check.json"])["diagnostics"]]
    starts = [[one for one in told if one.startswith(fault)] for fault in sorted(FAULTS)]
    assert [len(them) for them in starts] == [int(name == "broken")] * len(FAULTS)


def scored(value: float) -> dict[str, Any]:
    given = {"gen_ai.evaluation.name": "Ground", "gen_ai.evaluation.score.value": value}
    return {
        "name": "gen_ai.evaluation.result",
        "timeUnixNano": f"{NINE}000000000",
        "attributes": attributes(given),
    }


def deep(trace: int, levels: int) -> Iterator[Any]:
    """Yield a call below so many spans, of which only the topmost is what it must lie within."""
    for level in range(levels):
        yield span(trace, level + 1, level or None, "work" if level else "ask", {}, at=level)
    yield span(trace, levels + 1, levels, "chat", LLM, at=levels)


def record(folder: Path) -> list[Path]:
    """Write what records may hold: odd lines, loops, traces over two files, tables."""
    lines = [
        line(*deep(1, 4), *list(deep(2, 3))[1:]),
        line(*list(deep(2, 3))[:1]),
        line(*(span(3, one, 5 - one, "chat", LLM) for one in (1, 2, 3, 4))),
        line(span(4, 1, None, "ask", {"assistant.tenant": TEXTS[1]}, events=[scored(-0.0)])),
        line(span(4, 1, None, "ask", {"assistant.tenant": TEXTS[1]}, events=[scored(-0.0)])),
        line(span(4, 2, 1, "chat", LLM, lasts=None), span(4, 3, 9, "work", {"note": "jo@a.example"})),
        line(*(
            span(5, one, None, "ask", {**LLM, "gen_ai.usage.input_tokens": str(2**63 - 1)})
            for one in range(4)
        )),
    ]  # fmt: skip
    first, second = folder / "first.jsonl", folder / "second.jsonl"
    first.write_text("\n".join([*lines[:2], "odd", *lines[2:4]]), "utf-8")
    second.write_text("\n".join([*lines[4:], lines[0][:99]]), "utf-8")
    foreign = write(folder / "foreign.parquet", "SELECT 1 AS one FROM {given} LIMIT 1")
    return [first, second, foreign, write(folder / "spans.parquet", OURS)]


def test_what_is_odd_is_answered_alike(
    running: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = registry(tmp_path, POLICY)
    files = record(tmp_path)
    expected = answers(root, files, by=("tenant", "user"))
    assert answers(root, files, running.ask, ("tenant", "user")) == expected
    monkeypatch.setattr(duck, "_TAKEN", 5)  # the rows are sent in pieces
    with ENGINE.session("", running.url) as ask:
        assert answers(root, files, ask, ("tenant", "user")) == expected
    told = json.loads(expected["check.json"])
    assert sorted(one["reason"] for one in told["not_read"]) == [
        "it is no JSON",
        "its columns are not those of spans: it lacks trace_id, span_id, name, start_time",
        "the last line is cut off",
    ]
    assert "4 of 23 (17.4%) of the spans are on a loop" in expected["check.human"]
    assert str(4 * (2**63 - 1) + 8000) in expected["spend.json"]
    assert '"mean": 0.0' in expected["quality.json"]


def test_a_record_without_a_span_is_answered_alike(running: Running, tmp_path: Path) -> None:
    root = registry(tmp_path, POLICY)
    empty = tmp_path / "empty.jsonl"
    empty.touch()
    expected = answers(root, [empty])
    assert "nothing here is said to be fine" in expected["check.human"]
    assert answers(root, [empty], running.ask) == expected


@st.composite
def spans(draw: st.DrawFn) -> str:
    """Draw a line of spans, whose parents may be any, also themselves."""
    few, texts = st.integers(0, 4), st.sampled_from(TEXTS)
    counts = st.sampled_from([0, 7, 2**63 - 1, -1, "many", 2.5])
    drawn = []
    for _ in range(draw(st.integers(1, 30))):
        given: dict[str, Any] = {}
        if draw(st.booleans()):
            given |= {**LLM, "gen_ai.request.model": draw(texts | st.just("small"))}
            given["gen_ai.usage.input_tokens"] = draw(counts)
            given["gen_ai.usage.cache_read.input_tokens"] = draw(counts)
        for key in ("assistant.tenant", "assistant.user", "note"):
            if draw(st.booleans()):
                given[key] = draw(texts)
        scores = draw(st.lists(st.floats(-1, 1), max_size=2))
        drawn.append(
            span(
                draw(few), draw(few), draw(st.none() | few), draw(st.sampled_from(["ask", "chat"])),
                given, at=draw(st.sampled_from([0, 1, 599, 600, 86_400])),
                lasts=draw(st.sampled_from([None, 1])), events=[scored(one) for one in scores],
            )
        )  # fmt: skip
    return line(*drawn)


@settings(max_examples=2, suppress_health_check=list(HealthCheck))
@given(lines=st.lists(spans(), min_size=1, max_size=3))
def test_whatever_is_recorded_is_answered_alike(
    running: Running, tmp_path_factory: pytest.TempPathFactory, lines: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("random")
    root = registry(folder, POLICY)
    path = folder / "traces.jsonl"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    expected = answers(root, [path], by=("tenant",))
    assert answers(root, [path], running.ask, ("tenant",)) == expected


def test_a_question_that_spark_cannot_answer_is_told_in_a_line(
    running: Running, tmp_path: Path
) -> None:
    written = Duck(str(tmp_path))
    written.ready()
    with ENGINE.session("", running.url) as reached:
        for tables in (running.ask(written), reached(written)):
            with pytest.raises(CannotRunError, match="TABLE_OR_VIEW_NOT_FOUND") as raised:
                list(tables.rows("SELECT * FROM nowhere"))
            assert "\n" not in str(raised.value)
            assert raised.value.help.startswith("give fewer files")
            with pytest.raises(CannotRunError, match="--engine spark: "):
                tables.make("sums", "SELECT sum(nothing) FROM spans")
            tables.fill("pairs", ("one", "two"), [("a'", "\\"), ("b", None)])
            rows = sorted(tables.rows("SELECT two, one FROM pairs WHERE one <> ?", ("b",)))
            assert rows == [("\\", "a'")]
            tables.fill("pairs", ("one", "two"), [])
            assert list(tables.rows("SELECT * FROM pairs")) == []
