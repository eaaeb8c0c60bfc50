"""One estate of many shapes: its files, as the servers read them and as the audit does.

Each shape of `prometheus.yaml` stands below a branch of the routing tree that its label `shape` leads
to, so that one pair of servers answers for all of them. Random trees are further shapes.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import yaml

from registry.deployed.model import Route
from registry.deployed.routing.tree import walk
from tests.deployed.routing.amtool import quoted
from tests.deployed.routing.trees import random_labels, random_tree

HERE = Path(__file__).parent
RANDOM = 40
"""Random trees with an alert each, of which every fourth leaves some labels to its series."""

EVALUATORS = ("prometheus", "vmalert")


OPEN_ROUTES = 5
"""The most routes of a random tree where the series decide: of more, much may be possible."""


class Meaning(NamedTuple):
    """What a receiver is bound to, and whom that pages at once."""

    means: str
    paged: frozenset[str]


MEANS = {
    "ana": Meaning("ana", frozenset({"ana"})),
    "ben": Meaning("ben", frozenset({"ben"})),
    "cyd": Meaning("cyd", frozenset({"cyd"})),
    "rota": Meaning("rota", frozenset({"dan"})),
    "desk": Meaning("desk", frozenset({"dan", "eve"})),
    "lead": Meaning("lead", frozenset({"eve"})),
    "room": Meaning("room", frozenset()),
    "crew": Meaning("crew", frozenset()),
}
"""Receivers by the last part of their names; others are bound to nothing, `nobody` has no way out."""
REGISTRY = """\
opmodel: 1
name: loop
stage: production
timezone: UTC
people:
  ana: {name: Ana Loop}
  ben: {name: Ben Loop}
  cyd: {name: Cyd Loop}
  dan: {name: Dan Loop}
  eve: {name: Eve Loop}
teams:
  crew: {name: Crew, lead: ana, members: [ana, ben]}
roles:
  lead: {title: Lead, holder: eve}
schedules:
  rota:
    team: crew
    rotations: [{name: primary, participants: [dan], start: 2026-01-05T09:00, every: 1w}]
escalations:
  desk:
    steps:
      - {after: 0m, notify: [rota, lead]}
      - {after: 15m, notify: [ana]}
channels:
  room: {kind: slack, owner: ben, read_every: 1d}
"""
OUTER_OF_VMALERT = {"dc": "one"}
"""Labels that vmalert sets on every alert; those of Prometheus stand in `prometheus.yaml`."""


class Rule(NamedTuple):
    """A rule of a shape: the name of its alert, its number in the shape, and who evaluates it.

    `is_open` says that its series decide who gets it.
    """

    shape: str
    alert: str
    number: int
    evaluator: str
    is_open: bool

    @property
    def id(self) -> str:
        """What its annotation says, and the webhook hears."""
        return f"{self.shape}#{self.number}"


class Estate(NamedTuple):
    """The shapes as files: groups of rules by shape, and one tree of routes for all of them."""

    rules: tuple[Rule, ...]
    groups: Mapping[str, Mapping[str, Any]]
    aside: frozenset[str]
    alertmanager: Mapping[str, Any]
    series: tuple[Mapping[str, str], ...]
    receivers: tuple[str, ...]


def estate(now: datetime) -> Estate:
    """All shapes: those that are written, for Prometheus and for vmalert, and random ones."""
    made = _Making()
    for evaluator in EVALUATORS:
        text = (HERE / f"{evaluator}.yaml").read_text(encoding="utf-8")
        for shape, said in yaml.safe_load(text).items():
            made.add(shape, said, evaluator)
    for shape, said in _random(RANDOM):
        made.add(shape, said, "prometheus")
    return made.estate(now)


class _Making:
    def __init__(self) -> None:
        self.rules: list[Rule] = []
        self.groups: dict[str, dict[str, Any]] = {}
        self.aside: set[str] = set()
        self.series: list[Mapping[str, str]] = []
        self.branches: list[object] = []
        self.tops: list[object] = []
        self.inhibitions: list[object] = []
        self.names: dict[str, None] = {"fallback": None}

    def add(self, shape: str, said: Mapping[str, Any], evaluator: str) -> None:
        """Add a shape: its rules, series, routes and inhibitions."""
        written = []
        for number, one in enumerate([said, *said.get("also", [])]):
            own = str(number) if number and one.get("name") != "same" else ""
            is_open = bool(said.get("open"))
            rule = Rule(shape, _camel(shape) + own, number, evaluator, is_open)
            self.rules.append(rule)
            written.append(_rule(rule, one, is_top="top" in said))
            self.series += [{"shape": _selected(rule), **each} for each in one.get("series", [])]
        self.groups[shape] = {"name": shape, **said.get("group", {}), "rules": written}
        if said.get("aside"):
            self.aside.add(shape)
        if "top" in said:
            self.tops += [self.route(shape, each) for each in said["top"]]
        else:
            base = {"receiver": said.get("receiver", "base")}
            match = {"matchers": [f"shape={quoted(shape)}"], "routes": said["routes"]}
            self.branches.append(self.route(shape, {**base, **match}))
        self.inhibitions += said.get("inhibit", [])

    def route(self, shape: str, said: Mapping[str, Any]) -> dict[str, object]:
        """Give the receivers of a route, and of those below, names of their own."""
        found = dict(said)
        if "receiver" in said:
            found["receiver"] = f"{shape}_{said['receiver']}"
            self.names[found["receiver"]] = None
        if "routes" in said:
            found["routes"] = [self.route(shape, one) for one in said["routes"]]
        return found

    def estate(self, now: datetime) -> Estate:
        """Put all of it together."""
        heard = {"webhook_configs": [{"url": "URL", "send_resolved": False}]}
        alertmanager = {
            "route": {
                "receiver": "fallback",
                "group_by": ["alertname"],
                "group_wait": "500ms",
                "group_interval": "1s",
                "repeat_interval": "1h",
                "routes": [*self.branches, *self.tops],
            },
            "inhibit_rules": self.inhibitions,
            "time_intervals": list(_intervals(now)),
            "receivers": [
                {"name": name} | ({} if name.endswith("_nobody") else heard) for name in self.names
            ],
        }
        return Estate(
            tuple(self.rules), self.groups, frozenset(self.aside), alertmanager,
            tuple(self.series), tuple(self.names),
        )  # fmt: skip


def _camel(shape: str) -> str:
    return "".join(word.capitalize() for word in shape.split("-"))


def _selected(rule: Rule) -> str:
    """The value of the label `shape` of the series that a rule asks for."""
    return rule.id if rule.number else rule.shape


def _rule(rule: Rule, said: Mapping[str, Any], *, is_top: bool) -> object:
    query = f'loop{{shape="{_selected(rule)}"}} > 0' if "series" in said else "vector(1)"
    branch = {} if is_top else {"shape": rule.shape}
    found = {
        "alert": rule.alert,
        "expr": said.get("query", query),
        "for": said.get("for"),
        "labels": {**branch, **said.get("labels", {})},
        "annotations": {"rule": rule.id},
    }
    return {key: one for key, one in found.items() if one}


# -- random shapes -----------------------------------------------------------------------------


def _random(number: int) -> Iterator[tuple[str, Mapping[str, Any]]]:
    random = Random("closed loop")
    for one in range(number):
        tree = random_tree(random)
        while not one % 4 and len(list(walk(tree))) > OPEN_ROUTES:
            tree = random_tree(random)
        labels = {key: value for key, value in random_labels(random).items() if value}
        shape: dict[str, Any] = {"routes": [_written(each) for each in tree.routes]}
        if one % 4:
            shape["labels"] = labels
        else:
            kept = random.sample(sorted(labels), len(labels) // 2)
            shape["labels"] = {key: labels[key] for key in kept}
            shape["series"] = [labels, {**labels, **_some(random)}]
            shape["open"] = True
        yield f"random-{one}", shape


def _some(random: Random) -> dict[str, str]:
    return {key: value for key, value in random_labels(random).items() if value}


def _written(route: Route) -> dict[str, object]:
    return {
        "receiver": route.receiver,
        "continue": route.goes_on,
        "matchers": [f"{one.label}{one.operator}{quoted(one.value)}" for one in route.matchers],
        "routes": [_written(one) for one in route.routes],
    }


# -- time --------------------------------------------------------------------------------------


def _intervals(now: datetime) -> Iterator[object]:
    """Intervals that hold now or do not, with hours to spare on both sides."""
    yield {"name": "always", "time_intervals": [{"months": ["1:12"]}]}
    yield {"name": "never", "time_intervals": [{"years": ["2001"]}]}
    days = [f"{now + timedelta(days=one):%A}".lower() for one in range(-1, 6)]
    yield {"name": "these-days", "time_intervals": [{"weekdays": days[:3]}]}
    yield {"name": "other-days", "time_intervals": [{"weekdays": days[3:]}]}
    hours = [_clock(now, one, one + 4) for one in (-2, 4)]
    yield {"name": "this-hour", "time_intervals": [{"times": hours[0]}]}
    yield {"name": "other-hours", "time_intervals": [{"times": hours[1]}]}
    tokyo = now + timedelta(hours=9)
    yield {
        "name": "this-hour-in-tokyo",
        "time_intervals": [{"times": _clock(tokyo, -2, 2), "location": "Asia/Tokyo"}],
    }
    around = {(now + timedelta(days=one)).month for one in (-1, 0, 1)}
    yield {"name": "these-months", "time_intervals": [{"months": sorted(map(str, around))}]}
    near = {(now + timedelta(days=one)).day for one in (-1, 0, 1)}
    other = [str(day) for day in range(1, 29) if day not in near]
    yield {"name": "other-days-of-the-month", "time_intervals": [{"days_of_month": other}]}


def _clock(now: datetime, first: int, last: int) -> list[dict[str, str]]:
    """The hours from one to another, in two pieces where midnight parts them."""
    start, end = ((now.hour + one) % 24 for one in (first, last))
    if start < end:
        return [{"start_time": f"{start:02}:00", "end_time": f"{end:02}:00"}]
    pieces = [{"start_time": f"{start:02}:00", "end_time": "24:00"}]
    return [*pieces, *([{"start_time": "00:00", "end_time": f"{end:02}:00"}] if end else [])]


# -- writing -----------------------------------------------------------------------------------


class Addresses(NamedTuple):
    """Where things are: the webhook, the series to scrape, and Alertmanager."""

    webhook: str
    series: str
    alertmanager: str


def written(made: Estate, root: Path, at: Addresses) -> dict[str, Path]:
    """Write a registry for each evaluator, with what it reads in the folder `deployed` there."""
    bound = {
        name: {"receiver": name, "means": MEANS[last].means}
        for name in made.receivers
        if (last := name.rpartition("_")[2]) in MEANS
    }
    config = json.loads(json.dumps(made.alertmanager).replace('"URL"', json.dumps(at.webhook)))
    found = {}
    for evaluator in EVALUATORS:
        found[evaluator] = registry = root / evaluator
        files = {"opmodel.yaml": REGISTRY, "bindings.yaml": _yaml({"bindings": bound})}
        files["deployed/alertmanager.yml"] = _yaml(config)
        mine = {one.shape for one in made.rules if one.evaluator == evaluator}
        groups = {shape: one for shape, one in made.groups.items() if shape in mine}
        files |= dict(_WRITERS[evaluator](made, groups, at))
        for name, text in files.items():
            path = registry / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return found


Groups = Mapping[str, Mapping[str, Any]]


def _of_prometheus(made: Estate, groups: Groups, at: Addresses) -> Iterator[tuple[str, str]]:
    relabelling = yaml.safe_load((HERE / "relabelling.yaml").read_text(encoding="utf-8"))
    server = {
        "global": {
            "scrape_interval": "1s",
            "evaluation_interval": "1s",
            "external_labels": {"cluster": "loop", "region": "eu", "replica": "a"},
        },
        "rule_files": ["rules/*.yml"],
        "scrape_configs": [{"job_name": "loop", "static_configs": [{"targets": [at.series]}]}],
        "alerting": {
            "alert_relabel_configs": relabelling,
            "alertmanagers": [{"static_configs": [{"targets": [at.alertmanager]}]}],
        },
    }
    yield "deployed/prometheus.yml", _yaml(server)
    for shape, group in groups.items():
        folder = "aside" if shape in made.aside else "rules"
        yield f"deployed/{folder}/{shape}.yml", _yaml({"groups": [group]})


def _of_vmalert(made: Estate, groups: Groups, at: Addresses) -> Iterator[tuple[str, str]]:
    """Write resources, and beside the folder that is audited the files that an operator makes."""
    spec = {"externalLabels": OUTER_OF_VMALERT, "selectAllByDefault": True}
    named = {"metadata": {"name": "loop", "namespace": "loop"}}
    kind = {"apiVersion": "operator.victoriametrics.com/v1beta1"}
    yield "deployed/vmalert.yaml", _yaml({**kind, "kind": "VMAlert", **named, "spec": spec})
    for shape, group in groups.items():
        resource = {"metadata": {"name": shape, "namespace": "loop"}, "spec": {"groups": [group]}}
        yield f"deployed/rules/{shape}.yml", _yaml({**kind, "kind": "VMRule", **resource})
        yield f"files/{shape}.yml", _yaml({"groups": [group]})


_WRITERS = {"prometheus": _of_prometheus, "vmalert": _of_vmalert}


def _yaml(value: object) -> str:
    return yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=1000)
