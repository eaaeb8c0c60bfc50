"""Why an entity is not renamed: the new id is none or taken, or not all that names it is known."""

import re
from collections.abc import Iterator
from typing import Any

from registry.edit.mentions import Mention, Mentions, referring, resolved
from registry.errors import CannotRunError
from registry.model.format import ID_PATTERN, ID_WORDS
from registry.model.reference import SHARED_IDS
from registry.model.sections import SECTIONS
from registry.source.scalar import is_placeholder
from registry.span import Location
from registry.workspace.edges import Node
from registry.workspace.lookup import look_up
from registry.workspace.not_loaded import unread_files
from registry.workspace.open import Opened
from registry.workspace.workspace import Workspace


class UnreadError(CannotRunError):
    """A registry is not changed beside a file or folder that could not be read."""


_ID = re.compile(ID_PATTERN)
_FIRST = "mend what `opmodel check` says first"


def sought(workspace: Workspace, name: str) -> Node:
    """Find the entity that is to be renamed: `section/id`, or an id that stands in one section.

    Raises CannotRunError where there is none such, and for an id that several sections have.
    """
    if "/" not in name:
        found = [section for section in SECTIONS if workspace.has(section, name)]
        if len(found) > 1:
            ways = " or ".join(f"`{one}/{name}`" for one in found)
            raise CannotRunError(f"`{name}` stands in several sections", f"rename {ways}")
    return look_up(workspace, name)


def refuse_unread(workspace: Workspace, what: str) -> None:
    """Refuse to change a registry of which a file or folder could not be read.

    What stands there may hang on what changes, or the change on it. `what` begins the message.
    Raises UnreadError with the next action.
    """
    lost = unread_files(workspace)
    if lost is not None:
        raise UnreadError(f"{what}: {lost}, and this may hang on what stands there", _FIRST)


def refuse(opened: Opened, subject: Node, new: str, found: Mentions) -> None:
    """Raise CannotRunError, with the next action, where an entity cannot become `new`."""
    workspace = opened.workspace
    _refuse_id(subject, new)
    refuse_unread(workspace, f"{'/'.join(subject)} is not renamed")
    _refuse_taken(workspace, subject[0], new)
    _refuse_doubts(opened, subject, found)
    _refuse_other_meaning(workspace, subject, new, found)


def _refuse_id(subject: Node, new: str) -> None:
    section, old = subject
    row = SECTIONS[section]
    if row.single or row.ids:
        fixed = "has no id" if row.single else f"is one of {', '.join(row.ids)}"
        raise CannotRunError(f"a {row.noun} is not renamed: it {fixed}", "leave it as it is")
    if new == old:
        raise CannotRunError(f"the {row.noun} is called `{old}` already", "name another id")
    if not _ID.fullmatch(new):
        help_ = ID_WORDS
        raise CannotRunError(f"`{new[:80]}` is no id", help_)
    if is_placeholder(new):
        raise CannotRunError(f"`{new}` stands for a missing value", "name another id")


def _refuse_taken(workspace: Workspace, section: str, new: str) -> None:
    spaces = SHARED_IDS if section in SHARED_IDS else (section,)
    other = next((one for one in spaces if workspace.has(one, new)), None)
    if other is not None:
        at = workspace.locate(other, new)
        line = workspace.resolve(at).start.line
        message = f"`{new}` is {SECTIONS[other].a_noun} already, at {at.file}:{line}"
        raise CannotRunError(message, "name another id")
    if workspace.may_define(new):
        raise CannotRunError(f"`{new}` may stand in what could not be read", _FIRST)


def _refuse_doubts(opened: Opened, subject: Node, found: Mentions) -> None:
    """Refuse where something that is not known may name the entity: half would stay as it was."""
    section, old = subject
    doubt = next(_doubts(opened, old, found), None)
    if doubt is not None:
        raise CannotRunError(f"{section}/{old} is not renamed: {doubt}", _FIRST)


def _doubts(opened: Opened, old: str, found: Mentions) -> Iterator[str]:
    """Yield what may name the entity where it cannot be written anew."""
    workspace = opened.workspace
    yield from (f"{what}, and may name `{old}`" for what in found.unread)
    if not opened.baseline.is_whole:
        yield f"{opened.baseline.name} has faults, and may name `{old}`"
    if workspace.may_define(old):
        yield f"what could not be read may name `{old}`"
    for place, what in _unsound(opened):
        value = workspace.sources.value(place)
        known = [one.at for one in found.places if one.at.file == place.file]
        inside = sum(one.path[: len(place.path)] == place.path for one in known)
        if _count(value, old) > inside:
            yield f"{what} names `{old}`"
    for one in opened.problems:
        if one.code == "OM009" and one.entity is not None:
            if one.entity[1] == old:
                yield f"`{old}` is defined twice"
            elif _count(workspace.sources.value(one.primary.location), old):
                yield f"{_called(*one.entity)} is defined twice, and names `{old}`"


def _unsound(opened: Opened) -> Iterator[tuple[Location, str]]:
    """Yield each place whose value is none that its field takes, and what to call it."""
    workspace = opened.workspace
    for section, failed in workspace.failed.items():
        for id_, raw in failed.items():
            if not isinstance(raw, dict):
                yield workspace.locate(section, id_), f"{_called(section, id_)}, which is none,"
    for (section, id_), fields in workspace.failed_fields.items():
        for field in sorted(fields):
            name = f"`{field}` of {_called(section, id_)}"
            yield workspace.locate(section, id_, (field,)), f"{name} did not load, and"


def _called(section: str, id_: str) -> str:
    return f"the {SECTIONS[section].noun} `{id_}`"


def _count(raw: Any, old: str) -> int:
    """Count the keys and the texts that are an id."""
    if isinstance(raw, dict):
        return sum((key == old) + _count(one, old) for key, one in raw.items())
    if isinstance(raw, list):
        return sum(_count(one, old) for one in raw)
    return int(raw == old)


def _refuse_other_meaning(workspace: Workspace, subject: Node, new: str, found: Mentions) -> None:
    """Refuse an id by which a reference would come to mean something else than it does."""
    section, old = subject
    for one in found.places:
        if one.reference is None:
            continue
        other = resolved(workspace, one.reference, new)
        if other is not None or new in one.reference.words:
            what = f"is {SECTIONS[other].a_noun}" if other else "has a meaning of its own"
            message = (
                f"`{new}` {what}, and {_place(workspace, one)} names `{old}`: it would mean that"
            )
            raise CannotRunError(message, "name another id")
    for other in SECTIONS:
        for one in referring(workspace, new, other) if workspace.has(other, new) else ():
            order = one.reference.sections if one.reference else ()
            if section in order and order.index(section) < order.index(other):
                message = f"{_place(workspace, one)} names `{new}`, {SECTIONS[other].a_noun}"
                message += f", and would mean this {SECTIONS[section].noun}"
                raise CannotRunError(message, "name another id")


def _place(workspace: Workspace, mention: Mention) -> str:
    line = workspace.resolve(mention.at).start.line
    return f"`{mention.field}` at {mention.at.file}:{line}"
