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
import re
from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

from registry.decode import Place, decode_one
from registry.diagnostic import Diagnostic, Label
from registry.format import ID_PATTERN, MANIFEST
from registry.model.entity import Entity, Fault, Part
from registry.model.reference import AlertRef, FailureRef, FieldRef, LayerRef, MetricRef
from registry.model.scalars import Duration, Moment, Quantity
from registry.model.sections import SECTIONS
from registry.nearest import did_you_mean
from registry.oncall.moments import beginning
from registry.source import folder
from registry.source.scalar import is_placeholder
from registry.source.text import decode
from registry.sources import Source, Sources
from registry.span import KeyPath, Location
from registry.tzif import LATEST
from registry.workspace import Workspace

FOLDER = "scenarios"
GIVEN = ("alert", "failure", "metric", "layer")
MOVES = ("value", "drops_by", "rises_by")
PAGED = ("people", "roles", "schedules")
"""Sections of what can be paged."""

_SECTIONS = {"alert": "alerts", "failure": "failures", "metric": "metrics", "layer": "ownership"}
_ID = re.compile(ID_PATTERN)


class Given(Part, frozen=True, kw_only=True):
    """What happens: an alert fires, a failure occurs, a metric moves, or a layer is in trouble.

    A metric moves to `value`, or by `drops_by` or `rises_by`; on `slice` and on no other.
    """

    alert: AlertRef | None = None
    failure: FailureRef | None = None
    metric: MetricRef | None = None
    layer: LayerRef | None = None
    value: Quantity | None = None
    drops_by: Quantity | None = None
    rises_by: Quantity | None = None
    slice: dict[FieldRef, str] = {}


class Page(Part, frozen=True, kw_only=True):
    """A page that goes out: to whom, or through what, and after how long."""

    after: Duration | None = None
    person: str | None = None
    via: str | None = None


class Expect(Part, frozen=True, kw_only=True):
    """What must be so. An id that is nowhere is not met; in `not_paged` it is an error."""

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
    """One scenario: what is given at an instant, and what is expected to follow."""

    title: str
    at: Moment
    given: Given
    acknowledged_after: Duration | None = None
    expect: Expect

    def faults(self) -> Iterator[Fault]:
        """Yield a fault where what is given is not one thing, or an expectation says nothing."""
        named = [name for name in GIVEN if getattr(self.given, name) is not None]
        if len(named) != 1:
            at = ("given", *named[1:2])
            wanted = "exactly one of `alert`, `failure`, `metric`, `layer`"
            yield Fault(at, f"`given` holds {wanted}", "keep one of them" if named else "name one")
        else:
            yield from self._moves(named[0])
        if self.expect == Expect():
            yield Fault(("expect",), "`expect` expects nothing", "say what must happen")
        for index, page in enumerate(self.expect.paged):
            if page == Page():
                help_ = "name a `person` or a `via`, or say `after` how long"
                yield Fault(("expect", "paged", index), "this page says nothing", help_)

    def _moves(self, kind: str) -> Iterator[Fault]:
        """Yield a fault where a metric does not move, moves both ways, or anything else moves."""
        moves = [name for name in MOVES if getattr(self.given, name) is not None]
        if kind == "metric":
            if not moves:
                wanted = "a metric moves: to `value`, or by `drops_by` or `rises_by`"
                yield Fault(("given", "metric"), wanted, "say how it moves")
            if {"drops_by", "rises_by"} <= set(moves):
                message = "a metric does not drop and rise at once"
                yield Fault(("given", "rises_by"), message, "keep one of the two")
            return
        for name in (*moves, *(["slice"] if self.given.slice else [])):
            message = f"`{name}` goes with `metric`; here it would mean nothing"
            yield Fault(("given", name), message, "remove it, or give the metric")


class Read(NamedTuple):
    """The scenarios of a registry: (file, id, scenario), their texts, and what is wrong."""

    scenarios: tuple[tuple[str, str, Scenario], ...]
    sources: dict[str, Source]
    problems: tuple[Diagnostic, ...]


def read_scenarios(workspace: Workspace) -> Read:
    """Read every scenario file of a registry, in name order; a bad one never stops the others.

    A file is left out only where its name, or a folder's, begins with a dot.
    """
    reader = _Reader(workspace)
    top = os.path.join(workspace.root, FOLDER)
    if os.path.islink(top):
        reader.open(FOLDER)
    elif os.path.isdir(top):
        for name in reader.names(top):
            reader.open(f"{FOLDER}/{name}")
    return Read(tuple(reader.found), reader.sources, tuple(reader.resolved()))


class _Reader:
    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.found: list[tuple[str, str, Scenario]] = []
        self.sources: dict[str, Source] = {}
        self.problems: list[Diagnostic] = []

    def names(self, top: str) -> list[str]:
        """List the files, and the folders that are links, which are refused when opened."""
        try:
            there = folder.scan(top, ("**",))
        except OSError as error:
            self.closed("", error.strerror or "no folder to list")
            return []
        for name in there.closed:
            self.closed(f"/{name}", "the system does not let us list the folder")
        names = {*there.names, *there.others}
        return sorted(
            name
            for name in names
            if name.casefold().endswith((".yaml", ".yml")) or os.path.isdir(os.path.join(top, name))
        )

    def closed(self, name: str, reason: str) -> None:
        label = Label(Location(folder.printable(f"{FOLDER}{name}")))
        message = f"not read: {reason}"
        self.problems.append(Diagnostic("OM001", message, label, "make it readable"))

    def open(self, name: str) -> None:
        odd = folder.odd_name(name)
        got = folder.read(self.workspace.root, name)
        self.problems += [odd] if odd is not None else []
        if isinstance(got, Diagnostic):
            self.problems.append(got)
        else:
            self.file(got)

    def resolved(self) -> Iterator[Diagnostic]:
        """Yield each problem once, with its place in the text and every secret starred out."""
        sources = Sources(self.sources)
        for one in dict.fromkeys(self.problems):
            span = one.primary.span or sources.span(one.primary.location)
            message, help_ = sources.masked(one.message), sources.masked(one.help)
            yield one._replace(primary=one.primary._replace(span=span), message=message, help=help_)

    def file(self, got: folder.File) -> None:
        text = decode(got.raw, got.name)
        self.problems += text.problems
        if text.data is None:
            return
        source = Source(got.name, text.data)
        self.sources[got.name] = source
        self.problems += source.composed.problems
        data = source.composed.data
        if data == {} and not source.composed.problems:
            label = Label(Location(got.name))
            message = "no scenario stands in this file"
            self.problems.append(Diagnostic("OM016", message, label, "add one, or remove the file"))
        for id_, raw in (data or {}).items():
            self.scenario(source, id_, raw)

    def scenario(self, source: Source, id_: str, raw: Any) -> None:
        one = _One(self.workspace, source, id_)
        done = decode_one(Scenario, raw, one.place())
        problems = [*one.named(), *done.problems, *one.empty(done.placeholders)]
        if done.entity is not None:
            problems += one.unknown(done.entity)
        self.problems += problems
        if not problems:
            self.found.append((source.name, id_, done.entity))


class _One:
    """One scenario of a file: what is wrong with it beyond its shape."""

    def __init__(self, workspace: Workspace, source: Source, id_: str) -> None:
        self.workspace = workspace
        self.source = source
        self.id = id_

    def place(self) -> Place:
        return Place(
            self.source.name,
            (self.id,),
            "scenario",
            (FOLDER, self.id),
            lambda path: self.source.spelling((self.id, *path)),
        )

    def problem(self, code: str, message: str, path: KeyPath, help_: str) -> Diagnostic:
        at = Location(self.source.name, (self.id, *path), "value" if path else "key")
        return Diagnostic(code, message, Label(at), help_, (), (FOLDER, self.id), path)

    def named(self) -> Iterator[Diagnostic]:
        if not _ID.fullmatch(self.id):
            help_ = "an id is at most 128 letters, digits, `.`, `_` and `-`; the first no sign"
            yield self.problem("OM006", f"`{self.id[:80]}` is no id", (), help_)

    def empty(self, placeholders: dict[KeyPath, str]) -> Iterator[Diagnostic]:
        """Report each placeholder: it would make a test of nothing."""
        for path, text in placeholders.items():
            message = f"`{text}` stands for a value" if text else "the value is empty"
            yield self.problem("OM008", message, path, "write the value")

    def unknown(self, scenario: Scenario) -> Iterator[Diagnostic]:
        """Report what would make the scenario about nothing: no such instant, no such id."""
        yield from self.instant(scenario.at)
        for field, section in _SECTIONS.items():
            name = getattr(scenario.given, field)
            if name is not None:
                yield from self.dangling(("given", field), name, (section,))
        for key in scenario.given.slice:
            yield from self.dangling(("given", "slice", key), key, ("fields",))
        for index, name in enumerate(scenario.expect.not_paged):
            yield from self.dangling(("expect", "not_paged", index), name, PAGED)

    def instant(self, at: Moment) -> Iterator[Diagnostic]:
        written = self.workspace.sources.value(Location(MANIFEST, ("timezone",)))
        lost = written is not None and not (isinstance(written, str) and is_placeholder(written))
        zone = self.workspace.manifest.timezone
        if at.civil.tzinfo is None and zone is None and lost:
            message = f"`at` is local to the manifest's `timezone`, `{written}`, which did not load"
            yield self.problem("OM006", message, ("at",), "correct that, or write an offset")
        elif not 0 <= beginning(at, zone or "UTC") < LATEST:
            message = f"`{at}` is not within the years 1 to 9999"
            yield self.problem("OM006", message, ("at",), "correct the year")

    def dangling(self, path: KeyPath, name: str, sections: tuple[str, ...]) -> Iterator[Diagnostic]:
        if any(self.workspace.has(section, name) for section in sections):
            return
        kinds = " or ".join(SECTIONS[section].noun for section in sections)
        if self.workspace.may_hide(name):
            message = f"there is no {kinds} `{name}` in what loaded"
            yield self.problem("OM007", message, path, "`opmodel check` says what did not load")
            return
        known = {id_ for one in sections for id_ in self.workspace.origins.get(one, {})}
        help_ = did_you_mean(name, known, "name one that the registry has")
        yield self.problem("OM007", f"there is no {kinds} `{name}`", path, help_)
