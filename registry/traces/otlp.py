"""OTLP as JSON lines, as the collector's file exporter writes it: a request of many spans a line.

The shape is that of the OTLP specification's JSON (ids in hex, 64-bit numbers as text, enumerations
as numbers). What one line or one span has wrong is told, and the rest is read.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from registry.traces import conventions as names
from registry.traces.content import EVENT_NAME, SPAN_NAME, STATUS, is_suspect
from registry.traces.decode import (
    DecodeError,
    KeyValue,
    OtlpSpan,
    Scope,
    SpanEvent,
    ValueReader,
    decode,
    decode_request,
    decode_resource,
    decode_span,
)
from registry.traces.recorder import NO_RESOURCE, Recorder, TracedResource
from registry.traces.tables import NONE
from registry.traces.unread import UnreadCounts

NOT_JSON = "it is no JSON"
NO_SPANS = "a line of another signal, or of something else: it has no spans"
ODD_SPAN = "a span that is not as OTLP has it"
NO_ID = "a span without an id or a trace's id"
NO_START = "a span that does not say when it began"
ODD_SCORE = "a score that is no number"

_LATEST = 2**53


class OtlpReader:
    """Reads lines of one file after the other."""

    def __init__(self, recorder: Recorder, unread: UnreadCounts) -> None:
        self._recorder = recorder
        self._unread = unread
        self._value = ValueReader()

    def line(self, file: str, number: int, line: bytes) -> int:
        """Read one line; return how many spans it holds."""
        self._recorder.read = self._value
        try:
            request = decode_request(line)
        except DecodeError:
            return self._carefully(file, number, line)
        if request.resourceSpans is None:
            self._unread.add(file, number, NO_SPANS)
            return 0
        suspect, count = is_suspect(line), 0
        for group in request.resourceSpans:
            resource = _resource(group.resource.attributes) if group.resource else NO_RESOURCE
            count += self._scopes(file, number, resource, group.scopeSpans, suspect=suspect)
        return count

    def _scopes(
        self,
        file: str,
        number: int,
        resource: TracedResource,
        scopes: Iterable[Scope],
        *,
        suspect: bool,
    ) -> int:
        count = 0
        is_due = suspect and bool(resource.keys)
        for scope in scopes:
            for span in scope.spans:
                known = self._recorder.odd_scores
                fault = self._span(span, resource, suspect=suspect)
                if self._recorder.odd_scores > known:
                    odd = self._recorder.odd_scores - known
                    self._unread.add(file, number, ODD_SCORE, odd)
                if fault:
                    self._unread.add(file, number, fault)
                elif is_due:
                    self._look_over(span, resource.items)
                    is_due = False
                count += 1
        return count

    def _span(self, span: OtlpSpan, resource: TracedResource, *, suspect: bool) -> str:
        """Take one span; return what is wrong with it, if it cannot be taken."""
        try:
            began = int(span.startTimeUnixNano) // 1000
            ended = int(span.endTimeUnixNano) // 1000 or NONE
        except ValueError:
            return ODD_SPAN
        if not span.spanId or not span.traceId:
            return NO_ID
        if not 0 < began < _LATEST or not NONE <= ended < _LATEST:
            return NO_START if began == 0 else ODD_SPAN
        items: Sequence[KeyValue] = span.attributes
        keys = tuple([one.key for one in items])
        events: tuple[str, ...] = ()
        if span.events:
            more = [one for event in span.events for one in event.attributes]
            events = tuple([one.key for one in more])
            items = [*items, *more]
        self._recorder.span(
            span.traceId, span.spanId, span.parentSpanId or None, span.name, began, ended, keys,
            items, resource, events,
        )  # fmt: skip
        for event in span.events:
            if event.name == names.EVALUATION:
                self._evaluated(span, event, began)
        if suspect:
            self._look_over(span, items)
            self._look_over_texts(span)
        return ""

    def _evaluated(self, span: OtlpSpan, event: SpanEvent, began: int) -> None:
        given = {names.canonical(one.key): self._value(one) for one in event.attributes}
        try:
            at = int(event.timeUnixNano) // 1000 or began
        except ValueError:
            at = began
        label = given.get(names.LABEL)
        self._recorder.event_score(
            span.traceId, span.spanId, at, str(given.get(names.SCORED)), given.get(names.SCORE),
            None if label is None else str(label),
        )  # fmt: skip

    def _look_over(self, span: OtlpSpan, items: Iterable[KeyValue]) -> None:
        """Look at the values that something may be found in."""
        for one in items:
            if is_suspect(bytes(one.value)):
                found = self._value(one)
                if isinstance(found, str):
                    name = names.canonical(one.key)
                    self._recorder.found(span.traceId, span.spanId, name, found)

    def _look_over_texts(self, span: OtlpSpan) -> None:
        self._recorder.found(span.traceId, span.spanId, SPAN_NAME, span.name)
        for event in span.events:
            self._recorder.found(span.traceId, span.spanId, EVENT_NAME, event.name)
        status = decode(span.status)
        message = status.get("message") if isinstance(status, dict) else None
        if isinstance(message, str):
            self._recorder.found(span.traceId, span.spanId, STATUS, message)

    # -- a line that is not as it should be ------------------------------------------------------

    def _carefully(self, file: str, number: int, line: bytes) -> int:
        """Read what can be read of a line in which something is of another type."""
        try:
            request = decode(line)
        except DecodeError:
            self._unread.add(file, number, NOT_JSON)
            return 0
        count = 0
        groups = request.get("resourceSpans") if isinstance(request, dict) else None
        if groups is None:
            self._unread.add(file, number, NO_SPANS)
        for group in _mappings(groups):
            try:
                resource = _resource(decode_resource(group.get("resource") or {}))
            except DecodeError:
                resource = NO_RESOURCE
                self._unread.add(file, number, "a resource that is not as OTLP has it")
            for scope in _mappings(group.get("scopeSpans")):
                count += self._each(file, number, resource, scope.get("spans"))
        return count

    def _each(self, file: str, number: int, resource: TracedResource, spans: Any) -> int:
        good: list[OtlpSpan] = []
        given = spans if isinstance(spans, list) else []
        for span in given:
            try:
                good.append(decode_span(span))
            except DecodeError:
                self._unread.add(file, number, ODD_SPAN)
        self._scopes(file, number, resource, [Scope(good)], suspect=True)
        return len(given)


def _mappings(given: Any) -> list[dict[str, Any]]:
    return [one for one in given if isinstance(one, dict)] if isinstance(given, list) else []


def _resource(attributes: Sequence[KeyValue]) -> TracedResource:
    return TracedResource(tuple([one.key for one in attributes]), attributes)
