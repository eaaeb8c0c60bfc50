"""A part of the reference graph as it is drawn: what is in it, and what hangs on single points."""

from collections.abc import Iterator
from typing import NamedTuple

from registry.workspace.graph import ReferenceGraph, SinglePoint
from registry.workspace.relation import relation


class Picture(NamedTuple):
    """A graph to draw, of the registry `title`.

    `points` are the single points that were asked for, None where none were; `doubts` say what did
    not load, and may add to it.
    """

    title: str
    graph: ReferenceGraph
    points: tuple[SinglePoint, ...] | None
    doubts: tuple[str, ...]

    @property
    def hanging(self) -> dict[str, str]:
        """What hangs on each single point, by its node: `12 of 14 alerts`."""
        return {
            f"{one.section}/{one.id}": f"{len(one.alerts)} of {one.total} alerts"
            for one in self.points or ()
        }

    @property
    def lines(self) -> tuple[tuple[str, str, str], ...]:
        """The lines to draw, from where to where and what they mean: each once."""
        edges = self.graph.edges(data="meaning")
        return tuple(
            dict.fromkeys((source, to, relation(meaning)) for source, to, meaning in edges)
        )

    def label(self, node: str) -> tuple[str, ...]:
        """Say what a node is, line by line: its name, its kind and id, and what hangs on it."""
        about = self.graph.nodes[node]
        kind = about["kind"] if about["name"] == about["id"] else f"{about['kind']} {about['id']}"
        state = () if about["state"] == "loaded" else (about["state"],)
        hanging = (self.hanging[node],) if node in self.hanging else ()
        return (about["name"], kind, *state, *hanging)

    def sentences(self) -> Iterator[str]:
        """Say what everything that pages hangs on."""
        if self.points is None:
            return
        for one in self.points:
            number, hang = f"{len(one.alerts)} of {one.total} alerts that page", "hang"
            if len(one.alerts) == one.total:
                number = f"all {one.total} alerts that page"
            if one.total == 1:
                number, hang = "the one alert that pages", "hangs"
            kind = self.graph.nodes[f"{one.section}/{one.id}"]["kind"]
            yield f"{number} {hang} on the {kind} `{one.id}` ({one.path}:{one.line})"
        if not self.points:
            yield "no alert that pages hangs on one person, role or schedule alone"
