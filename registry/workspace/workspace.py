"""Everything that loaded: entities by section and id, and what failed to load."""

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import count
from typing import Any, TypeVar, cast

from registry.model.entity import Entity
from registry.model.format import MANIFEST
from registry.model.manifest import Manifest
from registry.model.people import Person
from registry.model.reference import SHARED_IDS
from registry.model.sections import SECTION_OF, SECTIONS
from registry.source.folder import SkippedFile
from registry.source.sources import Sources
from registry.span import KeyPath, Location, Part, Span
from registry.workspace.reads import shared

E = TypeVar("E", bound=Entity)
T = TypeVar("T")


@dataclass(frozen=True)
class Workspace:
    """The loaded registry; frozen, and safe to share between rules.

    `entities` and `failed` map section -> id -> entity, or raw data of what could not become one.
    `origins` maps section -> id -> file. `failed_fields` names the top-level fields of an entity
    that are wrong; `placeholders` the texts that count as missing; `extensions` the `x-` values,
    each by (section, id). `hidden` holds every word of what could not be read: an id among them may
    well be defined there; `mentioned` those of values that could not be used, which may only name.
    """

    root: str
    manifest: Manifest
    sources: Sources
    entities: Mapping[str, Mapping[str, Entity]]
    origins: Mapping[str, Mapping[str, str]]
    failed: Mapping[str, Mapping[str, Any]]
    failed_fields: Mapping[tuple[str, str], frozenset[str]]
    placeholders: Mapping[tuple[str, str], Mapping[KeyPath, str]]
    extensions: Mapping[tuple[str, str], Mapping[KeyPath, Any]]
    hidden: frozenset[str]
    files: tuple[str, ...]
    left_out: tuple[SkippedFile, ...]
    has_manifest_stage: bool = True
    blind: bool = False
    """Whether a file could not be opened, or a folder listed: anything may stand in it."""
    tree: frozenset[str] = frozenset()
    mentioned: frozenset[str] = frozenset()
    unread: frozenset[str] = frozenset()
    """Files, and folders, of which nothing could be read."""

    @property
    def skipped(self) -> int:
        """How many files that look like a registry's are not read."""
        return len(self.left_out)

    def all(self, model: type[E]) -> Mapping[str, E]:
        """Return the entities of one section by id, in the files' order."""
        return cast("Mapping[str, E]", self.entities.get(SECTION_OF[model], {}))

    def may_hide(self, word: str) -> bool:
        """Whether something that failed to load may define or mention this id."""
        return self.blind or word in self.uncertain

    @property
    def is_read(self) -> bool:
        """Whether all of its files could be read; else anything may hang on what they hold."""
        return not (self.unread or self.blind or self.hidden)

    def may_define(self, id_: str) -> bool:
        """Whether something that could not be read may define this id."""
        return self.blind or id_ in self.hidden

    def count(self) -> int:
        """Count all entities, those that failed to load included."""
        return sum(len(section) for section in self.origins.values())

    def has(self, section: str, id: str) -> bool:  # noqa: A002 - the field's own name
        """Whether an id stands in a section, loaded or not."""
        return id in self.origins.get(section, {})

    def kind_of(self, id: str) -> str | None:  # noqa: A002
        """Tell the section of an id in the shared id space; None where it is in none."""
        return next((section for section in SHARED_IDS if self.has(section, id)), None)

    @shared
    def people_called(self) -> Mapping[str, str]:
        """The one person who has a name or an e-mail address, by it, without case."""
        found: dict[str, list[str]] = {}
        for id_, one in self.all(Person).items():
            for text in {one.name.casefold(), (one.email or one.name).casefold()}:
                found.setdefault(text, []).append(id_)
        return {text: ids[0] for text, ids in found.items() if len(ids) == 1}

    @shared
    def uncertain(self) -> frozenset[str]:
        """Every word of what failed to load: a rule stays silent about what may stand there."""
        words = {*self.hidden, *self.mentioned}
        for section in self.failed.values():
            for raw in section.values():
                words.update(_words(raw))
        return frozenset(words)

    def file_of(self, section: str, id: str) -> str:  # noqa: A002
        """Name the file that defines an entity."""
        return self.origins.get(section, {}).get(id, MANIFEST)

    def locate(self, section: str, id: str, field: KeyPath = (), part: Part = "value") -> Location:  # noqa: A002
        """Point at an entity's field, or at its key where `field` is empty."""
        base: KeyPath = (section,) if SECTIONS[section].single else (section, id)
        return Location(self.file_of(section, id), base + field, part if field else "key")

    def places(
        self,
        section: str,
        id: str,  # noqa: A002
        field: KeyPath,
        items: Iterable[T],
    ) -> Iterator[tuple[KeyPath, T]]:
        """Yield each item of a list with its place: placeholders stand in the file, not here."""
        dropped = self.placeholders.get((section, id), {})
        places = ((*field, index) for index in count() if (*field, index) not in dropped)
        yield from zip(places, items, strict=False)

    def entity_at(self, at: Location) -> tuple[tuple[str, str] | None, KeyPath]:
        """Tell the entity that a place lies in, with the path within it; else the whole path."""
        section = SECTIONS.get(str(at.path[0])) if at.path else None
        if section is not None:
            start = 1 if section.single else 2
            id_ = str(at.path[start - 1]) if len(at.path) >= start else ""
            if self.origins[section.name].get(id_) == at.file:
                return (section.name, id_), at.path[start:]
        return None, at.path

    def has_file(self, name: str) -> bool:
        """Whether a file of this name lies below the root; `#part` and `::test` may follow it.

        What is hidden is not looked at, and may be there; so may all that a folder holds which
        cannot be listed.
        """
        path = posixpath.normpath(re.split("#|::", name, maxsplit=1)[0])
        above = (path[: at.end()] for at in re.finditer("/", f"{path}/"))
        is_hidden = "/." in f"/{path}".replace("/../", "/")
        return (
            is_hidden
            or path in self.tree
            or any(f"{one.rstrip('/')}/" in self.tree for one in above)
        )

    def raw(self, section: str, id: str) -> Any:  # noqa: A002
        """Return an entity's data as it was read, placeholders and faults included."""
        return self.sources.value(self.locate(section, id))

    def with_sources(self, sources: Sources) -> "Workspace":
        """Return the same registry with the texts of other files beside its own."""
        return replace(self, sources=sources)

    def resolve(self, location: Location) -> Span:
        """Turn a place in the data into a place in the text."""
        return self.sources.span(location)


def _words(raw: Any) -> set[str]:
    if isinstance(raw, str):
        return {raw}
    if isinstance(raw, dict):
        return {word for key, value in raw.items() for word in {str(key)} | _words(value)}
    if isinstance(raw, list):
        return {word for value in raw for word in _words(value)}
    return set()
