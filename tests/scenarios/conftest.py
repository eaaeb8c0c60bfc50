"""A small registry in which each kind of outcome happens, and a way to play a scenario in it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from registry.scenarios.files import Read, read_scenarios
from registry.scenarios.play import Miss, Rehearsal, rehearse
from registry.workspace.open import open_registry
from registry.workspace.options import Options
from tests.conftest import AT

REGISTRY = """\
opmodel: 1
name: acme
stage: pilot
timezone: Europe/Berlin
people:
  ana: {name: Ana Alves, skills: [Prompts], contact: {phone: "+49 30 1"}}
  bo: {name: Bo Berg, skills: [sql], contact: {phone: "+49 30 2"}}
  cy: {name: Cy Chen, email: cy@acme.example}
  dee: {name: Dee Diaz}
  eli: {name: Eli Engel, email: eli@acme.example, until: 2025-12-31}
  fay: {name: Fay Fox, email: fay@acme.example, away: [{from: 2026-01-01, to: 2026-01-31}]}
roles:
  cto: {title: CTO, holder: cy}
  responder: {title: Responder, schedule: night, covers: [incident-commander]}
  vacant: {title: Vacant}
schedules:
  night:
    timezone: Europe/Berlin
    rotations:
      - {name: first, participants: [ana, bo], start: 2026-01-05T00:00, every: 1w}
  gone:
    timezone: Europe/Berlin
    rotations:
      - name: first
        participants: [ana]
        start: 2025-01-06T00:00
        end: 2025-02-03T00:00
        every: 1w
channels:
  room: {kind: slack, address: "#room", owner: cy}
  inbox: {kind: email, address: in@acme.example}
  left: {kind: email, address: left@acme.example, owner: eli}
fields:
  intent: {group: slice}
ownership:
  quality: {accountable: cy}
  cost: {accountable: eli}
metrics:
  grounded: {bucket: quality, response: page, layer: quality, owner: bo}
  spend: {bucket: cost, response: ticket, layer: cost}
  silent: {bucket: cost, response: analytics, owner: bo}
alerts:
  drop:
    metric: grounded
    severity: sev2
    response: page
    when: {drops_by: 10%}
    escalation: page
    notify: [room]
    runbook: drop
  slip: {metric: grounded, severity: sev4, response: ticket, when: {below: 0.5}, notify: [inbox]}
  hr:
    metric: grounded
    severity: sev1
    response: page
    when: {drops_by: 0.7%}
    slice: {intent: hr}
    escalation: twice
  bill: {metric: spend, severity: sev3, response: ticket, when: {above: 95%}, notify: [room]}
  bill-rise:
    metric: spend
    severity: sev3
    response: ticket
    when: {rises_by: 20%}
    notify: [left]
escalations:
  page:
    repeat: 1
    repeat_after: 30m
    steps:
      - {after: 0m, notify: [night]}
      - {after: 15m, notify: [cto]}
  twice:
    steps:
      - {after: 0m, notify: [responder, bo]}
runbooks:
  drop: {title: Drop, mitigations: [{switch: stop}]}
kill_switches:
  stop: {action: Stop it., operators: [ana]}
  spare: {action: Spare it., operators: [bo]}
failures:
  wrong: {priority: P0, detected_by: [drop, hr], contained_by: [spare]}
  unseen: {priority: P1}
"""
"""At 03:00 on Tuesday, 6 January 2026, ana is on call; from the Monday after it is bo."""

SCENARIO = """\
one:
  title: One
  at: {at}
  given: {{{given}}}
  {more}
  expect:
    {expect}
"""

Play = Callable[..., list[str]]


def read(root: Path, registry: str, files: dict[str, str]) -> tuple[Rehearsal, Read]:
    """Write a registry and its scenario files, and play them."""
    (root / "scenarios").mkdir(exist_ok=True)
    (root / "opmodel.yaml").write_text(registry, "utf-8")
    for name, text in files.items():
        (root / "scenarios" / name).write_text(text, "utf-8")
    opened = open_registry(str(root), Options(AT))
    found = read_scenarios(opened.workspace)
    return rehearse(opened.workspace, opened.policy, found), found


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "acme").mkdir()
    return tmp_path / "acme"


@pytest.fixture
def missed(root: Path) -> Callable[..., tuple[Miss, ...]]:
    def missed(
        given: str,
        expect: str,
        at: str = "2026-01-06T03:00",
        more: str = "",
        registry: str = REGISTRY,
    ) -> tuple[Miss, ...]:
        text = SCENARIO.format(at=at, given=given, more=more, expect=expect)
        played, found = read(root, registry, {"one.yaml": text})
        assert [one.message for one in found.problems] == []
        return played.outcomes[0].misses

    return missed


@pytest.fixture
def play(missed: Callable[..., tuple[Miss, ...]]) -> Play:
    """Play one scenario; return why it fails, a reason for each expectation that is not met."""

    def play(*args: str, **more: str) -> list[str]:
        return [one.reason for one in missed(*args, **more)]

    return play


def without(*replaced: tuple[str, str]) -> str:
    """Return the registry with some of its text replaced, each text exactly once."""
    text = REGISTRY
    for old, new in replaced:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text
