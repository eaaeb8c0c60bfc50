"""What `init` writes, so that it can be filled in: a word on each field, and editors' schemas.

Both come from the model: a field's description, the words that it may hold, the published schema.
"""

import os
import posixpath
import re
import textwrap
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from registry.model.entity import Part
from registry.model.fields import Kind, choices, fields, fitting, items
from registry.model.format import MANIFEST, SCHEMAS
from registry.model.manifest import Manifest
from registry.model.policy import PolicyFile
from registry.model.sections import SECTIONS
from registry.plugins import docline
from registry.source.composer import compose
from registry.source.shipped import shipped

_KEY = re.compile(r"(?P<name>[A-Za-z_]+):(?P<rest>.*)")
_WIDTH = 100
_LONGEST = 24
"""Columns of a field's name, beyond which what is said of it begins on a line of its own."""


class _Topic(NamedTuple):
    """What a comment speaks of: the class, as `opmodel explain` names it, and what is written."""

    model: type[Part]
    name: str
    written: tuple[Any, ...]


def filled_in(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return a new registry's files with comments on their fields, and their schemas before them.

    `files` are YAML by name, the manifest last, as it stays: half a registry is none.
    """
    told = {name: _told(name, text.decode()) for name, text in files.items()}
    used = sorted({_schema_of(name) for name in files})
    return {**{f"{SCHEMAS}/{name}": shipped(SCHEMAS, name) for name in used}, **told}


def without_schemas_there(folder: str, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Leave out the schemas that are in the folder already, as `opmodel schema -o` writes them."""
    return {
        name: data
        for name, data in files.items()
        if not name.startswith(f"{SCHEMAS}/") or not os.path.lexists(os.path.join(folder, name))
    }


def _schema_of(name: str) -> str:
    if name.startswith("policies/"):
        return "policy.schema.json"
    return f"{'manifest' if name == MANIFEST else 'registry'}.schema.json"


def _told(name: str, text: str) -> bytes:
    """Put the modeline above one file, and a comment at each section."""
    way = posixpath.relpath(f"{SCHEMAS}/{_schema_of(name)}", posixpath.dirname(name) or ".")
    data = compose(text.encode(), name).data or {}
    own = PolicyFile if name.startswith("policies/") else Manifest
    lines = [f"# yaml-language-server: $schema={way}"]
    is_told = False
    for line in text.splitlines():
        found = _KEY.match(line)
        if found and found["name"] in SECTIONS:
            said = [f"  {one}" for one in _comment(_section(found["name"], data))]
            opens = not found["rest"].partition("#")[0].strip()
            lines += [line, *said] if opens else [*(one[2:] for one in said), line]
            continue
        if found and found["name"] in fields(own) and not is_told:
            topic = "policy" if own is PolicyFile else "manifest"
            lines += [*["#"] * lines[-1].startswith("#"), *_comment(_Topic(own, topic, (data,)))]
            is_told = True
        lines.append(line)
    return ("\n".join(lines) + "\n").encode()


def _section(name: str, data: Mapping[str, Any]) -> _Topic:
    row, content = SECTIONS[name], data[name]
    written = (content,) if row.single else tuple((content or {}).values())
    return _Topic(row.model, name, written)


def _comment(topic: _Topic) -> Iterator[str]:
    """Say what a section is, what each of its fields is for that stands there, and which more."""
    about = docline(topic.model)
    yield from textwrap.wrap(about, _WIDTH - 4, initial_indent="# ", subsequent_indent="# ")
    told = dict(_fields(topic.model, topic.written))
    width = min(max(map(len, told), default=0), _LONGEST)
    for name, words in told.items():
        lead = f"#   {name:<{width}}  "
        yield from textwrap.wrap(
            words, _WIDTH - 2, initial_indent=lead, subsequent_indent=f"#   {'':<{width}}  ",
            break_long_words=False, break_on_hyphens=False,
        )  # fmt: skip
    more = [name for name in fields(topic.model) if name not in told]
    rest = f"Also: {', '.join(more)}. " if more else ""
    words = f"{rest}`opmodel explain {topic.name}` tells of each."
    yield from textwrap.wrap(words, _WIDTH - 4, initial_indent="# ", subsequent_indent="#   ",
                             break_on_hyphens=False)  # fmt: skip


def _fields(model: type[Part], written: tuple[Any, ...], above: str = "") -> Iterator[Any]:
    """Yield each field that stands in what is written, with what it is for, in the model's order.

    Those of a part follow it, as `contact.slack`.
    """
    for name, field in fields(model).items():
        values = [one[name] for one in written if isinstance(one, dict) and name in one]
        if not values:
            continue
        words = [str(word) for kind in field.kinds for word in choices(kind) or ()]
        one_of = f" One of {', '.join(words)}." if len(words) > 1 else ""
        yield f"{above}{name}", f"{field.info.description}{one_of}"
        inner: dict[type[Part], list[Any]] = {}
        for value in values:
            for part, content in _parts(field.kinds, value):
                inner.setdefault(part, []).append(content)
        for part, contents in inner.items():
            yield from _fields(part, tuple(contents), f"{above}{name}.")


def _parts(found: tuple[Kind, ...], value: Any) -> Iterator[tuple[type[Part], Any]]:
    """Yield the models that a value is written as, each with what is written of it."""
    kind = fitting(found, value)
    if kind.part:
        yield kind.part, value
    elif kind.origin is tuple and isinstance(value, list):
        for one in value:
            yield from _parts(items(kind), one)
    elif kind.origin is dict and isinstance(value, dict):
        for one in value.values():
            yield from _parts(items(kind), one)
