"""Spans in Parquet, a row each: read by DuckDB, so that no value passes through Python unasked.

What a column holds is told by its name (`registry.traces.parquet_columns`), so that the collector's
tables in ClickHouse are read as they come out. A file is read some hundred thousand rows at once.
"""

from collections.abc import Iterator, Mapping, Sequence

from registry.traces import conventions as names
from registry.traces.content import FULL_HASH, SPAN_NAME
from registry.traces.duck import Duck, QueryError
from registry.traces.keysets import BAGS, DIGEST, KEYS, NOTHING, KeySets
from registry.traces.otlp import NO_ID, NO_START, ODD_SCORE
from registry.traces.packed import DIGITS, columns_of, id_of, is_hex, number_of, packing_of
from registry.traces.parquet_columns import ParquetColumn, cells, is_suspect, lacking, own_of, roles
from registry.traces.parquet_events import EventReader
from registry.traces.recorder import Recorder
from registry.traces.recording import Shape
from registry.traces.tables import quoted as text
from registry.traces.unread import UnreadCounts

_ODD_EVENTS = "its events are in a shape that is not known"
_FOREIGN = "its columns are not those of spans"
_NO_MAP = "it has no attributes: no map `attributes`, and no column whose name has a dot"
_WILD = frozenset("*?[")
_WILDCARD = "its name has a wildcard in it, which would name other files: rename it"
_BROKEN = "it is no Parquet file, or it is damaged"
_OF_CALLS = (
    names.OPERATION, names.MODEL, names.ASKED_MODEL, names.INPUT, names.CACHED, names.OUTPUT
)  # fmt: skip
_TEXTS = "array_to_string(map_values({}), chr(31))"
_ARE_HEX = " AND ".join(map(is_hex, DIGITS))
"""The SQL of whether the ids of a span are as OTLP has them, so that they can be packed."""
_STRETCH = 250_000
"""Rows that are read at once, if groups of a file's rows are not larger."""


class ParquetReader:
    """Reads one file after the other."""

    def __init__(self, recorder: Recorder, store: Duck, unread: UnreadCounts) -> None:
        self._recorder = recorder
        self._store = store
        self._unread = unread
        self._sets = KeySets(recorder)
        self._events = EventReader(recorder, store)
        self._column: dict[str, str] = {}
        self._are_packed = True

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
        found = roles(columns)
        lacks = lacking(found)
        if lacks:
            self._unread.add(path, 0, f"{_FOREIGN}: it lacks {', '.join(lacks)}")
            return 0
        before, odd_tokens = self._store.parts(), self._recorder.odd_tokens
        try:
            return self._read(path, found, columns)
        except QueryError:
            self._store.forget(before)
            self._recorder.odd_tokens = odd_tokens
            self._sets.forget()
            self._unread.add(path, 0, _BROKEN)
            return 0

    def _columns(self, path: str) -> list[ParquetColumn]:
        rows = self._store.rows(f"DESCRIBE SELECT * FROM read_parquet({text(path)})")
        return [ParquetColumn(str(name), str(kind)) for name, kind, *_ in rows]

    def _read(
        self, path: str, found: Mapping[str, ParquetColumn], columns: Sequence[ParquetColumn]
    ) -> int:
        own = own_of(columns, found)
        source = f"read_parquet({text(path)}, file_row_number = true)"
        heads = ", ".join(["file_row_number AS row", *cells(found, own)])
        rows = f"SELECT {heads} FROM {source}"
        right = "trace <> '' AND span <> '' AND began IS NOT NULL"
        ((total, no_id, no_start, odd),) = self._store.rows(
            "SELECT count(*), count(*) FILTER (WHERE coalesce(trace, '') = '' OR "
            "coalesce(span, '') = ''), count(*) FILTER (WHERE began IS NULL), "
            f"count(*) FILTER (WHERE {right} AND NOT coalesce({_ARE_HEX}, false)) "
            f"FROM ({rows}) AS given"
        )
        for reason, count in ((NO_ID, no_id), (NO_START, no_start)):
            if count:
                self._unread.add(path, 0, reason, count)
        self._store.view("given", f"SELECT * FROM ({rows}) AS given WHERE {right}")
        self._are_packed = not odd
        is_judged = False
        for first, last in self._stretches(path):
            self._told(f"WHERE row >= {first} AND row < {last}")
            self._spans()
            self._calls()
            self._slices()
            is_judged = is_judged or self._is_any("SELECT 1 FROM told WHERE judged")
        known = self._recorder.odd_scores
        self._scores()
        self._contents(is_judged=is_judged)
        if not self._events.read(source, found, columns):
            self._unread.add(path, 0, _ODD_EVENTS)
        if self._recorder.odd_scores > known:
            self._unread.add(path, 0, ODD_SCORE, self._recorder.odd_scores - known)
        if "attributes" not in found and not own:
            self._unread.add(path, 0, _NO_MAP)
        self._sets.tell()
        return int(total)

    def _stretches(self, path: str) -> Iterator[tuple[int, int]]:
        """Yield the first row of each stretch of a file, and the one after its last.

        Whole groups of rows, as the file has them, but of no more than fit into memory at once.
        """
        groups = self._store.rows(
            "SELECT row_group_id, max(row_group_num_rows) FROM "
            f"parquet_metadata({text(path)}) GROUP BY 1 ORDER BY 1"
        )
        first = last = 0
        for _, rows in list(groups):
            if last - first + int(rows) > _STRETCH and last > first:
                yield first, last
                first = last
            last += int(rows)
        yield first, last

    # -- what spans are ----------------------------------------------------------------------------

    def _told(self, where: str) -> None:
        """Keep the spans of some rows as `told`, with all that is read of them.

        The keys of their attributes are looked at where they are new, and only there: with those of
        the spans before them, as a rule, nothing is.
        """
        spelt = self._sets.spelt
        counts = list(self._counted(where)) if spelt else []
        if not counts or not self._sets.knows(digest for digest, *_ in counts):
            rows = self._store.rows(f"SELECT DISTINCT {DIGEST}, {KEYS} FROM given {where}")
            for digest, own, outer in sorted(rows):
                self._sets.learn(int(digest), own, outer)
        if not counts or self._sets.spelt > spelt:
            counts = list(self._counted(where))
        for digest, number, trace in counts:
            self._sets.count(digest, number, trace)

    def _counted(self, where: str) -> Iterator[tuple[int, int, str]]:
        """Make `told`; yield the sets of keys in it, how many spans have each, and the first trace.

        `judged` are spans with a value that the policy may not have as it is.
        """
        wanted = self._recorder.wanted
        slices = (attribute for _, attribute in wanted.slices)
        reads = dict.fromkeys((*wanted.matched, *_OF_CALLS, *slices))
        here = filter(self._sets.has, reads)
        self._column = {attribute: f"v{spot}" for spot, attribute in enumerate(here)}
        values = [f"{self._sets.value(one)} AS {column}" for one, column in self._column.items()]
        ids = [packing_of(one) if self._are_packed else one for one in DIGITS]
        judged = [f"({self._judged(one, how)})" for one, how in self._sets.judged()]
        flag = f"{' OR '.join(judged) or 'false'} AS judged"
        read = ", ".join([*ids, *values, flag, "name", "began", "ended", f"{DIGEST} AS keys"])
        self._store.make("told", f"SELECT {read} FROM given {where}")
        number = number_of("trace") if self._are_packed else "trace"
        found = f"SELECT keys, {number} FROM told"
        rows = f"SELECT keys, count(*), min(trace) FROM ({found}) AS found GROUP BY keys"
        for keys, count, trace in self._store.rows(rows):
            yield int(keys), int(count), id_of(trace)

    @property
    def _ids(self) -> str:
        """The SQL of the ids of a trace and a span, as they are in `told`."""
        kinds = ("trace", "span")
        return ", ".join(one for kind in kinds for one in self._columns_of(kind))

    def _columns_of(self, kind: str) -> tuple[str, ...]:
        return columns_of(kind) if self._are_packed else (kind,)

    def _spans(self) -> None:
        """Write the spans, each with its shape."""
        wanted = self._recorder.wanted
        here = [one for one in wanted.matched if one in self._column]
        matched = [self._column[one] for one in here]
        rows = []
        kinds = f"SELECT DISTINCT {', '.join(['name', 'keys', *matched])} FROM told"
        for name, keys, *given in self._store.rows(f"{kinds} ORDER BY ALL"):
            known = dict(zip(here, given, strict=True))
            bits = sum(
                1 << bit for bit, kind in enumerate(wanted.kinds) if kind.matches(name or "", known)
            )
            shape = Shape(bits, self._sets.carried(int(keys)))
            number = self._recorder.shapes.setdefault(shape, len(self._recorder.shapes))
            rows.append((name, keys, number, *given))
        self._store.fill("shaped", ("name", "keys", "shape", *matched), rows)
        same = "".join(f" AND told.{one} IS NOT DISTINCT FROM shaped.{one}" for one in matched)
        parents = ", ".join(self._columns_of("parent"))
        self._append(
            "spans",
            f"SELECT {self._ids}, {parents}, began, ended, CAST(shape AS BIGINT) AS shape "
            "FROM told "
            "JOIN shaped ON told.name IS NOT DISTINCT FROM shaped.name "
            f"AND told.keys = shaped.keys{same}",
        )

    def _append(self, table: str, select: str) -> None:
        self._store.append(table, select, are_packed=self._are_packed)

    def _calls(self) -> None:
        at = {one: self._column.get(one, NOTHING) for one in _OF_CALLS}
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
            f"SELECT {self._ids}, began, "
            f"CAST(coalesce({operation}, '') = {text(names.EMBEDDINGS)} AS BIGINT) AS embeds, "
            f"coalesce({at[names.MODEL]}, {at[names.ASKED_MODEL]}) AS model, {listed}, "
            f"{odd} AS odds FROM told WHERE coalesce({operation}, '') NOT IN ({excluded}) "
            f"AND (coalesce({operation}, '') IN ({asks}) OR {counted})",
        )
        ((odds,),) = self._store.rows("SELECT coalesce(sum(odds), 0) FROM counted")
        self._recorder.odd_tokens += int(odds)
        self._append(
            "calls",
            f"SELECT {self._ids}, began, embeds, model, input, cached, output, "
            "CAST(CASE WHEN odds > 0 THEN 1 ELSE 0 END AS BIGINT) AS odd FROM counted",
        )

    def _slices(self) -> None:
        for field, attribute in self._recorder.wanted.slices:
            value = self._column.get(attribute, NOTHING)
            self._append(
                "slices",
                f"SELECT {self._ids}, CAST(parent IS NULL AS BIGINT) AS root, {text(field)} AS "
                f"field, {value} AS value FROM told WHERE {value} IS NOT NULL",
            )

    def _scores(self) -> None:
        """Take the outcomes of evaluations that are spans of their own."""
        if not (self._sets.has(names.SCORE) and self._sets.has(names.SCORED)):
            return
        metric, score = (self._sets.value(one, BAGS[:1]) for one in (names.SCORED, names.SCORE))
        there = [self._sets.is_there(one) for one in (names.SCORED, names.SCORE)]
        rows = self._store.rows(
            f"SELECT trace, span, began, {metric}, {score}, {self._sets.value(names.LABEL)} "
            f"FROM given WHERE {' AND '.join(there)}"
        )
        for one in list(rows):
            self._recorder.span_score(*one)

    def _contents(self, *, is_judged: bool) -> None:
        """Look for what belongs in no trace: in what must be redacted, and in every text."""
        if is_judged:
            for attribute, how in self._sets.judged():
                self._judge(attribute, how)
        values = "SELECT unnest(map_values(attributes)) FROM given"
        here = f"SELECT name AS text FROM given UNION ALL {values}"
        if self._is_any(f"SELECT 1 FROM ({here}) AS here WHERE {is_suspect('text')}"):
            self._look_over(f"concat_ws(chr(31), name, {_TEXTS.format('attributes')})")
        outer = _TEXTS.format("outer_")
        resources = (
            "SELECT min(trace), min(span), outer_ FROM given "
            f"WHERE {is_suspect(outer)} GROUP BY outer_"
        )
        for trace, span, found in list(self._store.rows(resources)):
            for key, given in found.items():
                self._recorder.found(trace, span, names.canonical(key), given or "")

    def _is_any(self, select: str) -> bool:
        return any(True for _ in self._store.rows(f"{select} LIMIT 1"))

    def _look_over(self, texts: str) -> None:
        suspects = self._store.rows(
            f"SELECT trace, span, name, attributes FROM given WHERE {is_suspect(texts)}"
        )
        for trace, span, name, attributes in suspects:
            for key, given in {SPAN_NAME: name, **(attributes or {})}.items():
                self._recorder.found(trace, span, names.canonical(key), given or "")

    def _judged(self, attribute: str, how: str) -> str:
        """Return the SQL of whether a value must be looked at."""
        value = self._sets.value(attribute)
        there = f"{value} IS NOT NULL"
        if how == "hash":
            there += f" AND NOT regexp_full_match({value}, {text(FULL_HASH)})"
        return there

    def _judge(self, attribute: str, how: str) -> None:
        there = self._judged(attribute, how)
        for trace, span, given in self._store.rows(
            f"SELECT trace, span, {self._sets.value(attribute)} FROM given WHERE {there}"
        ):
            self._recorder.judge(trace, span, attribute, how, given)


def _count(given: str) -> str:
    """Return the SQL of a text as a whole number that is not negative; of what is none, NULL."""
    number = f"TRY_CAST({given} AS BIGINT)"
    is_whole = f"TRY_CAST({given} AS DOUBLE) = CAST({number} AS DOUBLE)"
    is_plain = f"position('_' IN {given}) = 0"
    return f"CASE WHEN {number} >= 0 AND {is_whole} AND {is_plain} THEN {number} END"
