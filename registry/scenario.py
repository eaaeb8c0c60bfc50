"""Scenario files: what must happen when something goes wrong, as tests of the operating model.

A file below `scenarios/` at the registry's root maps ids to scenarios:

    monday-cost:
      title: A jump in cost reaches somebody who acts
      at: 2026-11-09T08:30               # local to the manifest's zone, or with an offset
      given: {metric: token-spend, rises_by: 18%}
      acknowledged_after: 40m            # left out: nobody acknowledges
      expect: {pages: somebody, runbook: cost-anomaly, second_person_within: 1h}
"""

import os
from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

from registry.decode import Place, decode_one
from registry.diagnostic import Diagnostic, Label
from registry.model.entity import Entity, Fault, Part
from registry.model.reference import AlertRef, FailureRef, LayerRef, MetricRef
from registry.model.scalars import Duration, Moment, Quantity
from registry.nearest import did_you_mean
from registry.source import folder
from registry.source.text import decode
from registry.sources import Source
from registry.span import Location
from registry.workspace import Workspace

FOLDER = "scenarios"
GIVEN = ("alert", "failure", "metric", "layer")
_SECTIONS = {"alert": "alerts", "failure": "failures", "metric": "metrics", "layer": "ownership"}


class Given(Part, frozen=True, kw_only=True):
    """What happens: an alert fires, a failure occurs, a metric moves, or a layer is in trouble.

    A metric moves to `value`, or by `drops_by` or `rises_by`, on `slice`.
    """

    alert: AlertRef | None = None
    failure: FailureRef | None = None
    metric: MetricRef | None = None
    layer: LayerRef | None = None
    value: Quantity | None = None
    drops_by: Quantity | None = None
    rises_by: Quantity | None = None
    slice: dict[str, str] = {}


class Page(Part, frozen=True, kw_only=True):
    """A page that goes out: to whom, or through what, and after how long."""

    after: Duration | None = None
    person: str | None = None
    via: str | None = None


class Expect(Part, frozen=True, kw_only=True):
    """What must be so. Ids are compared as they are: one that is nowhere is simply not met."""

    fires: tuple[str, ...] | None = None
    pages: Literal["somebody", "nobody"] | None = None
    paged: tuple[Page, ...] = ()
    not_paged: tuple[str, ...] = ()
    second_person_within: Duration | None = None
    responder_skills: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    read_by: tuple[str, ...] = ()
    reaches: Literal["somebody", "nobody"] | None = None
    runbook: str | None = None
    switches: tuple[str, ...] = ()
    accountable: str | None = None
    commander: Literal["somebody", "nobody"] | None = None


class Scenario(Entity, frozen=True, kw_only=True):
    """One scenario."""

    title: str
    at: Moment
    given: Given
    acknowledged_after: Duration | None = None
    expect: Expect

    def faults(self) -> Iterator[Fault]:
        """Yield a fault where not exactly one thing is given, or nothing is expected."""
        named = [name for name in GIVEN if getattr(self.given, name) is not None]
        if len(named) != 1:
            wanted = "exactly one of `alert`, `failure`, `metric`, `layer`"
            yield Fault(("given",), f"`given` holds {wanted}", "keep one of them")
        if self.expect == Expect():
            yield Fault(("expect",), "`expect` expects nothing", "say what must happen")


class Read(NamedTuple):
    """The scenarios of a registry: (file, id, scenario), their texts, and what is wrong."""

    scenarios: tuple[tuple[str, str, Scenario], ...]
    sources: dict[str, Source]
    problems: tuple[Diagnostic, ...]


def read_scenarios(root: str, workspace: Workspace) -> Read:
    """Read every scenario file of a registry, in name order; a bad one never stops the others."""
    reader = _Reader(workspace)
    top = os.path.join(root, FOLDER)
    names = folder.scan(top, ("**/*.yaml", "**/*.yml")).names if os.path.isdir(top) else ()
    for name in names:
        got = folder.read(root, f"{FOLDER}/{name}")
        if isinstance(got, Diagnostic):
            reader.problems.append(got)
        else:
            reader.file(got)
    return Read(tuple(reader.found), reader.sources, tuple(reader.problems))


class _Reader:
    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.found: list[tuple[str, str, Scenario]] = []
        self.sources: dict[str, Source] = {}
        self.problems: list[Diagnostic] = []

    def file(self, got: folder.File) -> None:
        text = decode(got.raw, got.name)
        self.problems += text.problems
        if text.data is None:
            return
        source = Source(got.name, text.data)
        self.sources[got.name] = source
        self.problems += source.composed.problems
        data = source.composed.data
        if data == {}:
            label = Label(Location(got.name))
            message = "no scenario stands in this file"
            self.problems.append(Diagnostic("OM016", message, label, "add one, or remove the file"))
        for id_, raw in (data or {}).items():
            self.scenario(source, id_, raw)

    def scenario(self, source: Source, id_: str, raw: Any) -> None:
        place = Place(
            source.name,
            (id_,),
            "scenario",
            ("scenarios", id_),
            lambda path: source.spelling((id_, *path)),
        )
        done = decode_one(Scenario, raw, place)
        problems = [*done.problems, *self.empty(source, id_, done.placeholders)]
        if done.entity is not None:
            problems += self.unknown(source, id_, done.entity)
        self.problems += problems
        if not problems:
            self.found.append((source.name, id_, done.entity))

    def empty(self, source: Source, id_: str, placeholders: dict[Any, str]) -> Iterator[Diagnostic]:
        """Report each placeholder: it would make a test of nothing."""
        for path, text in placeholders.items():
            message = f"`{text}` stands for a value" if text else "the value is empty"
            at = Location(source.name, (id_, *path))
            yield Diagnostic(
                "OM008", message, Label(at), "write the value", (), ("scenarios", id_), path
            )

    def unknown(self, source: Source, id_: str, scenario: Scenario) -> Iterator[Diagnostic]:
        for field, section in _SECTIONS.items():
            name = getattr(scenario.given, field)
            if name is None or self.workspace.has(section, name):
                continue
            known = self.workspace.entities.get(section, {})
            at = Location(source.name, (id_, "given", field))
            help_ = did_you_mean(name, known, "name one that the registry has")
            message = f"there is no {field} `{name}`"
            path = ("given", field)
            yield Diagnostic("OM007", message, Label(at), help_, (), ("scenarios", id_), path)
