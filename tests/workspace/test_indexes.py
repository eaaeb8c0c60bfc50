"""Questions to the graph that no rule's fixture can ask."""

from datetime import timedelta
from pathlib import Path

from registry.checks.engine import check
from registry.workspace.indexes import Indexes
from registry.workspace.load import load
from registry.workspace.options import Options
from tests.conftest import AT

REGISTRY = """
opmodel: 1
name: fixture
stage: production
timezone: Europe/Berlin
people: {priya: {name: Priya}, tom: {name: Tom}, mei: {name: Mei}}
schedules:
  primary:
    rotations:
      - {name: old, participants: [tom], start: 2026-01-05T09:00, end: 2026-11-20T10:00, every: 1w}
      - {name: new, participants: [[mei, priya]], start: 2026-11-20T09:00, every: 1w}
    overrides:
      - {person: tom, from: 2026-11-19, to: 2026-11-20}
      - {person: tom, from: 2026-11-20T08:00Z, to: 2026-11-20T11:00+02:00}
"""


def _graph(root: Path, after: timedelta | None) -> Indexes:
    (root / "opmodel.yaml").write_text(REGISTRY, "utf-8")
    return Indexes(load(str(root)).workspace, None if after is None else AT + after)


def test_people_ahead_change_at_the_end_of_a_rotation_and_of_a_day(tmp_path: Path) -> None:
    before = _graph(tmp_path, timedelta(seconds=-1))
    assert before.people_ahead("primary") == ("tom", "mei", "priya")
    # At 10:00 in Berlin, 09:00Z, the rotation is over; the override's last day is not.
    assert _graph(tmp_path, timedelta()).people_ahead("primary") == ("mei", "priya", "tom")
    # The day ends at midnight in Berlin, 23:00Z.
    tonight = timedelta(hours=14)
    late = _graph(tmp_path, tonight - timedelta(seconds=1))
    assert late.people_ahead("primary") == ("mei", "priya", "tom")
    assert _graph(tmp_path, tonight).people_ahead("primary") == ("mei", "priya")


def test_without_an_instant_nothing_is_over(tmp_path: Path) -> None:
    assert _graph(tmp_path, None).people_ahead("primary") == ("tom", "mei", "priya")


def test_nobody_is_ahead_on_what_is_no_schedule(tmp_path: Path) -> None:
    assert _graph(tmp_path, None).people_ahead("priya") == ()


RINGS = """
opmodel: 1
name: rings
stage: production
people: {tom: {name: Tom}}
roles:
  self: {title: Self, function: operations, schedule: self}
  here: {title: Here, function: operations, schedule: there}
  there: {title: There, function: operations, schedule: here}
escalations:
  again: {steps: [{after: 0m, notify: [again]}]}
  ping: {steps: [{after: 0m, notify: [pong]}]}
  pong: {steps: [{after: 0m, notify: [ping, here]}]}
metrics: {errors: {bucket: reliability, response: page}}
alerts:
  one: {metric: errors, severity: sev1, response: page, escalation: again}
  two: {metric: errors, severity: sev1, response: page, escalation: ping}
  three: {metric: errors, severity: sev1, response: page, escalation: self}
"""


def test_what_names_itself_is_told_of_once_and_ends(tmp_path: Path) -> None:
    """A role or an escalation where only schedules may stand is OM007's, and never a ring."""
    (tmp_path / "opmodel.yaml").write_text(RINGS, "utf-8")
    graph = Indexes(load(str(tmp_path)).workspace)
    assert all(map(graph.may_reach, ("again", "ping", "pong", "self", "here", "there")))
    found = check(str(tmp_path), Options(AT)).shown
    told = [(one.code, one.entity) for one in found if one.code in {"OM007", "OM208", "OM306"}]
    assert sorted((entity[1], code) for code, entity in told if entity) == [
        ("again", "OM007"), ("here", "OM007"), ("ping", "OM007"), ("pong", "OM007"),
        ("self", "OM007"), ("there", "OM007"), ("three", "OM007"),
    ]  # fmt: skip
