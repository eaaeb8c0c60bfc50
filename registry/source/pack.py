"""What the files of one registry hold, by their content, in one entry of the cache."""

import marshal
import os

from registry.model.format import FORMAT_VERSION
from registry.source.cache import Cache, digest
from registry.source.yaml import Data
from registry.version import __version__


class Pack:
    """The data of every ordinary file of one registry, by content, in one cache entry."""

    def __init__(self, cache: Cache, root: str) -> None:
        self._cache = cache
        self._key = digest("files", __version__, str(FORMAT_VERSION), os.path.abspath(root))
        self._old: dict[str, bytes] = {}
        self._new: dict[str, bytes] = {}
        self._changed = False
        payload = cache.get(self._key)
        if payload is not None:
            known = _read(payload)
            self._old = known if isinstance(known, dict) else {}

    def get(self, key: str) -> Data | None:
        """Return what a file with this content holds, if it was read before."""
        raw = self._old.get(key)
        data = None if raw is None else _read(raw)
        if raw is None or not isinstance(data, dict):
            return None
        self._new[key] = raw
        return data

    def put(self, key: str, data: Data) -> None:
        """Keep what a file with this content holds, if anything is kept."""
        if not self._cache.is_kept:
            return
        self._changed = True
        self._new[key] = marshal.dumps(data)

    def save(self) -> None:
        """Write the entry, if anything in it is new or gone."""
        if self._changed or len(self._new) != len(self._old):
            self._cache.put(self._key, marshal.dumps(self._new))


def _read(raw: bytes) -> object:
    """Read what was kept; None where it is of another shape. The cache has seen to its checksum."""
    try:
        found: object = marshal.loads(raw)  # noqa: S302 - behind a checksum, in the user's own folder
    except (EOFError, ValueError, TypeError):
        return None
    return found
