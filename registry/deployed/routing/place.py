"""Places among a node's children, and which of these may match."""

from collections.abc import Sequence
from typing import NamedTuple

from registry.deployed.routing.compiled import State, TreeNode


class ChildPlace(NamedTuple):
    """A child that may match: that with a `number` among a node's `candidates`.

    `question` is the first of its conditions that may fail; `found` as in `TreePlace`.
    """

    node: TreeNode
    candidates: list[int]
    number: int
    question: int
    found: bool

    @property
    def child(self) -> TreeNode:
        """The child itself."""
        return self.node.children[self.candidates[self.number]]


def first_child(node: TreeNode, state: State) -> ChildPlace:
    """Return the place of the first of a node's children that may match."""
    return ChildPlace(node, node.level.candidates(state), 0, 0, found=False)


def next_open(
    children: Sequence[TreeNode], candidates: Sequence[int], first: int, question: int, state: State
) -> tuple[int, int]:
    """Find the next candidate that may match, and its first open condition, -1 for none.

    `question` is the first of the first one's conditions that may fail.
    """
    for number in range(first, len(candidates)):
        child = children[candidates[number]]
        tests = child.tests[question:] if question else child.tests
        stop = -1
        for said, label in tests:
            holds = said[state[label]]
            if holds is None:
                if stop < 0:
                    stop = question
            elif not holds:
                break
            question += 1
        else:
            return number, stop
        question = 0
    return len(candidates), -1


def hangs_on(child: TreeNode, question: int, state: State) -> bool:
    """Whether a child takes an alert where one condition holds, and no sibling is asked then."""
    if child.after is not None:
        return False
    rest = child.tests[question + 1 :]
    return not rest or all(said[state[label]] for said, label in rest)
