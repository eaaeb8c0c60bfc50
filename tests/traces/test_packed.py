"""Ids are numbers where all of them are hex, and texts where one is not: no answer differs."""

from pathlib import Path

import duckdb
import pytest

from registry.traces import parquet
from registry.traces.check import CheckedTraces
from registry.traces.packed import packed
from tests.conftest import thirds
from tests.traces.record import NINE, checked, line, span, table, unread

POLICY = """
spans:
  ask: {match: {name: "POST /.*"}, required: true}
  llm: {match: {gen_ai.operation.name: [chat]}, within: [ask]}
fields:
  model: {group: model, attribute: gen_ai.request.model}
"""
ODD = {
    "traceId": "T-1", "spanId": "1", "name": "x",
    "startTimeUnixNano": "1795165200000000000", "endTimeUnixNano": "1795165201000000000",
}  # fmt: skip


@pytest.mark.parametrize(
    ("column", "ids"),
    [
        ("span", ["1"]), ("span", ["A" * 16]), ("span", ["x" * 16]), ("span", [" " * 16]),
        ("span", ["1" * 16, "1" * 15]), ("trace", ["1" * 16]), ("trace", ["é" * 32]),
        ("span", ["a" * 16 + " " + "a" * 16]), ("span", ["a" * 14, "a" * 18]), ("span", [None]),
        ("parent", ["f" * 16, None]), ("parent", [""]),
    ],
)  # fmt: skip
def test_what_is_spelt_otherwise_is_not_packed(column: str, ids: list[str | None]) -> None:
    made = packed(column, ids)
    assert made is None or (column, ids) == ("parent", [""])


def test_hex_is_packed() -> None:
    numbers = packed("trace", ["0" * 15 + "1" + "f" * 16])
    assert numbers is not None
    assert {name: list(one) for name, one in numbers.items()} == {
        "trace_high": [1], "trace_low": [2**64 - 1]
    }  # fmt: skip
    parents = packed("parent", [None, "0" * 15 + "a"])
    assert parents is not None
    assert list(parents["parent"]) == [2**64 - 1, 10]


def facts_of(found: CheckedTraces) -> list[object]:
    facts = found.facts
    return [facts.totals, facts.orphans, facts.loops, facts.endless, facts.without(0)]


def test_one_odd_id_makes_all_of_them_texts(tmp_path: Path) -> None:
    spans = [
        span(1, 1, None, "POST /ask"), span(1, 2, 1, "chat", lasts=None), span(2, 3, 4, "chat"),
        span(3, 5, 6, "chat"), span(3, 6, 5, "chat"), span(0xABC, 7, None, "x"),
    ]  # fmt: skip
    plain = facts_of(checked(tmp_path, POLICY, line(*spans)))
    found = checked(tmp_path, POLICY, line(*spans), line({**ODD, "name": "POST /ask"}))
    totals, *others = facts_of(found)
    assert totals == (5, 7, 0)
    assert [one.examples for one in others] == [one.examples for one in plain[1:]]  # type: ignore[attr-defined]
    assert [row[:3] for row in table(found, "spans")] == sorted(
        [(one["traceId"], one["spanId"], one.get("parentSpanId")) for one in spans]
        + [("T-1", "1", None)]
    )


def test_files_have_texts_for_whoever_reads_them(tmp_path: Path) -> None:
    found = checked(tmp_path, POLICY, line(span(1, 1), span(1, 2, 1)), line(ODD))
    (tmp_path / "packed").mkdir()
    other = checked(tmp_path / "packed", POLICY, line(span(1, 1), span(1, 2, 1)))
    for one, ids in ((found, [f"{1:032x}", f"{1:032x}", "T-1"]), (other, [f"{1:032x}"] * 2)):
        path = one.recording.store.written("spans")  # type: ignore[attr-defined]
        with duckdb.connect() as connection:
            rows = connection.execute(f"SELECT trace, parent FROM '{path}'").fetchall()
        assert sorted(trace for trace, _ in rows) == ids
        assert {parent for _, parent in rows} == {None, f"{1:016x}"}


def write(path: Path, select: str) -> Path:
    with duckdb.connect() as connection:
        connection.execute(f"COPY ({select}) TO '{path}' (FORMAT parquet, ROW_GROUP_SIZE 2048)")
    return path


MANY = (
    "SELECT format('{:032x}', n // 2) AS trace_id, format('{:016x}', n) AS span_id, "
    "CASE WHEN n % 2 = 1 THEN format('{:016x}', n - 1) END AS parent_span_id, "
    "CASE WHEN n % 2 = 0 THEN 'POST /ask' ELSE 'chat' END AS name, "
    f"{NINE}000000000 + n * 1000 AS start_time, {NINE}900000000 AS end_time, CASE "
    "WHEN n < 3000 THEN MAP {'gen_ai.operation.name': 'chat', 'gen_ai.usage.input_tokens': '2'} "
    "ELSE MAP {'gen_ai.operation.name': 'chat', 'gen_ai.usage.prompt_tokens': '3', 'new.key': 'x'} "
    "END AS attributes FROM range(5000) AS rows(n)"
)


def test_a_table_is_read_some_rows_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "_STRETCH", 2048)
    found = checked(tmp_path, POLICY, write(tmp_path / "many.parquet", MANY))
    assert found.facts.totals == (2500, 5000, 0)
    assert sum(row[5] for row in table(found, "calls")) == 3000 * 2 + 2000 * 3
    undeclared = found.recording.undeclared
    assert (undeclared["new.key"].number, undeclared["new.key"].trace) == (2000, f"{1500:032x}")
    assert undeclared["gen_ai.usage.input_tokens"].number == 5000
    assert found.facts.of_kind(1) == 5000


def test_of_a_table_that_is_damaged_further_down_nothing_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "_STRETCH", 2048)
    path = write(tmp_path / "many.parquet", MANY)
    data = path.read_bytes()
    with duckdb.connect() as connection:
        ((start, size),) = connection.execute(
            "SELECT dictionary_page_offset, total_compressed_size FROM "
            f"parquet_metadata('{path}') WHERE row_group_id = 2 AND "
            "path_in_schema LIKE 'attributes%value' LIMIT 1"
        ).fetchall()
    path.write_bytes(data[:start] + b"\xff" * size + data[start + size :])
    found = checked(tmp_path, POLICY, path)
    assert unread(found) == [(0, "it is no Parquet file, or it is damaged", 1)]
    assert table(found, "spans") == table(found, "calls") == []
    assert found.recording.undeclared == {}
    assert found.recording.spans == 0
    good = write(tmp_path / "good.parquet", MANY.replace("range(5000)", "range(3000)"))
    again = tmp_path / "again.parquet"
    again.write_bytes(path.read_bytes())
    found = checked(tmp_path, POLICY, line(span(9999, 9999)), path, good, again)
    assert len(unread(found)) == 2
    assert found.facts.totals == (1501, 3001, 0)
    assert sum(row[5] for row in table(found, "calls")) == 3000 * 2
    found = checked(tmp_path, POLICY, path, good, again, line(ODD))
    assert found.facts.totals == (1501, 3001, 0)


def test_ids_of_a_table_may_be_texts(tmp_path: Path) -> None:
    odd = MANY.replace("format('{:032x}', n // 2) AS", "'T-' || (n // 2) AS")
    found = checked(tmp_path, POLICY, write(tmp_path / "odd.parquet", odd))
    assert found.facts.totals == (2500, 5000, 0)
    assert found.recording.undeclared["new.key"].trace == "T-1500"
    assert found.facts.orphans.number == 0


@pytest.mark.parametrize(
    "odd",
    thirds([
        ("trace", "A" * 32), ("trace", "{" + "a" * 30 + "}"), ("trace", "a" * 31),
        ("span", "A" * 16), ("span", "12_4567890123456"), ("span", "x" * 16), ("span", "a" * 15),
        ("parent", "f" * 16), ("parent", "B" * 16), ("parent", "1234567_90123456"),
    ]),
    ids=" ".join,
)  # fmt: skip
def test_what_is_no_plain_hex_in_a_table_stays_text(tmp_path: Path, odd: tuple[str, str]) -> None:
    column, id_ = odd
    ids = {"trace": "a" * 32, "span": "b" * 16, "parent": "c" * 16}
    rows = ", ".join(
        f"('{one['trace']}', '{one['span']}', '{one['parent']}')"
        for one in (ids, {**ids, "span": "d" * 16}, {**ids, column: id_})
    )
    path = write(
        tmp_path / "odd.parquet",
        "SELECT trace AS trace_id, span AS span_id, parent AS parent_span_id, 'x' AS name, "
        f"{NINE}000000000 AS start_time, MAP {{'a.b': 'c'}} AS attributes "
        f"FROM (VALUES {rows}) AS given(trace, span, parent)",
    )
    found = checked(tmp_path, POLICY, path)
    spots = {"trace": 0, "span": 1, "parent": 2}
    read = [row[spots[column]] for row in table(found, "spans")]
    assert id_ in read
    assert found.recording.undeclared["a.b"].number == 3
