"""The sets of keys that rows of a table have: each is looked at once, and told by a digest.

Of the keys of a row, and of its resource, DuckDB makes a number of 63 bits; two would be taken for
one where they have the same, which no two of a record are likely to have in the life of the
universe.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from registry.traces import conventions as names
from registry.traces.duck import Duck
from registry.traces.parquet_columns import OUTER_TEXTS, suspected
from registry.traces.recorder import Recorder
from registry.traces.tables import quoted

BAGS = ("attributes", "outer_")
"""Columns of attributes: a span's own, and its resource's."""

DIGEST = "CAST(hash(map_keys(attributes), outer_) >> 1 AS BIGINT)"
"""The SQL of the number that stands for the keys of a row, and for its resource."""

NOTHING = "CAST(NULL AS VARCHAR)"
"""The SQL of what is read of an attribute that no span has."""

_KEYS = ", ".join(f"coalesce(array_to_string(map_keys({one}), chr(31)), '')" for one in BAGS)
"""The SQL of the keys themselves."""
_MOST = 50_000
"""Digests that are remembered; where each span has a resource of its own, it is more than that."""


class KeySet(NamedTuple):
    """What is known of spans with the same keys, whose resource is the same.

    `undeclared` are their attributes that no field declares; `carried` is as `Shape` has it;
    `is_suspect` says whether a text of their resource may hold what belongs in no trace.
    """

    undeclared: tuple[str, ...]
    carried: int
    is_suspect: bool


class KeySets:
    """What is known of sets of keys, over all files of a record."""

    def __init__(self, recorder: Recorder, store: Duck) -> None:
        self._recorder = recorder
        self._store = store
        self._sets: dict[int, KeySet] = {}
        self._counts: dict[tuple[str, ...], tuple[int, str]] = {}
        self._spelt: dict[tuple[str, str], list[str]] = {}

    def __contains__(self, digest: int) -> bool:
        return digest in self._sets

    def __getitem__(self, digest: int) -> KeySet:
        return self._sets[digest]

    def make_room(self) -> None:
        """Forget the sets where there are very many, before some rows are looked at."""
        if len(self._sets) > _MOST:
            self._sets.clear()

    def learn(self, where: str) -> None:
        """Look at the sets of some rows of `given`."""
        heads = f"{DIGEST}, {_KEYS}, {suspected(OUTER_TEXTS)}"
        rows = self._store.rows(f"SELECT DISTINCT {heads} FROM given WHERE {where}")
        for digest, own, outer, is_odd in sorted(rows):
            self._learn(int(digest), own, outer, is_suspect=bool(is_odd))

    def _learn(self, digest: int, own: str, outer: str, *, is_suspect: bool) -> None:
        keys, outers = (tuple(one.split("\x1f")) if one else () for one in (own, outer))
        called: set[str] = set()
        for bag, given in zip(BAGS, (keys, outers), strict=True):
            for spelt in given:
                name = names.canonical(spelt)
                called.add(name)
                known = self._spelt.setdefault((bag, name), [])
                if spelt not in known:
                    known.append(spelt)
        asked = enumerate(self._recorder.carried)
        carried = sum(1 << bit for bit, one in asked if one in called)
        self._sets[digest] = KeySet(self._undeclared(keys), carried, is_suspect)

    def _undeclared(self, keys: Iterable[str], besides: Iterable[str] = ()) -> tuple[str, ...]:
        """Name the attributes that no field declares, but those that are counted as others'."""
        known = set(map(names.canonical, besides))
        called = dict.fromkeys(map(names.canonical, keys))
        wanted = self._recorder.wanted
        return tuple(one for one in called if one not in known and not wanted.declares(one))

    def count(self, digest: int, number: int, trace: str) -> None:
        """Count spans of a set; `trace` is the first of theirs."""
        self._count(self._sets[digest].undeclared, number, trace)

    def count_events(
        self, keys: Sequence[str], own: Sequence[str], number: int, trace: str
    ) -> None:
        """Count spans whose events have attributes of these `keys`; `own` are the spans' own."""
        self._count(self._undeclared(keys, own), number, trace)

    def _count(self, undeclared: tuple[str, ...], number: int, trace: str) -> None:
        known, first = self._counts.get(undeclared, (0, trace))
        self._counts[undeclared] = known + number, min(first, trace)

    def tell(self) -> None:
        """Tell the recorder of the attributes that nobody declared, in the spans counted so far."""
        rows = [(trace, called, number) for called, (number, trace) in self._counts.items()]
        for trace, called, number in sorted(rows):
            for one in called:
                self._recorder.seen(one, trace).number += number
        self._counts.clear()

    def forget(self) -> None:
        """Forget what was counted of a file that is not read after all."""
        self._counts.clear()

    # -- what is asked of them -------------------------------------------------------------------
    @property
    def spelt(self) -> int:
        """How many spellings of attributes there are: with a new one, there is more to be read."""
        return sum(map(len, self._spelt.values()))

    def has(self, attribute: str) -> bool:
        """Whether any set has an attribute."""
        return any((bag, attribute) in self._spelt for bag in BAGS)

    def value(self, attribute: str, bags: Sequence[str] = BAGS) -> str:
        """Return the SQL of an attribute's value, under whichever name it was recorded.

        Of several in a span its own counts before its resource's, and today's name before others.
        """
        found = [
            f"{bag}[{quoted(spelt)}]"
            for bag in bags
            for spelt in sorted(
                self._spelt.get((bag, attribute), ()), key=lambda one: (one != attribute, one)
            )
        ]
        return f"coalesce({', '.join(found)})" if len(found) > 1 else next(iter(found), NOTHING)

    def is_there(self, attribute: str) -> str:
        """Return the SQL of whether a span itself has an attribute, whatever its value."""
        spelt = self._spelt.get((BAGS[0], attribute), ())
        found = (f"map_contains({BAGS[0]}, {quoted(one)})" for one in spelt)
        return f"({' OR '.join(found) or 'false'})"

    def judged(self) -> Iterator[tuple[str, str]]:
        """Yield the attributes that are there and must be otherwise than as people write."""
        for attribute in sorted({one for _, one in self._spelt}):
            how = self._recorder.wanted.judged(attribute)
            if how:
                yield attribute, how
