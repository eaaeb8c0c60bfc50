"""What is wrong, by whoever it falls to."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from registry.diagnostic import Diagnostic, Severity
from registry.export.site.entities import PageEntities
from registry.model.people import Team
from registry.paging.pager import Pager
from registry.workspace.edges import Node

NOBODY = "Nobody is named"
REGISTRY = "The registry itself"

WRITTEN = 500
"""Findings that stand in the page as they are, those of the owners with the worst."""


class PageFinding(NamedTuple):
    """One finding as the page shows it; `entity` is a number, -1 for none."""

    code: str
    name: str
    severity: str
    message: str
    help: str
    entity: int
    place: str


class OwnerGaps(NamedTuple):
    """All that falls to one owner: `who` is their entity's number, -1 for nobody.

    `broken` are the alerts whose chain breaks, with the first reason. Where not `is_written`, the
    findings come when they are asked for: a page of tens of thousands would open too slowly.
    """

    who: int
    name: str
    note: str
    findings: tuple[PageFinding, ...]
    broken: tuple[tuple[int, str, str], ...]
    is_written: bool = True

    def count(self, severity: str) -> int:
        """Count the findings of one severity."""
        return sum(one.severity == severity for one in self.findings)

    @property
    def counts(self) -> tuple[int, int, int]:
        """The numbers of errors, warnings and infos."""
        error, warning, info = (self.count(one.value) for one in Severity)
        return error, warning, info

    @property
    def worst(self) -> str:
        """Say the worst of it in a sentence: a chain that breaks, else the first, gravest."""
        if self.broken:
            _, alert, reason = self.broken[0]
            return f"{alert}: {reason}"
        return self.findings[0].message


class Responsibility:
    """To whom a finding about an entity falls."""

    def __init__(self, entities: PageEntities, pager: Pager) -> None:
        self.entities = entities
        self.pager = pager

    def of(self, node: Node | None) -> tuple[int, str]:
        """Return the number of whoever it falls to, -1 for nobody, and what they are called.

        That is its owner, else whoever answers for its row, else the lead of its team, else the
        team; of a person it is their team, for nobody mends their own leaving.
        """
        workspace = self.entities.workspace
        if node is None or node[1] not in workspace.origins.get(node[0], {}):
            return -1, REGISTRY
        if node[1] not in workspace.entities.get(node[0], {}):
            return -1, NOBODY
        charge = self.entities.charges.of(*node)
        team, named = charge.team, charge.owner or charge.accountable
        if node[0] == "people":
            teams = workspace.all(Team).items()
            team, named = next((id_ for id_, one in teams if node[1] in one.members), None), None
        if named is None and team is not None:
            return self.named(team)
        return self._called(("people", named.person)) if named else (-1, NOBODY)

    def named(self, id_: str | None) -> tuple[int, str]:
        """Return whoever an id stands for: a person, a role's holder, a team's lead, else it."""
        kind = self.entities.workspace.kind_of(id_) if id_ is not None else None
        if id_ is None or kind is None:
            return -1, NOBODY
        loaded = id_ in self.entities.workspace.entities[kind]
        behind = self.entities.charges.owner(kind, id_) if loaded and kind != "people" else None
        return self._called(("people", behind.person) if behind else (kind, id_))

    def note(self, person: str) -> str:
        """Say that a person has left; empty where they are there."""
        found = self.pager.person(person)
        return found.but or "" if self.pager.has_left(person) else ""

    def _called(self, node: Node) -> tuple[int, str]:
        return self.entities.number(*node), self.entities.called(node)


Broken = tuple[Node, Sequence[str]]
"""An alert, and why its chain breaks."""

Falls = tuple[tuple[int, str], Diagnostic]
"""A finding, and to whom it falls: the number and the name that `Responsibility` gives."""


def by_owner(
    responsibility: Responsibility, findings: Iterable[Falls], broken: Iterable[Broken]
) -> tuple[OwnerGaps, ...]:
    """Group findings and broken chains by owner, the one with the worst first."""
    entities = responsibility.entities
    groups: dict[tuple[int, str], tuple[list[Diagnostic], list[Broken]]] = {}
    for falls_to, found in findings:
        groups.setdefault(falls_to, ([], []))[0].append(found)
    for one in broken:
        groups.setdefault(responsibility.of(one[0]), ([], []))[1].append(one)
    nodes = list(entities.nodes)
    owned = (
        OwnerGaps(
            who,
            name,
            _note(responsibility, nodes[who] if who >= 0 else None),
            tuple(_finding(entities, one) for one in sorted(found, key=_gravest)),
            tuple(
                (entities.number(*node), entities.called(node), entities.plain.text(reasons[0]))
                for node, reasons in chains
            ),
        )
        for (who, name), (found, chains) in groups.items()
    )
    return tuple(_budgeted(sorted(owned, key=_worst)))


def _budgeted(owned: Iterable[OwnerGaps]) -> Iterator[OwnerGaps]:
    left = WRITTEN
    for one in owned:
        yield one._replace(is_written=left >= len(one.findings))
        left -= len(one.findings)


def _note(responsibility: Responsibility, node: Node | None) -> str:
    return responsibility.note(node[1]) if node is not None and node[0] == "people" else ""


def _gravest(found: Diagnostic) -> int:
    return found.severity.rank


def _worst(one: OwnerGaps) -> tuple[int, int, int, int, str, int]:
    error, warning, info = one.counts
    return (-len(one.broken), -error, -warning, -info, one.name, one.who)


def _finding(entities: PageEntities, found: Diagnostic) -> PageFinding:
    at = found.primary
    text = entities.plain.text
    return PageFinding(
        found.code,
        found.name,
        found.severity.value,
        text(found.message),
        text(found.help),
        entities.number(*found.entity) if found.entity else -1,
        f"{entities.plain.name(at.location.file)}:{at.at.start.line}",
    )
