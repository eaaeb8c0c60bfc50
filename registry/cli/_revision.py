"""A registry as it was at a git revision: its files, written to a folder of ours.

Only git's plumbing is run, which reads objects: no hook, filter or watcher of a repository.
"""

import os
import subprocess
from collections.abc import Iterator

from registry.errors import CannotRunError
from registry.output.files import write_new
from registry.source.folder import MAX_FILE

_QUIET = (
    "-c",
    "core.fsmonitor=false",
    "-c",
    "core.hooksPath=/dev/null",
    "-c",
    "protocol.allow=never",
)
_BLOBS = frozenset({b"100644", b"100755"})
"""What a regular file is in a tree; links and submodules are none."""

_MOST = 512 * 1024 * 1024
"""Bytes of all files of a revision."""


def write_revision(root: str, revision: str, folder: str) -> str:
    """Write the files of the registry at `root` as they were at a revision; return their folder.

    Raises CannotRunError where there is no git, no repository, or no such revision.
    """
    tree = _git(
        root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{tree}}"
    )
    if tree is None:
        message = f"--base: there is no folder and no git revision `{revision}`"
        raise CannotRunError(message, "name a folder, a commit, a tag or a branch")
    prefix = (_git(root, "rev-parse", "--show-prefix") or b"").decode().strip()
    within = [prefix] if prefix else []
    listing = _git(root, "ls-tree", "-r", "-z", "-l", "--full-tree", tree.decode().strip(), *within)
    blobs = dict(_blobs(listing or b"", prefix))
    write_new(folder, dict(_contents(root, blobs)))
    return folder


def _git(root: str, *arguments: str, given: bytes = b"") -> bytes | None:
    """Run git; None where it fails."""
    command = ["git", *_QUIET, "-C", root, *arguments]
    environment = {
        **os.environ, "GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1", "LC_ALL": "C",
    }  # fmt: skip
    try:
        done = subprocess.run(  # noqa: S603 - plumbing alone, and no shell
            command, input=given, capture_output=True, check=False, env=environment
        )
    except OSError:
        raise CannotRunError("--base: git cannot be run", "name a folder instead") from None
    return done.stdout if done.returncode == 0 else None


def _blobs(listing: bytes, prefix: str) -> Iterator[tuple[str, str]]:
    """Yield each regular file that is not too large: its name below the prefix, and its object."""
    total = 0
    for line in filter(None, listing.split(b"\0")):
        about, _, path = line.partition(b"\t")
        mode, kind, name, size = about.split()
        file = os.fsdecode(path).removeprefix(prefix)
        if mode in _BLOBS and kind == b"blob" and int(size) <= MAX_FILE:
            total += int(size)
            if total > _MOST:
                raise CannotRunError("--base: the revision is too large", "name a folder instead")
            yield file, name.decode()


def _contents(root: str, blobs: dict[str, str]) -> Iterator[tuple[str, bytes]]:
    given = "".join(f"{name}\n" for name in blobs.values()).encode()
    read = _git(root, "cat-file", "--batch", given=given) or b""
    at = 0
    for file in blobs:
        end = read.index(b"\n", at)
        size = int(read[at:end].split()[2])
        yield file, read[end + 1 : end + 1 + size]
        at = end + 2 + size
