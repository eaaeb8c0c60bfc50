"""What breaks without a person or a team: owners, shifts, escalations, switches, with dates."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from registry.errors import CannotRunError
from registry.model.failures import Incident
from registry.model.metrics import Alert
from registry.model.oncall import Escalation, Schedule
from registry.model.ownership import Layer
from registry.model.people import Person, Role, Team
from registry.model.runbooks import KillSwitch
from registry.model.sections import SECTIONS
from registry.oncall import escalation as engine
from registry.oncall.interval import Interval, difference, union
from registry.oncall.schedule import shifts
from registry.span import KeyPath
from registry.wording import did_you_mean, quoted
from registry.workspace.doubt import lost, unread
from registry.workspace.indexes import Graph
from registry.workspace.workspace import Workspace

_DECIDING = (
    "people", "teams", "roles", "ownership", "schedules", "escalations", "kill_switches", "alerts",
)  # fmt: skip
"""Sections whose faults may hide a loss; of all others, those of an owner may."""


class Loss(NamedTuple):
    """One thing that is lost: `kind` of an entity, and when; no `spans` means all the time.

    `kind` is one of layer, role, owner, shift, escalation, step, switch. `detail` tells it to
    people: who is lost, or which alerts go with it. `zone` is the one to show `spans` in; `path`
    and `line` are where it is decided.
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
    """Everything that is lost between two instants when `gone` are not there.

    `doubts` say what did not load, and may hide more.
    """

    without: str
    gone: tuple[str, ...]
    start: int
    end: int
    losses: tuple[Loss, ...]
    doubts: tuple[str, ...]


def absentees(workspace: Workspace, name: str) -> tuple[str, ...]:
    """Return the people behind a person's or a team's id, sorted: members, and who leads them.

    Raises CannotRunError for an id that is neither, and for a team of nobody: nothing can be lost
    with it, so that an answer would only seem to be one.
    """
    if name in workspace.all(Person):
        return (name,)
    team = workspace.all(Team).get(name)
    if team is None:
        raise _unknown(workspace, name)
    lead = Graph(workspace).person(team.lead) if team.lead else None
    gone = {*team.members, *((lead,) if lead else ())}
    if not gone:
        raise CannotRunError(f"the team `{name}` has no members", "name a person, or another team")
    return tuple(sorted(gone))


def impact(workspace: Workspace, without: str, start: int, end: int) -> Impact:
    """Work out what is lost from `start` to `end` (instants) without a person or a team.

    Nobody takes over anything: a shift of theirs goes empty, a role that they hold is vacant. What
    nobody could do before they left is not counted. Raises CannotRunError as `absentees` does.
    """
    gone = absentees(workspace, without)
    absence = _Absence(workspace, frozenset(gone), start, end)
    losses = (
        *absence.layers(),
        *absence.roles(),
        *absence.owners(),
        *absence.shifts(),
        *absence.escalations(),
        *absence.steps(),
        *absence.switches(),
    )
    doubts = (*lost(workspace, _DECIDING), *_owners_lost(workspace))
    return Impact(without, gone, start, end, losses, doubts)


def _owners_lost(workspace: Workspace) -> Iterator[str]:
    """Say where an owner may stand in what did not load."""
    for name, (_, model, noun, *_) in SECTIONS.items():
        field = "actions" if model is Incident else "owner"
        if name in _DECIDING or field not in model.model_fields:
            continue
        for id_ in workspace.failed.get(name, {}):
            yield f"the {noun} `{id_}` did not load"
        for id_ in workspace.all(model):
            yield from filter(None, (unread(workspace, name, id_, (field,)),))


def _unknown(workspace: Workspace, name: str) -> CannotRunError:
    for section, noun in (("people", "person"), ("teams", "team")):
        if workspace.has(section, name):
            return CannotRunError(f"the {noun} `{name}` did not load", "`opmodel check` says why")
    role = workspace.all(Role).get(name)
    known = [*workspace.all(Person), *workspace.all(Team)]
    help_ = did_you_mean(name, known, "name a person or a team of the registry")
    if role is not None and role.holder is not None:
        help_ = f"it is a role, which `{role.holder}` holds"
    return CannotRunError(f"there is no person or team `{name}`", help_)


class _Absence:
    def __init__(self, workspace: Workspace, gone: frozenset[str], start: int, end: int) -> None:
        self.workspace = workspace
        self.gone = gone
        self.start = start
        self.end = end
        self.known = engine.directory(workspace)
        self.graph = Graph(workspace)

    # -- what they own -----------------------------------------------------------------------

    def layers(self) -> Iterator[Loss]:
        for id_, layer in sorted(self.workspace.all(Layer).items()):
            person = self.graph.owner(layer.accountable)
            if person in self.gone:
                detail = f"`{person}` is accountable{self.through(layer.accountable, person)}"
                yield self.loss("layer", "ownership", id_, detail, field=("accountable",))

    def roles(self) -> Iterator[Loss]:
        for id_, role in sorted(self.workspace.all(Role).items()):
            if role.holder in self.gone:
                yield self.loss(
                    "role", "roles", id_, f"`{role.holder}` holds it", field=("holder",)
                )

    def owners(self) -> Iterator[Loss]:
        """Yield whatever has an `owner`, section by section; of an incident's actions the open."""
        for section, entities in self.workspace.entities.items():
            for id_, entity in sorted(entities.items()):
                value: str | tuple[str, ...] | None = getattr(entity, "owner", None)
                person = self.graph.owner(value)
                if person in self.gone:
                    detail = f"`{person}` owns it{self.through(value, person)}"
                    yield self.loss("owner", section, id_, detail, field=("owner",))
                if isinstance(entity, Incident):
                    yield from self.actions(section, id_, entity)

    def actions(self, section: str, id_: str, incident: Incident) -> Iterator[Loss]:
        places = self.workspace.places(section, id_, ("actions",), incident.actions)
        for place, action in places:
            person = self.graph.owner(action.owner)
            if person in self.gone and action.done is None:
                through = self.through(action.owner, person)
                detail = f"`{person}` owns the open action `{action.title}`{through}"
                yield self.loss("owner", section, id_, detail, field=(*place, "owner"))

    def through(self, value: str | tuple[str, ...] | None, person: str | None) -> str:
        return "" if value in {person, (person,)} else f", as `{value}`"

    # -- what they are there for -------------------------------------------------------------

    def shifts(self) -> Iterator[Loss]:
        for id_, schedule in sorted(self.workspace.all(Schedule).items()):
            empty: dict[tuple[str, ...], list[Interval]] = {}
            if self.gone.isdisjoint(schedule.people):
                continue
            for one in shifts(schedule, self.start, self.end, self.known.zone):
                if self.gone.issuperset(one.people):
                    people = tuple(sorted(one.people))
                    empty.setdefault(people, []).append(Interval(one.start, one.end))
            for people, spans in sorted(empty.items()):
                are = "is" if len(people) == 1 else "are"
                detail = f"{quoted(people, ' and ')} {are} on call, nobody else"
                zone = schedule.timezone or self.known.zone
                yield self.loss("shift", "schedules", id_, detail, tuple(union(spans)), zone)

    def escalations(self) -> Iterator[Loss]:
        used = self.alerts_by_escalation()
        for id_ in sorted({*self.workspace.all(Escalation), *used}):
            spans = self.lost((id_,))
            if spans:
                alerts = quoted(sorted(used.get(id_, ())))
                detail = f"alerts that reach nobody: {alerts}" if alerts else "no alert uses it"
                yield self.loss("escalation", self.section_of(id_), id_, detail, spans)

    def steps(self) -> Iterator[Loss]:
        """Yield steps that page one of them by name, and without them nobody.

        Not while the whole escalation is lost; a role's loss and a schedule's are told as theirs.
        """
        for id_, escalation in sorted(self.workspace.all(Escalation).items()):
            places = self.workspace.places("escalations", id_, ("steps",), escalation.steps)
            for number, (place, step) in enumerate(places, 1):
                if self.gone.isdisjoint(step.notify):
                    continue
                silent = union(self.silent(id_, number - 1))
                spans = tuple(difference(silent, self.lost((id_,))))
                named = quoted(step.notify)
                detail = f"step {number}, after {step.after}, pages {named}, and then nobody"
                if spans:
                    field = (*place, "notify")
                    yield self.loss("step", "escalations", id_, detail, spans, field=field)

    def silent(self, escalation: str, step: int) -> Iterator[Interval]:
        """Yield when alerts fire of which a step reaches only those who are gone."""
        for one in engine.timeline(escalation, self.known, self.start, self.end):
            people = {person for hop in one.hops if hop.step == step for person in hop.people}
            if people and people <= self.gone:
                yield Interval(one.start, one.end)

    def alerts_by_escalation(self) -> Mapping[str, list[str]]:
        used: dict[str, list[str]] = {}
        for id_, alert in self.workspace.all(Alert).items():
            if alert.escalation is not None:
                used.setdefault(alert.escalation, []).append(id_)
        return used

    def section_of(self, id_: str) -> str:
        return self.workspace.kind_of(id_) or "escalations"

    def switches(self) -> Iterator[Loss]:
        for id_, switch in sorted(self.workspace.all(KillSwitch).items()):
            spans = self.lost(switch.operators)
            if spans:
                named = quoted(switch.operators)
                detail = f"its operators are {named}"
                yield self.loss("switch", "kill_switches", id_, detail, spans, field=("operators",))

    def lost(self, ids: tuple[str, ...]) -> tuple[Interval, ...]:
        """Return when `ids` reach somebody, and reach nobody without those who are gone."""
        if not any(map(self.may_reach, ids)):
            return ()
        before, after = [], []
        for id_ in ids:
            for one in engine.timeline(id_, self.known, self.start, self.end, repeats=True):
                people = {person for hop in one.hops for person in hop.people}
                if people:
                    before.append(Interval(one.start, one.end))
                if people - self.gone:
                    after.append(Interval(one.start, one.end))
        return tuple(difference(union(sorted(before)), union(sorted(after))))

    def may_reach(self, id_: str) -> bool:
        """Whether a page to an id may ever reach one of those who are gone."""
        escalation = self.known.escalations.get(id_)
        steps = escalation.steps if escalation is not None else ()
        paged = [one for step in steps for one in step.notify] if steps else [id_]
        return not self.gone.isdisjoint(person for one in paged for person in self.behind(one))

    def behind(self, id_: str) -> tuple[str, ...]:
        """Return everybody who may ever be paged by the id of a person, a role or a schedule."""
        role = self.known.roles.get(id_)
        name = (role.holder or role.schedule or "") if role is not None else id_
        schedule = self.known.schedules.get(name)
        return schedule.people if schedule is not None else (name,)

    def loss(  # noqa: PLR0913 - the parts of a loss
        self,
        kind: str,
        section: str,
        id_: str,
        detail: str,
        spans: tuple[Interval, ...] = (),
        zone: str | None = None,
        field: KeyPath = (),
    ) -> Loss:
        at = self.workspace.locate(section, id_, field)
        line = self.workspace.resolve(at).start.line
        return Loss(kind, section, id_, detail, spans, zone or self.known.zone, at.file, line)
