"""`--format github` writes the job's summary, and nothing else, and fails no check by it."""

import os
from pathlib import Path

import pytest

from registry.cli._job_summary import NAME, add_to_summary
from tests.cli.conftest import AT, Run


@pytest.fixture
def summary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "summary.md"
    monkeypatch.setenv(NAME, str(path))
    return path


def check(run: Run, folder: Path, form: str) -> str:
    ran = run("check", str(folder), "--format", form, "--at", AT)
    assert ran.code == 0
    return ran.err


def test_is_appended_to_what_is_there(faulty: Path, run: Run, summary: Path) -> None:
    summary.write_text("# before\n", "utf-8")
    assert check(run, faulty, "github") == ""
    text = summary.read_text("utf-8")
    assert text.startswith("# before\n## opmodel: faulty\n\n0 errors, ")
    assert "**OM201 unowned-metric** at `" in text
    printed = run("check", str(faulty), "--format", "markdown", "--at", AT).out
    assert text == f"# before\n{printed}"


def test_is_made_where_there_is_none_yet(faulty: Path, run: Run, summary: Path) -> None:
    check(run, faulty, "github")
    assert summary.read_text("utf-8").startswith("## opmodel: faulty\n")


def test_other_formats_write_none(faulty: Path, run: Run, summary: Path) -> None:
    for form in ("human", "concise", "json", "sarif", "gitlab", "junit", "markdown"):
        check(run, faulty, form)
    assert not summary.exists()


def test_an_audit_writes_one_too(run: Run, summary: Path) -> None:
    example = Path(__file__).parents[2] / "examples" / "enterprise-copilot"
    run("audit", str(example), "--format", "github", "--at", AT)
    assert summary.read_text("utf-8").startswith("## opmodel: enterprise-copilot\n")


def test_without_the_variable_nothing_happens(
    faulty: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(NAME, raising=False)
    assert check(run, faulty, "github") == ""
    add_to_summary("x", {NAME: ""})
    assert [one.name for one in Path.cwd().iterdir()] == ["faulty"]


def _link(path: Path) -> None:
    target = path.with_name("target")
    target.write_text("safe", "utf-8")
    path.symlink_to(target)


def _long(path: Path) -> None:
    path.write_bytes(b"x" * (2**20 - 10))


@pytest.mark.parametrize(
    ("prepare", "why"),
    [
        (_link, "it is a symbolic link"),
        (os.mkfifo, "No such device or address"),
        (Path.mkdir, "Is a directory"),
        (_long, "with what is there already it would be longer than GitHub shows (1 MiB)"),
    ],
)  # fmt: skip
def test_what_keeps_it_from_being_written_is_told_and_fails_nothing(
    faulty: Path, run: Run, summary: Path, prepare: object, why: str
) -> None:
    assert callable(prepare)
    prepare(summary)
    assert check(run, faulty, "github") == (
        f"opmodel: the job's summary is not written (GITHUB_STEP_SUMMARY): {why}\n"
    )
    if summary.is_symlink():
        assert summary.read_text("utf-8") == "safe"


def test_a_device_is_no_file(faulty: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, os.devnull)
    assert "it is no regular file" in check(run, faulty, "github")


def test_a_link_is_refused_by_the_system_as_well(
    faulty: Path, run: Run, summary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that is put there between the look and the opening."""
    _link(summary)
    monkeypatch.setattr("os.path.islink", lambda _: False)
    add_to_summary("x", {NAME: str(summary)})
    assert summary.read_text("utf-8") == "safe"
