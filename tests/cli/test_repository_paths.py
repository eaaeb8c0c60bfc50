"""What shows a repository gets the paths of its files from its top, from wherever one checks."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import AT, FAULTY, Run

FORMATS = ("github", "gitlab", "sarif", "junit", "markdown")
FILE = "operations/opmodel.yaml"


@pytest.fixture
def top(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a work tree whose registry is a folder of it, and stand at its top."""
    top = tmp_path / "repo"
    (top / "operations" / "deep").mkdir(parents=True)
    (top / ".git").mkdir()
    (top / FILE).write_text(FAULTY)
    monkeypatch.chdir(top)
    return top


def check(run: Run, form: str, *folders: str) -> str:
    ran = run("check", *folders, "--at", AT, "--format", form, "--no-cache")
    assert ran.code == 0
    return ran.out


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_paths_from_everywhere(
    form: str, top: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_top = check(run, form, "operations")
    assert FILE in at_top
    for folder, named in (
        ("operations", ["."]),
        ("operations/deep", []),
        ("..", ["repo/operations"]),
    ):
        monkeypatch.chdir(top / folder)
        assert check(run, form, *named) == at_top


def test_a_report_in_a_file_is_led_as_its_own_format_is(
    top: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(top / "operations")
    run("check", "--at", AT, "--report", "gitlab=q.json", "--format", "concise")
    issues = json.loads((top / "operations" / "q.json").read_text())
    assert {one["location"]["path"] for one in issues} == {FILE}


def test_people_are_led_from_where_they_stand(
    top: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(top / "operations")
    assert check(run, "concise").startswith("opmodel.yaml:")


def test_a_work_tree_may_have_a_file_for_its_repository(
    top: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    (top / ".git").rmdir()
    (top / ".git").write_text("gitdir: elsewhere\n")
    monkeypatch.chdir(top / "operations")
    assert f"file={FILE}," in check(run, "github")


def test_a_registry_that_is_the_whole_repository(
    top: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    (top / "operations" / ".git").mkdir()
    assert "file=opmodel.yaml," in check(run, "github", "operations")
    monkeypatch.chdir(top / "operations" / "deep")
    assert "file=opmodel.yaml," in check(run, "github", "..")


@pytest.mark.parametrize("form", FORMATS)
def test_several_are_each_led_from_the_top(
    form: str, top: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    (top / "opmodel.yaml").write_text(FAULTY)
    monkeypatch.chdir(top / "operations")
    out = check(run, form, ".", "..")
    assert FILE in out
    assert "../opmodel.yaml" not in out


def test_outside_of_git_the_way_is_from_the_working_folder(
    top: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    (top / ".git").rmdir()
    assert f"file={FILE}," in check(run, "github", "operations")
    monkeypatch.chdir(top / "operations")
    assert "file=opmodel.yaml," in check(run, "github")


def test_an_audit_is_led_as_a_check_is(
    top: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    (top / "operations" / "deployed").mkdir()
    rules = "groups: [{name: g, rules: [{alert: Stalled, expr: up == 0}]}]\n"
    (top / "operations" / "deployed" / "rules.yaml").write_text(rules)
    monkeypatch.chdir(top / "operations")
    said = run("audit", "--deployed", "deployed", "--at", AT, "--format", "github").out
    assert "file=operations/deployed/rules.yaml," in said
