"""Other people's YAML and JSON: documents of any shape, each value with its place and spelling.

Unlike a registry's own files these may hold several documents, tags, anchors and merge keys, as
their own programs allow. A scalar keeps its spelling, for most fields are texts to the program that
reads them: `severity: 1` is the text "1", and what is true is asked for by `flag`.
"""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import yaml
from yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
    StreamStartEvent,
)

from registry.source.yaml import events
from registry.span import Position, Span

MAX_DEPTH = 100
MAX_NODES = 2_000_000
"""Bounds on one file: nesting, and values after aliases are expanded."""

_TRUE = frozenset({"true", "yes", "on", "y"})
_FALSE = frozenset({"false", "no", "off", "n"})
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})


_PAIR = re.compile(
    rb"(?<!\\)((?:\\\\)*)\\u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})", re.IGNORECASE
)
"""A character beyond the first plane as JSON escapes it, in two halves; YAML knows no halves."""


class UnreadableError(Exception):
    """A text that is no document; `at` is where reading ended."""

    def __init__(self, reason: str, at: Span) -> None:
        super().__init__(reason)
        self.reason = reason
        self.at = at


class Value(NamedTuple):
    """A value of a document: `text` of a scalar (None for null), or `items`, or `fields`.

    `keys` says where each field's key stands. `tag` is a tag that is written, None without one.
    `written` are a mapping's fields and merge keys in their order, where it has a merge key.
    """

    at: Span
    text: str | None = None
    items: "tuple[Value, ...] | None" = None
    fields: "Mapping[str, Value] | None" = None
    keys: Mapping[str, Span] = {}
    tag: str | None = None
    written: "tuple[tuple[str, Value], ...]" = ()

    def get(self, *path: str) -> "Value | None":
        """Follow keys down through mappings; None where one is absent, null or no mapping."""
        found: Value | None = self
        for key in path:
            if found is None or not found.fields:
                return None
            found = found.fields.get(key)
        return None if found is None or found.is_null else found

    @property
    def is_null(self) -> bool:
        """Whether it is null or nothing at all."""
        return self.text is None and self.items is None and self.fields is None

    def string(self, *path: str) -> str | None:
        """Return the text of a scalar below; None where there is none."""
        found = self.get(*path)
        return found.text if found is not None else None

    def number(self, *path: str, absent: int | None = None) -> int | None:
        """Return the whole number below, `absent` where nothing is; None for anything else."""
        found = self.get(*path)
        return absent if found is None else whole_number(found.text)

    def each(self, *path: str) -> "tuple[Value, ...]":
        """Return the items of a list below; nothing where there is none."""
        found = self.get(*path)
        return (found.items if found is not None else None) or ()

    def pairs(self, *path: str) -> "Iterator[tuple[str, Value]]":
        """Yield the fields of a mapping below; nothing where there is none."""
        yield from self.mapping(*path).items()

    def mapping(self, *path: str) -> "Mapping[str, Value]":
        """Return the fields of a mapping below; nothing where there is none."""
        found = self.get(*path)
        return (found.fields if found is not None else None) or {}

    def flag(self, *path: str) -> bool | None:
        """Return whether a scalar below is true, as Go's YAML reads a boolean; None if neither."""
        text = (self.string(*path) or "").lower()
        return True if text in _TRUE else False if text in _FALSE else None


def whole_number(text: str | None) -> int | None:
    """Read a whole number of at most nine digits; None for anything else."""
    if text is None or not (text.isascii() and text.isdecimal() and len(text) < 10):
        return None
    return int(text)


NOTHING = Value(Span(Position(1, 1), Position(1, 1)))

_made = tuple.__new__
"""Makes a named tuple of all its fields in half the time: a file is hundreds of thousands."""

_NO_KEYS: Mapping[str, Span] = {}


def documents(data: bytes) -> Iterator[Value]:
    """Read each document of a file, in order; an empty one is left out.

    Raises UnreadableError at the first that cannot be read; those before it were yielded.
    """
    reader = _Reader(_PAIR.sub(_joined, data) if b"\\ud" in data.lower() else data)
    while (found := reader.document()) is not None:
        if not found.is_null:
            yield found


def _joined(found: "re.Match[bytes]") -> bytes:
    high, low = int(found[2], 16), int(found[3], 16)
    character = chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
    return found[1] + character.encode()


class _Reader:
    """Builds values from the parser's events; an alias shares its anchor's value.

    Hot: every value of what is deployed passes here, so that the events of ordinary scalars are
    taken where they are met.
    """

    def __init__(self, data: bytes) -> None:
        self._next = events(data)
        self._event: Event | None = None
        self._anchors: dict[str, tuple[Value, int]] = {}
        self._count = 0

    def document(self) -> Value | None:
        """Read the next document; None at the end."""
        self._anchors.clear()
        self._count = 0
        try:
            return self._document()
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            at = _position(mark) if mark else self._end()
            raise UnreadableError(_reason(error), Span(at, at)) from None
        except yaml.YAMLError as error:
            last = self._event
            read = Span(_position(last.start_mark), self._end()) if last else NOTHING.at
            raise UnreadableError(str(error).split("\n", 1)[0], read) from None

    def _document(self) -> Value | None:
        while True:
            event = self._event = self._next()
            if isinstance(event, StreamEndEvent):
                return None
            if isinstance(event, (StreamStartEvent, DocumentStartEvent, DocumentEndEvent)):
                continue
            return self._value(event, MAX_DEPTH)

    def _end(self) -> Position:
        """Return where what was read last ends."""
        return _position(self._event.end_mark) if self._event else NOTHING.at.end

    def _value(self, event: Event, depth: int) -> Value:
        if isinstance(event, AliasEvent):
            return self._alias(event, self._since(event))
        before = self._count
        self._count += 1
        if self._count > MAX_NODES or not depth:
            at = self._since(event)
            self._grow(0, at)
            raise UnreadableError(f"nested deeper than {MAX_DEPTH} levels", at)
        if isinstance(event, ScalarEvent):
            text = None if _is_null(event) else event.value
            found = _made(Value, (_span(event), text, None, None, _NO_KEYS, event.tag, ()))
        elif isinstance(event, SequenceStartEvent):
            items = self._items(depth - 1)
            found = Value(self._since(event), items=items, tag=event.tag)
        else:
            fields, keys, written = self._fields(depth - 1)
            tag = event.tag if isinstance(event, MappingStartEvent) else None
            found = _made(Value, (self._since(event), None, None, fields, keys, tag, written))
        if event.anchor:
            self._anchors[event.anchor] = (found, self._count - before)
        return found

    def _since(self, event: Event) -> Span:
        """Return the stretch from an event to the end of what was read last."""
        return Span(_position(event.start_mark), self._end())

    def _alias(self, event: AliasEvent, at: Span) -> Value:
        if event.anchor not in self._anchors:
            raise UnreadableError(f"the alias `*{event.anchor}` names no anchor", at)
        found, size = self._anchors[event.anchor]
        self._grow(size, at)
        return found

    def _grow(self, size: int, at: Span) -> None:
        self._count += size
        if self._count > MAX_NODES:
            raise UnreadableError(f"more than {MAX_NODES:,} values after aliases expand", at)

    def _items(self, depth: int) -> tuple[Value, ...]:
        found: list[Value] = []
        while True:
            event = self._event = self._next()
            if isinstance(event, SequenceEndEvent):
                return tuple(found)
            found.append(self._value(event, depth))

    def _fields(
        self, depth: int
    ) -> tuple[dict[str, Value], dict[str, Span], tuple[tuple[str, Value], ...]]:
        fields: dict[str, Value] = {}
        keys: dict[str, Span] = {}
        merged: list[Value] = []
        written: list[tuple[str, Value]] = []
        while True:
            event = self._event = self._next()
            if isinstance(event, MappingEndEvent):
                break
            name, at = self._key(event, depth)
            event = self._event = self._next()
            value = self._value(event, depth)
            if name is not None:
                written.append((name, value))
            if name == "<<":
                merged += value.items if value.items is not None else (value,)
                continue
            if name is None:
                raise UnreadableError("a key that is no text", at)
            if name in fields:
                lines = f"lines {keys[name].start.line} and {at.start.line}"
                raise UnreadableError(f"duplicate key `{name}`, {lines}", at)
            fields[name], keys[name] = value, at
        for one in merged:
            for name, value in one.pairs():
                if fields.setdefault(name, value) is value:
                    keys.setdefault(name, one.keys.get(name, value.at))
        return fields, keys, tuple(written) if merged else ()

    def _key(self, event: Event, depth: int) -> tuple[str | None, Span]:
        """Return a key's text, None where it is none, and where it stands."""
        is_plain = isinstance(event, ScalarEvent) and not event.anchor
        if is_plain and self._count < MAX_NODES and depth:
            self._count += 1
            return None if _is_null(event) else event.value, _span(event)
        key = self._value(event, depth)
        return key.text if key.items is None and key.fields is None else None, key.at


def _position(mark: "yaml.Mark") -> Position:
    return _made(Position, (mark.line + 1, mark.column + 1))


def _span(event: Event) -> Span:
    start, end = event.start_mark, event.end_mark
    first = _made(Position, (start.line + 1, start.column + 1))
    return _made(Span, (first, _made(Position, (end.line + 1, end.column + 1))))


def _is_null(event: ScalarEvent) -> bool:
    return event.implicit[0] and event.value in _NULLS


def _reason(error: yaml.MarkedYAMLError) -> str:
    parts = (part for part in (error.problem, error.context) if part)
    return ", ".join(dict.fromkeys(parts)) or "it is no YAML"
