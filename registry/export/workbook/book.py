"""The whole workbook of a registry: its sheets in order, and the record of what they said."""

from collections.abc import Mapping
from typing import NamedTuple

from registry.checks.engine import Opened, check_opened
from registry.clock.civil import instant
from registry.export.export import Exported, notes
from registry.export.imports.matrix_state import matrix_state
from registry.export.workbook import record as records
from registry.export.workbook.about import about_sheet
from registry.export.workbook.checked import exceptions_sheet, findings_sheet, rules_sheet
from registry.export.workbook.matrix import NAME as MATRIX
from registry.export.workbook.matrix import matrix_lists, matrix_sheet
from registry.export.workbook.on_call import on_call_sheet
from registry.export.workbook.record import Record, Values
from registry.export.workbook.sections import (
    SECTION_SHEETS,
    Show,
    lists,
    returned_fields,
    section_sheet,
)
from registry.output.contacts import hide_contacts
from registry.output.workbook import CUT, Book, BookSheet, cut, render_book
from registry.wording import counted
from registry.workspace.options import Options
from registry.workspace.workspace import Workspace

NAME = "workbook"


class ReturnedSheets(NamedTuple):
    """The sheets that come back, and what their cells say, by sheet."""

    sheets: Mapping[str, BookSheet]
    values: Mapping[str, Values]


def workbook(
    opened: Opened, options: Options, as_of: str = "", *, with_contacts: bool = False
) -> Exported:
    """Make the workbook of an open registry: the same bytes for the same input.

    `as_of` is the day, as `2026-11-28`, that it says it is of. Telephone numbers and e-mail
    addresses are hidden unless `with_contacts`; a text that no cell holds is cut and marked.
    """
    workspace = opened.workspace
    show = shown_in(workspace, with_contacts=with_contacts)
    returned = returned_sheets(workspace, with_contacts=with_contacts)
    sheets = _sheets(opened, options, as_of, returned, show)
    kept = _record(workspace, sheets, returned, with_contacts=with_contacts)
    offered = {**matrix_lists(workspace, show), **dict(lists(workspace, returned_fields()))}
    used = {column.choices for one in sheets for column in one.columns}
    title = f"Operating model of {workspace.manifest.name}"
    hidden = (records.NAME, records.packed(kept))
    chosen = {name: values for name, values in offered.items() if name in used}
    book = Book(title, as_of, sheets, chosen, hidden)
    return Exported(render_book(book), (*notes(opened), *_cut(sheets)))


def _sheets(
    opened: Opened, options: Options, as_of: str, returned: ReturnedSheets, show: Show
) -> tuple[BookSheet, ...]:
    """Lay out every sheet, in the order in which people look at them."""
    workspace = opened.workspace
    result = check_opened(opened, options)
    of_sections = [
        returned.sheets.get(one.name) or section_sheet(workspace, one, show)
        for one in SECTION_SHEETS
    ]
    body = (
        returned.sheets[MATRIX],
        *of_sections[:2],
        on_call_sheet(workspace, instant(options.at), show),
        *of_sections[2:],
        findings_sheet(result, show),
        exceptions_sheet(result, show),
        rules_sheet(opened, result),
    )
    return (*body, about_sheet(opened, result, body, as_of))


def _record(
    workspace: Workspace,
    sheets: tuple[BookSheet, ...],
    returned: ReturnedSheets,
    *,
    with_contacts: bool,
) -> Record:
    """Keep what the sheets say."""
    headings = {
        name: {column.heading: column.key for column in one.columns}
        for name, one in returned.sheets.items()
    }
    read_only = {
        one.name: tuple(row.cells for row in one.rows)
        for one in sheets
        if one.name not in returned.sheets
    }
    return Record(workspace.manifest.name, with_contacts, headings, returned.values, read_only)


def _cut(sheets: tuple[BookSheet, ...]) -> tuple[str, ...]:
    number = sum(cell.endswith(CUT) for one in sheets for row in one.rows for cell in row.cells)
    said = f"{counted(number, 'text')} too long for a cell and cut there; csv holds the whole"
    return (said,) if number else ()


def shown_in(workspace: Workspace, *, with_contacts: bool) -> Show:
    """Return what makes a text fit to be shown: no secret, and no contact unless asked for."""
    masked = workspace.sources.masked
    return masked if with_contacts else lambda text: hide_contacts(masked(text))


def returned_sheets(workspace: Workspace, *, with_contacts: bool) -> ReturnedSheets:
    """Lay out the sheets that come back, with what their cells say."""
    show = shown_in(workspace, with_contacts=with_contacts)
    found = {MATRIX: matrix_sheet(workspace, show)}
    values: dict[str, Values] = {MATRIX: _matrix_values(workspace, show)}
    for one in SECTION_SHEETS:
        if one.is_returned:
            sheet = found[one.name] = section_sheet(workspace, one, show)
            values[one.name] = {
                row.key: {
                    column.key: (cell,)
                    for column, cell in zip(sheet.columns, row.cells, strict=True)
                    if cell
                }
                for row in sheet.rows
            }
    return ReturnedSheets(found, values)


def _matrix_values(workspace: Workspace, show: Show) -> Values:
    cells = matrix_state(workspace, "role").cells
    return {
        layer: {
            key: tuple(dict.fromkeys(cut(show(form)) for form in forms))
            for key, forms in row.items()
            if any(forms)
        }
        for layer, row in cells.items()
    }
