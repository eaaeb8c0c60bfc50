"""The parts of a diagram of ways: straight edges, and the conditions at which ways part.

Most siblings of a large tree ask for one thing each and end their level. Their conditions stand in
one row, made of parts that are summed up once: of a thousand teams' routes a question looks
only at those parts of which it knows something that no earlier one did.
"""

from collections.abc import Iterator
from typing import NamedTuple

from registry.deployed.routing.compiled import State, TreeNode
from registry.deployed.routing.spectrum import Ask

MANY = 1_000_000
"""Ways that are counted."""

ForkKey = tuple[int, int, bool, State]
"""A child's number, that of its open condition, whether an earlier sibling took, what is known."""


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


class DiagramEdge:
    """A straight part of a way: the routes taken, the receivers notified, and the fork behind it.

    Routes and receivers are bits of their numbers. Without a fork the way ends.
    """

    __slots__ = ("_ways", "fork", "receivers", "routes")

    def __init__(self, routes: int, receivers: int, fork: "Fork | None") -> None:
        self.routes = routes
        self.receivers = receivers
        self.fork = fork
        self._ways: Ways | None = None

    def ways(self, hearing: int) -> Ways:
        """Say what holds of the ways that begin here; `hearing` receivers notify somebody.

        The fork behind it is summed up.
        """
        if self._ways is None:
            self._ways = self._summed(hearing)
        return self._ways

    def _summed(self, hearing: int) -> Ways:
        ways = _END if self.fork is None else self.fork.ways
        taken, told = self.routes, self.receivers
        if not taken:
            return ways
        number, routes, some, all_, heard, deciding, left, missed = ways
        return Ways(
            number, routes | taken, some | told, all_ | told,
            heard or told & hearing != 0, deciding, left | taken, missed,
        )  # fmt: skip


class RowPart:
    """Neighbouring siblings of which each hangs on one condition, all of the same label.

    Each of the `asks`, one of each of the `children`, is asked where those before it do not hold;
    `hits` has what follows where it holds. `stop` is the position behind the last that was looked
    at.
    """

    __slots__ = ("_missed", "_ways", "asks", "children", "hits", "stop")

    def __init__(self) -> None:
        self.children: list[TreeNode] = []
        self.asks: list[Ask] = []
        self.hits: list[DiagramEdge] = []
        self._missed: dict[int, int] = {}
        self.stop = 0
        self._ways: tuple[Ways, int] | None = None

    def add(self, child: TreeNode, ask: Ask, hit: DiagramEdge) -> None:
        """Put one more condition at the end."""
        self.children.append(child)
        self.asks.append(ask)
        self.hits.append(hit)

    def missed(self, choice: int) -> int:
        """Return what is left of a choice of the label where none holds."""
        found = self._missed.get(choice)
        if found is None:
            found = choice
            for ask in self.asks:
                found = ask.miss[found]
            self._missed[choice] = found
        return found

    def ways(self, hearing: int) -> tuple[Ways, int]:
        """Say what holds of all ways on which one holds, and the most conditions they ask for.

        All that follows is summed up.
        """
        if self._ways is None:
            self._ways = self._summed(hearing)
        return self._ways

    def _summed(self, hearing: int) -> tuple[Ways, int]:
        number = routes = some = deciding = 0
        every, heard, size = -1, True, len(self.hits)
        for ask, hit in zip(self.asks, self.hits, strict=True):
            ways = hit.ways(hearing)
            number += ways.number
            routes |= ways.routes
            some |= ways.some
            every &= ways.every
            heard = heard and ways.heard
            deciding |= ways.deciding | 1 << ask.rank
            size += 0 if hit.fork is None else hit.fork.size
        return Ways(number, routes, some, every, heard, deciding, 0, len(self.hits)), size


class Fork:
    """A row of conditions that may hold or not, each asked where none before it holds.

    It is made of `parts`, and `miss` is what follows where none holds. `key` is the place of
    the first in the tree, which grows along a way, and what is known there. `size` is at least the
    number of conditions from here on, its own among them.
    """

    __slots__ = ("key", "miss", "parts", "size", "ways")

    miss: DiagramEdge
    ways: Ways

    def __init__(self, key: ForkKey) -> None:
        self.key = key
        self.parts: list[RowPart] = []
        self.size = 0

    def row(self) -> Iterator[tuple[TreeNode, Ask, DiagramEdge]]:
        """Yield each condition with the sibling whose it is, and what follows where it holds."""
        for one in self.parts:
            yield from zip(one.children, one.asks, one.hits, strict=True)

    def sum_up(self, hearing: int) -> None:
        """Say what holds of the ways from here on; all that follows is summed up."""
        number, routes, some, every, heard, deciding, left, missed = self.miss.ways(hearing)
        size = 0 if self.miss.fork is None else self.miss.fork.size
        if len(self.parts) == 1 and len(self.parts[0].hits) == 1:
            # Most forks are one condition, whose part nobody else shares.
            hit, ask = self.parts[0].hits[0], self.parts[0].asks[0]
            ways = hit.ways(hearing)
            self.size = min(size + 1 + (0 if hit.fork is None else hit.fork.size), MANY)
            self.ways = Ways(
                min(number + ways.number, MANY), routes | ways.routes, some | ways.some,
                every & ways.every, heard and ways.heard, deciding | ways.deciding | 1 << ask.rank,
                left, missed + 1,
            )  # fmt: skip
            return
        for part in self.parts:
            ways, asked = part.ways(hearing)
            number += ways.number
            routes |= ways.routes
            some |= ways.some
            every &= ways.every
            heard = heard and ways.heard
            deciding |= ways.deciding
            missed += ways.missed
            size += asked
        self.size = min(size, MANY)
        self.ways = Ways(min(number, MANY), routes, some, every, heard, deciding, left, missed)
