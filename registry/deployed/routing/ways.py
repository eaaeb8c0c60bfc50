"""The ways of an alert one by one: what it takes to go each of them, and where it then goes."""

from collections import deque
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from registry.deployed.model import Matcher
from registry.deployed.routing.compiled import Tree
from registry.deployed.routing.fork import DiagramEdge
from registry.deployed.routing.outcome import Outcome, Why
from registry.deployed.routing.spectrum import bits


class _OpenWay(NamedTuple):
    """A way that is to be gone on with: routes that it took, as bits, and why."""

    edge: DiagramEdge
    routes: int
    why: Why


def every(start: DiagramEdge, tree: Tree) -> list[Outcome]:
    """Return each set of routes that may be taken, in the tree's order, with the first reasons."""
    found: dict[int, Why] = {}
    left = [_OpenWay(start, 0, Why())]
    while left:
        edge, taken, why = left.pop()
        taken |= edge.routes
        fork = edge.fork
        if fork is None:
            found.setdefault(taken, why)
            continue
        hits = []
        for _, ask, hit in fork.row():
            matcher = tree.matchers[ask.rank]
            hits.append(_OpenWay(hit, taken, why.hit(matcher)))
            why = why.miss(matcher)
        left.append(_OpenWay(fork.miss, taken, why))
        left += reversed(hits)
    return _outcomes(found, tree)


def simplest(start: DiagramEdge, tree: Tree, wanted: int) -> list[Outcome]:
    """Return so many of the ways on which the fewest conditions hold, in the tree's order."""
    found: dict[int, Why] = {}
    left = deque([_OpenWay(start, 0, Why())])
    while left and len(found) < wanted:
        way = left.popleft()
        taken, why = _left_over(way, left, wanted - len(found), tree.matchers)
        found.setdefault(taken, why)
    return _outcomes(found, tree)


def _left_over(
    way: _OpenWay, left: deque[_OpenWay], wanted: int, matchers: Sequence[Matcher]
) -> tuple[int, Why]:
    """Go on where nothing more holds, and put aside, of the first forks, the other ways."""
    edge, taken, why = way
    taken |= edge.routes
    fork = edge.fork
    while fork is not None:
        for number, (_, ask, hit) in enumerate(fork.row()):
            if len(left) >= wanted and not why.is_short:
                held, missed, more = why
                more = 0 if held else more + fork.ways.missed - number
                return taken | fork.ways.left, Why(held, missed, more)
            matcher = matchers[ask.rank]
            if len(left) < wanted:
                left.append(_OpenWay(hit, taken, why.hit(matcher)))
            why = why.miss(matcher)
        taken |= fork.miss.routes
        fork = fork.miss.fork
    return taken, why


def _outcomes(found: Mapping[int, Why], tree: Tree) -> list[Outcome]:
    numbered = sorted((tuple(bits(routes)), why) for routes, why in found.items())
    return [
        why.outcome(tuple([tree.nodes[number].route for number in numbers]))
        for numbers, why in numbered
    ]
