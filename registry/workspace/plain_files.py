"""The files of a registry as they are kept by their content, and which of them are plain.

A file is plain if nothing is to be said of it by itself and all of its entities are what their data
alone make of them. Then its outline says all that loading has to know, and its entities need not
be made, or even read, until somebody asks for the section that they are in.
"""

from collections.abc import Callable, Mapping
from typing import Any

from registry.model.reference import SHARED_IDS
from registry.model.sections import SECTIONS
from registry.source.cache import digest
from registry.source.folder import File
from registry.source.pack import Outline, Pack, held
from registry.source.sources import Source
from registry.source.yaml import Data, read_ordinary
from registry.workspace.decode import are_plain
from registry.workspace.loops import loops
from registry.workspace.outlines import holds, outline


class PlainFiles:
    """What is kept of the files that a load meets, and what of this load is kept for the next.

    `origins` are the files of the ids that are taken so far, by section, and `sources` the files.
    `faulty` gets the files of which something is to be said.
    """

    def __init__(
        self, known: Pack, origins: Mapping[str, Mapping[str, str]], sources: Mapping[str, Source]
    ) -> None:
        self.known = known
        self.digests: dict[str, str] = {}
        self.faulty: set[str] = set()
        self._origins = origins
        self._sources = sources
        self._ordinary: dict[str, Data] = {}
        self._parents: dict[str, str | None] = {}

    def outline(self, got: File) -> Outline | None:
        """Take note of a file; return its outline, if it is kept as plain and its ids are new."""
        key = self.digests[got.name] = digest(got.raw)
        found = None if got.name.endswith(".md") else self.known.outline(key)
        return found if found is not None and self._are_new(found) else None

    def whole(self, got: File) -> Data | None:
        """Return what is kept of a file that is not plain; None where it has to be read."""
        data = None if got.name.endswith(".md") else self.known.whole(self.digests[got.name])
        if data is not None:
            self._ordinary[got.name] = data
        return data

    def put(self, name: str, data: Data) -> None:
        """Take note of what was read of a file, if anything is kept."""
        if self.known.is_kept:
            self._ordinary[name] = data

    def outline_of(self, name: str, is_sound: Callable[[str, str, Any], bool]) -> Outline | None:
        """Return the outline of a file that was read just now, if it is plain and its ids are new.

        Only where files were kept before: a first load makes all entities, and tells by them.
        `is_sound` tells of an entity, by section, id and data, whether nothing else is amiss.
        """
        data = self._ordinary.get(name)
        if data is None or not self.known.is_begun or not holds(data):
            return None
        found = outline(data)
        content = {section: held(data, section) for section, _ in found.ids}
        is_plain = (
            self._are_new(found)
            and all(is_sound(one, *entity) for one in content for entity in content[one].items())
            and all(are_plain(SECTIONS[one].model, content[one]) for one in content)
            and not self._sources[name].secrets
        )
        if not is_plain:
            return None
        del self._ordinary[name]
        self.known.put_plain(self.digests[name], found, data)
        return found

    def _are_new(self, found: Outline) -> bool:
        """Whether no id of an outline stands in another file, nor twice in it."""
        shared = [id_ for section, ids in found.ids if section in SHARED_IDS for id_ in ids]
        if len({*shared}) != len(shared):
            return False
        return all(
            self._origins[one].keys().isdisjoint(ids)
            for section, ids in found.ids
            for one in (SHARED_IDS if section in SHARED_IDS else (section,))
        )

    def take(self, found: Outline) -> None:
        """Take note of the teams' parents in a plain file."""
        self._parents.update(found.parents)

    def may_wait(self, section: str) -> bool:
        """Whether the entities of plain files need not be made before somebody asks for them."""
        return section != "holidays" and not (section == "teams" and any(loops(self._parents)))

    def with_plain(self, section: str, own: Mapping[str, Any]) -> dict[str, Any]:
        """Return the data of a section by id, in the files' order: its own, and plain files'."""
        found, kept = dict[str, Any](), dict[str, Data]()
        for id_, file in self._origins[section].items():
            if id_ in own:
                found[id_] = own[id_]
                continue
            if file not in kept:
                kept[file] = self.known.section(self.digests[file], section) or {}
            if id_ not in kept[file]:  # it is kept no more
                kept[file] = held(read_ordinary(self._sources[file].data) or {}, section)
            found[id_] = kept[file][id_]
        return found

    def save(self) -> None:
        """Keep what was read, for the next time; of a plain file its outline."""
        if not self.known.is_kept:
            return
        for name, data in self._ordinary.items():
            if name in self.faulty or self._sources[name].secrets:
                self.known.put_whole(self.digests[name], data)
            else:
                self.known.put_plain(self.digests[name], outline(data), data)
        self._ordinary.clear()
        self.known.save(self.digests.values())
