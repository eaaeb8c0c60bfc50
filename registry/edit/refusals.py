"""Why an entity is not renamed: the new id is none or taken, or not all that names it is known."""

import re
from collections.abc import Iterator
from typing import Any

from registry.diagnostic import Diagnostic
from registry.edit.mentions import Mentions
from registry.errors import CannotRunError
from registry.model.format import ID_PATTERN
from registry.model.reference import SHARED_IDS
from registry.model.sections import SECTIONS
from registry.source.scalar import is_placeholder
from registry.workspace.decode_errors import dotted
from registry.workspace.edges import Edge, Edges, Node
from registry.workspace.lookup import look_up
from registry.workspace.open import Opened
from registry.workspace.workspace import Workspace

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


def refuse(opened: Opened, subject: Node, new: str, found: Mentions) -> None:
    """Raise CannotRunError, with the next action, where an entity cannot become `new`."""
    workspace = opened.workspace
    _refuse_id(subject, new)
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
        help_ = "an id is at most 128 letters, digits, `.`, `_` and `-`; the first no sign"
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
    """Refuse where something that did not load may name the entity: half would stay as it was."""
    section, old = subject
    workspace = opened.workspace
    doubt = next(_hidden(opened, old), None)
    if doubt is None and found.unread:
        doubt = f"{found.unread[0]} has faults, and may name `{old}`"
    if doubt is None and workspace.may_hide(old):
        doubt = f"something that did not load may name `{old}`"
    if doubt is not None:
        raise CannotRunError(f"{section}/{old} is not renamed: {doubt}", _FIRST)


def _hidden(opened: Opened, old: str) -> Iterator[str]:
    """Yield what may name the entity where it cannot be written anew."""
    workspace = opened.workspace
    if workspace.blind:
        yield "a file could not be read, and may name it"
    for section, failed in workspace.failed.items():
        for id_, raw in failed.items():
            if old in _texts(raw):
                yield f"{_called(section, id_)} names `{old}`, and did not load"
    for (section, id_), fields in workspace.failed_fields.items():
        raw = workspace.raw(section, id_)
        for field in sorted(fields):
            if isinstance(raw, dict) and old in _texts(raw.get(field)):
                yield f"`{field}` of {_called(section, id_)} names `{old}`, and did not load"
    for one in opened.problems:
        if one.code == "OM009" and one.entity is not None and one.entity[1] == old:
            yield f"`{old}` is defined twice"
        elif one.code == "OM004" and old in _texts(_value(workspace, one)):
            of = f"`{dotted(one.field or ())}` of {_called(*(one.entity or ('', '')))}"
            yield f"{of} names `{old}`, and is no field"


def _called(section: str, id_: str) -> str:
    return f"the {SECTIONS[section].noun} `{id_}`"


def _value(workspace: Workspace, found: Diagnostic) -> Any:
    """Return what stands in the field that a finding is about; None where that is no entity's."""
    if found.entity is None:
        return None
    base = workspace.locate(*found.entity)
    return workspace.sources.value(base._replace(path=(*base.path, *(found.field or ()))))


def _texts(raw: Any) -> set[str]:
    if isinstance(raw, str):
        return {raw}
    if isinstance(raw, dict):
        return {text for key, one in raw.items() for text in {str(key)} | _texts(one)}
    return {text for one in raw for text in _texts(one)} if isinstance(raw, list) else set()


def _refuse_other_meaning(workspace: Workspace, subject: Node, new: str, found: Mentions) -> None:
    """Refuse an id by which a reference would come to mean something else than it does."""
    section, old = subject
    edges = Edges(workspace)
    for edge in found.edges:
        other = next((one for one in edge.reference.sections if workspace.has(one, new)), None)
        if other is not None or new in edge.reference.words:
            what = f"is {SECTIONS[other].a_noun}" if other else "has a meaning of its own"
            raise CannotRunError(
                f"`{new}` {what}, and {_place(edges, edge)} names `{old}`: it would mean that",
                "name another id",
            )
    for edge in edges.all:
        order = edge.reference.sections
        if edge.target != new or section not in order:
            continue
        if edge.found_in is None or order.index(section) < order.index(edge.found_in):
            raise CannotRunError(
                f"{_place(edges, edge)} names `{new}` already, and would mean this "
                f"{SECTIONS[section].noun}", "name another id, or correct that first",
            )  # fmt: skip


def _place(edges: Edges, edge: Edge) -> str:
    file, line = edges.place(edge)
    return f"`{edge.name}` at {file}:{line}"
