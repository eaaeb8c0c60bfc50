"""Entities that have another id after a change and are the same in all else: a pure renaming.

What was there before is then asked under the new ids, so that what remains of a comparison is
what the change does beside. Nothing is taken for renamed where more than one might be meant.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

from registry.compare.findings import FindingChanges
from registry.diagnostic import Diagnostic
from registry.model.entity import Entity, Part
from registry.model.fields import references
from registry.model.reference import Reference
from registry.model.sections import SECTIONS
from registry.span import KeyPath
from registry.workspace.edges import Node
from registry.workspace.workspace import Workspace

_SELF = "\0"
"""Stands for an entity's own id where entities of two ids are compared."""

Renames = Mapping[Node, str]
"""The new id of what is renamed, by its section and its old one."""

_Change = Callable[[str, Reference], str]


class Renaming(NamedTuple):
    """An entity `old` of a section that is called `new` after the change."""

    section: str
    old: str
    new: str


def renames(before: Workspace, after: Workspace) -> dict[Node, str]:
    """Find what is only called otherwise after a change.

    An id is gone, another is new in the same section, and both say the same, other renamed ids
    apart; no third entity that is gone or new says that as well.
    """
    found: dict[Node, str] = {}
    while more := dict(_renamed(before, after, found)):
        found |= more
    return found


def _renamed(before: Workspace, after: Workspace, known: Renames) -> Iterator[tuple[Node, str]]:
    taken = {(section, new) for (section, _), new in known.items()}
    for section, row in SECTIONS.items():
        if row.single or row.ids:
            continue
        gone = [
            id_ for id_ in _sound(before, section)
            if not after.has(section, id_) and (section, id_) not in known
        ]  # fmt: skip
        new = [
            id_ for id_ in _sound(after, section)
            if not before.has(section, id_) and (section, id_) not in taken
        ]  # fmt: skip
        if not (gone and new):
            continue
        old_texts = {id_: _said(before, section, id_, known) for id_ in gone}
        new_texts = {id_: _said(after, section, id_, {}) for id_ in new}
        number = Counter((*old_texts.values(), *new_texts.values()))
        by_text = {text: id_ for id_, text in new_texts.items()}
        for id_, text in old_texts.items():
            if text in by_text and number[text] == 2:
                yield (section, id_), by_text[text]


def _sound(workspace: Workspace, section: str) -> Iterator[str]:
    """Yield the ids of what loaded whole and says anything at all."""
    for id_, entity in workspace.entities.get(section, {}).items():
        if entity.model_fields_set and (section, id_) not in workspace.failed_fields:
            yield id_


def _said(workspace: Workspace, section: str, id_: str, known: Renames) -> str:
    """Write all that an entity says, references as they are called after the change."""
    own = {**known, (section, id_): _SELF}
    entity = _with_ids(workspace.entities[section][id_], _changing(workspace, own))
    return f"{entity!r} {workspace.extensions.get((section, id_), {})!r}"


def with_new_ids(workspace: Workspace, known: Renames) -> Workspace:
    """Return a registry as it was, with what is renamed under its new ids, wherever it is named."""
    change = _changing(workspace, known)
    entities = {
        section: {
            known.get((section, id_), id_): _with_ids(one, change) for id_, one in own.items()
        }
        for section, own in workspace.entities.items()
    }
    origins = {
        section: {known.get((section, id_), id_): file for id_, file in own.items()}
        for section, own in workspace.origins.items()
    }
    return replace(workspace, entities=entities, origins=origins)


def _changing(workspace: Workspace, known: Renames) -> _Change:
    def change(name: str, reference: Reference) -> str:
        home = next((one for one in reference.sections if workspace.has(one, name)), "")
        return known.get((home, name), name)

    return change


def _with_ids(entity: Entity, change: _Change) -> Entity:
    for steps, reference in references(type(entity)):
        entity = _rewritten(entity, steps, partial(_by_reference, change, reference))
    return entity


def _by_reference(change: _Change, reference: Reference, name: str) -> str:
    return change(name, reference)


def _rewritten(value: Any, steps: KeyPath, change: Callable[[str], str]) -> Any:
    """Return a value with other names at `steps`; one of another shape than they say as it is."""
    if not steps:
        return change(value) if isinstance(value, str) else value
    if steps[0] == "*key":
        is_mapping = isinstance(value, dict)
        return {change(key): one for key, one in value.items()} if is_mapping else value
    if steps[0] == "*":
        if not isinstance(value, tuple):
            return value
        return tuple(_rewritten(item, steps[1:], change) for item in value)
    if not isinstance(value, Part):
        return value
    step = str(steps[0])
    old = getattr(value, step)
    new = _rewritten(old, steps[1:], change)
    return value if new == old else value.model_copy(update={step: new})


def without_renames(found: FindingChanges, known: Renames) -> FindingChanges:
    """Take out the findings that are gone under an old id and new, in the same words, under a new.

    One that is graver now stays.
    """
    if not known:
        return found
    gone = Counter(_key(one, known) for one in found.gone)
    new = []
    for one in found.new:
        key = _key(one, {})
        if gone[key] > 0:
            gone[key] -= 1
        else:
            new.append(one)
    left = Counter(gone)
    kept = []
    for one in reversed(found.gone):
        key = _key(one, known)
        if left[key] > 0:
            left[key] -= 1
            kept.append(one)
    return found._replace(new=tuple(new), gone=tuple(reversed(kept)))


def _key(found: Diagnostic, known: Renames) -> tuple[object, ...]:
    """Tell a finding by what a renaming leaves as it is, under the new ids."""
    entity, message = found.entity, found.message
    for (section, old), new in known.items():
        if entity == (section, old):
            entity = (section, new)
        message = message.replace(f"`{old}`", f"`{new}`")
    return found.code, found.severity, entity, found.field, message


def listed(known: Renames) -> tuple[Renaming, ...]:
    """List what is renamed: sections in the order of the format, ids sorted."""
    order = list(SECTIONS)
    found = [Renaming(section, old, new) for (section, old), new in known.items()]
    return tuple(sorted(found, key=lambda one: (order.index(one.section), one.old)))
