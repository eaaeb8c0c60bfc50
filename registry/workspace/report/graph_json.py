"""The graph for scripts: the format `opmodel.graph.v1`."""

from collections.abc import Iterable

from registry.output.json import dump
from registry.workspace.picture import Picture

FORMAT = "opmodel.graph.v1"
_NODE = ("section", "id", "kind", "name", "state", "path", "line")
_EDGE = ("field", "meaning", "path", "line")


def render(picture: Picture) -> str:
    """Write the graph, a node or an edge a line."""
    nodes = picture.graph.nodes
    rows = (
        {
            "source": {name: nodes[source][name] for name in ("section", "id")},
            "target": {name: nodes[target][name] for name in ("section", "id")},
            **{name: about[name] for name in _EDGE},
        }
        for source, target, about in picture.graph.edges(data=True)
    )
    points = None if picture.points is None else [one._asdict() for one in picture.points]
    head = dump(
        {"format": FORMAT, "registry": picture.title, "single_points": points,
         "doubts": list(picture.doubts)}
    )  # fmt: skip
    said = _list({name: about[name] for name in _NODE} for _, about in nodes(data=True))
    return f'{head[:-1]},\n "nodes": {said},\n "edges": {_list(rows)}}}\n'


def _list(rows: Iterable[object]) -> str:
    lines = ",\n".join(f"  {dump(row)}" for row in rows)
    return f"[\n{lines}\n ]" if lines else "[]"
