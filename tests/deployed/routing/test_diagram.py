"""The diagram of a tree: what it forgets, and what it says of patterns that are none."""

import pytest

from registry.deployed.routing import diagram
from registry.deployed.routing.labels import Domain, Known, Labels, condition
from registry.deployed.routing.symbolic import Symbolic
from tests.deployed.routing.trees import matcher, route, router

TREE = router(
    route(
        "default",
        routes=(
            route("a", "team=a", goes_on=True),
            route("b", "env=b", goes_on=True),
            route("c", "x=c"),
        ),
    )
)


def test_what_is_forgotten_is_found_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond so many forks all are dropped: a question after that has the answer of before."""
    asked = [Labels({"team": Known(team)}) for team in ("a", "z", "a", "z")]
    before = [Symbolic(TREE).judge(one) for one in asked]
    monkeypatch.setattr(diagram, "_REMEMBERED", 0)
    symbolic = Symbolic(TREE)
    assert [symbolic.judge(one) for one in asked] == before


def test_a_pattern_that_is_none_decides_nothing() -> None:
    broken = condition(matcher("team", "=~", "("))
    assert Domain(frozenset({"a"})).decides(broken) is None
    assert Domain().decides(broken) is None
