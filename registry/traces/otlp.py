"""OTLP as JSON lines, as the collector's file exporter writes it: a request of many spans a line.

The shape is that of the OTLP specification's JSON (ids in hex, 64-bit numbers as text, enumerations
as numbers). What one line or one span has wrong is told, and the rest is read.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from registry.traces import conventions as names
from registry.traces.batches import LATEST, Batch, BatchRecorder, batches
from registry.traces.content import EVENT_NAME, SPAN_NAME, STATUS, is_suspect
from registry.traces.decode import (
    DecodeError,
    KeyValue,
    KnownKeys,
    KnownSpan,
    OtlpSpan,
    Scope,
    SpanEvent,
    SpanHead,
    ValueReader,
    decode,
    decode_request,
    decode_resource,
    decode_span,
    encode,
    spans_of,
)
from registry.traces.recorder import NO_RESOURCE, Recorder, TracedResource
from registry.traces.tables import NONE
from registry.traces.unread import UnreadCounts

NOT_JSON = "it is no JSON"
NO_SPANS = "a line of another signal, or of something else: it has no spans"
ODD_SPAN = "a span that is not as OTLP has it"
NO_ID = "a span without an id or a trace's id"
NO_START = "a span that does not say when it began"
ODD_SCORE = "a score that is no number, or beyond 2^53"


class OtlpReader:
    """Reads lines of one file after the other."""

    def __init__(self, recorder: Recorder, unread: UnreadCounts) -> None:
        self._recorder = recorder
        self._unread = unread
        self._value = ValueReader()
        self._known = KnownKeys(recorder.reads)
        self._batches = BatchRecorder(recorder, self._known.by_type)

    def line(self, file: str, number: int, line: bytes) -> int:
        """Read one line; return how many spans it holds."""
        self._recorder.read = self._value
        groups = self._groups(line)
        if groups is None:
            return self._by_key(file, number, line)
        odd = self._recorder.odd_scores
        for resource, found in groups:
            for batch in found:
                if batch.spans[0].events:
                    self._with_events(batch, resource)
                else:
                    self._batches.take(batch, resource)
        odd = self._recorder.odd_scores - odd
        if odd:
            self._unread.add(file, number, ODD_SCORE, odd)
        if is_suspect(line):
            self._look_over_line(line, [resource for resource, _ in groups])
        return sum(len(batch.spans) for _, found in groups for batch in found)

    def flush(self) -> None:
        """Record the spans that wait for others like them."""
        self._recorder.read = self._value
        self._batches.flush()

    def _groups(self, line: bytes) -> list[tuple[TracedResource, list[Batch]]] | None:
        """Return a line's spans in batches by resource; None where something is not as usual."""
        request = self._known.request(line)
        if request is None or request.resourceSpans is None:
            return None
        groups = []
        for group in request.resourceSpans:
            found = batches([span for scope in group.scopeSpans for span in scope.spans])
            if found is None:
                return None
            resource = _resource(group.resource.attributes) if group.resource else NO_RESOURCE
            groups.append((resource, found))
        return groups

    def _with_events(self, batch: Batch, resource: TracedResource) -> None:
        times = (batch.cells[one].tolist() for one in ("began", "ended"))
        for span, began, ended in zip(batch.spans, *times, strict=True):
            keys = tuple([self._known.by_type[one] for one in batch.types])
            self._take(span, began, ended, keys, resource)

    def _look_over_line(self, line: bytes, resources: Sequence[TracedResource]) -> None:
        """Look at the spans that something may be found in, and at the resources with spans."""
        for spans, resource in zip(spans_of(line), resources, strict=True):
            if spans and resource.keys:
                self._look_over(decode_span(spans[0]), resource.items)
            for one in spans:
                if is_suspect(bytes(one)):
                    self._look_over_all(decode_span(one))

    # -- a line with new keys, or that is not as others are --------------------------------------

    def _by_key(self, file: str, number: int, line: bytes) -> int:
        """Read one line key by key, and span by span."""
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
            self._known.learn(one.key for span in scope.spans for one in span.attributes)
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
        if not 0 < began < LATEST or not NONE <= ended < LATEST:
            return NO_START if began == 0 else ODD_SPAN
        self._take(span, began, ended, tuple([one.key for one in span.attributes]), resource)
        if suspect:
            self._look_over_all(span)
        return ""

    def _take(
        self,
        span: OtlpSpan | KnownSpan,
        began: int,
        ended: int,
        keys: tuple[str, ...],
        resource: TracedResource,
    ) -> None:
        """Take one span whose times are right, with its events; `keys` are its attributes'."""
        more = [one for event in span.events for one in event.attributes]
        self._recorder.span(
            span.traceId, span.spanId, span.parentSpanId or None, span.name, began, ended, keys,
            [*span.attributes, *more], resource, tuple([one.key for one in more]),
        )  # fmt: skip
        for event in span.events:
            if event.name == names.EVALUATION:
                self._evaluated(span, event, began)

    def _evaluated(self, span: SpanHead, event: SpanEvent, began: int) -> None:
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

    def _look_over_all(self, span: OtlpSpan) -> None:
        self._look_over(span, span.attributes)
        for event in span.events:
            self._look_over(span, event.attributes)
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
                good.append(decode_span(encode(span)))
            except DecodeError:
                self._unread.add(file, number, ODD_SPAN)
        self._scopes(file, number, resource, [Scope(good)], suspect=True)
        return len(given)


def _mappings(given: Any) -> list[dict[str, Any]]:
    return [one for one in given if isinstance(one, dict)] if isinstance(given, list) else []


def _resource(attributes: Sequence[KeyValue]) -> TracedResource:
    return TracedResource(tuple([one.key for one in attributes]), attributes)
