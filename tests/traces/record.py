"""Traces for tests: OTLP's JSON lines, made span by span."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from registry.traces.check import CheckedTraces, check
from registry.traces.packed import DIGITS
from registry.traces.spend import Spending
from registry.traces.tables import TABLES
from registry.workspace.open import open_registry
from registry.workspace.options import Options
from tests.conftest import AT

NINE = 1_795_165_200
"""2026-11-20T09:00Z, in seconds since 1970: the instant of `AT`."""

MANIFEST = "opmodel: 1\nname: assistant\nstage: production\n"
LLM = {
    "gen_ai.operation.name": "chat",
    "gen_ai.request.model": "small",
    "gen_ai.usage.input_tokens": 1000,
    "gen_ai.usage.output_tokens": 500,
}


def attributes(given: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Write attributes as OTLP's JSON has them: whole numbers as text."""
    return [{"key": key, "value": value(one)} for key, one in given.items()]


def value(one: Any) -> dict[str, Any]:
    if isinstance(one, bool):
        return {"boolValue": one}
    if isinstance(one, int):
        return {"intValue": str(one)}
    if isinstance(one, float):
        return {"doubleValue": one}
    if isinstance(one, list):
        return {"arrayValue": {"values": [value(item) for item in one]}}
    return {"stringValue": one}


def span(
    trace: int,
    number: int,
    parent: int | None = None,
    name: str = "work",
    given: Mapping[str, Any] | None = None,
    *,
    at: float = 0,
    lasts: float | None = 1,
    events: list[dict[str, Any]] | None = None,
) -> dict[str, Any]:
    """Make a span that begins `at` seconds after nine and lasts so many; None for no end."""
    began = round((NINE + at) * 1_000_000) * 1000
    made: dict[str, Any] = {"traceId": f"{trace:032x}", "spanId": f"{number:016x}", "name": name}
    if parent is not None:
        made["parentSpanId"] = f"{parent:016x}"
    made["startTimeUnixNano"] = str(began)
    if lasts is not None:
        made["endTimeUnixNano"] = str(began + round(lasts * 1e9))
    made["attributes"] = attributes(given or {})
    if events is not None:
        made["events"] = events
    return made


def line(*spans: Any, resource: Mapping[str, Any] | None = None) -> str:
    """Write one line of the collector's file exporter."""
    group: dict[str, Any] = {"scopeSpans": [{"spans": list(spans)}]}
    if resource is not None:
        group["resource"] = {"attributes": attributes(resource)}
    return json.dumps({"resourceSpans": [group]}, separators=(",", ":"))


def registry(folder: Path, text: str) -> Path:
    """Write a registry of one file into a folder, below the manifest's three lines."""
    (folder / "opmodel.yaml").write_text(MANIFEST + text, "utf-8")
    return folder


def checked(
    folder: Path, text: str, *lines: str | bytes | Path, by: tuple[str, ...] = ()
) -> CheckedTraces:
    """Hold lines, or files, against a registry of one file."""
    root = registry(folder, text)
    files = [str(one) for one in lines if isinstance(one, Path)]
    plain = [one for one in lines if not isinstance(one, Path)]
    if plain:
        path = folder / "traces.jsonl"
        path.write_bytes(b"".join(_bytes(one) + b"\n" for one in plain))
        files.append(str(path))
    work = folder / "work"
    work.mkdir(exist_ok=True)
    options = Options(AT)
    return check(open_registry(str(root), options), files, options, str(work), by)


def _bytes(one: str | bytes) -> bytes:
    return one if isinstance(one, bytes) else one.encode()


def unread(found: CheckedTraces) -> list[tuple[int, str, int]]:
    """List what was not read: line, reason, count."""
    return [(one.line, one.reason, one.number) for one in found.recording.unread]


def table(found: CheckedTraces | Spending, name: str) -> list[tuple[Any, ...]]:
    """List a table's rows, in order; ids as texts."""
    digits = [DIGITS.get(column) for column in TABLES[name]]
    rows = [
        tuple(
            f"{cell:0{width}x}" if width and isinstance(cell, int) else cell
            for cell, width in zip(row, digits, strict=True)
        )
        for row in found.recording.store.rows(f"SELECT * FROM {name}")
    ]
    return sorted(rows, key=lambda row: tuple(map(str, row)))
