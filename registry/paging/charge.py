"""Who owns an entity, and who answers for its row: one person each, and never a fallback.

Which fields say so is told by what they mean, so that a new section has its answer the day it is
added. Nothing here depends on the hour but for a role that a schedule holds.
"""

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from registry.model.entity import Entity
from registry.model.fields import references
from registry.model.people import Role
from registry.model.reference import Meaning, Reference, names
from registry.model.sections import SECTIONS
from registry.paging.pager import Pager, Place
from registry.span import KeyPath
from registry.workspace.edges import Node
from registry.workspace.indexes import Indexes
from registry.workspace.not_loaded import unknown, unread
from registry.workspace.workspace import Workspace

_OWNING: frozenset[Meaning] = frozenset({"owns", "commands", "leads", "holds"})
_MEASURING: frozenset[Meaning] = frozenset({"measures", "measured by"})


class Named(NamedTuple):
    """The one person whom a field names, as `via` themselves or their role; `place` is the field.

    The person may be one who did not load.
    """

    person: str
    via: str
    place: Place


class Charge(NamedTuple):
    """Who owns an entity, who answers for its row, and the row's team and responsible.

    `missing` says why nobody owns it, or answers for what has only a row; None where somebody does,
    and where the section has neither.
    """

    owner: Named | None = None
    accountable: Named | None = None
    team: str | None = None
    responsible: tuple[str, ...] = ()
    missing: str | None = None


class Charges:
    """The charges of one workspace, for several questions.

    With a `pager`, whoever is on call at its instant owns a role that a schedule holds.
    """

    def __init__(self, workspace: Workspace, pager: Pager | None = None) -> None:
        self.workspace = workspace
        self.pager = pager
        self.graph = Indexes(workspace)

    def of(self, section: str, id_: str) -> Charge:
        """Tell whose an entity is that loaded."""
        charge = self._written(section, id_)
        role = self.workspace.all(Role).get(id_) if section == "roles" else None
        if self.pager is None or role is None or role.holder or role.schedule is None:
            return charge
        place = self.pager.place("roles", id_, ("schedule",))
        (hop,) = self.pager.chain(id_, place)
        if len(hop.reached) == 1:
            return charge._replace(owner=Named(hop.reached[0], id_, place), missing=None)
        nobody = None if hop.reached else f"nobody holds it now: {hop.breaks}"
        return charge._replace(responsible=hop.reached, missing=nobody)

    def _written(self, section: str, id_: str) -> Charge:
        """Tell whose an entity is, whatever the hour."""
        node = (section, id_)
        if section == "people":
            return Charge(Named(id_, id_, self._place(node)))
        owner, accountable = self._first(_OWNING, node), self.accountable(node)
        field = _field(section, _OWNING)
        missing = None
        if owner is None and field is not None:
            missing = f"nobody owns it: {self._why(node, field)}"
        elif field is None and accountable is None and self._has_row(section):
            missing = f"nobody answers for it: {self._why_no_row(node)}"
        team = (id_,) if section == "teams" else self._said("team of", node)
        responsible = self._said("responsible", node)
        return Charge(owner, accountable, team[0] if len(team) == 1 else None, responsible, missing)

    def owner(self, section: str, id_: str) -> Named | None:
        """Name whoever the entity's own `owner` names; None where that is no one person."""
        return self._first(_OWNING, (section, id_))

    def accountable(self, node: Node) -> Named | None:
        """Name who answers for the entity's row: its own, its layer's, its metric's layer's."""
        return next(filter(None, (self._named("answers for", one) for one in self._rows(node))),
                    None)  # fmt: skip

    # -- whom a field names ----------------------------------------------------------------------

    def _first(self, meanings: frozenset[Meaning], node: Node) -> Named | None:
        return next(filter(None, (self._named(one, node) for one in sorted(meanings))), None)

    def _named(self, meaning: Meaning, node: Node) -> Named | None:
        for field in _fields(node[0], frozenset({meaning})):
            ids = self._ids(node, field)
            person = self._person(ids[0]) if len(ids) == 1 else None
            if person is not None:
                return Named(person, ids[0], self._place(node, field))
        return None

    def _person(self, id_: str) -> str | None:
        if self.workspace.has("people", id_):
            return id_
        role = self.workspace.all(Role).get(id_)
        held = role.holder if role is not None else None
        return held if held is not None and self.workspace.has("people", held) else None

    def _said(self, meaning: Meaning, node: Node) -> tuple[str, ...]:
        """List what an entity names itself, else what its row names."""
        for one in (node, *self._rows(node)):
            for field in _fields(one[0], frozenset({meaning})):
                if ids := self._ids(one, field):
                    return ids
        return ()

    def _ids(self, node: Node, field: str) -> tuple[str, ...]:
        entity = self.workspace.entities.get(node[0], {}).get(node[1])
        return names(getattr(entity, field)) if entity is not None else ()

    def _rows(self, node: Node) -> Iterator[Node]:
        """Yield what may say who answers for an entity: itself, its layer, its metric's layer."""
        yield node
        metrics = [("metrics", one) for one in self._linked(_MEASURING, node)]
        for one in (node, *metrics):
            yield from (("ownership", id_) for id_ in self._linked(frozenset({"belongs to"}), one))

    def _linked(self, meanings: frozenset[Meaning], node: Node) -> tuple[str, ...]:
        return tuple(id_ for field in _fields(node[0], meanings) for id_ in self._ids(node, field))

    def _place(self, node: Node, field: str = "") -> Place:
        at = self.workspace.locate(*node, (field,) if field else ())
        return Place(at.file, self.workspace.resolve(at).start.line)

    # -- why nobody does -------------------------------------------------------------------------

    def _has_row(self, section: str) -> bool:
        return _field(section, frozenset({"answers for", "belongs to"})) is not None

    def _why(self, node: Node, field: str) -> str:
        fields = _fields(node[0], _OWNING) or (field,)
        lost = unread(self.workspace, *node, fields)
        if lost is not None:
            return lost
        ids = next(filter(None, (self._ids(node, one) for one in fields)), ())
        return self._no_person(ids, field)

    def _why_no_row(self, node: Node) -> str:
        """Say why nobody answers for what only a row answers for: which one, and what it lacks."""
        layers = () if node[0] == "ownership" else self._linked(frozenset({"belongs to"}), node)
        if node[0] != "ownership" and not layers:
            return unread(self.workspace, *node, ("layer",)) or "it belongs to no layer"
        row = ("ownership", layers[0]) if layers else node
        which = f"the layer `{row[1]}` " if layers else ""
        if row[1] not in self.workspace.entities["ownership"]:
            known = self.workspace.has(*row) or self.workspace.may_hide(row[1])
            return f"{which}{'did not load' if known else 'does not exist'}"
        unowned = getattr(self.workspace.entities["ownership"][row[1]], "unowned", None)
        if unowned is not None:
            until = f" until {unowned.until}" if unowned.until else ""
            because = f": {unowned.reason}" if unowned.reason else ""
            return f"{which or 'it '}is unowned on purpose{until}{because}"
        lost = unread(self.workspace, *row, ("accountable",))
        why = lost or self._no_person(self._ids(row, "accountable"), "accountable")
        return f"{which.rstrip()}: {why}" if which and not lost else why

    def _no_person(self, ids: tuple[str, ...], field: str) -> str:
        """Say why the names of a field are no one person."""
        if not ids:
            return f"it has no `{field}`"
        problem = self.graph.owner_problem(ids)
        if problem is not None:
            return f"its `{field}` is {problem}"
        role = self.workspace.all(Role).get(ids[0])
        if role is None:
            return f"`{ids[0]}` {unknown(self.workspace, ids[0])}"
        if role.holder is not None:
            return f"`{role.holder}`, who holds `{ids[0]}`, {unknown(self.workspace, role.holder)}"
        return unread(self.workspace, "roles", ids[0], ("holder",)) or f"nobody holds `{ids[0]}`"


def _fields(section: str, meanings: frozenset[Meaning]) -> tuple[str, ...]:
    """List the fields of a section itself, and not of a part in it, that mean one of these."""
    return _fields_of(SECTIONS[section].model, meanings)


@cache
def _fields_of(model: type[Entity], meanings: frozenset[Meaning]) -> tuple[str, ...]:
    found = references(model)
    return tuple(
        dict.fromkeys(
            str(path[0]) for path, reference in found if _is_own(path, reference, meanings)
        )
    )


def _is_own(path: KeyPath, reference: Reference, meanings: frozenset[Meaning]) -> bool:
    return reference.meaning in meanings and path[1:] in {(), ("*",)}


def _field(section: str, meanings: frozenset[Meaning]) -> str | None:
    return next(iter(_fields(section, meanings)), None)
