"""Cells of a sheet as they were read, each with what it is besides text."""

from collections.abc import Mapping
from typing import Literal, NamedTuple

CellKind = Literal["text", "number", "date", "truth value", "formula", "error"]
"""What a program that calculates may make of a cell; a file of text holds texts alone."""


class GridCell(NamedTuple):
    """One cell that is not empty; `text` is what stands there, a formula with its `=`."""

    text: str
    kind: CellKind = "text"


class Grid(NamedTuple):
    """A sheet: row to column to cell, both counted from 1, without what is empty."""

    name: str
    rows: Mapping[int, Mapping[int, GridCell]]
    is_hidden: bool = False

    def at(self, row: int, column: int) -> GridCell:
        """Return a cell; an empty text where there is none."""
        return self.rows.get(row, {}).get(column, _EMPTY)


_EMPTY = GridCell("")


def address(row: int, column: int) -> str:
    """Name a cell as spreadsheets do: `C7`."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row}"
