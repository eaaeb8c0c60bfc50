"""No series escapes an `always`: those that a query can give are routed one by one, by amtool."""

from collections.abc import Callable
from itertools import product
from pathlib import Path
from random import Random

import pytest

from registry.audit.delivery import Deliveries
from registry.deployed.model import (
    Deployed,
    DeployedAlert,
    Integration,
    PlacedText,
    Receiver,
    Route,
    Router,
)
from registry.deployed.routing.tree import walk
from tests.deployed.routing import amtool
from tests.deployed.routing.trees import HERE, random_tree

pytestmark = pytest.mark.no_cover

Series = dict[str, str]
VALUES = {"team": ("", "db", "web"), "severity": ("", "page", "warn"), "env": ("", "prod", "prod2")}
"""A series may carry each of these labels, or not; the trees ask for them."""

FORMS: list[tuple[str, Callable[[Series], Series | None]]] = [
    ("up", lambda one: one),
    ("sum(up)", lambda _: {}),
    ("sum by (team) (up)", lambda one: _only(one, "team")),
    ("count by (team, env) (up) > 0", lambda one: _only(one, "team", "env")),
    ("max without (team) (up)", lambda one: _only(one, "severity", "env")),
    ('up{team="db"}', lambda one: one if one["team"] == "db" else None),
    ('up{team=~"db|web"}', lambda one: one if one["team"] else None),
    ('up{env!="prod"}', lambda one: one if one["env"] != "prod" else None),
    (
        'up{env=~"prod.*", team!~"d.+"}',
        lambda one: one if one["env"] and one["team"] != "db" else None,
    ),
    (
        'sum by (env) (up{team="db"})',
        lambda one: _only(one, "env") if one["team"] == "db" else None,
    ),
    ('absent(up{team="db"})', lambda one: {"team": "db"}),
    ("up and on (team) down{team='web'}", lambda one: one if one["team"] == "web" else None),
    ('label_replace(up, "team", "db", "", "")', lambda one: {**one, "team": "db"}),
    ('up{team="db"} or up{team="web"}', lambda one: one if one["team"] in {"db", "web"} else None),
    ("this does not parse", lambda one: one),
]


def _only(one: Series, *labels: str) -> Series:
    return {label: one[label] for label in labels}


def _series(keep: Callable[[Series], Series | None]) -> list[Series]:
    every = (dict(zip(VALUES, values, strict=True)) for values in product(*VALUES.values()))
    kept = [{label: value for label, value in found.items() if value}
            for one in every if (found := keep(one)) is not None]  # fmt: skip
    return [dict(one) for one in dict.fromkeys(tuple(sorted(one.items())) for one in kept)]


def _router(root: Route, random: Random) -> Router:
    names = {one.receiver for one in walk(root)}
    return Router(
        HERE, "prometheus", root,
        {name: Receiver(name, HERE, (Integration("webhook", HERE),) * random.randrange(2)) for name in names},
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(8))
def test_what_series_can_do(seed: int, tmp_path: Path) -> None:
    random = Random(f"escape {seed}")
    cases: list[tuple[Route, Series]] = []
    asked: list[tuple[str, Deliveries, DeployedAlert, int]] = []
    for expr, keep in FORMS:
        root = random_tree(random)
        router = _router(root, random)
        own = {"team": PlacedText("db", HERE)} if random.random() < 0.3 else {}
        alert = DeployedAlert("A", HERE, expr=PlacedText(expr, HERE), labels=own)
        series = random.sample(found := _series(keep), min(6, len(found)))
        for one in series:
            labels = {**one, **{label: text.value for label, text in own.items()}}
            cases.append((root, {**labels, "alertname": "A"}))
            asked.append((expr, Deliveries(Deployed(routers=(router,))), alert, len(cases) - 1))
    theirs = amtool.answers(cases, tmp_path)
    seen = set()
    for expr, deliveries, alert, number in asked:
        way = deliveries.way(alert)
        actual = set(theirs[number])
        certain = {one.name for one in way.reached if one.certain}
        assert certain <= actual <= set(way.names), (expr, cases[number][1])
        if way.verdict == "always":
            assert actual == set(way.names), (expr, cases[number][1])
        if way.verdict == "never":
            assert not any(one.notifies for one in way.reached if one.name in actual)
        seen.add(way.verdict)
    assert {"always", "depends"} <= seen
