"""What the files of one registry hold, by their content, in a few entries of the cache.

Of a plain file, of which nothing is to be said and whose entities are what their data make of them,
the outline is kept apart from the data: a check that asks for no entity of it reads no more. The
data of plain files lie in parts by families of sections, so that what is asked for is read, and
what has changed is written. Every other file is kept whole.
"""

import marshal
import os
import sys
from collections.abc import Iterable
from functools import cache
from typing import Any, NamedTuple

from registry.clock.holidays import holidays_version
from registry.clock.zones import tzdata_version
from registry.model.format import FORMAT_VERSION
from registry.model.sections import SECTIONS
from registry.model.validator import validator_version
from registry.source import evidence, seen
from registry.source.cache import Cache, digest
from registry.source.yaml import Data
from registry.version import __version__

PREFIX = "files-"
"""How the names of these entries begin."""

_OUTLINES, _WHOLE = "outlines", "whole"
_ROOMS = ("clock", "model", "source", "workspace")
"""Where the program's code is on which it depends what a file holds, and whether it is plain."""

_SHAPE = [tuple, tuple, tuple]
"""What an outline is as it is kept."""
_DIGITS = 40
"""How long the digest of a file is, which the names within a part begin with."""
_GONE = ""
"""Under which name the outlines tell which of them are of files that are there no more."""


class Outline(NamedTuple):
    """What a plain file holds: the ids of each section, its own keys by entity, teams' parents."""

    ids: tuple[tuple[str, tuple[str, ...]], ...]
    extensions: tuple[tuple[str, str, Data], ...]
    parents: tuple[tuple[str, str], ...]


class Pack:
    """What is kept of the files of one registry, by the digest of each."""

    def __init__(self, cache: Cache, root: str) -> None:
        self._cache = cache if _program() else Cache(None)
        self._name = (_program(), os.path.abspath(root))
        self._kept: dict[str, dict[str, Any]] = {}
        self._new: dict[str, dict[str, Any]] = {}

    @property
    def is_kept(self) -> bool:
        """Whether anything that is put here may be found again."""
        return self._cache.is_kept

    @property
    def is_begun(self) -> bool:
        """Whether the files of this registry were kept before."""
        return bool(self._part(_OUTLINES))

    def outline(self, key: str) -> Outline | None:
        """Return the outline of a file with this content, if it is known as a plain one."""
        found = self._part(_OUTLINES).get(key)
        if found.__class__ is not tuple or [one.__class__ for one in found] != _SHAPE:
            return None
        return Outline(*found)

    def whole(self, key: str) -> Data | None:
        """Return what a file with this content holds, if it was read before and is not plain."""
        return _read(self._part(_WHOLE).get(key))

    def section(self, key: str, section: str) -> Data | None:
        """Return what a plain file with this content holds of a section, if that is kept."""
        part = _part_of(section)
        raw = self._new.get(part, {}).get(f"{key} {section}")
        return _read(raw or self._part(part).get(f"{key} {section}"))

    def put_whole(self, key: str, data: Data) -> None:
        """Keep what a file with this content holds."""
        self._new.setdefault(_WHOLE, {})[key] = marshal.dumps(data)

    def put_plain(self, key: str, outline: Outline, data: Data) -> None:
        """Keep what a plain file with this content holds."""
        self._new.setdefault(_OUTLINES, {})[key] = tuple(outline)
        for section, _ in outline.ids:
            part = self._new.setdefault(_part_of(section), {})
            part[f"{key} {section}"] = marshal.dumps(held(data, section))

    def save(self, keys: Iterable[str]) -> None:
        """Write the parts in which anything is other than it was.

        `keys` are the files that there are. What was kept of a plain file that has changed, or is
        gone, is kept once more, so that what has changed can be told from it; the next time that
        anything is written it is removed. Of any other file nothing is kept beyond its end.
        """
        there = frozenset(keys)
        outlines = {**self._part(_OUTLINES), **self._new.get(_OUTLINES, {})}
        was_gone = outlines.pop(_GONE, ())
        if was_gone.__class__ is not tuple:  # it is of another shape
            was_gone = ()
        gone = outlines.keys() - there
        over = gone.intersection(was_gone)
        old = (found for key in over if (found := self.outline(key)) is not None)
        parts = {*self._new, *(_part_of(section) for one in old for section, _ in one.ids)}
        parts |= {_OUTLINES} if gone or was_gone else set()
        parts |= set() if there.issuperset(self._part(_WHOLE)) else {_WHOLE}
        for part in parts:
            stays = there if part == _WHOLE else there | gone - over
            known = {**self._part(part), **self._new.get(part, {})}
            kept = {key: one for key, one in known.items() if key[:_DIGITS] in stays}
            if part == _OUTLINES:
                kept[_GONE] = tuple(sorted(gone - over))
            self._cache.put(self._key(part), marshal.dumps(kept))
        if parts:
            self._cache.trim()

    def _part(self, name: str) -> dict[str, Any]:
        """Read a part as it was kept, once."""
        if name not in self._kept:
            payload = self._cache.get(self._key(name))
            found = None if payload is None else _read(payload)
            self._kept[name] = {} if found is None else found
        return self._kept[name]

    def _key(self, part: str) -> str:
        return PREFIX + digest(*self._name, part)


def held(data: Data, section: str) -> Data:
    """Return what a file's data hold of a section, by id."""
    return {section: data[section]} if SECTIONS[section].single else data[section]


def _part_of(section: str) -> str:
    """Name the part that a section lies in: that of its family, which a module holds."""
    return SECTIONS[section].model.__module__


@cache
def _program() -> str:
    """Name the state of the code that reads files: with another, nothing that is kept holds.

    Nothing at all is where it has only just been changed, for then it may be another that runs.
    """
    house = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    with seen.opening():  # what is loaded of it is noted by itself
        paths = [
            os.path.join(house, room, name)
            for room in _ROOMS
            for name in sorted(os.listdir(os.path.join(house, room)))
            if name.endswith(".py")
        ]
    changes = evidence.changes(paths)
    if not seen.are_settled(changes):
        return ""
    versions = (
        __version__, str(FORMAT_VERSION), sys.version, validator_version(),
        tzdata_version(), holidays_version(),
    )  # fmt: skip
    return digest(*versions, *map(str, changes))


def _read(raw: bytes | None) -> Data | None:
    """Read what was kept; None where it is of another shape. The cache has seen to its checksum."""
    try:
        found: object = None if raw is None else marshal.loads(raw)  # noqa: S302 - see there
    except (EOFError, ValueError, TypeError):
        return None
    return found if isinstance(found, dict) else None
