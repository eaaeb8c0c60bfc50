"""A workbook with one sheet for the table: every cell is text and never a formula.

What the letters of a table mean stands on a sheet of its own, and below each printed page. Equal
tables give equal bytes. XlsxWriter stands behind this door and `registry.output.workbook`'s; it
takes half the time of openpyxl.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from unicodedata import east_asian_width

from registry.errors import CannotRunError
from registry.output.table import A_GAP, LEGEND_SHEET, Column, Table, Writer
from registry.source.grid import address

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

MAX_ROWS = 1_048_576
MAX_COLUMNS = 16_384
MAX_CELL = 32_767
"""What a sheet can hold (Excel's specifications and limits); a cell in UTF-16 code units."""

_NARROWEST, WIDEST = 6, 60
_LINE, _HIGHEST = 15, 409
"""Points: the height of a line, and the greatest that a row may have."""

A4 = 9
_MARGIN = 90
"""Characters of a text above or below a page: there are two, and 255 in all with the commands."""

ACCOUNTABLE, GAP = "#CFE8CF", "#F8D0C8"
TEXT = {"text_wrap": True, "valign": "top"}
_CREATED = datetime(1980, 1, 1)  # noqa: DTZ001 - a fixed date, as the workbook's format wants it
_CREATED_ON = re.compile(rb"<dcterms:created[^>]*>([2-9][0-9]{3}-[01][0-9]-[0-3][0-9])T")
_NOT_IN_A_SHEET_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]|^'|'$")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ufffe\uffff]")
_LETTERS = 3
"""Characters of the longest cell of a column that is shown centred, such as `A/R`."""


def render(table: Table) -> bytes:
    """Write the table: headings frozen and filtered, columns as wide as their text, bounded.

    It prints across, as wide as a page, with its title, date and headings on each.

    A control character is written as ECMA-376 has it (`_x000B_`). Raises CannotRunError where a
    sheet cannot hold the table; nothing is ever cut.
    """
    import xlsxwriter

    table = table.for_people()
    _check(table)
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        book.set_properties({"title": table.title, "created": created(table.as_of)})
        sheet = book.add_worksheet(_sheet_name(table.name))
        widths = widths_of(table.headings, table.rows)
        _frame(sheet, table, widths)
        _for_print(sheet, table)
        _fill(sheet, table, _Looks(book), widths)
        if table.legend:
            _explain(book, table)
        if table.rows and any(column.choices for column in table.columns):
            _offer(book, sheet, table)
    return content.getvalue()


class _Looks:
    """The formats of a workbook's cells, each made when a cell first asks for it."""

    def __init__(self, book: "Workbook") -> None:
        self._book = book
        self._made: dict[tuple[bool, str], Format] = {}
        head = {"bold": True, "bg_color": "#DDE3EA", "bottom": 1}
        self.head = book.add_format({**TEXT, **head})

    def of(self, color: str, *, is_centred: bool) -> "Format":
        """Return the format of a cell on a colour; on none where that is empty."""
        key = (is_centred, color)
        if key not in self._made:
            shape = {"align": "center", "valign": "top"} if is_centred else TEXT
            filled = {"bg_color": color, "bold": True} if color else {}
            self._made[key] = self._book.add_format({**shape, **filled})
        return self._made[key]


def _color(column: Column, cell: str) -> str:
    """Tell what a cell stands on: a gap, or who is accountable; else nothing."""
    if column.look == "letters":
        return ACCOUNTABLE if cell.partition(":")[0] in {"A", "A/R"} else ""
    is_gap = bool(cell) if column.look == "gap" else column.look == "owed" and not cell
    return GAP if is_gap else ""


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


def widths_of(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> list[int]:
    """Return how many characters stand beside each other in each column."""
    longest = map(_longest, zip(headings, *rows, strict=True))
    words = (max(map(len, one.split()), default=0) + 2 for one in headings)
    return [
        min(max(width, word, _NARROWEST), WIDEST)  # a word beside the filter's button
        for width, word in zip(longest, words, strict=True)
    ]


def _frame(sheet: "Worksheet", table: Table, widths: list[int]) -> None:
    """Keep headings and ids in sight, offer filters, and give each column its width."""
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)
    for index, width in enumerate(widths):
        sheet.set_column(index, index, width + 1)


def _for_print(sheet: "Worksheet", table: Table) -> None:
    """Print across, as wide as a page, the headings on each; title, date and letters around it."""
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    as_of = f"&Ras of {table.as_of}" if table.as_of else ""
    sheet.set_header(f"&L{margin(table.title)}{as_of}")
    letters = ", ".join(f"{one} {meaning.partition(',')[0]}" for one, meaning in table.legend)
    sheet.set_footer(f"&L{margin(letters)}&RPage &P of &N")


def margin(text: str) -> str:
    """Write a text for the margin of a page, which holds less than a cell; `&` is a command."""
    seen = " ".join(_CONTROL.sub(" ", text).split())
    cut = f"{seen[: _MARGIN - 1]}…" if len(seen) > _MARGIN else seen
    return cut.replace("&", "&&")


def _fill(sheet: "Worksheet", table: Table, looks: _Looks, widths: list[int]) -> None:
    for column, heading in enumerate(table.headings):
        write_text(sheet, 0, column, heading, looks.head)
    fit_row(sheet, 0, table.headings, [width - 2 for width in widths])
    is_short = [_longest(one) <= _LETTERS for one in zip(table.headings, *table.rows, strict=True)]
    for number, row in enumerate(table.rows, 1):
        for index, (one, cell) in enumerate(zip(table.columns, row, strict=True)):
            color = _color(one, cell)
            if cell:
                look = looks.of(color, is_centred=is_short[index])
                write_text(sheet, number, index, cell, look)
            elif color:
                sheet.write_blank(number, index, None, looks.of(color, is_centred=False))
        fit_row(sheet, number, row, widths)


def fit_row(sheet: "Worksheet", number: int, row: Sequence[str], widths: list[int]) -> None:
    """Make a row as high as its text, which not every program does by itself."""
    lines = max(map(_lines, row, widths), default=1)
    if 1 < lines <= _HIGHEST // _LINE:
        sheet.set_row(number, lines * _LINE)


def _lines(cell: str, width: int) -> int:
    """Count the lines that a cell takes in a column; a wide character counts for two."""
    if len(cell) * 2 <= width and "\n" not in cell:
        return 1
    return sum(_wrapped(line, width) for line in cell.split("\n"))


def _wrapped(line: str, width: int) -> int:
    lines, used = 1, 0
    for word in line.split(" "):
        size = sum(2 if east_asian_width(one) in "WF" else 1 for one in word)
        if used and used + 1 + size > width:
            lines, used = lines + 1, 0
        more, rest = divmod(max(size - 1, 0), width)
        lines += more
        used = rest + 1 if more else used + size + bool(used)
    return lines


def _explain(book: "Workbook", table: Table) -> None:
    """Add the sheet that says what the table is, as of when, and what its letters mean."""
    sheet = book.add_worksheet(LEGEND_SHEET)
    bold, plain = book.add_format({"bold": True}), book.add_format()
    sheet.set_column(0, 0, 6)
    sheet.set_column(1, 1, WIDEST)
    write_text(sheet, 0, 0, table.title, bold)
    if table.as_of:
        write_text(sheet, 1, 0, f"As of {table.as_of}", plain)
    for number, (letter, meaning) in enumerate(table.legend, 3):
        color = ACCOUNTABLE if letter == "A" else ""
        write_text(sheet, number, 0, letter, _filled(book, color))
        write_text(sheet, number, 1, meaning, plain)
    if any(column.look == "gap" for column in table.columns):
        number = 3 + len(table.legend)
        sheet.write_blank(number, 0, None, _filled(book, GAP))
        write_text(sheet, number, 1, A_GAP, plain)


def _offer(book: "Workbook", sheet: "Worksheet", table: Table) -> None:
    """Let cells offer what may stand in them; the words are on a sheet that nobody needs to see."""
    page, plain = book.add_worksheet("Lists"), book.add_format()
    page.hide()
    at: dict[tuple[str, ...], int] = {}
    for index, column in enumerate(table.columns):
        if not column.choices:
            continue
        if column.choices not in at:
            at[column.choices] = len(at)
            for row, word in enumerate(column.choices):
                write_text(page, row, at[column.choices], word, plain)
        letter = address(1, at[column.choices] + 1)[:-1]
        source = f"=Lists!${letter}$1:${letter}${len(column.choices)}"
        rule = {"validate": "list", "source": source, "show_error": False}
        sheet.data_validation(1, index, len(table.rows), index, rule)


def _filled(book: "Workbook", color: str) -> "Format":
    shape = {"bold": True, "align": "center"}
    return book.add_format({**shape, "bg_color": color} if color else shape)


def dated(content: bytes) -> str:
    """Return the day of which a workbook of ours tells, as `2026-11-28`; empty where it does not.

    So that a workbook can be compared with what it would be on its own day.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            found = _CREATED_ON.search(book.read("docProps/core.xml"))
    except (zipfile.BadZipFile, KeyError, OSError, ValueError, NotImplementedError, zlib.error):
        return ""
    return found[1].decode() if found else ""


def created(as_of: str) -> datetime:
    """Return the instant that a workbook says it was made: its day's beginning, or a fixed one."""
    return datetime.fromisoformat(as_of) if as_of else _CREATED


def write_text(sheet: "Worksheet", row: int, column: int, cell: str, look: "Format") -> None:
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
