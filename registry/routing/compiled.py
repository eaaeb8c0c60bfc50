"""A routing tree made ready for many questions: conditions, and siblings by the values they want.

Of a thousand siblings of which each wants another team, only those are looked at that an alert's
team may reach.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping

from registry.deployed import Route
from registry.routing.labels import Condition, Domain, condition

State = Mapping[str, Domain]
"""What each label that a tree mentions may be."""


class Node:
    """A route with its conditions; `number` counts the tree's routes, parents first, from 0."""

    __slots__ = ("_by_value", "_rest", "children", "conditions", "number", "parent", "route")

    def __init__(self, route: Route, parent: "Node | None" = None) -> None:
        self.route = route
        self.parent = parent
        self.number = 0
        self.conditions = tuple(map(condition, route.matchers)) if parent else ()
        self.children: list[Node] = []
        self._by_value: dict[str, dict[str, list[int]]] = {}
        self._rest: list[int] = []

    def index(self) -> None:
        """Sort the children by a label of which each wants certain values, where there is one."""
        common = Counter(asked.label for child in self.children for asked in _wants(child))
        for position, child in enumerate(self.children):
            chosen = max(_wants(child), key=lambda asked: common[asked.label], default=None)
            if chosen is None:
                self._rest.append(position)
                continue
            by_value = self._by_value.setdefault(chosen.label, defaultdict(list))
            for value in chosen.values or ():
                by_value[value].append(position)

    def candidates(self, state: State, after: int = -1) -> list[int]:
        """Return the positions of children beyond `after` that may match, in order."""
        found = set(self._rest)
        for label, by_value in self._by_value.items():
            values = state[label].values
            if values is None or len(values) > len(by_value):
                found.update(position for these in by_value.values() for position in these)
            else:
                for value in values:
                    found.update(by_value.get(value, ()))
        return sorted(position for position in found if position > after)


def _wants(node: Node) -> list[Condition]:
    return [one for one in node.conditions if one.values is not None and not one.negated]


def compiled(root: Route) -> list[Node]:
    """Return a tree's nodes, parents first, in order; the root takes everything."""
    nodes = list(_nodes(root))
    for number, node in enumerate(nodes):
        node.number = number
        node.index()
    return nodes


def _nodes(root: Route) -> Iterator[Node]:
    left = [Node(root)]
    while left:
        node = left.pop()
        yield node
        node.children = [Node(route, node) for route in node.route.routes]
        left.extend(reversed(node.children))
