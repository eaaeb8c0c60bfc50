"""What people call whatever a change speaks of, on whichever side it stands."""

from registry.model.people import Person
from registry.paging.pager import Pager
from registry.workspace.workspace import Workspace


class Names:
    """The names of two registries; of what both know, the later one's."""

    def __init__(self, before: Workspace, after: Workspace) -> None:
        self._sides = [Pager(one, 0) for one in (after, before)]

    def of(self, person: str) -> str:
        """Return a person's name, what looks like a secret starred out; else the id."""
        for side in self._sides:
            known = side.workspace.all(Person).get(person)
            if known is not None:
                return side.text(known.name, "people", person)
        return person
