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


@pytest.mark.no_cover
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


def in_a_row(*wants: str) -> Router:
    """A tree in which one sibling asks for two things, and what follows it for the second alone."""
    below = (route("deep", "y=1"),)
    rest = (route(f"r{n}", want, routes=below[n:]) for n, want in enumerate(wants))
    return router(route("default", routes=(route("a", "x=1", "team=a"), *rest)))


@pytest.mark.parametrize(("steps", "rough"), [(5, False), (4, True), (3, True)])
def test_a_condition_of_two_rows_counts_once(steps: int, rough: bool) -> None:
    """`team` is asked for thrice where `x` is `1`, and twice of these where it is not."""
    tree = in_a_row("team=c", "team=b")
    found = Symbolic(tree, steps).judge(Labels())
    assert found.rough is rough
    assert set(found.possible) == {"default", "a", "r0", "deep", "r1"}


def test_a_row_of_many_siblings_is_told_in_full() -> None:
    """Of twenty teams each is one way, and the one without a team of theirs is the last."""
    below = tuple(route(f"t{n}", f"team=t{n}") for n in range(20))
    found = Symbolic(router(route("default", routes=below))).judge(Labels())
    assert [one.receivers for one in found.outcomes] == [
        ("default",),
        *((f"t{n}",) for n in range(20)),
    ]
    assert [one.text for one in found.outcomes[20].because] == ["`team` is `t19`"]
    assert found.outcomes[0].because[0].text == "`team` is not `t0`"
    assert (found.outcomes[0].more, found.ways) == (15, 21)


@pytest.mark.parametrize("number", [8, 10])
def test_a_row_ends_at_what_takes_the_rest(number: int) -> None:
    """A sibling that takes all, goes on, or asks for more ends a row, within a part or at its end."""
    teams_ = tuple(route(f"t{n}", f"team=t{n}") for n in range(number))
    for last, possible in (
        (route("all"), {"all"}),
        (route("more", "team=m", goes_on=True), {"more", "default"}),
        (route("two", "team=u", "env=v"), {"two", "default"}),
        (route("env", "env=v"), {"env", "default"}),
    ):
        found = Symbolic(router(route("default", routes=(*teams_, last)))).judge(Labels())
        assert set(found.possible) == {*(one.receiver for one in teams_), *possible}


def test_a_part_of_a_row_is_gone_into_once() -> None:
    """What is known of one team's namespace changes one stretch of a thousand teams' row."""
    symbolic = Symbolic(teams(200))
    first = calls(lambda: symbolic.judge(Labels({"namespace": Known("t50-api")}), told=False))
    other = calls(lambda: symbolic.judge(Labels({"namespace": Known("t150-api")}), told=False))
    assert other < first / 4


def test_a_label_set_free_may_be_anything() -> None:
    symbolic = Symbolic(TREE)
    known = Labels({"team": Known("z"), "env": ABSENT, "x": ABSENT})
    assert symbolic.judge(known).possible == ("default",)
    free = symbolic.judge(known, ("team", "nobody_asks"))
    assert free == symbolic.judge(Labels({"env": ABSENT, "x": ABSENT}))
    assert free.possible == ("default", "a")


def both(number: int) -> Router:
    """Each team has a route by its own label, which takes all of it, and one by namespace."""
    own = (route(f"t{n}", f"team=t{n}") for n in range(number))
    named = (route(f"n{n}", f"namespace=~n{n}-.*", "team=") for n in range(number))
    return router(route("default", routes=(*own, *named)))


def test_behind_a_sibling_that_takes_all_nothing_is_asked() -> None:
    """What only later siblings would tell apart makes no other question of an alert that it has."""
    symbolic = Symbolic(both(20))
    first, again = (
        symbolic.judge(Labels({"team": Known("t3"), "namespace": Known(name)}))
        for name in ("n3-api", "n4-api")
    )
    assert first is again
    assert (first.verdict, first.certain) == ("always", ("t3",))
    some = symbolic.judge(Labels({"namespace": Known("n4-api")}))
    assert some.possible == ("default", *(f"t{n}" for n in range(20)), "n4")


def test_a_sibling_that_goes_on_or_asks_for_more_ends_no_level() -> None:
    rest = tuple(route(f"x{n}", f"team=x{n}") for n in range(9))
    for first, expected in (
        (route("more", "team=a", goes_on=True), ("more", "last")),
        (route("two", "team=a", "env=b"), ("last", "two")),
        (route("one", "team=~a|b"), ("one",)),
    ):
        whole = router(route("default", routes=(first, *rest, route("last", "team=a"))))
        found = Symbolic(whole).judge(Labels({"team": Known("a")}))
        assert set(found.possible) == set(expected)


def test_a_sibling_that_asks_for_two_things_is_looked_at_where_it_may_have_both() -> None:
    """Of a hundred namespaces' routes that want no team one is looked at."""
    few, many = (Symbolic(both(number)) for number in (10, 100))
    named, none = (
        Labels({"namespace": Known("n4-api"), "team": team}) for team in (Known("z"), ABSENT)
    )
    assert few.judge(named).certain == many.judge(named).certain == ("default",)
    once, more = (calls(lambda one=one: one.judge(none)) for one in (few, many))  # type: ignore[misc]
    assert more < 1.2 * once
    found = many.judge(none)
    assert found.certain == found.possible == ("n4",)


def by_namespace(*also: str) -> Router:
    """Twenty namespaces' routes, each of which asks for something else as well."""
    below = (
        route(f"n{n}", f"namespace=~n{n}-.*", *also, routes=(route(f"p{n}", "severity=page"),))
        for n in range(20)
    )
    return router(route("default", routes=tuple(below)))


def test_the_second_of_two_open_conditions_costs_no_stretch_of_siblings() -> None:
    one, two = Symbolic(by_namespace()), Symbolic(by_namespace("team="))
    for symbolic in (one, two):
        symbolic.judge(Labels(), told=False)  # what a condition leaves of a label is known now
    page = Labels({"severity": Known("page")})
    alone, both_open = (
        calls(lambda symbolic=symbolic: symbolic.judge(page, told=False))  # type: ignore[misc]
        for symbolic in (one, two)
    )
    assert both_open < 3.5 * alone
    assert set(two.judge(page).possible) == {"default", *(f"p{n}" for n in range(20))}


def test_what_was_counted_once_is_not_counted_again() -> None:
    """Ways that part and meet look like more conditions than they are, but once only."""
    first = (route(f"c{n}", f"a={n}", goes_on=True) for n in range(2))
    rest = (route(f"r{n}", f"l{n}=a", goes_on=True) for n in range(24))
    symbolic = Symbolic(router(route("default", routes=(*first, *rest))), steps=48)
    counted, again = (
        calls(lambda value=value: symbolic.judge(Labels({"a": Known(value)}), told=False))  # type: ignore[misc]
        for value in ("0", "1")
    )
    assert again < counted / 12
    found = symbolic.judge(Labels({"a": Known("1")}), told=False)
    assert (found.rough, found.certain) == (False, ("c1",))
