"""A registry on its way to readers: what may be shown of it, and in which words.

Telephone numbers and e-mail addresses stay behind unless they are asked for; what looks like a
secret always does. Every method that returns Markdown has escaped what strangers wrote.
"""

from collections.abc import Iterable
from datetime import datetime

from registry.export.reached import ReachedNames
from registry.model.entity import Entity
from registry.model.people import Person
from registry.model.reference import names
from registry.model.sections import SECTION_OF, SECTIONS
from registry.output.contacts import hide_contacts
from registry.output.markdown import Resolve, code, literal, rich
from registry.workspace.names import DisplayNames
from registry.workspace.policy import Policy
from registry.workspace.workspace import Workspace

NOTHING = "*Nothing is written down.*"


class Edition:
    """One workspace for one audience.

    `at` is the instant that it is made for, an aware datetime; `zone` the reader's, if one is
    named. `notes` say what of the registry could not be read.
    """

    def __init__(  # noqa: PLR0913 - what an edition depends on
        self,
        workspace: Workspace,
        policy: Policy,
        at: datetime,
        zone: str | None = None,
        notes: Iterable[str] = (),
        *,
        with_contacts: bool = False,
    ) -> None:
        self.workspace = workspace
        self.policy = policy
        self.at = at
        self.zone = zone or workspace.manifest.timezone or "UTC"
        self.notes = tuple(notes)
        self.with_contacts = with_contacts
        self.roster = DisplayNames(workspace)
        self.reached = ReachedNames(self.roster, at)

    def text(self, value: str) -> str:
        """Return a text without what may not be shown."""
        masked = self.workspace.sources.masked(value)
        return masked if self.with_contacts else hide_contacts(masked)

    def literal(self, value: str) -> str:
        """Write a text as Markdown that reads as it is."""
        return literal(self.text(value))

    def rich(self, value: str, resolve: Resolve = lambda _: None) -> str:
        """Write a text in which Markdown may stand, as Markdown that does nothing else."""
        return rich(self.text(value), resolve)

    def id(self, value: str) -> str:
        """Write an id as code."""
        return code(self.text(value) if "@" in value else value)

    def ids(self, values: Iterable[str]) -> str:
        """Write several ids as code."""
        return ", ".join(map(self.id, values))

    def who(self, value: str | Iterable[str] | None) -> str:
        """Name whoever an owning field names, with who is behind a role; `nobody` for none."""
        ids = names(value if value is None or isinstance(value, str) else tuple(value))
        return ", ".join(self.literal(self.roster.holder(id_)) for id_ in ids) or "*nobody*"

    def owner(self, value: str | Iterable[str] | None) -> str:
        """Name the one person whom an owning field names, and say so where it names no one person.

        So a page names the owner that `who` does, and hides none of what is written.
        """
        ids = names(value if value is None or isinstance(value, str) else tuple(value))
        is_one = not ids or self.roster.owner(ids)
        return self.who(ids) if is_one else f"*no one person*: {self.who(ids)}"

    def unread(self, model: type[Entity], id_: str) -> list[str]:
        """Say which fields of an entity could not be read, as a line of Markdown; else nothing."""
        failed = self.workspace.failed_fields.get((SECTION_OF[model], id_), frozenset())
        if not failed:
            return []
        noun = SECTIONS[SECTION_OF[model]].noun
        says = f"Could not be read of this {noun}: {self.ids(sorted(failed))}."
        return ["", f"**{says} `opmodel check` says why.**", ""]

    def warnings(self) -> list[str]:
        """Repeat what of the registry could not be read, as lines of Markdown."""
        return [line for note in self.notes for line in ("", f"**{rich(note)}.**")]

    def contacts(self, person: str) -> str:
        """List how a person is reached, as Markdown; empty unless contacts were asked for."""
        found = self.workspace.all(Person).get(person)
        if found is None or not self.with_contacts:
            return ""
        own = found.contact
        email = (own.email if own else None) or found.email
        ways: dict[str, str | None] = {"e-mail": email}
        if own is not None:
            ways |= {"phone": own.phone, "slack": own.slack, "teams": own.teams, "pager": own.pager}
        return ", ".join(f"{way} {self.literal(value)}" for way, value in ways.items() if value)


def file_names(ids: Iterable[str], taken: Iterable[str] = ("index",)) -> dict[str, str]:
    """Give each id a page's name, in order: safe on every file system, none twice in any case.

    `taken` are names without suffix that are not to be used.
    """
    used = {name.casefold() for name in taken}
    found: dict[str, str] = {}
    for id_ in ids:
        name, number = (f"{id_}_" if id_.casefold().split(".")[0] in _DEVICES else id_), 1
        while name.casefold() in used:
            number += 1
            name = f"{id_}_{number}"
        used.add(name.casefold())
        found[id_] = f"{name}.md"
    return found


_DEVICES = frozenset(
    {"con", "prn", "aux", "nul", *(f"{one}{n}" for one in ("com", "lpt") for n in range(1, 10))}
)
"""Names that Windows keeps for devices, whatever their suffix."""
