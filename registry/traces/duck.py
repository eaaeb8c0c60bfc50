"""The door to DuckDB: tables in Parquet parts in a folder, and queries over them.

It is embedded: nothing listens, nothing is fetched, no extension is installed or loaded.
"""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from registry.errors import CannotRunError
from registry.traces.tables import TABLES, quoted

try:
    import duckdb
    import numpy as np

    from registry.traces.chunks import DTYPE, Chunk, chunk, selected
    from registry.traces.packed import DIGITS, number_of, numbers_of, text_of
except ImportError:  # the extra is not installed
    raise CannotRunError(
        "traces are queried with DuckDB, which is not installed", "pip install 'opmodel[traces]'"
    ) from None

_MEMORY = ["140MB", "512MB", "2GB"]
"""What DuckDB may take: the next of these where a query does not fit, although it may spill."""

_TAKEN = 60_000
"""Rows of a part that are taken out of it at once."""

QueryError = duckdb.Error
"""What a query raises, and a file that is no Parquet after all."""


class _Part(NamedTuple):
    """A file of a table's rows, and whether the ids in it are packed."""

    path: str
    are_packed: bool


class Duck:
    """Tables in a folder of one's own, which is the caller's to remove.

    Ids are packed (`registry.traces.packed`) as long as all of a record can be; in what a query
    yields they are numbers then, and else texts.
    """

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._parts: dict[str, list[_Part]] = {name: [] for name in TABLES}
        self._is_packed = True
        self._connection = duckdb.connect(
            ":memory:",
            config={
                "memory_limit": _MEMORY[0],
                "temp_directory": os.path.join(folder, "spilt"),
                "threads": 1,  # two take a sixth more time of the processors, all told
                "preserve_insertion_order": False,  # each query that shows an order asks for it
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
            },
        )

    def write(self, table: str, rows: Chunk) -> None:
        """Write rows as one more part of a table."""
        self._connection.register("arriving", dict(rows.arrays))
        heads = selected(table, are_packed=rows.are_packed)
        self.append(table, f"SELECT {heads} FROM arriving", are_packed=rows.are_packed)
        self._connection.unregister("arriving")

    def append(self, table: str, select: str, *, are_packed: bool = False) -> None:
        """Write what a query yields, with packed ids or with texts, as one more part of a table."""
        parts = self._parts[table]
        parts.append(_Part(self._written(f"{table}-{len(parts):06}", select), are_packed))
        self._is_packed = self._is_packed and are_packed

    def _written(self, name: str, select: str) -> str:
        path = os.path.join(self._folder, f"{name}.parquet")
        self._run(f"COPY ({select}) TO {quoted(path)} (FORMAT parquet, ROW_GROUP_SIZE 20480)")
        return path

    def ready(self) -> None:
        """Make each table of its parts; from now on they can be asked for by their names."""
        for table, parts in self._parts.items():
            if not parts:
                self.write(table, chunk(table, dict.fromkeys(TABLES[table], ())))
        for table, parts in self._parts.items():
            shown = number_of if self._is_packed else text_of
            found = {
                are_packed: [one.path for one in parts if one.are_packed is are_packed]
                for are_packed in (True, False)
            }
            selects = [
                _selected(table, paths, shown if are_packed else str)
                for are_packed, paths in found.items()
                if paths
            ]
            self._run(f"CREATE OR REPLACE VIEW {table} AS {' UNION ALL '.join(selects)}")

    def paths(self, table: str) -> tuple[str, ...]:
        """Name the parts of a table; in them all ids are texts."""
        return tuple(
            self._written(f"{table}-{number:06}-texts", _selected(table, [one.path], text_of))
            if one.are_packed
            else one.path
            for number, one in enumerate(self._parts[table])
        )

    def arrow(self, path: str) -> Iterator[Any]:
        """Yield a part of a table in Arrow's columns, some rows at a time, and once if empty.

        Raises ImportError without pyarrow.
        """
        place = f"read_parquet({quoted(path)}, file_row_number = true)"
        ((total,),) = self.rows(f"SELECT count(*) FROM {place}")
        for first in range(0, max(total, 1), _TAKEN):
            taken = f"file_row_number >= {first} AND file_row_number < {first + _TAKEN}"
            rows = self._run(f"SELECT * EXCLUDE (file_row_number) FROM {place} WHERE {taken}")
            yield rows.to_arrow_table()

    def make(self, name: str, select: str, values: Sequence[str] = ()) -> None:
        """Keep what a query yields as a table of its own; `values` are what its `?` stand for."""
        self._run(f"CREATE OR REPLACE TEMP TABLE {name} AS {select}", values)

    def parts(self) -> dict[str, int]:
        """Count the parts of each table."""
        return {table: len(parts) for table, parts in self._parts.items()}

    def forget(self, known: Mapping[str, int]) -> None:
        """Forget all parts but so many of each table."""
        for table, parts in self._parts.items():
            del parts[known[table] :]

    def view(self, name: str, select: str) -> None:
        """Give a query a name; what it yields is not kept."""
        self._run(f"CREATE OR REPLACE TEMP VIEW {name} AS {select}")

    def fill(self, name: str, heads: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Keep rows of texts and whole numbers as a table; -1 is no number."""
        if not rows:
            nothing = ", ".join(f"NULL AS {head}" for head in heads)
            self.make(name, f"SELECT {nothing} LIMIT 0")
            return
        arrays: dict[str, Any] = {}
        for head, cells in zip(heads, zip(*rows, strict=True), strict=True):
            is_whole = all(isinstance(cell, int) for cell in cells)
            if is_whole and head in DIGITS:
                arrays |= numbers_of(head, cells)
            else:
                arrays[head] = np.array(cells, dtype=DTYPE["whole" if is_whole else "text"])
        shown = [number_of(head) if head not in arrays else head for head in heads]
        self._connection.register("arriving", arrays)
        self.make(name, f"SELECT {', '.join(shown)} FROM arriving")
        self._connection.unregister("arriving")

    def rows(self, select: str, values: Sequence[str] = ()) -> Iterator[tuple[Any, ...]]:
        """Yield what a query yields, some rows at a time; `values` are what its `?` stand for."""
        found = self._run(select, values)
        while some := found.fetchmany(10_000):
            yield from some

    def _run(self, sql: str, values: Sequence[str] = ()) -> duckdb.DuckDBPyConnection:
        """Run a statement, with more memory where it does not fit; raises CannotRunError."""
        for more in (*_MEMORY[1:], ""):
            try:
                return self._connection.execute(sql, values)
            except duckdb.OutOfMemoryException:
                if more:
                    self._connection.execute(f"SET memory_limit = '{more}'")
        raise CannotRunError(
            f"the record does not fit into the {_MEMORY[-1]} that its tables may have",
            "give fewer files at once",
        )


def _selected(table: str, paths: Sequence[str], shown: Callable[[str], str]) -> str:
    """Return the SQL of a table's rows in some parts, its ids as they are to be `shown`."""
    heads = ", ".join(shown(one) if one in DIGITS else one for one in TABLES[table])
    return f"SELECT {heads} FROM read_parquet([{', '.join(map(quoted, paths))}])"
