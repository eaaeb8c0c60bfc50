"""The role matrix as a sheet, with names where people read."""

from registry.export.tables import role_matrix
from registry.export.workbook.sections import Show
from registry.model.people import Person, Role, Team
from registry.output.table import Column
from registry.output.workbook import BookColumn, BookRow, BookSheet, cut, headings
from registry.workspace.names import DisplayNames
from registry.workspace.workspace import Workspace

NAME = "Role matrix"
LETTERS = "letters"
WHO = "who answers"
TEAMS = "team names"

_RETURNED = frozenset({"title", "description", "team", "accountable"})
_CHOICES = {"team": TEAMS, "accountable": WHO}


def matrix_sheet(workspace: Workspace, show: Show) -> BookSheet:
    """Lay out the matrix by role."""
    table = role_matrix.matrix(workspace, "role").for_people()
    names = headings(map(show, table.headings))
    columns = tuple(
        _column(column, heading) for column, heading in zip(table.columns, names, strict=True)
    )
    rows = tuple(_row(workspace, tuple(cut(show(cell)) for cell in row)) for row in table.rows)
    letters = ", ".join(f"{letter} {said.partition(',')[0]}" for letter, said in table.legend)
    about = f"{letters}. What you change below a dark heading can be taken back."
    return BookSheet(NAME, f"Role matrix of {workspace.manifest.name}", columns, rows, about)


def _column(column: Column, heading: str) -> BookColumn:
    if column.look == "letters":
        return BookColumn(heading, column.id, "letters", LETTERS, is_strict=True, is_returned=True)
    key = column.heading
    choices = _CHOICES.get(key, "")
    return BookColumn(
        heading, key, column.look, choices, bool(choices), is_returned=key in _RETURNED
    )


def _row(workspace: Workspace, cells: tuple[str, ...]) -> BookRow:
    start = workspace.resolve(workspace.locate("ownership", cells[0])).start
    note = f"{workspace.file_of('ownership', cells[0])}:{start.line}"
    return BookRow(cells[0], cells, note)


def matrix_lists(workspace: Workspace, show: Show) -> dict[str, tuple[str, ...]]:
    """Return what the drop-downs of the matrix offer: letters, and names as the sheet has them."""
    display = DisplayNames(workspace)
    people = [display.called(id_) for id_ in workspace.all(Person)]
    roles = [display.holder(id_) for id_, one in workspace.all(Role).items() if one.holder]
    teams = [display.called(id_) for id_ in workspace.all(Team)]
    return {
        LETTERS: ("A", "R", "A/R", "C", "I"),
        WHO: tuple(dict.fromkeys(show(one) for one in (*people, *roles))),
        TEAMS: tuple(dict.fromkeys(map(show, teams))),
    }
