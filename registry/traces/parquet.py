"""Spans in Parquet, a row each: read by DuckDB, so that no value passes through Python unasked.

Columns are told by name, in any case and with or without `_`: `trace_id`, `span_id`,
`parent_span_id`, `name` (or `span_name`), `start_time` (`start_time_unix_nano`, `timestamp`),
`end_time` (`end_time_unix_nano`) or `duration` in ns; times are timestamps, or whole ns. Attributes
are a map `attributes` (`span_attributes`), or columns of their own whose names have a dot, and
`resource_attributes` a map. So the collector's tables in ClickHouse are read as they come out.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from registry.traces import conventions as names
from registry.traces.content import FULL_HASH, SPAN_NAME, SUSPECT
from registry.traces.duck import Duck, QueryError
from registry.traces.otlp import NO_ID, NO_START
from registry.traces.recorder import Recorder
from registry.traces.recording import Shape
from registry.traces.tables import quoted as text
from registry.traces.unread import UnreadCounts

_NAMED = {
    "trace": ("traceid",),
    "span": ("spanid",),
    "parent": ("parentspanid", "parentid"),
    "name": ("name", "spanname"),
    "began": ("starttime", "starttimeunixnano", "timestamp"),
    "ended": ("endtime", "endtimeunixnano"),
    "duration": ("duration", "durationnano"),
    "attributes": ("attributes", "spanattributes"),
    "resource": ("resourceattributes",),
}
_NEEDED = ("trace", "span", "name", "began")
_CALLED = {"trace": "trace_id", "span": "span_id", "name": "name", "began": "start_time"}
_FOREIGN = "its columns are not those of spans"
_NO_MAP = "it has no attributes: no map `attributes`, and no column whose name has a dot"
_BROKEN = "it is no Parquet file, or it is damaged"
_BAGS = ("attributes", "outer_")
"""A span's own attributes, and its resource's."""


class _Column(NamedTuple):
    name: str
    type: str

    @property
    def sql(self) -> str:
        return '"' + self.name.replace('"', '""') + '"'


class ParquetReader:
    """Reads one file after the other."""

    def __init__(self, recorder: Recorder, store: Duck, unread: UnreadCounts) -> None:
        self._recorder = recorder
        self._store = store
        self._unread = unread
        self._spelt: dict[str, list[str]] = {}

    def file(self, path: str) -> int:
        """Read a file; return how many rows it has."""
        try:
            columns = self._columns(path)
        except QueryError:
            self._unread.add(path, 0, _BROKEN)
            return 0
        found = {role: one for role, words in _NAMED.items() if (one := _first(columns, words))}
        for role in ("attributes", "resource"):
            if role in found and not found[role].type.startswith("MAP(VARCHAR"):
                del found[role]
        lacks = [_CALLED[role] for role in _NEEDED if role not in found]
        if lacks:
            self._unread.add(path, 0, f"{_FOREIGN}: it lacks {', '.join(lacks)}")
            return 0
        own = [one for one in columns if "." in one.name and one not in found.values()]
        if "attributes" not in found and not own:
            self._unread.add(path, 0, _NO_MAP)
        try:
            return self._read(path, found, own)
        except QueryError:
            self._unread.add(path, 0, _BROKEN)
            return 0

    def _columns(self, path: str) -> list[_Column]:
        rows = self._store.rows(f"DESCRIBE SELECT * FROM read_parquet({text(path)})")
        return [_Column(str(name), str(kind)) for name, kind, *_ in rows]

    def _read(self, path: str, found: Mapping[str, _Column], own: Sequence[_Column]) -> int:
        source = f"read_parquet({text(path)})"
        self._store.make("given", f"SELECT {', '.join(_cells(found, own))} FROM {source}")
        (total, no_id, no_start), = self._store.rows(
            "SELECT count(*), count(*) FILTER (WHERE coalesce(trace, '') = '' OR "
            "coalesce(span, '') = ''), count(*) FILTER (WHERE began IS NULL) FROM given"
        )  # fmt: skip
        for reason, count in ((NO_ID, no_id), (NO_START, no_start)):
            if count:
                self._unread.add(path, 0, reason, count)
        keys, outers = (f"array_to_string(map_keys({one}), chr(31))" for one in _BAGS)
        self._store.make(
            "given",
            f"SELECT *, {keys} AS keys, {outers} AS outers FROM given "
            "WHERE trace <> '' AND span <> '' AND began IS NOT NULL",
        )
        self._plan()
        self._spans()
        self._calls()
        self._slices()
        self._contents()
        return int(total)

    # -- what spans are ----------------------------------------------------------------------------

    def _plan(self) -> None:
        """Work out what spans of the same keys carry, and count what nobody declared."""
        known = self._recorder
        rows: list[tuple[Any, ...]] = []
        grouped = "SELECT keys, outers, count(*), min(trace) FROM given GROUP BY 1, 2"
        for number, (own, outer, count, trace) in enumerate(
            list(self._store.rows(f"{grouped} ORDER BY 4, 1, 2"))
        ):
            keys, outers = (one.split("\x1f") if one else [] for one in (own, outer))
            called = [names.canonical(one) for one in (*keys, *outers)]
            for spelt, one in zip((*keys, *outers), called, strict=True):
                if spelt not in self._spelt.setdefault(one, []):
                    self._spelt[one].append(spelt)
            fresh = dict.fromkeys(
                one for one in called[: len(keys)] if not known.wanted.declares(one)
            )
            for one in fresh:
                known.seen(one, trace).number += count
            carried = sum(1 << bit for bit, one in enumerate(known.carried) if one in set(called))
            rows.append((number, own, outer, carried))
        self._store.fill("sets", ("number", "keys", "outers", "carried"), rows)

    def _spans(self) -> None:
        """Write the spans, each with its shape."""
        wanted = self._recorder.wanted
        matched = [f"{self._value(one)} AS m{spot}" for spot, one in enumerate(wanted.matched)]
        keys = ", ".join(f"m{spot}" for spot in range(len(matched)))
        comma = ", " if matched else ""
        self._store.make(
            "told",
            f"SELECT given.*, sets.number AS plan{comma}{', '.join(matched)} FROM given "
            "JOIN sets ON given.keys = sets.keys AND given.outers = sets.outers",
        )
        rows = []
        carried = {int(number): int(bits) for number, bits in self._store.rows(
            "SELECT number, carried FROM sets")}  # fmt: skip
        kinds = f"SELECT DISTINCT name, plan{comma}{keys} FROM told"
        for name, plan, *values in self._store.rows(kinds):
            given = dict(zip(wanted.matched, values, strict=True))
            bits = sum(
                1 << bit for bit, kind in enumerate(wanted.kinds) if kind.matches(name or "", given)
            )
            shape = Shape(bits, carried[int(plan)])
            number = self._recorder.shapes.setdefault(shape, len(self._recorder.shapes))
            rows.append((name, plan, number, *values))
        heads = ("name", "plan", "shape", *(f"m{spot}" for spot in range(len(matched))))
        self._store.fill("shaped", heads, rows)
        same = "".join(
            f" AND told.m{spot} IS NOT DISTINCT FROM shaped.m{spot}" for spot in range(len(matched))
        )
        self._store.append(
            "spans",
            "SELECT trace, span, parent, began, ended, CAST(shape AS BIGINT) AS shape FROM told "
            "JOIN shaped ON told.name IS NOT DISTINCT FROM shaped.name "
            f"AND told.plan = shaped.plan{same}",
        )

    def _value(self, attribute: str) -> str:
        """Return the SQL of an attribute's value, under whichever name it was recorded."""
        found = [
            f"{bag}[{text(spelt)}]" for bag in _BAGS for spelt in self._spelt.get(attribute, ())
        ]
        return f"coalesce({', '.join(found)}, NULL)" if found else "CAST(NULL AS VARCHAR)"

    def _calls(self) -> None:
        operation, tokens = self._value(names.OPERATION), {
            name: f"TRY_CAST({self._value(attribute)} AS BIGINT)"
            for name, attribute in (
                ("input", names.INPUT), ("cached", names.CACHED), ("output", names.OUTPUT)
            )
        }  # fmt: skip
        excluded = ", ".join(map(text, sorted(names.NO_CALLS)))
        asks = ", ".join(map(text, sorted(names.CALLS)))
        listed = ", ".join(
            f"CASE WHEN {one} >= 0 THEN {one} END AS {name}" for name, one in tokens.items()
        )
        any_ = f"{self._value(names.INPUT)} IS NOT NULL OR {self._value(names.OUTPUT)} IS NOT NULL"
        self._store.append(
            "calls",
            f"SELECT trace, span, began, CAST({operation} = {text(names.EMBEDDINGS)} AS BIGINT) "
            f"AS embeds, coalesce({self._value(names.MODEL)}, {self._value(names.ASKED_MODEL)}) "
            f"AS model, {listed} FROM told WHERE coalesce({operation}, '') NOT IN ({excluded}) "
            f"AND (coalesce({operation}, '') IN ({asks}) OR {any_})",
        )

    def _slices(self) -> None:
        for field, attribute in self._recorder.wanted.slices:
            value = self._value(attribute)
            self._store.append(
                "slices",
                f"SELECT trace, span, CAST(parent IS NULL AS BIGINT) AS root, {text(field)} AS "
                f"field, {value} AS value FROM told WHERE {value} IS NOT NULL",
            )

    def _contents(self) -> None:
        """Look for what belongs in no trace: in what must be redacted, and in every text."""
        for attribute in sorted(self._spelt):
            how = self._recorder.wanted.judged(attribute)
            if how:
                self._judge(attribute, how)
        texts = "concat_ws(chr(31), name, array_to_string(map_values(attributes), chr(31)))"
        suspects = self._store.rows(
            "SELECT trace, span, name, attributes FROM told "
            f"WHERE regexp_matches({texts}, {text(SUSPECT)})"
        )
        for trace, span, name, attributes in list(suspects):
            for key, given in {SPAN_NAME: name, **attributes}.items():
                self._recorder.found(trace, span, names.canonical(key), given or "")

    def _judge(self, attribute: str, how: str) -> None:
        value = self._value(attribute)
        there = f"{value} IS NOT NULL"
        if how == "hash":
            there += f" AND NOT regexp_full_match({value}, {text(FULL_HASH)})"
        for trace, span, given in list(
            self._store.rows(f"SELECT trace, span, {value} FROM told WHERE {there}")
        ):
            self._recorder.judge(trace, span, attribute, how, given)


def _first(columns: Sequence[_Column], words: Sequence[str]) -> _Column | None:
    known = {one.name.replace("_", "").casefold(): one for one in columns}
    return next((known[word] for word in words if word in known), None)


def _cells(found: Mapping[str, _Column], own: Sequence[_Column]) -> Iterator[str]:
    """Yield the SQL of each column of what is read."""
    for role in ("trace", "span", "parent", "name"):
        one = found.get(role)
        yield (
            f"{_hex(one) if one else 'NULL'} AS {role}"
            if role != "parent"
            else (f"NULLIF({_hex(one) if one else 'NULL'}, '') AS parent")
        )
    began = _instant(found["began"])
    yield f"{began} AS began"
    if "ended" in found:
        yield f"NULLIF({_instant(found['ended'])}, 0) AS ended"
    elif "duration" in found:
        yield f"{began} + CAST({found['duration'].sql} AS BIGINT) // 1000 AS ended"
    else:
        yield "CAST(NULL AS BIGINT) AS ended"
    yield f"{_attributes(found, own)} AS attributes"
    outer = found.get("resource")
    yield f"{_map(outer) if outer else _EMPTY} AS outer_"


_EMPTY = "CAST(MAP {} AS MAP(VARCHAR, VARCHAR))"


def _hex(one: _Column) -> str:
    return f"lower(hex({one.sql}))" if one.type == "BLOB" else f"CAST({one.sql} AS VARCHAR)"


def _instant(one: _Column) -> str:
    """Return the SQL of an instant in µs: of a timestamp, or of whole ns."""
    if "TIMESTAMP" in one.type:
        return f"epoch_us({one.sql})"
    return f"TRY_CAST({one.sql} AS BIGINT) // 1000"


def _map(one: _Column) -> str:
    return f"coalesce(CAST({one.sql} AS MAP(VARCHAR, VARCHAR)), {_EMPTY})"


def _attributes(found: Mapping[str, _Column], own: Sequence[_Column]) -> str:
    if "attributes" in found:
        return _map(found["attributes"])
    if not own:
        return _EMPTY
    cells = ", ".join(
        f"{{'k': {text(one.name.removeprefix('attributes.'))}, 'v': CAST({one.sql} AS VARCHAR)}}"
        for one in own
    )
    return f"map_from_entries(list_filter([{cells}], lambda one: one.v IS NOT NULL))"
