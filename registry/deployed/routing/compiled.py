"""A routing tree made ready for many questions: conditions, and siblings by the values they want.

Of a thousand siblings of which each wants another team, only those are looked at that an alert's
team may reach.
"""

import sys
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Sequence
from operator import getitem
from typing import NamedTuple

from registry.deployed.model import Matcher, Route
from registry.deployed.routing.labels import Condition, condition
from registry.deployed.routing.spectrum import Ask, AskedValues, Memo, Spectrum, bits

_FEW = 8
"""Siblings that are all looked at."""


class TreePlace(NamedTuple):
    """A place among the children of a node: before one of them, or behind the last.

    `found` says that an earlier one took the alert.
    """

    node: "TreeNode"
    at: int
    found: bool


class TreeNode:
    """A route with its conditions; `number` counts the tree's routes, parents first, from 0.

    `end` is the number behind all that stands below, and `last` the one behind all that may be
    asked once the walk came here. `after` is where it goes on from here once something is taken;
    None where it ends. `tests` are, of each of its `asks`, what it says of its label's choices, and
    which label that is.
    """

    __slots__ = (
        "after", "asks", "children", "conditions", "end", "last", "level", "number", "parent",
        "route", "tests",
    )  # fmt: skip

    def __init__(self, route: Route, number: int, parent: "TreeNode | None", position: int) -> None:
        self.route = route
        self.parent = parent
        self.number = number
        self.end = self.last = number + 1
        self.conditions = tuple(map(condition, route.matchers)) if parent else ()
        self.asks: tuple[Ask, ...] = ()
        self.tests: tuple[tuple[Memo[bool | None], int], ...] = ()
        self.children: list[TreeNode] = []
        self.level = _CHILDLESS
        self.after: TreePlace | None = None
        if parent is not None:
            goes_on = route.goes_on
            self.after = TreePlace(parent, position + 1, found=True) if goes_on else parent.after


State = tuple[int, ...]
"""What is known of each label that a tree asks for: the number of its choice."""


class _Group(NamedTuple):
    """Positions of siblings that one label lets match; at `last` one does, and ends their level."""

    positions: tuple[int, ...]
    last: int


class _WantedValues:
    """Those of some siblings that want certain values of a label, or a pattern to match it."""

    def __init__(self, spectrum: Spectrum) -> None:
        self._spectrum = spectrum
        self._values: dict[int, list[int]] = defaultdict(list)
        self._patterns: dict[int, list[int]] = defaultdict(list)
        self._ending: dict[int, Ask] = {}
        self._numbers: dict[_Group, int] = {}
        self.groups: list[_Group] = []
        self.group: Memo[int] = Memo(self._group)

    def add(self, position: int, child: TreeNode, asked: Ask) -> None:
        """Note what the sibling at a position wants."""
        if child.asks == (asked,) and not child.route.goes_on:
            self._ending[position] = asked
        if asked.pattern is not None:
            self._patterns[asked.pattern].append(position)
        for bit in bits(asked.values or 0):
            self._values[bit].append(position)

    def _group(self, choice: int) -> int:
        """Return the number of those that a choice of the label lets match."""
        wanted = self._spectrum.wants(choice)
        values, patterns = (self._values, self._patterns) if wanted is None else map(bits, wanted)
        found = {at for value in values for at in self._values.get(value, ())}
        found.update(at for number in patterns for at in self._patterns.get(number, ()))
        sure = (at for at, asked in self._ending.items() if at in found and asked.said[choice])
        group = _Group(tuple(sorted(found)), min(sure, default=_NEVER))
        if group not in self._numbers:
            self._numbers[group] = len(self.groups)
            self.groups.append(group)
        return self._numbers[group]


class Level:
    """Siblings, sorted by the labels of which one wants certain values or a pattern.

    Behind one that takes every alert, and ends the level, none is asked.
    """

    __slots__ = ("_groups", "_lists", "_rest", "_seen", "_wanting", "_wants")

    def __init__(self, children: Sequence[TreeNode], spectra: Sequence[Spectrum]) -> None:
        self._wanting: dict[int, _WantedValues] = {}
        self._seen: dict[tuple[int, ...], list[int]] = {}
        self._lists: dict[tuple[int, ...], list[int]] = {}
        wants = [_wants(child) if len(children) > _FEW else {} for child in children]
        self._wants = list(map(len, wants))
        self._rest = [position for position, wanted in enumerate(wants) if not wanted]
        for position, child in enumerate(children):
            for label, asked in wants[position].items():
                if label not in self._wanting:
                    self._wanting[label] = _WantedValues(spectra[label])
                self._wanting[label].add(position, child, asked)
        self._groups = [(one.group, label) for label, one in self._wanting.items()]

    def candidates(self, state: State) -> list[int]:
        """Return the positions of children that may match, in order."""
        if not self._groups:
            return self._rest
        key = tuple([group[state[label]] for group, label in self._groups])
        found = self._seen.get(key)
        if found is None:
            pairs = zip(self._wanting.values(), key, strict=True)
            groups = [one.groups[number] for one, number in pairs]
            last = min([one.last for one in groups])
            matching = Counter([at for one in groups for at in one.positions])
            some = [at for at, number in matching.items() if number == self._wants[at]]
            ordered = sorted([at for at in (*self._rest, *some) if at <= last])
            found = self._seen[key] = self._lists.setdefault(tuple(ordered), ordered)
        return found


_NEVER = sys.maxsize
"""Behind all siblings."""

_CHILDLESS = Level((), ())


def _wants(node: TreeNode) -> dict[int, Ask]:
    """Return the first condition on each label that wants certain values or a pattern of it."""
    asks = (one for one in reversed(node.asks) if not one.negated)
    return {one.label: one for one in asks if one.values is not None or one.pattern is not None}


def compiled(root: Route) -> list[TreeNode]:
    """Return a tree's nodes, parents first, in order; the root takes everything."""
    nodes: list[TreeNode] = []
    left: list[tuple[Route, TreeNode | None, int]] = [(root, None, 0)]
    while left:
        route, parent, position = left.pop()
        node = TreeNode(route, len(nodes), parent, position)
        nodes.append(node)
        if parent is not None:
            parent.children.append(node)
        left += [(route.routes[n], node, n) for n in reversed(range(len(route.routes)))]
    return nodes


class Tree:
    """A tree's nodes with their conditions in bits, and what they are the bits of.

    `labels` numbers the labels that are asked for, `spectra` has what is asked of each; `matchers`
    are those of the whole tree in the order in which they are written, and `ranks` number them.
    """

    def __init__(self, root: Route) -> None:
        self.nodes = compiled(root)
        asked = [one for node in self.nodes for one in node.conditions]
        by_label: dict[str, list[Condition]] = {}
        for one in asked:
            by_label.setdefault(one.label, []).append(one)
        self.labels = {label: number for number, label in enumerate(by_label)}
        self.spectra = tuple(map(Spectrum, by_label.values()))
        self.matchers = tuple(sorted({one.matcher for one in asked}, key=_written))
        self.ranks = {matcher: rank for rank, matcher in enumerate(self.matchers)}
        self._uses: list[list[tuple[int, AskedValues]]] = [[] for _ in by_label]
        self._asked: dict[tuple[int, int, int], AskedValues] = {}
        self._memos: dict[tuple[int, AskedValues], Memo[int]] = {}
        self._views: dict[tuple[int, int], tuple[Memo[int], ...]] = {}
        self._told: dict[int, tuple[Memo[int], ...]] = {}
        self._below: dict[int, list[tuple[int, int, int]]] = {}
        self._tellings: dict[tuple[int, AskedValues], Memo[int]] = {}
        self._write()
        for node in reversed(self.nodes):
            if node.children:
                node.level = Level(node.children, self.spectra)
                node.end = node.children[-1].end
        for node in self.nodes:
            node.last = node.end if node.after is None else node.after.node.last

    def _write(self) -> None:
        """Write each condition in bits, and note which nodes ask for what of a label."""
        for node in self.nodes:
            asks = []
            for one in node.conditions:
                label = self.labels[one.label]
                ask = Ask(self.spectra[label], one, label, self.ranks[one.matcher])
                self._uses[label].append((node.number, ask.asked))
                asks.append(ask)
            node.asks = tuple(asks)
            node.tests = tuple([(ask.said, ask.label) for ask in asks])

    def view(self, first: int, last: int) -> tuple[Memo[int], ...]:
        """Return what the nodes from `first` to before `last` can tell of each label's choice."""
        found = self._views.get((first, last))
        if found is None:
            labels = range(len(self.spectra))
            found = tuple([self._memo(label, self._within(label, first, last)) for label in labels])
            self._views[first, last] = found
        return found

    def told_apart(self, choices: State) -> State:
        """Reduce choices to what the root's children that may match can tell of them.

        The same children may match then: one that wants a value of a label for which none of these
        asks does not match anyway.
        """
        view = self._view_of(self.nodes[0].level.candidates(choices))
        return tuple(map(getitem, view, choices))

    def _view_of(self, positions: list[int]) -> tuple[Memo[int], ...]:
        """Return what the root's children at some positions can tell of each label's choice.

        The list is one of the root's `candidates`, which keeps it.
        """
        found = self._told.get(id(positions))
        if found is None:
            values, patterns = [0] * len(self.spectra), [0] * len(self.spectra)
            for position in positions:
                for label, value, pattern in self._asked_below(position):
                    values[label] |= value
                    patterns[label] |= pattern
            asked = map(AskedValues, values, patterns)
            found = tuple([self._telling(label, one) for label, one in enumerate(asked)])
            self._told[id(positions)] = found
        return found

    def _asked_below(self, position: int) -> list[tuple[int, int, int]]:
        """Return each label for which a child of the root or one below it asks, and for what."""
        found = self._below.get(position)
        if found is None:
            child = self.nodes[0].children[position]
            sums: dict[int, AskedValues] = {}
            for node in self.nodes[child.number : child.end]:
                for ask in node.asks:
                    values, patterns = sums.get(ask.label, _NOTHING)
                    more = ask.asked
                    sums[ask.label] = AskedValues(values | more.values, patterns | more.patterns)
            found = self._below[position] = [(label, *one) for label, one in sums.items()]
        return found

    def _telling(self, label: int, asked: AskedValues) -> Memo[int]:
        found = self._tellings.get((label, asked))
        if found is None:
            spectrum = self.spectra[label]
            found = Memo(lambda one: spectrum.told_apart(one, asked))
            self._tellings[label, asked] = found
        return found

    def _memo(self, label: int, asked: AskedValues) -> Memo[int]:
        found = self._memos.get((label, asked))
        if found is None:
            spectrum = self.spectra[label]
            found = self._memos[label, asked] = Memo(lambda one: spectrum.within(one, asked))
        return found

    def _within(self, label: int, first: int, last: int) -> AskedValues:
        """Return what the nodes from `first` to before `last` ask for of a label."""
        uses = self._uses[label]
        low, high = bisect_left(uses, (first,)), bisect_left(uses, (last,))
        key = (label, low, high)
        if key not in self._asked:
            # Most parts end where others do, and begin one later: each adds one to the next.
            start = next((n for n in range(low, high) if (label, n, high) in self._asked), high)
            values, patterns = self._asked.get((label, start, high), AskedValues(0, 0))
            for at in range(start - 1, low - 1, -1):
                values |= uses[at][1].values
                patterns |= uses[at][1].patterns
                self._asked[label, at, high] = AskedValues(values, patterns)
            self._asked.setdefault(key, AskedValues(values, patterns))
        return self._asked[key]


_NOTHING = AskedValues(0, 0)


def _written(matcher: Matcher) -> tuple[object, ...]:
    return (matcher.where, matcher)
