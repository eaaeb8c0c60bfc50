"""The reference graph: its nodes and edges, what leads where, and what all pages hang on."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.errors import CannotRunError
from registry.workspace.edges import Edges
from registry.workspace.graph import (
    around,
    cycles,
    graphml,
    paging_nodes,
    reference_graph,
    single_points,
)
from registry.workspace.load import load
from registry.workspace.lookup import look_up
from registry.workspace.relation import _OF_THE_ENTITY
from registry.workspace.workspace import Workspace
from tests.conftest import AT, ROOT
from tests.paging.acme import ACME, edited, write

Loaded = Callable[..., Workspace]


@pytest.fixture
def loaded(tmp_path: Path) -> Loaded:
    return lambda text=ACME, **more: load(write(tmp_path / "a", text, **more)).workspace


def test_nodes_and_edges(loaded: Loaded) -> None:
    broken = "teams: {crew: [ana]}\nroles: {odd: {title: Odd, holder: ghost}}\n"
    graph = reference_graph(loaded(ACME, more=broken))
    lines = ACME.splitlines()
    assert graph.nodes["people/ana"] == {
        "section": "people", "id": "ana", "kind": "person", "name": "Ana Ruiz", "state": "loaded",
        "path": "opmodel.yaml", "line": lines.index("  ana:") + 1,
    }  # fmt: skip
    assert graph.nodes["people/ghost"]["state"] == "missing"
    assert graph.nodes["people/ghost"]["line"] is None
    assert graph.nodes["teams/crew"]["state"] == "not loaded"
    assert graph.edges["roles/odd", "people/ghost", "holder"]["meaning"] == "holds"
    edge = graph.edges["escalations/page", "schedules/day", "steps/0/notify/0"]
    assert lines[edge["line"] - 1].strip() == "- {after: 0m, notify: [day]}"
    assert edge["meaning"] == "is paged"


@pytest.mark.parametrize("example", ["enterprise-copilot", "representative-week"])
def test_holds_every_entity_and_every_reference(example: str) -> None:
    workspace = load(str(ROOT / "examples" / example)).workspace
    graph, edges = reference_graph(workspace), Edges(workspace)
    missing = [node for node, state in graph.nodes(data="state") if state == "missing"]
    assert graph.number_of_nodes() == workspace.count() + len(missing)
    assert graph.number_of_edges() == len(edges.all)


def test_so_many_steps_each_way(loaded: Loaded) -> None:
    graph = reference_graph(loaded())
    near = around(graph, "alerts/drop", 1)
    assert set(near) == {
        "alerts/drop", "metrics/grounded", "people/ana", "escalations/page", "channels/room",
        "runbooks/drop", "failures/leak",
    }  # fmt: skip
    assert list(near) == [node for node in graph if node in near]
    assert "people/cho" in around(graph, "alerts/drop", None)
    assert "ownership/cost" not in around(graph, "alerts/drop", None)


def test_what_leads_to_itself(loaded: Loaded) -> None:
    text = edited(("lead: cho", "lead: commander"), ("  night:\n", "  night:\n    team: answers\n"))
    assert cycles(reference_graph(loaded())) == []
    assert cycles(reference_graph(loaded(text))) == [
        ["roles/commander", "schedules/night", "teams/answers"]
    ]


# -- single points -------------------------------------------------------------------------------


def points(workspace: Workspace, at: datetime = AT) -> dict[str, tuple[str, ...]]:
    return {f"{one.section}/{one.id}": one.alerts for one in single_points(workspace, at)}


def test_more_than_one_way_hangs_on_nobody(loaded: Loaded) -> None:
    workspace = loaded()
    assert points(workspace) == {}
    assert paging_nodes(workspace, AT) == {
        "alerts/drop", "escalations/page", "schedules/day", "schedules/night", "roles/commander",
        "roles/head", "people/ana", "people/ben", "people/cho", "people/dee",
    }  # fmt: skip


def test_one_person_under_several_names(loaded: Loaded) -> None:
    text = edited(("notify: [day]", "notify: [night]"), ("notify: [head]", "notify: [cho]"))
    assert points(loaded(text)) == {"people/cho": ("drop",)}


def test_one_schedule_of_several_people(loaded: Loaded) -> None:
    text = edited(("    escalation: page\n", "    escalation: day\n"))
    (point,) = single_points(loaded(text), AT)
    assert (point.section, point.id, point.alerts, point.total) == (
        "schedules",
        "day",
        ("drop",),
        1,
    )
    assert text.splitlines()[point.line - 1] == "  day:"


def test_a_role_its_schedule_and_its_one_person(loaded: Loaded) -> None:
    text = edited(("      - {after: 0m, notify: [day]}\n", ""),
                  ("      - {after: 30m, notify: [head]}\n", ""))  # fmt: skip
    assert list(points(loaded(text))) == ["people/cho", "roles/commander", "schedules/night"]


def test_that_which_most_hangs_on_comes_first(loaded: Loaded) -> None:
    more = "alerts:\n" + "".join(
        f"  {name}: {{metric: spend, severity: sev2, response: page, escalation: {to}}}\n"
        for name, to in (("x", "night"), ("y", "night"), ("z", "day"), ("none", "void"))
    )
    more += "escalations: {void: {steps: []}}\n"
    found = single_points(loaded(ACME, more=more), AT)
    assert [(one.id, one.alerts, one.total) for one in found] == [
        ("cho", ("x", "y"), 4), ("night", ("x", "y"), 4), ("day", ("z",), 4),
    ]  # fmt: skip


def test_who_is_gone_reaches_nobody(loaded: Loaded) -> None:
    text = edited(("    escalation: page\n", "    escalation: day\n"),
                  ("    name: Ben Okafor\n", "    name: Ben Okafor\n    until: 2026-12-31\n"))  # fmt: skip
    workspace = loaded(text)
    assert list(points(workspace)) == ["schedules/day"]
    after = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    assert list(points(workspace, after)) == ["people/ana", "schedules/day"]


def test_a_rotation_that_is_over_pages_nobody(loaded: Loaded) -> None:
    day = "      - {name: primary, participants: [ana, ben], start: 2026-11-02T09:00, every: 1w}\n"
    more = "      - {name: old, participants: [dee], start: 2026-01-05T09:00, every: 1w, end: 2026-11-01}\n"
    only = day.replace("[ana, ben]", "[ana]")
    text = edited((day, only + more), ("    escalation: page\n", "    escalation: day\n"))
    assert list(points(loaded(text))) == ["people/ana", "schedules/day"]
    assert list(points(loaded(text), datetime(2026, 10, 1, tzinfo=UTC))) == ["schedules/day"]


def test_what_did_not_load_may_reach_anybody(loaded: Loaded) -> None:
    text = edited(("    escalation: page\n", "    escalation: night\n"))
    assert list(points(loaded(text))) == ["people/cho", "schedules/night"]
    broken = text.replace("participants: [cho]", "participants: [cho, 7]")
    assert list(points(loaded(broken))) == ["schedules/night"]
    assert points(loaded(text.replace("    timezone: America/New_York\n", "    zone: x\n"))) != {}


NODES = [f"n{number}" for number in range(6)]
ARROWS = st.sets(st.tuples(st.sampled_from(NODES), st.sampled_from([*NODES, "end"])), max_size=14)


@given(arrows=ARROWS)
def test_dominators_are_what_cuts_all_ways(arrows: set[tuple[str, str]]) -> None:
    """What networkx calls a dominator is what, taken away, leaves no way: the sense we use."""
    graph = nx.DiGraph([*arrows, ("n0", "n1")])
    graph.add_node("end")
    if not nx.has_path(graph, "n0", "end"):
        return
    found, chain = nx.immediate_dominators(graph.reverse(copy=False), "end"), set()
    node = found["n0"]
    while node is not None and node != "end":
        chain.add(node)
        node = found[node]
    cut = set()
    for one in set(graph) - {"n0", "end"}:
        rest = graph.subgraph(set(graph) - {one})
        if not nx.has_path(rest, "n0", "end"):
            cut.add(one)
    assert chain == cut


# -- graphml, names, words -----------------------------------------------------------------------


def test_graphml_is_read_back(loaded: Loaded) -> None:
    graph = reference_graph(loaded(edited(("Ana Ruiz", '"A\\x01\\u202E<&\\"z"'))))
    again = nx.parse_graphml(graphml(graph), force_multigraph=True)
    assert list(again) == list(graph)
    assert again.number_of_edges() == graph.number_of_edges()
    assert again.nodes["people/ana"]["name"] == '\\u202e<&"z'.join(("A\\x01", ""))
    assert again.nodes["people/ana"]["line"] == graph.nodes["people/ana"]["line"]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("drop", ("alerts", "drop")),
        ("runbooks/drop", ("runbooks", "drop")),
        ("answers", ("teams", "answers")),
        ("leak", ("failures", "leak")),
        ("telemetry", ("telemetry", "telemetry")),
        ("lost", ("people", "lost")),
    ],
)
def test_an_id_is_looked_for_by_rank(loaded: Loaded, name: str, found: tuple[str, str]) -> None:
    more = "people: {lost: {nme: Lo}}\ntelemetry: {reviewed: 2026-09-01}\n"
    assert look_up(loaded(ACME, more=more), name) == found


@pytest.mark.parametrize(
    ("name", "says", "help_"),
    [
        ("cost", "stands in several sections", "ask for `metrics/cost` or `ownership/cost`"),
        ("twin", "stands in several sections", "ask for `failures/twin` or `reviews/twin`"),
        ("dropp", "there is no entity `dropp`", "did you mean `drop`?"),
        ("alert/drop", "there is no section `alert`", "did you mean `alerts`?"),
        ("alerts/page", "there is no alert `page`", "it is an escalation: `escalations/page`"),
        (
            "alerts/qqqqqqqq",
            "there is no alert `qqqqqqqq`",
            "the alerts here are `drop` and `overspend`",
        ),
        ("prices/qqqqqqqq", "there is no price `qqqqqqqq`", "none has loaded; see `opmodel check`"),
        ("runbooks/qqqqqqqq", "there is no runbook `qqqqqqqq`", "the runbook here is `drop`"),
    ],
)
def test_what_is_not_found_is_told(loaded: Loaded, name: str, says: str, help_: str) -> None:
    more = "metrics: {cost: {bucket: cost, response: page}}\nreviews: {twin: {kind: other}}\n"
    more += "failures: {twin: {priority: P1}}\n"
    with pytest.raises(CannotRunError, match=says) as error:
        look_up(loaded(ACME, more=more), name)
    assert error.value.help == help_


@pytest.mark.parametrize(
    ("name", "help_"),
    [
        ("alerts/qqqqqqqq", "the alerts in what loaded are `drop` and `overspend`"),
        ("prices/qqqqqqqq", "none has loaded; see `opmodel check`"),
    ],
)
def test_what_is_there_is_not_all_beside_an_unread_file(
    loaded: Loaded, name: str, help_: str
) -> None:
    with pytest.raises(CannotRunError, match="qqqqqqqq") as error:
        look_up(loaded(ACME, more="prices:\n  small: [\n"), name)
    assert error.value.help == help_


def test_what_may_stand_in_an_unread_file(loaded: Loaded) -> None:
    with pytest.raises(CannotRunError, match="there is no entity `hidden` in what loaded"):
        look_up(loaded(ACME, more="people:\n  hidden: [\n"), "hidden")


def test_every_meaning_is_said_of_the_entity() -> None:
    from registry.model.reference import BY_THE_NAMED

    assert _OF_THE_ENTITY.keys() == BY_THE_NAMED
