"""The fields of an entity as cells: what a cell shows, what may be written, and how it is read."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from registry.model.entity import Entity, Part
from registry.model.fields import Kind, ModelField, choices, fields, items, named
from registry.model.reference import Reference
from registry.model.scalars import Date
from registry.source.markdown import HEADINGS

JOINER = "; "
_LONG = frozenset(HEADINGS.values())
"""Lists of sentences, as a runbook's page has them under headings: too long to edit in a cell."""


class FieldCells(NamedTuple):
    """How one field stands in a column.

    `is_list` says that several may stand in a cell, parted by `; `, and `may_be_one` that one alone
    is no list, as an owner; `is_returned` that what people
    write there can be taken back; `words` are the only ones that it takes, if there are such.
    """

    name: str
    attribute: str
    is_list: bool
    may_be_one: bool
    is_returned: bool
    is_date: bool
    is_truth: bool
    words: tuple[str, ...]
    references: tuple[Reference, ...]


def field_cells(model: type[Entity]) -> Iterator[FieldCells]:
    """Yield the fields of a model, in its order."""
    for field in fields(model).values():
        yield _cells(field)


def _cells(field: ModelField) -> FieldCells:
    kinds = field.kinds
    is_list = any(kind.origin is tuple for kind in kinds)
    simple = all(_is_simple(kind) for kind in kinds) and field.name not in _LONG
    words = tuple(str(one) for kind in kinds for one in choices(kind) or ())
    references = tuple(one for kind in kinds for one in named(kind))
    return FieldCells(
        field.name,
        field.attribute,
        is_list,
        any(kind.origin is not tuple for kind in kinds),
        simple,
        any(kind.of is Date for kind in kinds),
        any(kind.of is bool for kind in kinds),
        words,
        references,
    )


def _is_simple(kind: Kind) -> bool:
    """Whether a value is one text, or a list of ids or words."""
    if kind.origin is tuple:
        return all(one.part is None and one.origin is not dict for one in items(kind))
    text = isinstance(kind.of, type) and issubclass(kind.of, (str, bool))
    return text or choices(kind) is not None


def shown(value: Any) -> str:
    """Write a value as a cell shows it; lists of sentences and of parts have a line an item."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        texts = [shown(one) for one in value]
        long = any(
            isinstance(one, Part) or " " in text for one, text in zip(value, texts, strict=True)
        )
        return ("\n" if long else JOINER).join(texts)
    if isinstance(value, Part):
        return _part(value)
    if isinstance(value, Mapping):
        return JOINER.join(f"{key}: {shown(one)}" for key, one in value.items())
    return str(value)


def _part(value: Part) -> str:
    in_words = getattr(value, "in_words", None)
    if in_words is not None:
        return str(in_words())
    found = fields(type(value)).values()
    parts = ((one.name, getattr(value, one.attribute)) for one in found)
    return ", ".join(
        f"{name}: {shown(one)}" for name, one in parts if one is not None and one != ()
    )
