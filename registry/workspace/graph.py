"""The reference graph: the one door to networkx, for questions that plain indexes cannot answer.

Built when it is asked for. A node is an entity, called `section/id`; an edge leads from the entity
that refers to the one that is named.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple, TypeAlias

import networkx as nx

from registry.clock.civil import instant
from registry.model.metrics import Alert
from registry.model.moments import ending
from registry.model.oncall import Rotation
from registry.model.people import Person
from registry.model.reference import Meaning
from registry.model.sections import SECTIONS
from registry.output.terminal import escape
from registry.workspace.edges import Edge, Edges, Node
from registry.workspace.workspace import Workspace

PAGING: frozenset[Meaning] = frozenset({"pages", "is paged", "holds", "on call", "deputy for"})
"""The meanings along which a page travels, from an alert to people."""

ReferenceGraph: TypeAlias = "nx.MultiDiGraph[str]"
"""What `reference_graph` returns, for modules that need not load networkx themselves."""

_CALLED = ("name", "title")
_LISTS = frozenset({"alerts", "escalations"})
"""What cannot be away: an alert, and the list in a file of whom it pages."""


class SinglePoint(NamedTuple):
    """A person, a role or a schedule without which some alerts page nobody.

    `alerts` are those, of the `total` that page anybody at all; `people` whether it is a person.
    """

    section: str
    id: str
    alerts: tuple[str, ...]
    total: int
    path: str
    line: int


def key(node: Node) -> str:
    """Call a node as the graph does: `section/id`."""
    return f"{node[0]}/{node[1]}"


def reference_graph(workspace: Workspace, edges: Edges | None = None) -> ReferenceGraph:
    """Return everything that refers, and what it refers to.

    A node has `section`, `id`, `kind` (an alert, a person …), `name` (or title; else the id),
    `state` (`loaded`; `not loaded`; `missing` for what is only named), `path` and `line` (None for
    what is missing). An edge's key is its field, as a JSON Pointer without its first slash; it has
    `meaning`, `field`, `path` and `line`. In the order of the format and of the files.
    """
    edges = edges or Edges(workspace)
    graph: ReferenceGraph = nx.MultiDiGraph()
    for section in SECTIONS:
        for id_ in workspace.origins.get(section, {}):
            graph.add_node(key((section, id_)), **_node(workspace, section, id_))
    for edge in edges.all:
        target = key(edge.named)
        if target not in graph:
            graph.add_node(target, **_missing(edge))
        path, line = edges.place(edge)
        graph.add_edge(
            key(edge.source), target, edge.field,
            meaning=edge.meaning, field=edge.field, path=path, line=line,
        )  # fmt: skip
    return graph


def _node(workspace: Workspace, section: str, id_: str) -> dict[str, str | int]:
    entity = workspace.entities.get(section, {}).get(id_)
    named = (getattr(entity, field, None) for field in _CALLED)
    at = workspace.locate(section, id_)
    return {
        "section": section,
        "id": id_,
        "kind": SECTIONS[section].noun,
        "name": next((name for name in named if name), id_),
        "state": "loaded" if entity is not None else "not loaded",
        "path": at.file,
        "line": workspace.resolve(at).start.line,
    }


def _missing(edge: Edge) -> dict[str, str | None]:
    section, id_ = edge.named
    kind = SECTIONS[section].noun
    about = {"section": section, "id": id_, "kind": kind, "name": id_, "state": "missing"}
    return {**about, "path": None, "line": None}


def around(graph: ReferenceGraph, node: str, depth: int | None) -> ReferenceGraph:
    """Return the part of a graph that a node leads to and that leads to it, so many steps away.

    Without a `depth`, however far. The order of the whole graph stays.
    """
    ahead = nx.single_source_shortest_path_length(graph, node, depth)
    behind = nx.single_source_shortest_path_length(graph.reverse(copy=False), node, depth)
    return part(graph, set(ahead) | set(behind))


def part(
    graph: ReferenceGraph, nodes: set[str], meanings: frozenset[Meaning] | None = None
) -> ReferenceGraph:
    """Return some nodes of a graph and the edges between them, in the graph's own order.

    With `meanings`, only the edges that mean one of these.
    """
    kept: ReferenceGraph = nx.MultiDiGraph()
    kept.add_nodes_from((node, about) for node, about in graph.nodes(data=True) if node in nodes)
    for source, target, field, about in graph.edges(keys=True, data=True):
        is_meant = meanings is None or about["meaning"] in meanings
        if is_meant and source in nodes and target in nodes:
            kept.add_edge(source, target, field, **about)
    return kept


def cycles(graph: ReferenceGraph) -> list[list[str]]:
    """Return each set of nodes that all lead to one another, or one that leads to itself; sorted.

    Not each is a fault: a schedule's team may be led by the role that the schedule holds.
    """
    loops = (set(group) for group in nx.strongly_connected_components(graph))
    return sorted(
        sorted(group)
        for group in loops
        if len(group) > 1 or any(graph.has_edge(node, node) for node in group)
    )


# -- what pages ----------------------------------------------------------------------------------


def paging_nodes(workspace: Workspace, at: datetime, edges: Edges | None = None) -> set[str]:
    """Return the nodes of everything that pages: from alerts to the people they reach."""
    return set(_ways(workspace, at, edges or Edges(workspace))) - {_REACHED}


def single_points(
    workspace: Workspace, at: datetime, edges: Edges | None = None
) -> tuple[SinglePoint, ...]:
    """Return what alerts that page hang on, that on which the most hang first.

    A person, a role or a schedule without which no page of an alert ever reaches anybody: no way
    leads round it, over whatever step or turn. Who is on call when does not count, but for
    rotations that are over and people who have left as of `at`. An alert that reaches nobody hangs
    on nothing, and what did not load whole may reach anybody.
    """
    ways = _ways(workspace, at, edges or Edges(workspace))
    if _REACHED not in ways:
        return ()
    backwards = nx.immediate_dominators(ways.reverse(copy=False), _REACHED)
    alerts = [node for node in ways if node.startswith("alerts/") and node in backwards]
    hanging: dict[str, list[str]] = {}
    for alert in alerts:
        node = backwards[alert]
        while node is not None and node != _REACHED:
            hanging.setdefault(node, []).append(alert.partition("/")[2])
            node = backwards[node]
    points = (
        _point(workspace, node, ids, len(alerts))
        for node, ids in hanging.items()
        if node.partition("/")[0] not in _LISTS
    )
    return tuple(sorted(points, key=lambda one: (-len(one.alerts), one.section, one.id)))


_REACHED = "reached"
"""Where every page that reaches a person ends; no entity is called so."""


def _point(workspace: Workspace, node: str, alerts: list[str], total: int) -> SinglePoint:
    section, _, id_ = node.partition("/")
    at = workspace.locate(section, id_)
    line = workspace.resolve(at).start.line
    return SinglePoint(section, id_, tuple(sorted(alerts)), total, at.file, line)


def _ways(workspace: Workspace, at: datetime, edges: Edges) -> "nx.DiGraph[str]":
    """Return the ways of all pages: alerts, what they page, and the people, who are `_REACHED`."""
    ways: nx.DiGraph[str] = nx.DiGraph()
    pending = [
        ("alerts", id_) for id_, alert in workspace.all(Alert).items() if alert.response == "page"
    ]
    ways.add_nodes_from(map(key, pending))
    while pending:
        node = pending.pop()
        if _reaches(workspace, node, at):
            ways.add_edge(key(node), _REACHED)
        for edge in _pages(workspace, edges.by_source.get(node, ()), at):
            if key(edge.named) not in ways:
                pending.append(edge.named)
            ways.add_edge(key(node), key(edge.named))
    return ways


def _pages(workspace: Workspace, edges: tuple[Edge, ...], at: datetime) -> Iterator[Edge]:
    """Yield the references along which a page goes on; a rotation that is over is none."""
    for edge in edges:
        rotation = edge.within
        over = isinstance(rotation, Rotation) and rotation.end is not None and (
            ending(rotation.end, rotation.timezone or _zone(workspace, edge)) <= instant(at)
        )  # fmt: skip
        if edge.meaning in PAGING and edge.found_in is not None and not over:
            yield edge


def _zone(workspace: Workspace, edge: Edge) -> str:
    own = getattr(workspace.entities[edge.section][edge.id], "timezone", None)
    return str(own or workspace.manifest.timezone or "UTC")


def _reaches(workspace: Workspace, node: Node, at: datetime) -> bool:
    """Whether a page that comes to a node reaches somebody there, or may: it is not all known."""
    section, id_ = node
    person = workspace.all(Person).get(id_) if section == "people" else None
    if person is None or person.until is None:
        loaded = id_ in workspace.entities.get(section, {})
        return section == "people" or not loaded or node in workspace.failed_fields
    return instant(at) < ending(person.until, workspace.manifest.timezone or "UTC")


# -- a format of its own -------------------------------------------------------------------------


def graphml(graph: ReferenceGraph) -> str:
    """Write a graph as GraphML, for tools that draw and measure graphs."""
    plain: ReferenceGraph = nx.MultiDiGraph()
    for node, about in graph.nodes(data=True):
        plain.add_node(escape(node), **_attributes(about))
    for number, (source, target, about) in enumerate(graph.edges(data=True)):
        plain.add_edge(escape(source), escape(target), f"e{number}", **_attributes(about))
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    return "\n".join((head, *nx.generate_graphml(plain))) + "\n"


def _attributes(about: dict[str, object]) -> dict[str, object]:
    """Leave out what is not known, which GraphML cannot say; escape what XML cannot hold."""
    return {
        name: escape(value) if isinstance(value, str) else value
        for name, value in about.items()
        if value is not None
    }
