"""Texts of strangers, carried through a registry that loads into every export and format."""

import csv
import io
import json
import unicodedata

import openpyxl
import pytest
import yaml

from registry.checks.engine import Opened
from registry.export import export as exports
from registry.output.tables.csv import tame
from registry.source.scalar import is_placeholder
from tests.conftest import HOSTILE
from tests.export.conftest import Open
from tests.output.tables.reading import original

pytestmark = pytest.mark.no_cover

EXPORTS = [
    (name, by) for name, one in exports.exporters().items() for by in one.variants or (None,)
]


def hostile_texts() -> list[str]:
    data = yaml.safe_load((HOSTILE / "o01_csv_formula.yaml").read_text("utf-8"))
    return [team["name"] for team in data["teams"] if not is_placeholder(team["name"])]


def registry_of(texts: list[str]) -> str:
    """Put each text wherever a person may write one: names, titles, descriptions, definitions."""
    lines: dict[str, list[str]] = {
        "people": [], "teams": [], "roles": [], "ownership": [], "metrics": [], "alerts": [],
        "kill_switches": [], "dashboards": [], "severities": [],
    }  # fmt: skip
    for number, text in enumerate(texts):
        said = json.dumps(text)
        lines["people"].append(f"p{number}: {{name: {said}}}")
        lines["teams"].append(f"t{number}: {{name: {said}, members: [p{number}]}}")
        lines["roles"].append(f"r{number}: {{title: {said}, holder: p{number}}}")
        who = f"accountable: p{number}, responsible: [t{number}, r{number}]"
        lines["ownership"].append(f"l{number}: {{title: {said}, description: {said}, {who}}}")
        fixed = f"bucket: cost, response: page, owner: r{number}"
        lines["metrics"].append(f"m{number}: {{{fixed}, definition: {said}, query: {said}}}")
        fixed = f"metric: m{number}, severity: sev1, response: page, owner: p{number}"
        lines["alerts"].append(f"a{number}: {{{fixed}, when: {{expr: {said}}}}}")
        fixed = f"operators: [r{number}], owner: p{number}"
        lines["kill_switches"].append(f"k{number}: {{{fixed}, action: {said}, restore: {said}}}")
        fixed = f"audience: r{number}, owner: p{number}"
        lines["dashboards"].append(f"d{number}: {{{fixed}, decision: {said}}}")
        if number < 4:  # there are no more severities
            lines["severities"].append(f"sev{number + 1}: {{criteria: {said}}}")
    return "".join(
        f"{section}:\n" + "".join(f"  {line}\n" for line in rows) for section, rows in lines.items()
    )


def _runs(cell: str) -> bool:
    """Whether a program may take a cell for a formula: judged by Unicode's data alone."""
    for char in cell:
        if not char.isspace() and unicodedata.category(char) not in {"Cc", "Cf"}:
            return unicodedata.normalize("NFKC", char) in {"=", "+", "-", "@"}
    return False


@pytest.fixture
def hostile(opened: Open) -> Opened:
    texts = hostile_texts()
    assert len(texts) == 28
    return opened(registry_of(texts))


@pytest.mark.parametrize(("name", "by"), EXPORTS)
def test_csv_runs_nothing_and_reads_back(hostile: Opened, name: str, by: str | None) -> None:
    got = exports.export(hostile, name, "csv", by, with_contacts=True)
    assert got.notes == ()
    table = exports.table(hostile.workspace, name, by, with_contacts=True)
    rows = list(csv.reader(io.StringIO(got.content.decode(), newline=""), strict=True))
    assert not [cell for row in rows for cell in row if _runs(cell)]
    told = [tuple(map(tame, row)) for row in (table.headings, *table.rows)]
    assert [tuple(map(original, row)) for row in rows] == told
    assert sum(cell.startswith("'") for row in rows for cell in row) > min(10, len(table.rows) - 1)


@pytest.mark.parametrize(("name", "by"), EXPORTS)
def test_workbook_holds_text_only(hostile: Opened, name: str, by: str | None) -> None:
    content = exports.export(hostile, name, "xlsx", by, with_contacts=True).content
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    table = exports.table(hostile.workspace, name, by, with_contacts=True)
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} == {"s"}
    assert sheet.max_row == 1 + len(table.rows)
    assert sheet.max_column == len(table.headings)


def test_every_name_is_a_column_of_its_own(hostile: Opened) -> None:
    table = exports.table(hostile.workspace, "role-matrix", with_contacts=True)
    assert len(set(table.headings)) == len(table.headings) == 8 + 3 * len(hostile_texts())


# -- personal data -------------------------------------------------------------------------------

_SAID = "Ana +49 151 23456789 or (0151) 234 567 89, ana@example.com"
PERSONAL = registry_of([_SAID]) + (
    f"channels: {{c: {{kind: email, address: ana@example.com, owner: {json.dumps(_SAID)}}}}}\n"
)


@pytest.mark.parametrize("format_", sorted(exports.writers()))
@pytest.mark.parametrize(("name", "by"), EXPORTS)
def test_contacts_in_free_text_stay_inside(
    opened: Open, name: str, by: str | None, format_: str
) -> None:
    found = opened(PERSONAL)
    for text in _leaves(exports.export(found, name, format_, by).content):
        assert b"234" not in text
        assert b"example.com" not in text
    shown = _leaves(exports.export(found, name, format_, by, with_contacts=True).content)
    assert any(b"23456789" in text for text in shown)


def _leaves(content: bytes) -> list[bytes]:
    """Return a file's bytes; those of each part of a workbook."""
    if not content.startswith(b"PK"):
        return [content]
    import zipfile

    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return [book.read(name) for name in book.namelist()]


def test_a_contact_in_place_of_a_reference_stays_inside(opened: Open) -> None:
    fields = (
        f"owner: {json.dumps(_SAID)}, layer: {json.dumps(_SAID)}, slices: [{json.dumps(_SAID)}]"
    )
    text = (
        f"ownership: {{l: {{accountable: {json.dumps(_SAID)}, team: {json.dumps(_SAID)}}}}}\n"
        f"metrics: {{m: {{bucket: cost, response: page, {fields}}}}}\n"
        f"alerts: {{a: {{metric: {json.dumps(_SAID)}, severity: sev1, response: page, "
        f"owner: {json.dumps(_SAID)}, escalation: {json.dumps(_SAID)}, "
        f"notify: [{json.dumps(_SAID)}], runbook: {json.dumps(_SAID)}}}}}\n"
    )
    found = opened(text)
    rows = []
    for name, by in EXPORTS:
        content = exports.export(found, name, "csv", by).content
        rows.append(content.count(b"\r\n") - 1)  # severities are always four
        assert b"234" not in content
        assert b"example.com" not in content
    assert rows.count(1) >= 3
    assert set(rows) <= {0, 1, 4}
