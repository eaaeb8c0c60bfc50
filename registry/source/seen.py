"""What a run sees of the machine, noted while it is seen: that is what its answer depends on.

Nobody lists the dependencies of a command. Whoever reads a file or looks at a path does it here, or
says so; what is read otherwise is noticed, and the answer is then not kept.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import time_ns

from registry.source import evidence

_RACY = 2_000_000_000
"""Nanoseconds: what was changed as shortly before a run may change again unseen, as a file system's
clock may tick once in two seconds."""

_BEGUN = time_ns()
"""When this process began to load the program, nearly."""


class Notes:
    """What one run has seen, in order, and the digest of it.

    `program` are files and folders of the program and the system, each with its last change.
    `begun` is when the run began, in nanoseconds since 1970. `doubts` say why its answer cannot be
    kept; `hour` is the one that it asked the clock for, in hours since 1970.
    """

    def __init__(self, begun: int) -> None:
        self.items: list[str] = []
        self.program: dict[str, list[int]] = {}
        self.doubts: list[str] = []
        self.hour: int | None = None
        self.is_noting = False
        self._begun = begun
        self._sum = evidence.Sum()
        self._listed: set[str] = set()

    @property
    def digest(self) -> bytes:
        """The digest of all evidence so far."""
        return self._sum.digest()

    def add(self, kind: str, path: str, found: "bytes | OSError") -> None:
        """Note what was found at a path, or that the system refused."""
        self.items.append(kind + path)
        if isinstance(found, bytes):
            self._sum.add(found)
        else:
            self._sum.miss(found)

    def names(self, path: str) -> None:
        """Note the names in a folder of the program."""
        if evidence.NAMES + path not in self._listed:
            self._listed.add(evidence.NAMES + path)
            try:
                self.add(evidence.NAMES, path, evidence.names(path))
            except OSError as error:
                self.add(evidence.NAMES, path, error)

    def mark(self, path: str) -> None:
        """Note a file or folder of the program or of the system by its last change."""
        if path not in self.program:
            found = self.program[path] = evidence.changes([path])
            if found[0] > self._begun - _RACY:
                self.doubts.append(f"{path} has only just been changed")


_NOTES: ContextVar[Notes | None] = ContextVar("notes", default=None)


@contextmanager
def noted(notes: Notes) -> Iterator[None]:
    """Note what is seen meanwhile."""
    token = _NOTES.set(notes)
    try:
        yield
    finally:
        _NOTES.reset(token)


@contextmanager
def opening() -> Iterator[None]:
    """Open files that are noted one by one as they are read."""
    notes = _NOTES.get()
    if notes is None or notes.is_noting:
        yield
        return
    notes.is_noting = True
    try:
        yield
    finally:
        notes.is_noting = False


def file(path: str, found: "bytes | OSError") -> None:
    """Note a file that was read, or that could not be."""
    if (notes := _NOTES.get()) is not None:
        notes.add(evidence.FILE, path, found)


def entries(path: str) -> "list[os.DirEntry[str]]":
    """List a folder. Raises OSError."""
    notes = _NOTES.get()
    if notes is None:
        return list(os.scandir(path))
    with opening():
        try:
            found = list(os.scandir(path))
        except OSError as error:
            notes.add(evidence.FOLDER, path, error)
            raise
    notes.add(evidence.FOLDER, path, evidence.entries(found))
    return found


def lexists(path: str) -> bool:
    """Whether anything is at a path, a link that leads nowhere included."""
    _place(path)
    return os.path.lexists(path)


def is_folder(path: str) -> bool:
    """Whether a folder is at a path, or a link that leads to one."""
    _place(path)
    return os.path.isdir(path)


def is_file(path: str) -> bool:
    """Whether a file is at a path, or a link that leads to one."""
    _place(path)
    return os.path.isfile(path)


def real(path: str) -> str:
    """Follow the links of a path."""
    found = os.path.realpath(path)
    if (notes := _NOTES.get()) is not None:
        notes.add(evidence.WAY, path, os.fsencode(found))
    return found


def mark(path: str) -> None:
    """Note a file of the system by its last change, whether it is there or not."""
    if (notes := _NOTES.get()) is not None:
        notes.mark(os.path.abspath(path))


def program() -> list[str]:
    """List the files and folders of the system and the program that are noted so far."""
    notes = _NOTES.get()
    return [] if notes is None else [*notes.program]


def code() -> list[str]:
    """List the files of all modules that are loaded; Python's own change only with its version."""
    own = os.path.join(os.path.dirname(os.path.abspath(os.__file__)), "")
    files = [getattr(one, "__file__", None) for one in [*sys.modules.values()]]
    found = (os.path.abspath(one) for one in files if isinstance(one, str))
    return sorted({one for one in found if not one.startswith(own) or "site-packages" in one})


def is_certain() -> bool:
    """Whether all that is seen is noted, and nothing so far puts in doubt what is made of it."""
    notes = _NOTES.get()
    return notes is not None and not notes.doubts


def are_settled(changes: list[int]) -> bool:
    """Whether none of these changes, as of `evidence.changes`, may be younger than this program.

    Else what is loaded may be other than what lies there now.
    """
    return max(changes, default=0) <= _BEGUN - _RACY


def hour(number: int) -> None:
    """Note that the clock was asked, for the hour alone: hours since 1970."""
    if (notes := _NOTES.get()) is not None:
        if notes.hour not in {None, number}:
            notes.doubts.append("the hour has passed meanwhile")
        notes.hour = number


def doubt(why: str) -> None:
    """Note that the answer depends on what cannot be noted."""
    if (notes := _NOTES.get()) is not None:
        notes.doubts.append(why)


def _place(path: str) -> None:
    if (notes := _NOTES.get()) is not None:
        try:
            notes.add(evidence.PLACE, path, evidence.place(path))
        except OSError as error:
            notes.add(evidence.PLACE, path, error)
        except ValueError:
            notes.doubts.append("no path of this system")
