"""What was read before, by content: a folder of the user's own that can only save time.

An entry is MessagePack behind a checksum. An entry that is damaged, of another version, or not ours
is recomputed; nothing in it is ever executed.
"""

import os
import stat

# What hashlib itself offers as blake2b; hashlib would load OpenSSL first, 5 ms of every start.
from _blake2 import blake2b

KEPT = {"answer-": 64, "findings-": 64, "files-": 1024, "": 16}
"""How many entries are kept, of all registries together, by how their names begin: the last are of
earlier versions of this program."""

_MAGIC = b"opmodel-cache\x001\n"


class Cache:
    """A folder of entries, each named by the digest of everything that its content depends on.

    `folder` None, or one that another user could write to, means no cache at all.
    """

    def __init__(self, folder: str | None) -> None:
        self._folder = folder if folder and _is_ours(folder) else None

    @property
    def is_kept(self) -> bool:
        """Whether anything that is put here may be found again."""
        return self._folder is not None

    def get(self, key: str) -> bytes | None:
        """Return the entry's payload, or None where there is none that can be trusted."""
        if self._folder is None:
            return None
        try:
            content = _content(os.path.join(self._folder, key))
        except OSError:
            return None
        head, payload = content[: len(_MAGIC) + 32], content[len(_MAGIC) + 32 :]
        return payload if head == _MAGIC + _checksum(key, payload) else None

    def put(self, key: str, payload: bytes) -> None:
        """Store an entry, whole or not at all; a folder that cannot be written to is no error."""
        if self._folder is None:
            return
        path = os.path.join(self._folder, f".{key}.{os.getpid()}.{os.urandom(4).hex()}")
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError:
            return
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(_MAGIC + _checksum(key, payload) + payload)
            os.replace(path, os.path.join(self._folder, key))
        except OSError:
            _remove(path)

    def trim(self) -> None:
        """Remove the oldest entries beyond `KEPT`, so that the folder does not grow for ever."""
        if self._folder is None:
            return
        groups: dict[str, list[tuple[float, str]]] = {}
        try:
            for one in os.scandir(self._folder):
                group = next(begin for begin in KEPT if one.name.startswith(begin))
                groups.setdefault(group, []).append((one.stat().st_mtime, one.path))
        except OSError:
            return
        for group, found in groups.items():
            for _, path in sorted(found, reverse=True)[KEPT[group] :]:
                _remove(path)


def digest(*parts: bytes | str) -> str:
    """Name what depends on `parts`: 40 hex digits; no two lists of parts share a name."""
    total = blake2b(digest_size=20)
    for part in parts:
        data = part.encode("utf-8", "surrogateescape") if isinstance(part, str) else part
        total.update(len(data).to_bytes(8, "big"))
        total.update(data)
    return total.hexdigest()


def _content(path: str) -> bytes:
    """Read a regular file of our own; nothing for any other. Raises OSError."""
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode) or status.st_uid != os.getuid():
            return b""
        parts = iter(lambda: os.read(handle, 1 << 24), b"")
        return b"".join(parts)
    finally:
        os.close(handle)


def _checksum(key: str, payload: bytes) -> bytes:
    return blake2b(payload, digest_size=32, key=key.encode()).digest()


def _is_ours(folder: str) -> bool:
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        status = os.lstat(folder)
    except OSError:
        return False
    return (
        stat.S_ISDIR(status.st_mode)
        and status.st_uid == os.getuid()
        and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    )


def _remove(path: str) -> None:
    try:
        os.unlink(path)
    except OSError:
        return
