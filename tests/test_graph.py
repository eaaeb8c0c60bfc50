"""Questions to the graph that no rule's fixture can ask."""

from datetime import timedelta
from pathlib import Path

from registry.graph import Graph
from registry.load import load
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


def _graph(root: Path, after: timedelta | None) -> Graph:
    (root / "opmodel.yaml").write_text(REGISTRY, "utf-8")
    return Graph(load(str(root)).workspace, None if after is None else AT + after)


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
