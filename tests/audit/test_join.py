"""The join of what is deployed with a registry, and the engine's part of an audit."""

import csv
from collections.abc import Mapping
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.audit.audit import Audit, audit
from registry.audit.codeowners import CodeOwned
from registry.audit.delivery import Deliveries
from registry.audit.join import Audited, audited, folded
from registry.checks.engine import check, open_registry
from registry.clock.civil import instant
from registry.clock.tzif import DAY, HOUR, WEEK
from registry.clock.words import hours_of_week
from registry.deployed.ingest import Ingested, NamedFiles, default, ingest
from registry.deployed.model import (
    CodeOwners,
    Deployed,
    DeployedAlert,
    Integration,
    Matcher,
    Owned,
    PagerService,
    PlacedText,
    Receiver,
    Relabel,
    Route,
    Router,
    Sender,
    TimeInterval,
    Where,
)
from registry.deployed.readers import codeowners
from registry.deployed.routing.labels import ANYTHING, Known
from registry.deployed.routing.tree import matched, receivers
from registry.errors import CannotRunError
from registry.wording import listed
from registry.workspace.options import Options
from tests.conftest import AT, HOSTILE, ROOT, sizes
from tests.effort import calls

HERE = Where("deployed/rules.yml")
REGISTRY = """\
opmodel: 1
name: fixture
stage: production
people:
  priya: {name: Priya Natarajan, email: priya@acme.example}
  tom: {name: Tom Reyes, email: tom@acme.example}
teams:
  search: {name: Search, lead: priya, members: [priya]}
  platform: {name: Platform, lead: tom, members: [tom]}
roles:
  search-lead: {title: Search lead, holder: priya}
  commander: {title: Commander, schedule: search-oncall}
channels:
  room: {kind: slack, owner: tom}
schedules:
  search-oncall:
    team: search
    rotations: [{name: main, participants: [priya], start: 2026-01-01, every: 1w}]
escalations:
  search-page: {steps: [{after: 0m, notify: [search-oncall]}, {after: 5m, notify: [tom]}]}
metrics:
  latency: {bucket: reliability, response: page, owner: tom}
  errors: {bucket: reliability, response: page}
alerts:
  latency-high: {metric: latency, severity: sev2, response: page, owner: priya}
  errors-high: {metric: errors, severity: sev2, response: page}
  twice: {metric: errors, severity: sev2, response: page}
  Twice_: {metric: errors, severity: sev2, response: page}
bindings:
  pager: {receiver: pager, means: search-page}
  desk: {receiver: desk, means: room}
  crew: {receiver: crew, means: platform}
  service: {service: Search, means: search-oncall}
  contact: {annotation: contact}
  slot: {label: slot, value: late, means: search-oncall}
"""


def alert(name: str = "Slow", expr: str | None = "up == 0", **labels: str) -> DeployedAlert:
    texts = {label: PlacedText(value, HERE) for label, value in labels.items()}
    return DeployedAlert(name, HERE, expr=PlacedText(expr, HERE) if expr else None, labels=texts)


def receiver(name: str, *kinds: str, service: str | None = None) -> Receiver:
    ways = tuple(Integration(kind, HERE, service=service) for kind in kinds)
    return Receiver(name, HERE, ways)


RECEIVERS = {
    one.name: one
    for one in (
        receiver("pager", "pagerduty"),
        receiver("desk", "slack"),
        receiver("crew", "webhook"),
        receiver("null"),
    )
}


def route(to: str, *asked: tuple[str, str], **options: object) -> Route:
    matchers = tuple(Matcher(label, "=", value, HERE) for label, value in asked)
    return Route(to, HERE, matchers)._replace(**options)


def router(to: str, *routes: Route, **options: object) -> Router:
    root = route(to, routes=routes)
    return Router(HERE, "prometheus", root, RECEIVERS)._replace(**options)


def joined(root: Path, deployed: Deployed, registry: str = REGISTRY) -> Audited:
    (root / "opmodel.yaml").write_text(registry)
    opened = open_registry(str(root), Options(AT))
    return audited(opened.workspace, opened.policy, deployed, instant(AT))


def run(root: Path, files: Mapping[str, str], registry: str = REGISTRY, **asked: str) -> Audit:
    (root / "deployed").mkdir(exist_ok=True)
    (root / "opmodel.yaml").write_text(registry)
    for name, text in files.items():
        (root / "deployed" / name).write_text(text)
    options = Options(AT, **asked)
    opened = open_registry(str(root), options)
    return audit(opened, ingest(default(str(root)), str(root)), options)


# -- the way -------------------------------------------------------------------------------------


@pytest.mark.no_cover
@pytest.mark.parametrize(
    ("routers", "verdict", "names"),
    [
        ([], "unknown", ()),
        ([router("pager")], "always", ("pager",)),
        ([router("null")], "never", ("null",)),
        ([router("desk", route("pager", ("team", "x")))], "depends", ("desk", "pager")),
        ([router("pager"), router("desk")], "depends", ("pager", "desk")),
        ([router("pager"), router("null")], "depends", ("pager", "null")),
        ([router("null"), router("pager", part=True)], "always", ("null", "pager")),
        ([router("pager", part=True)], "always", ("pager",)),
        ([router("null", part=True)], "unknown", ("null",)),
        (
            [router("pager"), Router(HERE, "prometheus", route("desk", ("team", "x")), RECEIVERS,
                                     part=True)],
            "depends",
            ("pager", "desk"),
        ),
        ([router("pager", system="grafana")], "unknown", ()),
    ],
)  # fmt: skip
def test_every_whole_router_must_agree_and_parts_add(
    tmp_path: Path, routers: list[Router], verdict: str, names: tuple[str, ...]
) -> None:
    (row,) = joined(tmp_path, Deployed(alerts=(alert(),), routers=tuple(routers))).rows
    assert (row.way.verdict, row.way.names) == (verdict, names)
    assert row.is_routed == (verdict == "always" or (verdict == "depends" and "null" not in names))


def test_says_what_decides(tmp_path: Path) -> None:
    tree = router("null", route("pager", ("team", "x")))
    (row,) = joined(tmp_path, Deployed(alerts=(alert(),), routers=(tree,))).rows
    assert row.way.because == (
        "null (notifies nobody): deployed/rules.yml:1, where `team` is not `x`",
        "pager: deployed/rules.yml:1, where `team` is `x`",
    )
    (row,) = joined(tmp_path, Deployed(alerts=(alert(team="x"),), routers=(tree,))).rows
    assert row.way.because == ("pager: deployed/rules.yml:1",)
    many = [route("pager", (f"l{n}", "x")) for n in range(9)]
    (row,) = joined(tmp_path, Deployed(alerts=(alert(),), routers=(router("null", *many),))).rows
    assert row.way.because[0].endswith(" and 4 more")
    nobody = router("", system="prometheus")
    (row,) = joined(tmp_path, Deployed(alerts=(alert(),), routers=(nobody,))).rows
    assert row.way.because == ("nobody: deployed/rules.yml:1",)


@pytest.mark.parametrize(
    ("senders", "expr", "known"),
    [
        ([], "up", ANYTHING),
        ([], "sum(up)", Known("")),
        ([], 'up{team="a"}', Known("a")),
        ([{"team": "x"}], "sum(up)", Known("x")),
        ([{"team": "x"}], "up", ANYTHING),
        ([{"team": "x"}], 'up{team="a"}', Known("a")),
        ([{"team": "x"}, {"team": "x"}], "sum(up)", Known("x")),
        ([{"team": "x"}, {}], "sum(up)", Known(None, (Matcher("", "=~", "x|", Where("")),))),
        ([{"team": "$TEAM"}], "sum(up)", ANYTHING),
        ([None], "sum(up)", ANYTHING),
    ],
)
def test_external_labels_stand_in_for_absent_ones(
    tmp_path: Path, senders: list[dict[str, str] | None], expr: str, known: Known
) -> None:
    given = tuple(
        Sender(HERE, relabelling=None)
        if one is None
        else Sender(HERE, {label: PlacedText(value, HERE) for label, value in one.items()})
        for one in senders
    )
    (row,) = joined(tmp_path, Deployed(alerts=(alert(expr=expr),), senders=given)).rows
    assert row.labels.of("team") == known


def test_a_condition_that_every_series_meets_keeps_external_labels_away(tmp_path: Path) -> None:
    step = Relabel(HERE, sources=("instance",), target="zone")
    sender = Sender(HERE, {"team": PlacedText("x", HERE)}, (step,))
    deployed = Deployed(alerts=(alert(expr='up{team=~"a.+"}', zone="eu"),), senders=(sender,))
    (row,) = joined(tmp_path, deployed).rows
    assert [one.value for one in row.labels.of("team").holds] == ["a.+"]
    assert row.labels.of("zone") == ANYTHING
    assert row.labels.of("alertname") == Known("Slow")


def test_the_group_may_be_a_label(tmp_path: Path) -> None:
    (row,) = joined(tmp_path, Deployed(alerts=(alert(expr="sum(up)"),))).rows
    assert row.labels.of("alertgroup") == ANYTHING
    assert row.labels.of("other") == Known("")


def test_templates_and_unknown_queries_are_unknown(tmp_path: Path) -> None:
    rules = (alert(team="{{ $labels.x }}"), alert(expr="((("), alert(expr=None))
    found = joined(tmp_path, Deployed(alerts=rules))
    assert [row.labels.of("team") for row in found.rows] == [ANYTHING] * 3
    assert [row.told for row in found.rows] == [True, False, False]
    assert found.counts["unknown_query"] == 2
    assert found.counts["unknown_way"] == 3


def test_grafana_has_its_own_routers_and_direct_receivers(tmp_path: Path) -> None:
    tree = router("desk", route("pager", ("grafana_folder", "x")), system="grafana")
    direct = [
        alert()._replace(system="grafana", receiver=PlacedText(name, HERE))
        for name in ("pager", "null", "elsewhere")
    ]
    rules = (alert(expr="sum(up)", team="$TEAM")._replace(system="grafana"), *direct)
    found = joined(tmp_path, Deployed(alerts=rules, routers=(tree,)))
    verdicts = [row.way.verdict for row in found.rows]
    assert verdicts == ["depends", "always", "never", "always"]
    assert found.rows[0].labels.of("team") == ANYTHING
    assert found.rows[3].stops[0].pages is None
    assert [row.is_routed for row in found.rows] == [True, True, False, True]
    assert {one.receiver.name for one in found.destinations if one.used} == {
        "desk", "pager", "null",
    }  # fmt: skip


VALUES = st.sampled_from(["", "a", "b"])
LABELS = ("team", "zone")
QUERIES: dict[str, dict[str, tuple[str, ...]]] = {
    "up": {"team": ("", "a", "b"), "zone": ("", "a", "b")},
    'up{team="a"}': {"team": ("a",), "zone": ("", "a", "b")},
    'up{team=~"a|b"}': {"team": ("a", "b"), "zone": ("", "a", "b")},
    'up{team!="a"}': {"team": ("", "b"), "zone": ("", "a", "b")},
    "sum(up)": {"team": ("",), "zone": ("",)},
    "sum by (team) (up)": {"team": ("", "a", "b"), "zone": ("",)},
    'sum by (team) (up{team=~".+", zone="a"})': {"team": ("a", "b"), "zone": ("",)},
}
"""Queries, and the values that their series may have."""

MATCHERS = st.builds(
    Matcher,
    st.sampled_from(LABELS),
    st.sampled_from(["=", "!=", "=~", "!~"]),
    st.sampled_from(["", "a", "b", "a|b", ".+"]),
    st.just(HERE),
)
TIMES = st.sampled_from([(), (), ("nights",)])


def routes(*below: st.SearchStrategy[Route]) -> st.SearchStrategy[Route]:
    """Give every field: what is left out of a NamedTuple is drawn by its type, at any depth."""
    return st.builds(
        Route, st.sampled_from(["pager", "desk", "crew"]), st.just(HERE),
        st.lists(MATCHERS, max_size=2).map(tuple), st.booleans(), TIMES, TIMES,
        st.lists(st.one_of(*below), max_size=2).map(tuple) if below else st.just(()),
    )  # fmt: skip


ROUTES = routes(routes(routes()))


@pytest.mark.no_cover
@pytest.mark.parametrize("examples", sizes(50, 300))
def test_no_series_escapes_the_verdict(examples: int) -> None:
    settings(max_examples=examples)(given(st.data())(no_series_escapes))()


def no_series_escapes(data: st.DataObject) -> None:
    """Whatever series a query gives and a server adds, it reaches what is certain, and no more."""
    query = data.draw(st.sampled_from(sorted(QUERIES)))
    own = data.draw(st.dictionaries(st.sampled_from(LABELS), st.sampled_from("ab"), max_size=1))
    external = data.draw(st.dictionaries(st.sampled_from(LABELS), st.sampled_from("ab")))
    tree = router("desk", *data.draw(st.lists(ROUTES, max_size=4)))
    texts = {label: PlacedText(value, HERE) for label, value in external.items()}
    deployed = Deployed(routers=(tree,), senders=(Sender(HERE, texts),))
    way = Deliveries(deployed).way(alert(expr=query, **own))
    certain = {one.name for one in way.reached if one.certain}
    for values in product(*(QUERIES[query][label] for label in LABELS)):
        fired = {**dict(zip(LABELS, values, strict=True)), **own}
        sent = {label: value or external.get(label, "") for label, value in fired.items()}
        got = set(receivers(matched(tree.root, sent)))
        assert certain <= got <= set(way.names)
        assert way.verdict != "always" or got == set(way.names)


# -- people --------------------------------------------------------------------------------------


def people(found: Audited) -> list[list[str]]:
    return [[person.id for person in row.paged_now] for row in found.rows]


def test_pages_whom_the_first_step_reaches(tmp_path: Path) -> None:
    trees = (
        router("desk", route("pager", ("team", "x"), goes_on=True),
               route("crew", ("team", "x"))),
    )  # fmt: skip
    rules = (alert(team="x"), alert(team="y"), alert())
    assert people(joined(tmp_path, Deployed(alerts=rules, routers=trees))) == [["priya"], [], []]


def test_nobody_is_paged_now_by_a_page_that_waits(tmp_path: Path) -> None:
    pages = Deployed(alerts=(alert(),), routers=(router("pager"),))
    for hours, paged in (
        ('{from: "00:00", to: "00:01"}', []),
        ('{from: "00:01", to: "23:59"}', ["priya"]),
    ):
        waits = REGISTRY.replace("search-page: {", f"search-page: {{hours: {hours}, ")
        assert people(joined(tmp_path, pages, waits)) == [paged]


def test_of_several_routers_each_has_to_page_a_person(tmp_path: Path) -> None:
    me = REGISTRY + "  me: {receiver: me, means: priya}\n  him: {receiver: him, means: tom}\n"
    known = {name: receiver(name, "webhook") for name in ("me", "him", "pager")}

    def only(name: str, **options: object) -> Router:
        return Router(HERE, "prometheus", route(name), known)._replace(**options)

    for routers, paged in (
        ([only("me"), only("pager")], ["priya"]),
        ([only("me"), only("him")], []),
        ([only("me"), only("him", part=True)], ["tom", "priya"]),
    ):
        found = joined(tmp_path, Deployed(alerts=(alert(),), routers=tuple(routers)), me)
        assert people(found) == [paged]


def test_a_person_is_paged_once(tmp_path: Path) -> None:
    twice = (
        REGISTRY
        + "  second: {receiver: second, means: search-page}\n  me: {receiver: me, means: priya}\n"
    )
    known = {name: receiver(name, "webhook") for name in ("pager", "second", "me")}
    routes = tuple(route(name, goes_on=True) for name in known)
    tree = Router(HERE, "prometheus", route("pager", routes=routes), known)
    found = joined(tmp_path, Deployed(alerts=(alert(),), routers=(tree,)), twice)
    assert people(found) == [["priya"]]


def test_a_muted_route_pages_nobody_now(tmp_path: Path) -> None:
    always = {"always": (TimeInterval(),)}
    tree = router("desk", route("pager", ("team", "x"), muted=("always",)), intervals=always)
    found = joined(tmp_path, Deployed(alerts=(alert(team="x"),), routers=(tree,)))
    assert people(found) == [[]]
    (mute,) = found.muted
    assert mute.stretches == ((instant(AT), instant(AT) + WEEK),)


def test_knows_a_receiver_by_the_service_that_it_notifies(tmp_path: Path) -> None:
    services = (PagerService("P123", HERE, "Search"), PagerService("P999", HERE, "Other"))
    known = {"a": receiver("a", "pagerduty", service="P123"), "b": receiver("b", "pagerduty")}
    tree = Router(HERE, "prometheus", route("a", routes=(route("b", ("team", "x")),)), known)
    found = joined(tmp_path, Deployed(alerts=(alert(team="y"),), routers=(tree,),
                                      services=services))  # fmt: skip
    assert people(found) == [["priya"]]
    assert [(one.claimed, one.pages) for one in found.destinations] == [(True, True), (False, True)]


def test_a_resources_receiver_is_known_by_its_own_name(tmp_path: Path) -> None:
    name = "default/routes/pager"
    part = Router(HERE, "prometheus", route(name), {name: receiver(name, "webhook")}, part=True)
    found = joined(tmp_path, Deployed(alerts=(alert(),), routers=(part,)))
    assert people(found) == [["priya"]]
    assert found.destinations[0].claimed


# -- the registry's alert ------------------------------------------------------------------------


@pytest.mark.no_cover
@pytest.mark.parametrize(
    ("name", "labels", "tied"),
    [
        ("LatencyHigh", {}, "latency-high"),
        ("latency.HIGH", {}, "latency-high"),
        ("Slow", {"opmodel_alert": "latency-high"}, "latency-high"),
        ("Slow", {"opmodel_alert": "nothing"}, None),
        ("Twice", {}, None),
        ("Gone", {}, None),
    ],
)
def test_is_the_registrys_alert(
    tmp_path: Path, name: str, labels: dict[str, str], tied: str | None
) -> None:
    gone = REGISTRY + "  gone: {label: alertname, value: Gone, alert: gone-alert}\n"
    found = joined(tmp_path, Deployed(alerts=(alert(name, **labels),)), gone)
    assert found.rows[0].registry_alert == tied
    assert bool(found.undeclared) == (tied is None)
    assert ("latency-high" in found.undeployed) == (tied is None)


def test_find(tmp_path: Path) -> None:
    found = joined(tmp_path, Deployed(alerts=(alert("Slow"), alert("slow"), alert("Fast"))))
    assert [row.alert.name for row in found.find("slow")] == ["slow"]
    assert [row.alert.name for row in found.find("SLOW")] == ["Slow", "slow"]
    assert found.find("other") == ()
    assert folded("Slow-Query_v.1 x") == "slowqueryv1x"


# -- owners --------------------------------------------------------------------------------------


def claims(found: Audited) -> list[tuple[str, str | None]]:
    return [(one.source, one.owner and one.owner.id) for one in found.rows[0].claims]


def test_every_source_has_its_word_the_strongest_first(tmp_path: Path) -> None:
    thing = Owned(
        "component", "finder", ("Finder",), PlacedText("group:default/platform", HERE), HERE
    )
    bare = Owned("component", "bare", ("finder",), None, HERE)
    lines = (
        CodeOwners("*", (PlacedText("@acme/platform", HERE), PlacedText("@acme/x", HERE)), HERE),
    )  # fmt: skip
    rule = alert("LatencyHigh", team="search", component="finder", note="finder", slot="late")
    rule = rule._replace(annotations={"contact": PlacedText("search-lead", HERE)})
    deployed = Deployed((rule,), (router("pager"),), owned=(thing, bare), code_owners=lines)
    found = joined(tmp_path, deployed)
    assert claims(found) == [
        ("registry", "priya"), ("label", "search"), ("label", "search"),
        ("annotation", "search-lead"), ("catalogue", "platform"), ("codeowners", "platform"),
        ("codeowners", None), ("receiver", "search"),
    ]  # fmt: skip
    (row,) = found.rows
    assert row.owner is not None
    assert row.owner.source == "registry"
    assert row.is_owned
    assert not row.agrees


def test_a_bound_value_means_what_its_binding_says_though_it_is_an_id(tmp_path: Path) -> None:
    lines = (CodeOwners("*", (PlacedText("@acme/platform", HERE),), HERE),)
    rule = alert(team="search", squad="search")
    rule = rule._replace(annotations={"contact": PlacedText("search", HERE)})
    deployed = Deployed(alerts=(rule,), code_owners=lines)
    plain = REGISTRY + "  squads: {label: squad}\n"
    assert claims(joined(tmp_path, deployed, plain)) == [
        ("label", "search"), ("label", "search"), ("annotation", "search"),
        ("codeowners", "platform"),
    ]  # fmt: skip
    bound = (
        plain
        + """\
  old-team: {label: team, value: search, means: tom}
  old-squad: {label: squad, value: search, means: tom}
  old-contact: {annotation: contact, value: search, means: tom}
  old-owner: {owner: "@acme/platform", means: tom}
"""
    )
    found = joined(tmp_path, deployed, bound)
    assert claims(found) == [
        ("label", "tom"), ("label", "tom"), ("annotation", "tom"), ("codeowners", "tom"),
    ]  # fmt: skip
    assert found.rows[0].agrees


@pytest.mark.no_cover
@pytest.mark.parametrize(
    ("label", "lines", "agrees"),
    [
        ("search", "@acme/search", True),
        ("search", "@acme/platform", False),
        ("search", "@priya", True),
        ("search", "@tom", False),
        ("priya", "search-lead", True),
        ("priya", "@tom", False),
        ("commander", "@acme/search", True),
        ("search-lead", "commander", True),
        ("search", "@unknown", True),
        ("unknown", "@acme/search", True),
    ],
)
def test_owners_agree(tmp_path: Path, label: str, lines: str, agrees: bool) -> None:
    owners = (CodeOwners("*", (PlacedText(lines, HERE),), HERE),)
    found = joined(tmp_path, Deployed(alerts=(alert(team=label),), code_owners=owners))
    assert found.rows[0].agrees == agrees


@pytest.mark.parametrize(
    ("name", "owner"), [("LatencyHigh", "priya"), ("ErrorsHigh", None), ("Slow", None)]
)
def test_the_registrys_owner_is_the_alerts_else_the_metrics(
    tmp_path: Path, name: str, owner: str | None
) -> None:
    found = joined(tmp_path, Deployed(alerts=(alert(name),)))
    assert claims(found) == ([("registry", owner)] if owner else [])
    without = REGISTRY.replace(", owner: priya}", "}")
    other = joined(tmp_path, Deployed(alerts=(alert(name),)), without)
    assert claims(other) == ([("registry", "tom")] if owner else [])


def test_code_owners_and_receivers_alone_own_nothing(tmp_path: Path) -> None:
    lines = (CodeOwners("*", (PlacedText("@acme/search", HERE),), HERE),)
    elsewhere = Router(HERE, "prometheus", route("pager"), {})
    deployed = Deployed(alerts=(alert(),), routers=(elsewhere,), code_owners=lines)
    (row,) = joined(tmp_path, deployed).rows
    assert [one.source for one in row.claims] == ["codeowners", "receiver"]
    assert row.owner is not None
    assert not row.is_owned


@pytest.mark.parametrize(
    ("patterns", "file", "line"),
    [
        (["*"], "a/b.yml", 0),
        (["*", "*.yml"], "a/b.yml", 1),
        (["*.yml", "/c/"], "a/b.yml", 0),
        (["/a/"], "a/b.yml", 0),
        (["/a/"], "x/a/b.yml", None),
        (["a/"], "x/a/b.yml", 0),
        (["a"], "x/a/b.yml", 0),
        (["x/a"], "x/a/b.yml", 0),
        (["x/*"], "x/a/b.yml", None),
        (["x/*"], "x/b.yml", 0),
        (["**/a/**"], "x/a/b.yml", 0),
        (["/"], "x/a/b.yml", 0),
        ([""], "x/a/b.yml", None),
    ],
)
def test_the_last_line_that_matches_decides(
    patterns: list[str], file: str, line: int | None
) -> None:
    lines = [CodeOwners(one, (), HERE) for one in patterns]
    assert CodeOwned(lines).of(file) == (() if line is None else (lines[line],))
    moved = [one._replace(base="repo") for one in lines]
    assert CodeOwned(moved).of(f"repo/{file}") == (() if line is None else (moved[line],))
    assert CodeOwned(moved).of(f"other/{file}") == ()


@pytest.mark.corpus
def test_code_owners_of_real_repositories(corpus: Path) -> None:
    with (corpus / "ground_truth" / "codeowners_expected.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["agree"] == "1"]
    owned: dict[str, CodeOwned] = {}
    for row in rows:
        name = row["codeowners"]
        if name not in owned:
            text = (corpus / name).read_text("utf-8")
            owned[name] = CodeOwned(codeowners.read("CODEOWNERS", text).code_owners)
        line = next(iter(owned[name].of(row["path"])), None)
        found = [one.value for one in line.owners] if line is not None else []
        assert " ".join(found) == row["owners"], row["path"]
    assert len(rows) > 2000


# -- the engine ----------------------------------------------------------------------------------

RULES = """\
groups:
  - name: search
    rules:
      - alert: Slow
        expr: up == 0
        annotations: {runbook: https://runbooks.acme.example/slow}
"""


def codes(found: Audit) -> list[str]:
    return [one.code for one in found.result.shown]


def test_a_comment_in_a_deployed_file_silences(tmp_path: Path) -> None:
    assert codes(run(tmp_path, {"a.yml": RULES}, select="OM905")) == ["OM905"]
    silenced = RULES.replace("- alert: Slow", "- alert: Slow  # opmodel: ignore[OM905] it is new")
    found = run(tmp_path, {"a.yml": silenced}, select="OM905").result
    assert not found.shown
    assert [one.suppressed and one.suppressed.reason for one in found.suppressed] == ["it is new"]
    unused = RULES.replace("- name: search", "- name: search  # opmodel: ignore[OM905] what")
    assert "OM010" in codes(run(tmp_path, {"a.yml": unused}))


def test_a_waiver_of_what_is_deployed(tmp_path: Path) -> None:
    (tmp_path / "policies").mkdir()
    waiver = "{{rule: {}, entity: {}, reason: agreed, until: 2027-01-01}}"
    waivers = [waiver.format("OM905", "deployed/Slow"), waiver.format("OM904", '"receivers/a b"')]
    (tmp_path / "policies/own.yaml").write_text(
        "extends: production\nwaivers:\n" + "".join(f"  - {one}\n" for one in waivers)
    )
    registry = REGISTRY.replace(
        "stage: production\n", "stage: production\npolicy: policies/own.yaml\n"
    )
    found = run(tmp_path, {"a.yml": RULES}, registry)
    assert "OM905" not in codes(found)
    idle = [one for one in found.result.shown if one.code == "OM010"]
    assert [one.message for one in idle] == [
        "the waiver of OM904 for `receivers/a b` silences nothing"
    ]
    plain = check(str(tmp_path), Options(AT, select="OM0"))
    assert "OM010" not in {one.code for one in plain.diagnostics}
    assert "OM010" not in {one.code for one in check(str(tmp_path), Options(AT)).diagnostics}


def test_a_check_neither_runs_nor_counts_the_audits_rules(tmp_path: Path) -> None:
    (tmp_path / "opmodel.yaml").write_text(REGISTRY)
    result = check(str(tmp_path), Options(AT))
    assert result.rules_off == 0
    assert not any(one.code.startswith("OM9") for one in result.diagnostics)
    with pytest.raises(CannotRunError, match="OM901") as raised:
        check(str(tmp_path), Options(AT, select="OM9"))
    assert "opmodel audit" in raised.value.help
    with pytest.raises(CannotRunError, match="OM101"):
        run(tmp_path, {"a.yml": RULES}, select="OM101")


def test_a_registry_that_did_not_load_is_told_and_makes_silent(tmp_path: Path) -> None:
    broken = REGISTRY.replace("severity: sev2, response: page, owner: priya", "severity: sev9")
    found = run(tmp_path, {"a.yml": RULES.replace("Slow", "LatencyHigh")}, broken)
    assert {"OM006"} <= set(codes(found))
    assert not {"OM901", "OM905"} & set(codes(found))


def judged(root: Path, deployed: Deployed, code: str) -> list[str]:
    (root / "opmodel.yaml").write_text(REGISTRY)
    options = Options(AT, select=code)
    opened = open_registry(str(root), options)
    found = audit(opened, Ingested(deployed, {}, 1), options).result.shown
    return [one.message for one in found if one.code == code]


def test_what_no_file_can_hold(tmp_path: Path) -> None:
    nobody = Deployed(alerts=(alert(),), routers=(router(""),))
    assert judged(tmp_path, nobody, "OM902") == ["the deployed alert `Slow` reaches no receiver"]
    two = Deployed(alerts=(alert(),), routers=(router("pager"), router("null")))
    (message,) = judged(tmp_path, two, "OM902")
    assert message.endswith("`Slow` reaches nobody if it is sent to `deployed/rules.yml:1`")
    elsewhere = Router(HERE, "prometheus", route("pager"), {})
    quiet = Deployed(alerts=(alert(severity="info"),), routers=(elsewhere,))
    (message,) = judged(tmp_path, quiet, "OM912")
    assert message.endswith("is `info` and pages, through `pager`")


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("a02_am_shadowed.yml", [("OM910", 6)]),
        ("a03_am_blackhole.yml", [("OM902", 7), ("OM902", 8)]),
        ("a05_am_negative_matcher.yml", []),
        ("a06_am_inhibit_all.yml", [("OM909", 3)]),
    ],
)
def test_hostile_routers(tmp_path: Path, name: str, found: list[tuple[str, int]]) -> None:
    text = (HOSTILE / name).read_text()
    result = run(tmp_path, {name: text}).result
    lines = [(one.code, one.primary.at.start.line) for one in result.shown]
    assert [one for one in lines if one[0] in {"OM902", "OM909", "OM910"}] == found


@pytest.mark.corpus
def test_every_rule_bears_real_organisations(tmp_path: Path, corpus: Path) -> None:
    (tmp_path / "opmodel.yaml").write_text(REGISTRY)
    options = Options(AT)
    opened = open_registry(str(tmp_path), options)
    asked = [
        NamedFiles("", str(corpus / one))
        for one in ("m-lab+prometheus-support", "pingcap+tidb-ansible")
    ]
    found = audit(opened, ingest(asked, str(tmp_path)), options)
    assert len(found.joined.rows) > 100
    for one in found.result.diagnostics:
        assert one.message
        assert one.primary.span is not None
    told = {one.fingerprint for one in found.result.diagnostics}
    assert len(told) > 0.9 * len(found.result.diagnostics)


def test_every_rule_bears_every_fixture() -> None:
    cases = sorted(one for one in (ROOT / "tests" / "audit").glob("rules/OM9*/*") if one.is_dir())
    assert cases
    for case in cases:
        options = Options(AT, policy="production")
        opened = open_registry(str(case), options)
        found = audit(opened, ingest(default(str(case)), str(case)), options)
        assert found.result.rules_off == 0


# -- words ---------------------------------------------------------------------------------------


def test_listed() -> None:
    assert listed(["a"]) == "`a`"
    assert listed(["a", "b"], joint="or") == "`a` or `b`"
    assert listed("abcd") == "`a`, `b`, `c` and `d`"
    assert listed("abcdef") == "`a`, `b`, `c`, `d` and 2 more"
    assert listed([]) == ""


def test_hours_of_week() -> None:
    at = instant(AT)
    assert hours_of_week([(at + HOUR, at + 2 * HOUR)], at, "UTC") == "Fri 10:00 to 11:00"
    cut = [(at, at + HOUR), (at + DAY, at + 3 * DAY), (at + WEEK - HOUR, at + WEEK)]
    assert hours_of_week(cut, at, "UTC") == "Sat 09:00 to Mon 09:00, Fri 08:00 to 10:00"
    days = [(at + day * DAY - 2 * HOUR, at + day * DAY + HOUR) for day in range(1, 7)]
    every = [(at, at + HOUR), *days, (at + WEEK - 2 * HOUR, at + WEEK)]
    assert hours_of_week(every, at, "UTC") == "every day 07:00 to 10:00"
    assert hours_of_week(days, at, "UTC").endswith(" and 3 times more")


@pytest.mark.no_cover
def test_alerts_that_go_one_way_share_what_follows_from_it(tmp_path: Path) -> None:
    """However many receivers a way has: they are looked at once, and not for each alert."""

    def cost(alerts: int, receivers: int) -> int:
        below = tuple(route(f"r{n}", ("team", f"t{n}")) for n in range(receivers))
        known = {"desk": RECEIVERS["desk"]} | {
            one.receiver: receiver(one.receiver, "slack") for one in below
        }
        one = Router(HERE, "prometheus", route("desk", routes=below), known)
        files = Deployed(alerts=tuple(alert(f"a{n}") for n in range(alerts)), routers=(one,))
        rows = joined(tmp_path, files).rows
        assert {id(row.way) for row in rows} == {id(rows[0].way)}
        assert {id(row.stops) for row in rows} == {id(rows[0].stops)}
        return calls(lambda: joined(tmp_path, files))

    few, many = (cost(60, n) - cost(10, n) for n in (20, 120))
    assert many < 1.2 * few
