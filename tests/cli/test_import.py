"""`opmodel import`: a diff to review, files written whole or not at all, words for what is not taken."""

import os
import shutil
from pathlib import Path

import pytest

from registry.cli.main import main
from tests.cli.conftest import AT, Run
from tests.conftest import HOSTILE, ROOT

EXAMPLE = ROOT / "examples" / "team-of-three"


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    folder = tmp_path / "here" / "ours"
    shutil.copytree(EXAMPLE, folder)
    return folder


@pytest.fixture
def matrix(ours: Path) -> Path:
    path = ours.parent / "matrix.csv"
    assert main(["export", "role-matrix", str(ours), "-o", str(path), "--at", AT]) == 0
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
