"""A stretch of a table's rows: what their spans are, whom they call, and what is yet to be seen.

The map of attributes is what costs: it is read once, into `told`, with all that is asked of it.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from registry.traces import conventions as names
from registry.traces.content import FULL_HASH, is_suspect
from registry.traces.duck import Duck
from registry.traces.keysets import DIGEST, NOTHING, KeySets
from registry.traces.packed import DIGITS, id_of, is_packed, packing_of
from registry.traces.parquet_columns import ATTRIBUTES, suspected
from registry.traces.recorder import Recorder
from registry.traces.recording import Shape
from registry.traces.tables import quoted as text

_OF_CALLS = (
    names.OPERATION, names.MODEL, names.ASKED_MODEL, names.INPUT, names.CACHED, names.OUTPUT
)  # fmt: skip
_SAMPLE = 4096
"""Rows whose keys are looked at before all are read: as a rule, others have the same."""


class RowStretch(NamedTuple):
    """Rows of a file, from the `first` to the one before `last`."""

    first: int
    last: int

    @property
    def where(self) -> str:
        """The SQL of whether a row is one of them."""
        return f"row >= {self.first} AND row < {self.last}"


class ToldSpans(NamedTuple):
    """What a stretch was found to hold: so many spans, and what must be looked at more closely.

    `is_odd` says that an id in it cannot be packed, `is_judged` that a value may not be as the
    policy has it, `is_suspect` that a text may hold what belongs in no trace, and
    `has_suspect_resource` that one of a resource may.
    """

    number: int
    is_odd: bool
    is_judged: bool
    is_suspect: bool
    has_suspect_resource: bool


class _Kind(NamedTuple):
    """Spans of one name and one set of keys, with the same values of what tells their kind."""

    keys: int
    name: str | None
    values: tuple[str | None, ...]
    number: int
    trace: str | int
    is_odd: bool
    is_judged: bool
    is_suspect: bool


class SpanReader:
    """Reads stretches of the view `given` into the tables; `are_packed` says how ids are kept."""

    def __init__(self, recorder: Recorder, store: Duck, sets: KeySets) -> None:
        self.are_packed = True
        self._recorder = recorder
        self._store = store
        self._sets = sets
        self._column: dict[str, str] = {}

    def read(self, stretch: RowStretch) -> ToldSpans:
        """Read a stretch; of one with an odd id, where ids are to be packed, nothing is kept."""
        kinds = self._told(stretch)
        told = ToldSpans(
            sum(one.number for one in kinds),
            any(one.is_odd for one in kinds),
            any(one.is_judged for one in kinds),
            any(one.is_suspect or is_suspect((one.name or "").encode()) for one in kinds),
            any(self._sets[one.keys].is_suspect for one in kinds),
        )
        if not (told.is_odd and self.are_packed):
            for one in kinds:
                self._sets.count(one.keys, one.number, id_of(one.trace))
            self._spans(kinds)
            self._calls()
            self._slices()
        return told

    # -- what spans are ----------------------------------------------------------------------------

    def _told(self, stretch: RowStretch) -> list[_Kind]:
        """Keep the spans of some rows as `told`, with all that is read of them.

        Sets of keys are looked at where they are new, and only there: with those of the spans
        before them, as a rule, nothing is.
        """
        self._sets.make_room()
        if not self._sets.spelt:
            sample = RowStretch(stretch.first, min(stretch.first + _SAMPLE, stretch.last))
            self._sets.learn(sample.where)
        spelt = self._sets.spelt
        kinds = list(self._kinds(stretch))
        new = {one.keys for one in kinds if one.keys not in self._sets}
        if new:
            listed = ", ".join(map(str, sorted(new)))
            self._sets.learn(f"{stretch.where} AND {DIGEST} IN ({listed})")
        return kinds if self._sets.spelt == spelt else list(self._kinds(stretch))

    def _kinds(self, stretch: RowStretch) -> Iterator[_Kind]:
        """Make `told`, and yield what there is in it."""
        wanted = self._recorder.wanted
        slices = (attribute for _, attribute in wanted.slices)
        reads = dict.fromkeys((*wanted.matched, *_OF_CALLS, *slices))
        here = filter(self._sets.has, reads)
        self._column = {attribute: f"v{spot}" for spot, attribute in enumerate(here)}
        values = [f"{self._sets.value(one)} AS {column}" for one, column in self._column.items()]
        ids = [f"{packing_of(one)} AS {one}" if self.are_packed else one for one in DIGITS]
        odd = " AND ".join(map(is_packed, DIGITS))
        judged = " OR ".join(f"({self.judged(one, how)})" for one, how in self._sets.judged())
        flags = [
            f"NOT ({odd}) AS odd" if self.are_packed else "false AS odd",
            f"coalesce({judged or 'false'}, false) AS judged",
            f"{suspected(ATTRIBUTES)} AS suspect",
        ]
        read = ", ".join([*ids, *values, *flags, "name", "began", "ended", f"{DIGEST} AS keys"])
        self._store.make("told", f"SELECT {read} FROM given WHERE {stretch.where}")
        matched = [self._column[one] for one in self._matched()]
        heads = ", ".join(["keys", "name", *matched])
        any_ = ", ".join(f"bool_or({one})" for one in ("odd", "judged", "suspect"))
        for keys, name, *given, number, trace, is_odd, is_judged, suspect in self._store.rows(
            f"SELECT {heads}, count(*), min(trace), {any_} FROM told GROUP BY {heads}"
        ):
            values_ = tuple(given)
            yield _Kind(int(keys), name, values_, int(number), trace, is_odd, is_judged, suspect)

    def _matched(self) -> list[str]:
        """List the attributes that tell what a span is, of those that are there."""
        return [one for one in self._recorder.wanted.matched if one in self._column]

    def judged(self, attribute: str, how: str) -> str:
        """Return the SQL of whether a value must be looked at."""
        value = self._sets.value(attribute)
        there = f"{value} IS NOT NULL"
        if how == "hash":
            there += f" AND NOT regexp_full_match({value}, {text(FULL_HASH)})"
        return there

    def _spans(self, kinds: Sequence[_Kind]) -> None:
        """Write the spans, each with its shape."""
        here = self._matched()
        rows = []
        for one in sorted(kinds, key=lambda one: tuple(map(str, one[:3]))):
            known = dict(zip(here, one.values, strict=True))
            is_of = (
                1 << bit
                for bit, kind in enumerate(self._recorder.wanted.kinds)
                if kind.matches(one.name or "", known)
            )
            shape = Shape(sum(is_of), self._sets[one.keys].carried)
            number = self._recorder.shapes.setdefault(shape, len(self._recorder.shapes))
            rows.append((one.name, one.keys, number, *one.values))
        matched = [self._column[one] for one in here]
        self._store.fill("shaped", ("name", "keys", "shape", *matched), rows)
        same = "".join(f" AND told.{one} IS NOT DISTINCT FROM shaped.{one}" for one in matched)
        self._append(
            "spans",
            "SELECT trace, span, parent, began, ended, shape FROM told "
            "JOIN shaped ON told.name IS NOT DISTINCT FROM shaped.name "
            f"AND told.keys = shaped.keys{same}",
        )

    def _append(self, table: str, select: str) -> None:
        self._store.append(table, select, are_packed=self.are_packed)

    # -- what they call, and by what spending is split ---------------------------------------------

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
        given = ", ".join(f"{given} AS given_{name}" for name, (given, _) in tokens.items())
        odd = " + ".join(
            f"CASE WHEN given_{name} IS NOT NULL AND {name} IS NULL THEN 1 ELSE 0 END"
            for name in tokens
        )
        counted = f"{at[names.INPUT]} IS NOT NULL OR {at[names.OUTPUT]} IS NOT NULL"
        may_be = f"({operation} IS NOT NULL OR {counted})"  # most are none: it is looked at first
        self._store.make(
            "counted",
            "SELECT trace, span, began, "
            f"CAST(coalesce({operation}, '') = {text(names.EMBEDDINGS)} AS BIGINT) AS embeds, "
            f"coalesce({at[names.MODEL]}, {at[names.ASKED_MODEL]}) AS model, {listed}, {given} "
            f"FROM (SELECT * FROM told WHERE {may_be}) AS told "
            f"WHERE coalesce({operation}, '') NOT IN ({excluded}) "
            f"AND (coalesce({operation}, '') IN ({asks}) OR {counted})",
        )
        ((odds,),) = self._store.rows(f"SELECT coalesce(sum({odd}), 0) FROM counted")
        self._recorder.odd_tokens += int(odds)
        self._append(
            "calls",
            "SELECT trace, span, began, embeds, model, input, cached, output, "
            f"CASE WHEN {odd} > 0 THEN 1 ELSE 0 END FROM counted",
        )

    def _slices(self) -> None:
        for field, attribute in self._recorder.wanted.slices:
            value = self._column.get(attribute)
            if value is not None:
                self._append(
                    "slices",
                    f"SELECT trace, span, CAST(parent IS NULL AS BIGINT), {text(field)}, {value} "
                    f"FROM told WHERE {value} IS NOT NULL",
                )


def _count(given: str) -> str:
    """Return the SQL of a text as a whole number that is not negative; of what is none, NULL."""
    number = f"TRY_CAST({given} AS BIGINT)"
    is_usual = f"CAST({number} AS VARCHAR) = {given}"
    is_whole = f"TRY_CAST({given} AS DOUBLE) = CAST({number} AS DOUBLE)"
    is_plain = f"position('_' IN {given}) = 0"
    return (
        f"CASE WHEN {number} >= 0 AND ({is_usual} OR ({is_whole} AND {is_plain})) THEN {number} END"
    )
