"""Every way through a routing tree at once: a diagram of the conditions that series decide.

A way runs straight on as long as what is known decides each condition, and parts in two where it
does not: there is a fork. Ways that come to a condition with the same knowledge of all that may
still be asked go on as one. So a diagram has about as many forks as the tree has conditions, be
there ever so many ways through it (R. E. Bryant, Graph-Based Algorithms for Boolean Function
Manipulation, 1986).
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from operator import getitem
from typing import NamedTuple, Optional

from registry.deployed.routing.compiled import State, Tree, TreeNode
from registry.deployed.routing.spectrum import Memo

_REMEMBERED = 30_000
"""Forks that are kept for later questions."""

_GLANCES = 40
"""Straight parts of ways that are looked at where a glance must do."""

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
    bits of those that notify anybody. `epoch` counts how often forks were forgotten:
    until then each fork is kept, and its identity its own.
    """

    def __init__(self, tree: Tree, receivers: Sequence[int], hearing: int, most: int) -> None:
        self._tree = tree
        self._receivers = receivers
        self._bits = [1 << node.number for node in tree.nodes]
        self._hearing = hearing
        self._most = most
        self.epoch = 0
        self._forks: dict[_Key, Fork] = {}
        self._inside: dict[tuple[int, State], DiagramEdge] = {}
        self._views: dict[int, tuple[Memo[int], ...]] = {}
        self._below: dict[int, tuple[Memo[int], ...]] = {}

    def start(self, state: State) -> DiagramEdge | None:
        """Return the beginning of all ways that what is known leaves open; None for too many."""
        if len(self._forks) > _REMEMBERED:
            self._forget(self._forks.values())
        new: list[_NewFork] = []
        begin = self._edge(_first(self._tree.nodes[0], state), state, new)
        for one in new:
            if len(new) > self._most:
                self._forget([fork for fork, _ in new])
                return None
            self._grow(one, new)
        for fork in sorted((fork for fork, _ in new), key=_order, reverse=True):
            self._sum_up(fork)
        return begin if self._is_small(begin.fork) else None

    def _forget(self, forks: Iterable[Fork]) -> None:
        for key in [fork.key for fork in forks]:
            del self._forks[key]
        self._inside.clear()  # some may lead to these
        self.epoch += 1

    def leads_beyond(self, state: State, receivers: int) -> bool:
        """Whether a glance finds a way on which others than these receivers are notified.

        The first ways are looked at, those on which conditions hold: False says nothing.
        """
        left = [(_first(self._tree.nodes[0], state), state)]
        for _ in range(_GLANCES):
            if not left:
                return False
            place, state = left.pop()
            _, told, stop = self._run(place, state)
            if told & ~receivers:
                return True
            if stop is not None:
                node, candidates, index, question, found = stop
                ask = _child(stop).asks[question]
                missed = _ChildPlace(node, candidates, index + 1, 0, found)
                left.append((missed, ask.given(state, holds=False)))
                held = _ChildPlace(node, candidates, index, question + 1, found)
                left.append((held, ask.given(state, holds=True)))
        return False

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
        routes, receivers, stop = self._run(place, state)
        fork = None if stop is None else self._fork(stop, state, new)
        return DiagramEdge(routes, receivers, fork)

    def _run(self, place: _ChildPlace, state: State) -> tuple[int, int, _ChildPlace | None]:
        """Return the routes and receivers up to the next open condition, and its place."""
        routes = receivers = 0
        node, candidates, first, question, found = place
        while True:
            children = node.children
            for index in range(first, len(candidates)):
                child = children[candidates[index]]
                tests = child.tests[question:] if question else child.tests
                stop, number = -1, question
                for said, label in tests:
                    holds = said[state[label]]
                    if holds is None:
                        if stop < 0:
                            stop = number
                    elif not holds:
                        break
                    number += 1
                else:
                    break
                question = 0
            else:
                child, stop = node, -1
            if stop >= 0:
                return routes, receivers, _ChildPlace(node, candidates, index, stop, found)
            if child is not node and child.children:
                node, candidates = child, child.level.candidates(state)
                first, question, found = 0, 0, False
                continue
            if child is not node or not found:
                routes |= self._bits[child.number]
                receivers |= self._receivers[child.number]
            if child.after is None:
                return routes, receivers, None
            node, at, found = child.after
            candidates = node.level.candidates(state)
            first, question = bisect_left(candidates, at), 0

    def _fork(self, place: _ChildPlace, state: State, new: "list[_NewFork]") -> Fork:
        """Return the fork at a child's condition; a new one is to be grown."""
        node, candidates, index, question, found = place
        child = node.children[candidates[index]]
        view = self._views.get(child.number)
        if view is None:
            view = self._views[child.number] = self._tree.view(child.number, node.last)
        key = (child.number, question, found, tuple(map(getitem, view, state)))
        fork = self._forks.get(key)
        if fork is None:
            fork = self._forks[key] = Fork(key, child.asks[question].rank)
            new.append((fork, place))
        return fork

    def _grow(self, one: "_NewFork", new: "list[_NewFork]") -> None:
        """Find out what follows a fork."""
        fork, place = one
        state = fork.key[3]
        node, candidates, index, question, found = place
        child = _child(place)
        ask = child.asks[question]
        held = ask.given(state, holds=True)
        ends = child.after is None and question + 1 == len(child.asks)
        key = self._within(child, held) if ends else None
        hit = self._inside.get(key) if key is not None else None
        if hit is None:
            on = _ChildPlace(node, candidates, index, question + 1, found)
            hit = self._edge(on, held, new)
            if key is not None:
                self._inside[key] = hit
        fork.hit = hit
        missed = _ChildPlace(node, candidates, index + 1, 0, found)
        fork.miss = self._edge(missed, ask.given(state, holds=False), new)

    def _within(self, child: TreeNode, state: State) -> tuple[int, State]:
        """Return what tells apart the ways below a child that takes an alert, if all end there.

        Of a thousand siblings each then is gone into once, whatever the others ask.
        """
        view = self._below.get(child.number)
        if view is None:
            view = self._below[child.number] = self._tree.view(child.number + 1, child.end)
        return child.number, tuple(map(getitem, view, state))

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


def _order(fork: Fork) -> tuple[int, int]:
    return fork.key[:2]
