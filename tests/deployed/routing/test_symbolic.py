"""What is said of alerts whose labels are known in part."""

import pytest

from registry.deployed.model import Route
from registry.deployed.routing.labels import ABSENT, ANYTHING, Known, Labels
from registry.deployed.routing.outcome import Assumption
from registry.deployed.routing.symbolic import MAX_STEPS, MAX_TOLD, Judgement, Symbolic
from tests.deployed.routing.trees import HERE, matcher, route, router
from tests.effort import is_linear

ROOT = route(
    "default",
    routes=(
        route("db", "team=db", routes=(route("db-page", "severity=page"),)),
        route("prod", "env=~prod-.*"),
        route("nobody", "team="),
    ),
)


def judged(
    root: Route = ROOT,
    /,
    *,
    others: Known = ANYTHING,
    silent: tuple[str, ...] = (),
    steps: int = MAX_STEPS,
    **known: str | Known,
) -> Judgement:
    facts = {name: Known(one) if isinstance(one, str) else one for name, one in known.items()}
    return Symbolic(router(root, silent), steps).judge(Labels(facts, others))


def holding(*wants: str) -> Known:
    return Known(holds=route("", *wants).matchers)


def because(judgement: Judgement) -> dict[tuple[str, ...], list[str]]:
    return {one.receivers: [why.text for why in one.because] for one in judgement.outcomes}


def test_all_is_known() -> None:
    found = judged(team="db", severity="page", env="")
    assert (found.verdict, found.certain, found.possible) == ("always", ("db-page",), ("db-page",))
    assert because(found) == {("db-page",): []}


def test_what_series_lack_is_empty() -> None:
    assert judged(others=ABSENT).certain == ("nobody",)
    assert judged(team="web", others=ABSENT).certain == ("default",)


def test_it_depends_and_says_on_what() -> None:
    found = judged(team="db", others=ANYTHING)
    assert (found.verdict, found.certain, found.possible) == ("depends", (), ("db", "db-page"))
    assert because(found) == {
        ("db",): ["`severity` is not `page`"],
        ("db-page",): ["`severity` is `page`"],
    }


def test_what_was_assumed_stays_so() -> None:
    root = route("default", routes=(route("a", "team=~x.*"), route("b", "team!~x.*")))
    assert judged(root).possible == ("a", "b")
    root = route(
        "default", routes=(route("a", "team=x"), route("b", "team=x"), route("c", "team!=x"))
    )
    assert judged(root).possible == ("a", "c")


def test_what_holds_for_every_series_narrows() -> None:
    found = judged(team=holding("team=~db|web", "team!=web"), severity="page")
    assert (found.verdict, found.certain) == ("always", ("db-page",))
    assert judged(team=holding("team=~db|web"), severity="page", env="").possible == (
        "default",
        "db-page",
    )
    assert (
        judged(team=holding("team!=", "team!=db"), env=holding("env!~prod-.*")).verdict == "always"
    )
    assert judged(env=holding("env=~prod-.*"), team="web").certain == ("prod",)


def test_patterns_of_other_beginnings_exclude_each_other() -> None:
    """What begins with `a-` may begin with `a-b-`, and with `b-` never."""
    below = (route("b", "ns=~b-.*"), route("ab", "ns=~a-b-.*"), route("a", "ns=~a-.*"))
    symbolic = Symbolic(router(route("default", routes=below)))
    begun = Labels({"ns": Known(None, (matcher("ns", "=~", "a-.*"),))})
    assert symbolic.judge(begun).possible == ("ab", "a")
    begun = Labels({"ns": Known(None, (matcher("ns", "=~", "c-.*"),))})
    assert symbolic.judge(begun).certain == ("default",)
    both = Labels({"ns": Known(None, (matcher("ns", "=~", "a-.*"), matcher("ns", "=~", "b-.*")))})
    assert symbolic.judge(both).possible == ("b",)  # nothing is both: some of it is left aside


def test_texts_are_held_against_patterns() -> None:
    root = route(
        "default", routes=(route("a", "env=~prod-.*", "env=prod-eu"), route("b", "env=~dev|test"))
    )
    assert judged(root, env=holding("env=~prod-.*")).possible == ("default", "a")
    assert judged(root, env=holding("env!~prod-.*", "env!=dev")).possible == ("default", "b")
    assert judged(root, env=holding("env=~d.*")).possible == ("default", "b")
    assert judged(root, env=holding("env=~x.*")).verdict == "always"


def test_a_line_break_escapes_the_dot() -> None:
    root = route("default", routes=(route("named", "team=~.+"), route("none", "team=~.*")))
    found = judged(root)
    assert found.possible == ("default", "named", "none")
    assert because(found)["default",] == [
        "`team` does not match `.+`",
        "`team` does not match `.*`",
    ]
    assert judged(root, team=holding("team=~.*")).possible == ("named", "none")
    assert judged(root, team=holding("team=~.*", "team!=")).certain == ("named",)
    assert judged(root, team=holding("team=~.+")).certain == ("named",)
    assert judged(root, team=holding("team!~.*")).certain == ("default",)
    assert judged(root, team=holding("team!=", "team!~.+")).certain == ("default",)
    assert judged(root, team=holding("team!=")).possible == ("default", "named")


def test_different_ways_to_the_same_receiver() -> None:
    root = route("default", routes=(route("a", "team=x"), route("a", "team!=x")))
    found = judged(root)
    assert (found.verdict, found.certain, len(found.outcomes)) == ("always", ("a",), 2)


def test_routes_that_go_on() -> None:
    root = route(
        "default",
        routes=(
            route("log", goes_on=True),
            route("a", "team=x", goes_on=True),
            route("b", "env=p"),
        ),
    )
    found = judged(root, env="q")
    assert (found.verdict, found.certain, found.possible) == ("depends", ("log",), ("log", "a"))
    assert judged(root, team="x", env="p").certain == ("log", "a", "b")


@pytest.mark.parametrize("steps", [MAX_STEPS, 0])
def test_nobody_is_notified(steps: int) -> None:
    assert judged(silent=("default",), team="web", env="", steps=steps).verdict == "never"
    assert (
        judged(silent=("default", "nobody"), team=holding("team!=db"), env="", steps=steps).verdict
        == "never"
    )
    assert (
        judged(silent=("default",), team=holding("team!=db"), env="", steps=steps).verdict
        == "depends"
    )
    nowhere = judged(route(""), steps=steps)
    assert (nowhere.verdict, nowhere.possible) == ("never", ())


def test_a_receiver_that_is_defined_elsewhere_is_supposed_to_notify() -> None:
    whole = router(route("elsewhere"))
    assert Symbolic(whole._replace(receivers={})).judge(Labels()).verdict == "always"


def test_an_invalid_pattern_decides_nothing() -> None:
    root = route("default", routes=(route("a", "team=~("), route("b", "team!~(")))
    assert judged(root, team="x").possible == ("default", "a", "b")
    assert judged(root, team=holding("team=~(")).verdict == "depends"


def test_what_contradicts_itself_narrows_nothing() -> None:
    assert judged(team=holding("team=a", "team=b"), env="").certain == ("default",)
    assert judged(team=holding("team=~x.*", "team!~x.*"), env="").certain == ("default",)


def test_of_many_ways_the_simplest_are_told() -> None:
    wants = [route(f"r{n}", f"l{n}=x", goes_on=True) for n in range(40)]
    found = judged(route("default", routes=(route("log", goes_on=True), *wants)))
    assert (found.is_cut, found.verdict, found.certain) == (True, "depends", ("log",))
    assert found.possible == ("log", *(f"r{n}" for n in range(40)))
    simplest = sorted((one for one in found.outcomes), key=lambda one: len(one.routes))
    assert (len(simplest), len(simplest[0].routes)) == (MAX_TOLD, 1)
    assert [why.text for why in simplest[1].because] == ["`l0` is `x`"]
    assert not found.rough
    swept = judged(route("default", routes=tuple(wants)), steps=4)
    assert (swept.rough, swept.possible) == (True, ("default", *found.possible[1:]))


def test_fewer_ways_are_told_with_as_many_reasons(monkeypatch: pytest.MonkeyPatch) -> None:
    """The way on which nothing holds says what it misses, be there room for other ways or not."""
    root = route("default", routes=tuple(route(f"r{n}", f"l{n}=x") for n in range(120)))
    few = judged(root)
    monkeypatch.setattr("registry.deployed.routing.symbolic.MAX_TOLD", 2)
    fewer = judged(root)
    assert (len(few.outcomes), len(fewer.outcomes)) == (MAX_TOLD, 2)
    assert because(fewer)[("default",)] == because(few)[("default",)]


def test_the_rough_answer() -> None:
    certain = route(
        "default",
        routes=(route("a", "x=1", routes=(route("b", "y=~q.+"),)), route("c", "z=1"), route("d")),
    )
    assert judged(certain, steps=0, x="1").possible == ("a", "b")
    assert judged(certain, steps=0, x="1", y="q").certain == ("a",)
    assert judged(certain, steps=0, x="2", z="1").certain == ("c",)
    assert judged(certain, steps=0).possible == ("a", "b", "c", "d")
    same = route("a", routes=(route("a", "x=1"), route("a", "y=1", goes_on=True)))
    assert judged(same, steps=0).verdict == "always"


def test_alike_alerts_are_judged_once() -> None:
    symbolic = Symbolic(
        router(route("default", routes=(route("a", "name=~x.*"), route("b", "name=y"))))
    )
    first, again, listed = (
        symbolic.judge(Labels({"name": Known(name)})) for name in ("xa", "xb", "y")
    )
    assert first is again
    assert (first.certain, listed.certain) == (("a",), ("b",))


def test_few_reasons_of_many() -> None:
    root = route("default", routes=tuple(route(f"r{n}", f"team=t{n}") for n in range(30)))
    found = judged(root)
    assert (len(found.outcomes), found.rough) == (31, False)
    assert (len(found.outcomes[0].because), found.outcomes[0].more) == (5, 25)
    assert [why.text for why in found.outcomes[3].because] == ["`team` is `t2`"]


def test_a_label_of_which_many_values_are_possible() -> None:
    teams = "|".join(f"t{n}" for n in range(30))
    root = route("default", routes=tuple(route(f"r{n}", f"team=t{n}") for n in range(20)))
    found = judged(root, team=holding(f"team=~{teams}"))
    assert found.possible == ("default", *(f"r{n}" for n in range(20)))
    assert judged(root, team=holding("team=~t1|t9")).possible == ("r1", "r9")


@pytest.mark.parametrize(
    ("want", "holds", "text"),
    [
        ("team=db", True, "`team` is `db`"), ("team=db", False, "`team` is not `db`"),
        ("team!=db", True, "`team` is not `db`"), ("team!=db", False, "`team` is `db`"),
        ("team=", True, "there is no `team`"), ("team!=", True, "there is a `team`"),
        ("team=~d.", True, "`team` matches `d.`"), ("team!~d.", True, "`team` does not match `d.`"),
        ("team!~d.", False, "`team` matches `d.`"),
    ],
)  # fmt: skip
def test_reasons_in_words(want: str, holds: bool, text: str) -> None:
    assert Assumption(route("", want).matchers[0], holds).text == text


def test_places_are_kept() -> None:
    (outcome, _) = judged(team="db").outcomes
    assert outcome.because[0].matcher == matcher("severity", "=", "page")
    assert outcome.because[0].matcher.where == HERE


def test_among_many_siblings_those_with_patterns_are_found() -> None:
    teams = [route(f"t{number}", f"team=~t{number}|x{number}.*") for number in range(12)]
    root = route("default", routes=(*teams, route("exact", "team=web")))
    assert judged(root, team="t7").certain == ("t7",)
    assert judged(root, team="x7-eu").certain == ("t7",)
    assert judged(root, team="web").certain == ("exact",)
    assert judged(root, team="other").certain == ("default",)


@pytest.mark.no_cover
def test_a_large_tree_is_quick() -> None:
    def trees(size: int) -> tuple[Route, Route]:
        flat = tuple(route(f"r{n}", f"team=t{n}") for n in range(size))
        many = tuple(route(f"r{n}", f"l{n}=x", goes_on=True) for n in range(size))
        return route("default", routes=flat), route("default", routes=many)

    def judge(size: int) -> None:
        flat, many = trees(size)
        assert not judged(flat).rough
        assert judged(flat, team="t8").certain == ("r8",)
        assert judged(many).is_cut

    assert is_linear(judge, 250, 1000)


def test_a_part_takes_only_what_its_root_asks_for() -> None:
    whole = router(route("db", "namespace=db"))
    part = Symbolic(whole._replace(part=True))
    assert part.judge(Labels({"namespace": Known("web")})).verdict == "never"
    assert part.judge(Labels({"namespace": Known("db")})).verdict == "always"
    found = part.judge(Labels())
    assert (found.verdict, found.certain, found.possible) == ("depends", (), ("db",))
    assert Symbolic(whole).judge(Labels()).verdict == "always"
