"""A git repository, read by git's own plumbing.

Only `rev-parse`, `merge-base`, `ls-tree` and `cat-file` are run, which read objects: no hook, no
filter, no `textconv`, no watcher of files and no transport of a repository is ever started, and the
index and the work tree are not looked at.
"""

import os
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import IO, NamedTuple

from registry.errors import CannotRunError
from registry.output.terminal import brief

_OFF = (
    "core.fsmonitor=false",
    "core.untrackedCache=false",
    "core.hooksPath=/dev/null",
    "core.pager=cat",
    "protocol.allow=never",
)
_REDIRECTING = (
    "GIT_DIR", "GIT_WORK_TREE", "GIT_IMPLICIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR",
    "GIT_PREFIX", "GIT_NAMESPACE", "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_GRAFT_FILE", "GIT_SHALLOW_FILE", "GIT_REPLACE_REF_BASE", "GIT_EXTERNAL_DIFF",
    "GIT_ATTR_SOURCE",
)  # fmt: skip
"""What a hook's environment says of its own repository, which need not be the registry's."""

_LISTING = 64 * 1024 * 1024
"""Bytes of the list of a tree's files: half a million of them. A few objects can name billions."""

_SMALL = 1024 * 1024


class Entry(NamedTuple):
    """An entry of a tree, whole paths and no folders.

    `size` is in bytes; None for a submodule, and for what is not in the clone.
    """

    mode: str
    kind: str
    name: str
    size: int | None
    path: str


class Repository:
    """The repository that a folder stands in; `option` is named in what is refused."""

    def __init__(self, folder: str, option: str) -> None:
        self.folder = folder
        self.option = option
        asked = ("--is-inside-work-tree", "--is-shallow-repository", "--show-prefix")
        done = self._run("rev-parse", *asked)
        if done.code:
            raise self._no_repository(done.error)
        inside, shallow, prefix = done.output.decode("utf-8", "surrogateescape").split("\n", 2)
        if inside != "true":
            raise self._refused(f"{folder} is no part of a git work tree")
        self.is_shallow = shallow == "true"
        self.prefix = prefix.removesuffix("\n").rstrip("/")
        """From the top of the work tree to the folder; empty where they are the same."""

    def tree(self, revision: str) -> str:
        """Name the tree of a revision, or of the merge base of `A...B`.

        Raises CannotRunError where there is none of that name.
        """
        if not revision.strip():
            raise self._refused("no revision is named", "name a commit, a tag or a branch")
        if "..." in revision:
            revision = self.merge_base(*revision.split("...", 1))
        found = None if revision.startswith("-") else self._object(f"{revision}^{{tree}}")
        if found is None:
            raise self._lacking() if self._is_lost(revision) else self._unknown(revision)
        return found

    def _is_lost(self, revision: str) -> bool:
        """Whether a name stands for an object that cannot be read."""
        found = None if revision.startswith("-") else self._object(revision)
        is_name = found is not None and not found.startswith(revision.lower())
        return is_name and self._run("cat-file", "-t", str(found)).code != 0

    def merge_base(self, one: str, other: str) -> str:
        """Name the best common ancestor of two revisions; an empty one is HEAD."""
        commits = [self._object(f"{name or 'HEAD'}^{{commit}}") for name in (one, other)]
        for name, commit in zip((one, other), commits, strict=True):
            if commit is None or name.startswith("-"):
                raise self._unknown(name)
        done = self._run("merge-base", *filter(None, commits))
        if done.code:
            what = f"`{one or 'HEAD'}` and `{other or 'HEAD'}` have no common ancestor here"
            raise self._refused(what, self._deepen())
        return done.output.decode().split("\n", 1)[0]

    def below(self, tree: str, path: str) -> str | None:
        """Name the tree of a folder in a tree; None where there is no such folder."""
        found = self._object(f"{tree}:{path}") if path else tree
        if found is None:
            return None
        done = self._run("cat-file", "-t", found)
        return found if done.output.strip() == b"tree" else None

    def has(self, commit: str) -> bool:
        """Whether a commit is among the objects."""
        return self._object(f"{commit}^{{commit}}") is not None

    def entries(self, tree: str) -> list[Entry]:
        """List every file of a tree. Raises CannotRunError where that cannot be done."""
        done = self._run("ls-tree", "-r", "-z", "-l", "--full-tree", tree, most=_LISTING)
        if done.code:
            raise self._lacking()
        return [_entry(line) for line in filter(None, done.output.split(b"\0"))]

    def blob(self, tree: str, path: str, most: int) -> bytes | None:
        """Read a regular file of a tree by its path; None where none of at most so many bytes is.

        A link is none.
        """
        done = self._run("ls-tree", "-z", "-l", "--full-tree", tree, "--", path)
        found = [_entry(line) for line in filter(None, done.output.split(b"\0"))]
        fits = [one for one in found if one.path == path and is_file(one)]
        if not fits or (fits[0].size or 0) > most:
            return None
        return next(self.contents([fits[0].name]))

    def contents(self, names: Sequence[str]) -> Iterator[bytes]:
        """Yield the bytes of blobs, one after the other as they are read, unfiltered."""
        with tempfile.TemporaryFile() as asked:
            asked.write("".join(f"{name}\n" for name in names).encode())
            asked.seek(0)
            with self._process(("cat-file", "--batch"), asked) as output:
                for _ in names:
                    yield self._one(output)

    def _one(self, output: IO[bytes]) -> bytes:
        about = output.readline().split()
        if len(about) != 3:
            raise self._lacking()
        size = int(about[2])
        data = output.read(size)
        if len(data) != size or output.read(1) != b"\n":
            raise self._lacking()
        return data

    # -- git -------------------------------------------------------------------------------------

    def _object(self, name: str) -> str | None:
        done = self._run("rev-parse", "--verify", "--quiet", "--end-of-options", name)
        return None if done.code else done.output.decode().strip()

    def _run(self, *arguments: str, most: int = _SMALL) -> "_Done":
        """Run git to its end; raises CannotRunError where it says more than `most` bytes."""
        with tempfile.TemporaryFile() as said, self._started(arguments, None, said) as process:
            assert process.stdout is not None  # noqa: S101 - as it is started
            output = process.stdout.read(most + 1)
            if len(output) > most:
                process.kill()
                raise self._refused("the revision is too large", "name a smaller folder")
            code = process.wait()
            said.seek(0)
            return _Done(code, output, said.read(_SMALL).decode("utf-8", "replace"))

    @contextmanager
    def _process(self, arguments: Sequence[str], given: IO[bytes]) -> Iterator[IO[bytes]]:
        with self._started(arguments, given, subprocess.DEVNULL) as process:
            assert process.stdout is not None  # noqa: S101 - as it is started
            try:
                yield process.stdout
            finally:
                process.kill()

    def _started(
        self, arguments: Sequence[str], given: IO[bytes] | None, errors: IO[bytes] | int
    ) -> "subprocess.Popen[bytes]":
        off = [word for setting in _OFF for word in ("-c", setting)]
        command = ["git", "--no-pager", *off, "-C", self.folder, *arguments]
        stdin = subprocess.DEVNULL if given is None else given
        try:
            return subprocess.Popen(  # noqa: S603 - plumbing alone, and no shell
                command, stdin=stdin, stdout=subprocess.PIPE, stderr=errors, env=_environment()
            )
        except OSError:
            raise self._refused("git cannot be run", "install it") from None

    # -- what is refused -------------------------------------------------------------------------

    def _refused(self, what: str, help_: str = "name a folder of a clone") -> CannotRunError:
        return CannotRunError(f"{self.option}: {what}", help_)

    def _no_repository(self, said: str) -> CannotRunError:
        if "dubious ownership" in said:
            help_ = "`git config --global --add safe.directory FOLDER` says that it may be read"
            return self._refused("git does not trust the folder, which is somebody else's", help_)
        if "not a git repository" in said:
            return self._unread() or self._refused(f"{self.folder} is in no git repository")
        lines = said.strip().splitlines() or ["no reason given"]
        return self._refused(f"git cannot read the repository: {brief(lines[-1])}", "mend it")

    def _unread(self) -> CannotRunError | None:
        """Say which part of a repository that is there cannot be read; None where none is there."""
        above = os.path.realpath(self.folder)
        while not os.path.lexists(there := os.path.join(above, ".git")):
            if above == (above := os.path.dirname(above)):
                return None
        inner = ("HEAD", "objects", "refs") if os.path.isdir(there) else ()
        parts = (there, *(os.path.join(there, one) for one in inner))
        closed = next((one for one in parts if os.path.exists(one) and not _may_read(one)), None)
        if closed is None:
            return self._refused(f"{there} is no repository that git can read", "mend it")
        help_ = "make it readable for whoever runs this, or run it as its owner"
        return self._refused(f"{closed} cannot be read", help_)

    def _unknown(self, revision: str) -> CannotRunError:
        help_ = self._deepen() if self.is_shallow else "name a commit, a tag or a branch"
        return self._refused(f"there is no git revision `{revision}`", help_)

    def _deepen(self) -> str:
        if not self.is_shallow:
            return "name two revisions of one history"
        return "the clone is shallow: `git fetch --unshallow`, or check out with `fetch-depth: 0`"

    def _lacking(self) -> CannotRunError:
        return self._refused(
            "objects of the revision are not in this clone, or cannot be read",
            "fetch them, for the clone may be partial, or make `.git/objects` readable",
        )


def _may_read(path: str) -> bool:
    return os.access(path, os.R_OK | (os.X_OK if os.path.isdir(path) else 0))


class _Done(NamedTuple):
    code: int
    output: bytes
    error: str


def is_file(entry: Entry) -> bool:
    """Whether an entry is a regular file; a link and a submodule are none."""
    return entry.kind == "blob" and entry.mode.startswith("100")


def _entry(line: bytes) -> Entry:
    about, _, path = line.partition(b"\t")
    mode, kind, name, size = about.decode().split()
    length = int(size) if size.isdigit() else None  # `BAD` where the object is not in the clone
    return Entry(mode, kind, name, length, os.fsdecode(path))


def _environment() -> dict[str, str]:
    """Return the user's environment, without what redirects git or lets it ask or fetch."""
    kept = {name: value for name, value in os.environ.items() if name not in _REDIRECTING}
    return {
        **kept, "GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": "none",
        "GIT_NO_REPLACE_OBJECTS": "1", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C",
    }  # fmt: skip
