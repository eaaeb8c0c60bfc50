"""A workbook with one sheet: every cell is text and never a formula.

Equal tables give equal bytes. XlsxWriter stands behind this door alone; it takes half the time of
openpyxl.
"""

import io
import re
from datetime import datetime
from typing import TYPE_CHECKING

from registry.errors import CannotRunError
from registry.output.table import Table, Writer

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

MAX_ROWS = 1_048_576
MAX_COLUMNS = 16_384
MAX_CELL = 32_767
"""What a sheet can hold (Excel's specifications and limits); a cell in UTF-16 code units."""

_NARROWEST, _WIDEST = 6, 60
_CREATED = datetime(1980, 1, 1)  # noqa: DTZ001 - a fixed date, as the workbook's format wants it
_NOT_IN_A_SHEET_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]|^'|'$")
_LETTERS = 3
"""Characters of the longest cell of a column that is shown centred, such as `A/R`."""


def render(table: Table) -> bytes:
    """Write the table: headings frozen and filtered, columns as wide as their text, bounded.

    A control character is written as ECMA-376 has it (`_x000B_`). Raises CannotRunError where a
    sheet cannot hold the table; nothing is ever cut.
    """
    import xlsxwriter

    _check(table)
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        book.set_properties({"title": table.title, "created": _CREATED})
        sheet = book.add_worksheet(_sheet_name(table.name))
        head = book.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#DDE3EA", "bottom": 1}
        )
        plain = book.add_format({"text_wrap": True, "valign": "top"})
        centred = book.add_format({"align": "center", "valign": "top"})
        widths = [_longest(column) for column in zip(table.headings, *table.rows, strict=True)]
        cells = [centred if width <= _LETTERS else plain for width in widths]
        _frame(sheet, table, widths)
        _fill(sheet, table, head, cells)
    return content.getvalue()


def _check(table: Table) -> None:
    instead = "export it as csv"
    if len(table.rows) >= MAX_ROWS or len(table.columns) > MAX_COLUMNS:
        size = f"{len(table.rows)} rows and {len(table.columns)} columns"
        raise CannotRunError(f"{size} do not fit into a workbook's sheet", instead)
    for number, row in enumerate((table.headings, *table.rows), 1):
        for heading, cell in zip(table.headings, row, strict=True):
            if len(cell) * 2 > MAX_CELL and len(cell.encode("utf-16-le")) // 2 > MAX_CELL:
                where = f"row {number}, column `{heading[:80]}`"
                message = f"{where}: a cell of a workbook holds {MAX_CELL} characters at most"
                raise CannotRunError(message, instead)


def _frame(sheet: "Worksheet", table: Table, widths: list[int]) -> None:
    """Keep headings and ids in sight, offer filters, and give each column its width."""
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)
    for index, (heading, width) in enumerate(zip(table.headings, widths, strict=True)):
        word = max(map(len, heading.split()), default=0) + 2  # beside the filter's button
        sheet.set_column(index, index, min(max(width, word, _NARROWEST), _WIDEST) + 1)


def _fill(sheet: "Worksheet", table: Table, head: "Format", formats: list["Format"]) -> None:
    for column, heading in enumerate(table.headings):
        _write(sheet, 0, column, heading, head)
    for number, row in enumerate(table.rows, 1):
        for column, cell in enumerate(row):
            if cell:
                _write(sheet, number, column, cell, formats[column])


def _write(sheet: "Worksheet", row: int, column: int, cell: str, look: "Format") -> None:
    """Write one cell as text.

    XlsxWriter takes a text between `<r>` and `</r>` for markup of its own and copies it unescaped;
    written in two pieces, it is escaped like any other.
    """
    if cell.startswith("<r>") and cell.endswith("</r>"):
        sheet.write_rich_string(row, column, cell[:1], look, cell[1:], look)
    else:
        sheet.write_string(row, column, cell, look)


def _longest(column: tuple[str, ...]) -> int:
    """Count the characters of the longest line below a heading."""
    return max((len(line) for cell in column[1:] if cell for line in cell.split("\n")), default=0)


def _sheet_name(name: str) -> str:
    return _NOT_IN_A_SHEET_NAME.sub(" ", name)[:31]


WRITER = Writer("xlsx", render)
