"""A registry's files as text: entities with their sources and marks as comments, YAML 1.2."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

CONFIRM = "confirm"
"""The word that begins each comment on a guess."""

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9@/._-]*(?: [A-Za-z0-9/._()-]+)*")
_WORDS = frozenset({"true", "false", "null"})
_JOINER = 0x200D
"""What makes one picture of several."""

Json = str | int | float | bool | list["Json"] | dict[str, "Json"]


class YamlEntry(NamedTuple):
    """An entity to write: where its facts come from (`file:line`), and what in it is a guess."""

    fields: dict[str, Json]
    source: str
    confirm: tuple[str, ...] = ()


def yaml_file(sections: Mapping[str, Mapping[str, YamlEntry]]) -> str:
    """Write sections of entities, each in its order; a section without entities is left out."""
    parts = [
        f"{section}:\n" + "".join(_entity(id_, one) for id_, one in entries.items())
        for section, entries in sections.items()
        if entries
    ]
    return "\n".join(parts)


def _entity(id_: str, one: YamlEntry) -> str:
    from_ = f"from {one.source}"
    lines = [f"  {scalar(id_)}:  # {comment(from_)}"]
    lines += [f"    # {CONFIRM} {comment(guess)}" for guess in one.confirm if guess]
    if not one.fields:
        lines[0] = f"  {scalar(id_)}: {{}}  # {comment(from_)}"
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
    return quoted(value)


def quoted(text: str) -> str:
    """Write a text between double quotes, on one line, with YAML's escapes."""
    return "".join(map(_shown, json.dumps(text, ensure_ascii=False)))


def _shown(char: str) -> str:
    """Write a character of a quoted text: itself, or as YAML's escape where it cannot be seen."""
    number = ord(char)
    if char.isprintable() or number == _JOINER:
        return char
    if 0xD800 <= number < 0xE000:  # half of a character, as JSON may hold: no file can
        return "\N{REPLACEMENT CHARACTER}"
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def comment(text: str) -> str:
    """Write a comment's text: on one line, and nothing that is obeyed as an ignore comment."""
    shown = "".join(char if char.isprintable() else " " for char in text)
    return " ".join(shown.replace("opmodel:", "opmodel :").split())
