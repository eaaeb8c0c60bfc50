"""Routes that no alert can reach: those of which an earlier one takes everything.

Only what is certain is told: that a route's matchers, together with those above it, contradict each
other, or leave nothing that an earlier route on its way would not have taken. A route below one
that is told of is not told again.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from registry.deployed.model import Matcher, Route
from registry.deployed.routing.compiled import TreeNode, compiled
from registry.deployed.routing.labels import ANY, SOME, Condition, Domain, condition


class UnreachableRoute(NamedTuple):
    """A route that nothing reaches, and why.

    `by` is the earlier route that takes what it would. `matcher` is its own that leaves nothing,
    if one does: of what `by` lets pass, or of what `against` allows, its own or one above it.
    """

    route: Route
    by: Route | None = None
    matcher: Matcher | None = None
    against: Matcher | None = None


class _Label(NamedTuple):
    """What a label may be at a place of the tree, and what made it so.

    `narrowed` are the matchers above; `taken` the conditions of earlier routes that end the walk.
    """

    domain: Domain
    narrowed: tuple[Matcher, ...] = ()
    taken: tuple[tuple[Condition, Route], ...] = ()


_FREE = _Label(Domain())
_State = dict[str, _Label]


def unreachable(root: Route) -> tuple[UnreachableRoute, ...]:
    """Return a tree's routes that no alert can reach, in order."""
    return tuple(_below(compiled(root)[0], {}, ()))


class _Siblings:
    """The routes before a place of one level that do not go on, by what they want.

    One with a single condition is none of them: what it takes, the level no longer allows.
    """

    def __init__(self) -> None:
        self.all: TreeNode | None = None
        self._by_value: dict[tuple[str, str], list[TreeNode]] = {}
        self._by_pattern: dict[str, dict[str, list[TreeNode]]] = {}
        self._rest: dict[str, list[TreeNode]] = {}

    def add(self, node: TreeNode) -> None:
        """Note a route that ends its level."""
        asked = min(node.conditions, key=_breadth)
        if asked.values is not None and not asked.negated:
            for value in asked.values:
                self._by_value.setdefault((asked.label, value), []).append(node)
        elif asked.pattern is not None:
            patterns = self._by_pattern.setdefault(asked.label, {})
            patterns.setdefault(asked.pattern.text, []).append(node)
        else:
            self._rest.setdefault(asked.label, []).append(node)

    def taking(self, state: _State) -> TreeNode | None:
        """Return the first that takes everything that a state allows."""
        found = [] if self.all is None else [self.all]
        for label, known in state.items():
            found += self._rest.get(label, ())
            patterns = self._by_pattern.get(label, {})
            asked: Iterable[str] = patterns
            if known.domain.values:
                found += self._by_value.get((label, min(known.domain.values)), ())
            else:
                asked = {*(one.value for one in known.narrowed), ANY, SOME} & patterns.keys()
            for text in asked:
                found += patterns[text]
        taking = (one for one in found if _takes_all(state, one))
        return min(taking, key=lambda one: one.number, default=None)


def _breadth(asked: Condition) -> int:
    """Order conditions by how few states can fulfil them."""
    if asked.values is None:
        return 1 if asked.pattern is not None else 3
    return 2 if asked.negated else 0


def _takes_all(state: _State, node: TreeNode) -> bool:
    """Whether a route's conditions hold for everything that a state allows."""
    return all(
        asked.label in state and state[asked.label].domain.decides(asked)
        for asked in node.conditions
    )


def _below(
    node: TreeNode, state: _State, before: tuple[_Siblings, ...]
) -> Iterator[UnreachableRoute]:
    level = dict(state)
    siblings = _Siblings()
    on_the_way = (*before, siblings)
    for child in node.children:
        found = _narrowed(child, level)
        if isinstance(found, UnreachableRoute):
            yield found
            continue
        by = next(filter(None, (one.taking(found) for one in on_the_way)), None)
        if by is not None:
            yield UnreachableRoute(child.route, by=by.route)
            continue
        yield from _below(child, found, on_the_way)
        if child.route.goes_on:
            continue
        if _takes_all(level, child):
            siblings.all = child
        elif len(child.conditions) == 1:
            _take(child, level)
        else:
            siblings.add(child)


def _narrowed(node: TreeNode, level: _State) -> _State | UnreachableRoute:
    """Return what is left of a level where a route matches, or why nothing is."""
    state = dict(level)
    for asked in node.conditions:
        known = state.get(asked.label, _FREE)
        said = known.domain.decides(asked)
        if said is False:
            return _contradiction(node, asked, known)
        if said is None:
            left = known.domain.given(asked, holds=True)
            narrowed = (*known.narrowed, asked.matcher)
            state[asked.label] = known._replace(domain=left, narrowed=narrowed)
    return state


def _contradiction(node: TreeNode, asked: Condition, known: _Label) -> UnreachableRoute:
    """Say what leaves nothing of a condition: another matcher, else an earlier route."""
    wanted = Domain().given(asked, holds=True)
    for matcher in known.narrowed:
        if Domain().given(condition(matcher), holds=True).decides(asked) is False:
            return UnreachableRoute(node.route, matcher=asked.matcher, against=matcher)
    for enough in ((True,), (True, None)):
        for taking, route in known.taken:
            if wanted.decides(taking) in enough:
                return UnreachableRoute(node.route, by=route, matcher=asked.matcher)
    return UnreachableRoute(node.route, matcher=asked.matcher, against=known.narrowed[-1])


def _take(node: TreeNode, level: _State) -> None:
    """Leave to later siblings what the single condition of one that ends its level lets pass."""
    asked = node.conditions[0]
    known = level.get(asked.label, _FREE)
    left = known.domain.given(asked, holds=False)
    level[asked.label] = known._replace(domain=left, taken=(*known.taken, (asked, node.route)))
