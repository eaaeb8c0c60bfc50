"""Scenarios: what is given, and what must follow from it."""

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from registry.model.demand import exactly_one, needs, not_both
from registry.model.entity import Entity, Fault, Many, Part
from registry.model.quantity import Quantity
from registry.model.reference import (
    ExpectedAlertRef,
    ExpectedChannelRef,
    ExpectedOwnerRef,
    ExpectedPagedRef,
    ExpectedPersonRef,
    ExpectedRunbookRef,
    ExpectedSwitchRef,
    ExpectedWayRef,
    LimitFieldRef,
    SupposedAlertRef,
    SupposedFailureRef,
    SupposedLayerRef,
    SupposedMetricRef,
)
from registry.model.scalars import Duration, Moment

GIVEN = ("alert", "failure", "metric", "layer")
MOVES = ("value", "drops_by", "rises_by")


class Given(Part):
    """What happens: an alert fires, a failure occurs, a metric moves, or a layer is in trouble.

    A metric moves to `value`, or by `drops_by` or `rises_by`; on `slice` and on no other.
    """

    demands = (
        *exactly_one(GIVEN),
        not_both("drops_by", "rises_by"),
        needs("metric", *MOVES),
        *(needs(move, "metric") for move in MOVES),
    )

    alert: SupposedAlertRef | None = Field(
        default=None, description="The alert that fires.", examples=["groundedness-drop"]
    )
    failure: SupposedFailureRef | None = Field(
        default=None,
        description="The failure that occurs, with every alert that detects it.",
        examples=["access-control-violation"],
    )
    metric: SupposedMetricRef | None = Field(
        default=None,
        description="The metric that moves, by or to what stands beside it.",
        examples=["groundedness"],
    )
    layer: SupposedLayerRef | None = Field(
        default=None,
        description="The layer of the ownership matrix that is in trouble.",
        examples=["retrieval"],
    )
    value: Quantity | None = Field(
        default=None, description="The value that the metric moves to.", examples=[0.7]
    )
    drops_by: Quantity | None = Field(
        default=None, description="How much the metric falls by.", examples=["20%"]
    )
    rises_by: Quantity | None = Field(
        default=None, description="How much the metric grows by.", examples=["50%"]
    )
    slice: dict[LimitFieldRef, str] = Field(
        default_factory=dict,
        description="The slice on which the metric moves, and on no other.",
        examples=[{"intent": "policy_qna"}],
    )


class ExpectedPage(Part):
    """A page that goes out: to whom, or through what, and after how long."""

    after: Duration | None = Field(
        default=None, description="How long after the instant the page goes out.", examples=["15m"]
    )
    person: ExpectedPersonRef | None = Field(
        default=None, description="The person who is paged, by id.", examples=["priya"]
    )
    via: ExpectedWayRef | None = Field(
        default=None,
        description="The schedule or role through which the page goes.",
        examples=["ai-oncall"],
    )


class Expect(Part):
    """What must be so. An id that is nowhere is an error: it would test nothing."""

    fires: Many[ExpectedAlertRef] | None = Field(
        default=None,
        description="The alerts that fire, all of them and no other.",
        examples=[["groundedness-drop"]],
    )
    pages: Literal["somebody", "nobody"] | None = Field(
        default=None, description="Whether anybody is paged at all.", examples=["somebody"]
    )
    paged: Many[ExpectedPage] = Field(
        default=(),
        description="Pages that go out, each with its person, way or time.",
        examples=[[{"person": "priya", "after": "0m"}]],
    )
    not_paged: Many[ExpectedPagedRef] = Field(
        default=(),
        description="People, roles or schedules that must not be paged.",
        examples=[["dana"]],
    )
    second_person_within: Duration | None = Field(
        default=None,
        description="The time within which a second person has been paged.",
        examples=["15m"],
    )
    responder_skills: Many[str] = Field(
        default=(),
        description="Skills that the first person who is paged has.",
        examples=[["prompts"]],
    )
    told: Many[ExpectedChannelRef] = Field(
        default=(), description="Channels that are told as well.", examples=[["assistant-room"]]
    )
    read_by: Many[ExpectedPersonRef] = Field(
        default=(),
        description="People who read one of the channels that are told.",
        examples=[["tom"]],
    )
    reaches: Literal["somebody", "nobody"] | None = Field(
        default=None,
        description="Whether it reaches anybody, by a page or a channel with a reader.",
        examples=["somebody"],
    )
    runbook: ExpectedRunbookRef | None = Field(
        default=None, description="The runbook that is followed.", examples=["groundedness-drop"]
    )
    switches: Many[ExpectedSwitchRef] = Field(
        default=(),
        description="Kill switches that are at hand.",
        examples=[["disable-hr-connector"]],
    )
    accountable: ExpectedOwnerRef | None = Field(
        default=None, description="Who answers for the layer that is concerned.", examples=["priya"]
    )
    commander: Literal["somebody", "nobody"] | None = Field(
        default=None,
        description="Whether somebody commands the incident at that instant.",
        examples=["somebody"],
    )


class Scenario(Entity):
    """One scenario: what is given at an instant, and what is expected to follow."""

    title: str = Field(
        description="What the scenario shows, as a line in a report.",
        examples=["A leak at three in the morning"],
    )
    at: Moment = Field(
        description="The instant at which it happens; without an offset, in the manifest's zone.",
        examples=["2026-11-24T03:00"],
    )
    given: Given = Field(
        description="What happens: one of `alert`, `failure`, `metric` or `layer`.",
        examples=[{"alert": "groundedness-drop"}],
    )
    acknowledged_after: Duration | None = Field(
        default=None,
        description="How long after the first page somebody acknowledges; nobody does if left out.",
        examples=["10m"],
    )
    expect: Expect = Field(
        description="What must follow from it; at least one expectation.",
        examples=[{"pages": "somebody"}],
    )

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
        if self.expect.is_empty:
            help_ = "say what must happen"
            yield Fault(("expect",), "`expect` expects nothing", help_, ("expect",))
        for index, page in enumerate(self.expect.paged):
            if page.is_empty:
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
