"""Rows of a table on their way into it: columns as arrays, which take little room."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, NamedTuple

import numpy as np

from registry.traces.packed import DIGITS, number_of, packed
from registry.traces.tables import NONE, TABLES, Kind

DTYPE = {"text": object, "whole": np.int64, "real": np.float64}
"""What an array of each kind of column holds."""

SQL = {"text": "VARCHAR", "whole": "BIGINT", "real": "DOUBLE"}
"""What a column of each kind is in a table."""


class Chunk(NamedTuple):
    """Some rows of a table, by column; the ids in them are packed, or they are texts."""

    arrays: Mapping[str, Any]
    are_packed: bool


def chunk(table: str, columns: Mapping[str, Sequence[Any]]) -> Chunk:
    """Take rows of a table, column by column."""
    kinds = TABLES[table]
    ids = {name: packed(name, columns[name]) for name in kinds if name in DIGITS}
    are_packed = None not in ids.values()
    made: dict[str, Any] = {}
    for name in kinds:
        found = ids.get(name) if are_packed else None
        made |= found or arrays(table, {name: columns[name]})
    return Chunk(made, are_packed)


def arrays(table: str, columns: Mapping[str, Any]) -> dict[str, Any]:
    """Return columns of a table that are no ids as arrays."""
    kinds = TABLES[table]
    return {name: np.asarray(one, dtype=DTYPE[kinds[name]]) for name, one in columns.items()}


def joined(chunks: Iterable[Chunk]) -> Iterator[Chunk]:
    """Join chunks of a table: those whose ids are packed, and those whose ids are texts."""
    ordered = sorted(chunks, key=lambda one: one.are_packed)
    for are_packed, some in groupby(ordered, key=lambda one: one.are_packed):
        its = [one.arrays for one in some]
        yield Chunk(
            {name: np.concatenate([one[name] for one in its]) for name in its[0]}, are_packed
        )


def selected(table: str, *, are_packed: bool) -> str:
    """Return the SQL of a chunk's columns as they are stored."""
    return ", ".join(
        number_of(name) if are_packed and name in DIGITS else _column(name, kind)
        for name, kind in TABLES[table].items()
    )


def _column(name: str, kind: Kind) -> str:
    given = f"NULLIF({name}, {NONE})" if kind == "whole" else name
    return f"CAST({given} AS {SQL[kind]}) AS {name}"
