"""A role matrix as a file has it: its headings understood, its cells by layer and column."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import NamedTuple

from registry.edit.change import RefusedChange
from registry.errors import CannotRunError
from registry.export.imports.cells import ReadCell, meant, says, short
from registry.export.imports.known_names import KnownNames, UnknownNameError, folded
from registry.export.imports.matrix_state import MatrixState
from registry.export.several import is_of
from registry.export.tables._raci import LEGEND
from registry.output.contacts import hide_contacts
from registry.output.tables.csv import tame
from registry.source.grid import Grid, address
from registry.wording import counted

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
    """A file's cells; `is_template` where an empty cell says nothing, and takes nothing away.

    `missing` are cells that say what rows lack, and `bare` headings that mean nothing, with
    nothing below them: neither is taken.
    """

    by: str
    cells: tuple[ReadCell, ...]
    refused: tuple[RefusedChange, ...]
    is_template: bool
    layers: Mapping[str, str]
    missing: tuple[ReadCell, ...] = ()
    bare: tuple[str, ...] = ()


def pick(grids: tuple[Grid, ...], name: str) -> tuple[Grid, int]:
    """Find the sheet with the matrix and the row of its headings.

    Raises CannotRunError where no sheet has a column `layer`.
    """
    for grid in sorted(grids, key=lambda one: one.is_hidden):
        for row in sorted(grid.rows)[:_FIRST_ROWS]:
            if any(folded(cell.text) == "layer" for cell in grid.rows[row].values()):
                return grid, row
    message = f"{name}: no role matrix: no column is headed `layer`{odd_cells(grids)}"
    raise CannotRunError(message, "begin with `opmodel export role-matrix --blank`")


def own_rows(grid: Grid, head: int, registry: str, root: str) -> tuple[Grid, int]:
    """Keep the rows of one registry, where a column says whose each is; and count the others.

    It is known by its name, and by its folder where several of one name were exported. Raises
    CannotRunError where no row is of it.
    """
    heads = grid.rows[head]
    column = next((place for place, one in heads.items() if one.text == "registry"), None)
    if column is None:
        return grid, 0
    others = {
        row
        for row in grid.rows
        if row > head and not is_of(meant(grid.at(row, column).text), registry, root)
    }
    if others and len(others) == sum(row > head for row in grid.rows):
        raise CannotRunError(
            f"no row of the file is of the registry `{registry}` in {root}",
            "name the registry whose rows these are, from where they were exported",
        )
    rows = {row: cells for row, cells in grid.rows.items() if row not in others}
    return grid._replace(rows=rows), len(others)


def odd_cells(grids: tuple[Grid, ...], most: int = 12) -> str:
    """Name the cells of a foreign workbook that hold more than text, as the end of a message."""
    found = (
        f"; {grid.name}!{address(row, column)}: {_article(cell.kind)} {cell.kind}"
        for grid in grids
        for row, cells in grid.rows.items()
        for column, cell in cells.items()
        if cell.kind != "text"
    )
    return "".join(islice(found, most))


def _article(noun: str) -> str:
    return "an" if noun[0] in "aeiou" else "a"


def read_matrix(
    grid: Grid, head: int, states: Mapping[str, MatrixState], known: KnownNames, prefix: str = ""
) -> MatrixFile:
    """Understand a grid's headings, and list its cells.

    The form is the one whose headings fit best, and among those that fit alike the one from which
    the fewest cells differ. `prefix` stands before each address, as `Role matrix!`.
    """
    tried = [_Reader(grid, head, state, known, prefix) for state in states.values()]
    fewest = min(one.lost for one in tried)
    fitting = [one for one in tried if one.lost == fewest]
    for one in fitting:
        one.cells = tuple(one.read_rows())
    return min(fitting, key=_Reader.badness).result()


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
        self.missing_column = 0
        self.missing: list[ReadCell] = []
        self.bare: list[str] = []
        self.is_template = True
        self.headings = dict(_spellings(state.columns))
        self.keys = self.read_headings()
        self.layers: dict[str, str] = {}
        self.cells: tuple[ReadCell, ...] = ()

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
            raw = meant(cell.text)
            heading = raw if raw in self.headings else " ".join(raw.split())
            low = folded(heading)
            is_letters = heading in self.headings and heading not in {*_LEFT, *_DERIVED}
            if low == "missing" and not is_letters:
                self.is_template, self.missing_column = False, column
            if low == "layer" and not self.layer_column:
                self.layer_column = column
            elif is_letters or (low not in _DERIVED and low != folded(_legend())):
                known = None if is_letters else _LEFT.get(low)
                key = known or self.key(heading, column)
                name = f"={key}" if known is None else low
                if key and name in taken:
                    where = self.where(self.head, column)
                    first = self.where(self.head, taken[name])
                    self.refuse(where, f"`{short(heading)}` heads {first}, too", "keep one")
                elif key:
                    taken[name] = column
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
        found = self.headings.get(heading) or self.headings.get(folded(heading))
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
            are = "is" if len(below) == 1 else "are"
            rest = f", so the {counted(len(below), 'cell')} below it {are} not taken"
            self.refuse(self.where(self.head, column), f"{message}{rest}", help_)
        else:
            self.bare.append(f"{self.where(self.head, column)}: {message}")

    @property
    def lost(self) -> int:
        """Count the headings that mean nothing in this form."""
        return len(self.grid.rows[self.head]) - len(self.keys)

    def badness(self) -> tuple[int, bool]:
        """Say how badly the form fits, by the cells that differ."""
        rows = self.state.cells
        differing = sum(
            not says(one.text, rows.get(one.row, {}).get(one.column, ("",))) for one in self.cells
        )
        return differing, self.state.by != "function"

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
                if self.missing_column:
                    text, place = self.grid.at(row, self.missing_column).text, self.missing_column
                    self.missing.append(ReadCell(layer, "missing", text, self.where(row, place)))
                for column, key in self.keys.items():
                    cell = self.grid.at(row, column)
                    if cell.text or not self.is_template:
                        yield ReadCell(layer, key, cell.text, self.where(row, column), cell.kind)

    def result(self) -> MatrixFile:
        layers, refused = self.layers, tuple(self.refused)
        missing, bare = tuple(self.missing), tuple(self.bare)
        return MatrixFile(
            self.state.by, self.cells, refused, self.is_template, layers, missing, bare
        )


def _spellings(columns: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield each heading as the files have it, with its key; as it stands, last."""
    for spelt in (folded, hide_contacts, tame, str):
        for heading, key in columns.items():
            yield " ".join(spelt(heading).split()), key
    for spelt in (hide_contacts, tame, str):
        yield from ((spelt(heading), key) for heading, key in columns.items())


def _legend() -> str:
    """Return the heading under which the template explains its letters."""
    return ", ".join(f"{letter} {said.partition(',')[0]}" for letter, said in LEGEND)
