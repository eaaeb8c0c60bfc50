"""Named questions about who is connected to what."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import NamedTuple

from registry.clock.civil import instant
from registry.model.entity import Entity
from registry.model.metrics import Alert, Metric
from registry.model.moments import ending
from registry.model.oncall import Escalation, Schedule
from registry.model.ownership import Component, Layer
from registry.model.people import Person, Role, Team
from registry.model.reference import names
from registry.model.release import Gate
from registry.model.scalars import Moment
from registry.model.sections import SECTION_OF
from registry.model.telemetry import TelemetryField
from registry.source.scalar import is_placeholder
from registry.span import KeyPath
from registry.wording import nearest, quoted
from registry.workspace.reads import shared
from registry.workspace.workspace import Workspace

_SUGGESTED = 200
"""Unknown names for which the nearest known one is sought: each takes milliseconds."""


class Page(NamedTuple):
    """One page of an escalation: so long after the alert (ms), to an id that `field` names.

    `field` is empty where an alert pages a schedule itself. `behind` is the person or the schedule
    that the id stands for; None for a vacant role, and for what is unknown or did not load.
    """

    after: int
    field: KeyPath
    named: str
    behind: str | None


class Indexes:
    """Questions over one workspace; each index is built on first use.

    `at` is the instant from which on somebody must be reached; without it, nothing is over yet.
    """

    def __init__(self, workspace: Workspace, at: datetime | None = None) -> None:
        self.workspace = workspace
        self.at = at
        self._reaches: dict[str, bool] = {}
        self._pages: dict[str, tuple[Page, ...]] = {}
        self._takers: dict[str, tuple[str, ...]] = {}

    def forget(self) -> None:
        """Forget the answers about single ids: whoever asks again reads again what they rest on."""
        self._reaches.clear()
        self._pages.clear()
        self._takers.clear()

    @shared
    def teams_of(self) -> Mapping[str, frozenset[str]]:
        """Each person's teams: those that they are a member of or lead, and what is above those."""
        found: dict[str, set[str]] = {}
        for person, teams in self.own_teams_of.items():
            for id_ in teams:
                found.setdefault(person, set()).update(self._line(id_))
        return {person: frozenset(teams) for person, teams in found.items()}

    @shared
    def own_teams_of(self) -> Mapping[str, Sequence[str]]:
        """Each person's teams, without what is above them: whose functions are theirs."""
        found: dict[str, list[str]] = {}
        for id_, team in self.workspace.all(Team).items():
            lead = self.person(team.lead) if team.lead else None
            for person in dict.fromkeys((*team.members, *((lead,) if lead else ()))):
                found.setdefault(person, []).append(id_)
        return found

    def _line(self, team: str) -> Sequence[str]:
        """Return a team, its parent, and so on; a loop is left where it closes."""
        teams, line = self.workspace.all(Team), dict.fromkeys((team,))
        above = teams[team].parent
        while above is not None and above in teams and above not in line:
            line[above] = None
            above = teams[above].parent
        return tuple(line)

    @shared
    def members_of(self) -> Mapping[str, Sequence[str]]:
        """Each team's members, and those of the teams below it, each once; no lead as such."""
        teams = self.workspace.all(Team)
        found: dict[str, dict[str, None]] = {
            id_: dict.fromkeys(teams[id_].members) for id_ in teams
        }
        for id_, team in teams.items():
            lead = self.person(team.lead) if team.lead else None
            for above in self._line(id_)[1:]:
                found[above].update(dict.fromkeys((*team.members, *((lead,) if lead else ()))))
        return {id_: tuple(people) for id_, people in found.items()}

    @shared
    def functions_of(self) -> Mapping[str, frozenset[str]]:
        """Each person's functions: those of the roles that they hold and the teams they are in."""
        found: dict[str, set[str]] = {}
        teams = self.workspace.all(Team)
        for person, ids in self.own_teams_of.items():
            found[person] = {str(teams[id_].function) for id_ in ids if teams[id_].function}
        for role in self.workspace.all(Role).values():
            if role.holder and role.function:
                found.setdefault(role.holder, set()).add(role.function)
        return {person: frozenset(functions) for person, functions in found.items()}

    @shared
    def alerts_of(self) -> Mapping[str, tuple[str, ...]]:
        """Each metric's alerts, in the files' order."""
        found: dict[str, list[str]] = {}
        for id_, alert in self.workspace.all(Alert).items():
            found.setdefault(alert.metric, []).append(id_)
        return {metric: tuple(alerts) for metric, alerts in found.items()}

    @shared
    def alerts_by_runbook(self) -> Mapping[str, tuple[str, ...]]:
        """The alerts that use each runbook, in the files' order."""
        found: dict[str, list[str]] = {}
        for id_, alert in self.workspace.all(Alert).items():
            if alert.runbook is not None:
                found.setdefault(alert.runbook, []).append(id_)
        return {runbook: tuple(alerts) for runbook, alerts in found.items()}

    @shared
    def ungated(self) -> Mapping[str, Component]:
        """The components that change and pass no gate; not those of which that is uncertain.

        Nor, in a system that has no model in it, those of a kind that only such a system has.
        """
        is_asked = self.workspace.manifest.has_model
        named = {id_ for gate in self.workspace.all(Gate).values() for id_ in gate.applies_to}
        gated = named | self.meant(named, Component)
        return {
            id_: one
            for id_, one in self.workspace.all(Component).items()
            if one.changes
            and (is_asked or not one.is_of_model)
            and id_ not in gated
            and not self.workspace.may_hide(id_)
        }

    def uncaptured(self, field: str) -> str | None:
        """Say why telemetry captures nothing of a field; None where it does, or may."""
        found = self.workspace.all(TelemetryField).get(field)
        if found is not None:
            return None if found.captured else "telemetry drops it"
        uncertain = self.workspace.has("fields", field) or self.workspace.may_hide(field)
        return None if uncertain else "it is no telemetry field"

    def person(self, id_: str) -> str | None:
        """Return the one person behind an id: themselves, or the role's holder; else None."""
        if id_ in self.workspace.all(Person):
            return id_
        role = self.workspace.all(Role).get(id_)
        return role.holder if role is not None else None

    def functions(self, id_: str) -> frozenset[str]:
        """Return the functions of a person; for a role or a team its own, and its holder's too."""
        role = self.workspace.all(Role).get(id_)
        team = self.workspace.all(Team).get(id_)
        own = (role.function if role else None) or (team.function if team else None)
        held = self.functions_of.get(self.person(id_) or "", frozenset())
        return held | {own} if own else held

    def owner(self, value: str | tuple[str, ...] | None) -> str | None:
        """Return the one person whom an owning field names, directly or as a role's holder.

        None where it names nobody, several, a group, or somebody who did not load.
        """
        owners = names(value)
        person = self.person(owners[0]) if len(owners) == 1 else None
        return person if person in self.workspace.all(Person) else None

    def is_unowned(self, layer: str) -> bool:
        """Whether a row is unowned on purpose, or may be: its `unowned` did not load."""
        failed = self.workspace.failed_fields.get(("ownership", layer), frozenset())
        return self.workspace.all(Layer)[layer].unowned is not None or "unowned" in failed

    def is_outside(self, person: str, layer: str) -> bool:
        """Whether a person is neither a member nor the lead of the one team that a layer has.

        False where that is uncertain: there is not one team, the team has no members, or something
        of the row or the team did not load or names nobody.
        """
        row = self.workspace.all(Layer).get(layer)
        teams = names(row.team) if row is not None else ()
        team = self.workspace.all(Team).get(teams[0]) if len(teams) == 1 else None
        if team is None or not self.members_of[teams[0]]:
            return False
        if self._doubtful("ownership", layer) or teams[0] in self._vague_teams:
            return False
        return teams[0] not in self.teams_of.get(person, ())

    @shared
    def _vague_teams(self) -> frozenset[str]:
        """The teams of which it is uncertain who belongs to them, and all that are above those.

        Something of them did not load, or they name a member or a lead who is not there.
        """
        loaded = (self.workspace.all(Person), self.workspace.all(Role))
        vague: set[str] = set()
        for id_, team in self.workspace.all(Team).items():
            known = all(self.workspace.has("people", one) for one in team.members)
            known = known and (team.lead is None or any(team.lead in one for one in loaded))
            if not known or self._doubtful("teams", id_):
                vague.update(self._line(id_))
        return frozenset(vague)

    def owner_problem(self, value: str | tuple[str, ...] | None) -> str | None:
        """Say why an owning field names no one person; None where it does.

        What another rule reports is no problem here: a dangling name (OM007), a vacant role
        (OM109), something that failed to load.
        """
        owners = names(value)
        if not owners:
            return "nobody"
        if len(owners) > 1:
            return f"{len(owners)} names ({quoted(owners)})"
        owner = owners[0]
        if owner in self.workspace.all(Team):
            return f"a team, `{owner}`"
        role = self.workspace.all(Role).get(owner)
        if role is not None and role.schedule is not None and role.holder is None:
            return f"a role that a schedule holds, `{owner}`"
        return None

    def may_reach(self, id_: str) -> bool:
        """Whether paging this id can ever reach a person; unknown ids get the benefit of doubt.

        A person, or a role with a holder, always counts; a schedule does if anyone is still to be
        on call on it. So does what cannot stand there, as an escalation in a step or a role in
        another: OM007 tells of it, and two that name each other have no end.
        """
        if id_ not in self._reaches:
            self._reaches[id_] = self._may_reach(id_)
        return self._reaches[id_]

    def _may_reach(self, id_: str) -> bool:
        workspace = self.workspace
        schedule = workspace.all(Schedule).get(id_)
        if schedule is not None:
            return bool(self.people_ahead(id_)) or self._doubtful("schedules", id_)
        escalation = workspace.all(Escalation).get(id_)
        if escalation is not None:
            told = [one for step in escalation.steps for one in step.notify]
            misplaced = any(one in workspace.all(Escalation) for one in told)
            reached = misplaced or any(map(self.may_reach, told))
            return reached or self._doubtful("escalations", id_)
        role = workspace.all(Role).get(id_)
        if role is not None:
            held = role.schedule
            misplaced = held in workspace.all(Role)
            reached = misplaced or (held is not None and self.may_reach(held))
            return role.holder is not None or reached or self._doubtful("roles", id_)
        return True

    def pages(self, target: str) -> tuple[Page, ...]:
        """List whom an escalation, or a schedule, pages in its first run, step by step."""
        if target not in self._pages:
            escalation = self.workspace.all(Escalation).get(target)
            known = Page(0, (), target, self._behind(target))
            found = [known] if target in self.workspace.all(Schedule) else []
            if escalation is not None:
                found = list(self._steps(target, escalation))
            self._pages[target] = tuple(found)
        return self._pages[target]

    def _steps(self, id_: str, escalation: Escalation) -> Iterator[Page]:
        places = partial(self.workspace.places, "escalations", id_)
        for field, step in places(("steps",), escalation.steps):
            for place, named in places((*field, "notify"), step.notify):
                yield Page(step.after.milliseconds, place, named, self._behind(named))

    def _behind(self, id_: str) -> str | None:
        role = self.workspace.all(Role).get(id_)
        held = (role.holder or role.schedule) if role is not None else id_
        known = held in self.workspace.all(Person) or held in self.workspace.all(Schedule)
        return held if known else None

    def people_ahead(self, schedule: str) -> tuple[str, ...]:
        """Return everyone whom a schedule may still put on call, in order of first mention.

        Rotations and overrides that are over no longer count; one that has not begun does. Empty
        for what is no schedule, or did not load.
        """
        found = self.workspace.all(Schedule).get(schedule)
        if found is None:
            return ()
        usual = found.timezone or self.workspace.manifest.timezone or "UTC"
        ahead = [
            one
            for one in found.rotations
            if not one.shadow and not self._over(one.end, one.timezone or usual)
        ]
        later = [one for one in found.overrides if not self._over(one.to, one.timezone or usual)]
        turns = [person for rotation in ahead for group in rotation.groups for person in group]
        return tuple(
            dict.fromkeys(turns + [person for override in later for person in override.named])
        )

    def deputies_ahead(self, person: str) -> Iterator[tuple[KeyPath, str]]:
        """Yield who may still stand in for a person, each with the place that says so."""
        found = self.workspace.all(Person).get(person)
        if found is None or not found.away:
            return
        zone = found.timezone or self.workspace.manifest.timezone or "UTC"
        for place, away in self.workspace.places("people", person, ("away",), found.away):
            if away.deputy is not None and not self._over(away.to, zone):
                yield (*place, "deputy"), away.deputy

    def takers(self, id_: str) -> tuple[str, ...]:
        """Return whom paging an id calls: of a schedule who takes turns, else their substitutes.

        What is no schedule is who it names; an empty id is nobody.
        """
        if id_ not in self._takers:
            found = self.workspace.all(Schedule).get(id_)
            ahead = self.people_ahead(id_) if found is not None else (id_,) if id_ else ()
            turns = frozenset(found.participants if found is not None else ahead)
            self._takers[id_] = tuple(one for one in ahead if one in turns) or ahead
        return self._takers[id_]

    def _over(self, end: Moment | None, zone: str) -> bool:
        """Whether an end has passed; a date alone is inclusive, a local time is the zone's."""
        return end is not None and self.at is not None and instant(self.at) >= ending(end, zone)

    def meant(self, named: Iterable[str], model: type[Entity] = Metric) -> frozenset[str]:
        """Return the entities that the unknown names among `named` most likely mean.

        Such a name is OM007's to report; that the entity meant lacks it would be an echo.
        """
        known, section = self.workspace.all(model), SECTION_OF[model]
        unknown = sorted({name for name in named if not self.workspace.has(section, name)})
        near = (nearest(name, known) for name in unknown[:_SUGGESTED])
        return frozenset(name for name in near if name is not None)

    def may_be_watched(self, metric: str) -> bool:
        """Whether an alert that did not load, or one with a misspelt metric, may be on `metric`."""
        return metric in self._misspelt or self._has_stray or self.workspace.may_hide(metric)

    @shared
    def _misspelt(self) -> frozenset[str]:
        return self.meant(self.alerts_of)

    @shared
    def _has_stray(self) -> bool:
        """Whether an alert did not load and names no metric: it may be on any."""
        failed = self.workspace.failed.get("alerts", {}).values()
        named = (raw.get("metric") if isinstance(raw, dict) else None for raw in failed)
        return any(not isinstance(name, str) or is_placeholder(name) for name in named)

    def _doubtful(self, section: str, id_: str) -> bool:
        return bool(self.workspace.failed_fields.get((section, id_)))
