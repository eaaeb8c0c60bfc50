"""Every reference from and to one entity."""

from typing import NamedTuple

from registry.model.reference import Meaning
from registry.model.sections import SECTIONS
from registry.workspace.edges import Edge, Edges, Node
from registry.workspace.workspace import Workspace


class Ref(NamedTuple):
    """One reference, seen from one of its ends: `section` and `id` are the other.

    `state` is that of the other end: `loaded`, `not loaded`, or `missing`. `field`, `path` and
    `line` are where it is written.
    """

    section: str
    id: str
    state: str
    field: str
    meaning: Meaning
    path: str
    line: int


class Refs(NamedTuple):
    """The references of one entity, in the order of the format and of the files.

    `doubts` say what did not load, and may refer to it.
    """

    section: str
    id: str
    path: str
    line: int
    refers_to: tuple[Ref, ...]
    referred_to_by: tuple[Ref, ...]
    doubts: tuple[str, ...]


def refs(workspace: Workspace, subject: Node) -> Refs:
    """Return what an entity refers to, and what refers to it."""
    edges = Edges(workspace)
    at = workspace.locate(*subject)
    line = workspace.resolve(at).start.line
    to = tuple(_ref(edges, edge, edge.named) for edge in edges.by_source.get(subject, ()))
    by = tuple(_ref(edges, edge, edge.source) for edge in edges.by_target.get(subject, ()))
    doubts = list(edges.doubts({subject[0]}))
    if subject[1] not in workspace.entities[subject[0]]:
        doubts.insert(0, f"the {SECTIONS[subject[0]].noun} `{subject[1]}` did not load")
    return Refs(*subject, at.file, line, to, by, tuple(dict.fromkeys(doubts)))


def _ref(edges: Edges, edge: Edge, other: Node) -> Ref:
    loaded = other[1] in edges.workspace.entities.get(other[0], {})
    known = edges.workspace.has(*other)
    state = "loaded" if loaded else "not loaded" if known else "missing"
    return Ref(*other, state, edge.field, edge.meaning, *edges.place(edge))
