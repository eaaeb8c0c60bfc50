"""The door to msgspec: lines of JSON, decoded into just what is read of them.

What a value is stays undecoded (`Raw`) until it is asked for: most are never.
"""

from typing import Any

from registry.errors import CannotRunError

try:
    import msgspec
    from msgspec import Raw, Struct
except ImportError:  # the extra is not installed
    raise CannotRunError(
        "traces are read with msgspec, which is not installed", "pip install 'opmodel[traces]'"
    ) from None

DecodeError = msgspec.MsgspecError
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


class OtlpSpan(Struct, gc=False):
    """A span, as OTLP's JSON has it; times are nanoseconds since 1970."""

    traceId: str = ""  # noqa: N815
    spanId: str = ""  # noqa: N815
    parentSpanId: str = ""  # noqa: N815
    name: str = ""
    startTimeUnixNano: str | int = 0  # noqa: N815
    endTimeUnixNano: str | int = 0  # noqa: N815
    attributes: list[KeyValue] = []
    events: list[SpanEvent] = []
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


_request = msgspec.json.Decoder(Request)
_span = msgspec.json.Decoder(OtlpSpan)
_MOST, _SHORT = 4096, 80
"""Values that are remembered, and the bytes that one may have."""
_NEW = object()

_value = msgspec.json.Decoder(AnyValue)
_any = msgspec.json.Decoder()


def decode_request(line: bytes) -> Request:
    """Read a line of OTLP JSON. Raises DecodeError."""
    return _request.decode(line)


def decode_span(span: Any) -> OtlpSpan:
    """Read one span that was decoded without types. Raises DecodeError."""
    return _span.decode(msgspec.json.encode(span))


def decode_resource(resource: Any) -> list[KeyValue]:
    """Read a resource's attributes that were decoded without types. Raises DecodeError."""
    found = msgspec.json.decode(msgspec.json.encode(resource), type=OtlpResource)
    return found.attributes


def decode(data: bytes | Raw) -> Any:
    """Read any JSON. Raises DecodeError."""
    return _any.decode(data)


class ValueReader:
    """Reads values of attributes; short ones, which come again and again, it remembers."""

    def __init__(self) -> None:
        self._known: dict[bytes, Any] = {}

    def __call__(self, item: KeyValue) -> Any:
        """Return what an attribute holds: text, number, truth, or None.

        Of a list or a map it is the texts in it.
        """
        data = bytes(item.value)
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
        found = _value.decode(data)
    except DecodeError:
        return None
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
