"""YAML inside YAML: the files of a ConfigMap or a Secret, and values that are whole documents.

What stands in a block of text keeps its lines; what was encoded stands where its text begins.
"""

import base64
import binascii
import zlib
from collections.abc import Callable, Iterator
from typing import NamedTuple

from registry.source.foreign import Value, documents
from registry.span import Position, Span

HOLDERS = frozenset({"ConfigMap", "Secret"})
"""Kinds of resources that hold files."""

MAX_UNPACKED = 16 << 20
"""Bytes that a packed text may have; one that has more is taken for none."""

_PACKED = b"\x1f\x8b"


class Held(NamedTuple):
    """A text in a document: what it is called there, the value that holds it, and its content."""

    key: str
    holder: Value
    text: str
    encoded: bool = False


def held(document: Value) -> Iterator[Held]:
    """Yield the files of a ConfigMap or a Secret; one that is no text is passed over."""
    is_secret = document.string("kind") == "Secret"
    for field in ("data", "stringData", "binaryData"):
        encoded = field == "binaryData" or (is_secret and field == "data")
        for key, value in document.pairs(field):
            text = value.text or ""
            yield Held(key, value, _decoded(text) if encoded else text, encoded)


def inside(held: Held) -> list[Value]:
    """Read the documents of a text, each value placed where it stands in the file around.

    Raises UnreadableError, with a place within the text, where it is no YAML.
    """
    span = held.holder.at

    def place(within: Span) -> Span:
        if held.encoded or span.start.line == span.end.line:
            return span
        at = Position(min(span.start.line + within.start.line, span.end.line), 1)
        return Span(at, at)

    return [_moved(one, place) for one in documents(held.text.encode())]


def _decoded(text: str) -> str:
    try:
        raw = base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return ""
    return (_unpacked(raw) if raw.startswith(_PACKED) else raw).decode("utf-8", "replace")


def _unpacked(raw: bytes) -> bytes:
    """Unpack what gzip made, as the Prometheus operator's own secrets are."""
    reader = zlib.decompressobj(wbits=31)
    try:
        found = reader.decompress(raw, MAX_UNPACKED)
    except zlib.error:
        return b""
    return found if reader.eof else b""


def _moved(value: Value, place: Callable[[Span], Span]) -> Value:
    items, fields = value.items, value.fields
    return Value(
        place(value.at),
        value.text,
        None if items is None else tuple(_moved(one, place) for one in items),
        None if fields is None else {key: _moved(one, place) for key, one in fields.items()},
        {key: place(span) for key, span in value.keys.items()},
        value.tag,
        tuple((key, _moved(one, place)) for key, one in value.written),
    )
