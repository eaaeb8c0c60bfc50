"""A registry's files as text: entities with their sources and marks as comments, YAML 1.2."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

CONFIRM = "confirm"
"""The word that begins each comment on a guess."""

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9@/._-]*(?: [A-Za-z0-9/._()-]+)*")
_WORDS = frozenset({"true", "false", "null"})

Json = str | int | float | bool | list["Json"] | dict[str, "Json"]


class Entry(NamedTuple):
    """An entity to write: where its facts come from (`file:line`), and what in it is a guess."""

    fields: dict[str, Json]
    source: str
    confirm: tuple[str, ...] = ()


def yaml_file(sections: Mapping[str, Mapping[str, Entry]]) -> str:
    """Write sections of entities, each in its order; a section without entities is left out."""
    parts = [
        f"{section}:\n" + "".join(_entity(id_, one) for id_, one in entries.items())
        for section, entries in sections.items()
        if entries
    ]
    return "\n".join(parts)


def _entity(id_: str, one: Entry) -> str:
    from_ = f"from {one.source}"
    lines = [f"  {scalar(id_)}:  # {_comment(from_)}"]
    lines += [f"    # {CONFIRM} {_comment(guess)}" for guess in one.confirm if guess]
    if not one.fields:
        lines[0] = f"  {scalar(id_)}: {{}}  # {_comment(from_)}"
    lines += _mapping(one.fields, "    ")
    return "\n".join(lines) + "\n"


def _mapping(fields: Mapping[str, Json], indent: str) -> Iterator[str]:
    for key, value in fields.items():
        if isinstance(value, list) and any(isinstance(one, dict) for one in value):
            yield f"{indent}{scalar(key)}:"
            yield from (f"{indent}  - {_flow(one)}" for one in value)
        else:
            yield f"{indent}{scalar(key)}: {_flow(value)}"


def _flow(value: Json) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{scalar(k)}: {_flow(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return scalar(value)


def scalar(value: str | float) -> str:
    """Write one value: a text without quotes where every YAML reader takes it for itself."""
    if not isinstance(value, str):
        return json.dumps(value)
    if _PLAIN.fullmatch(value) and value.lower() not in _WORDS:
        return value
    return json.dumps(value)


def _comment(text: str) -> str:
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())
