"""The workbook there and back: three ways, conflicts, and what is only to read."""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from registry.errors import CannotRunError
from registry.export.imports.imported import Imported, import_table
from registry.export.workbook.record import NAME as RECORD
from registry.workspace.open import Opened, open_registry
from registry.workspace.options import Options
from tests.conftest import AT, ROOT, thirds
from tests.export.conftest import Open
from tests.export.test_hostile import hostile_texts, registry_of
from tests.export.workbook_files import edited, made, place, read, saved

EXAMPLES = sorted(path.parent for path in (ROOT / "examples").glob("*/opmodel.yaml"))
REGISTRY = """\
people:
  ana: {name: Ana Lima}
  bo: {name: Bo Chen}
teams:
  eng: {name: Eng, function: engineering, members: [ana, bo]}
roles:
  cto: {title: CTO, holder: ana}
ownership:
  cost: {title: Cost, team: eng, accountable: ana, responsible: [cto]}
metrics:
  spend: {bucket: cost, response: page, owner: ana, definition: "Ask me@acme.example."}
  load:
    bucket: reliability
    response: ticket  # not yet a page
    owner: [ana, bo]
    fields: [tokens]
alerts:
  spend-high: {metric: spend, severity: sev2, response: page, when: {above: 5}, labels: {a: b}}
fields:
  tokens: {group: cost, type: int, classification: operational, redaction: none}
runbooks:
  spend-high: {title: Spend, owner: bo, reviewed: 2026-10-01, covers: [spend], first_checks: [Look at it.]}
kill_switches:
  stop: {action: Stop it., effect: off, owner: bo, operators: [ana], drilled: 2026-10-14}
"""

Edits = Mapping[tuple[str, str, str], object]
Back = Callable[..., Imported]


@pytest.fixture(scope="module")
def books() -> dict[frozenset[tuple[str, bytes]], bytes]:
    """Workbooks that were written, by the files of the registry."""
    return {}


@pytest.fixture
def back(tmp_path: Path, books: dict[frozenset[tuple[str, bytes]], bytes]) -> Back:
    """Import a workbook of a registry, some of its cells edited."""

    def back(opened: Opened, edits: Edits, data: bytes | None = None) -> Imported:
        path = tmp_path / "book.xlsx"
        if data is None:
            sources = opened.workspace.sources.files
            files = frozenset((name, one.data) for name, one in sources.items())
            data = books[files] = books.get(files) or made(opened)
        path.write_bytes(edited(data, edits) if edits else data)
        return import_table(opened, "workbook", str(path))

    return back


def text_of(found: Imported) -> str:
    assert found.refused == ()
    (text,) = found.edited.after.values()
    return text.decode()


def manifest(opened: Opened) -> str:
    return (Path(opened.workspace.root) / "opmodel.yaml").read_text("utf-8")


@pytest.mark.no_cover
@pytest.mark.parametrize("example", thirds(EXAMPLES), ids=lambda path: path.name)
def test_what_nobody_edited_changes_no_byte(back: Back, example: Path) -> None:
    opened = open_registry(str(example), Options(AT))
    found = back(opened, {})
    assert (found.diff, found.refused, found.told) == ((), (), ())
    again = back(opened, {}, saved(read(made(opened))))
    assert (again.diff, again.refused, again.told) == ((), (), ())


@pytest.mark.no_cover
def test_hostile_names_go_there_and_back(back: Back, opened: Open) -> None:
    words = ["Team", "Layer", "id", "title", "Call +44 20 7946 0018", "a@b.example", "x" * 32_768]
    found = back(opened(registry_of([*hostile_texts(), *words])), {})
    assert (found.diff, found.refused, found.edited.after) == ((), (), {})


CHANGES: list[tuple[tuple[str, str, str], object, str, str]] = [
    (("Role matrix", "cost", "title"), "Money", "title: Cost", "title: Money"),
    (("Role matrix", "cost", "accountable"), "Bo Chen", "accountable: ana", "accountable: bo"),
    (("Role matrix", "cost", "CTO"), "c", "responsible: [cto]", "consulted: [cto]"),
    (("Role matrix", "cost", "Ana Lima"), "I", "accountable: ana, responsible: [cto]", "responsible: [cto], informed: [ana]"),
    (("Metrics", "spend", "owner"), "CTO", "page, owner: ana", "page, owner: cto"),
    (("Metrics", "spend", "owner"), None, ", owner: ana, def", ", def"),
    (("Metrics", "load", "owner"), "bo", "[ana, bo]\n    fields", "bo\n    fields"),
    (("Metrics", "load", "response"), "PAGE", "ticket  # not yet", "page  # not yet"),
    (("Metrics", "load", "slices"), "tokens", "fields: [tokens]\n", "fields: [tokens]\n    slices: [tokens]\n"),
    (("Alerts", "spend-high", "runbook"), "spend-high", "above: 5}", "above: 5}, runbook: spend-high"),
    (("Runbooks", "spend-high", "covers"), "spend; more", "covers: [spend]", "covers: [spend, more]"),
    (("Runbooks", "spend-high", "reviewed"), "2026-11-01", "2026-10-01", "2026-11-01"),
    (("Kill switches", "stop", "operators"), "ana; Bo Chen", "operators: [ana]", "operators: [ana, bo]"),
    (("Kill switches", "stop", "takes_effect_within"), "5m", "[ana], dr", "[ana], takes_effect_within: 5m, dr"),
]  # fmt: skip


@pytest.mark.no_cover
@pytest.mark.parametrize("change", thirds(CHANGES))
def test_one_cell_is_one_change(
    back: Back, opened: Open, change: tuple[tuple[str, str, str], object, str, str]
) -> None:
    cell, value, old, new = change
    registry = opened(REGISTRY)
    text = text_of(back(registry, {cell: value}))
    wanted = manifest(registry).replace(old, new, 1)
    assert old != new
    assert text == wanted


@pytest.mark.no_cover
def test_a_date_that_a_program_made_of_a_text_is_taken(back: Back, opened: Open) -> None:
    from datetime import datetime

    registry = opened(REGISTRY)
    day = datetime(2026, 11, 2)  # noqa: DTZ001 - as spreadsheets have it
    found = back(registry, {("Kill switches", "stop", "drilled"): day})
    assert text_of(found) == manifest(registry).replace("2026-10-14", "2026-11-02")


REFUSED: list[tuple[tuple[str, str, str], object, str]] = [
    (("Metrics", "spend", "owner"), "zoe", "nobody is called `zoe`"),
    (("Metrics", "spend", "bucket"), "money", "is none of `reliability`"),
    (("Metrics", "spend", "layer"), "nothing", "is no id of a layer"),
    (("Metrics", "spend", "bucket"), None, "has no `bucket`"),
    (("Metrics", "spend", "definition"), "Ask nobody.", "would be lost"),
    (("Metrics", "spend", "unit"), 7, "is a number"),
    (("Metrics", "spend", "unit"), "=1+1", "a formula"),
    (("Runbooks", "spend-high", "reviewed"), "soon", "expected a date"),
    (("Kill switches", "stop", "takes_effect_within"), "a while", "expected a duration"),
    (("Metrics", "spend", "id"), "spent", "there is no metric `spent`"),
    (("Metrics", "spend", "id"), "load", "stands in more than one row"),
    (("Metrics", "id", "response"), "answers", "there is no field `answers`"),
    (("Metrics", "id", "unit"), "better", "heads another column, too"),
    (("Metrics", "id", "id"), "ident", "no column is headed `id`"),
    (("Role matrix", "layer", "layer"), "row", "no column is headed `layer`"),
]


@pytest.mark.parametrize("refused", thirds(REFUSED), ids=lambda one: one[2])
def test_what_is_not_taken_is_told_with_its_cell(
    back: Back, opened: Open, refused: tuple[tuple[str, str, str], object, str]
) -> None:
    cell, value, says = refused
    registry = opened(REGISTRY)
    found = back(registry, {cell: value})
    told = [f"{one.where} {one.message}" for one in found.refused]
    assert any(says in one for one in told), told
    assert all(re.match(r"[A-Z][a-z ]+![A-Z]+[0-9]+ ", one) for one in told)
    assert found.edited.after == {}


@pytest.mark.no_cover
def test_a_change_on_both_sides_is_a_conflict(back: Back, opened: Open) -> None:
    data = made(opened(REGISTRY))
    now = opened(
        REGISTRY.replace("title: Cost", "title: Spend").replace("action: Stop it.", "action: Halt.")
    )
    found = back(
        now, {("Role matrix", "cost", "title"): "Money", ("Metrics", "spend", "unit"): "EUR"}, data
    )
    assert [one.where for one in found.refused] == ["Role matrix!B4"]
    assert "by now `Spend` in the registry: a conflict" in found.refused[0].message
    assert [line for line in found.diff if line[:1] == "+"][1:] == [
        '+  spend: {bucket: cost, response: page, owner: ana, definition: "Ask me@acme.example.", unit: EUR}'
    ]


@pytest.mark.no_cover
def test_the_same_change_on_both_sides_is_none(back: Back, opened: Open) -> None:
    data = made(opened(REGISTRY))
    now = opened(REGISTRY.replace("title: Cost", "title: Money"))
    found = back(now, {("Role matrix", "cost", "title"): "Money"}, data)
    assert (found.refused, found.edited.after) == ((), {})


@pytest.mark.no_cover
def test_somebody_renamed_since_is_still_known(back: Back, opened: Open) -> None:
    data = made(opened(REGISTRY))
    now = opened(REGISTRY.replace("name: Ana Lima", "name: Ana Costa"))
    found = back(now, {("Role matrix", "cost", "Ana Lima"): "A/R"}, data)
    assert "responsible: [cto, ana]" in text_of(found)


def test_what_is_only_to_read_is_told_and_left(back: Back, opened: Open) -> None:
    registry = opened(REGISTRY)
    found = back(
        registry,
        {
            ("Alerts", "spend-high", "when"): "above 6",
            ("Escalations", "id", "repeat"): "again",
            ("Rules", "OM001", "severity"): "off",
            ("About", "what", "is"): "was",
            ("Runbooks", "spend-high", "first_checks"): "Look away.",
        },
    )
    assert (found.refused, found.edited.after) == ((), {})
    assert found.told == (
        "Alerts: 1 cell changed below a grey heading, which are left",
        "Runbooks: 1 cell changed below a grey heading, which are left",
        "Rules!C4: 1 cell of this sheet changed; it is to read, and is left",
    )


@pytest.mark.no_cover
def test_sheets_and_rows_that_are_gone_or_new_are_told(back: Back, opened: Open) -> None:
    registry = opened(REGISTRY)
    book = read(made(registry))
    del book["Alerts"]
    book.create_sheet("Mine")["A1"] = "=1+1"
    book["Metrics"].delete_rows(4)
    book["Rules"]["A400"] = "more"
    book["Rules"]["Z4"] = "more"
    found = back(registry, {}, saved(book))
    assert (found.refused, found.edited.after) == ((), {})
    assert found.told == (
        "Metrics: not in it, and left as they are: `spend`",
        "Rules!Z4: 2 cells of this sheet changed; it is to read, and is left",
        "Mine: a sheet of somebody's own, which is left",
        "not in it: the sheets `Alerts`",
    )


@pytest.mark.parametrize("damage", ["gone", "digest"])
def test_without_a_record_it_is_two_ways(back: Back, opened: Open, damage: str) -> None:
    registry = opened(REGISTRY)
    book = read(made(registry))
    if damage == "gone":
        del book[RECORD]
    else:
        book[RECORD]["A2"] = "0" * 64
    book["Role matrix"][place(book, "Role matrix", "cost", "title")] = "Money"
    found = back(registry, {}, saved(book))
    assert found.lacks_base
    assert "is not in it, or is damaged" in found.told[0]
    assert "title: Money" in text_of(found)
    path = Path(registry.workspace.root) / "book.xlsx"
    based = import_table(registry, "workbook", str(path), registry)
    assert not based.lacks_base
    assert based.edited == found.edited


def test_a_workbook_of_another_registry_is_refused(back: Back, opened: Open) -> None:
    registry = opened(REGISTRY)
    data = made(registry)
    other = registry.workspace.manifest.model_copy(update={"name": "other"})
    import dataclasses

    moved = registry._replace(workspace=dataclasses.replace(registry.workspace, manifest=other))
    with pytest.raises(CannotRunError, match="a workbook of `fixture`"):
        back(moved, {}, data)


@pytest.mark.no_cover
def test_a_workbook_that_is_none_of_ours_is_refused(back: Back, opened: Open) -> None:
    registry = opened(REGISTRY)
    book = read(made(registry))
    for name in ("Role matrix", "Metrics", "Alerts", "Runbooks", "Kill switches"):
        del book[name]
    with pytest.raises(CannotRunError, match="no sheet is called `Role matrix`, `Metrics`"):
        back(registry, {}, saved(book))


@pytest.mark.no_cover
def test_contacts_that_were_shown_come_back(back: Back, opened: Open) -> None:
    registry = opened(REGISTRY)
    data = made(registry, with_contacts=True)
    assert back(registry, {}, data).edited.after == {}
    found = back(registry, {("Metrics", "spend", "definition"): "Ask nobody."}, data)
    assert found.refused[0].where == "Metrics!D4"


@pytest.mark.no_cover
def test_a_text_that_was_cut_is_not_lost(back: Back, opened: Open) -> None:
    registry = opened(REGISTRY.replace("action: Stop it.", f"action: {'x' * 40_000}"))
    assert back(registry, {}).edited.after == {}
    found = back(registry, {("Kill switches", "stop", "action"): "Stop."})
    assert "was cut to fit the cell" in found.refused[0].message


THREE = {
    ("Role matrix", "cost", "title"): "Money; all of it",
    ("Metrics", "load", "owner"): "bo",
    ("Kill switches", "stop", "drilled"): "2026-11-01",
}


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_edits_three_cells(back: Back, opened: Open, tmp_path: Path) -> None:
    """Opened, edited in LibreOffice's own form, and saved by it as xlsx again."""
    registry = opened(REGISTRY)
    (tmp_path / "out.xlsx").write_bytes(made(registry))
    _convert(tmp_path, "out.xlsx", "fods")
    text = (tmp_path / "out.fods").read_text("utf-8")
    for old, new in (("Cost", "Money; all of it"), ("ana; bo", "bo"), ("2026-10-14", "2026-11-01")):
        assert text.count(f"<text:p>{old}</text:p>") == 1
        text = text.replace(f"<text:p>{old}</text:p>", f"<text:p>{new}</text:p>")
    (tmp_path / "edited.fods").write_text(text, "utf-8")
    _convert(tmp_path, "edited.fods", "xlsx")
    found = back(registry, {}, (tmp_path / "edited.xlsx").read_bytes())
    assert found.told == ()
    assert text_of(found) == text_of(back(registry, THREE))


def _convert(folder: Path, name: str, form: str) -> None:
    command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless"]
    command += ["--convert-to", form, "--outdir", str(folder), str(folder / name)]
    subprocess.run(command, check=True, capture_output=True, timeout=170)


@pytest.mark.slow
def test_three_thousand_entities_go_there_and_back(back: Back, tmp_path: Path) -> None:
    folder = tmp_path / "large"
    command = [sys.executable, str(ROOT / "benchmarks" / "generate.py"), str(folder)]
    subprocess.run([*command, "--entities", "3000"], check=True, capture_output=True)
    opened = open_registry(str(folder), Options(AT))
    data = made(opened)
    found = back(opened, {}, data)
    assert (found.diff, found.refused, found.told) == ((), (), ())
    page = read(data)["Metrics"]
    row = str(page["A4"].value)
    found = back(opened, {("Metrics", row, "unit"): "words"}, data)
    assert (found.fields, found.refused, len(found.edited.after)) == (1, (), 1)
