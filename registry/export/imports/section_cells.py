"""One edited cell of a section's sheet as the change of a field."""

import re

from registry.edit.change import FieldChange, FieldValue, RefusedChange
from registry.export.imports.cells import EditedCell, short
from registry.export.imports.known_names import PARTIES, KnownNames, UnknownNameError
from registry.export.workbook.values import FieldCells
from registry.wording import listed

_TRUTH = {"true": True, "yes": True, "false": False, "no": False}
_PARTS = re.compile(r"[;\n]")


def read_cell(
    known: KnownNames, section: str, field: FieldCells, cell: EditedCell
) -> FieldChange | RefusedChange:
    """Read what a cell says of a field: ids by their names, words in any case.

    Whether the value fits the model is judged later, for the entity as a whole.
    """
    try:
        value = _value(known, field, cell.text)
    except UnknownNameError as error:
        return RefusedChange(cell.where, str(error), error.help)
    return FieldChange(section, cell.row, field.name, value, cell.where)


def _value(known: KnownNames, field: FieldCells, text: str) -> FieldValue:
    if not text:
        return None
    if field.is_truth:
        if text.casefold() not in _TRUTH:
            raise UnknownNameError(
                f"`{short(text)}` is neither true nor false", "write one of them"
            )
        return _TRUTH[text.casefold()]
    if field.is_list:
        parts = [_named(known, field, one.strip()) for one in _PARTS.split(text) if one.strip()]
        several = tuple(dict.fromkeys(parts))
        is_one = len(several) == 1 and field.may_be_one
        return several[0] if is_one else several
    return _named(known, field, text)


def _named(known: KnownNames, field: FieldCells, text: str) -> str:
    """Return the id that a name means, or the word that is meant."""
    if field.words:
        word = next((one for one in field.words if one.casefold() == text.casefold()), None)
        if word is None:
            message = f"`{short(text)}` is none of {listed(field.words, most=12, joint='or')}"
            raise UnknownNameError(message, "write one of them")
        return word
    sections = [one for found in field.references for one in found.sections]
    words = [word for found in field.references for word in found.words]
    parties = [one for one in PARTIES if one in sections]
    there = any(known.workspace.has(section, text) for section in sections)
    if parties and not there and text not in words:
        return known.id_of(text, parties)
    return text
