"""The hook, run by pre-commit itself when something is committed.

The environment that pre-commit would install is left out: the hook runs what is tested. All else is
as `.pre-commit-hooks.yaml` says.
"""

import subprocess
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from tests.cli.repository import commit, git, repository
from tests.test_action import BASE, HOOKS, PERSON


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with a registry that checks clean, and the hook installed."""
    for name in ("PRE_COMMIT_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "cache"))
    root = tmp_path / "work"
    (root / "operations").mkdir(parents=True)
    (root / "operations" / "opmodel.yaml").write_text(BASE, "utf-8")
    (root / "operations" / "people.yaml").write_text(PERSON, "utf-8")
    install(root, "operations")
    repository(root)
    done = subprocess.run(
        [sys.executable, "-m", "pre_commit", "install"],
        cwd=root, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return root


def install(root: Path, *args: str) -> None:
    hook = {
        **HOOKS[0],
        "entry": f"{sys.executable} -I -m registry {HOOKS[0]['entry'].partition(' ')[2]}",
        "language": "system",
        "args": list(args),
    }
    with (root / ".pre-commit-config.yaml").open("w", encoding="utf-8") as file:
        YAML(typ="safe").dump({"repos": [{"repo": "local", "hooks": [hook]}]}, file)


def refused(root: Path) -> str:
    """Try to commit all there is; return what the hook says, or nothing where it lets it pass."""
    before = git(root, "rev-parse", "HEAD")
    try:
        commit(root, "a change")
    except subprocess.CalledProcessError as error:
        assert git(root, "rev-parse", "HEAD") == before
        return (error.stdout + error.stderr).decode()
    return ""


def test_a_commit_that_only_deletes_a_file_is_caught(here: Path) -> None:
    (here / "operations" / "people.yaml").unlink()
    said = refused(here)
    assert "opmodel check" in said
    assert "error[OM007] unknown-reference: `accountable` names `ana`" in said


def test_a_commit_that_breaks_nothing_passes(here: Path) -> None:
    (here / "operations" / "people.yaml").write_text(f"# moved\n{PERSON}", "utf-8")
    assert refused(here) == ""
    (here / "README").write_text("Ours.\n", "utf-8")
    assert refused(here) == ""


@pytest.mark.slow
def test_what_is_not_staged_does_not_count(here: Path) -> None:
    """pre-commit puts it aside, and back."""
    (here / "README").write_text("Ours.\n", "utf-8")
    git(here, "add", "README")
    manifest = here / "operations" / "opmodel.yaml"
    manifest.write_text(BASE.replace("ana", "nobody"), "utf-8")
    git(here, "commit", "-q", "-m", "the page alone")
    assert "nobody" in manifest.read_text("utf-8")


@pytest.mark.parametrize("is_worktree", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_only_what_the_commit_brings(here: Path, is_worktree: bool) -> None:
    """git names its folder to a hook, in a second work tree above all."""
    install(here, "--since", "HEAD", "operations")
    (here / "operations" / "opmodel.yaml").write_text(
        f"{BASE}  cost: {{accountable: ben}}\n", "utf-8"
    )
    git(here, "add", "-A")
    git(here, "commit", "-q", "--no-verify", "-m", "known from now on")
    if is_worktree:
        git(here, "worktree", "add", "-q", str(here.parent / "second"))
        here = here.parent / "second"
    (here / "README").write_text("Ours.\n", "utf-8")
    assert refused(here) == ""
    (here / "operations" / "people.yaml").unlink()
    said = refused(here)
    assert "`accountable` names `ana`" in said
    assert "`ben`" not in said
