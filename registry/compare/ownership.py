"""Whose things are after a change, and whose they were."""

from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple

from registry.compare.side import Side
from registry.compare.unchanged import PARTIES, are_same
from registry.model.entity import Entity
from registry.model.sections import SECTIONS
from registry.paging.charge import Charges, owning_fields, owning_meaning
from registry.paging.pager import Pager, Place
from registry.workspace.not_loaded import is_certain

OwnershipKind = Literal["lost", "moved", "gone", "new", "won"]
"""What becomes of an owner, the gravest first."""

KINDS: tuple[OwnershipKind, ...] = ("lost", "moved", "gone", "new", "won")


class OwnershipChange(NamedTuple):
    """What a change does to whose an entity is: the person before, and after.

    `kind` is `lost` or `won` where it has nobody now, or had; `gone` and `new` of an entity that
    stands on one side alone. Where nobody is named after the change, `why` says why.
    """

    kind: OwnershipKind
    section: str
    id: str
    before: str | None
    after: str | None
    why: str | None
    place: Place


class OwnershipChanges:
    """Changes of owners between two sides, as of an instant."""

    def __init__(self, before: Side, after: Side, at: int) -> None:
        self.before = _Owners(before, at)
        self.after = _Owners(after, at)
        sides = (before.opened.workspace, after.opened.workspace)
        self._same_parties = are_same(*sides, PARTIES)

    def all(self) -> tuple[OwnershipChange, ...]:
        """Return the changes, kind by kind; sections in the order of the format, ids sorted."""
        found = [
            one for section in SECTIONS if _is_of_something(section) for one in self._of(section)
        ]
        order = list(SECTIONS)
        key = lambda one: (KINDS.index(one.kind), order.index(one.section), one.id)  # noqa: E731
        return tuple(sorted(found, key=key))

    def _of(self, section: str) -> Iterator[OwnershipChange]:
        ids = {**self.before.all(section), **self.after.all(section)}
        for id_ in ids:
            if self._same_parties and self.before.is_as(self.after, section, id_):
                continue
            if self.before.is_sure(section, id_) and self.after.is_sure(section, id_):
                yield from self._change(section, id_)

    def _change(self, section: str, id_: str) -> Iterator[OwnershipChange]:
        old, new = id_ in self.before.all(section), id_ in self.after.all(section)
        before, _ = self.before.owner(section, id_) if old else (None, None)
        after, why = self.after.owner(section, id_) if new else (None, None)
        kind = _kind(old=old, new=new, before=before, after=after)
        if kind is not None:
            place = (self.after if new else self.before).pager.place(section, id_)
            yield OwnershipChange(kind, section, id_, before, after, why, place)


class _Owners:
    """Whose the entities of one side are, as of an instant; who has left owns nothing."""

    def __init__(self, side: Side, at: int) -> None:
        self.workspace = side.opened.workspace
        self.charges = Charges(self.workspace)
        self.pager = Pager(self.workspace, at)

    def all(self, section: str) -> Mapping[str, Entity]:
        """Return what loaded of a section, by id."""
        return self.workspace.entities.get(section, {})

    def is_as(self, other: "_Owners", section: str, id_: str) -> bool:
        """Whether an entity says the same here and there."""
        own, others = self.all(section), other.all(section)
        return id_ in own and id_ in others and own[id_] == others[id_]

    def is_sure(self, section: str, id_: str) -> bool:
        """Whether it is certain whose an entity is, or that it is not there."""
        return is_certain(self.workspace, section, id_, owning_fields(section))

    def owner(self, section: str, id_: str) -> tuple[str | None, str | None]:
        """Name the one person who owns an entity or answers for it; else say why nobody does."""
        charge = self.charges.of(section, id_)
        is_answered_for = owning_meaning(section) == "answers for"
        named = charge.accountable if is_answered_for else charge.owner
        if named is None:
            return None, (charge.missing or "").partition(": ")[2] or None
        person = named.person
        if self.pager.has_left(person):
            return None, f"`{person}` {self.pager.person(person).but}"
        return person, None


def _is_of_something(section: str) -> bool:
    return section != "people" and bool(owning_fields(section))


def _kind(*, old: bool, new: bool, before: str | None, after: str | None) -> OwnershipKind | None:
    """Tell what becomes of an owner; None where nothing does."""
    if old and not new:
        return "gone" if before else None
    if new and not old:
        return "new" if after else "lost"
    if before == after:
        return None
    return "lost" if after is None else "won" if before is None else "moved"
