"""Every way through a routing tree at once: a diagram of the conditions that series decide.

A way runs straight on as long as what is known decides each condition, and parts in two where it
does not: there is a fork. Ways that come to a condition with the same knowledge of all that may
still be asked go on as one. So a diagram has about as many forks as the tree has conditions, be
there ever so many ways through it (R. E. Bryant, Graph-Based Algorithms for Boolean Function
Manipulation, 1986).
"""

from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple, Optional

from registry.deployed.routing.compiled import State, Tree, TreeNode, TreePlace
from registry.deployed.routing.spectrum import Ask

_REMEMBERED = 30_000
"""Forks that are kept for later questions."""

MANY = 1_000_000
"""Ways that are counted."""


class DiagramEdge(NamedTuple):
    """A straight part of a way: the routes taken, the receivers notified, and the fork behind it.

    Routes and receivers are bits of their numbers. Without a fork the way ends.
    """

    routes: int
    receivers: int
    fork: Optional["Fork"]


class Ways(NamedTuple):
    """What holds of a number of ways.

    `routes` are those that some way takes, `some` and `every` the receivers that some and all
    notify, `deciding` the matchers that part them; `heard` says that each notifies somebody. On one
    way nothing holds that may or may not: it takes `left`, and misses so many matchers.
    """

    number: int
    routes: int
    some: int
    every: int
    heard: bool
    deciding: int
    left: int
    missed: int


_END = Ways(1, 0, 0, 0, heard=False, deciding=0, left=0, missed=0)


class Fork:
    """A condition that may hold or not, what follows if it does (`hit`) or does not (`miss`).

    `key` is the place in the tree, which grows along a way, and what is known there. `size` is at
    least the number of forks from here on, this one among them.
    """

    __slots__ = ("hit", "key", "miss", "rank", "size", "ways")

    hit: DiagramEdge
    miss: DiagramEdge
    ways: Ways

    def __init__(self, key: "_Key", rank: int) -> None:
        self.key = key
        self.rank = rank
        self.size = 1


class _ChildPlace(NamedTuple):
    """A child that may match: that with a `number` among a node's `candidates`.

    `question` is the first of its conditions that may fail; `found` as in `TreePlace`.
    """

    node: TreeNode
    candidates: list[int]
    number: int
    question: int
    found: bool


_NewFork = tuple[Fork, _ChildPlace]
"""A fork that is to be grown, and the child whose condition it is."""

_Key = tuple[int, int, bool, State]
"""A child's number, that of its open condition, whether an earlier sibling took, what is known."""


class Diagram:
    """The diagram of one tree, grown by each question; `most` bounds the forks of one.

    `receivers` has the bit of each node's receiver, 0 where nothing is notified; `hearing` are the
    bits of those that notify anybody.
    """

    def __init__(self, tree: Tree, receivers: Sequence[int], hearing: int, most: int) -> None:
        self._tree = tree
        self._receivers = receivers
        self._bits = [1 << node.number for node in tree.nodes]
        self._hearing = hearing
        self._most = most
        self._forks: dict[_Key, Fork] = {}

    def start(self, state: State) -> DiagramEdge | None:
        """Return the beginning of all ways that what is known leaves open; None for too many."""
        if len(self._forks) > _REMEMBERED:
            self._forks.clear()
        new: list[_NewFork] = []
        begin = self._edge(_first(self._tree.nodes[0], state), state, new)
        for one in new:
            if len(new) > self._most:
                for fork, _ in new:
                    del self._forks[fork.key]
                return None
            self._grow(one, new)
        for fork in sorted((fork for fork, _ in new), key=_order, reverse=True):
            self._sum_up(fork)
        return begin if self._is_small(begin.fork) else None

    def behind(self, edge: DiagramEdge) -> Ways:
        """Say what holds of the ways that begin with an edge."""
        taken, told, fork = edge
        ways = _END if fork is None else fork.ways
        if not taken:
            return ways
        number, routes, some, all_, heard, deciding, left, missed = ways
        return Ways(
            number, routes | taken, some | told, all_ | told,
            heard or told & self._hearing != 0, deciding, left | taken, missed,
        )  # fmt: skip

    def _edge(self, place: _ChildPlace, state: State, new: "list[_NewFork]") -> DiagramEdge:
        """Go on from a child as long as each condition is decided."""
        routes = receivers = 0
        while True:
            node, _, _, _, found = place
            stop = _matching(place, state)
            if stop is not None:
                child = _child(stop)
                if stop.question < len(child.asks):
                    return DiagramEdge(routes, receivers, self._fork(stop, child, state, new))
                if child.children:
                    place = _first(child, state)
                    continue
                node, found = child, False
            if not found:
                routes |= self._bits[node.number]
                receivers |= self._receivers[node.number]
            if node.after is None:
                return DiagramEdge(routes, receivers, None)
            place = _behind(node.after, state)

    def _fork(
        self, place: _ChildPlace, child: TreeNode, state: State, new: "list[_NewFork]"
    ) -> Fork:
        """Return the fork at a child's condition; a new one is to be grown."""
        view = self._tree.view(child.number, place.node.last)
        known = tuple([seen[choice] for seen, choice in zip(view, state, strict=True)])
        key = (child.number, place.question, place.found, known)
        fork = self._forks.get(key)
        if fork is None:
            fork = self._forks[key] = Fork(key, child.asks[place.question].rank)
            new.append((fork, place))
        return fork

    def _grow(self, one: "_NewFork", new: "list[_NewFork]") -> None:
        """Find out what follows a fork."""
        fork, place = one
        state = fork.key[3]
        node, candidates, index, question, found = place
        ask = _child(place).asks[question]
        hit, miss = ask.given(state, holds=True), ask.given(state, holds=False)
        fork.hit = self._edge(_ChildPlace(node, candidates, index, question + 1, found), hit, new)
        fork.miss = self._edge(_ChildPlace(node, candidates, index + 1, 0, found), miss, new)

    def _sum_up(self, fork: Fork) -> None:
        hit, miss = self.behind(fork.hit), self.behind(fork.miss)
        fork.ways = Ways(
            min(hit.number + miss.number, MANY),
            hit.routes | miss.routes,
            hit.some | miss.some,
            hit.every & miss.every,
            hit.heard and miss.heard,
            hit.deciding | miss.deciding | 1 << fork.rank,
            miss.left,
            miss.missed + 1,
        )
        on, off = fork.hit.fork, fork.miss.fork
        if off is not None:
            fork.size += off.size
        if on is not None and on is not off:
            fork.size = min(fork.size + on.size, MANY)

    def _is_small(self, fork: Fork | None) -> bool:
        """Whether there are no more forks than may be; it does not depend on earlier questions."""
        if fork is None or fork.size <= self._most:
            return True
        seen = {id(fork)}
        left = [fork]
        while left and len(seen) <= self._most:
            one = left.pop()
            for edge in (one.hit, one.miss):
                if edge.fork is not None and id(edge.fork) not in seen:
                    seen.add(id(edge.fork))
                    left.append(edge.fork)
        return len(seen) <= self._most


def _child(place: _ChildPlace) -> TreeNode:
    return place.node.children[place.candidates[place.number]]


def _first(node: TreeNode, state: State) -> _ChildPlace:
    return _ChildPlace(node, node.level.candidates(state), 0, 0, found=False)


def _behind(place: TreePlace, state: State) -> _ChildPlace:
    """Return to a node from one of its children; what is known may be more than before."""
    node, at, found = place
    candidates = node.level.candidates(state)
    return _ChildPlace(node, candidates, bisect_left(candidates, at), 0, found)


def _matching(place: _ChildPlace, state: State) -> _ChildPlace | None:
    """Find the first child from a place on that may match, and its first open condition."""
    node, candidates, start, question, found = place
    children = node.children
    for index in range(start, len(candidates)):
        open_ = _weighed(children[candidates[index]].asks, question, state)
        if open_ is not None:
            return _ChildPlace(node, candidates, index, open_, found)
        question = 0
    return None


def _weighed(asks: Sequence[Ask], question: int, state: State) -> int | None:
    """Return the first open one of a child's conditions, from one on; None where one fails."""
    first = len(asks)
    for number in range(question, len(asks)):
        ask = asks[number]
        said = ask.said[state[ask.label]]
        if said is None:
            first = min(first, number)
        elif not said:
            return None
    return first


def _order(fork: Fork) -> tuple[int, int]:
    return fork.key[:2]
