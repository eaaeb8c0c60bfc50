"""Files written whole or not at all, and never through a symbolic link.

A link to a folder can come with a checkout, and lead out of it. So none is followed that stands
below the working folder, or in a checkout or registry; one of the machine's own, as `/tmp` may be,
is.
"""

import contextlib
import errno
import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from registry.errors import CannotRunError
from registry.model.format import MANIFEST

_NO_LINKS = frozenset({errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS})
"""What a file system says that has no hard links."""


def write_whole(path: str, data: bytes | Iterable[bytes]) -> None:
    """Write a file, or replace one: readers see the old bytes or the new ones, never a part.

    `data` may come part by part. Raises CannotRunError for a symbolic link, for what is no regular
    file, and where the system does not let us write; then nothing has changed.
    """
    _refuse_links_above(path)
    try:
        mode = _mode(path)
        temporary = _temporary(path, data, mode)
        try:
            os.replace(temporary, path)
        except BaseException:
            os.unlink(temporary)
            raise
    except OSError as error:
        raise _refused(path, error) from None


def read_if_there(path: str) -> bytes | None:
    """Read a file; None where there is none. Raises CannotRunError where it cannot be read."""
    try:
        with open(path, "rb") as file:
            return file.read()
    except FileNotFoundError:
        return None
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise CannotRunError(f"{path} cannot be read: {reason}", "name another file") from None


def make_folder(path: str) -> None:
    """Make a folder and those above it, if need be.

    Raises CannotRunError where that fails, and where the folder is a symbolic link.
    """
    _refuse_link(path)
    _refuse_links_above(path)
    try:
        _make_folders(path)
    except OSError as error:
        raise _refused(path, error) from None


def write_new(root: str, files: Mapping[str, bytes]) -> None:
    """Write files that must not be there yet below `root`, in order: all of them or none.

    Folders are made as needed. Raises CannotRunError, naming the file, where one is there already
    or cannot be written; then what had been written is gone again.
    """
    for name in files:
        _refuse_links_above(os.path.join(root, name))
        if os.path.lexists(os.path.join(root, name)):
            there = os.path.join(root, name)
            raise CannotRunError(
                f"{there} is there already; nothing is overwritten", "move it away"
            )
    undo: list[tuple[bool, str]] = []
    for name, data in files.items():
        path = os.path.join(root, name)
        try:
            undo += ((True, made) for made in _make_folders(os.path.dirname(path)))
            _write_one_new(path, data)
            undo.append((False, path))
        except OSError as error:
            _undo(undo)
            raise _refused(path, error) from None
        except BaseException:
            _undo(undo)
            raise


def write_all(root: str, files: Mapping[str, bytes]) -> None:
    """Write files below `root`, or replace them: all of them or none. What is as it is stays.

    Folders are made as needed; none of them is a symbolic link. Each new file stands whole beside
    the old one before the first is replaced, and a signal to end waits until the last is. Raises
    CannotRunError as `write_whole` does; then what had been replaced is as it was before.
    """
    for folder in dict.fromkeys((root, *(os.path.dirname(f"{root}/{name}") for name in files))):
        _refuse_link(folder)
        _refuse_links_above(folder)
    undo: list[tuple[bool, str]] = []
    waiting: dict[str, str] = {}
    old: dict[str, bytes | None] = {}
    replaced: list[str] = []
    try:
        modes = {name: _mode(os.path.join(root, name)) for name in files}
        old |= {name: read_if_there(os.path.join(root, name)) for name in files}
        changed = {name: data for name, data in files.items() if old[name] != data}
        for name, data in changed.items():
            path = os.path.join(root, name)
            undo += ((True, made) for made in _make_folders(os.path.dirname(path)))
            waiting[name] = _temporary(path, data, modes[name])
        with _undisturbed():
            for name in changed:
                os.replace(waiting[name], os.path.join(root, name))
                del waiting[name]
                replaced.append(name)
    except BaseException as error:
        for temporary in waiting.values():
            os.unlink(temporary)
        for name in replaced:
            _restore(os.path.join(root, name), old[name])
        _undo(undo)
        if isinstance(error, OSError):
            raise _refused(root, error) from None
        raise


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Let no signal that asks us to end come between the first and the last of several files."""
    import signal

    asked = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, asked)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _restore(path: str, before: bytes | None) -> None:
    """Give a file its old content back, or remove a new one, as far as the system lets us."""
    with contextlib.suppress(CannotRunError, OSError):
        if before is None:
            os.unlink(path)
        else:
            write_whole(path, before)


def _mode(path: str) -> int:
    """Tell the mode that a file at `path` has or, if it is new, that it should have."""
    try:
        mode = os.lstat(path).st_mode
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask
    if stat.S_ISLNK(mode):
        raise CannotRunError(f"{path} is a symbolic link", "name the file itself")
    if not stat.S_ISREG(mode):
        raise CannotRunError(f"{path} is no regular file", "name another file")
    return stat.S_IMODE(mode)


def _refuse_link(folder: str) -> None:
    if os.path.islink(folder.rstrip("/")):
        raise CannotRunError(f"{folder} is a symbolic link", "name the folder itself")


def _refuse_links_above(path: str) -> None:
    """Refuse a path that leads through a linked folder which a checkout may have brought."""
    parts = os.path.join(os.getcwd(), path).split(os.sep)
    for length in range(2, len(parts)):
        folder = os.sep.join(parts[:length])
        if os.path.islink(folder) and _is_brought(os.path.realpath(os.path.dirname(folder))):
            raise CannotRunError(
                f"{os.path.relpath(folder)} is a symbolic link, and {path} would be written "
                "elsewhere", "name the folder itself",
            )  # fmt: skip


def _is_brought(folder: str) -> bool:
    """Whether a folder is the working one, or is below it or in a checkout or a registry."""
    here = os.path.realpath(os.getcwd())
    above = folder
    while True:
        marks = (".git", MANIFEST)
        if any(os.path.lexists(os.path.join(above, mark)) for mark in marks):
            return True
        parent = os.path.dirname(above)
        if parent == above:
            return False
        if above == here:
            return True
        above = parent


def _temporary(path: str, data: bytes | Iterable[bytes], mode: int) -> str:
    """Write `data` to a new file beside `path`, and name it."""
    import tempfile

    folder, name = os.path.split(path)
    handle, temporary = tempfile.mkstemp(prefix=f".{name[:60]}.", dir=folder or ".")
    try:
        with os.fdopen(handle, "wb") as file:
            file.writelines((data,) if isinstance(data, bytes) else data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, mode)
    except BaseException:
        os.unlink(temporary)
        raise
    return temporary


def _write_one_new(path: str, data: bytes) -> None:
    """Write a file that is not there; a hard link, unlike a rename, replaces nothing."""
    temporary = _temporary(path, data, _mode(path))
    try:
        os.link(temporary, path)
    except OSError as error:
        if error.errno not in _NO_LINKS or os.path.lexists(path):
            raise
        os.rename(temporary, path)
    finally:
        if os.path.lexists(temporary):
            os.unlink(temporary)


def _make_folders(folder: str) -> list[str]:
    """Make a folder and those above it; return those that were made, the highest first."""
    missing: list[str] = []
    while folder and not os.path.isdir(folder):
        missing.append(folder)
        folder = os.path.dirname(folder)
    made: list[str] = []
    for one in reversed(missing):
        try:
            os.mkdir(one)
        except OSError:
            _undo([(True, path) for path in made])
            raise
        made.append(one)
    return made


def _undo(made: list[tuple[bool, str]]) -> None:
    for is_folder, path in reversed(made):
        try:
            (os.rmdir if is_folder else os.unlink)(path)
        except OSError:
            continue


def _refused(path: str, error: OSError) -> CannotRunError:
    reason = os.strerror(error.errno) if error.errno else str(error)
    return CannotRunError(f"{path} cannot be written: {reason}", "nothing was changed")
