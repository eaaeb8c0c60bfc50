"""What an id stands for, in the words that people use: a name, a title, who is behind a role."""

from collections.abc import Iterator
from functools import cached_property
from typing import TypeVar

from registry.model.entity import Entity
from registry.model.oncall import Schedule
from registry.model.people import Channel, Person, Role, Team
from registry.model.reference import SHARED_IDS, names
from registry.model.sections import SECTION_OF
from registry.workspace.indexes import Indexes
from registry.workspace.workspace import Workspace

E = TypeVar("E", bound=Entity)

NOT_READ = "(not read: `opmodel check` says why)"
"""What stands in an export for an entity that failed to load."""


def declared(workspace: Workspace, model: type[E]) -> Iterator[tuple[str, E | None]]:
    """Yield every id of a section in the files' order; None where its entity failed to load."""
    loaded = workspace.all(model)
    for id_ in workspace.origins.get(SECTION_OF[model], {}):
        yield id_, loaded.get(id_)


class DisplayNames:
    """Who and what can be addressed, in one workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.graph = Indexes(workspace)

    @cached_property
    def _ranks(self) -> dict[str, int]:
        ids = (id_ for section in SHARED_IDS for id_ in self.workspace.origins.get(section, {}))
        return {id_: rank for rank, id_ in enumerate(dict.fromkeys(ids))}

    def knows(self, id_: str) -> bool:
        """Whether something has this id, loaded or not."""
        return id_ in self._ranks

    def called(self, id_: str) -> str:
        """Return the name or title behind an id; the id where it has none, or did not load."""
        if not self.knows(id_):
            return f"{id_} (unknown)"
        all_ = self.workspace.all
        named = all_(Person).get(id_) or all_(Team).get(id_)
        if named is not None:
            return named.name
        role = all_(Role).get(id_)
        return role.title if role is not None else id_

    def holder(self, id_: str) -> str:
        """Name an id with who is behind it: `Lena Vogt (Product owner)`, `CTO (vacant)`."""
        role = self.workspace.all(Role).get(id_)
        if role is None:
            return self.called(id_)
        if role.holder is not None:
            return f"{self.called(role.holder)} ({role.title})"
        if role.schedule is not None:
            return f"{role.title} (whoever is on call: {self.called(role.schedule)})"
        return f"{role.title} ({self.no_holder(id_)})"

    def owner(self, value: str | tuple[str, ...] | None) -> str:
        """Name the one person behind an owning field; empty where there is no one such person."""
        ids = names(value)
        people = self.people_behind(ids[0]) if len(ids) == 1 else ()
        role = self.workspace.all(Role).get(ids[0]) if ids else None
        on_call = role is not None and role.schedule is not None
        return self.called(people[0]) if len(people) == 1 and not on_call else ""

    def people_behind(self, id_: str) -> tuple[str, ...]:
        """List the people whom a page to this id may reach, each once."""
        role = self.workspace.all(Role).get(id_)
        held = (role.holder or role.schedule) if role is not None else id_
        if held is None:
            return ()
        schedule = self.workspace.all(Schedule).get(held)
        if schedule is not None:
            return schedule.people
        return (held,) if self.workspace.has("people", held) else ()

    def no_holder(self, role: str) -> str:
        """Say why a role has nobody: it is vacant, or its holder could not be read."""
        failed = self.workspace.failed_fields.get(("roles", role), frozenset())
        return "not read" if failed & {"holder", "schedule"} else "vacant"

    def members(self, team: str) -> tuple[str, ...]:
        """List a loaded team's people, its lead included, in the registry's order."""
        found = self.workspace.all(Team)[team]
        lead = self.graph.person(found.lead) if found.lead else None
        return self.ordered({*self.graph.members_of[team], *((lead,) if lead else ())})

    def teams_of(self, person: str) -> tuple[str, ...]:
        """List the teams that a person is in or leads, in the registry's order."""
        return self.ordered(frozenset(self.graph.own_teams_of.get(person, ())))

    def ordered(self, ids: set[str] | frozenset[str]) -> tuple[str, ...]:
        """Sort ids as the registry has them: kind by kind, in the files' order."""
        last = len(self._ranks)
        return tuple(sorted(ids, key=lambda id_: (self._ranks.get(id_, last), id_)))

    def reader(self, channel: str) -> str:
        """Describe a channel by who reads it: `assistant-room (slack, read by Mei, every 4h)`."""
        found = self.workspace.all(Channel).get(channel)
        if found is None:
            return channel if self.knows(channel) else f"{channel} (unknown)"
        owner = found.owner if isinstance(found.owner, str) else None
        reader = f"read by {self.holder(owner)}" if owner else "nobody reads it"
        every = f" every {found.read_every}" if owner and found.read_every else ""
        return f"{channel} ({found.kind}, {reader}{every})"
