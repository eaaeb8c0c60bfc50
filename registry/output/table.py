"""A table of text: what every export hands over, whatever format it is then written in."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, NamedTuple

Look = Literal["", "gap", "owed", "letters"]
"""What stands out in a column: what it says is lacking, what is empty, or who is accountable."""


class Column(NamedTuple):
    """One column.

    `id` tells it from another of the same heading; `verbatim` says that its cells are ids or words
    of the format, in which nothing personal is looked for; `number` that they are whole numbers.
    Where people read, the column is headed `spoken`, if that is given, and comes last if it is
    `aside`. `look` says what a workbook colours in it, and `choices` what its cells offer there.
    """

    heading: str
    id: str = ""
    verbatim: bool = False
    number: bool = False
    spoken: str = ""
    aside: bool = False
    look: Look = ""
    choices: tuple[str, ...] = ()


LEGEND_SHEET = "Legend"
"""The sheet of a workbook that says what a table is, and what its letters mean."""

A_GAP = "a gap: what is missing"
"""What that sheet says of the colour of gaps."""


@dataclass(frozen=True)
class Table:
    """Rows of text under columns; `name` is the export's, `title` is for people.

    `legend` explains what short cells mean, a pair a letter; `as_of` is the day, as `2026-11-28`,
    of which it tells, where that is known.

    Raises ValueError where a row is longer or shorter than the columns.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    legend: tuple[tuple[str, str], ...] = ()
    as_of: str = ""

    def __post_init__(self) -> None:
        width = len(self.columns)
        odd = next((row for row in self.rows if len(row) != width), None)
        if odd is not None:
            raise ValueError(f"{self.name}: a row of {len(odd)} cells under {width} columns")

    @cached_property
    def headings(self) -> tuple[str, ...]:
        """What stands above the columns, each once: what occurs twice is `Heading [id]`."""
        plain = [column.heading for column in self.columns]
        shown = list(plain)
        clashing = self._clashing(shown, plain)
        while clashing:
            for index in clashing:
                shown[index] = f"{plain[index]} [{self.columns[index].id}]"
            clashing = self._clashing(shown, plain)
        return _numbered(shown)

    def _clashing(self, shown: list[str], plain: list[str]) -> list[int]:
        """Find the columns whose heading is not their own alone and can still be told apart."""
        counts = Counter(shown)
        return [
            index
            for index, column in enumerate(self.columns)
            if column.id and counts[shown[index]] > 1 and shown[index] == plain[index]
        ]

    def for_people(self) -> "Table":
        """Return the table as people read it: its columns so headed, those `aside` at the end."""
        order = sorted(range(len(self.columns)), key=lambda index: self.columns[index].aside)
        if not any(one.spoken or one.aside for one in self.columns):
            return self
        spoken = [self.columns[index] for index in order]
        columns = tuple(
            one._replace(heading=one.spoken or one.heading, spoken="", aside=False)
            for one in spoken
        )
        rows = tuple(tuple(row[index] for index in order) for row in self.rows)
        return replace(self, columns=columns, rows=rows)

    def mapped(self, change: Callable[[str], str]) -> "Table":
        """Return the table with `change` applied to its title, headings and free cells."""
        columns = tuple(
            one._replace(heading=change(one.heading), choices=tuple(map(change, one.choices)))
            for one in self.columns
        )
        free = [not column.verbatim for column in self.columns]
        rows = tuple(
            tuple(
                change(cell) if is_free else cell for cell, is_free in zip(row, free, strict=True)
            )
            for row in self.rows
        )
        return replace(self, title=change(self.title), columns=columns, rows=rows)


def _numbered(headings: list[str]) -> tuple[str, ...]:
    """Add a number where even ids do not tell two apart, as when a registry repeats an id."""
    taken = set(headings)
    seen: set[str] = set()
    for index, heading in enumerate(headings):
        number = 1
        unique = heading
        while unique in seen or (number > 1 and unique in taken):
            number += 1
            unique = f"{heading} ({number})"
        headings[index] = unique
        seen.add(unique)
    return tuple(headings)


class Writer(NamedTuple):
    """A file format for tables: `name` is what `--format` takes and the file's suffix.

    `render` gives the whole file, the same bytes for the same table. Raises CannotRunError where
    the format cannot hold the table.
    """

    name: str
    render: Callable[[Table], bytes]
