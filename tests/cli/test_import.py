"""`opmodel import`: a diff to review, files written whole or not at all, words for what is not taken."""

import csv
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from registry.cli._imported import harmless
from registry.cli.main import main
from registry.export.workbook.record import NAME as RECORD
from tests.cli.conftest import AT, Run
from tests.conftest import HOSTILE, ROOT
from tests.export.workbook_files import edited, place, read, saved

EXAMPLE = ROOT / "examples" / "team-of-three"


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    folder = tmp_path / "here" / "ours"
    shutil.copytree(EXAMPLE, folder)
    return folder


@pytest.fixture
def matrix(ours: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    path = ours.parent / "matrix.csv"
    assert main(["export", "role-matrix", str(ours), "-o", str(path), "--at", AT]) == 0
    capsys.readouterr()  # what it says that it wrote
    return path


def test_a_diff_is_shown_and_nothing_written(run: Run, ours: Path, matrix: Path) -> None:
    before = (ours / "opmodel.yaml").read_bytes()
    matrix.write_text(matrix.read_text("utf-8").replace('"Prompts"', '"Our prompts"'), "utf-8")
    code, out, err = run("import", "role-matrix", str(matrix), str(ours))
    assert code == 0
    assert "+  prompt-content:      {title: Our prompts, " in out
    assert out.startswith("--- a/opmodel.yaml\n+++ b/opmodel.yaml\n")
    assert err.endswith("opmodel: 1 field in 1 file would change; add --apply to write it\n")
    assert (ours / "opmodel.yaml").read_bytes() == before


def test_a_change_is_applied_once(run: Run, ours: Path, matrix: Path) -> None:
    before = (ours / "opmodel.yaml").read_bytes()
    matrix.write_text(matrix.read_text("utf-8").replace('"Prompts"', '"Our prompts"'), "utf-8")
    assert run("import", "role-matrix", str(matrix), str(ours), "--apply").code == 0
    after = (ours / "opmodel.yaml").read_bytes()
    assert after == before.replace(b"title: Prompts,", b"title: Our prompts,")
    again = run("import", "role-matrix", str(matrix), str(ours), "--apply")
    assert (again.code, again.out, again.err) == (0, "", "opmodel: nothing to change\n")
    assert (ours / "opmodel.yaml").read_bytes() == after


def test_one_cell_that_is_not_taken_keeps_all_from_being_written(
    run: Run, ours: Path, matrix: Path
) -> None:
    before = (ours / "opmodel.yaml").read_bytes()
    text = matrix.read_text("utf-8").replace('"Prompts"', '"Our prompts"')
    matrix.write_text(text.replace('"crew","chloe"', '"crew","zoe"', 1), "utf-8")
    code, out, err = run("import", "role-matrix", str(matrix), str(ours), "--apply")
    assert code == 1
    assert "title: Our prompts" in out
    assert "opmodel: E6: nobody is called `zoe`; " in err
    assert err.endswith("opmodel: 1 cell not taken; nothing is written\n")
    assert (ours / "opmodel.yaml").read_bytes() == before


def test_no_link_is_followed(run: Run, ours: Path, matrix: Path) -> None:
    matrix.write_text(matrix.read_text("utf-8").replace('"Prompts"', '"Our prompts"'), "utf-8")
    linked = ours.parent / "linked"
    os.symlink(ours, linked)
    code, _, err = run("import", "role-matrix", str(matrix), str(linked), "--apply")
    assert code == 2
    assert "is a symbolic link" in err


def test_a_folder_as_it_was_is_the_base(run: Run, ours: Path, matrix: Path, tmp_path: Path) -> None:
    shutil.copytree(ours, tmp_path / "old")
    file = ours / "opmodel.yaml"
    file.write_text(file.read_text("utf-8").replace("title: Prompts,", "title: Texts,"), "utf-8")
    plain = run("import", "role-matrix", str(matrix), str(ours))
    assert "-  prompt-content:      {title: Texts" in plain.out
    based = run("import", "role-matrix", str(matrix), str(ours), "--base", str(tmp_path / "old"))
    assert (based.code, based.out) == (0, "")


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        (("role-matrix", "gone.csv"), "gone.csv cannot be read: No such file"),
        (("role-matrix", "ours"), "ours cannot be read: Is a directory"),
        (("metrics", "gone.csv"), "there is no import `metrics`"),
        (("role-matrix", "bare.csv"), "no role matrix: no column is headed `layer`"),
    ],
)
def test_what_cannot_be_imported_exits_2(
    run: Run, ours: Path, argv: tuple[str, ...], says: str
) -> None:
    (ours.parent / "bare.csv").write_text("a,b\n", "utf-8")
    code, out, err = run("import", *argv, "ours")
    assert (code, out) == (2, "")
    assert says in err


@pytest.mark.no_cover
@pytest.mark.parametrize("path", sorted(HOSTILE.glob("x*.xlsx")), ids=lambda path: path.stem)
def test_hostile_workbooks_end_in_one_line(run: Run, ours: Path, path: Path) -> None:
    before = (ours / "opmodel.yaml").read_bytes()
    code, out, err = run("import", "role-matrix", str(path), str(ours), "--apply")
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert f"opmodel: {path.name}: " in err
    if path.stem == "x05_formula_cells":
        assert "Teams!C2: a formula; Teams!B3: a formula; Teams!C3: an error" in err
    if path.stem == "x07_types_and_headers":
        assert "Teams!A2: a number; Teams!B2: a truth value" in err
    assert (ours / "opmodel.yaml").read_bytes() == before


def test_what_a_file_says_moves_no_cursor(run: Run, ours: Path) -> None:
    path = ours.parent / "m.csv"
    path.write_bytes(b"layer,title\nprompt\x1b[2J,x\n")
    code, _, err = run("import", "role-matrix", str(path), str(ours))
    assert code == 1
    assert "\\x1b[2J" in err
    assert "\x1b" not in err


def test_a_matrix_of_several_registries_comes_back_to_each(run: Run, ours: Path) -> None:
    path = ours.parent / "all.csv"
    other = ROOT / "examples" / "representative-week"
    assert run("export", "role-matrix", str(ours), str(other), "-o", str(path)).code == 0
    for root in (ours, other):
        code, out, err = run("import", "role-matrix", str(path), str(root))
        assert (code, out) == (0, "")
        assert "rows of other registries, which are left" in err
    path.write_text(path.read_text("utf-8").replace('"Prompts"', '"Our prompts"'), "utf-8")
    assert "title: Our prompts" in run("import", "role-matrix", str(path), str(ours)).out


def test_a_diff_commands_nobody(run: Run, ours: Path, matrix: Path) -> None:
    file = ours / "opmodel.yaml"
    text = file.read_text("utf-8").replace("ownership:\n", "ownership:\n  ##[group]x\n", 1)
    file.write_text(text.replace("  ##[group]x\n", "  # ##[group]x\n"), "utf-8")
    lines = matrix.read_text("utf-8").replace('"Prompts"', '"::error::\xa0x"')
    matrix.write_text(lines.replace('"The assistant as a whole"', '"##[error]"'), "utf-8")
    code, out, _ = run("import", "role-matrix", str(matrix), str(ours))
    assert code == 0
    assert r'title: "::error::\u00a0x"' in out
    assert "##[" not in out
    assert r"# ##\x5bgroup]x" in out
    assert harmless("  ::stop::") == r"  \x3a:stop::"
    assert harmless("+a\x1b\tb") == "+a\\x1b\tb"


# -- the workbook --------------------------------------------------------------------------------


@pytest.fixture
def book(ours: Path) -> Path:
    path = ours.parent / "book.xlsx"
    assert main(["export", "workbook", str(ours), "-o", str(path), "--at", AT]) == 0
    return path


@pytest.mark.no_cover
def test_a_workbook_is_what_it_would_be_on_its_day(run: Run, ours: Path, book: Path) -> None:
    before = book.read_bytes()
    assert run("export", "workbook", str(ours), "-o", str(book), "--check").code == 0
    later = AT.replace("T09", "T17")
    assert run("export", "workbook", str(ours), "-o", str(book), "--at", later).code == 0
    assert book.read_bytes() == before
    file = ours / "opmodel.yaml"
    file.write_text(file.read_text("utf-8").replace("title: Prompts,", "title: Texts,"), "utf-8")
    ran = run("export", "workbook", str(ours), "-o", str(book), "--check")
    assert ran.code == 1
    assert "is not what the registry says now" in ran.err
    book.write_bytes(b"PK")
    assert run("export", "workbook", str(ours), "-o", str(book), "--check").code == 1


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        (("-o", "book.csv"), "a workbook is xlsx"),
        (("--format", "csv"), "a workbook is xlsx"),
        (("--check",), "no file is named"),
        (("-o", "b.xlsx", "--by", "role"), "workbook has no `--by role`"),
        (("ours", "-o", "b.xlsx"), "it is of one registry"),
        (("-o", "b.xlsx", "--blank"), "workbook has no template"),
    ],
)
def test_what_is_no_workbook_exits_2(
    run: Run, ours: Path, argv: tuple[str, ...], says: str
) -> None:
    code, _, err = run("export", "workbook", str(ours), *argv)
    assert code == 2
    assert says in err


@pytest.mark.no_cover
def test_three_cells_of_a_workbook_are_applied(run: Run, ours: Path, book: Path) -> None:
    before = (ours / "opmodel.yaml").read_text("utf-8")
    edits = {
        ("Role matrix", "prompt-content", "title"): "Our prompts",
        ("Metrics", "error-rate", "owner"): "Ben Okafor",
        ("Kill switches", "assistant-off", "effect"): "read-only",
    }
    book.write_bytes(edited(book.read_bytes(), edits))
    ran = run("import", "workbook", str(book), str(ours), "--apply")
    assert (ran.code, ran.err.splitlines()[-1]) == (0, "opmodel: 3 fields in 1 file changed")
    lines = zip(
        before.split("\n"), (ours / "opmodel.yaml").read_text("utf-8").split("\n"), strict=True
    )
    assert [(old.strip(), new.strip()) for old, new in lines if old != new][1:] == [
        ("owner: chloe", "owner: ben"), ("effect: off", "effect: read-only"),
    ]  # fmt: skip
    assert run("import", "workbook", str(book), str(ours)).err == "opmodel: nothing to change\n"


@pytest.mark.no_cover
def test_a_workbook_without_its_record_asks_for_a_base(run: Run, ours: Path, book: Path) -> None:
    def git(*argv: str) -> None:
        own = ["-c", "user.name=Ana", "-c", "user.email=ana@acme.example"]
        subprocess.run(["git", "-C", str(ours), *own, *argv], check=True, capture_output=True)

    git("init", "-q")
    os.symlink("opmodel.yaml", ours / "link.yaml")
    git("add", ".")
    git("commit", "-qm", "as exported")
    os.unlink(ours / "link.yaml")
    pages = read(book.read_bytes())
    del pages[RECORD]
    pages["Role matrix"][place(pages, "Role matrix", "prompt-content", "title")] = "Our prompts"
    book.write_bytes(saved(pages))
    bare = run("import", "workbook", str(book), str(ours), "--apply")
    assert bare.code == 2
    assert "add --base REF" in bare.err
    file = ours / "opmodel.yaml"
    file.write_text(file.read_text("utf-8").replace("title: Eval set,", "title: Sets,"), "utf-8")
    based = run("import", "workbook", str(book), str(ours), "--apply", "--base", "HEAD")
    assert (based.code, based.err) == (0, "opmodel: 1 field in 1 file changed\n")
    text = file.read_text("utf-8")
    assert "title: Our prompts," in text
    assert "title: Sets," in text
    for odd in ("nothing", "--output=x"):
        ran = run("import", "workbook", str(book), str(ours), f"--base={odd}")
        assert ran.code == 2
        assert "no git revision" in ran.err


def test_a_machine_without_git_says_so(
    run: Run, ours: Path, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    ran = run("import", "workbook", str(book), str(ours), "--base", "HEAD")
    assert ran.code == 2
    assert "git cannot be run" in ran.err


@pytest.mark.no_cover
@pytest.mark.parametrize("path", sorted(HOSTILE.glob("x*.xlsx")), ids=lambda path: path.stem)
def test_hostile_workbooks_are_none_of_ours(run: Run, ours: Path, path: Path) -> None:
    code, out, err = run("import", "workbook", str(path), str(ours), "--apply")
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    if path.stem == "x05_formula_cells":
        assert "Teams!C2: a formula" in err


def test_an_edited_cell_of_what_is_missing_is_told_and_left(
    run: Run, ours: Path, matrix: Path
) -> None:
    before = (ours / "opmodel.yaml").read_bytes()
    rows = matrix.read_text("utf-8").splitlines()
    heads = [head.strip('"') for head in rows[0].split(",")]
    table = list(csv.reader(rows))
    table[1][heads.index("missing")] = "ask Zoe"
    table[2][heads.index("missing")] = "ask Zoe, too"
    with matrix.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(table)
    code, out, err = run("import", "role-matrix", str(matrix), str(ours), "--apply")
    assert (code, out) == (0, "")
    assert err == (
        "opmodel: H2: 2 cells of `missing` with other words than the registry's; "
        "what is missing is worked out, and these are left\n"
        "opmodel: nothing to change\n"
    )
    assert (ours / "opmodel.yaml").read_bytes() == before


def test_what_was_missing_when_it_was_exported_is_no_edit(
    run: Run, ours: Path, tmp_path: Path
) -> None:
    file, old = ours / "opmodel.yaml", tmp_path / "old"
    text = file.read_text("utf-8")
    file.write_text(text.replace("accountable: chloe, ", "", 1), "utf-8")
    shutil.copytree(ours, old)
    table = tmp_path / "matrix.xlsx"
    assert run("export", "role-matrix", str(ours), "-o", str(table)).code == 0
    file.write_text(text, "utf-8")
    told = run("import", "role-matrix", str(table), str(ours))
    based = run("import", "role-matrix", str(table), str(ours), "--base", str(old))
    assert "of `missing` with other words than the registry's" in told.err
    assert "`missing`" not in based.err


@pytest.mark.no_cover
@pytest.mark.parametrize(
    ("cell", "text", "told"),
    [
        ("B4", "does it all", "Legend!B4: this sheet was changed"),
        ("A5", "Z", "Legend!A5: this sheet was changed"),
        ("B8", "a hole", "Legend!B8: this sheet was changed"),
        ("B9", "more", "Legend!B9: this sheet was changed"),
        ("A1", "Our matrix", None),
        ("A4", None, "Legend!B4: this sheet was changed"),
    ],
)
def test_an_edited_legend_is_told_and_left(
    run: Run, ours: Path, tmp_path: Path, cell: str, text: str | None, told: str | None
) -> None:
    table = tmp_path / "matrix.xlsx"
    assert run("export", "role-matrix", str(ours), "-o", str(table)).code == 0
    assert run("import", "role-matrix", str(table), str(ours)).err == "opmodel: nothing to change\n"
    book = read(table.read_bytes())
    book["Legend"][cell] = text
    table.write_bytes(saved(book))
    code, out, err = run("import", "role-matrix", str(table), str(ours), "--apply")
    assert (code, out) == (0, "")
    first = f"opmodel: {told}; it is to read, and is left\n" if told else ""
    assert err == f"{first}opmodel: nothing to change\n"


def test_a_legend_without_its_letters_and_other_sheets_are_told(
    run: Run, ours: Path, tmp_path: Path
) -> None:
    table = tmp_path / "matrix.xlsx"
    assert run("export", "role-matrix", str(ours), "-o", str(table)).code == 0
    book = read(table.read_bytes())
    book["Legend"].delete_rows(4, 9)
    book.create_sheet("Ours")["A1"] = "by the way"
    table.write_bytes(saved(book))
    err = run("import", "role-matrix", str(table), str(ours)).err
    assert "Legend!A2: this sheet was changed" in err
    assert "besides the matrix there are `Ours`, which are left" in err


def test_a_heading_that_means_nothing_is_told(run: Run, ours: Path, tmp_path: Path) -> None:
    table = tmp_path / "blank.csv"
    assert run("export", "role-matrix", str(ours), "--blank", "-o", str(table)).code == 0
    text = table.read_text("utf-8").replace("A accountable", "A answers for it")
    table.write_text(text, "utf-8")
    err = run("import", "role-matrix", str(table), str(ours)).err
    assert "and nothing stands below it; it is left" in err
    assert err.endswith("opmodel: nothing to change\n")


@pytest.mark.no_cover
def test_a_refused_diff_says_first_that_nothing_is_written(
    run: Run, ours: Path, matrix: Path
) -> None:
    text = matrix.read_text("utf-8").replace('"Prompts"', '"Our prompts"')
    matrix.write_text(text.replace('"crew","chloe"', '"crew","zoe"', 1), "utf-8")
    for argv in ((), ("--apply",)):
        out = run("import", "role-matrix", str(matrix), str(ours), *argv).out
        first = "# NOT WRITTEN: 1 cell was not taken, so nothing is. Without it there would be:\n"
        assert out.startswith(f"{first}--- a/opmodel.yaml\n")
    matrix.write_text(text.replace('"crew","chloe"', '"crw","zoe"', 1), "utf-8")
    out = run("import", "role-matrix", str(matrix), str(ours)).out
    assert out.startswith("# NOT WRITTEN: 2 cells were not taken, so nothing is. Without them ")
    matrix.write_text(
        text.replace('"Our prompts"', '"Prompts"').replace('"crew","chloe"', '"crew","zoe"', 1),
        "utf-8",
    )
    assert run("import", "role-matrix", str(matrix), str(ours)).out == ""
