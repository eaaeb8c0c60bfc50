"""Named questions about who is connected to what."""

from collections.abc import Mapping
from functools import cached_property

from registry.model.metrics import Alert
from registry.model.oncall import Escalation, Schedule
from registry.model.people import Person, Role, Team
from registry.model.reference import names
from registry.workspace import Workspace


class Graph:
    """Questions over one workspace; each index is built on first use."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace

    @cached_property
    def teams_of(self) -> Mapping[str, frozenset[str]]:
        """Each person's teams: those that they are a member of or lead."""
        found: dict[str, set[str]] = {}
        for id_, team in self.workspace.all(Team).items():
            lead = self.person(team.lead) if team.lead else None
            for person in (*team.members, *((lead,) if lead else ())):
                found.setdefault(person, set()).add(id_)
        return {person: frozenset(teams) for person, teams in found.items()}

    @cached_property
    def functions_of(self) -> Mapping[str, frozenset[str]]:
        """Each person's functions: those of the roles that they hold and the teams they are in."""
        found: dict[str, set[str]] = {}
        teams = self.workspace.all(Team)
        for person, ids in self.teams_of.items():
            found[person] = {str(teams[id_].function) for id_ in ids if teams[id_].function}
        for role in self.workspace.all(Role).values():
            if role.holder and role.function:
                found.setdefault(role.holder, set()).add(role.function)
        return {person: frozenset(functions) for person, functions in found.items()}

    @cached_property
    def alerts_of(self) -> Mapping[str, tuple[str, ...]]:
        """Each metric's alerts, in the files' order."""
        found: dict[str, list[str]] = {}
        for id_, alert in self.workspace.all(Alert).items():
            found.setdefault(alert.metric, []).append(id_)
        return {metric: tuple(alerts) for metric, alerts in found.items()}

    def person(self, id_: str) -> str | None:
        """Return the one person behind an id: themselves, or the role's holder; else None."""
        if id_ in self.workspace.all(Person):
            return id_
        role = self.workspace.all(Role).get(id_)
        return role.holder if role is not None else None

    def owner_problem(self, value: str | tuple[str, ...] | None) -> str | None:
        """Say why an owning field names no one person; None where it does.

        What another rule reports is no problem here: a dangling name (OM007), a vacant role
        (OM109), something that failed to load.
        """
        owners = names(value)
        if not owners:
            return "nobody"
        if len(owners) > 1:
            return f"{len(owners)} names ({', '.join(f'`{one}`' for one in owners)})"
        owner = owners[0]
        if owner in self.workspace.all(Team):
            return f"a team, `{owner}`"
        role = self.workspace.all(Role).get(owner)
        if role is not None and role.schedule is not None:
            return f"a role that a schedule holds, `{owner}`"
        return None

    def may_reach(self, id_: str) -> bool:
        """Whether paging this id can ever reach a person; unknown ids get the benefit of doubt.

        A person, or a role with a holder, always counts; a schedule does if it names anyone.
        """
        workspace = self.workspace
        schedule = workspace.all(Schedule).get(id_)
        if schedule is not None:
            return bool(schedule.people) or self._doubtful("schedules", id_)
        escalation = workspace.all(Escalation).get(id_)
        if escalation is not None:
            told = [one for step in escalation.steps for one in step.notify]
            return any(map(self.may_reach, told)) or self._doubtful("escalations", id_)
        role = workspace.all(Role).get(id_)
        if role is not None:
            reached = role.holder is not None or (
                role.schedule is not None and self.may_reach(role.schedule)
            )
            return reached or self._doubtful("roles", id_)
        return True

    def _doubtful(self, section: str, id_: str) -> bool:
        return bool(self.workspace.failed_fields.get((section, id_)))
