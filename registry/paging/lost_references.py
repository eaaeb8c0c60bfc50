"""Who is named somewhere, and is not there: each reference that leads to nobody any more."""

from collections.abc import Iterator, Mapping

from registry.model.failures import Action
from registry.model.moments import beginning, ending
from registry.model.oncall import Schedule
from registry.model.people import Away, Person, Role, Team
from registry.model.reference import Meaning
from registry.oncall.interval import Interval, clipped
from registry.paging.duties import is_past
from registry.paging.loss import OF_MEANING, Loss
from registry.workspace.edges import Edge, Edges
from registry.workspace.indexes import Indexes
from registry.workspace.workspace import Workspace

_PARTIES = frozenset({"people", "roles", "teams"})

_JUDGED_BY_TIME = frozenset(
    {("schedules", "on call"), ("schedules", "stands in"), ("escalations", "is paged")}
)
"""Where somebody else may be there instead: the engine knows when nobody is."""

BY_TIME: frozenset[Meaning] = frozenset({"operates", "rolls back", "is escalated to"})
"""Likewise of those who are called when it is needed, in whatever section."""

_SAID: Mapping[Meaning, str] = {
    "answers for": "is accountable", "owns": "owns it", "holds": "holds it", "leads": "leads it",
    "team of": "is its team", "responsible": "is responsible", "consulted": "is consulted",
    "informed": "is informed", "approves": "approves it", "chairs": "chairs it",
    "attends": "attends it", "commands": "commands it", "reads": "reads it",
    "may read": "may read it", "judges": "judges it", "on call": "is on call",
    "deputy for": "is the deputy",
    "stands for": "is what it stands for",
}  # fmt: skip
"""How a meaning is said, where it is not its own word."""


class LostReferences:
    """Which references lead to nobody when `gone` are not there from `start` to `end`."""

    def __init__(  # noqa: PLR0913 - a registry, who is gone, when, and the zone of what has none
        self,
        workspace: Workspace,
        edges: Edges,
        gone: frozenset[str],
        start: int,
        end: int,
        zone: str,
    ) -> None:
        self.workspace = workspace
        self.edges = edges
        self.gone = gone
        self.whole = Interval(start, end)
        self.zone = zone
        self.graph = Indexes(workspace)

    def all(self) -> list[Loss]:
        """Return the losses: sections in the order of the format, ids sorted."""
        lost = [
            edge for edge in self.edges.all if self._is_meant(edge) and self.is_lost(edge.target)
        ]
        order = {section: rank for rank, section in enumerate(self.workspace.entities)}
        lost.sort(key=lambda edge: (order[edge.section], edge.id))
        return [self._loss(edge) for edge in lost]

    def is_lost(self, id_: str) -> bool:
        """Whether somebody stands behind an id, and nobody who is still there."""
        behind = set(self._behind(id_))
        return bool(behind) and behind <= self.gone

    def _is_meant(self, edge: Edge) -> bool:
        if edge.meaning in BY_TIME or (edge.section, edge.meaning) in _JUDGED_BY_TIME:
            return False
        if isinstance(edge.within, Away) and self._span(edge, edge.within) is None:
            return False
        return edge.found_in in _PARTIES and edge.meaning in OF_MEANING and not is_past(edge)

    def _span(self, edge: Edge, away: Away) -> Interval | None:
        """Return when somebody's deputy is asked for of the time that is looked at."""
        zone = self.workspace.all(Person)[edge.id].timezone or self.zone
        return clipped(Interval(beginning(away.start, zone), ending(away.to, zone)), *self.whole)

    def _behind(self, id_: str) -> Iterator[str]:
        """Yield the people behind a person, a role or a team."""
        role, team = self.workspace.all(Role).get(id_), self.workspace.all(Team).get(id_)
        schedule = self.workspace.all(Schedule).get((role and role.schedule) or "")
        if team is not None:
            yield from self.graph.members_of[id_]
            yield from filter(None, (self.graph.person(team.lead) if team.lead else None,))
        elif role is None:
            yield id_
        elif role.holder is not None:
            yield role.holder
        elif schedule is not None:
            yield from schedule.people

    def _loss(self, edge: Edge) -> Loss:
        kind = OF_MEANING[edge.meaning]
        said = _SAID.get(edge.meaning, edge.meaning)
        if isinstance(edge.within, Action):
            said = f"owns the open action `{edge.within.title}`"
        person = self.graph.person(edge.target)
        span = self._span(edge, edge.within) if isinstance(edge.within, Away) else None
        through = f", as `{edge.target}`" if person != edge.target else ""
        detail = f"`{person}` {said}{through}"
        if person is None:
            detail = f"`{edge.target}` {said}, and nobody of it is left"
        spans = (span,) if span is not None else ()
        return Loss(kind, *edge.source, detail, spans, self.zone, *self.edges.place(edge))
