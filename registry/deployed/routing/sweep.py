"""Where an alert may go, found in one sweep through the tree, however much is unknown.

Ways that part and meet again go on as one, with what was known before they parted. Where none do
so, as among a thousand siblings of which each wants another team, the answer is exact; else what it
takes for possible may be too much, and never too little.
"""

from collections.abc import Sequence
from typing import NamedTuple

from registry.deployed.routing.compiled import State, Tree, TreeNode
from registry.deployed.routing.outcome import Outcome, Why
from registry.deployed.routing.spectrum import Ask

_Nodes = tuple[TreeNode, ...]


class _SweptWay(NamedTuple):
    """What holds at a place of the sweep.

    `state` is what is known there, `before` are the routes that every alert there has taken, and
    `sure` says that every alert comes there.
    """

    state: State
    why: Why
    before: _Nodes
    sure: bool


class Sweep:
    """One sweep. `taken` are the routes that may be taken, and `certain` those always taken.

    `deciding` has the bits of the matchers on which it hangs. Where it is exact, `complete` are the
    ways, each with all its routes.
    """

    def __init__(self, tree: Tree, state: State) -> None:
        self.is_exact = True
        self.deciding = 0
        self.taken: list[tuple[TreeNode, Why]] = []
        self.certain: list[TreeNode] = []
        self.complete: list[tuple[_Nodes, Why]] = []
        self._matchers = tree.matchers
        self._visit(tree.nodes[0], _SweptWay(state, Why(), (), sure=True))
        self.taken.sort(key=_number)

    def outcomes(self, wanted: int) -> list[Outcome]:
        """Return so many ways, or routes where it is not exact, the first of them."""
        if self.is_exact:
            ways = sorted(self.complete, key=_numbers)[:wanted]
        else:
            ways = [((node,), why) for node, why in self.taken[:wanted]]
        return [why.outcome(tuple([node.route for node in nodes])) for nodes, why in ways]

    def _visit(self, node: TreeNode, way: _SweptWay) -> _Nodes | None:
        """Note what may be taken at a node that matches.

        Returns what every alert there has taken in the end; None where ways part.
        """
        whole = itself = True
        for position in node.level.candidates(way.state):
            child = node.children[position]
            asks = _open(child, way.state)
            if asks is None:
                continue
            taken = self._visit(child, self._within(way, asks) if asks else way)
            whole = whole and taken is not None and not asks
            if asks:
                way = self._missed(way, child, asks)
                continue
            itself = False
            if not child.route.goes_on:
                return taken if whole else None
            way = self._rejoined(way, taken)
        if itself:
            self.taken.append((node, way.why))
            if way.sure and whole:
                self.certain.append(node)
            way = way._replace(before=(*way.before, node))
        self.complete.append((way.before, way.why))
        return way.before if whole else None

    def _within(self, way: _SweptWay, asks: Sequence[Ask]) -> _SweptWay:
        """Go on to a child that some alerts take: open conditions of it hold there."""
        state, why, before, _ = way
        for ask in asks:
            self.deciding |= 1 << ask.rank
            state = ask.given(state, holds=True)
            why = why.hit(self._matchers[ask.rank])
        return _SweptWay(state, why, before, sure=False)

    def _rejoined(self, way: _SweptWay, taken: _Nodes | None) -> _SweptWay:
        """Go on behind a child that every alert takes, and that goes on."""
        if taken is None:
            self.is_exact = False
            return way
        self.complete.pop()
        return way._replace(before=taken)

    def _missed(self, way: _SweptWay, child: TreeNode, asks: Sequence[Ask]) -> _SweptWay:
        """Go on behind a child that some alerts take; the others do not match it."""
        state, why, before, sure = way
        why = why.miss(self._matchers[asks[0].rank])
        if child.route.goes_on or len(asks) > 1:
            self.is_exact = False
            return _SweptWay(state, why, before, sure=sure and child.route.goes_on)
        return _SweptWay(asks[0].given(state, holds=False), why, before, sure=False)


def _open(node: TreeNode, state: State) -> list[Ask] | None:
    """Return the conditions of a node that may hold or not, each after those before it.

    None where it cannot match.
    """
    found: list[Ask] = []
    for ask in node.asks:
        said = ask.said[state[ask.label]]
        if said is False:
            return None
        if said is None:
            found.append(ask)
            state = ask.given(state, holds=True)
    return found


def _number(taken: tuple[TreeNode, Why]) -> int:
    return taken[0].number


def _numbers(way: tuple[_Nodes, Why]) -> list[int]:
    return [node.number for node in way[0]]
