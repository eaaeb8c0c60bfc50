"""A registry as it was at a git revision: its files, written to a private folder for a while.

They are read as any folder is then, with the same guards: a link stays a link, which is never
followed, and what is too large stays too large.
"""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from registry.cli._git import Entry, Repository, is_file
from registry.errors import CannotRunError
from registry.model.format import MANIFEST
from registry.source.folder import MAX_FILE
from registry.source.glob import Glob
from registry.workspace.manifest import read_manifest
from registry.workspace.open import read_named

_READ = (".json", ".md", ".yaml", ".yml")
"""Endings of what a registry may read whatever its `include` says: policies, schemas, baselines."""

_MOST = 512 * 1024 * 1024
"""Bytes of all files of a revision that are written."""

_DEEPEST = 130
"""Folders below each other; beyond, a registry reads nothing."""

_LINK, _SUBMODULE = "120000", "160000"
_NOWHERE = "/nonexistent/of-a-revision"
_HERE = "."


class Revision(NamedTuple):
    """A registry at a revision: its `folder`, None where it was not there.

    `read` opens a file that the command line names as it was then; None where it was not there.
    """

    folder: str | None
    read: Callable[[str], bytes | None]


@contextmanager
def revision(root: str, name: str, option: str) -> Iterator[Revision]:
    """Give the registry at `root` as it was at a revision, while the context lasts.

    `option` is named in what is refused. Raises CannotRunError where there is no git, no
    repository, no such revision, and where not all of it is in this clone.
    """
    repository = Repository(root, option)
    tree = repository.tree(name)
    with tempfile.TemporaryDirectory(prefix="opmodel-") as folder:
        found = repository.below(tree, repository.prefix)
        is_there = found is not None and _write(repository, found, folder)
        yield Revision(folder if is_there else None, _reader(repository, tree))


def _reader(repository: Repository, tree: str) -> Callable[[str], bytes | None]:
    top = os.path.realpath(repository.folder)
    for _ in filter(None, repository.prefix.split("/")):
        top = os.path.dirname(top)

    def read(name: str) -> bytes | None:
        """Read a file by its path from the working folder."""
        path = os.path.relpath(os.path.join(os.path.realpath(os.path.dirname(name) or "."),
                                            os.path.basename(name)), top)  # fmt: skip
        if path.startswith("../"):  # of no repository, or of another: as it is now
            return read_named(name)
        return repository.blob(tree, path, MAX_FILE)

    return read


def _write(repository: Repository, tree: str, folder: str) -> bool:
    """Write a tree's files; return whether a manifest is among them."""
    listed = repository.entries(tree)
    for one in listed:
        _refuse_odd(repository, one)
    entries = [one for one in listed if one.path.count("/") <= _DEEPEST]
    manifest = [one for one in entries if one.path == MANIFEST]
    if not manifest:
        return False
    _write_some(repository, manifest, folder, lambda _: True)
    rest = [one for one in entries if one.path != MANIFEST]
    _write_some(repository, rest, folder, _wanted(folder))
    for one in entries:
        if one.mode == _SUBMODULE:
            _write_submodule(repository, one, folder)
    for one in entries:
        if one.mode == _LINK:
            is_folder = os.path.isdir(os.path.join(os.path.realpath(repository.folder), one.path))
            _make_link(folder, one.path, _HERE if is_folder else _NOWHERE)
    return True


def _write_some(
    repository: Repository, entries: list[Entry], folder: str, wanted: Callable[[str], bool]
) -> None:
    """Write the regular files among some entries, with the content of those that may be read."""
    files = [one for one in entries if is_file(one)]
    full = [one for one in files if wanted(one.path) and (one.size or 0) <= MAX_FILE]
    _write_files(repository, full, folder)
    written = frozenset(one.path for one in full)
    for one in files:
        if one.path not in written:
            _make(folder, one.path, b"", (one.size or 0) if wanted(one.path) else 0)


def _refuse_odd(repository: Repository, entry: Entry) -> None:
    """Refuse what no honest tree holds, before anything of it is written."""
    parts = entry.path.split("/")
    if any(part in {"", ".", ".."} for part in parts):
        what = f"{repository.option}: the revision holds an odd entry, `{entry.path}`"
        raise CannotRunError(what, "remove it from the history")


def _wanted(folder: str) -> Callable[[str], bool]:
    """Tell the files whose content may be read; of all others only the name matters."""
    try:
        include = read_manifest(folder).manifest.include or ()
    except CannotRunError:  # a link, say: whoever opens the registry hears of it
        include = ()
    globs = [Glob(glob) for glob in include]
    return lambda path: path.endswith(_READ) or any(glob.matches(path) for glob in globs)


def _write_files(repository: Repository, entries: list[Entry], folder: str) -> None:
    if sum(one.size or 0 for one in entries) > _MOST:
        raise CannotRunError(
            f"{repository.option}: the revision is too large", "name a smaller folder"
        )
    data = repository.contents([one.name for one in entries])
    for one, content in zip(entries, data, strict=True):
        _make(folder, one.path, content)


def _write_submodule(repository: Repository, entry: Entry, folder: str) -> None:
    """Write a submodule's files from its own clone; where none is there, there were no files.

    Raises CannotRunError where its clone lacks the commit that the revision names.
    """
    place = os.path.join(os.path.realpath(repository.folder), entry.path)
    if os.path.realpath(place) != place or not os.path.lexists(os.path.join(place, ".git")):
        return
    inner = Repository(place, repository.option)
    if inner.prefix or not inner.has(entry.name):
        what = f"{repository.option}: the clone of the submodule `{entry.path}` lacks the revision"
        raise CannotRunError(what, "`git submodule update --init` fetches it")
    files = [one for one in inner.entries(inner.tree(entry.name)) if is_file(one)]
    within = os.path.join(folder, entry.path)
    for one in files:
        _refuse_odd(inner, one)
    _write_files(inner, [one for one in files if (one.size or 0) <= MAX_FILE], within)


def _make(folder: str, path: str, data: bytes, size: int = 0) -> None:
    """Write a file that is not there yet; one that is too large to be read is only as long."""
    with _refusing(path):
        place = os.path.join(folder, path)
        os.makedirs(os.path.dirname(place), exist_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
        with os.fdopen(os.open(place, flags, 0o600), "wb") as file:
            file.write(data)
            if size > MAX_FILE:
                file.truncate(size)


def _make_link(folder: str, path: str, target: str) -> None:
    """Make a link that leads nowhere, or to the folder that it is in: neither is followed.

    Only what is told of a link differs: a folder that is one is so whether or not it is named
    as a registry file, and is taken to have been one then if it is now.
    """
    with _refusing(path):
        os.makedirs(os.path.dirname(os.path.join(folder, path)), exist_ok=True)
        os.symlink(target, os.path.join(folder, path))


@contextmanager
def _refusing(path: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        what = f"the revision's `{path}` cannot be written: {error.strerror}"
        raise CannotRunError(what, "remove it from the history, or make room") from None
