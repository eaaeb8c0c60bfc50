"""Every way through a routing tree at once: a diagram of the conditions that series decide.

A way runs straight on as long as what is known decides each condition, and parts in two where it
does not: there is a fork. Ways that come to a condition with the same knowledge of all that may
still be asked go on as one. So a diagram has about as many forks as the tree has conditions, be
there ever so many ways through it (R. E. Bryant, Graph-Based Algorithms for Boolean Function
Manipulation, 1986).
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from operator import getitem

from registry.deployed.routing.compiled import State, Tree, TreeNode
from registry.deployed.routing.fork import DiagramEdge, Fork, ForkKey, RowPart, Ways
from registry.deployed.routing.place import ChildPlace, first_child, hangs_on, next_open
from registry.deployed.routing.spectrum import Memo

_REMEMBERED = 60_000
"""Forks and parts of rows that are kept for later questions."""

_BLOCK = 8
"""Siblings of a row of which one part is made at most."""

_GLANCES = 40
"""Straight parts of ways that are looked at where a glance must do."""


_NewFork = tuple[Fork, ChildPlace]
"""A fork that is to be grown, and the child whose condition is its first."""

_PartKey = tuple[int, int, int, State]
"""A child's number, that of its first condition that may fail, a label, what is known there."""


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
        self._forks: dict[ForkKey, Fork] = {}
        self._inside: dict[tuple[int, State], DiagramEdge] = {}
        self._parts: dict[_PartKey, RowPart] = {}
        self._views: dict[int, tuple[Memo[int], ...]] = {}
        self._below: dict[int, tuple[Memo[int], ...]] = {}
        self._blocks: dict[int, tuple[Memo[int], ...]] = {}

    def start(self, state: State) -> DiagramEdge | None:
        """Return the beginning of all ways that what is known leaves open; None for too many.

        Whether the conditions of new forks are too many is looked at each time they have doubled:
        two rows may have some in common.
        """
        if len(self._forks) + len(self._parts) > _REMEMBERED:
            self._forget(self._forks.values())
        new: list[_NewFork] = []
        begin = self._edge(first_child(self._tree.nodes[0], state), state, new)
        grown, looked_at = 0, self._most
        for number, one in enumerate(new):
            if grown > looked_at:
                if self._exceeds(fork for fork, _ in new[:number]):
                    self._forget([fork for fork, _ in new])
                    return None
                looked_at = 2 * grown
            self._grow(one, new)
            grown += _length(one[0])
        for fork in sorted((fork for fork, _ in new), key=_order, reverse=True):
            fork.sum_up(self._hearing)
        return begin if self._is_small(begin.fork) else None

    def _forget(self, forks: Iterable[Fork]) -> None:
        for key in [fork.key for fork in forks]:
            del self._forks[key]
        self._inside.clear()  # some may lead to these
        self._parts.clear()
        self.epoch += 1

    def leads_beyond(self, state: State, receivers: int) -> bool:
        """Whether a glance finds a way on which others than these receivers are notified.

        The first ways are looked at, those on which conditions hold: False says nothing.
        """
        left = [(first_child(self._tree.nodes[0], state), state)]
        for _ in range(_GLANCES):
            if not left:
                return False
            place, state = left.pop()
            _, told, stop = self._run(place, state)
            if told & ~receivers:
                return True
            if stop is not None:
                node, candidates, index, question, found = stop
                ask = stop.child.asks[question]
                missed = ChildPlace(node, candidates, index + 1, 0, found)
                left.append((missed, ask.given(state, holds=False)))
                held = ChildPlace(node, candidates, index, question + 1, found)
                left.append((held, ask.given(state, holds=True)))
        return False

    def behind(self, edge: DiagramEdge) -> Ways:
        """Say what holds of the ways that begin with an edge."""
        return edge.ways(self._hearing)

    def _edge(self, place: ChildPlace, state: State, new: "list[_NewFork]") -> DiagramEdge:
        """Go on from a child as long as each condition is decided."""
        routes, receivers, stop = self._run(place, state)
        fork = None if stop is None else self._fork(stop, state, new)
        return DiagramEdge(routes, receivers, fork)

    def _run(self, place: ChildPlace, state: State) -> tuple[int, int, ChildPlace | None]:
        """Return the routes and receivers up to the next open condition, and its place."""
        routes = receivers = 0
        node, candidates, first, question, found = place
        while True:
            children = node.children
            index, stop = next_open(children, candidates, first, question, state)
            child = children[candidates[index]] if index < len(candidates) else node
            if stop >= 0:
                return routes, receivers, ChildPlace(node, candidates, index, stop, found)
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

    def _fork(self, place: ChildPlace, state: State, new: "list[_NewFork]") -> Fork:
        """Return the fork at a child's condition; a new one is to be grown."""
        node, candidates, number, question, found = place
        child = node.children[candidates[number]]
        key = self._key(child, question, state, found=found)
        fork = self._forks.get(key)
        if fork is None:
            fork = self._forks[key] = Fork(key)
            new.append((fork, place))
        return fork

    def _key(self, child: TreeNode, question: int, state: State, *, found: bool) -> ForkKey:
        """Return what tells a condition of a child from the same one asked with other knowledge."""
        view = self._views.get(child.number)
        if view is None:
            last = child.parent.last if child.parent is not None else child.last
            view = self._views[child.number] = self._tree.view(child.number, last)
        return (child.number, question, found, tuple(map(getitem, view, state)))

    def _grow(self, one: "_NewFork", new: "list[_NewFork]") -> None:
        """Find out what follows a fork: of its first condition, or of a row of them."""
        fork, (node, candidates, number, question, found) = one
        state, child = fork.key[3], node.children[candidates[number]]
        ask = child.asks[question]
        held, missed = ask.given(state, holds=True), ask.given(state, holds=False)
        index, stop = next_open(node.children, candidates, number + 1, 0, missed)
        if hangs_on(child, question, state):
            if stop >= 0 and _goes_on(node.children[candidates[index]], stop, ask.label, missed):
                self._grow_row(fork, one[1], new)
                return
            hit = self._hit(child, held, new)
        else:
            hit = self._edge(ChildPlace(node, candidates, number, question + 1, found), held, new)
        alone = RowPart()
        alone.add(child, ask, hit)
        fork.parts.append(alone)
        behind = ChildPlace(node, candidates, index, max(stop, 0), found)
        fork.miss = self._edge(behind, missed, new)

    def _grow_row(self, fork: Fork, place: ChildPlace, new: "list[_NewFork]") -> None:
        """Put siblings into one row, as long as the next that may match hangs on one condition.

        A row asks for one label, so that those that ask for another are a row that others share.
        """
        node, candidates, number, question, found = place
        state, first = fork.key[3], candidates[number]
        label = place.child.asks[question].label
        while True:
            end = first - first % _BLOCK + _BLOCK
            part = self._part(node, range(first, end), question, label, state, new)
            if part.hits:
                fork.parts.append(part)
                state = (*state[:label], part.missed(state[label]), *state[label + 1 :])
            number = bisect_left(candidates, part.stop, number)
            if number == len(candidates) or part.stop < end:
                break
            first, question = candidates[number] - candidates[number] % _BLOCK, 0
        missed = ChildPlace(node, candidates, number, 0, found)
        fork.miss = self._edge(missed, state, new)

    def _part(  # noqa: PLR0913 - a place in a row, and what is known there
        self, node: TreeNode, block: range, question: int, label: int, state: State,
        new: "list[_NewFork]",
    ) -> RowPart:  # fmt: skip
        """Return those of a block that hang on one condition of a label, up to one that does not.

        They are told apart by what is known of labels for which the block itself asks.
        """
        first = node.children[block.start]
        view = self._blocks.get(first.number)
        if view is None:
            last = node.children[min(block.stop, len(node.children)) - 1]
            view = self._blocks[first.number] = self._tree.view(first.number, last.end)
        key = (first.number, question, label, tuple(map(getitem, view, state)))
        found = self._parts.get(key)
        if found is None:
            found = self._parts[key] = RowPart()
            self._fill(found, node.children[: block.stop], block.start, key, new)
        return found

    def _fill(
        self, part: RowPart, children: list[TreeNode], at: int, key: _PartKey,
        new: "list[_NewFork]",
    ) -> None:  # fmt: skip
        _, question, label, state = key
        positions = range(len(children))
        while True:
            part.stop, question = next_open(children, positions, at, question, state)
            if question < 0:
                break
            child = children[part.stop]
            if not _goes_on(child, question, label, state):
                break
            ask = child.asks[question]
            part.add(child, ask, self._hit(child, ask.given(state, holds=True), new))
            state = ask.given(state, holds=False)
            at, question = part.stop + 1, 0

    def _hit(self, child: TreeNode, state: State, new: "list[_NewFork]") -> DiagramEdge:
        """Return what follows where a child takes an alert, and all ways end there.

        Of a thousand siblings each is gone into once, whatever the others ask.
        """
        view = self._below.get(child.number)
        if view is None:
            view = self._below[child.number] = self._tree.view(child.number + 1, child.end)
        key = (child.number, tuple(map(getitem, view, state)))
        hit = self._inside.get(key)
        if hit is None:
            hit = self._inside[key] = self._edge(first_child(child, state), state, new)
        return hit

    def _is_small(self, fork: Fork | None) -> bool:
        """Whether no more is asked than may be; it does not depend on earlier questions."""
        if fork is None or fork.size <= self._most:
            return True
        reached = list(_reached(fork))
        is_small = sum(map(_length, reached)) <= self._most or not self._exceeds(reached)
        if is_small:
            fork.size = self._most  # it is at most so many, and is not counted again
        return is_small

    def _exceeds(self, forks: Iterable[Fork]) -> bool:
        """Whether some forks have more conditions than may be: the same one in two rows is one."""
        seen: set[ForkKey] = set()
        for fork in forks:
            seen.update(self._keys(fork))
            if len(seen) > self._most:
                return True
        return False

    def _keys(self, fork: Fork) -> Iterator[ForkKey]:
        """Yield the key of each condition of a row."""
        yield fork.key
        _, _, found, state = fork.key
        for (_, missed, _), (child, ask, _) in pairwise(fork.row()):
            state = missed.given(state, holds=False)
            yield self._key(child, child.asks.index(ask), state, found=found)


def _reached(first: Fork) -> Iterator[Fork]:
    """Yield a fork and each that follows it, once."""
    seen = {id(first)}
    left = [first]
    while left:
        fork = left.pop()
        yield fork
        for edge in (*(hit for _, _, hit in fork.row()), fork.miss):
            if edge.fork is not None and id(edge.fork) not in seen:
                seen.add(id(edge.fork))
                left.append(edge.fork)


def _goes_on(child: TreeNode, question: int, label: int, state: State) -> bool:
    """Whether a row that asks for a label goes on with a child's open condition."""
    return child.asks[question].label == label and hangs_on(child, question, state)


def _length(fork: Fork) -> int:
    return sum([len(one.hits) for one in fork.parts])


def _order(fork: Fork) -> tuple[int, int]:
    return fork.key[:2]
