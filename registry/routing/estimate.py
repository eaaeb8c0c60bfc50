"""Where an alert may go, roughly: each matcher by itself, and no way told from another.

It takes as long as the tree has routes, whatever is unknown.
"""

from registry.deployed import Route
from registry.routing.compiled import Node, State
from registry.routing.outcome import Assumption

_Because = tuple[Assumption, ...]
_Found = tuple[list[tuple[Node, _Because]], list[Route]]


def estimated(root: Node, state: State) -> _Found:
    """Return the routes that may be taken, with the matchers that must hold, and those certain."""
    found: _Found = [], []
    _visit(root, state, found, (), sure=True)
    found[0].sort(key=lambda one: one[0].number)
    return found


def _visit(node: Node, state: State, found: _Found, because: _Because, *, sure: bool) -> None:
    """Note what may be taken at a node that matches; `sure` says that the walk gets there."""
    gets_there, itself, alone = sure, True, True
    for position in node.candidates(state):
        child = node.children[position]
        said = [(asked, state[asked.label].decides(asked)) for asked in child.conditions]
        if any(holds is False for _, holds in said):
            continue
        open_ = tuple(
            Assumption(asked.matcher, holds=True) for asked, holds in said if holds is None
        )
        _visit(child, state, found, because + open_, sure=gets_there and not open_)
        alone = False
        if not open_:
            itself = False
        if not child.route.goes_on:
            if not open_:
                break
            gets_there = False
    if itself:
        found[0].append((node, because))
        if sure and alone:
            found[1].append(node.route)
