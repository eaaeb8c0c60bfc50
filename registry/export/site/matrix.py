"""The role matrix as a heat map: in the first of its forms that a page is wide enough for."""

from typing import NamedTuple

from registry.export.export import table
from registry.export.site.entities import PageEntities
from registry.output.table import Table

WIDEST = 40
"""Columns of letters that fit a wide screen; with more, the matrix is by team or by function."""

_FORMS = ("role", "team", "function")


class Cell(NamedTuple):
    """What one column is to a row: a letter, or names by letter; `heat` is its strongest letter."""

    said: str
    heat: str


class MatrixRow(NamedTuple):
    """One layer: its number and name, its team, who is accountable, and what it lacks."""

    number: int
    name: str
    team: str
    accountable: str
    missing: str
    cells: tuple[Cell, ...]


class PageMatrix(NamedTuple):
    """The matrix by `form`; `legend` says what the letters mean."""

    form: str
    columns: tuple[str, ...]
    rows: tuple[MatrixRow, ...]
    legend: tuple[tuple[str, str], ...]

    @property
    def lacks(self) -> bool:
        """Whether any row lacks anything."""
        return any(row.missing for row in self.rows)


def matrix(entities: PageEntities) -> PageMatrix:
    """Lay out the role matrix of an edition."""
    edition = entities.edition
    for form in _FORMS:
        built = table(
            edition.workspace, "role-matrix", form, with_contacts=edition.with_contacts
        ).for_people()
        lettered = [n for n, column in enumerate(built.columns) if column.look == "letters"]
        if len(lettered) <= WIDEST:
            break
    return PageMatrix(
        form,
        tuple(entities.plain.name(built.headings[n]) for n in lettered),
        tuple(_row(entities, built, row, lettered) for row in built.rows),
        built.legend,
    )


def _row(
    entities: PageEntities, built: Table, row: tuple[str, ...], lettered: list[int]
) -> MatrixRow:
    at = {column.heading: number for number, column in enumerate(built.columns)}
    said = {name: row[at[name]] for name in ("layer", "team", "accountable", "missing")}
    name, text = entities.plain.name, entities.plain.text
    return MatrixRow(
        entities.number("ownership", said["layer"]),
        entities.called(("ownership", said["layer"])),
        name(said["team"]),
        name(said["accountable"]),
        text(said["missing"]),
        tuple(Cell(text(row[n]), _heat(row[n])) for n in lettered),
    )


def _heat(cell: str) -> str:
    """Return the strongest letter of a cell: `A: Priya; R: Tom` is A's."""
    return cell[:1] if cell[:1] in {"A", "R", "C", "I"} else ""
