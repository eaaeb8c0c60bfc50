"""YAML to data, twice: a fast path for ordinary files, a thorough one that knows every position.

Both run on libyaml's events (PyYAML's C parser) under a YAML 1.2 constructor of our own. The fast
path gives up on anything out of the ordinary (an anchor, a tag, a placeholder, a doubtful key); the
thorough one, in `registry.source.composer`, then says what it is and where.
"""

from collections.abc import Callable
from typing import Any

import yaml
from yaml.events import (
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from registry.source.scalar import MAY_BE_TYPED, NUMERIC, PLACEHOLDERS, plain

try:
    from yaml.cyaml import CParser as _Parser
except ImportError:  # pragma: no cover - a PyYAML that was built without libyaml
    from yaml import SafeLoader as _Parser

Data = dict[str, Any]

_FAST_DEPTH = 24


class _UnordinaryError(Exception):
    """Something that the thorough reader has to look at."""


def events(data: bytes) -> Callable[[], Event]:
    """Start the parser; each call of the result gives the next event or raises YAMLError."""
    get: Callable[[], Event] = _Parser(data).get_event
    return get


def read_ordinary(data: bytes) -> Data | None:
    """Read a file that holds one plain mapping of text, numbers, booleans, lists and mappings.

    Returns None for every other file, valid or not.
    """
    try:
        return _document(events(data))
    except (_UnordinaryError, yaml.YAMLError):
        return None


def _document(get: Callable[[], Event]) -> Data:
    get()
    start = get()
    if start.__class__ is not DocumentStartEvent or start.version or start.tags:
        raise _UnordinaryError
    root = get()
    if root.__class__ is not MappingStartEvent or root.anchor or root.tag:
        raise _UnordinaryError
    data = _mapping(get, _FAST_DEPTH)
    get()
    if get().__class__ is not StreamEndEvent or not data:
        raise _UnordinaryError
    return data


def _mapping(get: Callable[[], Event], depth: int) -> Data:
    """Build a mapping; hot: every scalar of a registry passes here."""
    if not depth:
        raise _UnordinaryError
    data: Data = {}
    while True:
        event = get()
        kind = event.__class__
        if kind is MappingEndEvent:
            return data
        if kind is not ScalarEvent or event.anchor or event.tag:
            raise _UnordinaryError
        key = event.value
        if key in data or (event.implicit[0] and not is_text_key(key)):
            raise _UnordinaryError
        event = get()
        kind = event.__class__
        if kind is ScalarEvent:
            data[key] = _scalar(event)
        elif kind is MappingStartEvent and not event.anchor and not event.tag:
            data[key] = _mapping(get, depth - 1)
        elif kind is SequenceStartEvent and not event.anchor and not event.tag:
            data[key] = _sequence(get, depth - 1)
        else:
            raise _UnordinaryError


def is_text_key(key: str) -> bool:
    """Whether a plain key is text, and no merge key, number, boolean or null."""
    if key in _WORDS_THAT_ARE_NO_KEY:
        return False
    return key[0] not in NUMERIC or plain(key).__class__ is str


_WORDS_THAT_ARE_NO_KEY = frozenset(
    {"", "~", "<<", "null", "Null", "NULL", "true", "True", "TRUE", "false", "False", "FALSE"}
)


def _sequence(get: Callable[[], Event], depth: int) -> list[Any]:
    if not depth:
        raise _UnordinaryError
    items: list[Any] = []
    while True:
        event = get()
        kind = event.__class__
        if kind is SequenceEndEvent:
            return items
        if kind is ScalarEvent:
            items.append(_scalar(event))
        elif kind is MappingStartEvent and not event.anchor and not event.tag:
            items.append(_mapping(get, depth - 1))
        elif kind is SequenceStartEvent and not event.anchor and not event.tag:
            items.append(_sequence(get, depth - 1))
        else:
            raise _UnordinaryError


def _scalar(event: ScalarEvent) -> Any:
    if event.anchor or event.tag:
        raise _UnordinaryError
    text = event.value
    if len(text) <= 5 and text.strip().casefold() in PLACEHOLDERS:
        raise _UnordinaryError
    if event.implicit[0] and text[0] in MAY_BE_TYPED:
        value = plain(text)
        if value is None or (value.__class__ is float and not -1e300 < value < 1e300):
            raise _UnordinaryError
        return value
    return text
