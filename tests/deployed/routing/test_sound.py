"""Nothing escapes what is said: many labels that fit what is known, routed one by one."""

import os
from random import Random

import pytest

from registry.deployed.routing.labels import Labels
from registry.deployed.routing.matcher import holds
from registry.deployed.routing.shadow import unreachable
from registry.deployed.routing.symbolic import MAX_STEPS, Symbolic
from registry.deployed.routing.tree import matched, matches, receivers, walk
from tests.deployed.routing.trees import NAMES, VALUES, random_knowledge, random_tree, router

TREES = int(os.environ.get("OPMODEL_ROUTING_TREES", "60"))


def fitting(random: Random, labels: Labels) -> dict[str, str] | None:
    """Labels that are as is known; None where no value of the test's own is."""
    found = {}
    for name in NAMES:
        known = labels.of(name)
        fit = [
            v for v in VALUES if known.value in (v, None) and all(holds(m, v) for m in known.holds)
        ]
        if not fit:
            return None
        found[name] = random.choice(fit)
    return found


@pytest.mark.parametrize("steps", [MAX_STEPS, 4])
def test_no_series_escapes(steps: int) -> None:
    random = Random(f"sound {steps}")
    told = 0
    for _ in range(TREES):
        root = random_tree(random)
        whole = router(root, silent=("r1", "r3", "r5"))
        symbolic = Symbolic(whole, steps)
        for _ in range(5):
            knowledge = random_knowledge(random)
            found = symbolic.judge(knowledge)
            told += found.verdict == "always"
            for _ in range(40):
                labels = fitting(random, knowledge)
                if labels is None:
                    break
                routes = matched(root, labels)
                reached = set(receivers(routes))
                assert set(found.certain) <= reached <= set(found.possible)
                if found.verdict == "always":
                    assert reached == set(found.possible)
                if found.verdict == "never":
                    assert not any(whole.receivers[name].integrations for name in reached)
                if not found.is_cut:
                    assert routes in [one.routes for one in found.outcomes]
    assert told > TREES / 2


def test_what_is_unreachable_is_never_reached() -> None:
    random = Random("shadow")
    found = missed = 0
    for _ in range(TREES):
        root = random_tree(random)
        told = {id(one.route) for one in unreachable(root)}
        reached: set[int] = set()
        for _ in range(1500):
            _reach(root, {name: random.choice(VALUES) for name in NAMES}, reached)
        assert not told & reached
        below = {id(one) for each in unreachable(root) for one in walk(each.route)}
        missed += sum(id(one) not in reached | below for one in walk(root))
        found += len(told)
    assert found > TREES / 2
    assert missed < found / 3


def _reach(node: object, labels: dict[str, str], reached: set[int]) -> None:
    reached.add(id(node))
    for child in node.routes:  # type: ignore[attr-defined]
        if matches(child, labels):
            _reach(child, labels, reached)
            if not child.goes_on:
                return
