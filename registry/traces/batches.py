"""Spans with the same keys, many at a time: what is asked of them is read column by column.

It yields the rows that `Recorder.span` would; that is for what is rarer: spans with events, and
lines in which something is not as it should be. Spans wait until there are many of the same keys,
over lines, unless something is asked of their resource or is counted by line.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, compress
from typing import Any, NamedTuple

import numpy as np

from registry.traces import conventions as names
from registry.traces.chunks import arrays
from registry.traces.content import are_hex
from registry.traces.decode import KnownSpan
from registry.traces.instants import micros
from registry.traces.packed import ABSENT, packed
from registry.traces.plan import Plan
from registry.traces.recorder import NO_RESOURCE, Recorder, TracedResource, is_call
from registry.traces.tables import NONE

LATEST = 2**53
"""In µs since 1970: no instant is as late."""
_DIGITS = 18
"""What so many digits say fits into 64 bits."""
_MANY = 2048
"""Spans of the same keys that wait no longer."""
_MOST = 8192
"""Spans that wait, all told."""

IDS = ("trace_high", "trace_low", "span")
"""The cells that a span's own ids are in."""

Cells = Mapping[str, Any]
"""Columns of spans, an array each: their ids, packed, and their times."""


class Batch(NamedTuple):
    """Spans of one resource whose attributes, of these `types`, are the same, with their cells."""

    types: tuple[type, ...]
    spans: Sequence[KnownSpan]
    cells: Cells


def batches(spans: Iterable[KnownSpan]) -> list[Batch] | None:
    """Sort spans by the types of their attributes, and those with events each by itself.

    None where an id is absent or cannot be packed, or a time is none.
    """
    sorted_: dict[Any, list[KnownSpan]] = {}
    for span in spans:
        key: Any = id(span) if span.events else tuple(map(type, span.attributes))
        try:
            sorted_[key].append(span)
        except KeyError:  # a tuple keeps no hash: it is looked up once
            sorted_[key] = [span]
    ordered = [*chain.from_iterable(sorted_.values())]
    cells = _cells(ordered) if ordered else {}
    if cells is None:
        return None
    found, first = [], 0
    for its in sorted_.values():
        last = first + len(its)
        types = tuple(map(type, its[0].attributes))
        found.append(Batch(types, its, {name: one[first:last] for name, one in cells.items()}))
        first = last
    return found


def _cells(spans: Sequence[KnownSpan]) -> dict[str, Any] | None:
    began = micros([one.startTimeUnixNano for one in spans])
    ended = micros([one.endTimeUnixNano for one in spans])
    if began is None or ended is None:
        return None
    ended[ended == 0] = NONE
    is_right = (
        began.min() > 0 and began.max() < LATEST and ended.min() >= NONE and ended.max() < LATEST
    )
    if not is_right:
        return None
    traces = packed("trace", [one.traceId for one in spans])
    ids = packed("span", [one.spanId for one in spans])
    parents = packed("parent", [one.parentSpanId or None for one in spans])
    if traces is None or ids is None or parents is None:
        return None
    return {**traces, **ids, **parents, "began": began, "ended": ended}


class _Waiting:
    """What is read of spans of one plan, which wait for more of it, column by column.

    Taken out of each line while the processor has it at hand: spans that wait themselves cost more.
    """

    def __init__(self, plan: Plan, own: int) -> None:
        self.plan = plan
        self.own = own
        self.names: list[str] = []
        self.items: dict[int, list[Any]] = {place: [] for place in plan.places if 0 <= place < own}
        self.cells: list[Cells] = []

    def add(self, batch: Batch) -> None:
        self.names += [one.name for one in batch.spans]
        for place, items in self.items.items():
            items += [one.attributes[place] for one in batch.spans]
        self.cells.append(batch.cells)

    def columns(self, recorder: Recorder, resource: TracedResource) -> "_Columns":
        cells = {name: np.concatenate([one[name] for one in self.cells]) for name in self.cells[0]}
        return _Columns(recorder, resource, self.own, self.names, self.items, cells)


class BatchRecorder:
    """Takes batches; `keys` are those of the types that attributes have."""

    def __init__(self, recorder: Recorder, keys: Mapping[type, str]) -> None:
        self._recorder = recorder
        self._keys = keys
        self._waiting: dict[int, _Waiting] = {}
        self._number = 0

    def take(self, batch: Batch, resource: TracedResource) -> None:
        """Take spans, none of which has an event."""
        first = batch.spans[0]
        plan, undeclared = self._recorder.plan(batch.types, first.traceId, resource, self._spelt)
        for seen in undeclared:
            seen.number += len(batch.spans)
        waiting = self._waiting.get(id(plan))
        if waiting is None:
            waiting = self._waiting[id(plan)] = _Waiting(plan, len(batch.types))
        waiting.add(batch)
        self._number += len(batch.spans)
        is_urgent = plan.scores is not None or plan.places[-1] >= len(batch.types)
        if is_urgent or len(waiting.names) >= _MANY:
            del self._waiting[id(plan)]
            self._record(waiting, resource)
        elif self._number >= _MOST:
            self.flush()

    def flush(self) -> None:
        """Record what waits."""
        waiting = [*self._waiting.values()]
        self._waiting.clear()
        for one in waiting:
            self._record(one, NO_RESOURCE)

    def _spelt(self, types: tuple[type, ...]) -> tuple[str, ...]:
        return tuple([self._keys[one] for one in types])

    def _record(self, waiting: _Waiting, resource: TracedResource) -> None:
        plan, columns = waiting.plan, waiting.columns(self._recorder, resource)
        self._number -= len(columns.names)
        shapes = np.array(columns.shapes(plan), dtype=np.int64)
        self._recorder.add("spans", {**columns.cells, "shape": shapes})
        if plan.is_call:
            self._calls(plan, columns)
        for field, place in plan.slices:
            self._slice(field, place, columns)
        for place, attribute, how in plan.judged:
            self._judge(attribute, how, columns.texts(place), columns)
        if plan.scores is not None:
            self._scores(plan.scores, columns)

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
        tokens = {
            name: columns.tokens(place, odd)
            for name, place in (
                ("input", plan.input_tokens),
                ("cached", plan.cached_tokens),
                ("output", plan.output_tokens),
            )
        }
        embeds = [int(one == names.EMBEDDINGS) for one in operations]
        began = columns.cells["began"]
        cells = {"began": began, "embeds": embeds, "model": models, **tokens, "odd": odd}
        self._add("calls", columns, cells)

    def _slice(self, field: str, place: int, columns: "_Columns") -> None:
        values = columns.texts(place)
        if None in set(values):
            columns = columns.where([one is not None for one in values])
            values = columns.texts(place)
        roots = columns.cells["parent"] == ABSENT
        cells = {"root": roots, "field": [field] * len(values), "value": values}
        self._add("slices", columns, cells)

    def _add(self, table: str, columns: "_Columns", cells: Mapping[str, Any]) -> None:
        """Add rows of a table, with the ids of their traces and spans."""
        if columns.names:
            ids = {name: columns.cells[name] for name in IDS}
            self._recorder.add(table, {**ids, **arrays(table, cells)})

    def _judge(
        self, attribute: str, how: str, texts: Sequence[str | None], columns: "_Columns"
    ) -> None:
        if how == "hash" and are_hex(texts):
            return
        for row, text in enumerate(texts):
            if text is not None:
                self._recorder.judge(*columns.ids(row), attribute, how, text)

    def _scores(self, places: tuple[int, int, int], columns: "_Columns") -> None:
        began = columns.cells["began"].tolist()
        values = (columns.values(one) for one in places)
        for row, (at, *given) in enumerate(zip(began, *values, strict=True)):
            self._recorder.span_score(*columns.ids(row), at, *given)


class _Columns:
    """What spans of a batch have, each a column in the order of the spans."""

    def __init__(  # noqa: PLR0913 - what is read of spans
        self,
        recorder: Recorder,
        resource: TracedResource,
        own: int,
        names: Sequence[str],
        items: Mapping[int, Sequence[Any]],
        cells: Cells,
    ) -> None:
        self._recorder = recorder
        self._resource = resource
        self._own = own
        self.names = names
        self._items = items
        self.cells = cells

    def ids(self, row: int) -> tuple[str, str]:
        """Return the ids of a trace and a span as texts."""
        high, low, span = (int(self.cells[name][row]) for name in IDS)
        return f"{high:016x}{low:016x}", f"{span:016x}"

    def where(self, wanted: Sequence[bool]) -> "_Columns":
        """Return the columns of some of the spans."""
        mask = np.array(wanted, dtype=bool)
        return _Columns(
            self._recorder,
            self._resource,
            self._own,
            list(compress(self.names, wanted)),
            {place: list(compress(items, wanted)) for place, items in self._items.items()},
            {name: one[mask] for name, one in self.cells.items()},
        )

    def shapes(self, plan: Plan) -> list[int]:
        """Return the shapes of the spans, which are of this plan."""
        given: Sequence[Any] = self.names
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
        items = self._items.get(place)
        if items is not None:
            return list(map(self._recorder.read, items))
        outer = None if place < 0 else self._recorder.read(self._resource.items[place - self._own])
        return [outer] * len(self.names)

    def texts(self, place: int) -> list[str | None]:
        """Return values of one attribute as texts."""
        items = self._items.get(place)
        if items is not None:
            try:
                found = [one.value.stringValue for one in items]
            except AttributeError:  # one has no value at all
                found = [None]
            if all(found):
                return found
        return [self._recorder.text(one) for one in self.values(place)]

    def tokens(self, place: int, odd: list[int]) -> list[int]:
        """Return numbers of tokens, -1 where there is none; what is no number is marked as odd."""
        if place < 0:
            return [NONE] * len(self.names)
        return list(self._plain(place) or self._tokens(place, odd))

    def _plain(self, place: int) -> list[int]:
        """Return whole numbers that all are written as such; nothing where one is not."""
        try:
            given = [one.value.intValue for one in self._items.get(place, ())]
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
