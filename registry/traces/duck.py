"""The door to DuckDB: tables in Parquet parts in a folder, and queries over them.

It is embedded: nothing listens, nothing is fetched, no extension is installed or loaded.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from registry.errors import CannotRunError
from registry.traces.tables import NONE, TABLES, Kind, quoted

try:
    import duckdb
    import numpy as np
except ImportError:  # the extra is not installed
    raise CannotRunError(
        "traces are queried with DuckDB, which is not installed", "pip install 'opmodel[traces]'"
    ) from None

_MEMORY = ["160MB", "512MB", "2GB"]
"""What DuckDB may take: the next of these where a query does not fit, although it may spill."""

_TAKEN = 60_000
"""Rows of a part that are taken out of it at once."""

_SQL = {"text": "VARCHAR", "whole": "BIGINT", "real": "DOUBLE"}
_DTYPE = {"text": object, "whole": np.int64, "real": np.float64}

QueryError = duckdb.Error
"""What a query raises, and a file that is no Parquet after all."""


class Duck:
    """Tables in a folder of one's own, which is the caller's to remove."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._parts: dict[str, list[str]] = {name: [] for name in TABLES}
        self._connection = duckdb.connect(
            ":memory:",
            config={
                "memory_limit": _MEMORY[0],
                "temp_directory": os.path.join(folder, "spilt"),
                "threads": 2,
                "preserve_insertion_order": False,  # each query that shows an order asks for it
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
            },
        )

    def write(self, table: str, columns: Mapping[str, Sequence[Any]]) -> None:
        """Write rows, column by column, as one more part of a table."""
        kinds = TABLES[table]
        arrays = {name: np.array(columns[name], dtype=_DTYPE[kind]) for name, kind in kinds.items()}
        self._connection.register("arriving", arrays)
        self.append(table, f"SELECT {', '.join(map(_column, kinds, kinds.values()))} FROM arriving")
        self._connection.unregister("arriving")

    def append(self, table: str, select: str) -> None:
        """Write what a query yields as one more part of a table."""
        parts = self._parts[table]
        path = os.path.join(self._folder, f"{table}-{len(parts):06}.parquet")
        self._run(f"COPY ({select}) TO {quoted(path)} (FORMAT parquet, ROW_GROUP_SIZE 20480)")
        parts.append(path)

    def ready(self) -> None:
        """Make each table of its parts; from now on they can be asked for by their names."""
        for table, parts in self._parts.items():
            if not parts:
                self.write(table, dict.fromkeys(TABLES[table], ()))
            listed = ", ".join(map(quoted, parts))
            self._run(f"CREATE OR REPLACE VIEW {table} AS SELECT * FROM read_parquet([{listed}])")

    def paths(self, table: str) -> tuple[str, ...]:
        """Name the parts of a table."""
        return tuple(self._parts[table])

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

    def view(self, name: str, select: str) -> None:
        """Give a query a name; what it yields is not kept."""
        self._run(f"CREATE OR REPLACE TEMP VIEW {name} AS {select}")

    def fill(self, name: str, heads: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Keep rows of texts and whole numbers as a table; -1 is no number."""
        if not rows:
            nothing = ", ".join(f"NULL AS {head}" for head in heads)
            self.make(name, f"SELECT {nothing} LIMIT 0")
            return
        arrays = {}
        for head, cells in zip(heads, zip(*rows, strict=True), strict=True):
            is_whole = all(isinstance(cell, int) for cell in cells)
            arrays[head] = np.array(cells, dtype=_DTYPE["whole" if is_whole else "text"])
        self._connection.register("arriving", arrays)
        self.make(name, "SELECT * FROM arriving")
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


def _column(name: str, kind: Kind) -> str:
    given = f"NULLIF({name}, {NONE})" if kind == "whole" else name
    return f"CAST({given} AS {_SQL[kind]}) AS {name}"
