"""Alike alerts share what is said of them, and unlike ones never do.

Each thing that is kept for the next alert is held against the same worked out alone.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from registry.audit.delivery import Deliveries, Way
from registry.audit.lost_labels import LostLabels
from registry.checks.engine import open_registry
from registry.deployed.model import Deployed, DeployedAlert, PlacedText, Route, Router, Where
from registry.deployed.routing.diagram import Diagram
from registry.deployed.routing.labels import ABSENT, ANYTHING, Known, Labels, domain
from registry.deployed.routing.symbolic import MAX_SIBLINGS, Judgement, Symbolic
from registry.workspace.bindings import Bindings
from registry.workspace.options import Options
from tests.conftest import AT, sizes
from tests.deployed.routing.trees import NAMES, VALUES, random_knowledge, random_tree, route, router

HERE = Where("rules.yml")
QUERIES = (
    "up > 1", "sum(up) > 2", "sum by (team) (up)", 'max by (env, x) (up{team="db"})', "up{",
    'avg without (severity) (up{env=~"prod.*"})', 'up{severity!="page",x=""}', "count(up) or up",
    'sum by (team, severity) (up{team="db"}) * on (team) group_left (env) owners > 3',
)  # fmt: skip


def alert(
    name: str, expr: str | None = "sum by (namespace) (up) > 0", **labels: str
) -> DeployedAlert:
    texts = {label: PlacedText(value, HERE) for label, value in labels.items()}
    return DeployedAlert(name, HERE, expr=PlacedText(expr, HERE) if expr else None, labels=texts)


def bindings(tmp_path: Path) -> Bindings:
    (tmp_path / "opmodel.yaml").write_text(
        "opmodel: 1\nname: alike\nstage: poc\n"
        "people: {priya: {name: Priya}}\n"
        "bindings: {a: {label: x, means: priya}, b: {label: severity, means: priya}}\n"
    )
    return Bindings(open_registry(str(tmp_path), Options(AT)).workspace)


# -- what is shared is the same as without -------------------------------------------------------


def random_alert(random: Random, number: int) -> DeployedAlert:
    names = (*NAMES, "service")
    own = {name: random.choice((*VALUES, "{{ $x }}")) for name in names if random.random() < 0.4}
    found = alert(
        f"A{number}", random.choice((*QUERIES, None)), **{k: v for k, v in own.items() if v}
    )
    emptied = tuple(name for name, value in own.items() if not value)
    system: Any = "grafana" if random.random() < 0.2 else "prometheus"
    return found._replace(emptied=emptied, system=system)


def random_routers(random: Random) -> Iterator[Router]:
    for _ in range(random.choice((1, 1, 2, 3))):
        root = random_tree(random)
        if random.random() < 0.5:  # many siblings, of which each wants a value
            more = (
                route(f"s{n}", f"{random.choice(NAMES)}={random.choice(('db', 'web', f'v{n}'))}",
                      goes_on=random.random() < 0.3)
                for n in range(12)
            )  # fmt: skip
            root = root._replace(routes=(*root.routes, *more))
        one = router(root, silent=("r1", "r4"))
        kind = random.random()
        if kind < 0.2:
            one = one._replace(system="grafana")
        yield one._replace(part=True) if kind > 0.8 else one


def told(way: Way) -> tuple[object, ...]:
    """What a way says, without what it shares with others."""
    reached = [(one.name, one.certain, *map(id, one.routes)) for one in way.reached]
    judged = [plain(answer) for _, answer in way.judged]
    return (way.verdict, reached, judged, way.because, way.is_covered)


def plain(answer: Judgement) -> tuple[object, ...]:
    verdict, certain, possible, outcomes, heard, routes, deciding, ways, rough = answer
    chosen = (list(routes), list(deciding))
    return (verdict, certain, possible, outcomes, heard, chosen, ways, rough)


def said(deployed: Deployed, bound: Bindings, alerts: tuple[DeployedAlert, ...]) -> list[object]:
    """Say all of some alerts, one after the other, by one set of answers."""
    deliveries = Deliveries(deployed)
    lost = LostLabels(deployed, deliveries, bound)
    found: list[object] = []
    for one in alerts:
        labels = deliveries.sent(one).labels
        way = deliveries.way(one, labels)
        gone = [list(lost.of(one, labels, way, is_owned=owned)) for owned in (True, False)]
        found.append((labels, told(way), deliveries.assumes(one, labels, way), gone))
    return found


@pytest.mark.no_cover
@pytest.mark.parametrize("estates", sizes(15, 200))
def test_what_is_shared_is_as_if_worked_out_alone(tmp_path: Path, estates: int) -> None:
    random, bound = Random("alike"), bindings(tmp_path)
    seen: Counter[str] = Counter()
    for _ in range(estates):
        alerts = tuple(random_alert(random, number) for number in range(12))
        deployed = Deployed(alerts=alerts, routers=tuple(random_routers(random)))
        together = said(deployed, bound, alerts)
        for one, found in zip(alerts, together, strict=True):
            (single,) = said(deployed, bound, (one,))
            assert found == single
            _, way, assumes, lost = single  # type: ignore[misc]
            seen.update([way[0], f"assumes {assumes}", f"lost {bool(lost[1])}"])
    for kind in ("always", "depends", "assumes True", "assumes False", "lost True"):
        assert seen[kind] > estates / 2, seen


@pytest.mark.no_cover
@pytest.mark.parametrize("estates", sizes(15, 200))
def test_what_is_shared_is_as_by_its_definition(tmp_path: Path, estates: int) -> None:
    """A label that may be anything is asked about by putting it so, and by nothing else."""
    random, bound = Random("defined"), bindings(tmp_path)
    lost_some = 0
    for _ in range(estates):
        alerts = tuple(random_alert(random, number) for number in range(8))
        deployed = Deployed(alerts=alerts, routers=tuple(random_routers(random)))
        deliveries = Deliveries(deployed)
        lost = LostLabels(deployed, deliveries, bound)
        for one in alerts:
            labels = deliveries.sent(one).labels
            way = deliveries.way(one, labels)
            free = [name for name in NAMES if may_be_absent(labels.of(name))]
            if one.system == "prometheus" and way.judged:
                assert deliveries.assumes(one, labels, way) is changes(way, labels, free)
            for gone in lost.of(one, labels, way, is_owned=True):
                lost_some += 1
                wide = put(labels, [gone.label])
                more = [
                    name for router, _ in way.judged
                    for name in Symbolic(router).judge(wide, told=False).possible
                    if name not in way.names
                ]  # fmt: skip
                assert gone.receivers == tuple(dict.fromkeys(more))
                assert gone.receivers
    assert lost_some > estates / 2


def may_be_absent(known: Known) -> bool:
    return domain(known).allows("")


def put(labels: Labels, free: list[str]) -> Labels:
    return labels._replace(known={**labels.known, **dict.fromkeys(free, ANYTHING)})


def changes(way: Way, labels: Labels, free: list[str]) -> bool:
    """Whether a way is another one where some labels may be anything, each judged anew."""
    wide = put(labels, free)
    return any(
        (new.verdict, set(new.possible), set(new.certain))
        != (old.verdict, set(old.possible), set(old.certain))
        for router, old in way.judged
        for new in [Symbolic(router).judge(wide, told=False)]
    )


@pytest.mark.no_cover
@pytest.mark.parametrize("routers", sizes(20, 200))
def test_questions_before_change_no_answer(routers: int) -> None:
    """Whatever one router was asked before: it answers as one that is asked for the first time."""
    random = Random("before")
    for _ in range(routers):
        (whole,) = (one for one in [next(random_routers(random))])
        symbolic = Symbolic(whole)
        for _ in range(10):
            labels = random_knowledge(random)
            choices = symbolic.choices(labels)
            wide = symbolic.added(choices)
            changed = symbolic.is_changed(choices, wide)
            new = Symbolic(whole)
            assert changed is new.is_changed(new.choices(labels), new.added(new.choices(labels)))
            assert plain(symbolic.judge_alike(choices)) == plain(Symbolic(whole).judge(labels))
            names = symbolic.judge_alike(wide, told=False).possible
            assert symbolic.reached(wide) == symbolic.receivers_of(names)


# -- each is worked out once ---------------------------------------------------------------------


def teams(number: int) -> Router:
    """Each team has a route of its own, and pages below it by severity and namespace."""
    below = (
        route(f"t{n}", f"team=t{n}", routes=(
            route(f"p{n}", "severity=page", routes=(route(f"n{n}", f"namespace=~t{n}-.*"),)),
            route(f"q{n}", "severity=info"),
        ))
        for n in range(number)
    )  # fmt: skip
    return router(route("default", routes=tuple(below)))


def starts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, alerts: list[DeployedAlert]) -> int:
    """Count the walks through the tree that some alerts ask for: way, lost labels, assumption."""
    count = 0
    walk = Diagram.start

    def counted(self: Diagram, state: tuple[int, ...]) -> object:
        nonlocal count
        count += 1
        return walk(self, state)

    deployed = Deployed(alerts=tuple(alerts), routers=(teams(12),))
    with monkeypatch.context() as patched:
        patched.setattr(Diagram, "start", counted)
        said(deployed, bindings(tmp_path), tuple(alerts))
    return count


def test_alerts_that_differ_in_what_nobody_asks_for_share_every_walk(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def some(number: int) -> list[DeployedAlert]:
        return [
            alert(f"A{n}", f"sum by (cluster) (up{{job='{n}'}}) > {n}", service=f"s{n}", severity="page")
            for n in range(number)
        ]  # fmt: skip

    few, many = (starts(monkeypatch, tmp_path, some(number)) for number in (1, 60))
    # Its way; where it goes with a team, or with a namespace, which its query drops; and with both.
    assert few <= 4
    assert many == few


def test_walks_grow_with_what_the_routes_tell_apart(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """In the shape of an estate: few labels by which it routes, and many that say what it is."""
    random = Random("estate")
    alerts = []
    for n in range(400):
        team = f"t{random.randrange(8)}"
        own = {"severity": random.choice(("page", "info", "warning")), "service": f"{team}-{n}"}
        if random.random() < 0.6:
            own["team"] = team
        query = random.choice(("sum by (job) (up) > 1", "sum by (namespace) (up) > 1", "up > 1"))
        alerts.append(alert(f"A{n}", query, **own))
    assert starts(monkeypatch, tmp_path, alerts) < len(alerts) / 2


# -- by hand: each branch -------------------------------------------------------------------------


def test_any_value_of_a_label_that_no_candidate_asks_for_is_one_that_none_asks_for() -> None:
    """`zone` decides among the siblings behind the team's route, which ends what it takes."""
    below = (*(route(f"t{n}", f"team=t{n}") for n in range(10)),
             *(route(f"z{n}", f"zone=z{n}") for n in range(10)))  # fmt: skip
    symbolic = Symbolic(router(route("default", routes=below)))
    mine = {"team": Known("t3")}
    free, gone = symbolic.judge(Labels(mine)), symbolic.judge(Labels({**mine, "zone": ABSENT}))
    assert free is gone
    assert free.possible == ("t3",)
    other = {"team": Known("else")}
    assert symbolic.judge(Labels(other)).possible == ("default", *(f"z{n}" for n in range(10)))
    assert symbolic.judge(Labels({**other, "zone": ABSENT})).possible == ("default",)


def test_any_value_stays_so_where_another_child_would_match() -> None:
    """No candidate below asks for `zone`, but any value lets the one match that wants `z`."""
    below = (*(route(f"t{n}", f"team=t{n}") for n in range(10)), route("z", "zone=z", "team=z"))
    symbolic = Symbolic(router(route("default", routes=below)))
    assert symbolic.judge(Labels({"team": Known("z")})).possible == ("default", "z")
    assert symbolic.judge(Labels({"team": Known("z"), "zone": ABSENT})).possible == ("default",)


def test_too_many_siblings_are_swept_once() -> None:
    below = tuple(route(f"t{n}", f"team=t{n}") for n in range(MAX_SIBLINGS + 5))
    symbolic = Symbolic(router(route("default", routes=below)))
    choices = symbolic.choices(Labels())
    everybody = symbolic.receivers_of(("default", *(one.receiver for one in below), "unknown"))
    assert symbolic.reached(choices) == everybody
    assert symbolic.judge_alike(choices, told=False) is symbolic.judge(Labels(), told=False)
    known = symbolic.choices(Labels({"team": ABSENT}))
    assert symbolic.reached(known) == symbolic.receivers_of(("default",))
    assert symbolic.is_changed(known, symbolic.added(known))
    assert not symbolic.is_changed(choices, choices)
    some = symbolic.choices(Labels({"team": Known("t1")}))
    assert symbolic.added(some) == some


def test_a_lost_label_that_leads_nowhere_else_is_none(tmp_path: Path) -> None:
    """The page's own route asks for the namespace, and leads where the page goes anyway."""
    below = (route("page", "severity=page", routes=(route("page", "namespace=~db-.*"),)),)
    deployed = Deployed(
        alerts=(one := alert("A", "sum(up) > 0", severity="page"),),
        routers=(router(route("desk", routes=below)),),
    )
    deliveries = Deliveries(deployed)
    lost = LostLabels(deployed, deliveries, bindings(tmp_path))
    labels = deliveries.labels(one)
    way = deliveries.way(one, labels)
    assert list(lost.of(one, labels, way, is_owned=True)) == []
    assert [each.label for each in lost.of(one, labels, way, is_owned=False)] == ["x"]
    unread = one._replace(expr=PlacedText("sum(", HERE))
    assert list(lost.of(unread, Labels(), way, is_owned=False)) == []
    unasked = one._replace(expr=None)
    assert list(lost.of(unasked, Labels(), way, is_owned=False)) == []


def test_a_lost_label_leads_by_the_first_route_that_asks_for_it(tmp_path: Path) -> None:
    asking = route("desk-db", "team=db", routes=(route("db", "team=db"),))
    tree = router(route("desk", routes=(asking, route("web", "severity=none"))))
    deployed = Deployed(alerts=(one := alert("A", "sum(up) > 0"),), routers=(tree,))
    deliveries = Deliveries(deployed)
    lost = LostLabels(deployed, deliveries, bindings(tmp_path))
    labels = deliveries.labels(one)
    found = list(lost.of(one, labels, deliveries.way(one, labels), is_owned=True))
    assert [(each.label, each.receivers) for each in found] == [
        ("team", ("db",)), ("severity", ("web",)),
    ]  # fmt: skip
    routes: list[Route | None] = [each.route for each in found]
    assert routes == [asking.routes[0], tree.root.routes[1]]
