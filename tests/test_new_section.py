"""A section made up here is everywhere that references are, without another line."""

import json
from pathlib import Path

import pytest

from registry.cli.main import main
from registry.model.entity import Entity, Many, Part
from registry.model.reference import (
    Approvers,
    AttendeeRef,
    MeasureRef,
    OperatorRef,
    Owners,
)
from registry.model.sections import SECTION_OF, SECTIONS, Section
from registry.paging.duties import Duties
from registry.schemas import schemas
from registry.workspace.edges import Edges
from registry.workspace.graph import reference_graph
from registry.workspace.load import load
from tests.paging.acme import ACME, write


class Guest(Part):
    """Somebody who comes to a ritual."""

    who: AttendeeRef


class Ritual(Entity):
    """A habit of the organisation."""

    title: str
    owner: Owners | None = None
    approved_by: Approvers | None = None
    guests: Many[Guest] = ()
    started_by: Many[OperatorRef] = ()
    metric: MeasureRef | None = None


RITUALS = """\
rituals:
  breakfast:
    title: Breakfast
    owner: dee
    approved_by: [head, ana]
    guests:
      - who: ana
      - who: head
    started_by: [dee]
    metric: spend
"""
FIELDS = {
    "owner": ("owns", "people/dee", 4),
    "approved_by/0": ("approves", "roles/head", 5),
    "approved_by/1": ("approves", "people/ana", 5),
    "guests/0/who": ("attends", "people/ana", 7),
    "guests/1/who": ("attends", "roles/head", 8),
    "started_by/0": ("operates", "people/dee", 9),
    "metric": ("measured by", "metrics/spend", 10),
}


@pytest.fixture(autouse=True)
def _rituals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SECTIONS, "rituals", Section("rituals", Ritual, "ritual"))
    monkeypatch.setitem(SECTION_OF, Ritual, "rituals")


@pytest.fixture
def folder(tmp_path: Path) -> str:
    return write(tmp_path / "a", ACME, rituals=RITUALS)


def test_in_the_schemas() -> None:
    made = schemas()
    for name in ("rituals", "registry", "manifest"):
        ritual = json.loads(made[f"{name}.schema.json"])["$defs"]["Ritual"]
        assert ritual["properties"].keys() == set(Ritual.__annotations__)
        assert "Guest" in json.loads(made[f"{name}.schema.json"])["$defs"]


# The format's reference page, once it is made from the models, is asked here.


def test_in_the_graph(folder: str) -> None:
    workspace = load(folder).workspace
    edges = Edges(workspace)
    found = {
        one.field: (one.meaning, "/".join(one.named), edges.place(one)[1])
        for one in edges.by_source["rituals", "breakfast"]
    }
    assert found == FIELDS
    graph = reference_graph(workspace)
    assert graph.nodes["rituals/breakfast"]["name"] == "Breakfast"
    assert graph.nodes["rituals/breakfast"]["kind"] == "ritual"
    drawn = graph.out_edges("rituals/breakfast", keys=True, data="meaning")
    assert {(field, meaning, to) for _, to, field, meaning in drawn} == {
        (field, meaning, to) for field, (meaning, to, _) in FIELDS.items()
    }


def test_in_duties(folder: str) -> None:
    own = [one for one in Duties(load(folder).workspace).of("dee") if one.section == "rituals"]
    assert [(one.field, one.meaning, one.through, one.line) for one in own] == [
        ("owner", "owns", None, 4),
        ("started_by/0", "operates", None, 9),
        ("approved_by/0", "approves", "head", 5),
        ("guests/1/who", "attends", "head", 8),
    ]


def test_in_impact_and_in_what_is_uncertain(
    folder: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    argv = ["impact", "--without", "dee", "--at", "2026-11-20T09:00:00Z", "--format", "json"]
    assert main([*argv, folder]) == 1
    losses = json.loads(capsys.readouterr().out)["losses"]
    rituals = [one for one in losses if one["entity"]["section"] == "rituals"]
    assert [(one["kind"], one["line"]) for one in rituals] == [
        ("owner", 4), ("switch", 9), ("approver", 5), ("attendee", 8),
    ]  # fmt: skip
    torn = RITUALS.replace("owner: dee", "owner: 7")
    assert main([*argv, write(tmp_path / "b", ACME, rituals=torn)]) == 1
    doubts = json.loads(capsys.readouterr().out)["doubts"]
    assert doubts == ["`owner` of the ritual `breakfast` did not load"]


def test_in_refs_and_pages(folder: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["refs", "breakfast", folder]) == 0
    assert "owned by: people/dee\n    owner, rituals.yaml:4\n" in capsys.readouterr().out
    assert main(["refs", "people/ana", folder]) == 0
    assert "  rituals/breakfast: attended by\n" in capsys.readouterr().out
    assert main(["export", "duties", folder]) == 0
    assert '"ritual' in capsys.readouterr().out
