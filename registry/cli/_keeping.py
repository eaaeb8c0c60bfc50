"""What a command says, kept for the next time together with all that it has seen meanwhile."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, TextIO, cast

from registry.cli._door import Door, Said, cache_folder
from registry.source import seen

_PROGRAM = (
    os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))),
    os.path.abspath(sys.prefix),
    os.path.abspath(sys.base_prefix),
    os.path.dirname(os.path.abspath(os.__file__)),
    "/etc",
    "/usr",
)
"""Where the program, its libraries, Python and the system lie: of a file there its last change
counts and not what it holds, of a folder the names in it."""

_OUTWARD = frozenset({
    "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.startfile", "os.system",
    "socket.connect", "socket.getaddrinfo", "sqlite3.connect", "subprocess.Popen",
})  # fmt: skip
"""What Python's audit calls that which an answer may depend on, and nobody can note."""

_LISTING = frozenset({"os.listdir", "os.scandir"})
_IMPORTING = frozenset({"_frozen_importlib_external", "importlib._bootstrap_external"})
"""What Python's own search for modules is called."""

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND

_MOST = 8 * 1024 * 1024
"""Bytes of output that are kept; more is rather made anew."""


@contextmanager
def keeping(door: Door) -> Iterator[list[int]]:
    """Note what a command sees and says; keep it if the list that is given has its exit code."""
    notes = seen.Notes(door.begun)
    codes: list[int] = []
    with seen.noted(notes), _heard() as pieces, _watched(notes):
        yield codes
    if codes[0] not in {0, 1} or sum(len(data) for _, data in pieces) > _MOST:
        return
    for path in seen.code():
        notes.mark(path)
        if len(notes.program[path]) == 1:
            notes.doubts.append(f"{path} is loaded and not there")  # as out of an archive
    if not notes.doubts:
        door.keep(notes, pieces, codes[0])


@contextmanager
def _heard() -> Iterator[list[Said]]:
    """Take down meanwhile all that is written to standard output and standard error."""
    pieces: list[Said] = []
    before = sys.stdout, sys.stderr
    sys.stdout = cast("TextIO", _Heard(sys.stdout, 1, pieces))
    sys.stderr = cast("TextIO", _Heard(sys.stderr, 2, pieces))
    try:
        yield pieces
    finally:
        sys.stdout, sys.stderr = before


class _Heard:
    """A stream that takes down the bytes of what is written to it; else it is as it was."""

    def __init__(self, stream: Any, number: int, pieces: list[Said]) -> None:
        self._stream, self._number, self._pieces = stream, number, pieces

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    @property
    def buffer(self) -> "_Heard":
        """The stream below it, of bytes."""
        return _Heard(self._stream.buffer, self._number, self._pieces)

    def write(self, data: str | bytes) -> Any:
        """Take down, then write: a reader who has left before changes nothing of what is said."""
        if isinstance(data, str):
            raw = data.encode(self._stream.encoding, self._stream.errors or "strict")
        else:
            raw = bytes(data)
        self._pieces.append((self._number, raw))
        return self._stream.write(data)


@contextmanager
def _watched(notes: seen.Notes) -> Iterator[None]:
    """Notice meanwhile what is read and nobody notes."""
    watches = _watches()
    watches.append(_Watch(notes, cache_folder() or ""))
    try:
        yield
    finally:
        watches.clear()


@cache
def _watches() -> "list[_Watch]":
    """Return the list of those that are told all that Python's audit tells; it cannot be undone."""
    watches: list[_Watch] = []

    def hook(event: str, args: tuple[Any, ...]) -> None:
        if event in _LISTING and sys._getframe(1).f_globals.get("__name__") in _IMPORTING:  # noqa: SLF001
            return  # for a module, which stands for itself
        for watch in watches:
            watch.see(event, args)

    sys.addaudithook(hook)
    return watches


class _Watch:
    """Sees each file that is opened and each folder that is listed, whoever does it.

    What nobody notes and lies outside of the program puts the answer in doubt.
    """

    def __init__(self, notes: seen.Notes, cache: str) -> None:
        self._notes = notes
        self._cache = os.path.join(cache, "")

    def see(self, event: str, args: tuple[Any, ...]) -> None:
        """Take notice of one event of Python's audit; never in the way of what is watched."""
        try:
            if not self._notes.is_noting:
                self._see(event, args)
        except Exception as error:  # noqa: BLE001 - raised here, it would end what is watched
            self._notes.doubts.append(f"{event}: {error}")

    def _see(self, event: str, args: tuple[Any, ...]) -> None:
        if event == "open":
            self._opened(args[0], args[2])
        elif event in _LISTING:
            self._listed(args[0])
        elif event in _OUTWARD:
            self._notes.doubts.append(event)

    def _opened(self, path: Any, flags: int) -> None:
        if isinstance(path, int) and path > 0:
            return  # seen when it was opened by its name
        if isinstance(path, (str, bytes)) and ".pyc" in os.path.basename(os.fsdecode(path)):
            return  # a module's source stands for it; it is written under such a name, and moved
        if flags & _WRITING:
            if not self._is_cache(path):
                self._notes.doubts.append(f"{path!r} is written")
        elif (whole := self._known(path)) is not None:
            self._notes.mark(whole)

    def _listed(self, path: Any) -> None:
        if (whole := self._known(path)) is None:
            return
        if whole in sys.path:  # long, and seldom changed: what is installed
            self._notes.mark(whole)
        else:
            with seen.opening():  # for listing it once more is told here, too
                self._notes.names(whole)

    def _known(self, path: Any) -> str | None:
        """Return the whole path of what is the program's or the system's; of the cache, None.

        Anything else is a doubt, and None as well.
        """
        if self._is_cache(path):
            return None
        is_path = isinstance(path, (str, bytes, os.PathLike))
        whole = os.path.abspath(os.fsdecode(path) or ".") if is_path else ""
        if is_path and (whole in self._notes.program or _is_program(whole)):
            return whole
        self._notes.doubts.append(f"{whole or path!r} is read")
        return None

    def _is_cache(self, path: Any) -> bool:
        return isinstance(path, str) and os.path.join(path, "").startswith(self._cache)


def _is_program(path: str) -> bool:
    tops = (*_PROGRAM, *map(os.path.abspath, sys.path))
    return any(path == top or path.startswith(os.path.join(top, "")) for top in tops)
