"""What `opmodel traces check` costs: `python benchmarks/traces.py [--spans 1000000] [--data DIR]`.

The record is the example's day, again and again under new ids and at other times of the day, with
other users, sessions, requests, tokens and latencies: else a few dozen values would be all there
are. Some dozens of traces are in a line, as a collector's batches are; as JSON lines of OTLP, and
as Parquet with a map of attributes. Measured are whole processes: spans and megabytes a CPU second,
and peak memory.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Any

from processes import Command, run

ROOT = Path(__file__).resolve().parent.parent
COPILOT = ROOT / "examples" / "enterprise-copilot"
_BATCH = 60
"""Traces in a line: with some five spans each, a batch of a few hundred."""

_JSON = "maximum_object_size=100000000, sample_size=-1"
_AT = "2026-11-24T09:00:00Z"


def varied(spans: Sequence[Mapping[str, Any]], random: Random) -> Iterator[dict[str, Any]]:
    """Yield the spans of a trace at another time of the day, with values as they differ in life."""
    later = random.randrange(12 * 3600 * 10**6) * 1000
    for span in spans:
        times = {
            name: str(int(span[name]) + later)
            for name in ("startTimeUnixNano", "endTimeUnixNano")
            if name in span
        }
        attributes = [
            {"key": one["key"], "value": _varied(one["key"], one["value"], random)}
            for one in span["attributes"]
        ]
        yield {**span, **times, "attributes": attributes}


def _varied(key: str, value: Mapping[str, Any], random: Random) -> Mapping[str, Any]:
    if key.endswith((".request.id", ".id")) and key != "copilot.tenant.id":
        return {"stringValue": f"{value['stringValue'][:4]}{random.getrandbits(48):012x}"}
    if key.endswith(".user.ref"):
        return {"stringValue": f"{Random(random.randrange(20_000)).getrandbits(128):032x}"}
    if key.endswith(("_ms", "_tokens", ".length")):
        return {"intValue": str(random.randint(0, 2 * int(value["intValue"])))}
    return value


def write_lines(path: Path, spans: int) -> None:
    """Write a record of at least so many spans."""
    random = Random(16)
    record = (COPILOT / "traces" / "traces.jsonl").read_text("utf-8").splitlines()
    groups = [json.loads(line)["resourceSpans"][0] for line in record]
    written = 0
    with path.open("w", encoding="utf-8") as file:
        while written < spans:
            batch = []
            for _ in range(_BATCH):
                one = groups[random.randrange(len(groups))]
                made = one["scopeSpans"][0]["spans"]
                text = json.dumps(list(varied(made, random)), separators=(",", ":"))
                ids = {made[0]["traceId"]: 128, **{span["spanId"]: 64 for span in made}}
                for old, bits in ids.items():
                    text = text.replace(old, f"{random.getrandbits(bits):0{bits // 4}x}")
                batch.append(text[1:-1])
                written += len(made)
            resource = json.dumps(groups[0]["resource"], separators=(",", ":"))
            spans_text = ",".join(batch)
            file.write(
                f'{{"resourceSpans":[{{"resource":{resource},"scopeSpans":[{{"spans":[{spans_text}]}}]}}]}}\n'
            )


def write_parquet(path: Path, lines: Path) -> None:
    """Write the same spans as a table, with a map of attributes."""
    import duckdb

    value = (
        "coalesce(one.value.stringValue, one.value.intValue, CAST(one.value.boolValue AS VARCHAR), "
        "CAST(one.value.doubleValue AS VARCHAR))"
    )

    def bag(of: str, value: str) -> str:
        pair = f"{{'k': one.key, 'v': {value}}}"
        return f"map_from_entries(list_transform({of}.attributes, lambda one: {pair}))"

    groups = f"SELECT unnest(resourceSpans) AS grp FROM read_json('{lines}', {_JSON})"
    scopes = f"SELECT grp, unnest(grp.scopeSpans) AS scope FROM ({groups})"
    spans = f"SELECT grp, unnest(scope.spans) AS span FROM ({scopes})"
    columns = ", ".join(
        [
            "span.traceId AS trace_id",
            "span.spanId AS span_id",
            "span.parentSpanId AS parent_span_id",
            "span.name AS name",
            "CAST(span.startTimeUnixNano AS BIGINT) AS start_time",
            "CAST(span.endTimeUnixNano AS BIGINT) AS end_time",
            f"{bag('span', value)} AS attributes",
            f"{bag('grp.resource', 'one.value.stringValue')} AS resource_attributes",
        ]
    )
    with duckdb.connect() as connection:
        connection.execute(f"COPY (SELECT {columns} FROM ({spans})) TO '{path}' (FORMAT parquet)")


def measure(name: str, path: Path, spans: int) -> str:
    """Check a record once more than is counted; return a line of the table."""
    arguments = [
        "traces",
        "check",
        str(path),
        "--dir",
        str(COPILOT),
        "--at",
        _AT,
        "--fail-on=never",
    ]
    command = Command(name, [sys.executable, "-m", "registry", *arguments])
    run(command)
    done = run(command)
    size = path.stat().st_size / 1e6
    return (
        f"| {name}, {spans:,} spans, {size:,.0f} MB | {done.cpu:.1f} s | {spans / done.cpu:,.0f} | "
        f"{size / done.cpu:,.0f} | {done.peak / 2**20:.0f} MiB |"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the records, check them, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--spans", type=int, default=1_000_000, help="spans of the record")
    parser.add_argument("--data", type=Path, help="a folder that keeps the records")
    parser.add_argument("--only-write", action="store_true", help="write the records, and no more")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.data or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        lines, table = (folder / f"{options.spans}.{end}" for end in ("jsonl", "parquet"))
        if options.only_write:
            write_lines(lines, options.spans)
            write_parquet(table, lines)
            return 0
        # In a process of its own: the peak of a child is never seen below that of its parent.
        given = ["--spans", str(options.spans), "--data", str(folder), "--only-write"]
        subprocess.run([sys.executable, __file__, *given], check=True)
        with lines.open("rb") as file:
            spans = sum(line.count(b'"spanId"') for line in file)
        print(
            "| record | CPU | spans a CPU second | MB a CPU second | peak |\n|---|---|---|---|---|"
        )
        print(measure("OTLP JSON lines", lines, spans), flush=True)
        print(measure("Parquet", table, spans))
    return 0


if __name__ == "__main__":
    sys.exit(main())
