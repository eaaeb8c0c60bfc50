"""Whether changed entities would load: what the check would say of them once they are written."""

import copy
from collections.abc import Iterator
from typing import Any

from registry.edit.change import FieldChange, RefusedChange
from registry.model.fields import fields, named
from registry.model.sections import SECTIONS
from registry.workspace.decode import decode_one
from registry.workspace.decode_errors import EntityPlace
from registry.workspace.workspace import Workspace


def invalid(workspace: Workspace, changes: tuple[FieldChange, ...]) -> Iterator[RefusedChange]:
    """Yield each change after which its field would not load, or would name nobody.

    What was wrong with an entity before is not told again.
    """
    by_entity: dict[tuple[str, str], list[FieldChange]] = {}
    for one in changes:
        by_entity.setdefault((one.section, one.id), []).append(one)
    for (section, id_), own in by_entity.items():
        wrong = _wrong(workspace, section, id_, own)
        for one in own:
            told = wrong.get(one.field) or _dangling(workspace, one)
            if told is not None:
                yield RefusedChange(one.where, *told)
        missing = next((told for field, told in wrong.items() if not _is_of(field, own)), None)
        if missing is not None and not workspace.has(section, id_):
            yield RefusedChange(own[0].where, *missing)


def _is_of(field: str, changes: list[FieldChange]) -> bool:
    return any(one.field == field for one in changes)


def _wrong(
    workspace: Workspace, section: str, id_: str, changes: list[FieldChange]
) -> dict[str, tuple[str, str]]:
    """Tell what is wrong with an entity once it is changed, by field."""
    raw: Any = workspace.raw(section, id_) if workspace.has(section, id_) else {}
    after = copy.deepcopy(raw) if isinstance(raw, dict) else {}
    for one in changes:
        if one.value in {None, ()}:
            after.pop(one.field, None)
        else:
            after[one.field] = list(one.value) if isinstance(one.value, tuple) else one.value
    row = SECTIONS[section]
    place = EntityPlace(
        workspace.file_of(section, id_), (section, id_), row.noun, (section, id_), lambda _: None
    )
    before = {one.message for one in decode_one(row.model, raw, place).problems}
    found: dict[str, tuple[str, str]] = {}
    for told in decode_one(row.model, after, place).problems:
        if told.message not in before or not workspace.has(section, id_):
            found.setdefault(str((told.field or ("",))[0]), (told.message, told.help))
    return found


def _dangling(workspace: Workspace, change: FieldChange) -> tuple[str, str] | None:
    """Say that a reference leads to nothing, unless its field may do that."""
    field = fields(SECTIONS[change.section].model).get(change.field)
    values = change.value if isinstance(change.value, tuple) else (change.value,)
    references = [one for kind in (field.kinds if field else ()) for one in named(kind)]
    if not references or any(one.dangles for one in references):
        return None
    for value in filter(None, values):
        words = {word for one in references for word in one.words}
        sections = {section for one in references for section in one.sections}
        if value not in words and not any(workspace.has(one, str(value)) for one in sections):
            nouns = " or ".join(SECTIONS[one].a_noun for one in references[0].accepts)
            return f"`{value}` is no id of {nouns}", "correct it, or add it to the registry first"
    return None
