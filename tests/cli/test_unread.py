"""What each command does beside a folder that cannot be listed, and a file that cannot be read."""

import errno
import os
import shutil
from pathlib import Path

import pytest

from registry.source import folder
from tests.cli.conftest import Run

ROOT = Path(__file__).parents[2]
AT = "2026-11-23T09:00:00Z"
EXAMPLE = ROOT / "examples" / "team-of-three"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A registry that is clean, with a folder and a file beside."""
    root = tmp_path / "ours"
    shutil.copytree(EXAMPLE, root)
    (root / "extra").mkdir()
    (root / "extra" / "more.yaml").write_text("people:\n  zed: {name: Zed}\n", "utf-8")
    return root


@pytest.fixture(params=["folder", "file", "faulty"])
def lost(request: pytest.FixtureRequest, root: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Close the folder or the file to us, whoever runs this; return what is named."""
    if request.param == "faulty":
        (root / "extra" / "more.yaml").write_text("people: [\n", "utf-8")
        return "extra/more.yaml"
    if request.param == "folder":
        close(monkeypatch, root / "extra")
        return "extra/"
    usual = os.open

    def closed(path: str, flags: int, mode: int = 0o777, **others: int) -> int:
        if path == "more.yaml":
            raise PermissionError(errno.EACCES, "Permission denied")
        return usual(path, flags, mode, **others)

    monkeypatch.setattr(folder.os, "open", closed)
    return "extra/more.yaml"


def close(monkeypatch: pytest.MonkeyPatch, *folders: Path) -> None:
    """Let the system list some folders no more."""
    usual = os.scandir

    def closed(path: object = ".") -> object:
        if os.path.abspath(str(path)) in {str(one) for one in folders}:
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return usual(path)  # type: ignore[call-overload]

    monkeypatch.setattr(os, "scandir", closed)


def contents(root: Path) -> dict[str, bytes]:
    with_folders = root.rglob("*")
    return {str(path): path.read_bytes() for path in with_folders if path.is_file()}


def test_the_example_is_clean(run: Run, root: Path) -> None:
    assert run("check", str(root), "--at", AT).code == 0
    assert run("oncall", "gaps", str(root), "--at", AT).code == 0


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("rename", "people/zed", "ada"), None),
        (("rename", "people/asha", "ada"), "people/asha is not renamed"),
        (("rename", "people/asha", "ada", "--diff"), "people/asha is not renamed"),
        (("check", "--fix", "--diff"), "nothing is fixed"),
        (("baseline", "create"), "the baseline is left as it is"),
        (("baseline", "prune"), "the baseline is left as it is"),
        (("import", "role-matrix", "matrix.csv", "--apply"), "nothing is imported"),
    ],
)
def test_what_changes_files_refuses(
    run: Run, root: Path, lost: str, command: tuple[str, ...], said: str | None
) -> None:
    Path("matrix.csv").write_text("layer,accountable\n", "utf-8")
    before = contents(root)
    if command[0] == "check":
        (name, *rest) = command
        ran = run(name, str(root), *rest, "--at", AT)
    else:
        ran = run(*command, str(root), "--at", AT)
    assert (ran.code, ran.out) == (2, "")
    if said is not None:
        assert ran.err == (
            f"opmodel: {said}: `{lost}` could not be read, and this may hang on what stands there; "
            "mend what `opmodel check` says first\n"
        )
    assert contents(root) == before


@pytest.mark.parametrize("fail_on", ["error", "never"])
def test_fix_refuses_and_checks(run: Run, root: Path, lost: str, fail_on: str) -> None:
    before = contents(root)
    ran = run("check", str(root), "--fix", "--fail-on", fail_on, "--at", AT)
    assert ran.code == 1
    assert f"opmodel: nothing is fixed: `{lost}` could not be read" in ran.err
    assert "nothing to fix" not in ran.err
    assert "error[OM00" in ran.out
    assert contents(root) == before


def test_of_several_the_one_is_fixed_and_the_other_named(
    run: Run, tmp_path: Path, root: Path, lost: str
) -> None:
    other = tmp_path / "other"
    shutil.copytree(EXAMPLE, other)
    ran = run("check", str(other), str(root), "--fix", "--at", AT)
    assert ran.code == 1
    assert f"opmodel: {root}: nothing is fixed: `{lost}` could not be read" in ran.err
    assert "opmodel: nothing to fix" in ran.err


def test_no_gaps_is_not_certain(run: Run, root: Path, lost: str) -> None:
    ran = run("oncall", "gaps", str(root), "--at", AT)
    assert ran.code == 1
    assert f"not certain: `{lost}` could not be read, and may hold more schedules\n" in ran.out
    assert f"1 thing did not load (`{lost}` could not be read), so that answers" in ran.err
    ran = run("oncall", "gaps", str(root), "--at", AT, "--format", "json")
    assert ran.code == 1
    assert f'"unread":"`{lost}` could not be read, and may hold more schedules"' in ran.out.replace(
        '": "', '":"'
    )


def test_a_check_of_an_export_is_not_certain(run: Run, root: Path, lost: str) -> None:
    for command in (
        ("role-matrix", "--format", "csv", "-o", "matrix.csv"),
        ("runbooks", "-o", "pages"),
        ("release-checklist", "--format", "md", "-o", "list.md"),
        ("workbook", "-o", "book.xlsx"),
    ):
        name, *rest = command
        assert run("export", name, str(root), *rest, "--at", AT).code == 0
        ran = run("export", name, str(root), *rest, "--at", AT, "--check")
        assert ran.code == 1, command
        assert f"1 file ({lost}) could not be read, so what stands there is missing" in ran.err


def test_nothing_changed_is_not_certain(run: Run, root: Path, lost: str) -> None:
    ran = run("diff", str(EXAMPLE), str(root), "--at", AT, "--fail-on", "paging")
    assert ran.code == 1
    assert f"opmodel: diff: `{lost}` could not be read, so that more may have changed" in ran.err
    assert run("diff", str(EXAMPLE), str(root), "--at", AT).code == 0


def test_one_schedule_is_certain_where_all_whom_it_names_are_known(
    run: Run, root: Path, lost: str
) -> None:
    assert run("oncall", "gaps", "backup", str(root), "--at", AT).code == 0
    text = (root / "opmodel.yaml").read_text("utf-8")
    text = text.replace("participants: [ben, chloe, asha]", "participants: [zed, chloe, asha]")
    (root / "opmodel.yaml").write_text(text, "utf-8")
    ran = run("oncall", "gaps", "backup", str(root), "--at", AT)
    assert ran.code == 1
    assert f"`{lost}` could not be read, and may hold people whom it names" in ran.out


def test_a_folder_that_is_closed_is_not_recalled_as_open(
    run: Run, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is remembered of the same files without the folder is no answer."""
    shutil.move(root / "extra", root.parent / "extra")
    assert run("check", str(root), "--at", AT).code == 0
    shutil.move(root.parent / "extra", root / "extra")
    close(monkeypatch, root / "extra")
    ran = run("check", str(root), "--at", AT, "--format", "concise")
    assert (ran.code, ran.out) == (
        1, "extra/:1:1: OM001 syntax-error: not read: the system does not let us list the folder\n"
    )  # fmt: skip


@pytest.mark.parametrize("name", ["scenarios", "policies"])
def test_a_name_in_a_closed_folder_or_file_stays(
    run: Run, root: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    (root / name).mkdir(exist_ok=True)
    before = contents(root)
    close(monkeypatch, root / name)
    ran = run("rename", "people/asha", "ada", str(root), "--at", AT)
    assert ran.code == 2
    assert f"{name}/ could not be read, and may name `asha`" in ran.err
    monkeypatch.undo()
    (root / name / "own.yaml").symlink_to(root / "opmodel.yaml")
    ran = run("rename", "people/asha", "ada", str(root), "--at", AT)
    assert ran.code == 2
    assert f"{name}/own.yaml could not be read, and may name `asha`" in ran.err
    (root / name / "own.yaml").unlink()
    assert contents(root) == before


def test_what_is_deployed_in_a_closed_folder_is_told(
    run: Run, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = root / "deployed" / "inner"
    inner.mkdir(parents=True)
    close(monkeypatch, inner)
    ran = run("audit", str(root), "--at", AT)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        f"opmodel: {inner}: Permission denied; correct its permissions, or leave it out\n"
    )
