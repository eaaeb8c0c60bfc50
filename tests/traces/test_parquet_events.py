"""Scores in Parquet: of events, in the shapes that they have, and of spans of their own."""

from pathlib import Path

import duckdb
import pytest

from registry.traces.check import CheckedTraces
from tests.traces.record import NINE, attributes, checked, line, span, table, unread

POLICY = """
fields:
  prompt: {group: input, attribute: assistant.prompt, classification: content, redaction: drop}
metrics:
  groundedness: {bucket: quality, response: ticket}
"""
OUTCOME = (
    "MAP {'gen_ai.evaluation.name': 'groundedness', 'gen_ai.evaluation.score.value': '0.75', "
    "'gen_ai.evaluation.score.label': 'good'}"
)
ODD = "MAP {'gen_ai.evaluation.name': 'groundedness', 'gen_ai.evaluation.score.value': 'high'}"
PRIVATE = "MAP {'note': 'to jo@acme.example', 'assistant.prompt': 'May I?'}"
AT = NINE * 1_000_000
TRACE, SPAN = f"{1:032x}", f"{2:016x}"
EVALUATED = "gen_ai.evaluation.result"
ODD_EVENTS = "its events are in a shape that is not known"


def record(folder: Path, columns: str) -> CheckedTraces:
    """Hold one span with more columns against the policy."""
    path = folder / "spans.parquet"
    with duckdb.connect() as connection:
        connection.execute(
            f"COPY (SELECT '{TRACE}' AS trace_id, '{SPAN}' AS span_id, 'chat' AS name, "
            f"{NINE}000000000 AS start_time, {columns}) TO '{path}' (FORMAT parquet)"
        )
    return checked(folder, POLICY, path)


LISTS = (
    "MAP {'a.b': 'c'} AS attributes, "
    '[make_timestamp_ns({at}), NULL] AS "Events.Timestamp", '
    "['{named}', '{other}'] AS \"Events.Name\", [{first}, {second}] AS \"Events.Attributes\""
)
STRUCTURES = (
    "MAP {'a.b': 'c'} AS attributes, "
    "[{{'name': '{named}', 'time_unix_nano': {at}, 'attributes': {first}}}, "
    "{{'name': '{other}', 'time_unix_nano': 0, 'attributes': {second}}}] AS events"
)


def filled(shape: str, first: str, second: str, other: str = EVALUATED) -> str:
    at = str((NINE + 5) * 10**9)
    found = shape.replace("{{", "{").replace("}}", "}")
    for name, value in {
        "at": at, "named": EVALUATED, "other": other, "first": first, "second": second
    }.items():  # fmt: skip
        found = found.replace(f"{{{name}}}", value)
    return found


@pytest.mark.parametrize("shape", [LISTS, STRUCTURES], ids=["lists", "structures"])
def test_outcomes_of_evaluations_are_scores(tmp_path: Path, shape: str) -> None:
    found = record(tmp_path, filled(shape, OUTCOME, ODD))
    assert table(found, "scores") == [(TRACE, SPAN, AT + 5_000_000, "groundedness", 0.75, "good")]
    assert unread(found) == [(0, "a score that is no number, or beyond 2^53", 1)]
    assert found.recording.undeclared.keys() == {
        "a.b", "gen_ai.evaluation.name", "gen_ai.evaluation.score.value",
        "gen_ai.evaluation.score.label",
    }  # fmt: skip


@pytest.mark.parametrize("shape", [LISTS, STRUCTURES], ids=["lists", "structures"])
def test_undeclared_attributes_are_told_as_of_json_lines(tmp_path: Path, shape: str) -> None:
    first = "MAP {'a.b': 'x', 'step.2': 'y', 'assistant.prompt': ''}"
    second = "MAP {'step.2': 'y', 'step.3': 'z', 'gen_ai.completion': 'w'}"
    found = record(tmp_path, filled(shape, first, second, "x"))
    (tmp_path / "json").mkdir()
    events = [
        {"name": EVALUATED, "attributes": attributes({"a.b": "x", "step.2": "y"})},
        {"name": "x", "attributes": attributes({"step.2": "y", "step.3": "z"})},
        {"name": "x", "attributes": attributes({"assistant.prompt": "", "gen_ai.completion": "w"})},
    ]
    plain = checked(
        tmp_path / "json", POLICY, line(span(1, 2, None, "chat", {"a.b": "c"}, events=events))
    )
    counts, expected = (
        {name: (one.number, one.trace) for name, one in each.recording.undeclared.items()}
        for each in (found, plain)
    )
    assert counts == expected
    assert counts.keys() == {"a.b", "step.*", "gen_ai.completion"}
    assert set(counts.values()) == {(1, TRACE)}


@pytest.mark.parametrize("shape", [LISTS, STRUCTURES], ids=["lists", "structures"])
def test_an_event_without_a_time_is_of_when_the_span_began(tmp_path: Path, shape: str) -> None:
    found = record(tmp_path, filled(shape, "MAP {'note': 'x'}", OUTCOME))
    assert [row[2:4] for row in table(found, "scores")] == [(AT, "groundedness")]
    assert unread(found) == []


@pytest.mark.parametrize("shape", [LISTS, STRUCTURES], ids=["lists", "structures"])
def test_what_belongs_in_no_trace_is_found_in_events(tmp_path: Path, shape: str) -> None:
    found = record(tmp_path, filled(shape, OUTCOME, PRIVATE, "for jo@acme.example"))
    assert [row[2:] for row in table(found, "contents")] == [
        ("assistant.prompt", "drop"),
        ("name of an event", "an e-mail address"),
        ("note", "an e-mail address"),
    ]
    assert unread(found) == []


@pytest.mark.parametrize(
    "columns",
    [
        "MAP {'a.b': 'c'} AS attributes, '[]' AS events",
        "MAP {'a.b': 'c'} AS attributes, ['x'] AS \"Events.Name\"",
        "MAP {'a.b': 'c'} AS attributes, 1 AS \"Events.Name\", 1 AS \"Events.Timestamp\", 1 AS \"Events.Attributes\"",
        "MAP {'a.b': 'c'} AS attributes, [{'name': 'x', 'attributes': '{}'}] AS events",
        "MAP {'a.b': 'c'} AS attributes, [{'called': 'x', 'attributes': MAP {'k': 'v'}}] AS events",
        "MAP {'a.b': 'c'} AS attributes, [{'name': 'x'}] AS events",
    ],
)  # fmt: skip
def test_events_in_another_shape_are_told(tmp_path: Path, columns: str) -> None:
    found = record(tmp_path, columns)
    assert unread(found) == [(0, ODD_EVENTS, 1)]
    assert found.recording.spans == 1
    assert found.is_partial


def test_events_are_no_attributes(tmp_path: Path) -> None:
    columns = filled(LISTS, OUTCOME, ODD, "x").replace("MAP {'a.b': 'c'} AS attributes, ", "")
    found = record(tmp_path, f"'c' AS \"a.b\", {columns}")
    assert "Events.Name" not in found.recording.undeclared
    assert found.recording.undeclared.keys() > {"a.b"}
    assert len(table(found, "scores")) == 1


@pytest.mark.parametrize(
    ("given", "rows", "told"),
    [
        (OUTCOME, [(AT, "groundedness", 0.75, "good")], []),
        (ODD, [], [(0, "a score that is no number, or beyond 2^53", 1)]),
        ("MAP {'gen_ai.evaluation.score.value': '1', 'x': 'y'}", [], []),
        ("MAP {'gen_ai.evaluation.name': 'groundedness', 'x': 'y'}", [], []),
    ],
)
def test_a_span_may_be_an_evaluation(
    tmp_path: Path, given: str, rows: list[object], told: list[object]
) -> None:
    found = record(tmp_path, f"{given} AS attributes")
    assert [row[2:] for row in table(found, "scores")] == rows
    assert unread(found) == told
