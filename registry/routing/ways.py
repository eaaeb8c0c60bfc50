"""Every way that an alert may take through a routing tree, as far as its labels are known.

Where a matcher may hold or not the walk parts in two, and either way remembers which it took.
"""

from typing import NamedTuple

from registry.routing.compiled import Node, State
from registry.routing.labels import Condition
from registry.routing.outcome import Assumption, Outcome

_MOST_REASONS = 5
_CHEAP = 64
"""Labels that may be remembered at the price of one step; with more of them, a step costs more."""


class _Place(NamedTuple):
    """Where a walk stands: before child `at` of its candidates, and where it came from.

    `wide` is what was known when the candidates were chosen.
    """

    node: Node
    candidates: list[int]
    at: int
    found: bool
    wide: State
    above: "_Place | None"


class _Why(NamedTuple):
    """What was assumed on the way: what holds, some of what does not, and how much more."""

    held: tuple[Assumption, ...] = ()
    missed: tuple[Assumption, ...] = ()
    more: int = 0


class _Way(NamedTuple):
    """A walk that is to be gone on with; `question` is the condition to weigh next."""

    place: _Place
    question: int
    state: State
    why: _Why
    taken: tuple[Node, ...]


def outcomes_of(root: Node, state: State, steps: int) -> list[Outcome] | None:
    """Return each set of routes that may be taken, in the tree's order; None beyond `steps`."""
    return _Walk(root, state, steps).outcomes()


class _Walk:
    """All ways through a tree that what is known leaves open."""

    def __init__(self, root: Node, state: State, steps: int) -> None:
        self._steps = steps
        self._price = 1 + len(state) // _CHEAP
        place = _Place(root, root.candidates(state), 0, found=False, wide=state, above=None)
        self._ways = [_Way(place, 0, state, _Why(), ())]

    def outcomes(self) -> list[Outcome] | None:
        """Return each set of routes with the first reasons found; None if there is no end."""
        found: dict[tuple[int, ...], tuple[tuple[Node, ...], _Why]] = {}
        while self._ways:
            way = self._ways.pop()
            following = self._step(way)
            while following is not None:
                self._steps -= self._price
                if self._steps < 0:
                    return None
                way = following
                following = self._step(way)
            end = _finished(way)
            found.setdefault(tuple([node.number for node in end]), (end, way.why))
        return [_outcome(*found[numbers]) for numbers in sorted(found)]

    def _step(self, way: _Way) -> _Way | None:
        """Weigh one condition, or go into a child or back; None at the end."""
        place, question, state, why, taken = way
        if place.at == len(place.candidates):
            return _back(way)
        child = place.node.children[place.candidates[place.at]]
        if question == len(child.conditions):
            below = _Place(child, child.candidates(state), 0, found=False, wide=state, above=place)
            return _Way(below, 0, state, why, taken)
        asked = child.conditions[question]
        said = state[asked.label].decides(asked)
        if said is None:
            other = _assume(way, asked, holds=False)
            self._ways.append(other._replace(place=_next(place, other.state), question=0))
            way = _assume(way, asked, holds=True)
        if said is not False:
            return _Way(place, question + 1, way.state, way.why, taken)
        return _Way(_next(place, state), 0, state, why, taken)


def _finished(way: _Way) -> tuple[Node, ...]:
    return way.taken if way.place.found else (*way.taken, way.place.node)


def _back(way: _Way) -> _Way | None:
    """Return from a node to the one above it, which has a match now; None from the root."""
    node, above = way.place.node, way.place.above
    if above is None:
        return None
    if node.route.goes_on:
        above = _next(above, way.state)._replace(found=True)
    else:
        above = _Place(above.node, [], 0, found=True, wide=above.wide, above=above.above)
    return _Way(above, 0, way.state, way.why, _finished(way))


def _next(place: _Place, state: State) -> _Place:
    """Go to the next candidate; where much less is possible than before, there are fewer."""
    node, candidates, at, found, wide, above = place
    if state is wide or not _narrower(state, wide):
        return _Place(node, candidates, at + 1, found, state, above)
    return _Place(node, node.candidates(state, candidates[at]), 0, found, state, above)


def _narrower(state: State, wide: State) -> bool:
    for label, one in state.items():
        before = wide[label].values
        if one.values is None or one.values is before:
            continue
        if before is None or 2 * len(one.values) <= len(before):
            return True
    return False


def _assume(way: _Way, asked: Condition, *, holds: bool) -> _Way:
    """Go on as if a condition held, or did not."""
    narrowed = way.state[asked.label].given(asked, holds=holds)
    assumed = Assumption(asked.matcher, holds)
    held, missed, more = way.why
    if holds:
        why = _Why((*held, assumed), missed, more)
    elif len(missed) < _MOST_REASONS:
        why = _Why(held, (*missed, assumed), more)
    else:
        why = _Why(held, missed, more + 1)
    return _Way(way.place, way.question, {**way.state, asked.label: narrowed}, why, way.taken)


def _outcome(nodes: tuple[Node, ...], why: _Why) -> Outcome:
    routes = tuple([node.route for node in nodes])
    return Outcome(routes, why.held) if why.held else Outcome(routes, why.missed, why.more)
