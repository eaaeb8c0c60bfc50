"""Spans in Parquet: the same answers as of JSON lines, and of a foreign table what it lacks."""

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from registry.errors import CannotRunError
from registry.traces import duck, keysets, parquet, parquet_spans
from tests.traces.record import LLM, NINE, checked, line, span, table, unread

POLICY = """
spans:
  ask: {match: {name: "POST /.*"}, required: true}
  llm: {match: {gen_ai.operation.name: [chat]}, fields: [model, tenant], within: [ask]}
fields:
  model: {group: model, attribute: gen_ai.request.model}
  tenant: {group: slice, attribute: assistant.tenant}
  user: {group: slice, attribute: assistant.user, classification: personal, redaction: hash}
  prompt: {group: input, attribute: assistant.prompt, classification: content, redaction: drop}
budgets:
  one: {scope: {tenant: t1}, limit: 1, unit: USD, per: 1d}
prices:
  small: {currency: USD, per: 1K, rates: [{from: 2026-01-01, input: 1, output: 2}]}
"""
HASH = "9f86d081884c7d659a2feaa0c55ad015"
SPANS = [
    span(1, 1, None, "POST /ask", {"assistant.tenant": "t1", "assistant.user": HASH}),
    span(1, 2, 1, "chat", {**LLM, "gen_ai.usage.cache_read.input_tokens": 10}),
    span(
        2, 3, None, "POST /ask", {"assistant.user": "jo", "assistant.prompt": "May I?"}, lasts=None
    ),
    span(2, 4, 3, "chat", {**LLM, "assistant.tenant": "t2", "note": "write to jo@acme.example"}),
    span(3, 5, 9, "chat", {"gen_ai.operation.name": "chat", "gen_ai.usage.prompt_tokens": 5}),
    span(3, 6, None, "mail jo@acme.example", {"api_key": "kQ7x9vT2mL4pZ8wB3n"}),
    span(
        3,
        7,
        None,
        "embed",
        {"gen_ai.operation.name": "embeddings", "gen_ai.usage.input_tokens": "x"},
    ),
]
"""Spans of each sort, as OTLP has them."""


def rows() -> str:
    """Write the same spans as rows of SQL, with maps."""
    return ", ".join(
        f"('{one['traceId']}', '{one['spanId']}', '{one.get('parentSpanId', '')}', '{one['name']}', "
        f"{one['startTimeUnixNano']}, {one.get('endTimeUnixNano', 'NULL')}, {_map(one)})"
        for one in SPANS
    )


def _map(one: dict[str, Any]) -> str:
    pairs = [(item["key"], next(iter(item["value"].values()))) for item in one["attributes"]]
    return "MAP {" + ", ".join(f"'{key}': '{value}'" for key, value in pairs) + "}"


def write(path: Path, select: str) -> Path:
    given = f"(VALUES {rows()}) AS given(trace, span, parent, name, began, ended, attributes)"
    with duckdb.connect() as connection:
        connection.execute(f"COPY ({select.format(given=given)}) TO '{path}' (FORMAT parquet)")
    return path


OURS = (
    "SELECT trace AS trace_id, span AS span_id, parent AS parent_span_id, name, "
    "began AS start_time_unix_nano, ended AS end_time_unix_nano, attributes FROM {given}"
)
CLICKHOUSE = (
    'SELECT trace AS "TraceId", span AS "SpanId", parent AS "ParentSpanId", name AS "SpanName", '
    'make_timestamp_ns(began) AS "Timestamp", CAST(ended - began AS UBIGINT) AS "Duration", '
    "attributes AS \"SpanAttributes\", MAP {{'service.name': 'assistant'}} AS \"ResourceAttributes\" "
    "FROM {given}"
)


@pytest.mark.parametrize("select", [OURS, CLICKHOUSE], ids=["ours", "clickhouse"])
def test_parquet_says_what_json_lines_say(tmp_path: Path, select: str) -> None:
    (tmp_path / "json").mkdir()
    (tmp_path / "parquet").mkdir()
    plain = checked(tmp_path / "json", POLICY, line(*SPANS))
    found = checked(tmp_path / "parquet", POLICY, write(tmp_path / "spans.parquet", select))
    for name in ("calls", "slices", "contents"):
        assert table(found, name) == table(plain, name), name
    assert [row[:5] for row in table(found, "spans")] == [row[:5] for row in table(plain, "spans")]
    assert found.recording.spans == 7
    assert {name: one.number for name, one in found.recording.undeclared.items()} == {
        name: one.number for name, one in plain.recording.undeclared.items()
    }
    messages = [[one.message for one in each.result.diagnostics] for each in (found, plain)]
    assert messages[0] == messages[1]
    assert len(messages[0]) > 10
    assert not found.is_partial


def test_attributes_may_be_columns(tmp_path: Path) -> None:
    path = write(
        tmp_path / "spans.parquet",
        "SELECT unhex(trace) AS trace_id, unhex(span) AS span_id, name, "
        "to_timestamp(began / 1000000000) AS start_time, CAST(NULL AS MAP(VARCHAR, VARCHAR)) AS "
        "resource_attributes, attributes['gen_ai.request.model'] AS \"attributes.gen_ai.request.model\", "
        "attributes['assistant.tenant'] AS \"assistant.tenant\" FROM {given}",
    )
    found = checked(tmp_path, POLICY, path)
    assert [row[0] for row in table(found, "slices")] == [f"{1:032x}", f"{2:032x}"]
    assert found.facts.endless.number == 7
    assert [row[3] for row in table(found, "spans")] == [NINE * 1_000_000] * 7
    assert found.recording.undeclared == {}


@pytest.mark.parametrize(
    ("select", "parts"),
    [
        ("SELECT 1 AS one", ["its columns are not those of spans: it lacks trace_id, span_id, name, start_time"]),
        ("SELECT trace AS trace_id, span AS span_id, name FROM {given}",
         ["its columns are not those of spans: it lacks start_time"]),
        ("SELECT trace AS trace_id, span AS span_id, name, began AS start_time FROM {given}",
         ["it has no attributes: no map `attributes`, and no column whose name has a dot"]),
        ("SELECT trace AS trace_id, '' AS span_id, name, 'soon' AS start_time, attributes FROM {given}",
         ["a span that does not say when it began", "a span without an id or a trace's id"]),
        ("SELECT trace AS trace_id, '' AS span_id, name, began AS start_time, attributes FROM {given}",
         ["a span without an id or a trace's id"]),
        ("SELECT trace AS trace_id, span AS span_id, name, began AS start_time, 'x' AS attributes FROM {given}",
         ["it has no attributes: no map `attributes`, and no column whose name has a dot"]),
    ],
)  # fmt: skip
def test_what_a_foreign_table_lacks_is_told(tmp_path: Path, select: str, parts: list[str]) -> None:
    found = checked(tmp_path, POLICY, write(tmp_path / "spans.parquet", select))
    assert [reason for _, reason, _ in unread(found)] == parts
    assert found.is_partial


def test_a_resource_is_looked_at_once(tmp_path: Path) -> None:
    path = write(
        tmp_path / "spans.parquet",
        OURS.replace(
            " FROM", ", MAP {{'service.owner': 'jo@acme.example'}} AS resource_attributes FROM"
        ),
    )
    found = checked(tmp_path, POLICY, path)
    of_resource = [row for row in table(found, "contents") if row[2] == "service.owner"]
    assert [row[3] for row in of_resource] == ["an e-mail address"]


@pytest.mark.parametrize("keep", [4, 400])
def test_a_damaged_file_is_told(tmp_path: Path, keep: int) -> None:
    path = write(tmp_path / "spans.parquet", OURS)
    data = path.read_bytes()
    path.write_bytes(data[:keep] if keep == 4 else data[:keep] + b"\0" * 300 + data[keep + 300 :])
    found = checked(tmp_path, POLICY, path)
    assert [reason for _, reason, _ in unread(found)] == ["it is no Parquet file, or it is damaged"]
    assert json.dumps(found.result.registry) == '"assistant"'


def test_a_fault_of_ours_is_not_told_as_the_file_s(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "spans.parquet", OURS)
    monkeypatch.setattr(parquet_spans, "_count", lambda given: f"no_such_function({given})")
    with pytest.raises(duck.QueryError, match="no_such_function"):
        checked(tmp_path, POLICY, path)


def test_a_duration_that_is_none_is_no_damage(tmp_path: Path) -> None:
    odd = CLICKHOUSE.replace(
        "CAST(ended - began AS UBIGINT)", "CAST(ended - began AS VARCHAR) || 'x'"
    )
    found = checked(tmp_path, POLICY, write(tmp_path / "spans.parquet", odd))
    assert unread(found) == []
    assert found.facts.endless.number == 7


def test_columns_of_one_attribute_are_both_read(tmp_path: Path) -> None:
    path = write(
        tmp_path / "spans.parquet",
        "SELECT trace AS trace_id, span AS span_id, name, began AS start_time, 'x' AS \"a.b\", "
        "'to jo@acme.example' AS \"attributes.a.b\" FROM {given} LIMIT 1",
    )
    found = checked(tmp_path, POLICY, path)
    assert found.recording.undeclared.keys() == {"a.b", "attributes.a.b"}
    assert [row[2:] for row in table(found, "contents")] == [
        ("attributes.a.b", "an e-mail address")
    ]


def test_each_span_may_have_a_resource_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keysets, "_MOST", 3)
    monkeypatch.setattr(parquet, "_STRETCH", 2048)
    path = tmp_path / "many.parquet"
    with duckdb.connect() as connection:
        connection.execute(
            "COPY (SELECT '1' AS trace_id, n AS span_id, 'x' AS name, "
            f"{NINE}000000000 AS start_time, MAP {{'a.b': 'c'}} AS attributes, MAP {{'pod': "
            "'jo' || n || CASE WHEN n % 1000 = 999 THEN '@acme.example' ELSE '' END} AS "
            f"resource_attributes FROM range(5000) AS rows(n)) TO '{path}' "
            "(FORMAT parquet, ROW_GROUP_SIZE 2048)"
        )
    found = checked(tmp_path, POLICY, path)
    assert [row[2] for row in table(found, "contents")] == ["pod"] * 5
    assert found.recording.undeclared["a.b"].number == 5000


def test_a_name_that_would_be_a_pattern_is_told(tmp_path: Path) -> None:
    path = write(tmp_path / "spans.parquet", OURS).rename(tmp_path / "s*.parquet")
    assert unread(checked(tmp_path, POLICY, path))[0][1].startswith("its name has a wildcard in it")
    quoted = path.rename(tmp_path / "it's.parquet")
    assert checked(tmp_path, POLICY, quoted).recording.spans == 7


def test_what_does_not_fit_into_the_memory_is_said_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "spans.parquet", OURS)
    monkeypatch.setattr(duck, "_MEMORY", ["1MB", "100MB"])
    assert checked(tmp_path, POLICY, path).recording.spans == 7
    monkeypatch.setattr(duck, "_MEMORY", ["1MB", "1MB"])
    with pytest.raises(CannotRunError, match="does not fit into the 1MB") as raised:
        checked(tmp_path, POLICY, path)
    assert raised.value.help == "give fewer files at once"


COUNTS: dict[str, int | None] = {
    "a lot": None, "-5": None, "9223372036854775808": None, "1.5": None, "1_000": None,
    "true": None, "9223372036854775807": 2**63 - 1, "1000.0": 1000,
}  # fmt: skip


def test_counts_that_are_no_numbers(tmp_path: Path) -> None:
    path = tmp_path / "odd.parquet"
    rows = ", ".join(f"('{number}', '{given}')" for number, given in enumerate(COUNTS))
    with duckdb.connect() as connection:
        connection.execute(
            "COPY (SELECT '1' AS trace_id, span AS span_id, 'chat' AS name, "
            f"{NINE}000000000 AS start_time, MAP {{'gen_ai.usage.input_tokens': given, "
            "'gen_ai.usage.output_tokens': '1'} AS attributes "
            f"FROM (VALUES {rows}) AS counted(span, given)) TO '{path}' (FORMAT parquet)"
        )
    found = checked(tmp_path, POLICY, path)
    assert [row[5:] for row in table(found, "calls")] == [
        (read, None, 1, int(read is None)) for read in COUNTS.values()
    ]
    assert found.recording.odd_tokens == 6
