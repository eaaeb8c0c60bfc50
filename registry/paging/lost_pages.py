"""When nobody is reached who was reached before: shifts, escalations, steps, and who is called."""

from collections.abc import Iterator, Mapping, Sequence

from registry.model.oncall import Escalation, Schedule
from registry.oncall import escalation as engine
from registry.oncall.deputy import deputies
from registry.oncall.interval import Interval, difference, union
from registry.oncall.schedule import shifts
from registry.paging.duties import is_past
from registry.paging.loss import OF_MEANING, Loss
from registry.paging.lost_references import BY_TIME
from registry.span import KeyPath
from registry.workspace.edges import Edge, Edges
from registry.workspace.workspace import Workspace

_CALLED = {
    "operates": "its operators are {}",
    "rolls back": "{} rolls it back",
    "is escalated to": "it is escalated to {}",
}


class LostPages:
    """What reaches nobody from `start` to `end` (instants) when `gone` are not there."""

    def __init__(
        self, workspace: Workspace, edges: Edges, gone: frozenset[str], start: int, end: int
    ) -> None:
        self.workspace = workspace
        self.edges = edges
        self.gone = gone
        self.start = start
        self.end = end
        self.known = engine.directory(workspace)
        self._spans: dict[tuple[str, ...], tuple[Interval, ...]] = {}

    def all(self) -> list[Loss]:
        """Return the losses, kind by kind, the ids of each kind sorted."""
        return [*self._shifts(), *self._escalations(), *self._steps(), *self._called()]

    def _shifts(self) -> Iterator[Loss]:
        """Yield the shifts in which all who are on call are gone."""
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
                detail = f"{' and '.join(f'`{one}`' for one in people)} {are} on call, nobody else"
                zone = schedule.timezone or self.known.zone
                yield self._loss("shift", "schedules", id_, detail, tuple(union(spans)), zone)

    def _escalations(self) -> Iterator[Loss]:
        """Yield the escalations that reach nobody, and schedules that alerts page themselves."""
        used = self._alerts_by_escalation()
        for id_ in sorted({*self.workspace.all(Escalation), *used}):
            spans = self._lost((id_,))
            if spans:
                alerts = ", ".join(f"`{one}`" for one in sorted(used.get(id_, ())))
                detail = f"alerts that reach nobody: {alerts}" if alerts else "no alert uses it"
                yield self._loss("escalation", self._section_of(id_), id_, detail, spans)

    def _steps(self) -> Iterator[Loss]:
        """Yield steps that page one of them by name or as a role's holder, and then nobody.

        Not while the whole escalation is lost; what a schedule lacks is told as its own loss. Of a
        step that picks one it is enough that one choice reaches nobody any more.
        """
        for id_, escalation in sorted(self.workspace.all(Escalation).items()):
            places = self.workspace.places("escalations", id_, ("steps",), escalation.steps)
            for number, (place, step) in enumerate(places, 1):
                if self.gone.isdisjoint(one for id_ in step.notify for one in self._named(id_)):
                    continue
                silent = union(self._silent(id_, number - 1))
                spans = tuple(difference(silent, self._lost((id_,))))
                named = ", ".join(f"`{one}`" for one in step.notify)
                whom = (
                    f"one of {named}, and then maybe" if step.is_in_turn else f"{named}, and then"
                )
                detail = f"step {number}, after {step.after}, pages {whom} nobody"
                if spans:
                    field = (*place, "notify")
                    yield self._loss("step", "escalations", id_, detail, spans, field=field)

    def _silent(self, escalation: str, step: int) -> Iterator[Interval]:
        """Yield when alerts fire of which a step may reach only those who are gone."""
        for one in engine.timeline(escalation, self.known, self.start, self.end):
            if self._is_lost([hop for hop in one.hops if hop.step == step]):
                yield Interval(one.start, one.end)

    def _is_lost(self, hops: Sequence[engine.EscalationHop]) -> bool:
        """Whether hops reach somebody, and a choice of them nobody but those who are gone."""
        groups: dict[tuple[int, ...], list[frozenset[str]]] = {}
        for number, hop in enumerate(hops):
            key = (hop.run, hop.step) if hop.in_turn else (number,)
            groups.setdefault(key, []).append(frozenset(hop.people))
        lost = [[one for one in group if one <= self.gone] for group in groups.values()]
        return all(lost) and any(one for group in lost for one in group)

    def _alerts_by_escalation(self) -> Mapping[str, list[str]]:
        used: dict[str, list[str]] = {}
        for edge in self.edges.all:
            if edge.meaning == "pages":
                used.setdefault(edge.target, []).append(edge.id)
        return used

    def _section_of(self, id_: str) -> str:
        return self.workspace.kind_of(id_) or "escalations"

    def _called(self) -> Iterator[Loss]:
        """Yield where nobody is left of those who are called when it is needed, field by field."""
        asked: dict[tuple[str, str, KeyPath], list[Edge]] = {}
        for edge in self.edges.all:
            if edge.meaning in BY_TIME and not is_past(edge):
                field = edge.path[:-1] if isinstance(edge.path[-1], int) else edge.path
                asked.setdefault((edge.section, edge.id, field), []).append(edge)
        order = {section: rank for rank, section in enumerate(self.workspace.entities)}
        for section, id_, field in sorted(asked, key=lambda key: (order[key[0]], key[1])):
            edges = asked[section, id_, field]
            spans = self._lost(tuple(edge.target for edge in edges))
            if spans:
                named = ", ".join(f"`{edge.target}`" for edge in edges)
                kind, said = OF_MEANING[edges[0].meaning], _CALLED[edges[0].meaning]
                yield self._loss(kind, section, id_, said.format(named), spans, field=field)

    def _lost(self, ids: tuple[str, ...]) -> tuple[Interval, ...]:
        """Return when `ids` reach somebody, and reach nobody without those who are gone."""
        if ids not in self._spans:
            self._spans[ids] = self._when_lost(ids) if any(map(self._may_reach, ids)) else ()
        return self._spans[ids]

    def _when_lost(self, ids: tuple[str, ...]) -> tuple[Interval, ...]:
        before, after = [], []
        for id_ in ids:
            for one in engine.timeline(id_, self.known, self.start, self.end, repeats=True):
                if any(hop.people for hop in one.hops):
                    before.append(Interval(one.start, one.end))
                    if not self._is_lost(one.hops):
                        after.append(Interval(one.start, one.end))
        return tuple(difference(union(sorted(before)), union(sorted(after))))

    def _named(self, id_: str) -> tuple[str, ...]:
        """Return the person who holds a role, of anything else the id itself; and any deputies."""
        role = self.known.roles.get(id_)
        person = role.holder or id_ if role is not None else id_
        return (person, *deputies(self.known.people.get(person)))

    def _may_reach(self, id_: str) -> bool:
        """Whether a page to an id may ever reach one of those who are gone."""
        escalation = self.known.escalations.get(id_)
        steps = escalation.steps if escalation is not None else ()
        paged = [one for step in steps for one in step.notify] if steps else [id_]
        return not self.gone.isdisjoint(person for one in paged for person in self._behind(one))

    def _behind(self, id_: str) -> tuple[str, ...]:
        """Return everybody who may ever be paged by the id of a person, a role or a schedule."""
        role = self.known.roles.get(id_)
        name = (role.holder or role.schedule or "") if role is not None else id_
        schedule = self.known.schedules.get(name)
        return schedule.people if schedule is not None else self._named(name)

    def _loss(  # noqa: PLR0913 - the parts of a loss
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
