"""What breaks without a person or a team: owners, shifts, escalations, switches, with dates."""

from collections.abc import Iterator
from typing import NamedTuple

from registry.errors import CannotRunError
from registry.graph import Graph
from registry.model.metrics import Alert
from registry.model.oncall import Escalation, Schedule
from registry.model.ownership import Layer
from registry.model.people import Person, Role, Team
from registry.model.runbooks import KillSwitch
from registry.nearest import did_you_mean
from registry.oncall import escalation as engine
from registry.oncall.interval import Interval, difference, union
from registry.oncall.schedule import shifts
from registry.workspace import Workspace


class Loss(NamedTuple):
    """One thing that is lost: `what` of an entity, and when; no `spans` means all the time.

    `kind` is one of layer, role, shift, escalation, switch. `detail` tells it to people: who lost
    it, or which alerts go with it. `path` and `line` are where it is decided.
    """

    kind: str
    section: str
    id: str
    detail: str
    spans: tuple[Interval, ...]
    zone: str
    path: str
    line: int


class Impact(NamedTuple):
    """Everything that is lost between two instants when `gone` are not there."""

    without: str
    gone: tuple[str, ...]
    start: int
    end: int
    losses: tuple[Loss, ...]


def absentees(workspace: Workspace, name: str) -> tuple[str, ...]:
    """Return the people behind a person's or a team's id, sorted.

    Raises CannotRunError for an id that is neither.
    """
    if name in workspace.all(Person):
        return (name,)
    team = workspace.all(Team).get(name)
    if team is None:
        known = [*workspace.all(Person), *workspace.all(Team)]
        help_ = did_you_mean(name, known, "name a person or a team of the registry")
        raise CannotRunError(f"there is no person or team `{name}`", help_)
    lead = Graph(workspace).person(team.lead) if team.lead else None
    return tuple(sorted({*team.members, *((lead,) if lead else ())}))


def impact(workspace: Workspace, without: str, start: int, end: int) -> Impact:
    """Work out what is lost from `start` to `end` (instants) without a person or a team.

    Nobody takes over anything: a shift of theirs goes empty, a role that they hold is vacant. What
    nobody could do before they left is not counted. Raises CannotRunError as `absentees` does.
    """
    gone = absentees(workspace, without)
    absence = _Absence(workspace, frozenset(gone), start, end)
    losses = [
        *absence.layers(),
        *absence.roles(),
        *absence.shifts(),
        *absence.escalations(),
        *absence.switches(),
    ]
    return Impact(without, gone, start, end, tuple(losses))


class _Absence:
    def __init__(self, workspace: Workspace, gone: frozenset[str], start: int, end: int) -> None:
        self.workspace = workspace
        self.gone = gone
        self.start = start
        self.end = end
        self.known = engine.directory(workspace)
        self.graph = Graph(workspace)

    def layers(self) -> Iterator[Loss]:
        for id_, layer in sorted(self.workspace.all(Layer).items()):
            person = self.graph.owner(layer.accountable)
            if person in self.gone:
                detail = f"`{person}` is accountable"
                yield self.loss("layer", "ownership", id_, detail, (), field="accountable")

    def roles(self) -> Iterator[Loss]:
        for id_, role in sorted(self.workspace.all(Role).items()):
            if role.holder in self.gone:
                detail = f"`{role.holder}` holds it"
                yield self.loss("role", "roles", id_, detail, (), field="holder")

    def shifts(self) -> Iterator[Loss]:
        for id_, schedule in sorted(self.workspace.all(Schedule).items()):
            zone = schedule.timezone or self.known.zone
            found = shifts(schedule, self.start, self.end, self.known.zone)
            empty = [one for one in found if self.gone.issuperset(one.people)]
            for person in sorted({person for one in empty for person in one.people}):
                spans = (Interval(one.start, one.end) for one in empty if person in one.people)
                detail = f"`{person}` is on call, and nobody else"
                yield self.loss("shift", "schedules", id_, detail, tuple(union(spans)), zone)

    def escalations(self) -> Iterator[Loss]:
        used: dict[str, list[str]] = {}
        for id_, alert in self.workspace.all(Alert).items():
            if alert.escalation is not None:
                used.setdefault(alert.escalation, []).append(id_)
        paths = dict.fromkeys((*self.workspace.all(Escalation), *used))
        for id_ in sorted(paths):
            spans = self.lost((id_,))
            if spans:
                alerts = ", ".join(f"`{one}`" for one in sorted(used.get(id_, ())))
                detail = f"alerts that reach nobody: {alerts}" if alerts else "no alert uses it"
                section = "escalations" if id_ in self.known.escalations else "schedules"
                yield self.loss("escalation", section, id_, detail, spans)

    def switches(self) -> Iterator[Loss]:
        for id_, switch in sorted(self.workspace.all(KillSwitch).items()):
            spans = self.lost(switch.operators)
            if spans:
                named = ", ".join(f"`{one}`" for one in switch.operators)
                detail = f"its operators are {named}"
                yield self.loss("switch", "kill_switches", id_, detail, spans, field="operators")

    def lost(self, ids: tuple[str, ...]) -> tuple[Interval, ...]:
        """Return when `ids` reach somebody, and reach nobody without those who are gone."""
        before = self.reached(ids, frozenset())
        after = self.reached(ids, self.gone)
        return tuple(difference(before, after))

    def reached(self, ids: tuple[str, ...], gone: frozenset[str]) -> list[Interval]:
        """Return when a page to any of `ids` reaches a person who is not gone."""
        found = [
            Interval(stretch.start, stretch.end)
            for id_ in ids
            for stretch in engine.timeline(id_, self.known, self.start, self.end, repeats=True)
            if any(person not in gone for hop in stretch.hops for person in hop.people)
        ]
        return list(union(sorted(found)))

    def loss(  # noqa: PLR0913 - the parts of a loss
        self,
        kind: str,
        section: str,
        id_: str,
        detail: str,
        spans: tuple[Interval, ...],
        zone: str | None = None,
        field: str = "",
    ) -> Loss:
        at = self.workspace.locate(section, id_, (field,) if field else ())
        line = self.workspace.resolve(at).start.line
        return Loss(kind, section, id_, detail, spans, zone or self.known.zone, at.file, line)
