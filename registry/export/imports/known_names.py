"""From what people write to the ids of the registry: an id, a name, a title, or all of them."""

import re
from collections.abc import Collection
from functools import cached_property

from registry.model.people import Person, Role, Team
from registry.wording import did_you_mean, listed
from registry.workspace.names import DisplayNames

PARTIES = ("people", "teams", "roles")
_COMMAS = re.compile(r",(?![^()]*\))")


class UnknownNameError(Exception):
    """Nobody, or more than one, has a name; `help` says the next action."""

    def __init__(self, message: str, help: str) -> None:  # noqa: A002 - the field's own name
        super().__init__(message)
        self.help = help


class KnownNames:
    """The people, teams and roles of a registry by everything that they are called."""

    def __init__(self, names: DisplayNames) -> None:
        self.names = names
        self.workspace = names.workspace

    @cached_property
    def _ids(self) -> dict[str, dict[str, None]]:
        """Folded name to the ids that it may mean, in the registry's order."""
        found: dict[str, dict[str, None]] = {}
        origins = self.workspace.origins
        for id_ in (id_ for section in PARTIES for id_ in origins.get(section, {})):
            called = self.names.called(id_)
            for name in (id_, called, self.names.holder(id_), f"{called} [{id_}]"):
                found.setdefault(folded(name), {})[id_] = None
        return found

    def id_of(self, text: str, sections: Collection[str] = PARTIES) -> str:
        """Return the id that is meant. Raises UnknownNameError for none and for several."""
        if any(self.workspace.has(section, text) for section in sections):
            return text
        ids = list(self._ids.get(folded(text), {}))
        of_kind = [id_ for id_ in ids if self.workspace.kind_of(id_) in sections]
        if len(of_kind) == 1:
            return of_kind[0]
        if of_kind:
            message = f"`{text}` may be {listed(of_kind, joint='or')}"
            raise UnknownNameError(message, "write the id")
        if ids:
            kind = {"people": "a person", "teams": "a team", "roles": "a role"}
            found = kind[str(self.workspace.kind_of(ids[0]))]
            wanted = " or ".join(kind[one] for one in sections)
            raise UnknownNameError(f"`{text}` is {found}, not {wanted}", "name another one")
        known = [name for id_ in self._all() for name in (id_, self.names.called(id_))]
        help_ = did_you_mean(text, known, "add them to the registry first, or correct the name")
        raise UnknownNameError(f"nobody is called `{text[:80]}`", help_)

    def ids_of(self, text: str, sections: Collection[str] = PARTIES) -> tuple[str, ...]:
        """Read several names, parted by `;`, line breaks or commas; errors as in `id_of`."""
        found: list[str] = []
        for part in filter(None, map(str.strip, re.split(r"[;\n]", text))):
            try:
                found.append(self.id_of(part, sections))
            except UnknownNameError:
                pieces = [one.strip() for one in _COMMAS.split(part) if one.strip()]
                if len(pieces) < 2:
                    raise
                found += (self.id_of(one, sections) for one in pieces)
        return tuple(dict.fromkeys(found))

    def _all(self) -> list[str]:
        kinds = (Person, Team, Role)
        return [id_ for kind in kinds for id_ in self.workspace.all(kind)]


def folded(name: str) -> str:
    """Return a name as names are compared: without case, and with single blanks."""
    return " ".join(name.split()).casefold()
