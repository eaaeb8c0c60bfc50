"""The door to msgspec: lines of JSON, decoded into just what is read of them.

What a value is stays undecoded (`Raw`) until it is asked for: most are never. Once the keys of a
record's attributes are known, each has a type of its own (`KnownKeys`): no text is made of a key
any more, and nothing at all of a value that nobody reads.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Union

from registry.errors import CannotRunError

try:
    import msgspec
    from msgspec import Raw, Struct
except ImportError:  # the extra is not installed
    raise CannotRunError(
        "traces are read with msgspec, which is not installed", "pip install 'opmodel[traces]'"
    ) from None

DecodeError = (msgspec.MsgspecError, RecursionError)
"""What `decode_request` and `decode` raise for a line that is not what it should be."""


class KeyValue(Struct, gc=False):
    """An attribute: its key, and its value as it stands there."""

    key: str
    value: Raw = Raw(b"null")


class SpanEvent(Struct, gc=False):
    """Something that happened within a span."""

    name: str = ""
    timeUnixNano: str | int = 0  # noqa: N815 - OTLP's own name
    attributes: list[KeyValue] = []


class SpanHead(Struct, gc=False):
    """A span without its attributes; times are nanoseconds since 1970."""

    traceId: str = ""  # noqa: N815
    spanId: str = ""  # noqa: N815
    parentSpanId: str = ""  # noqa: N815
    name: str = ""
    startTimeUnixNano: str | int = 0  # noqa: N815
    endTimeUnixNano: str | int = 0  # noqa: N815
    events: Sequence[SpanEvent] = ()


class OtlpSpan(SpanHead, gc=False):
    """A span, as OTLP's JSON has it."""

    attributes: list[KeyValue] = []
    status: Raw = Raw(b"{}")


class Scope(Struct, gc=False):
    """The spans of one library."""

    spans: list[OtlpSpan] = []


class OtlpResource(Struct, gc=False):
    """What the spans of one process have in common."""

    attributes: list[KeyValue] = []


class ResourceSpans(Struct, gc=False):
    """The spans of one process."""

    resource: OtlpResource | None = None
    scopeSpans: list[Scope] = []  # noqa: N815


class Request(Struct, gc=False):
    """One line of the collector's file exporter; `resourceSpans` is None where it is none."""

    resourceSpans: list[ResourceSpans] | None = None  # noqa: N815


class AnyValue(Struct, gc=False):
    """The value of an attribute: one of these."""

    stringValue: str | None = None  # noqa: N815
    intValue: int | str | None = None  # noqa: N815
    doubleValue: float | str | None = None  # noqa: N815
    boolValue: bool | None = None  # noqa: N815
    arrayValue: Any = None  # noqa: N815
    kvlistValue: Any = None  # noqa: N815


class _RawScope(Struct, gc=False):
    spans: list[Raw] = []


class _RawGroup(Struct, gc=False):
    scopeSpans: list[_RawScope] = []  # noqa: N815


class _RawRequest(Struct, gc=False):
    resourceSpans: list[_RawGroup] = []  # noqa: N815


class KnownSpan(SpanHead, gc=False):
    """A span whose attributes all have known keys; which one has is told by its type."""

    attributes: list[Any] = []


_request = msgspec.json.Decoder(Request)
_raw_request = msgspec.json.Decoder(_RawRequest)
_span = msgspec.json.Decoder(OtlpSpan)
_MOST, _SHORT = 4096, 80
"""Values that are remembered, and the bytes that one may have."""
_NEW = object()
_MOST_KEYS = 1000
"""Keys that get types of their own; a record with more of them is read key by key."""

_value = msgspec.json.Decoder(AnyValue)
_any = msgspec.json.Decoder()


def decode_request(line: bytes) -> Request:
    """Read a line of OTLP JSON. Raises DecodeError."""
    return _request.decode(line)


def spans_of(line: bytes) -> list[list[Raw]]:
    """Return the undecoded spans of each resource in a line that was read as a request."""
    groups = _raw_request.decode(line).resourceSpans
    return [[span for scope in group.scopeSpans for span in scope.spans] for group in groups]


def decode_span(span: bytes | Raw) -> OtlpSpan:
    """Read one span. Raises DecodeError."""
    return _span.decode(span)


def decode_resource(resource: Any) -> list[KeyValue]:
    """Read a resource's attributes that were decoded without types. Raises DecodeError."""
    found = msgspec.json.decode(msgspec.json.encode(resource), type=OtlpResource)
    return found.attributes


def decode(data: bytes | Raw) -> Any:
    """Read any JSON. Raises DecodeError."""
    return _any.decode(data)


def encode(data: Any) -> bytes:
    """Write what was decoded without types as JSON again."""
    return msgspec.json.encode(data)


class KnownKeys:
    """Decodes lines whose attributes all have keys that were learnt, into requests of `KnownSpan`s.

    Of an attribute whose key `is_read` the value is decoded along. `by_type` names the keys.
    """

    def __init__(self, is_read: Callable[[str], bool]) -> None:
        self.by_type: dict[type, str] = {}
        self._is_read = is_read
        self._learnt: set[str] = set()
        self._decoder: Any = None

    def learn(self, keys: Iterable[str]) -> None:
        """Take keys, some of which may be new."""
        new = dict.fromkeys(one for one in keys if one not in self._learnt)
        if not new or len(self._learnt) + len(new) > _MOST_KEYS:
            return
        self._learnt.update(new)
        for key in new:
            fields = [("value", AnyValue | None, None)] if self._is_read(key) else []
            made = msgspec.defstruct("Attribute", fields, tag_field="key", tag=key, gc=False)
            self.by_type[made] = key
        self._decoder = msgspec.json.Decoder(_request_of(tuple(self.by_type)))

    def request(self, line: bytes) -> Any:
        """Read a line as a `Request`; None where it is none, or has keys that were not learnt."""
        if self._decoder is None:
            return None
        try:
            return self._decoder.decode(line)
        except DecodeError:
            return None


def _request_of(attributes: tuple[type, ...]) -> type:
    """Make the type of a request whose spans have attributes of these types."""
    either = Union[attributes]  # type: ignore[valid-type] # noqa: UP007 - made as it runs
    span = _made(SpanHead, attributes=(list[either], []))
    scope = _made(Struct, spans=(list[span], []))  # type: ignore[valid-type]
    group = _made(Struct, scopeSpans=(list[scope], []), resource=(OtlpResource | None, None))  # type: ignore[valid-type]
    return _made(Struct, resourceSpans=(list[group] | None, None))  # type: ignore[valid-type]


def _made(base: type[Struct], **fields: tuple[Any, Any]) -> type:
    """Make a type of fields, each with its type and what stands there where it is absent."""
    given = [(name, kind, default) for name, (kind, default) in fields.items()]
    return msgspec.defstruct("Known", given, bases=(base,), gc=False)


class ValueReader:
    """Reads values of attributes; short ones, which come again and again, it remembers."""

    def __init__(self) -> None:
        self._known: dict[bytes, Any] = {}

    def __call__(self, item: Any) -> Any:
        """Return what an attribute holds: text, number, truth, or None.

        Of a list or a map it is the texts in it. The attribute is a `KeyValue`, or of the type of
        a known key.
        """
        value = item.value
        if not isinstance(value, Raw):
            return None if value is None else _content(value)
        data = bytes(value)
        known = self._known.get(data, _NEW)
        if known is _NEW:
            known = _read(data)
            if len(data) < _SHORT:
                if len(self._known) >= _MOST:
                    self._known.clear()
                self._known[data] = known
        return known


def _read(data: bytes) -> Any:
    try:
        return _content(_value.decode(data))
    except DecodeError as error:  # a number that no double holds is there, and none of use
        return math.inf if "out of range" in str(error) else None


def _content(found: AnyValue) -> Any:
    if found.stringValue is not None:
        return found.stringValue
    if found.intValue is not None:
        return _whole(found.intValue)
    if found.arrayValue is not None or found.kvlistValue is not None:
        return _texts(found.arrayValue or found.kvlistValue)
    return found.doubleValue if found.boolValue is None else found.boolValue


def _whole(content: int | str) -> int | str:
    """Read a whole number, which JSON has as text because it may be longer than a double's."""
    try:
        return int(content)
    except ValueError:
        return content


def _texts(content: object) -> str:
    """Write the texts in a list or a map, without their tags: what could be found stays."""
    found: list[str] = []
    pending = [content]
    while pending:
        one = pending.pop()
        if isinstance(one, dict):
            pending += [child for key, child in one.items() if key != "key"]
        elif isinstance(one, list):
            pending += reversed(one)
        elif one is not None:
            found.append(str(one))
    return "\n".join(found)
