"""A workbook of many sheets: Excel tables with filters, drop-downs, colours, notes and links.

Each sheet is one table below its title. It prints across, as wide as a page, with its title and
date and the headings on each. All text is text, never a formula. Equal books give equal bytes.
"""

import io
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple

from registry.output.tables.xlsx import (
    A4,
    ACCOUNTABLE,
    GAP,
    MAX_CELL,
    created,
    fit_row,
    margin,
    widths_of,
    write_text,
)
from registry.source.grid import address
from registry.source.text import SUSPICIOUS

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

CUT = " … [cut: too long for a cell]"
"""How a text ends of which a cell cannot hold the whole."""

HEADINGS_ROW = 3
"""The row of a sheet's headings, counted from 1: its title and its legend stand above."""

_LISTS = "Lists"
_LONGEST_HEADING = 120
_WIDE, _LETTER, _TALLEST = 34, 4, 28
"""Characters: the widest column, one with letters, and the longest heading that is turned."""

_FEW = 9
"""Columns of a sheet in which they may be as wide as in a table by itself."""

_POINTS = 5.5
"""The room that a character of a turned heading takes."""

_MOST_LINKS = 60_000
"""A sheet of Excel's holds 65,530."""

_WARNING, _NEUTRAL, _ASIDE = "#FBE9B7", "#DDE3EA", "#EEEEEE"
_COLORS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "letters": (("A", ACCOUNTABLE), ("A/R", ACCOUNTABLE)),
    "severity": (("error", GAP), ("warning", _WARNING), ("info", _NEUTRAL)),
}
"""What a column's cells stand on, by what they say."""

BookLook = Literal["", "letters", "severity", "gap", "owed"]


class BookColumn(NamedTuple):
    """One column of a sheet; `key` is what it is called to programs.

    `choices` names the list that its drop-down offers; with `is_strict` nothing else is taken
    without a question. `is_returned` says that what people change in it comes back.
    """

    heading: str
    key: str
    look: BookLook = ""
    choices: str = ""
    is_strict: bool = False
    is_returned: bool = False


class BookRow(NamedTuple):
    """One row: its cells, what it is called to programs, and a note on its first cell.

    `links` maps the number of a cell, from 0, to the sheet and the key of the row that it leads to.
    """

    key: str
    cells: tuple[str, ...]
    note: str = ""
    links: Mapping[int, tuple[str, str]] = {}


class BookSheet(NamedTuple):
    """One sheet; `about` is the line below its title."""

    name: str
    title: str
    columns: tuple[BookColumn, ...]
    rows: tuple[BookRow, ...]
    about: str = ""


class Book(NamedTuple):
    """A workbook: its sheets, the lists of its drop-downs, and a sheet that nobody sees.

    `hidden` is that sheet's name and its lines; `as_of` is the day, as `2026-11-28`.
    """

    title: str
    as_of: str
    sheets: tuple[BookSheet, ...]
    lists: Mapping[str, tuple[str, ...]]
    hidden: tuple[str, tuple[str, ...]]


def cut(text: str) -> str:
    """Return a text that fits a cell."""
    if len(text) * 2 <= MAX_CELL or len(text.encode("utf-16-le")) // 2 <= MAX_CELL:
        return text
    room = MAX_CELL - len(CUT)
    return text.encode("utf-16-le")[: room * 2].decode("utf-16-le", "ignore") + CUT


def headings(wanted: Iterable[str]) -> tuple[str, ...]:
    """Make headings that a table takes: none empty, none twice in any case, on one line."""
    found: list[str] = []
    taken: set[str] = set()
    for text in wanted:
        plain = " ".join(SUSPICIOUS.sub(" ", text).split())[:_LONGEST_HEADING] or "-"
        shown, number = plain, 1
        while shown.casefold() in taken:
            number += 1
            shown = f"{plain} ({number})"
        taken.add(shown.casefold())
        found.append(shown)
    return tuple(found)


def render_book(book: Book) -> bytes:
    """Write the whole workbook."""
    import xlsxwriter

    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_urls": False, "max_url_length": 2079}
    with xlsxwriter.Workbook(content, options) as made:
        made.set_properties({"title": book.title, "created": created(book.as_of)})
        writer = _BookWriter(made, book)
        for number, sheet in enumerate(book.sheets):
            writer.add(number, sheet)
        writer.add_lists()
        writer.add_hidden()
    return content.getvalue()


class _BookWriter:
    """Writes the sheets of one book, with the formats that they share."""

    def __init__(self, made: "Workbook", book: Book) -> None:
        self.made = made
        self.book = book
        text = {"text_wrap": True, "valign": "top"}
        self.plain = made.add_format({**text, "num_format": "@"})
        self.aside = made.add_format({**text, "font_color": "#555555"})
        self.fixed = made.add_format(text)
        self.link = made.add_format({**text, "font_color": "#1F4E9E", "underline": 1})
        self.letter = made.add_format({**text, "align": "center", "num_format": "@"})
        head = {**text, "bold": True, "bottom": 1}
        self.head = made.add_format({**head, "bg_color": _NEUTRAL})
        self.head_aside = made.add_format({**head, "bg_color": _ASIDE, "font_color": "#555555"})
        turned = {"rotation": 90, "bg_color": _NEUTRAL, "valign": "bottom", "align": "center"}
        self.head_turned = made.add_format({**head, **turned})
        self.title = made.add_format({"bold": True, "font_size": 14})
        self.about = made.add_format({"italic": True, "font_color": "#555555"})
        self.colors: dict[str, Format] = {}
        self.places = {
            (sheet.name, row.key): HEADINGS_ROW + number
            for sheet in book.sheets
            for number, row in enumerate(sheet.rows, 1)
        }

    def color(self, name: str) -> "Format":
        """Return the format that a condition gives."""
        if name not in self.colors:
            self.colors[name] = self.made.add_format({"bg_color": name})
        return self.colors[name]

    def add(self, number: int, sheet: BookSheet) -> None:
        """Add one sheet."""
        page = self.made.add_worksheet(sheet.name)
        widths = _widths(sheet)
        for index, (column, width) in enumerate(zip(sheet.columns, widths, strict=True)):
            page.set_column(index, index, width + 1, self.empty(column))
        write_text(page, 0, 0, sheet.title, self.title)
        write_text(page, 1, 0, sheet.about, self.about)
        self.table(page, number, sheet)
        self.rows(page, sheet, widths)
        self.conditions(page, sheet)
        self.choices(page, sheet)
        self.printing(page, sheet)

    def table(self, page: "Worksheet", number: int, sheet: BookSheet) -> None:
        """Make the rows an Excel table, with its headings in sight and a filter on each."""
        last = HEADINGS_ROW - 1 + max(len(sheet.rows), 1)
        columns = [
            {
                "header": column.heading,
                "header_format": self.heading(column),
            }
            for column in sheet.columns
        ]
        name = "".join(one for one in sheet.name.title() if one.isalpha())
        page.add_table(
            HEADINGS_ROW - 1, 0, last, len(columns) - 1,
            {"name": f"{name}{number + 1}", "columns": columns, "style": "Table Style Light 1"},
        )  # fmt: skip
        turned = [len(one.heading) for one in sheet.columns if one.look == "letters"]
        if turned:
            page.set_row(HEADINGS_ROW - 1, min(max(turned), _TALLEST) * _POINTS + 10)
        page.freeze_panes(HEADINGS_ROW, 1)

    def heading(self, column: BookColumn) -> "Format":
        """Return the format of a heading: turned above letters, grey where nothing comes back."""
        if column.look == "letters":
            return self.head_turned
        return self.head if column.is_returned else self.head_aside

    def rows(self, page: "Worksheet", sheet: BookSheet, widths: list[int]) -> None:
        """Write the cells, the notes and the links."""
        links = 0
        is_edited = any(column.is_returned for column in sheet.columns)
        for number, row in enumerate(sheet.rows, HEADINGS_ROW):
            for index, (column, cell) in enumerate(zip(sheet.columns, row.cells, strict=True)):
                target = row.links.get(index)
                place = self.places.get(target) if target else None
                if target and place and links < _MOST_LINKS and cell:
                    url = f"internal:'{target[0]}'!{address(place, 1)}"
                    page.write_url(number, index, url, self.link, cell)
                    links += 1
                elif cell:
                    self.cell(page, (number, index), column, cell, is_aside=is_edited)
            if row.note:
                page.write_comment(number, 0, row.note, {"author": "opmodel", "y_scale": 0.4})
            fit_row(page, number, row.cells, widths)

    def cell(
        self,
        page: "Worksheet",
        at: tuple[int, int],
        column: BookColumn,
        cell: str,
        *,
        is_aside: bool,
    ) -> None:
        """Write one cell as text; what does not come back stands aside where other cells do."""
        fixed = self.aside if is_aside else self.fixed
        write_text(page, *at, cell, self.empty(column) or fixed)

    def empty(self, column: BookColumn) -> "Format | None":
        """Return the format of a column that comes back: whatever is written there is text."""
        if not column.is_returned:
            return None
        return self.letter if column.look == "letters" else self.plain

    def conditions(self, page: "Worksheet", sheet: BookSheet) -> None:
        """Give cells colours that follow what people write into them."""
        last = HEADINGS_ROW - 1 + max(len(sheet.rows), 1)
        for index, column in enumerate(sheet.columns):
            area = (HEADINGS_ROW, index, last, index)
            for word, color in _COLORS.get(column.look, ()):
                rule = {"type": "cell", "criteria": "==", "value": f'"{word}"'}
                page.conditional_format(*area, {**rule, "format": self.color(color)})
            kind = {"gap": "no_blanks", "owed": "blanks"}.get(column.look)
            if kind and sheet.rows:
                page.conditional_format(*area, {"type": kind, "format": self.color(GAP)})

    def choices(self, page: "Worksheet", sheet: BookSheet) -> None:
        """Offer the registry's words and ids where a cell holds one of them."""
        names = list(self.book.lists)
        last = HEADINGS_ROW - 1 + max(len(sheet.rows), 1)
        for index, column in enumerate(sheet.columns):
            size = len(self.book.lists.get(column.choices, ()))
            if not size:
                continue
            letter = address(1, names.index(column.choices) + 1)[:-1]
            page.data_validation(
                HEADINGS_ROW, index, last, index,
                {
                    "validate": "list",
                    "source": f"={_LISTS}!${letter}$2:${letter}${size + 1}",
                    "error_type": "warning",
                    "show_error": column.is_strict,
                    "error_title": "Not in the list",
                    "error_message": "This is not in the registry. Keep it all the same?",
                },
            )  # fmt: skip

    def printing(self, page: "Worksheet", sheet: BookSheet) -> None:
        """Print across, as wide as a page; title and date above, the legend below."""
        page.set_landscape()
        page.set_paper(A4)
        page.fit_to_pages(1, 0)
        page.repeat_rows(HEADINGS_ROW - 1)
        as_of = f"&Ras of {self.book.as_of}" if self.book.as_of else ""
        page.set_header(f"&L{margin(sheet.title)}{as_of}")
        page.set_footer(f"&L{margin(sheet.about)}&RPage &P of &N")

    def add_lists(self) -> None:
        """Add the sheet from which the drop-downs draw."""
        page = self.made.add_worksheet(_LISTS)
        page.hide()
        for index, (name, values) in enumerate(self.book.lists.items()):
            for number, value in enumerate((name, *values)):
                write_text(page, number, index, value, self.plain)

    def add_hidden(self) -> None:
        """Add the sheet that no program shows."""
        name, lines = self.book.hidden
        page = self.made.add_worksheet(name)
        page.very_hidden()
        for number, line in enumerate(lines):
            write_text(page, number, 0, line, self.plain)


def _widths(sheet: BookSheet) -> list[int]:
    """Return how wide each column is: as its text, within bounds."""
    shown = [column.heading for column in sheet.columns]
    rows: Sequence[Sequence[str]] = [row.cells for row in sheet.rows]
    is_narrow = len(shown) <= _FEW
    return [
        _LETTER if column.look == "letters" else width if is_narrow else min(width, _WIDE)
        for column, width in zip(sheet.columns, widths_of(shown, rows), strict=True)
    ]
