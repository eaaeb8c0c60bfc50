"""What people call whatever a change speaks of, on whichever side it stands."""

from collections import Counter
from collections.abc import Collection
from functools import cached_property

from registry.model.people import Person
from registry.paging.pager import Pager
from registry.workspace.workspace import Workspace


class Names:
    """The names of two registries; of what both know, the later one's."""

    def __init__(
        self, before: Workspace, after: Workspace, renamed: Collection[tuple[str, str]] = ()
    ) -> None:
        """Take the two sides, and the sections and old ids of what is only renamed."""
        self._renamed = renamed
        self._sides = [Pager(one, 0) for one in (after, before)]

    def apart(self, person: str) -> str:
        """Return a person's name, with the id behind it where the name alone does not tell.

        That is so where two of those spoken of share it, and where the id is called otherwise now:
        then it may stand for somebody else, and both names are told.
        """
        name, *earlier = self._called(person)
        if earlier and earlier[0] != name:
            return f"{name}, until now {earlier[0]} [{person}]"
        return f"{name} [{person}]" if self._number[name] > 1 else name

    @cached_property
    def _number(self) -> Counter[str]:
        """How many ids have a name, on either side; that of one who is renamed counts once."""
        ids = {id_ for side in self._sides for id_ in side.workspace.all(Person)}
        return Counter(self.of(id_) for id_ in ids if ("people", id_) not in self._renamed)

    def of(self, person: str) -> str:
        """Return a person's name, what looks like a secret starred out; else the id."""
        return self._called(person)[0]

    def _called(self, person: str) -> list[str]:
        """Return the names of an id on the sides that know it, the later side's first."""
        known = [(side, side.workspace.all(Person).get(person)) for side in self._sides]
        names = [side.text(one.name, "people", person) for side, one in known if one is not None]
        return names or [person]
