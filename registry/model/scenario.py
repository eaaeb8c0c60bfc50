"""Scenarios: what is given, and what must follow from it."""

from collections.abc import Iterator
from typing import Literal

from registry.model.entity import Entity, Fault, Part
from registry.model.reference import (
    LimitFieldRef,
    SupposedAlertRef,
    SupposedFailureRef,
    SupposedLayerRef,
    SupposedMetricRef,
)
from registry.model.scalars import Duration, Moment, Quantity

GIVEN = ("alert", "failure", "metric", "layer")
MOVES = ("value", "drops_by", "rises_by")


class Given(Part, frozen=True, kw_only=True):
    """What happens: an alert fires, a failure occurs, a metric moves, or a layer is in trouble.

    A metric moves to `value`, or by `drops_by` or `rises_by`; on `slice` and on no other.
    """

    alert: SupposedAlertRef | None = None
    failure: SupposedFailureRef | None = None
    metric: SupposedMetricRef | None = None
    layer: SupposedLayerRef | None = None
    value: Quantity | None = None
    drops_by: Quantity | None = None
    rises_by: Quantity | None = None
    slice: dict[LimitFieldRef, str] = {}


class Page(Part, frozen=True, kw_only=True):
    """A page that goes out: to whom, or through what, and after how long."""

    after: Duration | None = None
    person: str | None = None
    via: str | None = None


class Expect(Part, frozen=True, kw_only=True):
    """What must be so. An id that is nowhere is not met; in `not_paged` it is an error."""

    fires: tuple[str, ...] | None = None
    pages: Literal["somebody", "nobody"] | None = None
    paged: tuple[Page, ...] = ()
    not_paged: tuple[str, ...] = ()
    second_person_within: Duration | None = None
    responder_skills: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    read_by: tuple[str, ...] = ()
    reaches: Literal["somebody", "nobody"] | None = None
    runbook: str | None = None
    switches: tuple[str, ...] = ()
    accountable: str | None = None
    commander: Literal["somebody", "nobody"] | None = None


class Scenario(Entity, frozen=True, kw_only=True):
    """One scenario: what is given at an instant, and what is expected to follow."""

    title: str
    at: Moment
    given: Given
    acknowledged_after: Duration | None = None
    expect: Expect

    def faults(self) -> Iterator[Fault]:
        """Yield a fault where what is given is not one thing, or an expectation says nothing."""
        named = [name for name in GIVEN if getattr(self.given, name) is not None]
        if len(named) != 1:
            at = ("given", *named[1:2])
            wanted = "exactly one of `alert`, `failure`, `metric`, `layer`"
            lacks = () if named else ("given",)
            help_ = "keep one of them" if named else "name one"
            yield Fault(at, f"`given` holds {wanted}", help_, lacks)
        else:
            yield from self._moves(named[0])
        if self.expect == Expect():
            help_ = "say what must happen"
            yield Fault(("expect",), "`expect` expects nothing", help_, ("expect",))
        for index, page in enumerate(self.expect.paged):
            if page == Page():
                help_ = "name a `person` or a `via`, or say `after` how long"
                page_at = ("expect", "paged", index)
                yield Fault(page_at, "this page says nothing", help_, ("expect",))

    def _moves(self, kind: str) -> Iterator[Fault]:
        """Yield a fault where a metric does not move, moves both ways, or anything else moves."""
        moves = [name for name in MOVES if getattr(self.given, name) is not None]
        if kind == "metric":
            if not moves:
                wanted = "a metric moves: to `value`, or by `drops_by` or `rises_by`"
                yield Fault(("given", "metric"), wanted, "say how it moves", ("given",))
            if {"drops_by", "rises_by"} <= set(moves):
                message = "a metric does not drop and rise at once"
                yield Fault(("given", "rises_by"), message, "keep one of the two")
            return
        for name in (*moves, *(["slice"] if self.given.slice else [])):
            message = f"`{name}` goes with `metric`; here it would mean nothing"
            yield Fault(("given", name), message, "remove it, or give the metric")
