"""What spans of the same keys are asked for: places among their attributes, worked out once."""

from collections.abc import Mapping
from functools import partial
from typing import NamedTuple

from registry.traces import conventions as names
from registry.traces.tables import NONE
from registry.traces.wanted import TracePolicy


class Plan(NamedTuple):
    """Places among a span's attributes, then its events', then its resource's; -1 for none.

    `matched` tell what kind it is of, and are `named` so; `shapes` are the shapes that were worked
    out so far, by the span's name and, if there are any, these values. `carried` are bits, in the
    order of what is asked for. `slices` pair a field with its place; `judged` are places with the
    attribute and what its value must be.
    `scores` are the metric's name, value and label of an evaluation that is a span. `undeclared`
    are the attributes that no field declares. `places` are all that are read, in order.
    """

    shapes: dict[str | tuple[str, tuple[str | None, ...]], int]
    matched: tuple[int, ...]
    named: tuple[str, ...]
    carried: int
    is_call: bool
    operation: int
    model: int
    asked_model: int
    input_tokens: int
    cached_tokens: int
    output_tokens: int
    slices: tuple[tuple[str, int], ...]
    judged: tuple[tuple[int, str, str], ...]
    scores: tuple[int, int, int] | None
    undeclared: tuple[str, ...]
    places: tuple[int, ...]

    @property
    def is_rich(self) -> bool:
        """Whether more is asked of these spans than what they are."""
        return bool(self.is_call or self.slices or self.judged or self.scores)


def planned(
    wanted: TracePolicy,
    carried: tuple[str, ...],
    keys: tuple[str, ...],
    outer: tuple[str, ...],
    events: tuple[str, ...],
) -> Plan:
    """Work out a plan for spans of these keys, their resource's and their events'."""
    keys, outer, events = (tuple(map(names.canonical, one)) for one in (keys, outer, events))
    order = (*keys, *events, *outer)
    of_events = range(len(keys), len(keys) + len(events))
    place = {key: spot for spot, key in reversed([*enumerate(order)]) if spot not in of_events}
    own = set(keys)
    matched = tuple(one for one in wanted.matched if one in place)
    told = ((spot, one, wanted.judged(one)) for spot, one in enumerate(order))
    at = partial(_at, place)
    is_score = names.SCORE in own and names.SCORED in own
    found = Plan(
        {},
        tuple(place[one] for one in matched),
        matched,
        sum(1 << bit for bit, one in enumerate(carried) if one in place),
        not own.isdisjoint({names.INPUT, names.OUTPUT, names.OPERATION}),
        at(names.OPERATION),
        at(names.MODEL),
        at(names.ASKED_MODEL),
        at(names.INPUT),
        at(names.CACHED),
        at(names.OUTPUT),
        tuple((id_, place[one]) for id_, one in wanted.slices if one in place),
        tuple(one for one in told if one[2]),
        (at(names.SCORED), at(names.SCORE), at(names.LABEL)) if is_score else None,
        tuple(dict.fromkeys(one for one in (*keys, *events) if not wanted.declares(one))),
        (),
    )
    return found._replace(places=tuple(_read(found)))


def _at(place: Mapping[str, int], name: str) -> int:
    return place.get(name, NONE)


def _read(plan: Plan) -> list[int]:
    """List all places that a plan reads, in order, each once."""
    of_calls = (
        plan.operation, plan.model, plan.asked_model, plan.input_tokens, plan.cached_tokens,
        plan.output_tokens,
    )  # fmt: skip
    found = {
        NONE,
        *plan.matched,
        *(of_calls if plan.is_call else ()),
        *(spot for _, spot in plan.slices),
        *(spot for spot, _, _ in plan.judged),
        *(plan.scores or ()),
    }
    return sorted(found)
