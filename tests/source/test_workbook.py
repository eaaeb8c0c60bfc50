"""Workbooks: their texts as they are, and nothing of what was made to do harm."""

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.errors import CannotRunError
from registry.source import package
from registry.source.delimited import read_csv
from registry.source.grid import Grid, GridCell, address
from registry.source.workbook import read_workbook
from tests.conftest import HOSTILE, sizes

Parts = dict[str, bytes]


def saved(*rows: tuple[object, ...]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def zipped(change: Callable[[Parts], None], data: bytes | None = None) -> bytes:
    """Write a sound workbook anew, with other parts."""
    with zipfile.ZipFile(io.BytesIO(data or saved(("layer",), ("a",)))) as book:
        parts = {one.filename: book.read(one) for one in book.infolist()}
    change(parts)
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as book:
        for name, part in parts.items():
            book.writestr(name, part)
    return content.getvalue()


def refused(data: bytes) -> str:
    with pytest.raises(CannotRunError) as stopped:
        read_workbook(data, "book.xlsx")
    assert stopped.value.help
    assert str(stopped.value).startswith("book.xlsx: ")
    return str(stopped.value)


def test_cells_are_what_they_are() -> None:
    row = (
        "text",
        7,
        0.5,
        True,
        date(2026, 11, 1),
        datetime(2026, 11, 1, 9, 30),  # noqa: DTZ001
        "=1+1",
        None,
        "",
    )
    (sheet,) = read_workbook(saved(row, (), ("a\nb",)), "book.xlsx")
    assert sheet.rows == {
        1: {
            1: GridCell("text"),
            2: GridCell("7", "number"),
            3: GridCell("0.5", "number"),
            4: GridCell("TRUE", "truth value"),
            5: GridCell("2026-11-01", "date"),
            6: GridCell("2026-11-01T09:30:00", "date"),
            7: GridCell("=1+1", "formula"),
        },
        3: {1: GridCell("a\nb")},
    }
    assert sheet.at(9, 9) == GridCell("")


def test_a_text_that_looks_like_a_formula_is_text() -> None:
    book = openpyxl.Workbook()
    book.active["A1"].value = "=1+1"
    book.active["A1"].data_type = "s"
    book.active["A2"].value = openpyxl.worksheet.formula.ArrayFormula("A2:A3", "=SUM(B1:B2)")
    content = io.BytesIO()
    book.save(content)
    (sheet,) = read_workbook(content.getvalue(), "book.xlsx")
    assert sheet.rows[1][1] == GridCell("=1+1")
    assert sheet.rows[2][1] == GridCell("=SUM(B1:B2)", "formula")


def test_hidden_sheets_are_told_apart() -> None:
    book = openpyxl.Workbook()
    book.create_sheet("quiet").sheet_state = "veryHidden"
    content = io.BytesIO()
    book.save(content)
    found = read_workbook(content.getvalue(), "book.xlsx")
    assert [(one.name, one.is_hidden) for one in found] == [("Sheet", False), ("quiet", True)]


@pytest.mark.parametrize(
    ("row", "column", "name"), [(7, 3, "C7"), (1, 26, "Z1"), (2, 27, "AA2"), (9, 16384, "XFD9")]
)
def test_addresses(row: int, column: int, name: str) -> None:
    assert address(row, column) == name


HARMFUL = {
    "x01_xxe.xlsx": "document type (DTD)",
    "x02_billion_laughs.xlsx": "document type (DTD)",
    "x08_zip_slip.xlsx": "is there twice",
    "x10_missing_parts.xlsx": "a damaged workbook",
    "x11_not_a_zip.xlsx": "not an XLSX workbook",
    "x13_ole_encrypted.xlsx": "password-protected, or an old .xls",
}


@pytest.mark.parametrize("name", HARMFUL)
def test_hostile_workbooks_are_refused(name: str) -> None:
    assert HARMFUL[name] in refused((HOSTILE / name).read_bytes())


def test_hostile_workbooks_that_can_be_read_are() -> None:
    huge, _ = read_workbook((HOSTILE / "x04_huge_dimension.xlsx").read_bytes(), "x")
    assert huge.rows[1_048_576] == {16_384: GridCell("x")}
    formulas, _ = read_workbook((HOSTILE / "x05_formula_cells.xlsx").read_bytes(), "x")
    kinds = {
        address(row, one): cell.kind
        for row, cells in formulas.rows.items()
        for one, cell in cells.items()
    }
    assert {place for place, kind in kinds.items() if kind == "formula"} == {"C2", "B3"}
    assert kinds["C3"] == "error"
    types, _ = read_workbook((HOSTILE / "x07_types_and_headers.xlsx").read_bytes(), "x")
    assert types.rows[3][2] == GridCell("a\rb")
    assert types.rows[3][4] == GridCell("'=1")


SHEET = "xl/worksheets/sheet1.xml"


def sheet(rows: str) -> Callable[[Parts], None]:
    def change(parts: Parts) -> None:
        parts[SHEET] = f"<worksheet><sheetData>{rows}</sheetData></worksheet>".encode()

    return change


def with_part(name: str, content: bytes = b"<x/>") -> Callable[[Parts], None]:
    return lambda parts: parts.__setitem__(name, content)


BROKEN: dict[str, tuple[Callable[[Parts], None], str]] = {
    "macros": (with_part("xl/vbaProject.bin"), "macros"),
    "links": (with_part("xl/externalLinks/externalLink1.xml"), "draws on other files"),
    "outside": (with_part("../evil.xml"), "leads out of it"),
    "absolute": (with_part("/etc/evil.xml"), "leads out of it"),
    "no xml": (with_part(SHEET, b"<worksheet"), "is no XML"),
    "cell": (sheet('<row r="1"><c r="1A"/></row>'), "no cell"),
    "row": (sheet('<row r="x"/>'), "no row"),
    "row far": (sheet('<row r="9999999"/>'), "outside of its sheet"),
    "column far": (sheet('<row><c r="ZZZ1"/></row>'), "outside of its sheet"),
    "deep": (sheet("<a>" * 70 + "</a>" * 70), "too large"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_odd_workbooks_are_refused(name: str) -> None:
    change, says = BROKEN[name]
    assert says in refused(zipped(change))


@pytest.mark.parametrize(
    ("limit", "least", "says"),
    [
        ("MAX_FILE", 100, "larger than"),
        ("MAX_PARTS", 2, "not an XLSX"),
        ("MAX_UNPACKED", 100, "unpacks to more"),
        ("_SMALL", 100, "is too large"),
        ("_MAX_STEPS", 3, "too wide"),
        ("_MAX_TEXTS", 1, "too large"),
        ("_MAX_OTHERS", 3, "too large"),
    ],
)
def test_bounds_hold(monkeypatch: pytest.MonkeyPatch, limit: str, least: int, says: str) -> None:
    rows = zipped(sheet('<row><c r="B1"/><c/><c r="D1"/></row>'))
    data = zipped(with_part("xl/sharedStrings.xml", b"<sst><si/><si/></sst>"), rows)
    monkeypatch.setattr(package, limit, least)
    assert says in refused(data)


def test_encrypted_and_torn_archives_are_refused() -> None:
    data = saved(("a",))
    assert "damaged" in refused(data[:-40])
    torn = bytearray(data)
    torn[200:260] = bytes(60)
    assert "damaged" in refused(bytes(torn))
    locked = bytearray(data)
    at = data.index(b"PK\x01\x02")
    locked[at + 8] |= 1
    assert "password-protected" in refused(bytes(locked))


@pytest.mark.parametrize(
    ("data", "rows"),
    [
        (b"a,b\r\n1,\r\n", [["a", "b"], ["1"]]),
        (b"\xef\xbb\xbfa;b\n\"x\ny\";2\n", [["a", "b"], ["x\ny", "2"]]),
        ("a\tb\n1\té\n".encode("utf-16"), [["a", "b"], ["1", "é"]]),
    ],
)  # fmt: skip
def test_csv_as_people_save_it(data: bytes, rows: list[list[str]]) -> None:
    found = read_csv(data, "t.csv")
    assert [[cell.text for cell in row.values()] for row in found.rows.values()] == rows


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"a,b\n\xff,1\n", "row 2 is not UTF-8"),
        (b"a,b\n\0,1\n", "a NUL"),
        (b'a,b\n"x"y,1\n', "not CSV near row 2"),
        (b"a\n" + b"x" * (1 << 20) + b"y\n", "not CSV near row 2"),
    ],
)
def test_what_is_no_csv_is_refused(data: bytes, says: str) -> None:
    with pytest.raises(CannotRunError, match=says):
        read_csv(data, "t.csv")


def test_a_grid_of_text_has_no_hidden_sheets() -> None:
    assert read_csv(b"", "t.csv") == Grid("t.csv", {})


@pytest.mark.parametrize("tries", sizes(60, 700))
def test_a_damaged_workbook_is_refused_or_read(tries: int) -> None:
    """Bytes are changed within the parts, so that more than the archive's own check is tried."""

    @settings(max_examples=tries)
    @given(st.data())
    def damage(data: st.DataObject) -> None:
        def change(parts: Parts) -> None:
            name = data.draw(st.sampled_from(sorted(parts)))
            part = bytearray(parts[name])
            for _ in range(data.draw(st.integers(1, 4))):
                at = data.draw(st.integers(0, len(part) - 1))
                part[at : at + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=9))
                part = part or bytearray(b"x")
            parts[name] = bytes(part)

        try:
            found = read_workbook(zipped(change, _SOUND), "book.xlsx")
        except CannotRunError as stopped:
            assert str(stopped).startswith("book.xlsx: ")
        else:
            assert all(
                cell.text for one in found for row in one.rows.values() for cell in row.values()
            )

    damage()


_SOUND = saved(("layer", "title"), ("a", "=1+1"), (7, date(2026, 11, 1)))


def test_a_picture_in_a_workbook_is_not_looked_at() -> None:
    def add(parts: Parts) -> None:
        parts["xl/media/image1.png"] = b"\x89PNG <!DOCTYPE x>"

    (sheet,) = read_workbook(zipped(add), "m.xlsx")
    assert sheet.rows[1][1].text == "layer"


def test_an_empty_line_of_csv_is_a_row_of_nothing() -> None:
    assert list(read_csv(b"layer,team\n,\ncost,ops\n", "m.csv").rows) == [1, 3]
