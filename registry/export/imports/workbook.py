"""A workbook that comes back: what people changed in it, held against the registry as it is now."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from registry.edit.change import FieldChange, RefusedChange
from registry.errors import CannotRunError
from registry.export.imports.cells import Proposal, ReadCell, compare, plain
from registry.export.imports.known_names import KnownNames, folded
from registry.export.imports.matrix_file import read_matrix
from registry.export.imports.matrix_state import matrix_state
from registry.export.imports.role_matrix import propose_matrix
from registry.export.imports.section_cells import read_cell
from registry.export.workbook import record as records
from registry.export.workbook.book import ReturnedSheets, returned_sheets
from registry.export.workbook.matrix import NAME as MATRIX
from registry.export.workbook.record import Record, Values
from registry.export.workbook.sections import SECTION_SHEETS
from registry.export.workbook.values import FieldCells, field_cells
from registry.model.sections import SECTIONS
from registry.source.grid import Grid, address
from registry.wording import counted, did_you_mean, listed
from registry.workspace.names import DisplayNames
from registry.workspace.open import Opened

_FIRST_ROWS = 12
_UNSEEN = frozenset({"Lists", records.NAME})

NO_RECORD = "the record of what was exported is not in it, or is damaged"


class _Compared(NamedTuple):
    """What the cells are held against: as exported, and as the registry is now."""

    base: Mapping[str, Values]
    now: ReturnedSheets
    headings: Mapping[str, Mapping[str, str]]


def propose(
    opened: Opened, grids: tuple[Grid, ...], name: str, base: Opened | None = None
) -> Proposal:
    """Read the sheets that come back; a change on another one is told and left.

    `base` is the registry as it was exported; without it the workbook's own record is what edits
    are told by, and without that the registry as it is now. Raises CannotRunError where no sheet is
    one of a workbook's.
    """
    record = records.unpacked(_lines(grids))
    if record is not None and record.registry != opened.workspace.manifest.name:
        message = f"{name}: a workbook of `{record.registry}`"
        help_ = f"this registry is `{opened.workspace.manifest.name}`: name its folder"
        raise CannotRunError(message, help_)
    with_contacts = record is not None and record.with_contacts
    now = returned_sheets(opened.workspace, with_contacts=with_contacts)
    by_name = {grid.name: grid for grid in grids}
    if not now.sheets.keys() & by_name.keys():
        names = listed(list(now.sheets), most=9, joint="or")
        raise CannotRunError(f"{name}: no sheet is called {names}", "import one of ours")
    compared = _compared(record, base, now, with_contacts=with_contacts)
    found = [_matrix(opened, by_name[MATRIX], compared)] if MATRIX in by_name else []
    for wanted in SECTION_SHEETS:
        if wanted.is_returned and wanted.name in by_name:
            sheet = _Sheet(opened, by_name[wanted.name], wanted.sections[0], compared)
            found.append(sheet.proposal())
    told = [line for one in found for line in one.told]
    if record is None and base is None:
        told.insert(0, f"{NO_RECORD}: what differs from the registry now counts as edited")
    told += _others(by_name, now, record)
    return Proposal(
        tuple(one for part in found for one in part.changes),
        tuple(one for part in found for one in part.refused),
        tuple(told),
        record is None and base is None,
    )


def _lines(grids: tuple[Grid, ...]) -> tuple[str, ...]:
    kept = next((grid for grid in grids if grid.name == records.NAME), None)
    return tuple(kept.at(row, 1).text for row in sorted(kept.rows)) if kept else ()


def _compared(
    record: Record | None, base: Opened | None, now: ReturnedSheets, *, with_contacts: bool
) -> _Compared:
    headings = {
        name: {column.heading: column.key for column in sheet.columns}
        for name, sheet in now.sheets.items()
    }
    if base is not None:
        values = returned_sheets(base.workspace, with_contacts=with_contacts).values
        return _Compared(values, now, headings)
    if record is None:
        return _Compared(now.values, now, headings)
    both = {name: {**found, **record.headings.get(name, {})} for name, found in headings.items()}
    return _Compared(record.values, now, both)


def _matrix(opened: Opened, grid: Grid, compared: _Compared) -> Proposal:
    head = _head(grid, "layer")
    if head is None:
        return _headless(grid, "layer")
    known = KnownNames(DisplayNames(opened.workspace))
    state = matrix_state(opened.workspace, "role")
    columns = {**state.columns, **compared.headings[MATRIX]}
    state = state._replace(columns=columns, cells=compared.now.values[MATRIX])
    file = read_matrix(grid, head, {"role": state}, known, f"{grid.name}!")
    return propose_matrix(opened, file, compared.base.get(MATRIX, {}), state, known)


def _head(grid: Grid, word: str) -> int | None:
    """Find the row of the headings: people put lines above it."""
    for row in sorted(grid.rows)[:_FIRST_ROWS]:
        if any(folded(cell.text) == word for cell in grid.rows[row].values()):
            return row
    return None


def _headless(grid: Grid, word: str) -> Proposal:
    message = f"no column is headed `{word}`, so nothing of this sheet is taken"
    help_ = "give it its heading back"
    return Proposal(refused=(RefusedChange(f"{grid.name}!A1", message, help_),))


class _Sheet:
    """A sheet of one section: its edited cells as changes."""

    def __init__(self, opened: Opened, grid: Grid, section: str, compared: _Compared) -> None:
        self.workspace = opened.workspace
        self.grid = grid
        self.section = section
        self.known = KnownNames(DisplayNames(opened.workspace))
        self.base = compared.base.get(grid.name, {})
        self.now = compared.now.values[grid.name]
        self.headings = {folded(one): key for one, key in compared.headings[grid.name].items()}
        model = SECTIONS[section].model
        self.fields: dict[str, FieldCells] = {one.name: one for one in field_cells(model)}
        self.refused: list[RefusedChange] = []
        self.changes: list[FieldChange] = []
        self.rows: dict[str, str] = {}
        self.left = 0

    def where(self, row: int, column: int) -> str:
        return f"{self.grid.name}!{address(row, column)}"

    def proposal(self) -> Proposal:
        """Read the sheet."""
        head = _head(self.grid, "id")
        if head is None:
            return _headless(self.grid, "id")
        cells = tuple(self.read(head, self.columns(head)))
        dates = frozenset(name for name, one in self.fields.items() if one.is_date)
        truths = frozenset(name for name, one in self.fields.items() if one.is_truth)
        for one in compare(cells, self.base, self.now, {"date": dates, "truth value": truths}):
            if isinstance(one, RefusedChange):
                self.refused.append(one)
                continue
            field = self.fields[one.column]
            if not field.is_returned:
                self.left += 1
                continue
            told = read_cell(self.known, self.section, field, one)
            if isinstance(told, RefusedChange):
                self.refused.append(told)
            else:
                self.changes.append(told)
        return Proposal(tuple(self.changes), tuple(self.refused), tuple(self.told()))

    def told(self) -> Iterator[str]:
        if self.left:
            cells = counted(self.left, "cell")
            yield f"{self.grid.name}: {cells} changed below a grey heading, which are left"
        gone = [one for one in self.workspace.origins[self.section] if one not in self.rows]
        if gone:
            yield f"{self.grid.name}: not in it, and left as they are: {listed(gone)}"

    def columns(self, head: int) -> dict[int, str]:
        """Return the field of each column; `id` is one."""
        found: dict[int, str] = {}
        for column, cell in sorted(self.grid.rows[head].items()):
            key = self.headings.get(folded(cell.text))
            where = self.where(head, column)
            if key is None:
                self.unknown(head, column, cell.text)
            elif key in found.values():
                told = f"`{key}` heads another column, too"
                self.refused.append(RefusedChange(where, told, "keep one"))
            elif key == "id" or key in self.fields:
                found[column] = key
        return found

    def unknown(self, head: int, column: int, heading: str) -> None:
        below = [row for row, cells in self.grid.rows.items() if row > head and column in cells]
        if below:
            cells = counted(len(below), "cell")
            message = f"there is no field `{heading[:60]}`, so {cells} below it are not taken"
            help_ = did_you_mean(
                heading, self.fields, "take the column out, or correct its heading"
            )
            self.refused.append(RefusedChange(self.where(head, column), message, help_))

    def read(self, head: int, columns: Mapping[int, str]) -> Iterator[ReadCell]:
        place = next(column for column, key in columns.items() if key == "id")
        rows = {
            row: self.grid.at(row, place).text.strip()
            for row, cells in sorted(self.grid.rows.items())
            if row > head and any(column in columns for column in cells)
        }
        counts = Counter(rows.values())
        for row, id_ in rows.items():
            if self.is_taken(id_, self.where(row, place), is_twice=counts[id_] > 1):
                for column, key in columns.items():
                    if key != "id":
                        cell = self.grid.at(row, column)
                        yield ReadCell(id_, key, cell.text, self.where(row, column), cell.kind)

    def is_taken(self, id_: str, where: str, *, is_twice: bool) -> bool:
        """Whether a row is about an entity that is there, once; else say what it is."""
        noun = SECTIONS[self.section].noun
        self.rows[id_] = where
        if is_twice:
            message = f"`{id_[:60]}` stands in more than one row"
            self.refused.append(RefusedChange(where, message, "keep one of them"))
            return False
        if id_ in self.workspace.entities[self.section]:
            return True
        if not self.workspace.has(self.section, id_):
            known = self.workspace.origins[self.section]
            help_ = did_you_mean(id_, known, "add it to the registry's files first")
            message = f"there is no {noun} `{id_[:60]}`"
            self.refused.append(RefusedChange(where, message, help_))
        return False


def _others(grids: Mapping[str, Grid], now: ReturnedSheets, record: Record | None) -> Iterator[str]:
    """Say what changed on sheets that do not come back, and which sheets are not ours."""
    kept: Mapping[str, Sequence[Sequence[str]]] = record.read_only if record else {}
    for name, grid in grids.items():
        if name in now.sheets or name in _UNSEEN:
            continue
        if name not in kept:
            if record is not None:
                yield f"{name}: a sheet of somebody's own, which is left"
            continue
        places = list(_differing(grid, kept[name]))
        if places:
            cells = counted(len(places), "cell")
            yield f"{name}!{places[0]}: {cells} of this sheet changed; it is to read, and is left"
    gone = [name for name in now.sheets if name not in grids]
    if gone:
        yield f"not in it: the sheets {listed(gone)}"


def _differing(grid: Grid, rows: Sequence[Sequence[str]]) -> Iterator[str]:
    first = next((row for row in sorted(grid.rows) if row > _TITLE_ROWS), _TITLE_ROWS + 1)
    for number, cells in enumerate(rows, first + 1):
        for column, text in enumerate(cells, 1):
            if plain(grid.at(number, column).text) != plain(text):
                yield address(number, column)
    for number, more in sorted(grid.rows.items()):
        for column in more:
            known = number - first - 1 < len(rows)
            width = len(rows[number - first - 1]) if first < number and known else 0
            if number > first and column > width:
                yield address(number, column)


_TITLE_ROWS = 2
"""Rows above the headings, as they are exported."""
