"""An XLSX workbook to the texts of its sheets; openpyxl stands behind this door alone."""

import io
import re
import warnings
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from registry.errors import CannotRunError
from registry.source.grid import CellKind, Grid, GridCell
from registry.source.package import inspect

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

_KINDS: dict[str, CellKind] = {
    "n": "number", "d": "date", "b": "truth value", "f": "formula", "e": "error",
}  # fmt: skip
_ESCAPED = re.compile(r"_x(00[01][0-9A-Fa-f])_")
"""A control character, as ECMA-376 writes it; openpyxl leaves it as it is."""


def read_workbook(data: bytes, name: str) -> tuple[Grid, ...]:
    """Read every sheet, in order. Nothing is calculated, followed, extracted or run.

    A number, a date, a truth value, a formula or an error is handed over as what it is: no value
    that a program kept beside a formula is believed. Raises CannotRunError for what is no workbook,
    is damaged, or would take more than bounded room.
    """
    inspect(data, name)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl's, of parts that it leaves out
            return _sheets(data)
    except Exception:  # noqa: BLE001 - openpyxl raises whatever its parts raise
        message = f"{name}: a damaged workbook; nothing was read"
        raise CannotRunError(message, "open it in a spreadsheet and save it again") from None


def _sheets(data: bytes) -> tuple[Grid, ...]:
    from openpyxl import load_workbook

    book: Workbook = load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
    return tuple(
        Grid(sheet.title, _rows(sheet), sheet.sheet_state != "visible") for sheet in book.worksheets
    )


def _rows(sheet: Any) -> dict[int, dict[int, GridCell]]:
    sheet.reset_dimensions()  # what a sheet says of its own size may be anything
    rows: dict[int, dict[int, GridCell]] = {}
    for row in sheet.iter_rows():
        filled = [one for one in row if one.value is not None and one.value != ""]
        if filled:
            rows[filled[0].row] = {one.column: _cell(one) for one in filled}
    return rows


def _cell(cell: Any) -> GridCell:
    value = cell.value
    kind = _KINDS.get(cell.data_type, "text")
    if isinstance(value, (date, time)):
        return GridCell(_day(value), "date")
    if kind == "truth value":
        return GridCell(str(bool(value)).upper(), kind)
    if kind == "formula" and not isinstance(value, str):
        return GridCell(getattr(value, "text", None) or "=", kind)  # of a range
    return GridCell(_ESCAPED.sub(_unescaped, value) if kind == "text" else str(value), kind)


def _day(value: date | time) -> str:
    """Write a date as the registry's files have it; with its time, where it has one."""
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    return value.isoformat()


def _unescaped(found: re.Match[str]) -> str:
    return chr(int(found[1], 16))
