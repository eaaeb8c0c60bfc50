"""What a record shows, counted: the questions that the rules ask, each once for all of them.

The queries are in the SQL that DuckDB and Spark have in common. Examples are ids of traces; of
whatever else stands in a record nothing is quoted.
"""

from collections.abc import Iterable
from functools import cached_property
from typing import NamedTuple

from registry.traces.context import shown_id
from registry.traces.loops import looped
from registry.traces.recording import Recording
from registry.traces.wanted import SpanKind

EXAMPLES = 3
"""Traces that a finding names."""

_DEEPEST = 100
"""Spans between one and an ancestor of it that is looked for."""

_MAY_LOOP = "outside.began >= child.began AND outside.parent IS NOT NULL"


class Counted(NamedTuple):
    """How many of how many, with some of the traces they are in."""

    number: int
    total: int
    examples: tuple[str, ...]


class TraceFacts:
    """Answers for one recording, each when it is first asked for."""

    def __init__(self, recording: Recording) -> None:
        self.recording = recording
        self._store = recording.store
        if self.repeats:
            self._store.make(
                "seen",
                "SELECT trace, span, min(parent) AS parent, min(began) AS began, max(ended) AS "
                "ended, min(shape) AS shape, count(*) AS times FROM spans GROUP BY trace, span",
            )
        else:
            self._store.view("seen", "SELECT *, 1 AS times FROM spans")

    @cached_property
    def repeats(self) -> bool:
        """Whether any span was recorded more than once; as a rule none was, and none is merged."""
        each = "SELECT trace, span FROM spans GROUP BY trace, span"
        ((different,),) = self._store.rows(f"SELECT count(*) FROM ({each}) AS one")
        ((all_,),) = self._store.rows("SELECT count(*) FROM spans")
        return bool(different < all_)

    # -- counts ------------------------------------------------------------------------------------

    @cached_property
    def totals(self) -> tuple[int, int, int]:
        """Count traces, spans, and how many more times one was recorded again."""
        ((spans, again),) = self._store.rows("SELECT count(*), sum(times) - count(*) FROM seen")
        ((traces,),) = self._store.rows("SELECT count(DISTINCT trace) FROM seen")
        return int(traces), int(spans), int(again or 0)

    @cached_property
    def span_of_time(self) -> tuple[int, int] | None:
        """Return when the first span began and when the last one did, in µs since 1970."""
        ((first, last),) = self._store.rows("SELECT min(began), max(began) FROM seen")
        return None if first is None else (int(first), int(last))

    @cached_property
    def by_shape(self) -> dict[int, int]:
        """Count the spans of each shape."""
        rows = self._store.rows("SELECT shape, count(*) FROM seen GROUP BY shape")
        return {int(shape): int(count) for shape, count in rows}

    def of_kind(self, place: int) -> int:
        """Count the spans of a kind, by its place in `TracePolicy.kinds`."""
        return sum(self.by_shape.get(shape, 0) for shape in self._shapes_of(place))

    def _shapes_of(self, place: int) -> list[int]:
        shapes = self.recording.shapes
        return [number for number, shape in enumerate(shapes) if shape.kinds >> place & 1]

    # -- what is lacking ---------------------------------------------------------------------------

    def lacking(self, place: int, attribute: str) -> Counted:
        """Count the spans of a kind that lack an attribute."""
        bit = self.recording.carried.index(attribute)
        shapes = self.recording.shapes
        lacks = [one for one in self._shapes_of(place) if not shapes[one].carried >> bit & 1]
        count = sum(self.by_shape.get(one, 0) for one in lacks)
        where = f"shape IN ({_listed(lacks)})"
        return Counted(count, self.of_kind(place), self._examples("seen", where) if count else ())

    def nowhere(self, attribute: str) -> Counted:
        """Count the traces of which no span carries an attribute."""
        return self._traces_without(f"carried {attribute}")

    def without(self, place: int) -> Counted:
        """Count the traces that have no span of a kind."""
        return self._traces_without(f"kind {place}")

    def _traces_without(self, what: str) -> Counted:
        column, lacking = self._lacks[what]
        examples = self._examples("whole_traces", f"{column} = 0") if lacking else ()
        return Counted(lacking, self.totals[0], examples)

    @cached_property
    def _lacks(self) -> dict[str, tuple[str, int]]:
        """Count the traces that lack each thing that every trace must have, in one pass."""
        wanted, shapes = self.recording.wanted, self.recording.shapes
        asked = {
            f"carried {one}": [
                number
                for number, shape in enumerate(shapes)
                if shape.carried >> self.recording.carried.index(one) & 1
            ]
            for _, one in wanted.everywhere
        }
        for place, kind in enumerate(wanted.kinds):
            if kind.required:
                asked[f"kind {place}"] = self._shapes_of(place)
        if not asked:
            return {}
        columns = {what: f"has_{number}" for number, what in enumerate(asked)}
        flags = [
            f"max(CASE WHEN shape IN ({_listed(asked[what])}) THEN 1 ELSE 0 END) AS {column}"
            for what, column in columns.items()
        ]
        grouped = f"SELECT trace, {', '.join(flags)} FROM seen GROUP BY trace"
        self._store.make("whole_traces", grouped)
        sums = ", ".join(f"coalesce(sum(1 - {column}), 0)" for column in columns.values())
        (counts,) = self._store.rows(f"SELECT {sums} FROM whole_traces")
        return {
            what: (column, int(count))
            for (what, column), count in zip(columns.items(), counts, strict=True)
        }

    # -- what is broken ----------------------------------------------------------------------------

    @cached_property
    def _joined(self) -> list[tuple[int, int | None, bool, int, int]]:
        """Count spans by their shape, their parent's, and whether they name a parent at all.

        The last number is how many of them have a parent that began no earlier and has one itself.
        """
        rows = self._store.rows(
            "SELECT child.shape, outside.shape, "
            "CASE WHEN child.parent IS NULL THEN 0 ELSE 1 END AS named, count(*), "
            f"sum(CASE WHEN {_MAY_LOOP} THEN 1 ELSE 0 END) "
            "FROM seen AS child LEFT JOIN seen AS outside "
            "ON outside.trace = child.trace AND outside.span = child.parent GROUP BY 1, 2, 3"
        )
        return [
            (int(low), None if high is None else int(high), bool(named), int(count), int(late))
            for low, high, named, count, late in rows
        ]

    @cached_property
    def pairs(self) -> dict[tuple[int, int | None, bool], int]:
        """Count spans by their shape, their parent's, and whether they name a parent at all."""
        return {(low, high, named): count for low, high, named, count, _ in self._joined}

    @cached_property
    def loops(self) -> Counted:
        """Count the spans that are their own ancestors.

        On a loop some parent begins no earlier than its child, and has a parent itself: only such
        traces are looked at.
        """
        if not any(late for *_, late in self._joined):
            return Counted(0, self.totals[1], ())
        rows = self._store.rows(
            "SELECT trace, span, parent FROM seen WHERE trace IN (SELECT child.trace FROM seen AS "
            "child JOIN seen AS outside ON outside.trace = child.trace AND "
            f"outside.span = child.parent WHERE {_MAY_LOOP}) ORDER BY trace, span"
        )
        self._store.fill("loops", ("trace", "span"), list(looped(rows)))
        return self._counted("loops", self.totals[1])

    def _rising(self) -> str:
        """Name the table of spans and their parents, in which what is on a loop has none."""
        if not self.loops.number:
            return "seen"
        self._store.make(
            "rising",
            "SELECT seen.trace, seen.span, seen.shape, CASE WHEN loops.span IS NULL THEN "
            "seen.parent END AS parent FROM seen LEFT JOIN loops ON loops.trace = seen.trace AND "
            "loops.span = seen.span",
        )
        return "rising"

    @cached_property
    def orphans(self) -> Counted:
        """Count the spans whose parent was not recorded."""
        lost = sum(
            count for (_, high, named), count in self.pairs.items() if named and high is None
        )
        if not lost:
            return Counted(0, self.totals[1], ())
        self._store.make(
            "orphans",
            "SELECT child.trace FROM seen AS child LEFT JOIN seen AS outside "
            "ON outside.trace = child.trace AND outside.span = child.parent "
            "WHERE child.parent IS NOT NULL AND outside.span IS NULL",
        )
        return self._counted("orphans", self.totals[1])

    @cached_property
    def endless(self) -> Counted:
        """Count the spans without an end."""
        self._store.make("endless", "SELECT trace FROM seen WHERE ended IS NULL")
        return self._counted("endless", self.totals[1])

    def outside(self, place: int) -> Counted:
        """Count the spans of a kind that lie within none of the spans that they are to lie within.

        What has an ancestor that was not recorded is not counted: its place is not known. Nor is
        what stands in a trace without any of those spans, where one is required: that is told. What
        is on a loop lies within nothing.
        """
        kind: SpanKind = self.recording.wanted.kinds[place]
        outer = {shape for one in kind.within for shape in self._shapes_of(one)}
        own = set(self._shapes_of(place))
        rising = self._rising()
        if rising == "seen" and all(high in outer for low, high, _ in self.pairs if low in own):
            return Counted(0, self.of_kind(place), ())  # all lie directly in one, as most do
        listed = _listed(outer)
        self._climb(place, rising, listed)
        if any(self.recording.wanted.kinds[one].required for one in kind.within):
            self._store.make("found", "SELECT trace FROM outside")
            self._store.make("whole", f"SELECT DISTINCT trace FROM seen WHERE shape IN ({listed})")
            self._store.make(
                "outside",
                "SELECT found.trace FROM found JOIN whole ON whole.trace = found.trace",
            )
        return self._counted("outside", self.of_kind(place))

    def _climb(self, place: int, rising: str, listed: str) -> None:
        """Make the table `outside` of the spans of a kind that reach their top past none listed."""
        self._store.make(
            "climbing",
            f"SELECT trace, span, parent AS up FROM {rising} "
            f"WHERE shape IN ({_listed(self._shapes_of(place))})",
        )
        self._store.make("outside", "SELECT trace FROM climbing WHERE up IS NULL")
        for _ in range(_DEEPEST):
            self._store.make(
                "reached",
                "SELECT low.trace, low.span, high.parent AS up FROM climbing AS low JOIN "
                f"{rising} AS high ON high.trace = low.trace AND high.span = low.up "
                f"WHERE high.shape NOT IN ({listed})",
            )
            more = "SELECT trace FROM outside UNION ALL SELECT trace FROM reached WHERE up IS NULL"
            self._store.make("found", more)
            self._store.make("outside", "SELECT trace FROM found")
            self._store.make("climbing", "SELECT trace, span, up FROM reached WHERE up IS NOT NULL")
            ((left,),) = self._store.rows("SELECT count(*) FROM climbing")
            if not left:
                break

    # -- what belongs in no trace ------------------------------------------------------------------

    @cached_property
    def contents(self) -> tuple[tuple[str, str, Counted], ...]:
        """List what was found: the attribute, what it looks like or how it is kept, and counts."""
        self._store.make("inside", "SELECT DISTINCT trace, span, attribute, kind FROM contents")
        rows = list(
            self._store.rows(
                "SELECT attribute, kind, count(*) FROM inside GROUP BY attribute, kind "
                "ORDER BY attribute, kind"
            )
        )
        spans = self.totals[1]
        where = "attribute = ? AND kind = ?"
        return tuple(
            (attribute, kind, Counted(int(count), spans, self._examples("inside", where, found)))
            for attribute, kind, count in rows
            for found in [(attribute, kind)]
        )

    # -- age ---------------------------------------------------------------------------------------

    def older(self, instant: int) -> Counted:
        """Count the spans that began before an instant, in µs since 1970."""
        self._store.make("older", f"SELECT trace FROM seen WHERE began < {instant}")
        return self._counted("older", self.totals[1])

    # -- examples ----------------------------------------------------------------------------------

    def _counted(self, table: str, total: int) -> Counted:
        ((count,),) = self._store.rows(f"SELECT count(*) FROM {table}")
        return Counted(int(count), total, self._examples(table) if count else ())

    def _examples(
        self, table: str, where: str = "1 = 1", values: tuple[str, ...] = ()
    ) -> tuple[str, ...]:
        rows = self._store.rows(
            f"SELECT DISTINCT trace FROM {table} WHERE {where} ORDER BY trace LIMIT {EXAMPLES}",
            values,
        )
        return tuple(shown_id(trace) for (trace,) in rows)


def _listed(shapes: Iterable[int]) -> str:
    """Write numbers as SQL's list; one that no shape has where there is none."""
    return ", ".join(map(str, sorted(shapes))) or "-1"
