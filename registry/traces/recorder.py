"""Spans become rows: what the policy reads of each goes into the tables, and nothing else.

What spans of the same keys are asked for is worked out once (`Plan`) and kept; of the many values
of a span only the few that are wanted are decoded. The buffers are written when they are full, so
that memory does not grow with the record.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from registry.traces import conventions as names
from registry.traces.content import is_raw, kinds
from registry.traces.duck import Duck
from registry.traces.plan import Plan, planned
from registry.traces.recording import Seen, Shape
from registry.traces.tables import NONE, TABLES
from registry.traces.wanted import TracePolicy

_FULL = 60_000
_MOST_TOKENS = 2**63 - 1
"""What a count may be: what OTLP can carry."""
_MOST_PLANS = 4096
_MOST_SHAPES = 4096
_MOST_NAMES = 10_000

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
        if resource is not self._resource:
            self._resource = resource
            self._here = self._plans.setdefault(resource.keys, {})
        known = self._here.get((keys, events) if events else keys)
        plan, undeclared = known or self._planned(trace, keys, resource.keys, events)
        for seen in undeclared:
            seen.number += 1
        values = tuple([self._text(items, resource, place) for place in plan.matched])
        shape = plan.shapes.get((name, values))
        if shape is None:
            shape = self._shaped(plan, name, values)
        traces, spans, parents, starts, ends, shapes = self._appends["spans"]
        traces(trace)
        spans(span)
        parents(parent)
        starts(began)
        ends(ended)
        shapes(shape)
        if plan.is_rich:
            self._read(plan, trace, span, parent, began, items, resource)
        if len(self._traces) >= _FULL:
            self.flush()

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
        number = _number(value)
        if number is not None:
            self._add("scores", trace, span, at, metric, number, label)
        elif value is not None:
            self.odd_scores += 1

    def flush(self) -> None:
        """Write what is buffered."""
        for table, columns in self._rows.items():
            if next(iter(columns.values())):
                self._store.write(table, columns)
                for cells in columns.values():
                    cells.clear()

    # -- what spans of these keys are asked for --------------------------------------------------

    def _planned(
        self, trace: str, keys: tuple[str, ...], outer: tuple[str, ...], events: tuple[str, ...]
    ) -> tuple[Plan, tuple[Seen, ...]]:
        """Work out a plan for spans of these keys, their resource's and their events'."""
        if len(self._here) >= _MOST_PLANS or len(self._plans) > _MOST_PLANS:
            self._here = {}
            self._plans = {outer: self._here}
        plan = planned(self.wanted, self.carried, keys, outer, events)
        seen = tuple(self.seen(one, trace) for one in plan.undeclared)
        self._here[(keys, events) if events else keys] = plan, seen
        return plan, seen

    def seen(self, attribute: str, trace: str) -> Seen:
        """Return the count of an undeclared attribute; beyond a number they are counted as one."""
        known = self.undeclared.get(attribute)
        if known is None:
            more = len(self.undeclared) >= _MOST_NAMES
            known = self.undeclared.setdefault("" if more else attribute, Seen(trace))
        return known

    def _shaped(self, plan: Plan, name: str, values: tuple[str | None, ...]) -> int:
        """Return the number of the shape that spans of this plan, name and values have."""
        if len(plan.shapes) >= _MOST_SHAPES:
            plan.shapes.clear()
        given = dict(zip(plan.named, values, strict=True))
        is_of = (
            1 << bit for bit, kind in enumerate(self.wanted.kinds) if kind.matches(name, given)
        )
        shape = Shape(sum(is_of), plan.carried)
        number: int = self.shapes.setdefault(shape, len(self.shapes))
        plan.shapes[name, values] = number
        return number

    # -- rows ------------------------------------------------------------------------------------

    def _value(self, items: Sequence[Any], resource: TracedResource, place: int) -> Any:
        own = len(items)
        if 0 <= place < own:
            return self.read(items[place])
        return None if place < 0 else self.read(resource.items[place - own])

    def _text(self, items: Sequence[Any], resource: TracedResource, place: int) -> str | None:
        found = self._value(items, resource, place)
        return found if found is None or isinstance(found, str) else _text(found)

    def _call(  # noqa: PLR0913
        self, plan: Plan, trace: str, span: str, began: int, items: Sequence[Any],
        resource: TracedResource,
    ) -> None:  # fmt: skip
        operation = self._text(items, resource, plan.operation)
        if operation in names.NO_CALLS or (
            operation not in names.CALLS and plan.input_tokens < 0 > plan.output_tokens
        ):
            return
        model = self._text(items, resource, plan.model)
        model = model or self._text(items, resource, plan.asked_model)
        known = self.odd_tokens
        tokens = [
            NONE if place < 0 else self._tokens(self._value(items, resource, place))
            for place in (plan.input_tokens, plan.cached_tokens, plan.output_tokens)
        ]
        embeds = int(operation == names.EMBEDDINGS)
        odd = int(self.odd_tokens > known)
        self._add("calls", trace, span, began, embeds, model, *tokens, odd)

    def _tokens(self, given: Any) -> int:
        """Read a number of tokens; what is none is counted, and is not zero."""
        number = _whole(given)
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
        self.event_score(
            trace, span, began, str(metric), value, None if label is None else _text(label)
        )

    def _add(self, table: str, *cells: Any) -> None:
        for append, cell in zip(self._appends[table], cells, strict=True):
            append(cell)


def _nothing(_: Any) -> None:
    """Read nothing: a reader says how its attributes are read before it gives any."""


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _number(value: object) -> float | None:
    """Read a finite number, also from a text."""
    if isinstance(value, bool) or "_" in str(value):
        return None
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None
    return number if abs(number) < 2**53 else None


def _whole(value: object) -> int | None:
    """Read a whole number that is not negative and fits into 64 bits, also from a text."""
    if not isinstance(value, (int, float, str)) or isinstance(value, bool) or "_" in str(value):
        return None
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    if not number.is_finite() or not 0 <= number <= _MOST_TOKENS:
        return None
    return int(number) if number == number.to_integral_value() else None
