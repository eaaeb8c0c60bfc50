"""The role matrix: letters, columns and rows, in each of its forms."""

import csv
import io
import json
import re
from typing import Any

import openpyxl
import pytest

from registry.checks.engine import Opened
from registry.export import export as exports
from registry.export.export import writers
from registry.export.tables._raci import combined
from registry.model.ownership import Layer
from tests.export.conftest import Open

WHO = """\
people:
  priya: {name: Priya Natarajan}
  tom: {name: Tom Reyes}
  mei: {name: Mei Tanaka}
  sam: {name: Sam Okafor}
teams:
  assistant: {name: Assistant, function: engineering, lead: priya, members: [priya, tom]}
  product: {name: Product, function: product, lead: tom, members: [tom]}
  empty: {name: Empty, function: support}
roles:
  cto: {title: CTO, function: leadership, holder: mei}
  commander: {title: Incident commander, schedule: ic}
  vacant: {title: Data lead, function: engineering}
schedules:
  ic:
    team: assistant
    rotations: [{name: a, participants: [priya, tom], start: 2026-11-02T09:00, every: 1w}]
"""
LEFT = ("layer", "title", "description", "team", "accountable")
SPOKEN = ("team_name", "accountable_name", "missing")


def _layer(fields: str) -> str:
    return f"{WHO}ownership:\n  it: {{{fields}}}\n"


def _row(opened: Opened, by: str | None = None, row: int = 0) -> dict[str, str]:
    """Return one row's cells by heading, without empty ones and those of `SPOKEN`."""
    return {key: cell for key, cell in _whole(opened, by, row).items() if key not in SPOKEN}


def _whole(opened: Opened, by: str | None = None, row: int = 0) -> dict[str, str]:
    table = exports.table(opened.workspace, "role-matrix", by)
    cells = zip(table.headings, table.rows[row], strict=True)
    return {heading: cell for heading, cell in cells if cell}


def test_columns_are_the_roles_teams_and_people_that_are_named(opened: Open) -> None:
    lists = "accountable: tom, responsible: [product, assistant], consulted: [vacant, cto]"
    table = exports.table(opened(_layer(lists)).workspace, "role-matrix")
    who = ("CTO", "Data lead", "Assistant", "Product", "Tom Reyes")
    assert table.headings == LEFT + SPOKEN + who


def test_left_columns_hold_what_the_registry_holds(opened: Open) -> None:
    text = _layer("title: It, description: All of it., team: assistant, accountable: cto")
    left = {"layer": "it", "title": "It", "description": "All of it.", "team": "assistant"}
    assert _row(opened(text)) == {**left, "accountable": "cto", "CTO": "A"}


@pytest.mark.parametrize(
    ("lists", "cell"),
    [
        ("accountable: tom", "A"),
        ("responsible: [tom]", "R"),
        ("consulted: [tom]", "C"),
        ("informed: [tom]", "I"),
        ("accountable: tom, responsible: [tom]", "A/R"),
        ("accountable: tom, responsible: [tom], consulted: [tom], informed: [tom]", "A/R"),
        ("accountable: tom, consulted: [tom]", "A"),
        ("responsible: [tom], informed: [tom]", "R"),
        ("consulted: [tom], informed: [tom, tom]", "C"),
    ],
)
def test_letter(opened: Open, lists: str, cell: str) -> None:
    assert _row(opened(_layer(lists)))["Tom Reyes"] == cell


def test_letters_combine() -> None:
    assert combined(["I", "A/R", "C"]) == "A/R"
    assert combined(["R", "A"]) == "A/R"
    assert combined(["I", "C"]) == "C"
    assert combined([]) == ""


@pytest.mark.parametrize("lists", ["title: It", "accountable: ghost"])
def test_no_one_accountable_is_an_empty_cell(opened: Open, lists: str) -> None:
    assert "accountable" not in _row(opened(_layer(lists)))


def test_several_accountable_names_each_have_their_letter(opened: Open) -> None:
    row = _row(opened(_layer("accountable: [tom, mei], team: [assistant, product]")))
    both = {"team": "assistant; product", "accountable": "tom; mei"}
    assert row == {"layer": "it", **both, "Tom Reyes": "A", "Mei Tanaka": "A"}


@pytest.mark.parametrize("by", ["role", "person", "team"])
def test_an_unknown_name_shows_as_unknown(opened: Open, by: str) -> None:
    row = _row(opened(_layer("accountable: ghost")), by)
    assert row == {"layer": "it", "ghost (unknown)": "A"}


def test_rows_stand_in_the_files_order(opened: Open) -> None:
    found = opened(
        "ownership:\n  z: {title: Z}\n  a: {title: A}\n",
        b="ownership:\n  y: {title: Y}\n",
        a="ownership:\n  x: {title: X}\n",
    )
    table = exports.table(found.workspace, "role-matrix")
    assert [row[0] for row in table.rows] == ["x", "y", "z", "a"]


@pytest.mark.parametrize("by", ["role", "function", "person", "team"])
def test_a_layer_that_failed_to_load_says_so(opened: Open, by: str) -> None:
    found = opened(WHO + "ownership:\n  one: {accountable: tom}\n  two: just text\n  three: {}\n")
    table = exports.table(found.workspace, "role-matrix", by)
    assert [row[0] for row in table.rows] == ["one", "two", "three"]
    told = dict(zip(table.headings, table.rows[1], strict=True))
    assert told.pop("missing") == "(not read: `opmodel check` says why)"
    assert set(told.values()) == {"two", ""}


def test_a_person_who_failed_to_load_goes_by_their_id(opened: Open) -> None:
    found = opened(
        "people: {kim: {email: kim@acme.example}}\nownership: {it: {accountable: kim}}\n"
    )
    assert _row(found) == {"layer": "it", "accountable": "kim", "kim": "A"}


def test_titles_that_occur_twice(opened: Open) -> None:
    roles = "roles:\n  a: {title: Lead}\n  b: {title: Lead}\n  c: {title: team}\n"
    text = "ownership:\n  it: {consulted: [a], informed: [b, c]}\n"
    row = _row(opened(roles + text))
    assert row == {"layer": "it", "Lead [a]": "C", "Lead [b]": "I", "team [c]": "I"}


# -- what a row lacks ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lists", "says"),
    [
        ("accountable: tom, team: product", ""),
        ("accountable: cto, team: product", ""),
        ("team: product", "nobody is accountable"),
        ("accountable: TBD, team: product", "nobody is accountable"),
        ("accountable: [tom, mei], team: product", "2 are accountable, not one"),
        ("accountable: [tom], team: [product]", ""),
        ("accountable: empty, team: empty", "accountable `empty` is a team, not one person"),
        ("accountable: vacant, team: empty", "accountable `vacant` has no holder"),
        (
            "accountable: commander, team: empty",
            "accountable `commander` is whoever is on call, not one person",
        ),
        ("accountable: ghost, team: empty", "accountable `ghost` does not exist"),
        ("accountable: tom", "no team"),
        ("accountable: tom, team: [product, empty]", "2 teams, not one"),
        ("accountable: tom, team: ghost", "team `ghost` does not exist"),
        ("accountable: tom, team: cto", "team `cto` is a role"),
        ("accountable: ic, team: empty", "accountable `ic` is a schedule, not one person"),
        ("title: It", "nobody is accountable; no team"),
        (
            "accountable: [tom, vacant], team: empty",
            "2 are accountable, not one; accountable `vacant` has no holder",
        ),
        (
            "unowned: {reason: no prompts yet, until: 2027-01-31}",
            "unowned on purpose until 2027-01-31 (no prompts yet)",
        ),
        ("unowned: {reason: later}, team: empty", "unowned on purpose with no date (later)"),
        ("accountable: {a: b}, team: empty", "`accountable` could not be read"),
    ],
)
def test_missing_says_what_a_row_lacks(opened: Open, lists: str, says: str) -> None:
    assert _whole(opened(_layer(lists))).get("missing", "") == says


@pytest.mark.parametrize(
    ("role", "says"),
    [
        ("{title: R, holder: ghost}", "is held by `ghost`, who does not exist"),
        ("just text", "could not be read"),
        ("{title: R, holder: {a: b}}", "could not be read"),
    ],
)
def test_missing_says_what_a_role_lacks(opened: Open, role: str, says: str) -> None:
    text = f"roles:\n  r: {role}\nteams: {{t: {{name: T}}}}\n"
    found = opened(text + "ownership: {it: {accountable: r, team: t}}\n")
    assert _whole(found)["missing"] == f"accountable `r` {says}"


def test_names_stand_beside_the_ids(opened: Open) -> None:
    row = _whole(opened(_layer("accountable: [cto, tom], team: [product, ghost]")))
    assert (row["team"], row["accountable"]) == ("product", "cto; tom")
    assert row["team_name"] == "Product; ghost (unknown)"
    assert row["accountable_name"] == "Mei Tanaka (CTO); Tom Reyes"


def test_by_function_names_stand_in_the_place_of_ids(opened: Open) -> None:
    table = exports.table(opened(_layer("accountable: cto, team: product")).workspace,
                          "role-matrix", "function")  # fmt: skip
    assert table.headings[:6] == (*LEFT, "missing")
    assert table.rows[0][3:5] == ("Product", "Mei Tanaka (CTO)")
    assert table.headings[-2:] == ("team_id", "accountable_id")
    assert table.rows[0][-2:] == ("product", "cto")


HOLES = (
    "ownership:\n  a: {team: [product, empty]}\n  b: {accountable: [tom, vacant], team: empty}\n"
)


@pytest.mark.parametrize("by", ["role", "function", "person", "team"])
def test_every_format_tells_the_same(opened: Open, by: str) -> None:
    found = opened(WHO + HOLES)
    forms = {form: exports.export(found, "role-matrix", form, by).content for form in writers()}
    rows = list(csv.reader(io.StringIO(forms["csv"].decode(), newline="")))
    told = json.loads(forms["json"])
    assert [told["columns"], *([*row.values()] for row in told["rows"])] == rows
    sheet = openpyxl.load_workbook(io.BytesIO(forms["xlsx"])).worksheets[0]
    shown = [[str(cell.value or "") for cell in row] for row in sheet.iter_rows()]
    spoken = {
        "team": "team_id", "accountable": "accountable_id",
        "team_name": "team", "accountable_name": "accountable",
    }  # fmt: skip
    names = [spoken.get(one, one) if by != "function" else one for one in rows[0]]
    assert sorted(zip(*shown, strict=True)) == sorted(zip(names, *rows[1:], strict=True))
    page = forms["md"].decode().splitlines()
    cells = [[cell.strip() for cell in line.split(" | ")] for line in page if line[:1] == "|"]
    plain = [[re.sub(r"\\(.)", r"\1", cell.strip("| ")) for cell in row] for row in cells]
    assert [plain[0], *plain[2:]] == shown


# -- by person -----------------------------------------------------------------------------------


def test_by_person_resolves_roles_and_teams(opened: Open) -> None:
    row = _row(opened(_layer("accountable: cto, responsible: [assistant]")), "person")
    assert row == {
        "layer": "it",
        "accountable": "cto",
        "Priya Natarajan": "R",
        "Tom Reyes": "R",
        "Mei Tanaka": "A",
    }


def test_by_person_combines_what_somebody_is_under_several_names(opened: Open) -> None:
    row = _row(opened(_layer("accountable: priya, responsible: [assistant]")), "person")
    assert (row["Priya Natarajan"], row["Tom Reyes"]) == ("A/R", "R")


def test_by_person_shows_what_nobody_is_behind(opened: Open) -> None:
    lists = "accountable: vacant, responsible: [commander], informed: [empty]"
    row = _row(opened(_layer(lists)), "person")
    assert row == {
        "layer": "it",
        "accountable": "vacant",
        "On call: ic": "R",
        "Data lead (vacant)": "A",
        "Empty (nobody in it)": "I",
    }


def test_by_person_has_no_column_for_those_with_no_part(opened: Open) -> None:
    table = exports.table(opened(_layer("accountable: tom")).workspace, "role-matrix", "person")
    assert table.headings == (*LEFT, *SPOKEN, "Tom Reyes")


# -- by team -------------------------------------------------------------------------------------


def test_by_team_counts_each_name_for_its_team(opened: Open) -> None:
    lists = "accountable: priya, responsible: [commander], consulted: [product], informed: [mei]"
    row = _row(opened(_layer(lists)), "team")
    expected = {"Assistant": "A/R", "Product": "C", "(no team)": "I"}
    assert row == {"layer": "it", "accountable": "priya", **expected}


def test_by_team_somebody_in_two_teams_counts_for_the_rows_own(opened: Open) -> None:
    own = _row(opened(_layer("accountable: tom, team: product")), "team")
    neither = _row(opened(_layer("accountable: tom, team: empty")), "team")
    assert (own.get("Assistant"), own.get("Product")) == (None, "A")
    assert (neither.get("Assistant"), neither.get("Product")) == ("A", "A")


# -- by function ---------------------------------------------------------------------------------


def _cells(opened: Opened) -> dict[str, str]:
    found: dict[str, Any] = _row(opened, "function")
    left = {*LEFT, "team_id", "accountable_id"}
    return {heading: cell for heading, cell in found.items() if heading not in left}


def test_by_function_names_everybody_once(opened: Open) -> None:
    lists = "accountable: tom, team: product, responsible: [priya, assistant], consulted: [cto]"
    assert _cells(opened(_layer(lists))) == {
        "leadership": "C: Mei Tanaka (CTO)",
        "engineering": "R: Priya Natarajan, Assistant",
        "product": "A: Tom Reyes",
    }


def test_by_function_says_who_has_none_and_what_is_vacant(opened: Open) -> None:
    lists = (
        "accountable: vacant, responsible: [commander], consulted: [sam, ghost], informed: [empty]"
    )
    assert _cells(opened(_layer(lists))) == {
        "engineering": "A: Data lead (vacant); R: Incident commander (whoever is on call: ic)",
        "support": "I: Empty",
        "(no function)": "C: Sam Okafor, ghost (unknown)",
    }


def test_by_function_takes_a_persons_role_where_they_are_in_no_team(opened: Open) -> None:
    assert _cells(opened(_layer("accountable: mei"))) == {"leadership": "A: Mei Tanaka"}


def test_by_function_a_persons_team_goes_before_their_role(opened: Open) -> None:
    text = _layer("accountable: priya").replace("holder: mei", "holder: priya")
    assert _cells(opened(text)) == {"engineering": "A: Priya Natarajan"}


def test_by_function_has_all_eight_columns(example: Opened) -> None:
    table = exports.table(example.workspace, "role-matrix", "function")
    assert table.headings[6:-2] == (
        "leadership", "engineering", "product", "support",
        "security", "finance", "operations", "domain",
    )  # fmt: skip


# -- the example ---------------------------------------------------------------------------------


@pytest.mark.parametrize("by", ["role", "person", "team"])
def test_each_layer_of_the_example_has_one_accountable_column(example: Opened, by: str) -> None:
    table = exports.table(example.workspace, "role-matrix", by)
    assert [row[0] for row in table.rows] == list(example.workspace.all(Layer))
    for row in table.rows:
        assert sum(cell in {"A", "A/R"} for cell in row[8:]) == 1
        assert row[7] == ""
