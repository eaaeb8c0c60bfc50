"""Spans in Parquet, a row each: read by DuckDB, so that no value passes through Python unasked.

What a column holds is told by its name (`registry.traces.parquet_columns`), so that the collector's
tables in ClickHouse are read as they come out. A file is read some hundred thousand rows at once.
"""

from collections.abc import Iterator, Mapping, Sequence

from registry.traces import conventions as names
from registry.traces.content import SPAN_NAME
from registry.traces.duck import Duck, QueryError
from registry.traces.keysets import BAGS, KeySets
from registry.traces.otlp import NO_ID, NO_START, ODD_SCORE
from registry.traces.parquet_columns import (
    OUTER_TEXTS,
    OWN_TEXTS,
    ParquetColumn,
    cells,
    lacking,
    own_of,
    roles,
    suspected,
)
from registry.traces.parquet_events import EventReader
from registry.traces.parquet_spans import RowStretch, SpanReader
from registry.traces.recorder import Recorder
from registry.traces.tables import quoted as text
from registry.traces.unread import UnreadCounts

_ODD_EVENTS = "its events are in a shape that is not known"
_FOREIGN = "its columns are not those of spans"
_NO_MAP = "it has no attributes: no map `attributes`, and no column whose name has a dot"
_WILD = frozenset("*?[")
_WILDCARD = "its name has a wildcard in it, which would name other files: rename it"
_BROKEN = "it is no Parquet file, or it is damaged"
_RIGHT = "trace <> '' AND span <> '' AND began IS NOT NULL"
_LACKS = {
    NO_ID: "coalesce(trace, '') = '' OR coalesce(span, '') = ''",
    NO_START: "began IS NULL",
}
_STRETCH = 250_000
"""Rows that are read at once, if groups of a file's rows are not larger."""


class ParquetReader:
    """Reads one file after the other."""

    def __init__(self, recorder: Recorder, store: Duck, unread: UnreadCounts) -> None:
        self._recorder = recorder
        self._store = store
        self._unread = unread
        self._sets = KeySets(recorder, store)
        self._events = EventReader(recorder, store, self._sets)
        self._spans = SpanReader(recorder, store, self._sets)
        self._judged: list[str] = []
        self._suspect: list[str] = []
        self._has_suspect_resource = False

    def file(self, path: str) -> int:
        """Read a file; return how many rows it has."""
        if _WILD.intersection(path):
            self._unread.add(path, 0, _WILDCARD)
            return 0
        before, odd_tokens = self._store.counts(), self._recorder.odd_tokens
        try:
            return self._spans_of(path)
        except QueryError:
            if not self._is_damaged(path):
                raise
            self._forget(before, odd_tokens)
            self._unread.add(path, 0, _BROKEN)
            return 0

    def _is_damaged(self, path: str) -> bool:
        """Whether a file cannot be read to its end, whatever is asked of it."""
        try:
            list(
                self._store.rows(
                    f"SELECT bit_xor(hash(COLUMNS(*))) FROM read_parquet({text(path)})"
                )
            )
        except QueryError:
            return True
        return False

    def _forget(self, before: Mapping[str, int], odd_tokens: int) -> None:
        """Forget what was read of a file so far."""
        self._store.forget(before)
        self._recorder.odd_tokens = odd_tokens
        self._sets.forget()

    def _spans_of(self, path: str) -> int:
        rows = self._store.rows(f"DESCRIBE SELECT * FROM read_parquet({text(path)})")
        columns = [ParquetColumn(str(name), str(kind)) for name, kind, *_ in rows]
        found = roles(columns)
        lacks = lacking(found)
        if lacks:
            self._unread.add(path, 0, f"{_FOREIGN}: it lacks {', '.join(lacks)}")
            return 0
        return self._read(path, found, columns)

    def _read(
        self, path: str, found: Mapping[str, ParquetColumn], columns: Sequence[ParquetColumn]
    ) -> int:
        own = own_of(columns, found)
        source = f"read_parquet({text(path)}, file_row_number = true)"
        heads = ", ".join(["file_row_number AS row", *cells(found, own)])
        rows = f"SELECT {heads} FROM {source}"
        self._store.view("given", f"SELECT * FROM ({rows}) AS given WHERE {_RIGHT}")
        stretches = list(self._stretches(path))
        total = stretches[-1].last
        if self._all(stretches) < total:
            self._lacking(path, rows)
        known = self._recorder.odd_scores
        self._scores()
        self._contents()
        if not self._events.read(source, found, columns):
            self._unread.add(path, 0, _ODD_EVENTS)
        if self._recorder.odd_scores > known:
            self._unread.add(path, 0, ODD_SCORE, self._recorder.odd_scores - known)
        if "attributes" not in found and not own:
            self._unread.add(path, 0, _NO_MAP)
        self._sets.tell()
        return total

    def _stretches(self, path: str) -> Iterator[RowStretch]:
        """Yield the stretches of a file: whole groups of rows, as the file has them.

        But of no more than fit into memory at once.
        """
        groups = self._store.rows(
            "SELECT row_group_id, max(row_group_num_rows) FROM "
            f"parquet_metadata({text(path)}) GROUP BY 1 ORDER BY 1"
        )
        first = last = 0
        for _, rows in list(groups):
            if last - first + int(rows) > _STRETCH and last > first:
                yield RowStretch(first, last)
                first = last
            last += int(rows)
        yield RowStretch(first, last)

    def _all(self, stretches: Sequence[RowStretch]) -> int:
        """Read all stretches, their ids as texts where one is odd; return how many spans there are.

        Those in which something may be found are kept in mind.
        """
        before, odd_tokens = self._store.counts(), self._recorder.odd_tokens
        self._spans.are_packed = True
        told = {one: self._spans.read(one) for one in stretches}
        if any(one.is_odd for one in told.values()):
            self._forget(before, odd_tokens)
            self._spans.are_packed = False
            told = {one: self._spans.read(one) for one in stretches}
        self._judged = [one.where for one, found in told.items() if found.is_judged]
        self._suspect = [one.where for one, found in told.items() if found.is_suspect]
        self._has_suspect_resource = any(one.has_suspect_resource for one in told.values())
        return sum(one.number for one in told.values())

    def _lacking(self, path: str, rows: str) -> None:
        """Tell of the rows that are no spans."""
        counts = ", ".join(f"count(*) FILTER (WHERE {lacks})" for lacks in _LACKS.values())
        (found,) = self._store.rows(f"SELECT {counts} FROM ({rows}) AS given")
        for reason, count in zip(_LACKS, found, strict=True):
            if count:
                self._unread.add(path, 0, reason, int(count))

    # -- what is found in them ---------------------------------------------------------------------

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

    def _contents(self) -> None:
        """Look for what belongs in no trace: in what must be redacted, and in every text."""
        for where in self._judged:
            for attribute, how in self._sets.judged():
                self._judge(attribute, how, where)
        for where in self._suspect:
            self._look_over(where)
        if self._has_suspect_resource:
            self._look_over_resources()

    def _judge(self, attribute: str, how: str, where: str) -> None:
        there = self._spans.judged(attribute, how)
        value = self._sets.value(attribute)
        rows = f"SELECT trace, span, {value} FROM given WHERE {where} AND {there}"
        for trace, span, given in self._store.rows(rows):
            self._recorder.judge(trace, span, attribute, how, given)

    def _look_over(self, where: str) -> None:
        suspects = self._store.rows(
            "SELECT trace, span, name, attributes FROM given "
            f"WHERE {where} AND {suspected(OWN_TEXTS)}"
        )
        for trace, span, name, attributes in suspects:
            for key, given in {SPAN_NAME: name, **(attributes or {})}.items():
                self._recorder.found(trace, span, names.canonical(key), given or "")

    def _look_over_resources(self) -> None:
        """Look at each resource once, whichever spans are of it."""
        resources = (
            "SELECT min(trace), min(span), outer_ FROM given "
            f"WHERE {suspected(OUTER_TEXTS)} GROUP BY outer_"
        )
        for trace, span, found in list(self._store.rows(resources)):
            for key, given in found.items():
                self._recorder.found(trace, span, names.canonical(key), given or "")
