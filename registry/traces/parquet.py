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
_WILD = frozenset("*?[")
_WILDCARD = "its name has a wildcard in it, which would name other files: rename it"
_BROKEN = "it is no Parquet file, or it is damaged"
_OF_CALLS = (
    names.OPERATION, names.MODEL, names.ASKED_MODEL, names.INPUT, names.CACHED, names.OUTPUT
)  # fmt: skip
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
        self._spelt: dict[tuple[str, str], list[str]] = {}
        self._column: dict[str, str] = {}

    def file(self, path: str) -> int:
        """Read a file; return how many rows it has."""
        if _WILD.intersection(path):
            self._unread.add(path, 0, _WILDCARD)
            return 0
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
        rows = f"SELECT {', '.join(_cells(found, own))} FROM read_parquet({text(path)})"
        ((total, no_id, no_start),) = self._store.rows(
            "SELECT count(*), count(*) FILTER (WHERE coalesce(trace, '') = '' OR "
            "coalesce(span, '') = ''), count(*) FILTER (WHERE began IS NULL) "
            f"FROM ({rows}) AS given"
        )
        for reason, count in ((NO_ID, no_id), (NO_START, no_start)):
            if count:
                self._unread.add(path, 0, reason, count)
        keys, outers = (f"array_to_string(map_keys({one}), chr(31))" for one in _BAGS)
        self._store.view(
            "given",
            f"SELECT *, {keys} AS keys, {outers} AS outers FROM ({rows}) AS given "
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
            bags = [_BAGS[spot >= len(keys)] for spot in range(len(called))]
            for bag, spelt, one in zip(bags, (*keys, *outers), called, strict=True):
                if spelt not in self._spelt.setdefault((bag, one), []):
                    self._spelt[bag, one].append(spelt)
            fresh = dict.fromkeys(
                one for one in called[: len(keys)] if not known.wanted.declares(one)
            )
            for one in fresh:
                known.seen(one, trace).number += count
            carried = sum(1 << bit for bit, one in enumerate(known.carried) if one in set(called))
            rows.append((number, own, outer, carried))
        self._store.fill("sets", ("number", "keys", "outers", "carried"), rows)

    def _spans(self) -> None:
        """Write the spans, each with its shape; what is read of attributes is taken out once."""
        wanted = self._recorder.wanted
        slices = (attribute for _, attribute in wanted.slices)
        reads = dict.fromkeys((*wanted.matched, *_OF_CALLS, *slices))
        self._column = {attribute: f"v{spot}" for spot, attribute in enumerate(reads)}
        values = [f"{self._value(one)} AS {column}" for one, column in self._column.items()]
        self._store.make(
            "told",
            "SELECT given.trace, given.span, given.parent, given.name, given.began, given.ended, "
            f"sets.number AS plan, {', '.join(values)} FROM given "
            "JOIN sets ON given.keys = sets.keys AND given.outers = sets.outers",
        )
        matched = [self._column[one] for one in wanted.matched]
        carried = {
            int(number): int(bits)
            for number, bits in self._store.rows("SELECT number, carried FROM sets")
        }
        rows = []
        kinds = f"SELECT DISTINCT {', '.join(['name', 'plan', *matched])} FROM told"
        for name, plan, *given in self._store.rows(kinds):
            known = dict(zip(wanted.matched, given, strict=True))
            bits = sum(
                1 << bit for bit, kind in enumerate(wanted.kinds) if kind.matches(name or "", known)
            )
            shape = Shape(bits, carried[int(plan)])
            number = self._recorder.shapes.setdefault(shape, len(self._recorder.shapes))
            rows.append((name, plan, number, *given))
        self._store.fill("shaped", ("name", "plan", "shape", *matched), rows)
        same = "".join(f" AND told.{one} IS NOT DISTINCT FROM shaped.{one}" for one in matched)
        self._store.append(
            "spans",
            "SELECT trace, span, parent, began, ended, CAST(shape AS BIGINT) AS shape FROM told "
            "JOIN shaped ON told.name IS NOT DISTINCT FROM shaped.name "
            f"AND told.plan = shaped.plan{same}",
        )

    def _value(self, attribute: str) -> str:
        """Return the SQL of an attribute's value, under whichever name it was recorded."""
        found = [
            f"{bag}[{text(spelt)}]"
            for bag in _BAGS
            for spelt in self._spelt.get((bag, attribute), ())
        ]
        return f"coalesce({', '.join(found)}, NULL)" if found else "CAST(NULL AS VARCHAR)"

    def _calls(self) -> None:
        at = {one: self._column[one] for one in _OF_CALLS}
        tokens = {
            name: (at[attribute], _count(at[attribute]))
            for name, attribute in (
                ("input", names.INPUT),
                ("cached", names.CACHED),
                ("output", names.OUTPUT),
            )
        }
        operation = at[names.OPERATION]
        excluded = ", ".join(map(text, sorted(names.NO_CALLS)))
        asks = ", ".join(map(text, sorted(names.CALLS)))
        listed = ", ".join(f"{count} AS {name}" for name, (_, count) in tokens.items())
        odd = " + ".join(
            f"CASE WHEN {given} IS NOT NULL AND {count} IS NULL THEN 1 ELSE 0 END"
            for given, count in tokens.values()
        )
        counted = f"{at[names.INPUT]} IS NOT NULL OR {at[names.OUTPUT]} IS NOT NULL"
        self._store.make(
            "counted",
            "SELECT trace, span, began, "
            f"CAST(coalesce({operation}, '') = {text(names.EMBEDDINGS)} AS BIGINT) AS embeds, "
            f"coalesce({at[names.MODEL]}, {at[names.ASKED_MODEL]}) AS model, {listed}, "
            f"{odd} AS odds FROM told WHERE coalesce({operation}, '') NOT IN ({excluded}) "
            f"AND (coalesce({operation}, '') IN ({asks}) OR {counted})",
        )
        ((odds,),) = self._store.rows("SELECT coalesce(sum(odds), 0) FROM counted")
        self._recorder.odd_tokens += int(odds)
        self._store.append(
            "calls",
            "SELECT trace, span, began, embeds, model, input, cached, output, "
            "CAST(CASE WHEN odds > 0 THEN 1 ELSE 0 END AS BIGINT) AS odd FROM counted",
        )

    def _slices(self) -> None:
        for field, attribute in self._recorder.wanted.slices:
            value = self._column[attribute]
            self._store.append(
                "slices",
                f"SELECT trace, span, CAST(parent IS NULL AS BIGINT) AS root, {text(field)} AS "
                f"field, {value} AS value FROM told WHERE {value} IS NOT NULL",
            )

    def _contents(self) -> None:
        """Look for what belongs in no trace: in what must be redacted, and in every text."""
        for attribute in sorted({one for _, one in self._spelt}):
            how = self._recorder.wanted.judged(attribute)
            if how:
                self._judge(attribute, how)
        texts = "concat_ws(chr(31), name, array_to_string(map_values(attributes), chr(31)))"
        suspects = self._store.rows(
            "SELECT trace, span, name, attributes FROM given "
            f"WHERE regexp_matches({texts}, {text(SUSPECT)})"
        )
        for trace, span, name, attributes in list(suspects):
            for key, given in {SPAN_NAME: name, **attributes}.items():
                self._recorder.found(trace, span, names.canonical(key), given or "")
        resources = "SELECT min(trace), min(span), outer_ FROM given GROUP BY outer_"
        for trace, span, outer in list(self._store.rows(resources)):
            for key, given in outer.items():
                self._recorder.found(trace, span, names.canonical(key), given or "")

    def _judge(self, attribute: str, how: str) -> None:
        value = self._value(attribute)
        there = f"{value} IS NOT NULL"
        if how == "hash":
            there += f" AND NOT regexp_full_match({value}, {text(FULL_HASH)})"
        for trace, span, given in list(
            self._store.rows(f"SELECT trace, span, {value} FROM given WHERE {there}")
        ):
            self._recorder.judge(trace, span, attribute, how, given)


def _count(given: str) -> str:
    """Return the SQL of a text as a whole number that is not negative; of what is none, NULL."""
    number = f"TRY_CAST({given} AS BIGINT)"
    is_whole = f"TRY_CAST({given} AS DOUBLE) = CAST({number} AS DOUBLE)"
    is_plain = f"position('_' IN {given}) = 0"
    return f"CASE WHEN {number} >= 0 AND {is_whole} AND {is_plain} THEN {number} END"


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


_MAP = "MAP(VARCHAR, VARCHAR)"
_EMPTY = f"CAST(MAP {{}} AS {_MAP})"


def _hex(one: _Column) -> str:
    return f"lower(hex({one.sql}))" if one.type == "BLOB" else f"CAST({one.sql} AS VARCHAR)"


def _instant(one: _Column) -> str:
    """Return the SQL of an instant in µs: of a timestamp, or of whole ns."""
    if "TIMESTAMP" in one.type:
        return f"epoch_us({one.sql})"
    return f"TRY_CAST({one.sql} AS BIGINT) // 1000"


def _map(one: _Column) -> str:
    its = one.sql if one.type == _MAP else f"CAST({one.sql} AS {_MAP})"
    return f"coalesce({its}, {_EMPTY})"


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
