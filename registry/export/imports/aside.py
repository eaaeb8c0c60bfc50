"""What stands in a role matrix's file only to be read: a change of it is told, and left."""

from collections.abc import Iterator, Sequence

from registry.export.imports.cells import ReadCell, State, plain, says
from registry.export.tables._raci import LEGEND
from registry.output.table import A_GAP, LEGEND_SHEET
from registry.source.grid import Grid, address
from registry.wording import counted, listed

_LISTS = "Lists"
"""The sheet of words that a template's cells offer."""
_TITLE_ROWS = 2
"""Rows of the legend's sheet that say what the table is, and of when."""


def worked_out(cells: Sequence[ReadCell], base: State) -> Iterator[str]:
    """Say which cells of `missing` are not as they went out; rows that are unknown have none."""
    places = [
        one.where
        for one in cells
        if one.row in base and not says(one.text, base[one.row].get("missing", ("",)))
    ]
    if places:
        number = counted(len(places), "cell")
        told = f"{number} of `missing` with other words than the registry's"
        yield f"{places[0]}: {told}; what is missing is worked out, and these are left"


def other_sheets(grids: Sequence[Grid], matrix: Grid) -> Iterator[str]:
    """Say that the legend was changed, and which sheets are none of the matrix."""
    own = (matrix.name, LEGEND_SHEET, _LISTS)
    for grid in grids:
        place = next(_differing(grid), None) if grid.name == LEGEND_SHEET else None
        if place is not None:
            yield f"{grid.name}!{place}: this sheet was changed; it is to read, and is left"
    others = [one.name for one in grids if one.name not in own and one.rows and not one.is_hidden]
    if others:
        yield f"besides the matrix there are {listed(others)}, which are left"


def _differing(grid: Grid) -> Iterator[str]:
    """Yield the cells that explain something else than the letters, or explain them otherwise."""
    meanings, told = dict(LEGEND), set[str]()
    for row in sorted(row for row in grid.rows if row > _TITLE_ROWS):
        letter, said = (plain(grid.at(row, column).text) for column in (1, 2))
        if said != meanings.get(letter, A_GAP if not letter else None):
            yield address(row, 2 if letter in meanings or not letter else 1)
        told.add(letter)
    if not meanings.keys() <= told:
        yield address(max(grid.rows, default=1), 1)
