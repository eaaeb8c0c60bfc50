"""What the files of one registry hold, by their content, in one entry of the cache."""

import os
from typing import Any

import msgspec

from registry.model.format import FORMAT_VERSION
from registry.source.cache import Cache, digest
from registry.source.yaml import Data
from registry.version import __version__


class Pack:
    """The data of every ordinary file of one registry, by content, in one cache entry."""

    def __init__(self, cache: Cache, root: str) -> None:
        self._cache = cache
        self._key = digest("files", __version__, str(FORMAT_VERSION), os.path.abspath(root))
        self._old: dict[str, msgspec.Raw] = {}
        self._new: dict[str, msgspec.Raw] = {}
        self._changed = False
        payload = cache.get(self._key)
        if payload is not None:
            try:
                self._old = msgspec.msgpack.decode(payload, type=dict[str, msgspec.Raw])
            except msgspec.MsgspecError:
                self._old = {}

    def get(self, key: str) -> Data | None:
        """Return what a file with this content holds, if it was read before."""
        raw = self._old.get(key)
        if raw is None:
            return None
        try:
            data: Data = msgspec.msgpack.decode(raw, type=dict[str, Any])
        except msgspec.MsgspecError:
            return None
        self._new[key] = raw
        return data

    def put(self, key: str, data: Data) -> None:
        """Keep what a file with this content holds."""
        self._changed = True
        self._new[key] = msgspec.Raw(msgspec.msgpack.encode(data))

    def save(self) -> None:
        """Write the entry, if anything in it is new or gone."""
        if self._changed or len(self._new) != len(self._old):
            self._cache.put(self._key, msgspec.msgpack.encode(self._new))
