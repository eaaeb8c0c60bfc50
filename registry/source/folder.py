"""A folder to files: what a registry reads, what it skips, and what it refuses to open."""

import errno
import os
import re
import stat
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, Self

from registry.diagnostic import Diagnostic, Label
from registry.model.format import BASELINE, MANIFEST
from registry.source import seen
from registry.source.glob import Glob
from registry.source.text import SUSPICIOUS, describe
from registry.span import Location

MAX_FILE = 16 * 1024 * 1024
"""Bytes of one registry file; found by stat, before anything is read."""

DEFAULT_INCLUDE = ("**/*.yaml", "**/*.yml", "**/runbooks/*.md")
RESERVED_FOLDERS = ("policies", "schemas", "scenarios", "deployed", "evals")
"""Folders at the root that hold something other than registry files."""

_MAX_DEPTH = 128
_LOOKS_LIKE_ONE = re.compile(r"(?i)(?:.*\.ya?ml|(?:.*/)?runbooks/[^/]*\.md)", re.DOTALL)


class File(NamedTuple):
    """A file that was read: `name` is relative, printable and has forward slashes."""

    name: str
    raw: bytes


class SkippedFile(NamedTuple):
    """A file that looks like one of a registry and is not read, with the reason for people."""

    name: str
    why: str


class Folder(NamedTuple):
    """What lies below a root: candidates by name, and which likely files are left out, and why.

    `unmatched` are the `include` globs that match nothing, `closed` the folders that the system
    does not let us list and that registry files may stand in, `linked` those beyond a symbolic
    link, `others` what is no registry file and not hidden, a closed folder with a slash at its end.
    """

    names: tuple[str, ...]
    left_out: tuple[SkippedFile, ...]
    unmatched: tuple[str, ...]
    closed: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    linked: tuple[str, ...] = ()

    @property
    def skipped(self) -> int:
        """How many likely files are left out."""
        return len(self.left_out)


class Gathered(NamedTuple):
    """A folder whose files were read: for each name its content, or why it was not read."""

    folder: Folder
    files: dict[str, File | Diagnostic]


def scan(
    root: str,
    include: Sequence[str] | None = None,
    exclude: Sequence[str] = (),
    apart: Iterable[str] = (),
) -> Folder:
    """List the registry files below `root`, sorted by name; nothing is opened.

    `include` and `exclude` are globs relative to the root (`**` crosses folders); `apart` are files
    that are no registry files, such as the policy; nor is the baseline beside the manifest.
    `unmatched` are the `include` globs that match nothing.
    Raises OSError where the root itself cannot be listed.
    """
    sieve = _Sieve(include, exclude, apart)
    closed: list[tuple[str, str]] = []
    for name, hidden in _walk(root, closed):
        sieve.take(name, hidden)
    if MANIFEST not in sieve.names and seen.lexists(os.path.join(root, MANIFEST)):
        sieve.names.append(MANIFEST)
    return Folder(
        tuple(sorted(sieve.names)),
        tuple(sorted(sieve.left_out)),
        tuple(glob for glob in (include or ()) if glob not in sieve.matched),
        tuple(sorted(name for name, hidden in closed if not hidden and sieve.may_be_wanted(name))),
        tuple(sorted((*sieve.others, *(name for name, _ in closed)))),
        tuple(sorted(sieve.linked)),
    )


class _Sieve:
    """Tells a registry's files from others, one name after the other."""

    def __init__(
        self, include: Sequence[str] | None, exclude: Sequence[str], apart: Iterable[str]
    ) -> None:
        self._wanted = [Glob(glob) for glob in (include or DEFAULT_INCLUDE)]
        self._unwanted = [Glob(glob) for glob in exclude]
        self._apart = frozenset((*apart, BASELINE))
        self.matched: set[str] = set()
        self.names: list[str] = []
        self.others: list[str] = []
        self.left_out: list[SkippedFile] = []
        self.linked: list[str] = []

    def is_unwanted(self, name: str) -> bool:
        """Whether `exclude` names it."""
        return any(glob.matches(name) for glob in self._unwanted)

    def may_be_wanted(self, name: str) -> bool:
        """Whether registry files may stand in a folder, whose name ends with a slash."""
        may_match = any(glob.may_match_below(name[:-1]) for glob in self._wanted)
        return may_match and not self.is_unwanted(f"{name}x")

    def take(self, name: str, hidden: str) -> None:
        """Sort one name in; `hidden` says why nothing is read where it lies, if so."""
        if name.endswith("/"):
            self._take_folder(name, hidden)
            return
        hits = [glob.text for glob in self._wanted if glob.matches(name)]
        is_unwanted = self.is_unwanted(name)
        if hits and not (hidden or name in self._apart or is_unwanted):
            self.matched.update(hits)
            self.names.append(name)
            return
        self._see(name)
        if name not in self._apart and name != MANIFEST and _LOOKS_LIKE_ONE.fullmatch(name):
            why = hidden or (_EXCLUDED if is_unwanted else _NO_HIT)
            self.left_out.append(SkippedFile(printable(name), why))

    def _take_folder(self, name: str, hidden: str) -> None:
        """Sort in a folder that is not gone into: it is a link, or lies too deep."""
        self._see(name)
        if hidden or not self.may_be_wanted(name):
            why = hidden or (_EXCLUDED if self.is_unwanted(f"{name}x") else _NO_HIT)
            self.left_out.append(SkippedFile(printable(name), why))
        else:
            self.linked.append(name)

    def _see(self, name: str) -> None:
        if "/." not in f"/{name}":
            self.others.append(name.rstrip("/"))


_HIDDEN = "its name, or its folder's, begins with a dot"
_NESTED = f"its folder has an {MANIFEST} of its own: it is of another registry"
_TOO_DEEP = f"it lies below more than {_MAX_DEPTH} folders"
_EXCLUDED = "`exclude` names it"
_NO_HIT = "no pattern of `include` names it"


def _walk(root: str, closed: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield each file's name and why it is not read, if it lies in a place that is not.

    A folder that is a symbolic link or lies too deep down is one such, with a slash at its end.
    Folders that cannot be listed are added to `closed` likewise.
    """
    pending: list[tuple[str, str, int]] = [("", "", 0)]
    while pending:
        prefix, hidden, depth = pending.pop()
        try:
            entries = seen.entries(os.path.join(root, prefix))
        except OSError:
            if not prefix:
                raise
            if "/." not in f"/{prefix}":
                closed.append((prefix, hidden))
            continue
        if not hidden and prefix and any(entry.name == MANIFEST for entry in entries):
            hidden = _NESTED
        for entry in entries:
            name = prefix + entry.name
            left_out = hidden or (_HIDDEN if entry.name.startswith(".") else "")
            if not prefix and entry.name in RESERVED_FOLDERS:
                left_out = left_out or f"`{entry.name}/` holds no registry files"
            if not _is_folder(entry) or entry.name.endswith((".yaml", ".yml")):
                yield name, hidden or (_HIDDEN if entry.name.startswith(".") else "")
            elif entry.is_symlink():
                yield name + "/", left_out
            elif depth >= _MAX_DEPTH:
                yield name + "/", left_out or _TOO_DEEP
            elif entry.name != ".git":
                pending.append((name + "/", left_out, depth + 1))


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that goes in circles, or through a place that is closed to us
        return False


def leaves_root(glob: str) -> bool:
    """Whether a glob or path from a registry points outside its root, or is no relative path."""
    parts = glob.replace("\\", "/").split("/")
    return glob.startswith(("/", "~", "\\")) or ".." in parts or ":" in glob or "\0" in glob


def read(root: str, name: str) -> File | Diagnostic:
    """Read one regular file below `root`; never through a symbolic link, never a device.

    Returns a finding where the file is not read: OM013 for what is no regular file, is too large or
    lies beyond a link, OM001 for what the system does not let us read.
    """
    for part in _above(name):
        seen.is_folder(os.path.join(root, part))
    try:
        with seen.opening(), _FolderReader(root) as below:
            return below.read(name)
    except OSError as error:
        seen.file(os.path.join(root, name), error)
        return _unreadable(printable(name), error)


def _above(name: str) -> Iterator[str]:
    """Yield the folders on the way to a file, the outermost first."""
    parts = name.split("/")
    return ("/".join(parts[:count]) for count in range(1, len(parts)))


def gather(
    root: str,
    include: Sequence[str] | None = None,
    exclude: Sequence[str] = (),
    apart: Iterable[str] = (),
) -> Gathered:
    """Scan a folder and read every registry file in it; raises OSError as `scan` does."""
    found = scan(root, include, exclude, apart)
    with seen.opening(), _FolderReader(root) as below:
        return Gathered(found, {name: below.read(name) for name in found.names})


_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class _FolderReader:
    """Opens files by handles alone, one folder after the other from the root down.

    So nothing that is put into the way, before the check or during it, leads out of the root. The
    folder of the last file stays open for the next one.
    """

    def __init__(self, root: str) -> None:
        self._above = root
        self._root = os.open(root, _FOLDER)
        self._path = ""
        self._folder = self._root

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._leave()
        os.close(self._root)

    def read(self, name: str) -> File | Diagnostic:
        path, _, base = name.rpartition("/")
        shown, place = printable(name), os.path.join(self._above, name)
        try:
            if path != self._path:
                self._enter(path)
            handle = os.open(base, _FILE, dir_fd=self._folder)
        except (OSError, ValueError) as error:
            self._leave()
            seen.file(place, error if isinstance(error, OSError) else OSError())
            return _refused(shown, error)
        try:
            got = _regular(handle, shown)
        except OSError as error:
            seen.file(place, error)
            return _unreadable(shown, error)
        finally:
            os.close(handle)
        if isinstance(got, File):
            seen.file(place, got.raw)
        else:
            seen.doubt(f"{place} is no file that can be read")
        return got

    def _enter(self, path: str) -> None:
        """Go to a folder; raises OSError where that is none or a link is on the way."""
        self._leave()
        for part in filter(None, path.split("/")):
            if part == "..":
                raise OSError(errno.ELOOP, "leaves the root")
            inner = os.open(part, _FOLDER | os.O_NOFOLLOW, dir_fd=self._folder)
            self._leave()
            self._folder = inner
        self._path = path

    def _leave(self) -> None:
        if self._folder != self._root:
            os.close(self._folder)
        self._folder, self._path = self._root, ""


def _regular(handle: int, shown: str) -> File | Diagnostic:
    status = os.fstat(handle)
    if not stat.S_ISREG(status.st_mode):
        folder = stat.S_ISDIR(status.st_mode)
        return _unsafe(shown, "a folder with a file's name" if folder else "no regular file")
    if status.st_size > MAX_FILE:
        return _unsafe(shown, f"larger than {MAX_FILE // 1024 // 1024} MB")
    raw = os.read(handle, status.st_size + 1)
    while len(raw) < status.st_size and (more := os.read(handle, MAX_FILE)):
        raw += more
    return File(shown, raw)


def odd_name(name: str) -> Diagnostic | None:
    """Report a file name with characters that a reader cannot see, or one that is not UTF-8."""
    shown = printable(name)
    if shown == name:
        return None
    found = SUSPICIOUS.search(name)
    odd = found[0] if found else next(char for char in name if not char.isprintable())
    what = "bytes that are not UTF-8" if "\udc80" <= odd <= "\udcff" else describe(odd)
    label = Label(Location(shown), "this file")
    return Diagnostic("OM014", f"a file name with {what}", label, "rename the file")


def printable(name: str) -> str:
    """Show a file name on one line, whatever bytes the file system holds."""
    if not SUSPICIOUS.search(name) and name.isprintable():
        return name
    text = os.fsencode(name).decode("utf-8", "backslashreplace")
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode() for char in text
    )


def _refused(shown: str, error: OSError | ValueError) -> Diagnostic:
    """Say why a file was not opened: it is a link or lies beyond one, a socket, or closed to us."""
    number = getattr(error, "errno", None)
    if number in {errno.ELOOP, errno.EMLINK, errno.ENOTDIR}:
        return _unsafe(shown, "a symbolic link; a registry's files stand in its own folder")
    if number == errno.ENXIO:
        return _unsafe(shown, "no regular file")
    return _unreadable(shown, error)


def linked_folder(name: str) -> Diagnostic:
    """Say that a folder is a symbolic link, so that nothing in it is read."""
    label = Label(Location(printable(name)), "this folder")
    help_ = "put the files themselves in the registry's folder, or `exclude` the folder"
    message = "not read: a symbolic link; a registry's files stand in its own folder"
    return Diagnostic("OM013", message, label, help_)


def _unsafe(shown: str, what: str) -> Diagnostic:
    label = Label(Location(shown), "this file")
    help_ = "put the text itself in the registry's folder, or `exclude` the file"
    return Diagnostic("OM013", f"not read: {what}", label, help_)


def _unreadable(shown: str, error: OSError | ValueError) -> Diagnostic:
    label = Label(Location(shown), "this file")
    reason = getattr(error, "strerror", None) or str(error)
    return Diagnostic("OM001", f"not read: {reason}", label, "make the file readable")
