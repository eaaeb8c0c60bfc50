"""Every place of a registry's files that names one entity: what a new id is to be written to."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from registry.model.baseline import BaselineEntry
from registry.model.entity import Part
from registry.model.fields import references
from registry.model.reference import Reference
from registry.model.scenario import Scenario
from registry.model.sections import SECTIONS
from registry.model.settings import Settings
from registry.source.sources import Source
from registry.source.text import decode
from registry.span import KeyPath, Location
from registry.workspace.edges import Edge, Edges, Node
from registry.workspace.open import Opened
from registry.workspace.references import named
from registry.workspace.workspace import Workspace

_POLICIES, _SCENARIOS = "policies/", "scenarios/"
_YAML = (".yaml", ".yml")


class Mention(NamedTuple):
    """A key or a value that is the id, or `section/id` where `is_full`.

    `reference` is what a field of the registry may name there; None elsewhere.
    """

    at: Location
    is_full: bool = False
    reference: Reference | None = None

    @property
    def field(self) -> str:
        """The name of the field, whatever item of a list or key of a mapping it holds."""
        names = [key for key in self.at.path if isinstance(key, str)]
        return names[-2] if self.at.part == "key" else names[-1]


class Mentions(NamedTuple):
    """The places that name an entity, its own key first; `edges` counts those that are edges.

    `unread` says of files beside the registry's own that may name it what keeps them from being
    read.
    """

    places: tuple[Mention, ...]
    edges: int
    unread: tuple[str, ...]


def mentions(opened: Opened, subject: Node) -> Mentions:
    """Find what names an entity: its key, references, policies, the baseline and scenarios."""
    workspace = opened.workspace
    section, old = subject
    own = len(references_to(Edges(workspace), subject))
    places = [Mention(workspace.locate(section, old)), *referring(workspace, old, section)]
    unread: list[str] = []
    for name, source in _beside(opened, unread, old):
        read = _scenarios if name.startswith(_SCENARIOS) else _policy
        places += read(workspace, source, subject)
    baseline = workspace.sources.files.get(opened.baseline.name)
    if baseline is not None:
        places += _baseline(workspace, baseline, subject)
    return Mentions(tuple(dict.fromkeys(places)), own, tuple(unread))


def references_to(edges: Edges, subject: Node) -> list[Edge]:
    """List the references of what loaded that lead to an entity."""
    section, id_ = subject
    return [edge for edge in edges.naming(section) if edge.target == id_]


def referring(workspace: Workspace, name: str, section: str | None) -> Iterator[Mention]:
    """Yield the references to what stands in a section under a name, or, with None, nowhere.

    Those of what did not load, or not whole, are among them: at their fields' places.
    """
    edges = Edges(workspace)
    for edge in edges.all:
        if edge.target == name and edge.found_in == section:
            yield Mention(edges.located(edge), reference=edge.reference)
    failed = [(kind, id_) for kind, own in workspace.failed.items() for id_ in own]
    for kind, id_ in dict.fromkeys((*failed, *workspace.failed_fields)):
        raw = workspace.raw(kind, id_)
        for path, is_key, reference in _naming(workspace, SECTIONS[kind].model, raw, name, section):
            at = workspace.locate(kind, id_, path, "key" if is_key else "value")
            yield Mention(at, reference=reference)


def resolved(workspace: Workspace, reference: Reference, name: str) -> str | None:
    """Tell the section that a name stands in for a reference, the first where it is in two."""
    return next((one for one in reference.sections if workspace.has(one, name)), None)


def _beside(opened: Opened, unread: list[str], old: str) -> Iterator[tuple[str, Source]]:
    """Yield the policies and the scenarios, used or not; note what has faults and may name it."""
    workspace = opened.workspace
    files = workspace.sources.files
    used = [name for name in opened.beside if name in files]
    tree = sorted(
        name
        for name in workspace.tree
        if name.startswith((_POLICIES, _SCENARIOS)) and name.endswith((*_YAML, "/"))
    )
    for name in dict.fromkeys((*used, *tree)):
        source = files.get(name)
        if source is None:
            raw = opened.read(name)
            if raw is None:
                unread.append(f"{name} could not be read")
                continue
            source = Source(name, decode(raw, name).data or raw)
        if source.composed.data is None and old.encode() in source.data:
            unread.append(f"{name} has faults")
        yield name, source


def _scenarios(workspace: Workspace, source: Source, subject: Node) -> Iterator[Mention]:
    for id_, raw in (source.composed.data or {}).items():
        for path, is_key, _ in _naming(workspace, Scenario, raw, subject[1], subject[0]):
            part = "key" if is_key else "value"
            yield Mention(Location(source.name, (id_, *path), part))  # type: ignore[arg-type]


def _policy(workspace: Workspace, source: Source, subject: Node) -> Iterator[Mention]:
    data = source.composed.data or {}
    section, old = subject
    for path, _, _ in _naming(workspace, Settings, data.get("settings"), old, section):
        yield Mention(Location(source.name, ("settings", *path)))
    yield from _accepted(source, "waivers", subject)
    for index, waiver in enumerate(_items(data, "waivers")):
        if section in {"people", "roles"} and waiver.get("approved_by") == old:
            yield Mention(Location(source.name, ("waivers", index, "approved_by")))


def _baseline(workspace: Workspace, source: Source, subject: Node) -> Iterator[Mention]:
    yield from _accepted(source, "entries", subject)
    for index, entry in enumerate(_items(source.composed.data or {}, "entries")):
        for path, _, _ in _naming(workspace, BaselineEntry, entry, subject[1], subject[0]):
            yield Mention(Location(source.name, ("entries", index, *path)))


def _accepted(source: Source, field: str, subject: Node) -> Iterator[Mention]:
    """Yield where something is accepted for the entity, as `section/id`."""
    for index, one in enumerate(_items(source.composed.data or {}, field)):
        if one.get("entity") == "/".join(subject):
            yield Mention(Location(source.name, (field, index, "entity")), is_full=True)


def _items(data: Any, field: str) -> Sequence[dict[str, Any]]:
    items = data.get(field)
    return [
        one if isinstance(one, dict) else {} for one in (items if isinstance(items, list) else ())
    ]


def _naming(
    workspace: Workspace, model: type[Part], raw: Any, name: str, section: str | None
) -> Iterator[tuple[KeyPath, bool, Reference]]:
    """Yield the places in data of a model that name something, and whether each is a key."""
    for steps, reference in references(model):
        for path, text in named(raw, steps, ()):
            if text == name and resolved(workspace, reference, name) == section:
                yield path, steps[-1] == "*key", reference
