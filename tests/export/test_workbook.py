"""The workbook as people see it: its sheets, and that nothing in it runs or deceives."""

import io
import json
import zipfile
from pathlib import Path

import pytest

from registry.checks.engine import Opened
from registry.export.workbook.book import workbook
from registry.export.workbook.record import NAME as RECORD
from registry.export.workbook.record import Record, packed, unpacked
from registry.output.workbook import CUT, cut, headings
from registry.workspace.options import Options
from tests.conftest import AT
from tests.export.conftest import Open
from tests.export.workbook_files import DAY, HEAD, made, place, read

SHEETS = [
    "Role matrix", "Metrics", "Alerts", "On call", "Escalations", "Runbooks", "Kill switches",
    "Telemetry", "Failures", "Reviews", "Findings", "Exceptions", "Rules", "About",
]  # fmt: skip
FAULTY = """\
people:
  ana: {name: Ana Lima}
teams:
  eng: {name: Eng, members: [ana]}
ownership:
  cost: {title: Cost, team: eng}
schedules:
  desk:
    rotations:
      - {name: day, participants: [ana], start: 2026-11-16T09:00, every: 1d, end: 2026-11-22T12:00}
metrics:
  spend: {bucket: cost, response: page, owner: ana}
  load: {bucket: cost, response: page, owner: 7}
  # opmodel: ignore[OM203] in work
  slow: {bucket: cost, response: analytics, owner: ana}
"""


@pytest.mark.no_cover
def test_sheets_are_tables_that_print(example: Opened) -> None:
    book = read(made(example))
    shown = [page.title for page in book if page.sheet_state == "visible"]
    assert shown == SHEETS
    assert book["Lists"].sheet_state == "hidden"
    assert book[RECORD].sheet_state == "veryHidden"
    for name in SHEETS:
        page = book[name]
        (table,) = page.tables.values()
        assert table.autoFilter is not None
        assert page.freeze_panes == f"B{HEAD + 1}"
        assert page.print_title_rows == f"${HEAD}:${HEAD}"
        assert page.page_setup.orientation == "landscape"
        assert page.sheet_properties.pageSetUpPr.fitToPage
        assert int(page.page_setup.fitToHeight) == 0  # one page wide is what is left out
        assert page["A1"].value in page.oddHeader.left.text
        assert page.oddHeader.right.text == f"as of {DAY}"
        assert page.oddFooter.left.text
        assert page["A2"].value


@pytest.mark.no_cover
def test_the_same_input_gives_the_same_bytes(example: Opened) -> None:
    assert made(example) == made(example)


@pytest.mark.no_cover
def test_ids_are_offered_where_one_is_asked_for(example: Opened) -> None:
    book = read(made(example))
    page = book["Alerts"]
    offered = {
        str(rule.sqref).partition(":")[0]: rule.formula1
        for rule in page.data_validations.dataValidation
    }
    heads = {cell.value: cell.column_letter for cell in page[HEAD]}
    for field, wanted in (("metric", "groundedness"), ("severity", "sev2"), ("owner", "priya")):
        column = offered[f"{heads[field]}4"].split("$")[1]
        assert wanted in [cell.value for cell in book["Lists"][column]]


@pytest.mark.no_cover
def test_a_row_says_where_it_is_written(example: Opened) -> None:
    book = read(made(example))
    cell = book["Role matrix"][place(book, "Role matrix", "prompt-content", "layer")]
    assert cell.comment.text.startswith("ownership.yaml:")
    line = int(cell.comment.text.partition(":")[2])
    text = Path(example.workspace.root, "ownership.yaml").read_text("utf-8").split("\n")[line - 1]
    assert text == "  prompt-content:"


@pytest.mark.no_cover
def test_references_lead_to_their_rows(example: Opened) -> None:
    book = read(made(example))
    cell = book["Alerts"][place(book, "Alerts", "groundedness-drop", "metric")]
    sheet, _, target = cell.hyperlink.location.partition("!")
    assert book[sheet.strip("'")][target].value == cell.value


@pytest.mark.no_cover
def test_colours_follow_what_is_written(example: Opened) -> None:
    book = read(made(example))
    rules = [
        rule.formula[0]
        for found in book["Role matrix"].conditional_formatting
        for rule in found.rules
    ]
    assert '"A"' in rules
    assert any("LEN(TRIM(" in rule for rule in rules)
    graves = [
        rule.formula for found in book["Findings"].conditional_formatting for rule in found.rules
    ]
    assert ['"error"'] in graves


def test_what_the_check_says_stands_in_it(opened: Open) -> None:
    registry = opened(FAULTY)
    book = read(workbook(registry, Options(AT), DAY).content)
    found = {tuple(cell.value for cell in row[:4]) for row in book["Findings"].iter_rows(min_row=4)}
    assert ("error", "OM102", "no-accountable", "ownership/cost") in found
    cells = [row[3] for row in book["Findings"].iter_rows(min_row=4)]
    leads = {one.hyperlink.location for one in cells if one.value == "ownership/cost"}
    assert leads == {"'Role matrix'!A4"}
    codes = {row[1].value for row in book["Exceptions"].iter_rows(min_row=4)}
    assert codes == {"OM203"}
    rules = {row[0].value: row[6].value for row in book["Rules"].iter_rows(min_row=4)}
    assert int(rules["OM102"]) == 1
    assert rules["OM901"] == "audit"
    weeks = [[cell.value for cell in row][3:] for row in book["On call"].iter_rows(min_row=4)]
    assert weeks[0] == [
        "2026-11-16", "nobody until 09:00\nAna Lima from 09:00", *["Ana Lima"] * 5,
        "Ana Lima until 12:00\nnobody from 12:00",
    ]  # fmt: skip
    assert [week[0] for week in weeks] == ["2026-11-16", "2026-11-23", "2026-11-30", "2026-12-07"]
    assert weeks[3][1:] == ["nobody"] * 7


def test_what_did_not_load_says_so(opened: Open) -> None:
    book = read(made(opened("schedules: {desk: 7}\nkill_switches: {stop: 7}\n")))
    assert "not read" in book["On call"]["B4"].value
    assert "not read" in book["Kill switches"]["B4"].value
    facts = [row[0].value for row in book["About"].iter_rows(min_row=4)]
    assert "Not complete" in facts


HOSTILE = [
    "=1+1", "+cmd|' /C calc'!A0", "@SUM(1)", "<r>x</r>", "<script>alert(1)</script>", "_x000B_",
    "a" * 32_768, "😀" * 20_000, "'=x", "{=1}", "http://x.example", "&amp;",
]  # fmt: skip


def test_what_strangers_wrote_is_text(opened: Open) -> None:
    """Formulas, markup and lengths, in every name: text in each cell, and none is run or linked."""
    lines = [
        f"  l{number}: {{title: {json.dumps(text, ensure_ascii=False)}, description: {json.dumps(text, ensure_ascii=False)}}}\n"
        for number, text in enumerate(HOSTILE)
    ]
    people = [
        f"  p{number}: {{name: {json.dumps(text, ensure_ascii=False)}}}\n"
        for number, text in enumerate(HOSTILE)
    ]
    registry = opened(f"people:\n{''.join(people)}ownership:\n{''.join(lines)}")
    done = workbook(registry, Options(AT), DAY)
    book = read(done.content)
    for page in book:
        for row in page.iter_rows():
            assert all(cell.data_type in {"s", "n", "inlineStr"} for cell in row), page.title
            assert all(cell.value is None for cell in row if cell.data_type == "n")
    assert any("too long for a cell and cut there" in note for note in done.notes)
    texts = [row[1].value for row in book["Role matrix"].iter_rows(min_row=4)]
    assert texts[0] == "=1+1"
    assert texts[6].endswith(CUT)
    with zipfile.ZipFile(io.BytesIO(done.content)) as parts:
        names = parts.namelist()
        assert not any("externalLink" in one or "vba" in one for one in names)
        assert not any(b'TargetMode="External"' in parts.read(one) for one in names)


@pytest.mark.no_cover
def test_contacts_stay_behind(opened: Open) -> None:
    registry = opened("ownership: {cost: {title: 'Ask me@acme.example'}}\n")
    for page in read(made(registry)):
        assert not any("me@acme" in str(cell.value) for row in page.iter_rows() for cell in row)
    kept = read(made(registry, with_contacts=True))
    assert kept["Role matrix"]["B4"].value == "Ask me@acme.example"


def test_a_text_is_cut_at_a_character() -> None:
    assert cut("a" * 32_767) == "a" * 32_767
    for text in ("a" * 32_768, "😀" * 16_384, "a" + "😀" * 16_384):
        assert len(cut(text).encode("utf-16-le")) // 2 <= 32_767
        assert cut(text).endswith(CUT)


def test_headings_are_ones_that_a_table_takes() -> None:
    assert headings(["A", "a", "", "x\ny\x07", "-", "b" * 300]) == (
        "A", "a (2)", "-", "x y", "- (2)", "b" * 120,
    )  # fmt: skip


RECORDED = Record("r", False, {"S": {"H": "k"}}, {"S": {"row": {"k": ("v",)}}}, {"T": (("x",),)})


def test_a_record_is_read_back_or_is_none() -> None:
    lines = packed(RECORDED)
    assert unpacked(lines) == RECORDED
    assert unpacked(()) is None
    assert unpacked(("else", *lines[1:])) is None
    assert unpacked((lines[0], "0" * 64, *lines[2:])) is None
    assert unpacked((*lines[:2], "not base 64!")) is None
    assert unpacked((*lines[:2], "AAAA")) is None


def test_a_record_of_another_shape_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    odd = RECORDED._replace(values=["x"])  # type: ignore[arg-type]
    assert unpacked(packed(odd)) is None
