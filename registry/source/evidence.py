"""What an answer depends on, as the machine has it now: files, folders, places, the program.

This imports next to nothing: it is asked before anything is loaded. `seen` notes what is asked.
"""

import os
import stat

# What hashlib itself offers as blake2b; hashlib would load OpenSSL first, 5 ms of every start.
from _blake2 import blake2b

TYPE_CHECKING = False  # as of `typing`, which a start need not load
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

FILE, FOLDER, NAMES, PLACE, WAY = "fdnpw"
"""The kinds of evidence: a file's bytes, a folder's entries with their kinds, of one of the
program's the names alone, what lies at a path, and where a path really leads."""

_READING = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_CHUNK = 1 << 16
_COMPILED = "__pycache__"


class Sum:
    """A digest over pieces of evidence, in order; that something cannot be had is one, too."""

    def __init__(self) -> None:
        self._total = blake2b(digest_size=32)

    def add(self, evidence: bytes) -> None:
        """Take in what was found."""
        self._total.update(b"%d\n" % len(evidence))
        self._total.update(evidence)

    def miss(self, error: OSError) -> None:
        """Take in that the system refused, and why."""
        self._total.update(b"-%d\n" % (error.errno or 0))

    def digest(self) -> bytes:
        """Return the digest of all that was taken in so far."""
        return self._total.digest()


def now(items: "Iterable[str]") -> bytes:
    """Return the digest of what `items` are now: each is a kind of evidence and a path."""
    total = Sum()
    add = total.add
    for item in items:
        try:
            add(_LOOK[item[0]](item[1:]))
        except OSError as error:
            total.miss(error)
    return total.digest()


def changes(paths: "Iterable[str]") -> list[int]:
    """Tell of each path when it was last changed, by any means, and its size; else why not.

    For the files of the program, of which there are many: the time is the system's own, in
    nanoseconds since 1970, and no tool sets it to another.
    """
    found: list[int] = []
    stat_ = os.stat
    for path in paths:
        try:
            one = stat_(path)
            found += (one.st_ctime_ns, one.st_size)
        except OSError as error:
            found.append(-(error.errno or 0))
    return found


def content(path: str) -> bytes:
    """Read what a file holds; through no link as its last part. Raises OSError."""
    handle = os.open(path, _READING)
    try:
        raw = os.read(handle, _CHUNK)
        if len(raw) < _CHUNK:
            return raw
        return b"".join((raw, *iter(lambda: os.read(handle, 1 << 24), b"")))
    finally:
        os.close(handle)


def entries(found: "Iterable[os.DirEntry[str]]") -> bytes:
    """Write down a folder's entries: each name with what kind of thing it is."""
    return os.fsencode("\0".join(sorted([one.name + _kind(one) for one in found])))


def names(path: str) -> bytes:
    """List the names in a folder of the program; what Python compiles is none. Raises OSError."""
    return os.fsencode("\0".join(sorted([one for one in os.listdir(path) if one != _COMPILED])))


def place(path: str) -> bytes:
    """Tell what lies at a path, and of a link what it leads to. Raises OSError where nothing is."""
    kind = stat.S_IFMT(os.lstat(path).st_mode)
    if kind != stat.S_IFLNK:
        return b"%d" % kind
    try:
        return b"%d %d" % (kind, stat.S_IFMT(os.stat(path).st_mode))
    except OSError as error:
        return b"%d -%d" % (kind, error.errno or 0)


def way(path: str) -> bytes:
    """Tell where a path leads when its links are followed."""
    return os.fsencode(os.path.realpath(path))


def _kind(entry: "os.DirEntry[str]") -> str:
    if entry.is_file(follow_symlinks=False):
        return ""
    if entry.is_dir(follow_symlinks=False):
        return "/"
    if not entry.is_symlink():
        return "/?"
    try:
        return "/@/" if entry.is_dir() else "/@"
    except OSError:  # it goes in circles, or through a place that is closed to us
        return "/@!"


def _listed(path: str) -> bytes:
    return entries(os.scandir(path))


_LOOK: "dict[str, Callable[[str], bytes]]" = {
    FILE: content,
    FOLDER: _listed,
    NAMES: names,
    PLACE: place,
    WAY: way,
}
