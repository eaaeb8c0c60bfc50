"""Spans become rows: what the policy reads of each goes into the tables, and nothing else.

What spans of the same keys are asked for is worked out once (`Plan`) and kept; of the many values
of a span only the few that are wanted are decoded. The buffers are written when they are full, so
that memory does not grow with the record.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from registry.traces import conventions as names
from registry.traces.amounts import as_text, finite, whole
from registry.traces.chunks import Chunk, chunk, joined
from registry.traces.content import is_raw, kinds
from registry.traces.duck import Duck
from registry.traces.plan import Plan, planned
from registry.traces.recording import Seen, Shape
from registry.traces.tables import NONE, TABLES
from registry.traces.wanted import TracePolicy

_MANY = 1024
"""Spans whose rows are packed into arrays."""
_FULL = 60_000
"""Spans whose rows are written as a part of the tables."""
_MOST_PLANS = 4096
_MOST_SHAPES = 4096
_MOST_NAMES = 10_000
_READ = (
    names.OPERATION, names.MODEL, names.ASKED_MODEL, names.INPUT, names.CACHED, names.OUTPUT,
    names.SCORED, names.SCORE, names.LABEL,
)  # fmt: skip
"""Attributes that are read whatever the policy says."""

Read = Callable[[Any], Any]
"""What takes the value out of an attribute: text, number, truth, or None."""


class TracedResource(NamedTuple):
    """What all spans of a process have in common: keys, and attributes in the same order."""

    keys: tuple[str, ...]
    items: Sequence[Any]


NO_RESOURCE = TracedResource((), ())

_Plans = dict[tuple[Any, ...], tuple[Plan, tuple[Seen, ...]]]
"""Plans for spans of one resource's keys, by the keys of the span and those of its events."""


class Recorder:
    """Takes spans, and writes the tables of a record; `read` takes a value out of an attribute."""

    def __init__(self, wanted: TracePolicy, store: Duck) -> None:
        self.wanted = wanted
        self.shapes: dict[Shape, int] = {}
        self.undeclared: dict[str, Seen] = {}
        self.odd_tokens = 0
        self.odd_scores = 0
        carried = (attribute for kind in wanted.kinds for _, attribute in kind.carries)
        more = (attribute for _, attribute in wanted.everywhere)
        self.carried = tuple(dict.fromkeys((*carried, *more)))
        self._store = store
        self.read: Read = _nothing
        self._plans: dict[tuple[str, ...], _Plans] = {}
        self._resource: TracedResource | None = None
        self._here: _Plans = {}
        self._rows: dict[str, dict[str, list[Any]]] = {
            table: {name: [] for name in columns} for table, columns in TABLES.items()
        }
        self._chunks: dict[str, list[Chunk]] = {table: [] for table in TABLES}
        self._packed = 0
        self._values_read = {*wanted.matched, *_READ, *(one for _, one in wanted.slices)}
        self._traces = self._rows["spans"]["trace"]
        self._appends = {
            table: tuple(cells.append for cells in columns.values())
            for table, columns in self._rows.items()
        }

    def span(  # noqa: PLR0913 - one span has that many parts
        self,
        trace: str,
        span: str,
        parent: str | None,
        name: str,
        began: int,
        ended: int,
        keys: tuple[str, ...],
        items: Sequence[Any],
        resource: TracedResource,
        events: tuple[str, ...] = (),
    ) -> None:
        """Take one span; `items` are its attributes in the order of `keys`, then its events'.

        Times are µs since 1970, `ended` -1 where it has none. `events` are the keys of its events'
        attributes.
        """
        self._enter(resource)
        kinds = (keys, events) if events else keys
        known = self._here.get(kinds)
        plan, undeclared = known or self._planned(kinds, trace, keys, resource.keys, events)
        for seen in undeclared:
            seen.number += 1
        shape = self._shape(plan, name, items, resource)
        traces, spans, parents, starts, ends, shapes = self._appends["spans"]
        traces(trace)
        spans(span)
        parents(parent)
        starts(began)
        ends(ended)
        shapes(shape)
        if plan.is_rich:
            self._read(plan, trace, span, parent, began, items, resource)
        self._take_stock()

    def plan(
        self,
        kinds: tuple[Any, ...],
        trace: str,
        resource: TracedResource,
        spelt: Callable[[Any], tuple[str, ...]],
    ) -> tuple[Plan, tuple[Seen, ...]]:
        """Return what is asked of spans; `kinds` stand for their keys, which `spelt` tells."""
        self._enter(resource)
        known = self._here.get(kinds)
        return known or self._planned(kinds, trace, spelt(kinds), resource.keys, ())

    def add(self, table: str, arrays: Mapping[str, Any]) -> None:
        """Take rows whose ids are packed, as arrays."""
        self._chunks[table].append(Chunk(arrays, are_packed=True))
        if table == "spans":
            self._packed += len(arrays["span"])
            self._take_stock()

    def reads(self, key: str) -> bool:
        """Whether values under a key may be asked for."""
        name = names.canonical(key)
        return name in self._values_read or bool(self.wanted.judged(name))

    def _enter(self, resource: TracedResource) -> None:
        if resource is not self._resource:
            self._resource = resource
            self._here = self._plans.setdefault(resource.keys, {})

    def _read(  # noqa: PLR0913
        self,
        plan: Plan,
        trace: str,
        span: str,
        parent: str | None,
        began: int,
        items: Sequence[Any],
        resource: TracedResource,
    ) -> None:
        """Take what more is asked of a span than what it is."""
        if plan.is_call:
            self._call(plan, trace, span, began, items, resource)
        if plan.slices:
            self._slice(plan, trace, span, parent, items, resource)
        if plan.judged:
            self._judge(plan, trace, span, items, resource)
        if plan.scores is not None:
            self._score(plan.scores, trace, span, began, items, resource)

    def found(self, trace: str, span: str, attribute: str, text: str) -> None:
        """Take what a value looks like that belongs in no trace; the value itself is not kept."""
        for kind in kinds(text):
            self._add("contents", trace, span, attribute, kind)

    def event_score(  # noqa: PLR0913 - one score has that many parts
        self, trace: str, span: str, at: int, metric: str, value: object, label: str | None
    ) -> None:
        """Take the outcome of an evaluation; a score that is no number is counted apart.

        Without a score, as with a label alone, it is none.
        """
        number = finite(value)
        if number is not None:
            self._add("scores", trace, span, at, metric, number, label)
        elif value is not None:
            self.odd_scores += 1

    def flush(self) -> None:
        """Write what is buffered."""
        self._pack()
        for table, chunks in self._chunks.items():
            for one in joined(chunks):
                self._store.write(table, one)
            chunks.clear()
        self._packed = 0

    def _take_stock(self) -> None:
        """Pack what has come, if it is much: texts in great numbers take room, and time with it."""
        if len(self._traces) >= _MANY:
            self._packed += len(self._traces)
            self._pack()
        if self._packed >= _FULL:
            self.flush()

    def _pack(self) -> None:
        for table, columns in self._rows.items():
            if next(iter(columns.values())):
                self._chunks[table].append(chunk(table, columns))
                for cells in columns.values():
                    cells.clear()

    # -- what spans of these keys are asked for --------------------------------------------------

    def _planned(
        self,
        kinds: tuple[Any, ...],
        trace: str,
        keys: tuple[str, ...],
        outer: tuple[str, ...],
        events: tuple[str, ...],
    ) -> tuple[Plan, tuple[Seen, ...]]:
        """Work out a plan for spans of these keys, their resource's and their events'.

        `kinds` stands for the keys from now on.
        """
        if len(self._here) >= _MOST_PLANS or len(self._plans) > _MOST_PLANS:
            self._here = {}
            self._plans = {outer: self._here}
        plan = planned(self.wanted, self.carried, keys, outer, events)
        seen = tuple(self.seen(one, trace) for one in plan.undeclared)
        self._here[kinds] = plan, seen
        return plan, seen

    def seen(self, attribute: str, trace: str) -> Seen:
        """Return the count of an undeclared attribute; beyond a number they are counted as one."""
        known = self.undeclared.get(attribute)
        if known is None:
            more = len(self.undeclared) >= _MOST_NAMES
            known = self.undeclared.setdefault("" if more else attribute, Seen(trace))
        return known

    def _shape(self, plan: Plan, name: str, items: Sequence[Any], resource: TracedResource) -> int:
        """Return the number of a span's shape."""
        values = tuple([self._text(items, resource, place) for place in plan.matched])
        known = plan.shapes.get((name, values) if values else name)
        return self.shaped(plan, name, values) if known is None else known

    def shaped(self, plan: Plan, name: str, values: tuple[str | None, ...]) -> int:
        """Work out the shape that spans of this plan, name and values have."""
        if len(plan.shapes) >= _MOST_SHAPES:
            plan.shapes.clear()
        given = dict(zip(plan.named, values, strict=True))
        is_of = (
            1 << bit for bit, kind in enumerate(self.wanted.kinds) if kind.matches(name, given)
        )
        shape = Shape(sum(is_of), plan.carried)
        number: int = self.shapes.setdefault(shape, len(self.shapes))
        plan.shapes[(name, values) if values else name] = number
        return number

    # -- rows ------------------------------------------------------------------------------------

    def _value(self, items: Sequence[Any], resource: TracedResource, place: int) -> Any:
        own = len(items)
        if 0 <= place < own:
            return self.read(items[place])
        return None if place < 0 else self.read(resource.items[place - own])

    def _text(self, items: Sequence[Any], resource: TracedResource, place: int) -> str | None:
        return self.text(self._value(items, resource, place))

    def text(self, found: Any) -> str | None:
        """Write what was read as text; None stays None."""
        return found if found is None or isinstance(found, str) else as_text(found)

    def _call(  # noqa: PLR0913
        self, plan: Plan, trace: str, span: str, began: int, items: Sequence[Any],
        resource: TracedResource,
    ) -> None:  # fmt: skip
        operation = self._text(items, resource, plan.operation)
        if not is_call(operation, has_tokens=plan.input_tokens >= 0 or plan.output_tokens >= 0):
            return
        model = self._text(items, resource, plan.model)
        model = model or self._text(items, resource, plan.asked_model)
        known = self.odd_tokens
        tokens = [
            NONE if place < 0 else self.tokens(self._value(items, resource, place))
            for place in (plan.input_tokens, plan.cached_tokens, plan.output_tokens)
        ]
        embeds = int(operation == names.EMBEDDINGS)
        odd = int(self.odd_tokens > known)
        self._add("calls", trace, span, began, embeds, model, *tokens, odd)

    def tokens(self, given: Any) -> int:
        """Read a number of tokens; what is none is counted, and is not zero."""
        number = whole(given)
        if number is None:
            self.odd_tokens += 1
            return NONE
        return number

    def _slice(  # noqa: PLR0913
        self, plan: Plan, trace: str, span: str, parent: str | None, items: Sequence[Any],
        resource: TracedResource,
    ) -> None:  # fmt: skip
        for field, place in plan.slices:
            value = self._text(items, resource, place)
            if value is not None:
                self._add("slices", trace, span, int(parent is None), field, value)

    def _judge(
        self, plan: Plan, trace: str, span: str, items: Sequence[Any], resource: TracedResource
    ) -> None:
        for place, attribute, how in plan.judged:
            text = self._text(items, resource, place)
            if text is not None:
                self.judge(trace, span, attribute, how, text)

    def judge(self, trace: str, span: str, attribute: str, how: str, text: str) -> None:
        """Take a value that must be as `how` says (see `TracePolicy.judged`), if it is not."""
        if how == "named":
            self.found(trace, span, attribute, f"{attribute.rpartition('.')[2]}: {text}")
        elif is_raw(text, how):
            self._add("contents", trace, span, attribute, how)

    def _score(  # noqa: PLR0913
        self,
        places: tuple[int, int, int],
        trace: str,
        span: str,
        began: int,
        items: Sequence[Any],
        resource: TracedResource,
    ) -> None:
        """Take the outcome of an evaluation that is a span of its own."""
        metric, value, label = (self._value(items, resource, one) for one in places)
        self.span_score(trace, span, began, metric, value, label)

    def span_score(  # noqa: PLR0913
        self, trace: str, span: str, at: int, metric: object, value: object, label: object
    ) -> None:
        """Take the outcome of an evaluation that is a span, as it was read."""
        self.event_score(trace, span, at, str(metric), value, self.text(label))

    def _add(self, table: str, *cells: Any) -> None:
        for append, cell in zip(self._appends[table], cells, strict=True):
            append(cell)


def _nothing(_: Any) -> None:
    """Read nothing: a reader says how its attributes are read before it gives any."""


def is_call(operation: str | None, *, has_tokens: bool) -> bool:
    """Whether a span of an operation is a call of a model; one of another is, if it has tokens."""
    if operation in names.NO_CALLS:
        return False
    return has_tokens or operation in names.CALLS
