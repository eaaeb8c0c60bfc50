"""The diagram of a tree: what it forgets, and what it says of patterns that are none."""

from random import Random

import pytest

from registry.deployed.model import Router
from registry.deployed.routing import diagram
from registry.deployed.routing.labels import ABSENT, Domain, Known, Labels, condition
from registry.deployed.routing.symbolic import MAX_STEPS, Symbolic
from registry.deployed.routing.tree import walk
from tests.deployed.routing.test_sound import TREES
from tests.deployed.routing.trees import matcher, random_knowledge, random_tree, route, router
from tests.effort import calls

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


def teams(number: int, *, goes_on: bool = False) -> Router:
    """A tree in which each team's routes ask for a namespace of the team's own."""
    below = (
        route(
            f"t{n}",
            f"team=t{n}",
            goes_on=goes_on,
            routes=(route(f"p{n}", "severity=page", f"namespace=~t{n}-.*"), route(f"w{n}", "x=y")),
        )
        for n in range(number)
    )
    return router(route("default", routes=tuple(below)))


def test_what_only_other_routes_ask_for_makes_no_other_question() -> None:
    symbolic = Symbolic(teams(20))
    first, again, own = (
        symbolic.judge(Labels({"team": Known("t3"), "namespace": Known(name)}))
        for name in ("elsewhere", "t4-api", "t3-api")
    )
    assert first is again
    assert (first.possible, own.possible) == (("t3", "w3"), ("t3", "p3", "w3"))
    nobody, named = (symbolic.judge(Labels({"team": Known(team)})) for team in ("t99", "other"))
    assert nobody is named
    assert nobody.certain == ("default",)


@pytest.mark.parametrize("goes_on", [False, True])
def test_each_of_many_siblings_is_gone_into_once(goes_on: bool) -> None:
    """Of a hundred teams' routes each namespace changes one: the others are known already."""
    symbolic = Symbolic(teams(100, goes_on=goes_on))
    cold = calls(lambda: symbolic.judge(Labels({"namespace": Known("elsewhere")})))
    warm = calls(lambda: symbolic.judge(Labels({"namespace": Known("t50-api")})))
    assert warm < cold / 2 or goes_on
    found = symbolic.judge(Labels({"namespace": Known("t50-api")}))
    assert found == Symbolic(teams(100, goes_on=goes_on)).judge(
        Labels({"namespace": Known("t50-api")})
    )
    assert [name for name in found.possible if name.startswith("p")] == ["p50"]


def test_a_glance_finds_another_receiver_or_says_nothing() -> None:
    symbolic = Symbolic(teams(300))
    labels = Labels({"severity": Known("page")})
    few = calls(lambda: symbolic.reaches_others(labels, ("default",)))
    assert symbolic.reaches_others(labels, ("default",)) is True
    assert few < calls(lambda: symbolic.judge(labels)) / 20
    assert symbolic.reaches_others(labels, ("default",)) is None  # the whole answer is there
    everybody = [one.receiver for one in walk(teams(300).root)]
    assert Symbolic(teams(300)).reaches_others(labels, everybody) is None
    known = Labels({"team": Known("t1"), "severity": ABSENT, "x": ABSENT})
    assert symbolic.reaches_others(known, ("t1",)) is None


def test_a_glance_never_says_too_much() -> None:
    random = Random("glance")
    seen = 0
    for _ in range(TREES):
        whole = router(random_tree(random))
        for _ in range(5):
            narrow, wide = random_knowledge(random), random_knowledge(random)
            usual = Symbolic(whole).judge(narrow).possible
            for steps in (MAX_STEPS, 4):
                said = Symbolic(whole, steps).reaches_others(wide, usual)
                found = set(Symbolic(whole, steps).judge(wide).possible)
                assert said is None or not found <= set(usual)
                seen += bool(said)
    assert seen > TREES / 2
