"""The door to DuckDB: tables in memory, which spill into a folder, and queries over them.

It is embedded: nothing listens, nothing is fetched, no extension is installed or loaded.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from registry.errors import CannotRunError
from registry.traces.tables import TABLES, quoted

try:
    import duckdb
    import numpy as np

    from registry.traces.chunks import DTYPE, SQL, Chunk, selected
    from registry.traces.packed import DIGITS, number_of, numbers_of, text_of
except ImportError:  # the extra is not installed
    raise CannotRunError(
        "traces are queried with DuckDB, which is not installed", "pip install 'opmodel[traces]'"
    ) from None

_MEMORY = ["140MB", "512MB", "2GB"]
"""What DuckDB may take: the next of these where a query does not fit, although it may spill."""

_TAKEN = 60_000
"""Rows of a table that are taken out of it at once."""

_PACKED = {"trace": "UHUGEINT", "span": "UBIGINT", "parent": "UBIGINT"}
"""What an id is in SQL when it is packed."""

QueryError = duckdb.Error
"""What a query raises, and a file that is no Parquet after all."""


class Duck:
    """Tables that spill into a folder of one's own, which is the caller's to remove.

    Ids are packed (`registry.traces.packed`) as long as all of a record can be; in what a query
    yields they are numbers then, and else texts.
    """

    def __init__(self, folder: str) -> None:
        self._folder = folder
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
        self._is_packed = True
        self._counts: dict[str, int] = {}
        for table, kinds in TABLES.items():
            for are_packed in (True, False):
                columns = ", ".join(
                    f"{name} {_PACKED[name] if are_packed and name in DIGITS else SQL[kind]}"
                    for name, kind in kinds.items()
                )
                part = _part(table, are_packed=are_packed)
                self._run(f"CREATE TEMP TABLE {part} ({columns})")
                self._counts[part] = 0

    def write(self, table: str, rows: Chunk) -> None:
        """Add rows to a table."""
        self._connection.register("arriving", dict(rows.arrays))
        heads = selected(table, are_packed=rows.are_packed)
        self.append(table, f"SELECT {heads} FROM arriving", are_packed=rows.are_packed)
        self._connection.unregister("arriving")

    def append(self, table: str, select: str, *, are_packed: bool = False) -> None:
        """Add what a query yields, with packed ids or with texts, to a table."""
        part = _part(table, are_packed=are_packed)
        ((count,),) = self._run(f"INSERT INTO {part} {select}").fetchall()
        self._counts[part] += int(count)

    def counts(self) -> dict[str, int]:
        """Return how many rows there are in what tables are made of."""
        return dict(self._counts)

    def forget(self, known: Mapping[str, int]) -> None:
        """Forget the last rows, of all that came since there were so many."""
        for part, count in known.items():
            last = (
                f"SELECT rowid FROM {part} ORDER BY rowid DESC LIMIT {self._counts[part] - count}"
            )
            self._run(f"DELETE FROM {part} WHERE rowid IN ({last})")
            self._counts[part] = count

    def ready(self) -> None:
        """Make each table of its parts; from now on they can be asked for by their names."""
        texts = (_part(table, are_packed=False) for table in TABLES)
        self._is_packed = not any(self._counts[one] for one in texts)
        for table in TABLES:
            if self._is_packed:
                self.view(table, f"SELECT * FROM {_part(table, are_packed=True)}")
            else:
                self.view(table, _all_texts(table))

    def written(self, table: str) -> str:
        """Write a table as a file of Parquet, with all ids as texts, and return its path."""
        path = os.path.join(self._folder, f"{table}.parquet")
        select = _all_texts(table)
        self._run(f"COPY ({select}) TO {quoted(path)} (FORMAT parquet, ROW_GROUP_SIZE {_TAKEN})")
        return path

    def arrow(self, table: str) -> Iterator[Any]:
        """Yield a table in Arrow's columns, some rows at a time, and once if empty; ids are texts.

        Raises ImportError without pyarrow.
        """
        for are_packed in (True, False):
            part = _part(table, are_packed=are_packed)
            ((last,),) = self.rows(f"SELECT coalesce(max(rowid) + 1, 0) FROM {part}")
            for first in range(0, max(last, int(are_packed)), _TAKEN):
                taken = f"rowid >= {first} AND rowid < {first + _TAKEN}"
                rows = self._run(f"{_texts(table, are_packed=are_packed)} WHERE {taken}")
                yield rows.to_arrow_table()

    def make(self, name: str, select: str, values: Sequence[str] = ()) -> None:
        """Keep what a query yields as a table of its own; `values` are what its `?` stand for."""
        self._run(f"CREATE OR REPLACE TEMP TABLE {name} AS {select}", values)

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


def _part(table: str, *, are_packed: bool) -> str:
    """Name the part of a table whose ids are packed, or are texts."""
    return f"{table}_{'packed' if are_packed else 'texts'}"


def _texts(table: str, *, are_packed: bool) -> str:
    """Return the SQL of the rows of a part, with all ids as texts."""
    heads = (text_of(one) if are_packed and one in DIGITS else one for one in TABLES[table])
    return f"SELECT {', '.join(heads)} FROM {_part(table, are_packed=are_packed)}"


def _all_texts(table: str) -> str:
    return f"{_texts(table, are_packed=True)} UNION ALL {_texts(table, are_packed=False)}"
