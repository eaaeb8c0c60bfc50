"""Sheets of sections: a row an entity, a column a field, as the model has them."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from registry.export.workbook.values import FieldCells, field_cells, shown
from registry.model.entity import Entity
from registry.model.sections import SECTIONS
from registry.output.workbook import BookColumn, BookRow, BookSheet, cut, headings
from registry.wording import in_a_row
from registry.workspace.names import NOT_READ
from registry.workspace.workspace import Workspace

Show = Callable[[str], str]
"""What may be shown of a text."""


class SectionSheet(NamedTuple):
    """A sheet by its name, the sections in it, and whether what people change comes back."""

    name: str
    sections: tuple[str, ...]
    is_returned: bool = False


SECTION_SHEETS = (
    SectionSheet("Metrics", ("metrics",), is_returned=True),
    SectionSheet("Alerts", ("alerts",), is_returned=True),
    SectionSheet("Escalations", ("escalations",)),
    SectionSheet("Runbooks", ("runbooks",), is_returned=True),
    SectionSheet("Kill switches", ("kill_switches",), is_returned=True),
    SectionSheet("Telemetry", ("telemetry", "stores", "fields")),
    SectionSheet("Failures", ("failures",)),
    SectionSheet("Reviews", ("reviews",)),
)
"""The sections that a workbook has sheets of."""


def sheet_of(section: str) -> str | None:
    """Name the sheet that has a section's rows; None where none has."""
    if section == "ownership":
        return "Role matrix"
    return next((one.name for one in SECTION_SHEETS if section in one.sections), None)


def row_key(section: str, id_: str) -> str:
    """Tell what a row is called: by its id, in a sheet of several sections by both."""
    several = next(len(one.sections) > 1 for one in SECTION_SHEETS if section in one.sections)
    return f"{section}/{id_}" if several else id_


def section_sheet(workspace: Workspace, wanted: SectionSheet, show: Show) -> BookSheet:
    """Lay out one sheet; a row that did not load says so."""
    found = _columns(wanted)
    several = len(wanted.sections) > 1
    columns = (
        *((BookColumn("section", "section"),) if several else ()),
        BookColumn("id", "id"),
        *(_column(one, is_returned=wanted.is_returned) for one in found),
    )
    rows = tuple(
        row
        for section in wanted.sections
        for row in _rows(workspace, section, found, several, show)
    )
    plain = headings(column.heading for column in columns)
    columns = tuple(
        column._replace(heading=heading) for column, heading in zip(columns, plain, strict=True)
    )
    nouns = in_a_row([SECTIONS[one].noun for one in wanted.sections])
    about = f"A row for each {nouns}, as the registry has it."
    if wanted.is_returned:
        about += " What you change below a dark heading can be taken back; the rest is to read."
    title = f"{wanted.name} of {workspace.manifest.name}"
    return BookSheet(wanted.name, title, columns, rows, about)


def choices_of(field: FieldCells) -> str:
    """Name the list that a field's cells choose from; empty where they are free."""
    if field.words:
        return f"{field.name}: {', '.join(field.words)}"
    sections = dict.fromkeys(one for found in field.references for one in found.accepts)
    return in_a_row(list(sections), "or")


def lists(
    workspace: Workspace, fields: Sequence[FieldCells]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each list of choices by its name: words, or the registry's ids."""
    for field in fields:
        ids = (
            id_
            for found in field.references
            for section in found.accepts
            for id_ in workspace.origins.get(section, {})
        )
        truth = ("true", "false") if field.is_truth else ()
        yield choices_of(field), field.words or truth or tuple(dict.fromkeys(ids))


def returned_fields() -> tuple[FieldCells, ...]:
    """List the fields of every sheet that comes back."""
    return tuple(
        field
        for sheet in SECTION_SHEETS
        for section in sheet.sections
        for field in field_cells(SECTIONS[section].model)
        if sheet.is_returned and field.is_returned
    )


def _columns(wanted: SectionSheet) -> tuple[FieldCells, ...]:
    found: dict[str, FieldCells] = {}
    for section in wanted.sections:
        for field in field_cells(SECTIONS[section].model):
            found.setdefault(field.name, field)
    return tuple(found.values())


def _column(field: FieldCells, *, is_returned: bool) -> BookColumn:
    comes_back = is_returned and field.is_returned
    choices = choices_of(field) if comes_back else ""
    return BookColumn(
        field.name,
        field.name,
        "owed" if field.name == "owner" else "",
        choices,
        is_strict=bool(choices) and not field.is_list,
        is_returned=comes_back,
    )


def _rows(
    workspace: Workspace,
    section: str,
    columns: Sequence[FieldCells],
    several: bool,
    show: Show,
) -> Iterator[BookRow]:
    loaded = workspace.entities.get(section, {})
    for id_ in workspace.origins.get(section, {}):
        start = workspace.resolve(workspace.locate(section, id_)).start
        note = f"{workspace.file_of(section, id_)}:{start.line}"
        head = (section, id_) if several else (id_,)
        key = f"{section}/{id_}" if several else id_
        entity = loaded.get(id_)
        cells = _cells(entity, columns, show) if entity else (NOT_READ, *[""] * (len(columns) - 1))
        links = _links(entity, columns, len(head)) if entity else {}
        yield BookRow(key, (*head, *cells), note, links)


def _cells(entity: Entity, columns: Sequence[FieldCells], show: Show) -> tuple[str, ...]:
    return tuple(cut(show(shown(getattr(entity, column.attribute, None)))) for column in columns)


def _links(entity: Entity, columns: Sequence[FieldCells], first: int) -> dict[int, tuple[str, str]]:
    """Lead from each reference to one entity to its row, where that has one."""
    found: dict[int, tuple[str, str]] = {}
    for index, column in enumerate(columns, first):
        value = getattr(entity, column.attribute, None)
        for reference in column.references:
            for section in reference.accepts:
                sheet = sheet_of(section)
                if isinstance(value, str) and sheet is not None:
                    key = value if section == "ownership" else row_key(section, value)
                    found[index] = (sheet, key)
    return found
