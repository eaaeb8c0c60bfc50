"""What falls to whom: under one's own name, through roles held and teams led."""

from collections.abc import Callable
from pathlib import Path

import pytest

from registry.model.fields import references
from registry.model.sections import SECTIONS
from registry.paging.duties import KINDS, NO_DUTY, Duties, Duty
from registry.workspace.load import load
from registry.workspace.workspace import Workspace
from tests.paging.acme import ACME, edited, write

Loaded = Callable[..., Workspace]


@pytest.fixture
def loaded(tmp_path: Path) -> Loaded:
    return lambda text=ACME, **more: load(write(tmp_path / "a", text, **more)).workspace


def told(duties: tuple[Duty, ...]) -> list[str]:
    return [
        f"{one.section}/{one.id} {one.field} {one.meaning}"
        + (f" through {one.through}" if one.through else "")
        for one in duties
    ]


def test_a_persons_own_and_through_a_role_and_a_team(loaded: Loaded) -> None:
    workspace = loaded()
    assert told(Duties(workspace).of("dee")) == [
        "roles/head holder holds",
        "channels/room owner owns through head",
        "ownership/quality accountable answers for through head",
        "escalations/page steps/2/notify/0 is paged through head",
        "kill_switches/faq operators/1 operates through head",
    ]
    assert told(Duties(workspace).of("cho")) == [
        "teams/answers lead leads",
        "schedules/night rotations/0/participants/0 on call",
    ]


def test_a_team_that_is_led_by_a_role(loaded: Loaded) -> None:
    text = edited(("lead: cho", "lead: head"), ("  cost: {", "  cost: {team: answers, "))
    workspace = loaded(text)
    assert "ownership/cost team team of through answers" in told(Duties(workspace).of("dee"))
    assert told(Duties(workspace).of("head"))[0] == "teams/answers lead leads"
    assert told(Duties(workspace).of("answers")) == ["ownership/cost team team of"]


def test_each_stands_at_its_place(loaded: Loaded) -> None:
    lines = ACME.splitlines()
    places = [(one.path, lines[one.line - 1].strip()) for one in Duties(loaded()).of("dee")]
    assert places == [
        ("opmodel.yaml", "head: {title: Head, holder: dee}"),
        ("opmodel.yaml", "room: {kind: slack, owner: head, read_every: 4h}"),
        ("opmodel.yaml", "quality: {accountable: head, covers: [behaviour]}"),
        ("opmodel.yaml", "- {after: 30m, notify: [head]}"),
        ("opmodel.yaml", "operators: [day, head]"),
    ]


def test_what_is_over_asks_nothing(loaded: Loaded) -> None:
    incidents = """incidents:
  late:
    title: Late
    severity: sev2
    commander: ana
    resolved: 2026-11-02
    actions:
      - {title: Tell sooner, owner: ana}
      - {title: Told, owner: ana, done: 2026-11-02}
  open: {title: Open, severity: sev2, commander: ana}
"""
    duties = told(Duties(loaded(ACME, more=incidents)).of("ana"))
    assert [one for one in duties if one.startswith("incidents")] == [
        "incidents/late actions/0/owner owns",
        "incidents/open commander commands",
    ]


def test_membership_and_a_right_to_read_are_no_duties(loaded: Loaded) -> None:
    workspace = loaded(ACME, more="stores: {s: {kind: logs, access: [ben]}}")
    assert told(Duties(workspace).of("ben")) == ["schedules/day rotations/0/participants/1 on call"]


@pytest.mark.parametrize("id_", ["ghost", "drop", "inbox"])
def test_what_nothing_falls_to(loaded: Loaded, id_: str) -> None:
    assert Duties(loaded()).of(id_) == ()


def test_every_meaning_that_may_name_somebody_is_a_duty_or_none() -> None:
    parties = {"people", "teams", "roles"}
    met = {
        reference.meaning
        for row in SECTIONS.values()
        for _, reference in references(row.model)
        if reference.is_said_of_the_named and not parties.isdisjoint(reference.sections)
    }
    assert met <= KINDS.keys() | NO_DUTY
    assert not KINDS.keys() & NO_DUTY


def test_what_a_role_is_for_falls_to_its_holder(loaded: Loaded) -> None:
    text = edited(
        ("head: {title: Head, holder: dee}",
         "head: {title: Head, holder: dee, responsibilities: [TODO, Decides., Tells whom.]}")
    )  # fmt: skip
    duties = Duties(loaded(text))
    assert [(one.field, one.text, one.through) for one in duties.responsibilities("dee")] == [
        ("responsibilities/1", "Decides.", "head"),
        ("responsibilities/2", "Tells whom.", "head"),
    ]
    assert [one.through for one in duties.responsibilities("head")] == [None, None]
    assert duties.responsibilities("cho") == ()
