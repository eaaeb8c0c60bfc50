"""The graph as GraphML, for tools that draw and measure graphs."""

from registry.workspace.graph import graphml
from registry.workspace.picture import Picture


def render(picture: Picture) -> str:
    """Write the graph; what is not known of a node is left out."""
    return graphml(picture.graph)
