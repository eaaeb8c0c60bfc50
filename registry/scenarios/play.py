"""Scenarios played against a registry: what would happen, and where that is not expected."""

from collections.abc import Iterator
from typing import NamedTuple

from registry.model.metrics import Alert
from registry.model.scenario import Scenario
from registry.paging.pager import Place
from registry.scenarios.expect import unmet
from registry.scenarios.files import Read
from registry.scenarios.scene import Scene
from registry.source.sources import Sources
from registry.span import KeyPath, Location
from registry.workspace.policy import Policy
from registry.workspace.workspace import Workspace

SECTIONS = ("alerts", "escalations", "kill_switches")
"""What coverage is told of."""


class Miss(NamedTuple):
    """An expectation that is not met: where it stands, what happens, and what decided that."""

    expected: Place
    field: str
    reason: str
    because: Place | None


class ScenarioOutcome(NamedTuple):
    """One scenario's outcome; it passed where nothing is missed. `at` is an instant."""

    file: str
    id: str
    title: str
    at: int
    misses: tuple[Miss, ...]


class Coverage(NamedTuple):
    """What the scenarios touch of one section, and what none of them does, in the ids' order."""

    section: str
    touched: tuple[str, ...]
    untouched: tuple[str, ...]


class Rehearsal(NamedTuple):
    """All outcomes, in the files' order, and what they touch."""

    outcomes: tuple[ScenarioOutcome, ...]
    coverage: tuple[Coverage, ...]

    @property
    def failed(self) -> int:
        """How many scenarios missed something."""
        return sum(bool(one.misses) for one in self.outcomes)


def rehearse(
    workspace: Workspace, policy: Policy, read: Read, zone: str | None = None
) -> Rehearsal:
    """Play every scenario; what looks like a secret in a title or an id is starred out.

    Times in reasons are told in `zone`, else in the schedules' own.
    """
    stage = _Stage(workspace, policy, Sources(read.sources), zone)
    outcomes = tuple(stage.play(*one) for one in read.scenarios)
    return Rehearsal(outcomes, tuple(stage.coverage()))


class _Stage:
    def __init__(
        self, workspace: Workspace, policy: Policy, sources: Sources, zone: str | None
    ) -> None:
        self.workspace = workspace
        self.zone = zone
        self.policy = policy
        self.sources = sources
        self.touched: dict[str, set[str]] = {section: set() for section in SECTIONS}

    def play(self, file: str, id_: str, scenario: Scenario) -> ScenarioOutcome:
        scene = Scene(self.workspace, self.policy, scenario, self.zone)
        self.touch(scene)
        misses = tuple(
            Miss(self.written(file, id_, one.path), str(one.path[0]), one.reason, one.because)
            for one in unmet(scenario.expect, scene)
        )
        masked = self.sources.masked
        shown = tuple(one._replace(reason=masked(one.reason)) for one in misses)
        return ScenarioOutcome(file, masked(id_), masked(scenario.title), scene.at, shown)

    def written(self, file: str, id_: str, path: KeyPath) -> Place:
        at = Location(file, (id_, "expect", *path))
        return Place(file, self.sources.span(at).start.line)

    def touch(self, scene: Scene) -> None:
        alerts = self.workspace.all(Alert)
        for one in scene.answers:
            self.touched["alerts"].add(one.alert)
            self.touched["escalations"].add(alerts[one.alert].escalation or "")
            self.touched["kill_switches"].update(switch.id for switch in one.kill_switches)

    def coverage(self) -> Iterator[Coverage]:
        for section in SECTIONS:
            ids = sorted(self.workspace.origins.get(section, {}))
            touched = tuple(id_ for id_ in ids if id_ in self.touched[section])
            yield Coverage(section, touched, tuple(id_ for id_ in ids if id_ not in touched))
