"""What the names of the deployed stack mean in the registry, by its section `bindings`."""

from collections.abc import ItemsView, Iterator, Mapping
from typing import NamedTuple

from registry.model.bindings import VALUED, Binding
from registry.model.oncall import Escalation, Schedule
from registry.model.people import Channel, Person
from registry.model.reference import names
from registry.workspace.workspace import Workspace

Key = tuple[str, str, str | None]
"""A binding's field, the name in it, and the value, if it is about one."""


class Meaning(NamedTuple):
    """An id of the registry that can be addressed, its section, and the binding that leads there.

    `binding` is empty where the name is the id itself.
    """

    id: str
    section: str
    binding: str = ""

    @property
    def pages(self) -> bool | None:
        """Whether what goes there pages somebody; None where that is not said."""
        if self.section in {"escalations", "schedules"}:
            return True
        return False if self.section == "channels" else None


class Contradiction(NamedTuple):
    """Two bindings of one name that mean different things, and the field that says so."""

    first: str
    second: str
    field: str


class Bindings:
    """Every binding of a workspace, by what it binds. Of several of one name the first counts."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        everything = workspace.all(Binding)
        self.sound = {id_: one for id_, one in everything.items() if len(one.named) == 1}
        self._ids: dict[str, dict[Key, str]] = {"means": {}, "alert": {}}
        self._open: dict[Key, str] = {}
        for id_, binding in self.sound.items():
            if binding.value is None and binding.named[0] in VALUED:
                self._open.setdefault(_key(binding), id_)
            for field, ids in self._ids.items():
                if getattr(binding, field) is not None:
                    ids.setdefault(_key(binding), id_)
        named: dict[str, dict[str, None]] = {}
        for kind, name, _ in (*self._open, *self._ids["means"]):
            named.setdefault(kind, {})[name] = None
        self._named = {kind: tuple(names) for kind, names in named.items()}
        self._matches: dict[str | None, list[tuple[str, ItemsView[str, str]]]] = {}
        for id_, one in self.sound.items():
            if one.match and one.alert is not None:
                found = self._matches.setdefault(one.match.get("alertname"), [])
                found.append((id_, one.match.items()))
        odd = (id_ for id_ in workspace.origins.get("bindings", {}) if id_ not in self.sound)
        self._unread = {text for id_ in odd for text in _texts(workspace.raw("bindings", id_))}

    @property
    def names_alerts(self) -> bool:
        """Whether any binding leads to an alert of the registry."""
        return bool(self._ids["alert"] or self._matches)

    def meaning(self, kind: str, name: str, value: str | None = None) -> Meaning | None:
        """Tell what a receiver, a service, an owner, or a label's or annotation's value means.

        A value that is not bound itself is an id, where the whole label or annotation is bound.
        """
        id_ = self._ids["means"].get((kind, name, value))
        if id_ is not None:
            return self.known(str(self.sound[id_].means), id_)
        id_ = self._open.get((kind, name, None))
        return self.known(value, id_) if id_ is not None and value is not None else None

    def known(self, id_: str, binding: str = "") -> Meaning | None:
        """Tell what an id is that can be addressed; None where it is nothing that loaded."""
        section = self.workspace.kind_of(id_)
        if section is None or id_ not in self.workspace.entities.get(section, {}):
            return None
        return Meaning(id_, section, binding)

    def alert(self, kind: str, name: str, value: str) -> tuple[str, str] | None:
        """Name the registry's alert that a label's or annotation's value means, and the binding."""
        id_ = self._ids["alert"].get((kind, name, value))
        return (str(self.sound[id_].alert), id_) if id_ is not None else None

    def matched(self, labels: Mapping[str, str]) -> tuple[str, str] | None:
        """Name the registry's alert whose binding matches labels, and the binding.

        Of several that match the one that asks for the most labels counts.
        """
        named = self._matches.get(labels.get("alertname"), [])
        found = [one for one in (*named, *self._matches.get(None, ())) if one[1] <= labels.items()]
        if not found:
            return None
        id_, _ = max(found, key=lambda one: len(one[1]))
        return str(self.sound[id_].alert), id_

    def is_named(self, kind: str, name: str) -> bool:
        """Whether any binding speaks of a name, one that leads nowhere or did not load too."""
        key = (kind, name, None)
        is_bound = key in self._ids["means"] or key in self._open
        return is_bound or name in self._unread or self.workspace.may_hide(name)

    def of(self, kind: str) -> tuple[str, ...]:
        """List the labels, or annotations, of which some value has a meaning, in order."""
        return self._named.get(kind, ())

    def owner(self, written: str) -> Meaning | None:
        """Tell who an owner is, as a catalogue or a CODEOWNERS file writes it.

        Without a binding it is the team, role or person of that very id: `group:default/search`
        and `@acme/search` are the team `search`, an address is the one person who has it.
        """
        bound = self.meaning("owner", written)
        if bound is not None:
            return bound
        if "@" in written[1:]:
            people = self.workspace.all(Person).items()
            owners = [id_ for id_, one in people if written in _addresses(one)]
            return Meaning(owners[0], "people") if len(owners) == 1 else None
        found = self.known(written.rpartition("/")[2].rpartition(":")[2].removeprefix("@"))
        return found if found is not None and found.section in _OWNING else None

    def owners(self, meaning: Meaning) -> Iterator[Meaning]:
        """Yield who answers for what an id is: itself, a channel's owner, a schedule's team.

        For an escalation it is whom its first step tells.
        """
        told: tuple[str, ...] = ()
        if meaning.section in _OWNING:
            yield meaning
        elif meaning.section == "channels":
            told = names(self.workspace.all(Channel)[meaning.id].owner)
        elif meaning.section == "schedules":
            told = names(self.workspace.all(Schedule)[meaning.id].team)
        else:
            steps = self.workspace.all(Escalation)[meaning.id].steps[:1]
            told = tuple(id_ for step in steps for id_ in step.notify)
        for one in map(self.known, told):
            # What a step tells is no escalation: this ends.
            yield from self.owners(one) if one is not None else ()

    def contradictions(self) -> Iterator[Contradiction]:
        """Yield each binding that gives a name another meaning than an earlier one does."""
        for id_, binding in self.sound.items():
            for field, ids in self._ids.items():
                first = ids.get(_key(binding), id_)
                meant = getattr(binding, field)
                if meant is not None and getattr(self.sound[first], field) != meant:
                    yield Contradiction(first, id_, field)


_OWNING = frozenset({"people", "teams", "roles"})


def called(binding: Binding) -> str:
    """Call what a binding is about, as "`db` of the label `team`"."""
    kind, name, value = _key(binding)
    return f"the {kind} `{name}`" if value is None else f"`{value}` of the {kind} `{name}`"


def _key(binding: Binding) -> Key:
    kind = binding.named[0]
    name = getattr(binding, kind)
    if kind == "match":
        name = ", ".join(f"{label}={value}" for label, value in sorted(name.items()))
    return kind, name, binding.value


def _addresses(person: Person) -> set[str | None]:
    return {person.email and str(person.email)} | (
        {str(person.contact.email)} if person.contact and person.contact.email else set()
    )


def _texts(raw: object) -> Iterator[str]:
    """Yield every text of a binding that did not load: what it names is not known."""
    for value in raw.values() if isinstance(raw, dict) else ():
        if isinstance(value, str):
            yield value
