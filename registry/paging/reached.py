"""Whom a page really reaches over time: whoever has left, is away, or does not exist is nobody."""

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from typing import NamedTuple

from registry.model.holidays import HolidayCalendar
from registry.oncall import escalation as engine
from registry.oncall.deputy import deputies, gone
from registry.oncall.interval import Span, joined
from registry.workspace.not_loaded import is_certain, unread_escalation, unread_times
from registry.workspace.workspace import Workspace

_HERE = ("away", "until")
"""The fields that say when a person is there."""


class ReachedStep(NamedTuple):
    """One step of a page: so long `after` the alert (µs), or when its hours open, if `held`.

    `choices` are those whom it may reach: one, all of whom are paged; several, where the step picks
    one of them. A choice of nobody is empty.
    """

    after: int
    held: bool
    choices: tuple[tuple[str, ...], ...]

    @property
    def people(self) -> tuple[str, ...]:
        """Everyone whom it may reach, each once."""
        return tuple(dict.fromkeys(one for choice in self.choices for one in choice))


class ReachedStretch(NamedTuple):
    """Alerts that fire from `start` up to `end` (instants) reach these, step by step.

    The steps are those of the first run; of all runs, where the first reaches nobody.
    """

    start: int
    end: int
    steps: tuple[ReachedStep, ...]

    @property
    def people(self) -> tuple[str, ...]:
        """Everyone whom it may reach, the first paged first."""
        return tuple(dict.fromkeys(one for step in self.steps for one in step.people))


class Reach:
    """Whom pages of one workspace reach from `start` up to `end` (instants)."""

    def __init__(self, workspace: Workspace, start: int, end: int) -> None:
        self.workspace = workspace
        self.start = start
        self.end = end
        self.known = engine.directory(workspace)
        self._found: dict[str, tuple[ReachedStretch, ...]] = {}
        self._gone: dict[str, list[Span]] = {}

    def of(self, target: str | None) -> tuple[ReachedStretch, ...]:
        """Tell whom an escalation, a schedule, a role or a person reaches: no hole, in order.

        None reaches nobody. An id that may stand in what did not load counts as somebody.
        """
        if target is None:
            return (ReachedStretch(self.start, self.end, ()),)
        if target not in self._found:
            self._found[target] = tuple(joined(self._pieces(target)))
        return self._found[target]

    def is_certain(self, target: str | None) -> bool:
        """Whether all loaded that says whom an id reaches, and when."""
        if target is None or unread_escalation(self.workspace, target) is not None:
            return target is None
        escalation = self.known.escalations.get(target)
        named = [target] if escalation is None else [
            one for step in escalation.steps for one in step.notify
        ]  # fmt: skip
        return all(map(self._is_read, named))

    def behind(self, target: str | None) -> tuple[object, ...]:
        """Return every entity that decides whom an id reaches: what is equal pages alike."""
        known = self.known
        escalation = known.escalations.get(target or "")
        named = [target or ""]
        if escalation is not None:
            named = [one for step in escalation.steps for one in step.notify]
        roles = [known.roles.get(one) for one in named]
        held = [*named, *(name for one in roles if one for name in (one.schedule, one.holder))]
        schedules = [known.schedules.get(one or "") for one in held]
        people = {*held, *(person for one in schedules if one for person in one.people)}
        people |= {deputy for one in people for deputy in deputies(known.people.get(one or ""))}
        calendars = self.workspace.all(HolidayCalendar)
        kept = {name for one in (escalation, *schedules) if one for name in one.calendars}
        return (
            escalation, roles, schedules, known.zone,
            {one: known.people.get(one or "") for one in people},
            {name: calendars.get(name) for name in kept},
            {one: self._may_be(one) for one in held if one},
        )  # fmt: skip

    def _is_read(self, id_: str) -> bool:
        """Whether a person, a role and who holds it, or a schedule and who is on it, loaded."""
        if not is_certain(self.workspace, "roles", id_, ("holder", "schedule")):
            return False
        role = self.known.roles.get(id_)
        held = (role.schedule or role.holder or "") if role is not None else id_
        schedule = self.known.schedules.get(held)
        if schedule is None:
            is_whole = is_certain(self.workspace, "schedules", held, ())
            return is_whole and is_certain(self.workspace, "people", held, _HERE)
        if unread_times(self.workspace, held) is not None:
            return False
        return all(is_certain(self.workspace, "people", one, _HERE) for one in schedule.people)

    def _pieces(self, target: str) -> Iterator[ReachedStretch]:
        for one in engine.timeline(target, self.known, self.start, self.end, repeats=True):
            cuts = sorted({one.start, *self._cuts(one), one.end})
            for start, end in pairwise(cuts):
                yield ReachedStretch(start, end, self._steps(one.hops, start))

    def _cuts(self, stretch: engine.Stretch) -> Iterator[int]:
        """Yield when, within a stretch, somebody who is paged goes or comes back."""
        for hop in stretch.hops:
            if hop.held is None:
                for person in hop.people:
                    for span in self._when_gone(person):
                        changes = (at - hop.after for at in span)
                        yield from (at for at in changes if stretch.start < at < stretch.end)

    def _steps(self, hops: Sequence[engine.EscalationHop], at: int) -> tuple[ReachedStep, ...]:
        """Return the steps of the first run; of all, where that reaches nobody."""
        steps = [
            (run, self._step(list(group), at))
            for (run, _), group in groupby(hops, key=lambda hop: (hop.run, hop.step))
        ]
        first = tuple(step for run, step in steps if run == 0 and step.people)
        return first or tuple(step for _, step in steps if step.people)

    def _step(self, hops: Sequence[engine.EscalationHop], at: int) -> ReachedStep:
        reached = [self._people(hop, at) for hop in hops]
        if not hops[0].in_turn:
            reached = [tuple(dict.fromkeys(one for people in reached for one in people))]
        held = any(hop.held is not None for hop in hops)
        return ReachedStep(0 if held else hops[0].after, held, tuple(dict.fromkeys(reached)))

    def _people(self, hop: engine.EscalationHop, at: int) -> tuple[str, ...]:
        when = at + hop.after if hop.held is None else hop.held
        if hop.decided is None:
            return (hop.via,) if self._may_be(hop.via) else ()
        return tuple(one for one in hop.people if self._is_there(one, when))

    def _may_be(self, id_: str) -> bool:
        """Whether an unknown id may be somebody: it did not load, or may stand in what did not."""
        return self.workspace.kind_of(id_) is not None or self.workspace.may_define(id_)

    def _is_there(self, person: str, when: int) -> bool:
        if person not in self.known.people:
            return self._may_be(person)
        return not any(start <= when < end for start, end in self._when_gone(person))

    def _when_gone(self, person: str) -> list[Span]:
        if person not in self._gone:
            known = self.known.people.get(person)
            zone = (known.timezone if known else None) or self.known.zone
            self._gone[person] = gone(known, zone) if known else []
        return self._gone[person]
