"""A role matrix as a file has it: its headings understood, its cells by layer and column."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from registry.edit.change import RefusedChange
from registry.errors import CannotRunError
from registry.export.imports.cells import ReadCell, meant, says, short
from registry.export.imports.known_names import KnownNames, UnknownNameError, folded
from registry.export.imports.matrix_state import MatrixState
from registry.export.tables._raci import LEGEND
from registry.source.grid import Grid, address

_LEFT = {
    "title": "title", "description": "description",
    "team": "team", "team_name": "team", "team_id": "team",
    "accountable": "accountable", "accountable_name": "accountable",
    "accountable_id": "accountable",
}  # fmt: skip
"""Columns that are no letters, and the field that each is about."""

_DERIVED = frozenset({"layer", "missing", "registry"})
_FIRST_ROWS = 10
"""Rows in which the headings are looked for: people put a title above them."""

DERIVED_VIEWS = frozenset({"person", "team"})
"""Forms whose columns stand for others than those whom the registry names."""


class MatrixFile(NamedTuple):
    """A file's cells; `is_template` where an empty cell says nothing, and takes nothing away."""

    by: str
    cells: tuple[ReadCell, ...]
    refused: tuple[RefusedChange, ...]
    is_template: bool
    layers: Mapping[str, str]


def pick(grids: tuple[Grid, ...], name: str) -> tuple[Grid, int]:
    """Find the sheet with the matrix and the row of its headings.

    Raises CannotRunError where no sheet has a column `layer`.
    """
    for grid in sorted(grids, key=lambda one: one.is_hidden):
        for row in sorted(grid.rows)[:_FIRST_ROWS]:
            if any(folded(cell.text) == "layer" for cell in grid.rows[row].values()):
                return grid, row
    faults = "".join(f"; {where}: {what}" for where, what in _odd(grids))
    message = f"{name}: no role matrix: no column is headed `layer`{faults}"
    raise CannotRunError(message, "begin with `opmodel export role-matrix --blank`")


def _odd(grids: tuple[Grid, ...], most: int = 12) -> Iterator[tuple[str, str]]:
    """Name the cells of a foreign workbook that hold more than text."""
    for grid in grids:
        for row, cells in grid.rows.items():
            for column, cell in cells.items():
                if cell.kind != "text" and most:
                    most -= 1
                    article = "an" if cell.kind == "error" else "a"
                    yield f"{grid.name}!{address(row, column)}", f"{article} {cell.kind}"


def read_matrix(
    grid: Grid, head: int, states: Mapping[str, MatrixState], known: KnownNames, prefix: str = ""
) -> MatrixFile:
    """Understand a grid's headings, and list its cells.

    The form is the one whose headings fit best, and among those that fit alike the one from which
    the fewest cells differ. `prefix` stands before each address, as `Role matrix!`.
    """
    tried = [_Reader(grid, head, state, known, prefix) for state in states.values()]
    best = min(tried, key=lambda one: one.badness())
    return best.result()


class _Reader:
    """A grid, read as one form of the matrix."""

    def __init__(
        self, grid: Grid, head: int, state: MatrixState, known: KnownNames, prefix: str
    ) -> None:
        self.grid = grid
        self.head = head
        self.state = state
        self.known = known
        self.prefix = prefix
        self.refused: list[RefusedChange] = []
        self.layer_column = 0
        self.is_template = True
        self.keys = self.read_headings()
        self.layers: dict[str, str] = {}
        self.cells = tuple(self.read_rows())

    def where(self, row: int, column: int) -> str:
        return f"{self.prefix}{address(row, column)}"

    def refuse(self, where: str, message: str, help_: str) -> None:
        self.refused.append(RefusedChange(where, message, help_))

    # -- headings ----------------------------------------------------------------------------

    def read_headings(self) -> dict[int, str]:
        """Return the key of each column that says something."""
        keys: dict[int, str] = {}
        taken: dict[str, int] = {}
        for column, cell in sorted(self.grid.rows[self.head].items()):
            heading = " ".join(meant(cell.text).split())
            low = folded(heading)
            if low == "missing":
                self.is_template = False
            if low == "layer" and not self.layer_column:
                self.layer_column = column
            elif low not in _DERIVED and low != folded(_legend()):
                key = _LEFT.get(low) or self.key(heading, column)
                if key and low in taken:
                    where = self.where(self.head, column)
                    first = self.where(self.head, taken[low])
                    self.refuse(where, f"`{short(heading)}` heads {first}, too", "keep one")
                elif key:
                    taken[low] = column
                    keys[column] = key
        self.refuse_bare(keys)
        return keys

    def refuse_bare(self, keys: Mapping[int, str]) -> None:
        """Refuse what stands below no heading at all."""
        heads = self.grid.rows[self.head]
        for row, cells in sorted(self.grid.rows.items()):
            for column in cells:
                if row > self.head and column not in heads and column not in keys:
                    what = "stands below no heading"
                    self.refuse(self.where(row, column), what, "give its column a heading")

    def key(self, heading: str, column: int) -> str | None:
        """Tell which column of letters a heading means; None, and a refusal, where none."""
        headings = {folded(one): key for one, key in self.state.columns.items()}
        found = headings.get(folded(heading))
        if found is not None:
            return found
        if self.state.by == "function":
            self.unknown(column, f"`{short(heading)}` is no function")
            return None
        try:
            return self.known.id_of(heading)
        except UnknownNameError as error:
            self.unknown(column, str(error), error.help)
        return None

    def unknown(self, column: int, message: str, help_: str = "correct it") -> None:
        below = [
            row for row, cells in self.grid.rows.items() if row > self.head and column in cells
        ]
        if below:
            rest = f", so the {len(below)} cells below it are not taken"
            self.refuse(self.where(self.head, column), f"{message}{rest}", help_)

    def badness(self) -> tuple[int, int, int]:
        """Say how badly the form fits: headings that mean nothing, cells that differ."""
        rows = self.state.cells
        differing = sum(
            not says(one.text, rows.get(one.row, {}).get(one.column, ("",))) for one in self.cells
        )
        lost = len(self.grid.rows[self.head]) - len(self.keys)
        return lost, differing, self.state.by != "function"

    # -- rows --------------------------------------------------------------------------------

    def read_rows(self) -> Iterator[ReadCell]:
        for row, cells in sorted(self.grid.rows.items()):
            if row <= self.head:
                continue
            layer = meant(self.grid.at(row, self.layer_column).text).strip()
            where = self.where(row, self.layer_column)
            if not layer:
                if any(column in self.keys for column in cells):
                    self.refuse(where, "a row without a layer", "write the layer's id")
            elif layer in self.layers:
                message = f"the layer `{short(layer)}` stands in {self.layers[layer]}, too"
                self.refuse(where, message, "keep one of the two rows")
            else:
                self.layers[layer] = where
                for column, key in self.keys.items():
                    cell = self.grid.at(row, column)
                    if cell.text or not self.is_template:
                        yield ReadCell(layer, key, cell.text, self.where(row, column), cell.kind)

    def result(self) -> MatrixFile:
        layers, refused = self.layers, tuple(self.refused)
        return MatrixFile(self.state.by, self.cells, refused, self.is_template, layers)


def _legend() -> str:
    """Return the heading under which the template explains its letters."""
    return ", ".join(f"{letter} {said.partition(',')[0]}" for letter, said in LEGEND)
