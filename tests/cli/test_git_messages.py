"""What is said where a repository is there and cannot be read, and where nothing is named."""

import os
import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import FAULTY, Run
from tests.cli.repository import commit, git, repository


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    folder = tmp_path / "repo"
    folder.mkdir()
    (folder / "opmodel.yaml").write_text(FAULTY, "utf-8")
    repository(folder)
    commit(folder, "first")
    return folder


@pytest.mark.parametrize("part", [".git", ".git/HEAD", ".git/objects", ".git/refs"])
@pytest.mark.parametrize("command", [("diff", "HEAD"), ("check", "--since", "HEAD")])
def test_a_repository_that_is_closed_to_us_is_no_absent_one(
    run: Run, repo: Path, monkeypatch: pytest.MonkeyPatch, part: str, command: tuple[str, ...]
) -> None:
    """Git says of either that there is none; whoever runs this as root is let in by the system."""
    usual = os.access
    closed = os.path.realpath(repo / part)
    monkeypatch.setattr(os, "access", lambda path, mode: path != closed and usual(path, mode))
    shutil.rmtree(repo / ".git" / "objects")  # so that git finds no repository
    (repo / ".git" / "objects").mkdir()
    os.rename(repo / ".git" / "refs", repo / ".git" / "elsewhere")
    (repo / ".git" / "refs").touch()
    monkeypatch.chdir(repo)
    ran = run(*command)
    assert (ran.code, ran.out) == (2, "")
    option = "--since" if command[0] == "check" else "diff"
    assert ran.err == (
        f"opmodel: {option}: {closed} cannot be read; "
        "make it readable for whoever runs this, or run it as its owner\n"
    )


def test_a_repository_that_is_damaged_is_told(
    run: Run, repo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (repo / ".git" / "HEAD").unlink()
    (repo / "inner").mkdir()
    (repo / "inner" / "opmodel.yaml").write_text(FAULTY, "utf-8")
    monkeypatch.chdir(repo / "inner")
    there = os.path.realpath(repo / ".git")
    assert run("diff", "HEAD").err == (
        f"opmodel: diff: {there} is no repository that git can read; mend it\n"
    )


def test_a_linked_work_tree_whose_repository_is_gone_is_told(
    run: Run, repo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.rmtree(repo / ".git")
    (repo / ".git").write_text("gitdir: /nowhere/at/all\n", "utf-8")
    monkeypatch.chdir(repo)
    there = os.path.realpath(repo / ".git")
    assert f"{there} is no repository that git can read" in run("diff", "HEAD").err


def test_objects_that_cannot_be_read_are_no_unknown_revision(
    run: Run, repo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repo)
    commit_id = git(repo, "rev-parse", "HEAD").strip()
    (repo / ".git" / "objects" / commit_id[:2] / commit_id[2:]).unlink()
    for name in ("HEAD", "main"):
        ran = run("diff", name)
        assert ran.code == 2
        assert "objects of the revision are not in this clone, or cannot be read" in ran.err
    for name in ("nowhere", commit_id):
        ran = run("diff", name)
        assert f"there is no git revision `{name}`" in ran.err, name


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("diff", ""), "diff: OLD is empty; name a folder or a git revision"),
        (("diff", " "), "diff: OLD is empty; name a folder or a git revision"),
        (("diff", "HEAD", ""), "diff: NEW is empty; name a folder or a git revision"),
        (("check", "--since", ""), "--since: no revision is named; name a commit, a tag or a branch"),
        (("diff", "HEAD", "HEAD", ""), "the name of the folder is empty; name a folder; `.` is this one"),
        (("check", ""), "the name of the folder is empty; name a folder; `.` is this one"),
        (("who", "priya", ""), "the name of the folder is empty; name a folder; `.` is this one"),
    ],
)  # fmt: skip
def test_an_empty_word_is_told_as_such(
    run: Run, repo: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...], said: str
) -> None:
    """As where a variable of a script is not set."""
    monkeypatch.chdir(repo)
    assert run(*command) == (2, "", f"opmodel: {said}\n")


@pytest.mark.parametrize("offset", ["+99:00", "-24:00", "+2400"])
def test_an_offset_of_a_day_is_told_in_words(run: Run, repo: Path, offset: str) -> None:
    given = f"2026-11-20T09:00{offset}"
    ran = run("check", str(repo), "--at", given)
    assert ran.err == (
        f"opmodel: --at `{given}` is no instant: no such date or time: an offset from UTC is less "
        "than 24 hours; write a date or a date-time in ISO 8601, as `2026-11-24T03:00:00+01:00`\n"
    )
    schedules = f"schedules: {{s: {{rotations: [{{name: r, participants: [priya], start: '{given}', every: 1w}}]}}}}\n"
    (repo / "more.yaml").write_text(schedules, "utf-8")
    ran = run("check", str(repo), "--format", "concise")
    assert "no such date or time: an offset from UTC is less than 24 hours" in ran.out
    assert "timedelta" not in ran.out
