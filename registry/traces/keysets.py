"""The sets of keys that rows of a table have: each is looked at once, and told by a digest.

Of the keys of a row DuckDB makes a number of 63 bits; two sets would be taken for one where they
have the same, which no two of a record are likely to have in the life of the universe.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from registry.traces import conventions as names
from registry.traces.recorder import Recorder
from registry.traces.tables import quoted

BAGS = ("attributes", "outer_")
"""Columns of attributes: a span's own, and its resource's."""

DIGEST = "CAST(hash(map_keys(attributes), map_keys(outer_)) >> 1 AS BIGINT)"
"""The SQL of the number that stands for the keys of a row."""

NOTHING = "CAST(NULL AS VARCHAR)"
"""The SQL of what is read of an attribute that no span has."""

KEYS = ", ".join(f"coalesce(array_to_string(map_keys({one}), chr(31)), '')" for one in BAGS)
"""The SQL of the keys themselves."""


class _Set(NamedTuple):
    keys: tuple[str, ...]
    outer: tuple[str, ...]
    carried: int


class KeySets:
    """What is known of sets of keys, over all files of a record."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._sets: dict[int, _Set] = {}
        self._counts: dict[int, tuple[int, str]] = {}
        self._spelt: dict[tuple[str, str], list[str]] = {}

    def knows(self, digests: Iterable[int]) -> bool:
        """Whether all of these sets were looked at."""
        return all(one in self._sets for one in digests)

    def learn(self, digest: int, own: str, outer: str) -> None:
        """Look at a set: the keys of a span's attributes, and those of its resource's."""
        if digest in self._sets:
            return
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
        self._sets[digest] = _Set(keys, outers, carried)

    def carried(self, digest: int) -> int:
        """Return the bits of what a set carries, as `Shape` has them."""
        return self._sets[digest].carried

    def count(self, digest: int, number: int, trace: str) -> None:
        """Count spans of a set; `trace` is the first of theirs."""
        known, first = self._counts.get(digest, (0, trace))
        self._counts[digest] = known + number, min(first, trace)

    def tell(self) -> None:
        """Tell the recorder of the attributes that nobody declared, in the spans counted so far."""
        rows = [
            (trace, self._sets[digest].keys, self._sets[digest].outer, number)
            for digest, (number, trace) in self._counts.items()
        ]
        for trace, keys, _, number in sorted(rows):
            for one in dict.fromkeys(map(names.canonical, keys)):
                if not self._recorder.wanted.declares(one):
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
        return f"coalesce({', '.join([*found, NOTHING])})"

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
