"""CSV as people save it: commas, semicolons or tabs; UTF-8, or what a spreadsheet calls Unicode."""

import csv
import io

from registry.errors import CannotRunError
from registry.source.grid import Grid, GridCell

_SEPARATORS = (",", ";", "\t")
_WIDEST = 1 << 20
"""Characters of one field; what is longer is no table that people fill in."""


def read_csv(data: bytes, name: str) -> Grid:
    """Read a whole file; row and column are those that a spreadsheet shows.

    Raises CannotRunError for what is no text, and for what is no CSV.
    """
    text = _text(data, name)
    head = text.partition("\n")[0]
    separator = max(_SEPARATORS, key=head.count)
    rows: dict[int, dict[int, GridCell]] = {}
    before = csv.field_size_limit(_WIDEST)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        for number, row in enumerate(reader, 1):
            cells = {place: GridCell(cell) for place, cell in enumerate(row, 1) if cell}
            if cells:
                rows[number] = cells
    except csv.Error as error:
        message = f"{name}: not CSV near row {len(rows) + 1}: {error}"
        raise CannotRunError(message, "save it again as CSV, every field quoted") from None
    finally:
        csv.field_size_limit(before)
    return Grid(name, rows)


def _text(data: bytes, name: str) -> str:
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = data.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        row = data[: error.start].count(b"\n") + 1
        message = f"{name}: row {row} is not UTF-8"
        raise CannotRunError(message, "save it as `CSV UTF-8`") from None
    if "\0" in text:
        raise CannotRunError(f"{name}: not CSV: a NUL character", "save it as `CSV UTF-8`")
    return text
