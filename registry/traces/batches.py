"""Spans with the same keys, many at a time: what is asked of them is read column by column.

It yields the rows that `Recorder.span` would, span by span; that is for what is rarer: spans with
events, and lines in which something is not as it should be.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import compress
from typing import Any, NamedTuple

from registry.traces import conventions as names
from registry.traces.content import are_hex
from registry.traces.decode import KnownSpan
from registry.traces.plan import Plan
from registry.traces.recorder import Recorder, TracedResource, is_call
from registry.traces.tables import NONE

LATEST = 2**53
"""In µs since 1970: no instant is as late."""
_DIGITS = 18
"""What so many digits say fits into 64 bits."""


class Batch(NamedTuple):
    """Spans of one resource whose attributes, of these `types`, are the same; times are in µs."""

    types: tuple[type, ...]
    spans: Sequence[KnownSpan]
    began: Sequence[int]
    ended: Sequence[int]


def batches(spans: Iterable[KnownSpan]) -> list[Batch] | None:
    """Sort spans by the types of their attributes, and those with events each by itself.

    None where an id is absent, or a time is none.
    """
    sorted_: dict[Any, list[KnownSpan]] = {}
    for span in spans:
        key: Any = id(span) if span.events else tuple(map(type, span.attributes))
        try:
            sorted_[key].append(span)
        except KeyError:  # a tuple keeps no hash: it is looked up once
            sorted_[key] = [span]
    found = []
    for its in sorted_.values():
        one = _batch(its)
        if one is None:
            return None
        found.append(one)
    return found


def _batch(spans: Sequence[KnownSpan]) -> Batch | None:
    try:
        began = [int(one.startTimeUnixNano) // 1000 for one in spans]
        ended = [int(one.endTimeUnixNano) // 1000 or NONE for one in spans]
    except ValueError:
        return None
    is_right = (
        min(began) > 0 and max(began) < LATEST and min(ended) >= NONE and max(ended) < LATEST
        and all([one.spanId and one.traceId for one in spans])  # noqa: C419 - twice as fast
    )  # fmt: skip
    types = tuple(map(type, spans[0].attributes))
    return Batch(types, spans, began, ended) if is_right else None


class BatchRecorder:
    """Takes batches; `keys` are those of the types that attributes have."""

    def __init__(self, recorder: Recorder, keys: Mapping[type, str]) -> None:
        self._recorder = recorder
        self._keys = keys

    def take(self, batch: Batch, resource: TracedResource) -> None:
        """Take spans, none of which has an event."""
        first = batch.spans[0]
        plan, undeclared = self._recorder.plan(batch.types, first.traceId, resource, self._spelt)
        for seen in undeclared:
            seen.number += len(batch.spans)
        columns = _Columns(self._recorder, batch, resource)
        self._recorder.extend(
            "spans", columns.traces, columns.spans, columns.parents, batch.began, batch.ended,
            columns.shapes(plan),
        )  # fmt: skip
        if plan.is_call:
            self._calls(plan, columns)
        for field, place in plan.slices:
            self._slice(field, place, columns)
        for place, attribute, how in plan.judged:
            self._judge(attribute, how, columns.texts(place), columns)
        if plan.scores is not None:
            self._scores(plan.scores, columns)

    def _spelt(self, types: tuple[type, ...]) -> tuple[str, ...]:
        return tuple([self._keys[one] for one in types])

    def _calls(self, plan: Plan, columns: "_Columns") -> None:
        has_tokens = plan.input_tokens >= 0 or plan.output_tokens >= 0
        operations = columns.texts(plan.operation)
        wanted = {one: is_call(one, has_tokens=has_tokens) for one in set(operations)}
        if not all(wanted.values()):
            columns = columns.where([wanted[one] for one in operations])
            operations = columns.texts(plan.operation)
        models = columns.texts(plan.model)
        if not all(models):
            pairs = zip(models, columns.texts(plan.asked_model), strict=True)
            models = [model or asked for model, asked in pairs]
        odd = [0] * len(operations)
        tokens = [
            columns.tokens(place, odd)
            for place in (plan.input_tokens, plan.cached_tokens, plan.output_tokens)
        ]
        embeds = [int(one == names.EMBEDDINGS) for one in operations]
        began = columns.batch.began
        self._recorder.extend(
            "calls", columns.traces, columns.spans, began, embeds, models, *tokens, odd
        )

    def _slice(self, field: str, place: int, columns: "_Columns") -> None:
        values = columns.texts(place)
        if None in set(values):
            columns = columns.where([one is not None for one in values])
            values = columns.texts(place)
        roots = [int(one is None) for one in columns.parents]
        fields = [field] * len(values)
        self._recorder.extend("slices", columns.traces, columns.spans, roots, fields, values)

    def _judge(
        self, attribute: str, how: str, texts: Sequence[str | None], columns: "_Columns"
    ) -> None:
        if how == "hash" and are_hex(texts):
            return
        for trace, span, text in zip(columns.traces, columns.spans, texts, strict=True):
            if text is not None:
                self._recorder.judge(trace, span, attribute, how, text)

    def _scores(self, places: tuple[int, int, int], columns: "_Columns") -> None:
        ids = zip(columns.traces, columns.spans, columns.batch.began, strict=True)
        values = zip(*(columns.values(one) for one in places), strict=True)
        for (trace, span, at), (metric, value, label) in zip(ids, values, strict=True):
            self._recorder.span_score(trace, span, at, metric, value, label)


class _Columns:
    """What spans of a batch have, each a column in the order of the spans."""

    def __init__(self, recorder: Recorder, batch: Batch, resource: TracedResource) -> None:
        self._recorder = recorder
        self._resource = resource
        self.batch = batch
        self.traces = [one.traceId for one in batch.spans]
        self.spans = [one.spanId for one in batch.spans]
        self.parents = [one.parentSpanId or None for one in batch.spans]

    def where(self, wanted: Sequence[bool]) -> "_Columns":
        """Return the columns of some of the spans."""
        types, *rows = self.batch
        some = Batch(types, *(list(compress(one, wanted)) for one in rows))  # type: ignore[arg-type]
        return _Columns(self._recorder, some, self._resource)

    def shapes(self, plan: Plan) -> list[int]:
        """Return the shapes of the spans, which are of this plan."""
        given: list[Any] = [one.name for one in self.batch.spans]
        if plan.matched:
            values = zip(*map(self.texts, plan.matched), strict=True)
            given = list(zip(given, values, strict=True))
        known = {one: self._shape(plan, one) for one in dict.fromkeys(given)}
        return [known[one] for one in given]

    def _shape(self, plan: Plan, given: Any) -> int:
        known = plan.shapes.get(given)
        if known is not None:
            return known
        name, values = given if plan.matched else (given, ())
        return self._recorder.shaped(plan, name, values)

    def values(self, place: int) -> list[Any]:
        """Return values of one attribute: text, number, truth, or None."""
        own = len(self.batch.types)
        if not 0 <= place < own:
            value = None if place < 0 else self._recorder.read(self._resource.items[place - own])
            return [value] * len(self.batch.spans)
        return [self._recorder.read(one.attributes[place]) for one in self.batch.spans]

    def texts(self, place: int) -> list[str | None]:
        """Return values of one attribute as texts."""
        if 0 <= place < len(self.batch.types):
            try:
                found = [one.attributes[place].value.stringValue for one in self.batch.spans]
            except AttributeError:  # one has no value at all
                found = [None]
            if all(found):
                return found
        return [self._recorder.text(one) for one in self.values(place)]

    def tokens(self, place: int, odd: list[int]) -> list[int]:
        """Return numbers of tokens, -1 where there is none; what is no number is marked as odd."""
        if place < 0:
            return [NONE] * len(self.batch.spans)
        return list(self._plain(place) or self._tokens(place, odd))

    def _plain(self, place: int) -> list[int]:
        """Return whole numbers that all are written as such; nothing where one is not."""
        if place >= len(self.batch.types):
            return []
        try:
            given = [one.attributes[place].value.intValue for one in self.batch.spans]
            digits = "".join(given)
        except (AttributeError, TypeError):
            return []
        is_plain = all(given) and digits.isascii() and digits.isdigit()
        return [*map(int, given)] if is_plain and max(map(len, given)) <= _DIGITS else []

    def _tokens(self, place: int, odd: list[int]) -> Iterator[int]:
        for row, value in enumerate(self.values(place)):
            known = self._recorder.odd_tokens
            yield self._recorder.tokens(value)
            odd[row] |= self._recorder.odd_tokens > known
