"""A git repository for tests: nobody's own configuration counts in it."""

import os
import subprocess
from pathlib import Path

_OURS = {
    "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "Ana Silva",
    "GIT_AUTHOR_EMAIL": "ana@acme.example", "GIT_COMMITTER_NAME": "Ana Silva",
    "GIT_COMMITTER_EMAIL": "ana@acme.example", "GIT_AUTHOR_DATE": "2026-11-20T09:00:00Z",
    "GIT_COMMITTER_DATE": "2026-11-20T09:00:00Z",
}  # fmt: skip


def git(folder: Path, *argv: str, given: bytes | None = None) -> str:
    """Run git in a folder; return what it prints, without the last line break."""
    done = subprocess.run(
        ["git", "-C", str(folder), "-c", "protocol.file.allow=always", *argv],
        check=True, capture_output=True, input=given, env={**os.environ, **_OURS},
    )  # fmt: skip
    return done.stdout.decode().removesuffix("\n")


def commit(folder: Path, message: str) -> str:
    """Commit all that is in the work tree of a folder; return the commit."""
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "--allow-empty", "-m", message)
    return git(folder, "rev-parse", "HEAD")


def repository(folder: Path) -> Path:
    """Make a repository, whose branch is `main`, of what is in a folder."""
    git(folder, "init", "-q", "-b", "main")
    commit(folder, "first")
    return folder
