"""Entities as data, and the text of the YAML file that holds them."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import TypeAlias, Union

Value: TypeAlias = Union[str, int, float, bool, "Sequence[Value]", "Mapping[str, Value]"]
Fields: TypeAlias = Mapping[str, Value]

WIDTH = 80
"""Columns that a line may take: the limit of `yamllint -d relaxed`, which then prints nothing."""

_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_NUMBER_LIKE = re.compile(r"[-+.]?\d[\d_.:eE+-]*")
# YAML 1.1 reads these as booleans or null, and not all of the compared tools read YAML 1.2.
_WORDS_OF_YAML_1_1 = frozenset(("y", "n", "yes", "no", "on", "off", "true", "false", "null", "~"))
_FIRST_CHARACTER = re.compile(r"[^\W_]|[(/]")


@dataclass(frozen=True)
class Entity:
    """One entity, with a comment above its id and notes behind fields.

    The single `telemetry` has no id.
    """

    section: str
    id: str
    fields: Fields
    comment: str = ""
    notes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class RegistryFile:
    """A file of the registry: its path below the root, its first comment, its entities."""

    path: str
    heading: str
    entities: tuple[Entity, ...]


def render(file: RegistryFile) -> str:
    """Return the YAML text of a file, its entities grouped by section in the order given."""
    lines = [f"# {line}" for line in textwrap.wrap(file.heading, WIDTH - 2)]
    for section, entities in groupby(file.entities, key=lambda entity: entity.section):
        lines += ["", f"{section}:"]
        for entity in entities:
            lines += _entity_lines(entity)
    return "\n".join(lines) + "\n"


def render_fields(fields: Fields) -> str:
    """Return a mapping as YAML text at the left margin: the manifest."""
    return "\n".join(_mapping_lines(fields, 0)) + "\n"


def _entity_lines(entity: Entity) -> Iterator[str]:
    if entity.comment:
        yield from (f"  # {line}" for line in textwrap.wrap(entity.comment, WIDTH - 4))
    if entity.id:
        yield f"  {entity.id}:"
    indent = 4 if entity.id else 2
    for key, value in entity.fields.items():
        lines = list(_entry_lines(f"{' ' * indent}{key}:", value, indent))
        note = f"  # {entity.notes.get(key, '')}"
        if key in entity.notes and len(lines) == 1 and len(lines[0] + note) <= WIDTH:
            lines[0] += note
        yield from lines


def _mapping_lines(fields: Fields, indent: int) -> Iterator[str]:
    for key, value in fields.items():
        yield from _entry_lines(f"{' ' * indent}{key}:", value, indent)


def _entry_lines(head: str, value: Value, indent: int) -> Iterator[str]:
    """Write a value behind its key (or its dash): on one line where it fits, as people do."""
    nested = isinstance(value, (list, tuple, dict))
    line = f"{head} {_flow(value) if nested else _scalar(value)}"
    if len(line) <= WIDTH:
        yield line
    elif isinstance(value, str):
        yield f"{head} >-"
        yield from textwrap.wrap(
            value,
            WIDTH,
            initial_indent=" " * (indent + 2),
            subsequent_indent=" " * (indent + 2),
            break_long_words=False,
            break_on_hyphens=False,
        )
    elif isinstance(value, Mapping):
        yield head
        yield from _mapping_lines(value, indent + 2)
    elif isinstance(value, Sequence):
        yield head
        for item in value:
            yield from _item_lines(item, indent + 2)


def _item_lines(item: Value, indent: int) -> Iterator[str]:
    dash = " " * indent + "-"
    if isinstance(item, Mapping) and len(f"{dash} {_flow(item)}") > WIDTH:
        first, *others = _mapping_lines(item, indent + 2)
        yield f"{dash} {first.lstrip()}"
        yield from others
    else:
        yield from _entry_lines(dash, item, indent)


def _flow(value: Value) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(_flow(item) for item in value) + "]"
    text = _scalar(value)
    return (
        json.dumps(text, ensure_ascii=False)
        if text[0] != '"' and set(text) & set(",[]{}")
        else text
    )


def _scalar(value: Value) -> str:
    if not isinstance(value, str):
        return json.dumps(value)
    return value if _is_plain(value) else json.dumps(value, ensure_ascii=False)


def _is_plain(text: str) -> bool:
    """Tell whether a text may stand without quotes, for readers of YAML 1.1 and of 1.2 alike."""
    if _DATE.fullmatch(text):
        return True
    return (
        _FIRST_CHARACTER.match(text) is not None
        and not _NUMBER_LIKE.fullmatch(text)
        and text.lower() not in _WORDS_OF_YAML_1_1
        and ": " not in text
        and " #" not in text
        and not text.endswith((":", " "))
    )
