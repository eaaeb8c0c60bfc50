"""Workbooks of small registries, and edits of them as a person makes them."""

import io
from collections.abc import Mapping

import openpyxl

from registry.export.workbook.book import workbook
from registry.workspace.open import Opened
from registry.workspace.options import Options
from tests.conftest import AT

DAY = "2026-11-20"
HEAD = 3
"""The row of a sheet's headings."""


def made(opened: Opened, *, with_contacts: bool = False) -> bytes:
    """Export the workbook of a registry."""
    return workbook(opened, Options(AT), DAY, with_contacts=with_contacts).content


def read(data: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))


def saved(book: openpyxl.Workbook) -> bytes:
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def place(book: openpyxl.Workbook, sheet: str, row: str, column: str) -> str:
    """Name the cell of a row, by its id, and a column, by its heading."""
    page = book[sheet]
    heads = [cell.value for cell in page[HEAD]]
    rows = [cell.value for cell in page["A"]]
    return page.cell(rows.index(row) + 1, heads.index(column) + 1).coordinate


def edited(data: bytes, edits: Mapping[tuple[str, str, str], object]) -> bytes:
    """Write into cells: (sheet, row, column) to what is to stand there."""
    book = read(data)
    for (sheet, row, column), value in edits.items():
        book[sheet][place(book, sheet, row, column)] = value
    return saved(book)
