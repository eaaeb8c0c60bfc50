"""OTLP's JSON lines: what is right is read, and of what is wrong nothing is lost unsaid."""

import gzip
import json
from pathlib import Path
from random import Random
from typing import Any

import pytest

from registry.errors import CannotRunError
from registry.traces import decode, reading, recorder
from registry.traces.chunks import Chunk
from registry.traces.conventions import EVALUATION
from registry.traces.duck import Duck
from tests.conftest import thirds
from tests.traces.record import LLM, NINE, attributes, checked, line, span, table, unread

POLICY = """
spans:
  ask: {match: {name: "POST /.*"}}
  llm: {match: {gen_ai.operation.name: [chat]}, fields: [model], within: [ask]}
fields:
  model: {group: model, attribute: gen_ai.request.model}
  tenant: {group: slice, attribute: assistant.tenant}
budgets:
  one: {scope: {tenant: t1}, limit: 1, unit: USD, per: 1d}
metrics:
  groundedness: {bucket: quality, response: ticket}
"""


def test_spans_become_rows(tmp_path: Path) -> None:
    found = checked(
        tmp_path, POLICY,
        line(span(1, 1, None, "POST /ask", {"assistant.tenant": "t1"}), span(1, 2, 1, "chat", LLM, at=2)),
    )  # fmt: skip
    trace, began = f"{1:032x}", NINE * 1_000_000
    assert table(found, "spans") == [
        (trace, f"{1:016x}", None, began, began + 1_000_000, 0),
        (trace, f"{2:016x}", f"{1:016x}", began + 2_000_000, began + 3_000_000, 1),
    ]
    assert [(one.kinds, one.carried) for one in found.recording.shapes] == [(1, 0), (2, 1)]
    assert table(found, "calls") == [
        (trace, f"{2:016x}", began + 2_000_000, 0, "small", 1000, None, 500, 0)
    ]
    assert table(found, "slices") == [(trace, f"{1:016x}", 1, "tenant", "t1")]
    assert (found.recording.files, found.recording.spans, found.is_partial) == (1, 2, False)
    assert found.facts.totals == (1, 2, 0)


@pytest.mark.parametrize(
    ("bad", "reason", "number"),
    [
        (b"not json", "it is no JSON", 1),
        (b"\xff\xfe", "it is no JSON", 1),
        (b'{"resourceLogs": []}', "a line of another signal, or of something else: it has no spans", 1),
        (b"[1, 2]", "a line of another signal, or of something else: it has no spans", 1),
        (line({"traceId": 7}).encode(), "a span that is not as OTLP has it", 1),
        (line({"spanId": "1", "startTimeUnixNano": "1"}).encode(), "a span without an id or a trace's id", 1),
        (line({"spanId": "1", "traceId": "2"}).encode(), "a span that does not say when it began", 1),
        (line({"spanId": "1", "traceId": "2", "startTimeUnixNano": "soon"}).encode(),
         "a span that is not as OTLP has it", 1),
        (line({"spanId": "1", "traceId": "2", "startTimeUnixNano": "-5000"}).encode(),
         "a span that is not as OTLP has it", 1),
        (line({"spanId": "1", "traceId": "2", "startTimeUnixNano": "9" * 30}).encode(),
         "a span that is not as OTLP has it", 1),
    ],
)  # fmt: skip
def test_a_bad_line_is_told_and_the_others_are_read(
    tmp_path: Path, bad: bytes, reason: str, number: int
) -> None:
    found = checked(tmp_path, POLICY, line(span(1, 1)), bad, line(span(2, 2)))
    assert unread(found) == [(2, reason, number)]
    assert found.facts.totals == (2, 2, 0)
    assert found.is_partial


def test_one_bad_span_takes_no_other_with_it(tmp_path: Path) -> None:
    mixed = json.dumps(
        {
            "resourceSpans": [
                {"resource": {"attributes": attributes({"assistant.tenant": "t1"})},
                 "scopeSpans": [{"spans": [span(1, 1), {"traceId": []}, span(1, 2, 1), 7]}, 7]},
                {"resource": {"attributes": "none"}, "scopeSpans": [{"spans": [span(2, 3)]}]},
                {"scopeSpans": [{"spans": None}]},
                "odd",
            ]
        }
    )  # fmt: skip
    found = checked(tmp_path, POLICY, mixed, mixed)
    assert unread(found) == [
        (1, "a resource that is not as OTLP has it", 2),
        (1, "a span that is not as OTLP has it", 4),
    ]
    assert found.facts.totals == (2, 3, 3)
    assert [row[3:] for row in table(found, "slices")] == [("tenant", "t1")] * 4


def test_the_last_line_that_is_cut_off_is_told(tmp_path: Path) -> None:
    path = tmp_path / "cut.jsonl"
    path.write_text(f"{line(span(1, 1))}\n\n{line(span(2, 2))[:-9]}", "utf-8")
    found = checked(tmp_path, POLICY, path)
    assert unread(found) == [(3, "the last line is cut off", 1)]
    path.write_text(f"\ufeff{line(span(1, 1))}\r\n{line(span(2, 2))}", "utf-8")
    assert unread(checked(tmp_path, POLICY, path)) == []


def test_gzip_is_unpacked_and_what_is_cut_off_is_told(tmp_path: Path) -> None:
    packed = gzip.compress("".join(f"{line(span(one, one))}\n" for one in range(1, 200)).encode())
    whole, cut, odd = (tmp_path / name for name in ("whole.gz", "cut.gz", "odd.gz"))
    whole.write_bytes(packed)
    cut.write_bytes(packed[: len(packed) // 2])
    odd.write_bytes(packed[:40] + b"\xff" * 40)
    assert checked(tmp_path, POLICY, whole).facts.totals[0] == 199
    found = checked(tmp_path, POLICY, cut)
    assert found.facts.totals[0] > 10
    assert [reason for _, reason, _ in unread(found)] == [
        "the compressed file is cut off, or damaged"
    ]
    assert (
        unread(checked(tmp_path, POLICY, odd))[-1][1]
        == "the compressed file is cut off, or damaged"
    )


def test_what_is_no_record_is_told(tmp_path: Path) -> None:
    texts = {
        "empty": (b"", "it is empty"),
        "pretty": (b"{\n \"resourceSpans\": []\n}\n",
                   "it is JSON over several lines, and not a request or a run a line"),
        "packed": (b"\x28\xb5\x2f\xfd....", "it is packed with zstd: unpack it first"),
    }  # fmt: skip
    for name, (data, reason) in texts.items():
        (tmp_path / name).write_bytes(data)
        found = checked(tmp_path, POLICY, tmp_path / name)
        assert unread(found) == [(0, reason, 1)]
        assert found.is_partial
    (tmp_path / "blank").write_bytes(b"\n\n")
    assert checked(tmp_path, POLICY, tmp_path / "blank").is_partial


def test_a_line_without_end_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LONGEST", 2000)
    found = checked(
        tmp_path, POLICY, line(span(1, 1)), line(span(2, 2, None, "x" * 9000)), line(span(3, 3))
    )
    assert unread(found) == [(2, "a line of more than 32 MiB", 1)]
    assert found.facts.totals[0] == 2


def test_a_path_that_cannot_be_opened_is_an_error(tmp_path: Path) -> None:
    for path, help_ in (
        (tmp_path / "none", "correct the path"),
        (tmp_path, "name the files in it"),
    ):
        with pytest.raises(CannotRunError) as raised:
            checked(tmp_path, POLICY, path)
        assert raised.value.help == help_
    path = tmp_path / "traces.jsonl"
    path.write_text(line(span(1, 1)), "utf-8")
    with pytest.raises(CannotRunError, match="is named twice"):
        checked(tmp_path, POLICY, path, path)


def test_a_trace_may_lie_in_several_files_and_a_span_in_several_lines(tmp_path: Path) -> None:
    one, other = tmp_path / "one.jsonl", tmp_path / "other.jsonl"
    one.write_text(f"{line(span(1, 2, 1, 'chat', LLM))}\n", "utf-8")
    other.write_text(
        f"{line(span(1, 1, None, 'POST /ask'), span(1, 2, 1, 'chat', LLM))}\n", "utf-8"
    )
    found = checked(tmp_path, POLICY, one, other)
    assert found.facts.totals == (1, 2, 1)
    assert found.facts.orphans.number == found.facts.outside(1).number == 0
    assert [row.tokens.all for row in found.spending.rows] == [1500]


def test_buffers_are_written_when_they_are_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("_MANY", "_FULL", "_MOST_PLANS", "_MOST_SHAPES"):
        monkeypatch.setattr(recorder, name, 2)
    written: list[str] = []
    write = Duck.write

    def noted(store: Duck, table: str, rows: Chunk) -> None:
        written.append(table)
        write(store, table, rows)

    monkeypatch.setattr(Duck, "write", noted)
    spans = [
        span(one, one, None, f"POST /{one}", {f"key.k{letter}": 1})
        for one in range(1, 8)
        for letter in "abc"
    ]
    found = checked(tmp_path, POLICY, line(*spans))
    assert written == ["spans"] * 11
    assert {name: seen.number for name, seen in found.recording.undeclared.items()} == {
        "key.ka": 7, "key.kb": 7, "key.kc": 7
    }  # fmt: skip
    assert found.facts.of_kind(0) == 7


def test_names_beyond_a_number_are_counted_as_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorder, "_MOST_NAMES", 3)
    found = checked(
        tmp_path, POLICY, line(span(1, 1, None, "x", {f"k.{one}x": 1 for one in range(9)}))
    )
    assert {name: seen.number for name, seen in found.recording.undeclared.items()} == {
        "k.0x": 1, "k.1x": 1, "k.2x": 1, "": 6
    }  # fmt: skip


@pytest.mark.parametrize(
    ("given", "row"),
    [
        ({"gen_ai.usage.input_tokens": "12"}, (0, None, 12, None, None)),
        ({"gen_ai.usage.prompt_tokens": 12, "gen_ai.usage.completion_tokens": 3}, (0, None, 12, None, 3)),
        ({"gen_ai.usage.input_tokens": "many"}, (0, None, None, None, None)),
        ({"gen_ai.usage.input_tokens": -4}, (0, None, None, None, None)),
        ({"gen_ai.usage.output_tokens": 2.5}, (0, None, None, None, None)),
        ({"gen_ai.usage.output_tokens": True}, (0, None, None, None, None)),
        ({"gen_ai.operation.name": "embeddings", "gen_ai.request.model": "e", "gen_ai.usage.input_tokens": 5},
         (1, "e", 5, None, None)),
        ({"gen_ai.operation.name": "chat", "gen_ai.response.model": "b", "gen_ai.request.model": "a"},
         (0, "b", None, None, None)),
        ({**LLM, "gen_ai.usage.cache_read.input_tokens": 7}, (0, "small", 1000, 7, 500)),
        ({**LLM, "gen_ai.operation.name": "invoke_agent"}, None),
        ({"gen_ai.operation.name": "retrieval"}, None),
    ],
)  # fmt: skip
def test_calls_of_models_and_their_tokens(
    tmp_path: Path, given: dict[str, Any], row: tuple[Any, ...] | None
) -> None:
    found = checked(tmp_path, POLICY, line(span(1, 1, None, "x", given)))
    odd = row is not None and row[2:] == (None, None, None) and "gen_ai.response.model" not in given
    rows = [] if row is None else [(*row, int(odd))]
    assert [one[3:] for one in table(found, "calls")] == rows
    assert found.recording.odd_tokens == int(odd)


def test_scores_are_of_events_and_of_spans(tmp_path: Path) -> None:
    outcome = {"gen_ai.evaluation.name": "groundedness", "gen_ai.evaluation.score.value": 0.5,
               "gen_ai.evaluation.score.label": "weak"}  # fmt: skip
    event = {
        "name": EVALUATION,
        "timeUnixNano": str((NINE + 60) * 10**9),
        "attributes": attributes(outcome),
    }
    timeless = {**event, "timeUnixNano": "soon"}
    none = {**event, "attributes": attributes({"gen_ai.evaluation.name": "groundedness"})}
    found = checked(
        tmp_path, POLICY,
        line(span(1, 1, events=[event, timeless, none, {"name": "other"}])),
        line(span(2, 2, None, "evaluate", {**outcome, "gen_ai.evaluation.score.label": True})),
    )  # fmt: skip
    at = NINE * 1_000_000
    assert [one[2:] for one in table(found, "scores")] == [
        (at, "groundedness", 0.5, "weak"),
        (at + 60_000_000, "groundedness", 0.5, "weak"),
        (at, "groundedness", 0.5, "true"),
    ]


def test_the_resource_carries_for_all_its_spans(tmp_path: Path) -> None:
    found = checked(
        tmp_path, POLICY,
        line(span(1, 1, None, "POST /ask"), span(1, 2, 1, "x", {"gen_ai.operation.name": "chat"},
             events=[{"name": "e", "attributes": attributes({"assistant.note": "n"})}]),
             resource={"gen_ai.request.model": "small", "service.name": "jo@acme.example"}),
    )  # fmt: skip
    assert found.facts.lacking(1, "gen_ai.request.model")[:2] == (0, 1)
    assert list(found.recording.undeclared) == ["assistant.note"]
    assert [row[2:] for row in table(found, "contents")] == [("service.name", "an e-mail address")]
    assert [row[4] for row in table(found, "calls")] == ["small"]


def test_texts_in_lists_and_maps_are_looked_at(tmp_path: Path) -> None:
    listed = {"arrayValue": {"values": [{"stringValue": "ok"}, {"stringValue": "jo@acme.example"}]}}
    mapped = {
        "kvlistValue": {"values": [{"key": "k", "value": {"stringValue": "mo@acme.example"}}, None]}
    }
    odd = {"key": "odd", "value": {"stringValue": ["x@y.example"]}}
    packed = {"key": "packed", "value": {"bytesValue": "QHh4"}}
    made = span(1, 1, None, "x", {"note": "n" * 100})
    made["attributes"] += [
        {"key": "listed", "value": listed}, {"key": "mapped", "value": mapped}, odd, packed
    ]  # fmt: skip
    made["status"] = {"message": "could not mail li@acme.example", "code": 2}
    made["events"] = [{"name": "mail to ka@acme.example"}]
    found = checked(
        tmp_path, POLICY, line(made), line({**made, "spanId": "22", "status": {"code": 1}})
    )
    assert sorted({row[2] for row in table(found, "contents")}) == [
        "listed", "mapped", "message of the status", "name of an event"
    ]  # fmt: skip
    assert len(table(found, "contents")) == 7


def test_values_that_come_again_are_remembered_up_to_a_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decode, "_MOST", 2)
    spans = [
        span(
            one,
            one,
            None,
            "x",
            {"gen_ai.operation.name": "chat", "gen_ai.request.model": f"m{one}"},
        )
        for one in (1, 2, 3, 1, 2, 3)
    ]
    found = checked(tmp_path, POLICY, line(*spans))
    assert sorted({row[4] for row in table(found, "calls")}) == ["m1", "m2", "m3"]


def test_a_resource_with_a_fault_in_its_first_span_is_looked_at(tmp_path: Path) -> None:
    found = checked(
        tmp_path,
        POLICY,
        line({"traceId": "1"}, span(1, 1), resource={"service.name": "jo@acme.example"}),
    )
    assert [row[2] for row in table(found, "contents")] == ["service.name"]


@pytest.mark.no_cover
@pytest.mark.parametrize("seed", thirds(range(40)))
def test_no_bytes_lead_to_a_fault_of_ours(tmp_path: Path, seed: int) -> None:
    random = Random(seed)
    data = bytearray("\n".join(
        [line(span(1, 1, None, "POST /ask"), span(1, 2, 1, "chat", LLM)), json.dumps({"run_type": "llm"}),
         json.dumps({"key": "k", "score": 1, "run_id": "r"})][:: random.choice((1, -1))]
    ).encode())  # fmt: skip
    for _ in range(random.randrange(1, 12)):
        place = random.randrange(len(data))
        data[place : place + random.randrange(3)] = bytes(
            random.choice(b'{}[]",:0123456789aeln\\\n\xff') for _ in range(random.randrange(3))
        )
    path = tmp_path / "odd.jsonl"
    path.write_bytes(bytes(data))
    found = checked(tmp_path, POLICY, path)
    assert found.recording.spans <= 3
    assert found.is_partial or found.recording.spans


def test_a_line_that_nests_too_deeply_is_told_and_the_rest_is_read(tmp_path: Path) -> None:
    deep = '{"resourceSpans":' + "[" * 5000 + "]" * 5000 + "}"
    found = checked(tmp_path, "", line(span(1, 1, None, "ask")), deep, "[" * 5000)
    assert found.recording.spans == 1
    assert sum(one.number for one in found.recording.unread) == 2
