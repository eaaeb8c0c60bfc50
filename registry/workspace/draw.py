"""Which part of the reference graph is asked for."""

from datetime import datetime

from registry.model.sections import SECTIONS
from registry.workspace.edges import Edges
from registry.workspace.graph import (
    PAGING,
    around,
    key,
    paging_nodes,
    part,
    reference_graph,
    single_points,
)
from registry.workspace.lookup import look_up
from registry.workspace.picture import Picture
from registry.workspace.workspace import Workspace


def draw(
    workspace: Workspace, subject: str | None, depth: int | None, at: datetime | None
) -> Picture:
    """Take the graph, or what is at most `depth` steps from a subject, without end for None.

    With an instant `at` only what pages is in it, and the single points as of then. Raises
    CannotRunError for a subject that is unknown or ambiguous, or that pages nobody there.
    """
    edges = Edges(workspace)
    node = None if subject is None else look_up(workspace, subject)
    graph, points = reference_graph(workspace, edges), None
    if at is not None:
        nodes = paging_nodes(workspace, at, edges) | ({key(node)} if node else set())
        graph = part(graph, nodes, PAGING)
        points = single_points(workspace, at, edges)
    if node is not None:
        graph = around(graph, key(node), depth)
        points = None if points is None else tuple(
            one for one in points if key((one.section, one.id)) in graph
        )  # fmt: skip
    return Picture(workspace.manifest.name, graph, points, tuple(edges.doubts(SECTIONS)))
