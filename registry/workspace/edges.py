"""Every reference of every entity that loaded, as an edge: who refers to whom, where, and how.

All of it comes from the model's own types, so that a new section or field is in it the day it is
added. Nothing is kept twice: the indexes are plain dictionaries, each built on first use.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Literal, NamedTuple

from registry.model.entity import Entity, Part
from registry.model.fields import references
from registry.model.reference import SHARED_IDS, Meaning, Reference
from registry.model.sections import SECTIONS
from registry.span import KeyPath, Location
from registry.workspace.reads import shared
from registry.workspace.references import named
from registry.workspace.workspace import Workspace

Node = tuple[str, str]
"""An entity: its section and its id."""


class Edge(NamedTuple):
    """One reference: the entity `section`, `id` names `target` at `path`, and means `reference`.

    `path` counts a list's items as the file does. `found_in` is the section that the target stands
    in, loaded or not; None where nothing of an accepted kind has this id. `within` is the entity,
    or the part of it, whose own field names the target; `is_key` says that it does so as the key of
    a mapping.
    """

    section: str
    id: str
    path: KeyPath
    target: str
    found_in: str | None
    reference: Reference
    within: Part
    is_key: bool

    @property
    def source(self) -> Node:
        """The entity that refers."""
        return (self.section, self.id)

    @property
    def named(self) -> Node:
        """The entity that is named; one that is nowhere counts as of the first kind accepted."""
        return (self.found_in or self.reference.accepts[0], self.target)

    @property
    def meaning(self) -> Meaning:
        """What the reference means."""
        return self.reference.meaning

    @property
    def field(self) -> str:
        """The place within the entity as a JSON Pointer without its first slash."""
        return "/".join(str(key).replace("~", "~0").replace("/", "~1") for key in self.path)

    @property
    def name(self) -> str:
        """The name of the field itself, whatever item of a list or key of a mapping it holds."""
        names = [key for key in self.path if isinstance(key, str)]
        return names[-2] if self.is_key else names[-1]


class Edges:
    """The references of one workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace

    @shared
    def all(self) -> tuple[Edge, ...]:
        """Every edge: sections and fields in the order of the format, entities in the files'."""
        return tuple(edge for section in SECTIONS for edge in self._of_section(section))

    def naming(self, section: str, meanings: Collection[Meaning] | None = None) -> Iterator[Edge]:
        """Yield the edges to what stands in one section, in the order of `all`, and no other.

        Of some `meanings` alone, where these are given: no other field is looked at.
        """
        for source in SECTIONS:
            edges = self._of_section(source, section, meanings)
            yield from (edge for edge in edges if edge.found_in == section)

    def of(self, section: str, id_: str) -> tuple[Edge, ...]:
        """Return the edges from one entity, as `by_source` has them, and look at no other."""
        entity = self.workspace.entities.get(section, {}).get(id_)
        return () if entity is None else tuple(self._of_section(section, only={id_: entity}))

    @shared
    def by_source(self) -> Mapping[Node, tuple[Edge, ...]]:
        """The edges from each entity, as it names them."""
        found: dict[Node, list[Edge]] = {}
        for edge in self.all:
            found.setdefault(edge.source, []).append(edge)
        return {node: tuple(edges) for node, edges in found.items()}

    @shared
    def by_target(self) -> Mapping[Node, tuple[Edge, ...]]:
        """The edges to each entity; one that names nothing is under the first kind it accepts."""
        found: dict[Node, list[Edge]] = {}
        for edge in self.all:
            found.setdefault(edge.named, []).append(edge)
        return {node: tuple(edges) for node, edges in found.items()}

    def located(self, edge: Edge) -> Location:
        """Point at where a reference is written."""
        part: Literal["key", "value"] = "key" if edge.is_key else "value"
        return self.workspace.locate(edge.section, edge.id, edge.path, part)

    def place(self, edge: Edge) -> tuple[str, int]:
        """Return the file and the line, counted from 1, where a reference is written."""
        at = self.located(edge)
        return at.file, self.workspace.resolve(at).start.line

    def doubts(
        self, targets: Collection[str] = SHARED_IDS, besides: Collection[str] = ()
    ) -> Iterator[str]:
        """Say what did not load and may refer to something of the sections `targets`.

        What stands in the sections `besides` is left out.
        """
        workspace = self.workspace
        for section, row in SECTIONS.items():
            fields = {
                str(path[0])
                for path, reference in references(row.model)
                if not set(reference.sections).isdisjoint(targets)
            }
            if not fields or section in besides:
                continue
            for id_ in workspace.failed.get(section, {}):
                yield f"the {row.noun} `{id_}` did not load"
            for (kind, id_), failed in workspace.failed_fields.items():
                if kind == section and fields & failed and id_ in workspace.entities[section]:
                    listed = " and ".join(f"`{field}`" for field in sorted(fields & failed))
                    yield f"{listed} of the {row.noun} `{id_}` did not load"
        if workspace.blind or workspace.hidden:
            yield "something could not be read, and there may be more in it"

    def _of_section(
        self,
        section: str,
        target: str | None = None,
        meanings: Collection[Meaning] | None = None,
        only: Mapping[str, Entity] | None = None,
    ) -> Iterator[Edge]:
        """Yield the edges of a section; with a `target`, of the fields that may name one there.

        Of all its entities, or of `only` some.
        """
        fields = [
            (steps, reference)
            for steps, reference in references(SECTIONS[section].model)
            if (target is None or target in reference.sections)
            and (meanings is None or reference.meaning in meanings)
        ]
        if not fields:
            return
        homes = {reference.sections: self._homes(reference) for _, reference in fields}
        entities = self.workspace.entities.get(section, {}) if only is None else only
        for id_, entity in entities.items():
            for steps, reference in fields:
                value = getattr(entity, str(steps[0]))
                if not value:
                    continue
                home = homes[reference.sections]
                alone = isinstance(value, str) and len(steps) == 1
                at = [(steps, value, entity)] if alone else self._named(section, id_, entity, steps)
                for path, name, within in at:
                    kind = home.get(name)
                    if kind is not None or name not in reference.words:
                        keyed = steps[-1] == "*key"
                        yield Edge(section, id_, path, name, kind, reference, within, keyed)

    def _homes(self, reference: Reference) -> Mapping[str, str]:
        """Tell the section of each id that a reference may name, the first where it is in two."""
        workspace, found = self.workspace, dict[str, str]()
        for section in reversed(reference.sections):
            for ids in (workspace.failed.get(section, ()), workspace.entities.get(section, ())):
                found.update(dict.fromkeys(ids, section))
        return found

    def _named(
        self, section: str, id_: str, entity: Part, steps: KeyPath
    ) -> Iterator[tuple[KeyPath, str, Part]]:
        """Yield the names at `steps`, each with its place in the file.

        Only where something of an entity is missing can the two count a list differently: there,
        each name that loaded is sought in order among those that are written.
        """
        loaded = _walk(entity, steps, (), entity)
        key, workspace = (section, id_), self.workspace
        if key not in workspace.placeholders and key not in workspace.failed_fields:
            yield from loaded
            return
        written = named(workspace.raw(section, id_), steps, ())
        for path, name, within in loaded:
            yield next((at for at, text in written if text == name), path), name, within


def _walk(
    value: Any, steps: KeyPath, path: KeyPath, within: Part
) -> Iterator[tuple[KeyPath, str, Part]]:
    """Yield each name at `steps` of a value; one of another shape than they say holds none."""
    if not steps:
        if isinstance(value, str):
            yield path, value, within
    elif steps[0] == "*key":
        yield from (((*path, key), key, within) for key in (value if type(value) is dict else ()))
    elif steps[0] == "*":
        for index, item in enumerate(value if type(value) is tuple else ()):
            yield from _walk(item, steps[1:], (*path, index), within)
    elif isinstance(value, Part):
        step = str(steps[0])
        yield from _walk(getattr(value, step), steps[1:], (*path, step), value)
