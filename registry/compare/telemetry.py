"""What a change lets telemetry keep longer, or shorter; and who may read it, more or fewer."""

from collections.abc import Iterator
from typing import Literal, NamedTuple, TypeVar

from registry.compare.side import Side
from registry.model.entity import Entity
from registry.model.people import Team
from registry.model.telemetry import Store, TelemetryField
from registry.paging.pager import Place
from registry.workspace.indexes import Indexes
from registry.workspace.not_loaded import is_certain
from registry.workspace.workspace import Workspace

_REDACTIONS = ("none", "hash", "mask", "drop")
"""What is done to a value before it is kept, the least first."""

_EVERYONE = "everyone"
"""The word for anybody at all, in the place of an id."""

Way = Literal["grew", "shrank"]
Said = str | tuple[str, ...] | None
E = TypeVar("E", bound=Entity)


class TelemetryChange(NamedTuple):
    """One thing that `grew` or `shrank`: how long a store keeps, who reads it, what is captured.

    `field` is `retention`, `access` or `redaction`. `before` and `after` are as the registry says
    it, None where it does not, or where the store or field is not there. Of access they are who
    reads, by id, those behind teams and roles among them.
    """

    way: Way
    section: str
    id: str
    field: str
    before: Said
    after: Said
    place: Place


def telemetry_changes(before: Side, after: Side) -> tuple[TelemetryChange, ...]:
    """Return what grew, then what shrank; stores first, by id."""
    old, new = (side.opened.workspace for side in (before, after))
    found = [*_retention(old, new), *_access(old, new), *_redaction(old, new)]
    return tuple(sorted(found, key=lambda one: (one.way, one.section != "stores", one.id)))


def _retention(old: Workspace, new: Workspace) -> Iterator[TelemetryChange]:
    for id_, was, now in _pairs(old, new, Store, "stores", "retention"):
        before, after = (one.retention if one is not None else None for one in (was, now))
        lengths = [_kept(one, time) for one, time in ((was, before), (now, after))]
        if lengths[0] == lengths[1]:
            continue
        way: Way = "grew" if lengths[1] > lengths[0] else "shrank"
        yield _change((old, new), way, ("stores", id_, "retention"), before, after)


def _kept(store: Store | None, retention: object) -> float:
    """Return how long a store keeps (ms): not at all where it is not there, for ever if unsaid."""
    if store is None:
        return -1
    return getattr(retention, "milliseconds", float("inf"))


def _access(old: Workspace, new: Workspace) -> Iterator[TelemetryChange]:
    for id_, was, now in _pairs(old, new, Store, "stores", "access"):
        before = _readers(old, was) if was is not None else ()
        after = _readers(new, now) if now is not None else ()
        grew = set(after) - set(before) if _EVERYONE not in before else set()
        shrank = set(before) - set(after) if _EVERYONE not in after else set()
        if grew:
            yield _change((old, new), "grew", ("stores", id_, "access"), before, after)
        if shrank:
            yield _change((old, new), "shrank", ("stores", id_, "access"), before, after)


def _readers(workspace: Workspace, store: Store) -> tuple[str, ...]:
    """Return whom a store names, and the people behind teams and roles; of all, only that."""
    if _EVERYONE in store.access:
        return (_EVERYONE,)
    graph = Indexes(workspace)
    found: dict[str, None] = {}
    for name in store.access:
        team = workspace.all(Team).get(name)
        named = (name,) if team is None else (*graph.members_of[name], *filter(None, [team.lead]))
        found.update((graph.person(one) or one, None) for one in named)
    return tuple(found)


def _redaction(old: Workspace, new: Workspace) -> Iterator[TelemetryChange]:
    for id_, was, now in _pairs(old, new, TelemetryField, "fields", "redaction"):
        before, after = (one.redaction if one is not None else None for one in (was, now))
        rank = [_REDACTIONS.index(one or "drop") for one in (before, after)]
        if rank[0] != rank[1]:
            way: Way = "grew" if rank[1] < rank[0] else "shrank"
            yield _change((old, new), way, ("fields", id_, "redaction"), before, after)


def _pairs(
    old: Workspace, new: Workspace, model: type[E], section: str, field: str
) -> Iterator[tuple[str, E | None, E | None]]:
    """Yield the entities of a section, before and after, of which the field is certain."""
    sides = [(one, one.all(model)) for one in (old, new)]
    for id_ in sorted({*sides[0][1], *sides[1][1]}):
        if all(is_certain(one, section, id_, (field,)) for one in (old, new)):
            yield id_, sides[0][1].get(id_), sides[1][1].get(id_)


def _change(
    workspaces: tuple[Workspace, Workspace],
    way: Way,
    subject: tuple[str, str, str],
    before: Said,
    after: Said,
) -> TelemetryChange:
    old, new = workspaces
    section, id_, field = subject
    side = new if id_ in new.entities.get(section, {}) else old
    at = side.locate(section, id_)
    line = side.resolve(at).start.line
    return TelemetryChange(way, section, id_, field, before, after, Place(at.file, line))
