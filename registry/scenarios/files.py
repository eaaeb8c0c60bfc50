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
from typing import Any, NamedTuple

from registry.clock.tzif import LATEST
from registry.diagnostic import Diagnostic, Label, sort_key
from registry.model.fields import references
from registry.model.format import ID_PATTERN, ID_WORDS, MANIFEST
from registry.model.moments import beginning
from registry.model.scalars import Moment
from registry.model.scenario import Expect, Scenario
from registry.model.sections import SECTIONS
from registry.source import folder
from registry.source.scalar import is_placeholder
from registry.source.sources import Source, Sources
from registry.source.text import decode
from registry.span import KeyPath, Location
from registry.wording import did_you_mean
from registry.workspace.decode import decode_one
from registry.workspace.decode_errors import EntityPlace
from registry.workspace.reading import Decoded
from registry.workspace.workspace import Workspace

FOLDER = "scenarios"
PAGED = ("people", "roles", "schedules")
"""Sections of what can be paged."""

_SECTIONS = {"alert": "alerts", "failure": "failures", "metric": "metrics", "layer": "ownership"}
_WAYS: dict[KeyPath, tuple[str, ...]] = {("paged", "*", "via"): PAGED}
"""A page may go through a person as well, of whom a step of the escalation asks."""
_ID = re.compile(ID_PATTERN)


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
    problems = tuple(sorted(set(reader.resolved()), key=sort_key))
    return Read(tuple(reader.found), reader.sources, problems)


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
        names = {name for name in (*there.names, *there.others) if not name.endswith("/")}
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
        """Yield each problem with its place in the text, and every secret starred out."""
        sources = Sources(self.sources)
        for one in self.problems:
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
        one = _FileReader(self.workspace, source, id_)
        done = decode_one(Scenario, raw, one.place())
        problems = [*one.named(), *_without_echoes(done), *one.empty(done.placeholders)]
        if done.entity is not None:
            problems += one.unknown(done.entity)
        self.problems += problems
        if not problems:
            self.found.append((source.name, id_, done.entity))


def _standing(value: Any, path: KeyPath, at: KeyPath = ()) -> Iterator[tuple[KeyPath, str]]:
    """Yield each name that stands at a path of a model, `*` being any item, with its own path."""
    if value is None:
        return
    if not path:
        yield at, value
    elif path[0] == "*":
        for index, one in enumerate(value):
            yield from _standing(one, path[1:], (*at, index))
    else:
        yield from _standing(getattr(value, str(path[0])), path[1:], (*at, path[0]))


def _without_echoes(done: Decoded) -> Iterator[Diagnostic]:
    """Yield what is wrong; that nothing is said is no news where what is said cannot be read."""
    faults = len([*done.entity.faults()]) if done.entity is not None else 0
    own = len(done.problems) - faults
    broken = {one.field[0] for one in done.problems[:own] if one.field}
    broken |= {path[0] for path in done.placeholders}
    for index, one in enumerate(done.problems):
        if index < own or (one.field and one.field[0] not in broken):
            yield one


class _FileReader:
    """One scenario of a file: what is wrong with it beyond its shape."""

    def __init__(self, workspace: Workspace, source: Source, id_: str) -> None:
        self.workspace = workspace
        self.source = source
        self.id = id_

    def place(self) -> EntityPlace:
        return EntityPlace(
            self.source.name,
            (self.id,),
            "scenario",
            (FOLDER, self.id),
            lambda path: self.source.spelling((self.id, *path)),
        )

    def problem(self, code: str, message: str, path: KeyPath, help_: str) -> Diagnostic:
        is_key = not path or path[:-1] == ("given", "slice")
        at = Location(self.source.name, (self.id, *path), "key" if is_key else "value")
        return Diagnostic(code, message, Label(at), help_, (), (FOLDER, self.id), path)

    def named(self) -> Iterator[Diagnostic]:
        if not _ID.fullmatch(self.id):
            help_ = ID_WORDS
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
        for path, reference in references(Expect):
            for at, name in _standing(scenario.expect, path):
                yield from self.dangling(("expect", *at), name, _WAYS.get(path, reference.sections))

    def instant(self, at: Moment) -> Iterator[Diagnostic]:
        written = self.workspace.sources.value(Location(MANIFEST, ("timezone",)))
        lost = written is not None and not (isinstance(written, str) and is_placeholder(written))
        zone = self.workspace.manifest.timezone
        if at.civil.tzinfo is None and zone is None and lost:
            message = f"`at` is local to the manifest's `timezone`, `{written}`, which did not load"
            yield self.problem("OM006", message, ("at",), "correct that, or write an offset")
        elif not 0 <= beginning(at, zone or "UTC") < LATEST:
            message = f"`{at}` is not within the years 1 to 9999, in UTC"
            yield self.problem("OM006", message, ("at",), "correct the year")

    def dangling(self, path: KeyPath, name: str, sections: tuple[str, ...]) -> Iterator[Diagnostic]:
        if any(self.workspace.has(section, name) for section in sections):
            return
        *most, last = (SECTIONS[section].noun for section in sections)
        kinds = f"{', '.join(most)} or {last}" if most else last
        if self.workspace.may_hide(name):
            message = f"there is no {kinds} `{name}` in what loaded"
            yield self.problem("OM007", message, path, "`opmodel check` says what did not load")
            return
        known = {id_ for one in sections for id_ in self.workspace.origins.get(one, {})}
        help_ = did_you_mean(name, known, "name one that the registry has")
        yield self.problem("OM007", f"there is no {kinds} `{name}`", path, help_)
