"""Who is said to own a deployed alert: every source's word, with its place; the strongest first."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal, NamedTuple

from registry.audit.codeowners import CodeOwned
from registry.audit.delivery import Reached, is_template
from registry.deployed.model import Deployed, DeployedAlert, Owned, PlacedText, Where
from registry.deployed.promql.series import SeriesLabels
from registry.model.metrics import Alert, Metric
from registry.model.oncall import Schedule
from registry.model.people import Role, Team
from registry.model.reference import names
from registry.workspace.bindings import Bindings, Meaning
from registry.workspace.indexes import Indexes
from registry.workspace.workspace import Workspace

Source = Literal[
    "registry", "label", "annotation", "namespace", "catalogue", "codeowners", "receiver"
]

TYING = frozenset({"registry", "label", "annotation", "namespace", "catalogue"})
"""Sources that tie an alert itself to an owner; a file's reviewers and a receiver's do not."""

OWNER_LABELS = ("owner", "team")
"""Labels whose values are read as ids of the registry, where no binding says otherwise."""

THING_LABELS = frozenset(
    ("api", "app", "application", "component", "entity", "job", "product", "resource", "service",
     "service_name", "slo", "system", "workload")
)  # fmt: skip
"""Labels that may name a thing of a catalogue, beside those that are called as its kind is."""

_FILLED_IN = re.compile(r"\{\{-?\s*(?:\$labels|\.Labels)\.([A-Za-z_][A-Za-z0-9_]*)\s*-?\}\}")
"""A template that is one label of the series, and nothing else."""


class OwnerSource(NamedTuple):
    """One source's word: what is written there, and whom of the registry that means.

    `owner` is None where the registry knows nobody of that name.
    """

    source: Source
    written: str
    owner: Meaning | None
    where: Where

    @property
    def is_weak(self) -> bool:
        """Whether it says who is near, and nothing of the alert itself."""
        return self.source not in TYING

    @property
    def name(self) -> str:
        """The owner's name alone, as it is written."""
        return self.written.rpartition(": ")[2]


class OwnerSources:
    """The sources of a set of files, ready to be asked about each alert."""

    def __init__(self, workspace: Workspace, deployed: Deployed, bound: Bindings) -> None:
        self.workspace = workspace
        self.bound = bound
        self.graph = Indexes(workspace)
        self._lines = CodeOwned(deployed.code_owners)
        self._things = _by_name(deployed.owned)
        self._called = _by_alert(deployed.owned)
        self._spaces = {one.name: one.annotations for one in deployed.namespaces}
        self._labels = tuple(dict.fromkeys((*bound.of("label"), *OWNER_LABELS)))

    def of(
        self,
        alert: DeployedAlert,
        tied: str | None,
        reached: Iterable[tuple[Reached, Meaning]],
        series: SeriesLabels | None = None,
    ) -> Iterator[OwnerSource]:
        """Yield each claim on an alert; `tied` is the registry's alert that it is.

        `reached` are the receivers that every series reaches, with what they mean; `series` is what
        is known of the labels of its series, which fill in templates.
        """
        if tied is not None:
            yield from self._registered(tied)
        yield from self._labelled(alert, series)
        if alert.annotations:
            yield from self._annotated(alert, series)
        if self._spaces:
            yield from self._spaced(alert)
        if self._called or self._things:
            yield from self._catalogued(alert)
        for line in self._lines.of(alert.where.file):
            for text in line.owners:
                yield OwnerSource(
                    "codeowners", text.value, self.bound.owner(text.value), text.where
                )
        for one, meaning in reached:
            where = one.receiver.where if one.receiver is not None else alert.where
            for owner in self.bound.owners(meaning):
                yield OwnerSource("receiver", one.name, owner, where)

    def _registered(self, tied: str) -> Iterator[OwnerSource]:
        """Yield the owner of the registry's alert, else that of its metric."""
        alert = self.workspace.all(Alert)[tied]
        metric = self.workspace.all(Metric).get(alert.metric)
        owned = [("alerts", tied, alert.owner), ("metrics", alert.metric, metric and metric.owner)]
        for section, id_, value in owned:
            found = [self.bound.known(one) for one in names(value or None)]
            if len(found) == 1 and found[0] is not None:
                at = self.workspace.locate(section, id_, ("owner",))
                where = Where(at.file, self.workspace.resolve(at))
                yield OwnerSource("registry", f"{section}/{id_}", found[0], where)
                return

    def _labelled(self, alert: DeployedAlert, series: SeriesLabels | None) -> Iterator[OwnerSource]:
        for label in self._labels:
            text = alert.labels.get(label)
            if text is None:
                continue
            found = self.bound.meaning("label", label, text.value)
            value = text.value if found is not None else _filled(text, alert, series)
            if value is None:
                continue
            found = found or self.bound.meaning("label", label, value)
            if found is None and label in OWNER_LABELS:
                found = self.bound.known(value)
            yield OwnerSource("label", f"{label}: {value}", self._owner(found), text.where)

    def _annotated(
        self, alert: DeployedAlert, series: SeriesLabels | None
    ) -> Iterator[OwnerSource]:
        for name in self.bound.of("annotation"):
            text = alert.annotations.get(name)
            if text is None:
                continue
            found = self.bound.meaning("annotation", name, text.value)
            value = text.value if found is not None else _filled(text, alert, series)
            if value is not None:
                owner = self._owner(found or self.bound.meaning("annotation", name, value))
                yield OwnerSource("annotation", f"{name}: {value}", owner, text.where)

    def _spaced(self, alert: DeployedAlert) -> Iterator[OwnerSource]:
        """Yield what the annotations of the alert's own namespace say."""
        annotations = self._spaces.get(alert.namespace or "", {})
        for name in self.bound.of("namespace_annotation"):
            text = annotations.get(name)
            if text is not None:
                found = self.bound.meaning("namespace_annotation", name, text.value)
                yield OwnerSource(
                    "namespace", f"{name}: {text.value}", self._owner(found), text.where
                )

    def _owner(self, meaning: Meaning | None) -> Meaning | None:
        """Return the owner that a meaning is: of a schedule, say, its team."""
        return next(self.bound.owners(meaning), None) if meaning is not None else None

    def _catalogued(self, alert: DeployedAlert) -> Iterator[OwnerSource]:
        """Yield the owner of each thing that calls the alert its own, or that a label names."""
        for one in self._called.get(alert.name, ()):
            if one.owner is not None:
                owner = self.bound.owner(one.owner.value)
                yield OwnerSource("catalogue", one.owner.value, owner, one.owner.where)
        for label, text in alert.labels.items():
            for one in self._things.get(text.value.casefold(), ()):
                if one.owner is not None and label in THING_LABELS | {one.kind}:
                    owner = self.bound.owner(one.owner.value)
                    yield OwnerSource("catalogue", one.owner.value, owner, one.owner.where)

    # -- agreement ---------------------------------------------------------------------------

    def agree(self, claims: Iterable[OwnerSource]) -> bool:
        """Whether sources agree, as far as the registry knows whom they name.

        Of several that one source names, one is enough. A receiver's owner need not be the alert's.
        """
        said: dict[Source, list[Meaning]] = {}
        for one in claims:
            if one.owner is not None and one.source != "receiver":
                said.setdefault(one.source, []).append(one.owner)
        if len(said) < 2:
            return True
        sides = list(said.values())
        return all(
            any(self.is_within(one, other) for one in first for other in second)
            for index, first in enumerate(sides)
            for second in sides[index + 1 :]
        )

    def is_within(self, one: Meaning, other: Meaning) -> bool:
        """Whether two owners are the same, or one is of the other's team."""
        if one.id == other.id:
            return True
        if "teams" not in {one.section, other.section}:
            people = self._people(one)
            return bool(people) and people == self._people(other)
        if one.section == other.section:
            return one.id in self._above(other.id) or other.id in self._above(one.id)
        team, within = (one, other) if one.section == "teams" else (other, one)
        people = self._people(within)
        return bool(people) and all(self._is_in(id_, team.id) for id_ in people)

    def _is_in(self, person: str, team: str) -> bool:
        """Whether somebody is in a team, or in one within it."""
        own = self.graph.teams_of.get(person, frozenset())
        return any(team in self._above(one) for one in own)

    def _above(self, team: str) -> frozenset[str]:
        """Return a team, and those that it is within."""
        found: set[str] = set()
        teams, at = self.workspace.all(Team), team
        while at in teams and at not in found:
            found.add(at)
            at = teams[at].parent or ""
        return frozenset(found)

    def _people(self, owner: Meaning) -> frozenset[str]:
        """Return everyone whom a person or a role is."""
        if owner.section == "people":
            return frozenset({owner.id})
        role = self.workspace.all(Role)[owner.id]
        schedule = self.workspace.all(Schedule).get(role.schedule or "")
        held = {role.holder} if role.holder is not None else set[str]()
        return frozenset(held or (schedule.people if schedule is not None else ()))


def _by_name(things: Iterable[Owned]) -> Mapping[str, list[Owned]]:
    found: dict[str, list[Owned]] = {}
    for one in things:
        for name in dict.fromkeys(name.casefold() for name in one.names):
            found.setdefault(name, []).append(one)
    return found


def _by_alert(things: Iterable[Owned]) -> Mapping[str, list[Owned]]:
    found: dict[str, list[Owned]] = {}
    for one in things:
        for name in one.alerts:
            found.setdefault(name, []).append(one)
    return found


def _filled(text: PlacedText, alert: DeployedAlert, series: SeriesLabels | None) -> str | None:
    """Return a value as its alerts have it; None where their series decide and are not known."""
    if not is_template(text, alert.system):
        return text.value
    found = _FILLED_IN.fullmatch(text.value.strip())
    return series.must_be(found[1]) if found is not None and series is not None else None
