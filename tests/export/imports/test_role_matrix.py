"""The role matrix there and back: what was edited, and nothing else."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from registry.export.export import export
from registry.export.imports.imported import Imported, import_table
from registry.export.imports.letters import is_usual, letter, named
from registry.workspace.open import Opened, open_registry
from registry.workspace.options import Options
from tests.conftest import AT, ROOT
from tests.export.conftest import Open
from tests.export.test_hostile import hostile_texts, registry_of

EXAMPLES = sorted(path.parent for path in (ROOT / "examples").glob("*/opmodel.yaml"))
WHO = """\
people:
  ana: {name: Ana Lima}
  bo: {name: Bo Chen}
  bo2: {name: Bo Chen}
  cy: {name: "Cy Ross"}
teams:
  eng: {name: Eng, function: engineering, members: [ana]}
  web: {name: Web, function: product, members: [cy]}
roles:
  cto: {title: CTO, function: leadership, holder: ana}
  desk: {title: Desk, function: support, holder: cy}
"""
OWNED = """\
ownership:
  retrieval: {title: Retrieval, team: eng, accountable: ana, responsible: [cto, eng], consulted: [cy]}
  cost: {title: Cost, team: web, accountable: desk, responsible: [web], informed: [cto]}
"""

Edits = dict[str, str]


def edited(data: bytes, edits: Edits) -> bytes:
    """Edit cells as a person does: in a workbook by openpyxl, in a csv file by its rows."""
    if data.startswith(b"PK"):
        book = openpyxl.load_workbook(io.BytesIO(data))
        for place, text in edits.items():
            book.worksheets[0][place] = text or None
        content = io.BytesIO()
        book.save(content)
        return content.getvalue()
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    for place, text in edits.items():
        rows[int(place[1:]) - 1][ord(place[0]) - ord("A")] = text
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


Back = Callable[..., Imported]


@pytest.fixture
def back(tmp_path: Path) -> Back:
    """Export the matrix of a registry, edit cells of it, and import it again."""

    def back(
        opened: Opened, edits: Edits, form: str = "csv", by: str = "role", *, blank: bool = False
    ) -> Imported:
        data = export(opened, "role-matrix", form, by, is_blank=blank).content
        path = tmp_path / f"matrix.{form}"
        path.write_bytes(edited(data, edits) if edits else data)
        return import_table(opened, "role-matrix", str(path))

    return back


def changed(found: Imported) -> str:
    assert found.refused == ()
    (text,) = found.edited.after.values()
    return text.decode()


@pytest.mark.no_cover
@pytest.mark.parametrize("by", ["role", "function", "person", "team"])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.name)
def test_what_nobody_edited_changes_no_byte(back: Back, example: Path, form: str, by: str) -> None:
    found = back(open_registry(str(example), Options(AT)), {}, form, by)
    assert (found.diff, found.refused, found.edited.after) == ((), (), {})


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_three_cells_are_three_changes(back: Back, opened: Open, form: str) -> None:
    registry = opened(WHO + OWNED)
    columns = {
        "csv": {"B2": "Search", "I3": "R", "N2": "I"},
        "xlsx": {"B2": "Search", "G3": "R", "L2": "I"},
    }
    before = (Path(registry.workspace.root) / "opmodel.yaml").read_text("utf-8")
    found = back(registry, columns[form], form)
    wanted = before.replace("title: Retrieval", "title: Search")
    wanted = wanted.replace("responsible: [web], informed: [cto]", "responsible: [web, cto]")
    wanted = wanted.replace("consulted: [cy]}", "informed: [cy]}")
    assert changed(found) == wanted
    assert found.fields == 5


@pytest.mark.no_cover
@pytest.mark.parametrize(
    ("form", "by"),
    [
        ("csv", "role"), ("csv", "function"),  # two names may differ in controls alone in others
        ("xlsx", "role"), ("xlsx", "function"), ("xlsx", "person"), ("xlsx", "team"),
    ],
)  # fmt: skip
def test_hostile_names_go_there_and_back(back: Back, opened: Open, form: str, by: str) -> None:
    """Formulas, markup, letters of other scripts, and words of the table itself."""
    words = [
        "Team",
        "Layer",
        "Missing",
        "title",
        "engineering",
        "Call +44 20 7946 0018",
        "a@b.example",
    ]
    found = back(opened(registry_of([*hostile_texts(), *words])), {}, form, by)
    assert (found.diff, found.refused, found.edited.after) == ((), (), {})


HEAD = "layer,title,team,accountable,Desk,Eng,Ana Lima,missing\n"


@pytest.mark.parametrize(
    ("cells", "old", "new"),
    [
        ("retrieval,Retrieval,Eng,cy,,R,A,", "accountable: ana", "accountable: cy"),
        ("retrieval,Retrieval,eng,Cy Ross (Desk),,R,A,", "accountable: ana", "accountable: desk"),
        ("retrieval,Retrieval,web,ana,,R,A,", "team: eng, acc", "team: web, acc"),
        ("retrieval,Retrieval,,ana,,R,A,", "team: eng, acc", "acc"),
        ("retrieval,Retrieval,eng,ana,A,R,,", "accountable: ana", "accountable: desk"),
        ("retrieval,Retrieval,eng,ana,,R,A/R,", "[cto, eng]", "[cto, eng, ana]"),
        ("retrieval,Retrieval,eng,ana,,,A,", "[cto, eng]", "[cto]"),
        (
            "retrieval,Retrieval,eng,ana,i,R,A,",
            "consulted: [cy]",
            "consulted: [cy], informed: [desk]",
        ),
    ],
)
def test_a_cell_says_one_thing(
    opened: Open, tmp_path: Path, cells: str, old: str, new: str
) -> None:
    registry = opened(WHO + OWNED)
    (tmp_path / "m.csv").write_text(HEAD + cells, "utf-8")
    text = changed(import_table(registry, "role-matrix", str(tmp_path / "m.csv")))
    assert text == (tmp_path / "opmodel.yaml").read_text("utf-8").replace(old, new, 1)


REFUSED = {
    "nobody": ("retrieval,Retrieval,eng,zoe,,R,A,", "D2", "nobody is called `zoe`"),
    "two of a name": ("retrieval,Retrieval,eng,Bo Chen,,R,A,", "D2", "may be `bo` or `bo2`"),
    "a team": ("retrieval,Retrieval,eng,Web,,R,A,", "D2", "is a team, not a person or a role"),
    "two accountable": ("retrieval,Retrieval,eng,ana,A,R,A,", "E2", "would both be the `accountable`"),
    "two teams": ("retrieval,Retrieval,eng; web,ana,,R,A,", "C2", "would both be the `team`"),
    "no letter": ("retrieval,Retrieval,eng,ana,X,R,A,", "E2", "`X` is none of"),
    "two letters": ("retrieval,Retrieval,eng,ana,\"A, C\",R,A,", "E2", "is none of"),
    "unknown layer": ("retreival,Retrieval,eng,ana,,R,A,", "A2", "there is no layer `retreival`"),
    "no layer": (",Retrieval,eng,ana,,R,A,", "A2", "a row without a layer"),
    "unseen": ("retrieval,Retr\u202eieval,eng,ana,,R,A,", "B2", "U+202E"),
    "long and unseen": (f"retrieval,{'=' * 32_768}\x1b,eng,ana,,R,A,", "B2", "U+001B"),
    "twice": ("retrieval,,,,,,,\nretrieval,,,,,,,", "A3", "stands in A2, too"),
    "no heading": ("retrieval,Retrieval,eng,ana,,R,A,,more", "I2", "below no heading"),
    "hidden": ("retrieval,[e-mail hidden],eng,ana,,R,A,", "B2", "stands for a contact"),
    "both ways": ("retrieval,Retrieval,eng,cy,A,R,,", "E2", "accountable here, and D2 names another"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_taken_is_told_with_its_cell(opened: Open, tmp_path: Path, name: str) -> None:
    rows, where, says = REFUSED[name]
    (tmp_path / "m.csv").write_bytes((HEAD + rows).encode())
    found = import_table(opened(WHO + OWNED), "role-matrix", str(tmp_path / "m.csv"))
    assert found.refused[0].where == where
    assert says in found.refused[0].message
    assert found.refused[0].help


@pytest.mark.parametrize(
    ("head", "where", "says"),
    [
        ("layer,Zoe,missing", "B1", "so the 1 cell below it is not taken"),
        ("layer,CTO,cto,missing", "C1", "heads B1, too"),
        ("layer,title,Title,missing", "C1", "heads B1, too"),
    ],
)
def test_headings_are_understood_or_told(
    opened: Open, tmp_path: Path, head: str, where: str, says: str
) -> None:
    (tmp_path / "m.csv").write_text(f"{head}\nretrieval,R,R,", "utf-8")
    found = import_table(opened(WHO + OWNED), "role-matrix", str(tmp_path / "m.csv"))
    assert found.refused[0].where == where
    assert says in found.refused[0].message


def test_a_row_that_is_missing_stays(opened: Open, tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text("layer,title,missing\ncost,Money,\n", "utf-8")
    found = import_table(opened(WHO + OWNED), "role-matrix", str(tmp_path / "m.csv"))
    assert found.told == ("not in the file, and left as they are: `retrieval`",)
    assert "title: Money" in changed(found)


def test_names_are_edited_by_function(back: Back, opened: Open) -> None:
    edits = {"H2": "R: Eng; C: Web\nA: Ana Lima (CTO)", "G2": ""}
    found = back(opened(WHO + OWNED), edits, "csv", "function")
    assert "accountable: cto, responsible: [eng], consulted: [cy, web]" in changed(found)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("A: Ana Lima; R: Eng, Nobody", "nobody is called `Nobody`"),
        ("Ana Lima", "does not say who does what"),
        ("A: Ana Lima; R: Eng; A: CTO", "has `A` here and `R` in G2"),
        ("A: Ana Lima; R: Eng; C: Eng", "has two letters here: C and R"),
    ],
)
def test_names_that_clash_are_told(back: Back, opened: Open, text: str, says: str) -> None:
    found = back(opened(WHO + OWNED), {"H2": text}, "csv", "function")
    assert says in found.refused[0].message
    assert found.refused[0].where == "H2"


@pytest.mark.parametrize("by", ["person", "team"])
def test_letters_of_a_derived_form_are_not_taken(back: Back, opened: Open, by: str) -> None:
    found = back(opened(WHO + OWNED), {"I2": "I", "B3": "Money"}, "csv", by)
    assert [one.where for one in found.refused] == ["I2"]
    assert any("+  cost: {title: Money" in line for line in found.diff)


def test_a_template_is_filled_in(back: Back, opened: Open) -> None:
    registry = opened(WHO)
    layers = list(dict.fromkeys(registry.policy.settings.required_layers))
    edits = {"D2": "Eng", "E2": "Ana Lima", "G2": "R", "H3": "C: Web", "I3": "Cy Ross (I)"}
    found = back(registry, edits, "csv", "function", blank=True)
    words = [one.replace("-", " ").capitalize() for one in layers]
    assert changed(found).removeprefix("opmodel: 1\nname: fixture\nstage: production\n" + WHO) == (
        f"\nownership:\n  {layers[0]}:\n    title: {words[0]}\n    accountable: ana\n    team: eng\n"
        f"    responsible: [eng]\n  {layers[1]}:\n    title: {words[1]}\n"
        "    consulted: [web]\n    informed: [cy]\n"
    )
    assert found.told == ("G2: `R` is read as the team `eng`",)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_template_by_role_is_filled_in(back: Back, opened: Open, form: str) -> None:
    found = back(opened(WHO), {"F2": "Accountable", "G2": "responsible"}, form, "role", blank=True)
    assert "accountable: cto\n    responsible: [desk]\n" in changed(found)
    assert len(found.told) == 2


def test_a_template_offers_who_there_is(opened: Open) -> None:
    data = export(opened(WHO), "role-matrix", "xlsx", "role", is_blank=True).content
    book = openpyxl.load_workbook(io.BytesIO(data))
    rules = {
        str(one.sqref)[0]: one.formula1
        for one in book.worksheets[0].data_validations.dataValidation
    }
    lists = {
        column: [
            cell.value for (cell,) in book["Lists"][source.removeprefix("=").partition("!")[2]]
        ]
        for column, source in rules.items()
    }
    assert book["Lists"].sheet_state == "hidden"
    assert lists["D"] == ["Eng", "Web"]
    assert lists["E"] == ["Ana Lima", "Bo Chen", "Cy Ross", "Ana Lima (CTO)", "Cy Ross (Desk)"]
    assert lists["F"] == lists["G"] == ["A", "A/R", "R", "C", "I"]


def test_an_empty_cell_of_a_template_takes_nothing_away(back: Back, opened: Open) -> None:
    layer = "retrieval: {title: X, team: eng, accountable: ana, responsible: [eng]}"
    found = back(opened(f"{WHO}ownership:\n  {layer}\n"), {}, "csv", "function", blank=True)
    assert found.edited.after == {}
    assert found.refused == ()


@pytest.mark.parametrize(
    ("edits", "asks", "refused"),
    [
        ({"E2": "Ana Lima", "G2": "R: Ana Lima"}, "", []),
        ({"E2": "ana", "G2": "R: ana; C: bo"}, "consulted: [bo]", []),
        ({"E2": "Ana Lima", "G2": "A: bo"}, "", ["G2"]),
        ({"G2": "R: Ana Lima"}, "", []),
        ({"G2": "C: bo"}, "consulted: [bo]", []),
    ],
)
def test_a_letter_in_a_template_leaves_who_is_accountable(
    back: Back, opened: Open, edits: dict[str, str], asks: str, refused: list[str]
) -> None:
    """Whether the template says who it is or not: a letter beside it is added."""
    first = next(iter(opened(WHO).policy.settings.required_layers))
    row = f"{first}: {{title: X, team: eng, accountable: ana, responsible: [ana]}}"
    found = back(opened(f"{WHO}ownership:\n  {row}\n"), edits, "csv", "function", blank=True)
    assert [one.where for one in found.refused] == refused
    assert asks in "".join(found.diff)
    assert bool(found.edited.after) == bool(asks)


def test_a_letter_that_names_nobody_is_told(back: Back, opened: Open) -> None:
    found = back(opened(WHO), {"F2": "A", "L2": "R"}, "csv", "function", blank=True)
    assert [(one.where, one.message) for one in found.refused] == [
        ("F2", "`A` names nobody"), ("L2", "`R` names nobody"),
    ]  # fmt: skip


def test_a_row_is_filled_in_where_it_is_covered(back: Back, opened: Open) -> None:
    registry = opened(WHO)
    first = next(iter(registry.policy.settings.required_layers))
    covering = opened(f"{WHO}ownership:\n  mine: {{title: M, covers: [{first}]}}\n")
    assert back(covering, {}, "csv", "function", blank=True).refused == ()
    found = back(covering, {"D2": "Eng"}, "csv", "function", blank=True)
    assert "is covered by the row `mine`" in found.refused[0].message


def test_a_row_that_was_not_read_is_left(back: Back, opened: Open) -> None:
    registry = opened(WHO + "ownership:\n  cost: {title: Cost, tema: web}\n")
    found = back(registry, {"B2": "Money"})
    assert "could not be read whole" in found.refused[0].message


def test_what_was_shown_without_contacts_is_not_lost(back: Back, opened: Open) -> None:
    registry = opened(
        WHO + "ownership:\n  cost: {title: Cost, description: Ask me@acme.example.}\n"
    )
    assert back(registry, {"B2": "Money"}).refused == ()
    found = back(registry, {"C2": "Ask nobody."})
    assert "would be lost" in found.refused[0].message


def test_a_base_tells_edits_from_what_changed_since(opened: Open, tmp_path: Path) -> None:
    old = opened(WHO + OWNED)
    data = export(old, "role-matrix", "csv").content
    path = tmp_path / "back.csv"
    path.write_bytes(edited(data, {"B2": "Search", "B3": "Spend"}))
    now = opened(WHO + OWNED.replace("title: Cost", "title: Money").replace("[cto, eng]", "[eng]"))
    found = import_table(now, "role-matrix", str(path), old)
    assert [one.where for one in found.refused] == ["B3"]
    assert "by now `Money` in the registry: a conflict" in found.refused[0].message
    assert found.fields == 1
    assert "responsible: [eng]" in "".join(found.diff)


@pytest.mark.parametrize("kind", ["=1+1", 7, True])
def test_a_cell_that_is_no_text_is_told(opened: Open, tmp_path: Path, kind: object) -> None:
    registry = opened(WHO + OWNED)
    book = openpyxl.load_workbook(io.BytesIO(export(registry, "role-matrix", "xlsx").content))
    book.worksheets[0]["B2"] = kind
    book.save(tmp_path / "m.xlsx")
    found = import_table(registry, "role-matrix", str(tmp_path / "m.xlsx"))
    assert [one.where for one in found.refused] == ["role-matrix!B2"]
    assert found.edited.after == {}


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("", ""), ("a", "A"), ("A,R", "A/R"), ("r / a", "A/R"), ("AR", "A/R"), ("Accountable", "A"),
        ("responsible and accountable", "A/R"), ("consulted", "C"), ("I.", "I"), ("R, R", "R"),
        ("A, C", None), ("x", None), (",", None),
    ],
)  # fmt: skip
def test_letters(text: str, read: str | None) -> None:
    assert letter(text) == read
    assert is_usual(text) == (text in {"", "A", "R", "A/R", "C", "I"})


def test_named_letters() -> None:
    assert named("A: Ana; r,a: Bo\nCy (consulted); I") == [
        ("A", "Ana"), ("A/R", "Bo"), ("C", "Cy"), ("I", ""),
    ]  # fmt: skip
    assert named("Ana") is None
