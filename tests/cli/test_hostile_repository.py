"""A repository that would run programs, or never end: nothing of it is run, and it is refused."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from registry.cli import _git, _revision
from tests.cli.conftest import AT, FAULTY, Run
from tests.cli.repository import commit, git, repository

Asked = Callable[[], tuple[str, ...]]
COMMANDS = [
    ("check", "faulty", "--at", AT, "--since", "main"),
    ("diff", "main", "faulty", "--at", AT),
    ("diff", "main...HEAD", "faulty", "--at", AT),
]
HOOKS = (
    "applypatch-msg", "pre-commit", "post-checkout", "post-index-change", "post-merge",
    "reference-transaction", "pre-auto-gc", "fsmonitor-watchman", "pre-push", "sendemail-validate",
)  # fmt: skip


@pytest.fixture
def trap(tmp_path: Path) -> Path:
    """A program that leaves `sprung` behind where it is run."""
    path = tmp_path / "trap"
    path.write_text(f"#!/bin/sh\ntouch {tmp_path}/sprung\ncat\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def hostile(faulty: Path, trap: Path) -> Path:
    """A repository whose configuration, attributes and hooks name the trap wherever git reads one."""
    root = faulty.parent
    (root / ".gitattributes").write_text("* filter=evil diff=evil merge=evil\n")
    (faulty / "more.yaml").write_text("metrics: {x: {bucket: cost, response: page}}\n")
    repository(root)
    hooks = root / "hooks"
    hooks.mkdir()
    for name in HOOKS:
        (hooks / name).symlink_to(trap)
        (root / ".git" / "hooks" / name).unlink(missing_ok=True)
        (root / ".git" / "hooks" / name).symlink_to(trap)
    settings = {
        "core.fsmonitor": trap, "core.hooksPath": hooks, "core.pager": trap, "core.editor": trap,
        "core.sshCommand": trap, "core.askPass": trap, "core.gitProxy": trap,
        "core.alternateRefsCommand": trap, "credential.helper": trap, "gpg.program": trap,
        "diff.external": trap, "diff.evil.command": trap, "diff.evil.textconv": trap,
        "merge.evil.driver": trap, "filter.evil.clean": trap, "filter.evil.smudge": trap,
        "filter.evil.process": trap, "filter.evil.required": "true",
        "uploadpack.packObjectsHook": trap, "interactive.diffFilter": trap,
        "protocol.allow": "always", "protocol.file.allow": "always", "protocol.ext.allow": "always",
        "core.repositoryFormatVersion": "1", "extensions.partialClone": "origin",
        "remote.origin.url": f"ext::{trap}", "remote.origin.promisor": "true",
        "remote.origin.uploadpack": trap,
    }  # fmt: skip
    for name in ("rev-parse", "ls-tree", "cat-file", "merge-base"):
        settings |= {f"pager.{name}": trap, f"alias.{name}": f"!{trap}"}
    for name, value in settings.items():
        git(root, "config", name, str(value))
    return root


def _spring(hostile: Path) -> None:
    subprocess.run(["git", "-C", str(hostile), "status"], capture_output=True, check=False)


def test_the_trap_works(hostile: Path, trap: Path) -> None:
    _spring(hostile)
    assert trap.with_name("sprung").exists()


@pytest.mark.no_cover
@pytest.mark.parametrize("argv", COMMANDS, ids=" ".join)
def test_nothing_of_a_repository_is_run(
    hostile: Path, trap: Path, run: Run, monkeypatch: pytest.MonkeyPatch, argv: tuple[str, ...]
) -> None:
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", str(trap))
    monkeypatch.setenv("GIT_PAGER", str(trap))
    ran = run(*argv)
    assert (ran.code in {0, 1}, ran.err) == (True, "")
    assert not trap.with_name("sprung").exists()


@pytest.mark.no_cover
@pytest.mark.parametrize("argv", COMMANDS, ids=" ".join)
def test_what_is_missing_is_not_fetched(
    hostile: Path, trap: Path, run: Run, argv: tuple[str, ...]
) -> None:
    blob = git(hostile, "rev-parse", "main:faulty/more.yaml")
    (hostile / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    ran = run(*argv)
    assert (ran.code, ran.out) == (2, "")
    assert "objects of the revision are not in this clone, or cannot be read; fetch them" in ran.err
    assert not trap.with_name("sprung").exists()


def tree(root: Path, *entries: tuple[str, str, str]) -> str:
    """Write a tree of entries (mode, object, name) as it is, whatever git would say of it."""
    raw = b"".join(
        mode.encode() + b" " + os.fsencode(name) + b"\0" + bytes.fromhex(object_)
        for mode, object_, name in entries
    )
    return git(root, "hash-object", "-t", "tree", "--literally", "-w", "--stdin", given=raw)


@pytest.fixture
def blob(faulty: Path) -> Callable[[str], str]:
    repository(faulty.parent)

    def blob(text: str) -> str:
        return git(faulty.parent, "hash-object", "-w", "--stdin", given=text.encode())

    return blob


def _at(root: Path, registry: str) -> str:
    return tree(root, ("40000", registry, "faulty"))


@pytest.mark.parametrize(
    ("mode", "name"),
    [("100644", ".."), ("100644", "."), ("100644", "../x.yaml"), ("100644", "/x.yaml"),
     ("100644", "a//b")],
)  # fmt: skip
def test_entries_that_no_honest_tree_has_are_refused(
    faulty: Path, run: Run, blob: Callable[[str], str], mode: str, name: str
) -> None:
    root = faulty.parent
    inner = tree(root, ("100644", blob(FAULTY), "opmodel.yaml"), (mode, blob("x: 1\n"), name))
    ran = run("check", str(faulty), "--since", _at(root, inner))
    assert (ran.code, ran.out) == (2, "")
    assert "odd entry" in ran.err
    assert not (faulty.parent / "x.yaml").exists()


def test_a_name_twice_and_one_too_long_are_refused(
    faulty: Path, run: Run, blob: Callable[[str], str]
) -> None:
    root, file = faulty.parent, blob("x: 1\n")
    manifest = ("100644", blob(FAULTY), "opmodel.yaml")
    for names in (("x.yaml", "x.yaml"), ("x" * 300,)):
        inner = tree(root, manifest, *(("100644", file, name) for name in names))
        ran = run("check", str(faulty), "--since", _at(root, inner))
        assert ran.code == 2
        assert "the revision's `x" in ran.err
    link = tree(root, manifest, ("100644", file, "x.yaml"), ("120000", file, "x.yaml"))
    assert "cannot be written" in run("check", str(faulty), "--since", _at(root, link)).err


def test_a_link_and_what_is_below_it_stay_inside(
    faulty: Path, run: Run, blob: Callable[[str], str], tmp_path: Path
) -> None:
    root = faulty.parent
    below = tree(root, ("100644", blob("x: 1\n"), "x.yaml"))
    inner = tree(
        root,
        ("100644", blob(FAULTY), "opmodel.yaml"),
        ("120000", blob(str(tmp_path)), "a"),
        ("40000", below, "a"),
    )
    assert run("check", str(faulty), "--since", _at(root, inner)).code == 2
    assert not (tmp_path / "x.yaml").exists()


def test_a_tree_of_very_many_files_ends_in_an_error(
    faulty: Path, run: Run, blob: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nine trees of ten names each are a thousand million files."""
    root = faulty.parent
    inner = tree(root, *(("100644", blob("x: 1\n"), f"{n}.yaml") for n in range(10)))
    for _ in range(8):
        inner = tree(root, *(("40000", inner, str(n)) for n in range(10)))
    inner = tree(root, ("40000", inner, "many"), ("100644", blob(FAULTY), "opmodel.yaml"))
    monkeypatch.setattr(_git, "_LISTING", 1024 * 1024)
    ran = run("check", str(faulty), "--since", _at(root, inner))
    assert (ran.code, ran.out) == (2, "")
    assert "the revision is too large" in ran.err


def test_a_revision_of_very_many_bytes_ends_in_an_error(
    faulty: Path, run: Run, blob: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert blob("")
    monkeypatch.setattr(_revision, "_MOST", 100)
    ran = run("check", str(faulty), "--since", "main")
    assert ran.err == "opmodel: --since: the revision is too large; name a smaller folder\n"


@pytest.mark.no_cover
def test_folders_that_no_reader_enters_are_left_out(
    faulty: Path, run: Run, blob: Callable[[str], str]
) -> None:
    root = faulty.parent
    inner = tree(root, ("100644", blob("x: 1\n"), "x.yaml"))
    for _ in range(140):
        inner = tree(root, ("40000", inner, "d"))
    inner = tree(root, ("40000", inner, "d"), ("100644", blob(FAULTY), "opmodel.yaml"))
    assert run("check", str(faulty), "--since", _at(root, inner)).code == 0


def test_a_folder_that_was_a_file_was_no_registry(
    faulty: Path, run: Run, blob: Callable[[str], str]
) -> None:
    root = faulty.parent
    for mode in ("100644", "120000"):
        was = tree(root, (mode, blob("elsewhere"), "faulty"))
        assert "the registry was not there at" in run("check", str(faulty), "--since", was).err


def test_nothing_is_left_behind(
    faulty: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import tempfile

    repository(faulty.parent)
    commit(faulty, "again")
    (tmp_path / "t").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "t"))
    run("check", str(faulty), "--since", "main")
    run("diff", "main", str(faulty))
    run("diff", "main", "HEAD", str(faulty))
    assert list((tmp_path / "t").iterdir()) == []
