"""What is measured: the metric dictionary, alerts, and severities."""

import math
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from registry.model.demand import exactly_one
from registry.model.entity import Entity, Fault, Many, Part
from registry.model.quantity import Portion, Quantity
from registry.model.reference import (
    ComposedRef,
    LayerRef,
    LimitFieldRef,
    MeasuredRef,
    MeasurerRef,
    Owners,
    PagesRef,
    RunbookRef,
    SliceFieldRef,
    SourceFieldRef,
    ToldChannelRef,
)
from registry.model.scalars import Duration
from registry.wording import quoted

Bucket = Literal["reliability", "quality", "safety", "cost", "adoption"]
BEHAVIOURAL_BUCKETS = frozenset({"quality", "safety", "cost", "adoption"})
SeverityName = Literal["sev1", "sev2", "sev3", "sev4"]
OPERATORS = ("above", "below", "drops_by", "rises_by", "expr")


Share = Annotated[float, Field(ge=0, le=1)]
_TOLERANCE = 0.001
"""By how much weights may miss 1: a third is written as 0.333."""


class Measured(Part):
    """How a metric comes about, where it is not counted in every request."""

    sample: Portion | None = Field(
        default=None,
        description="The share of requests that is looked at, as a number or a percentage.",
        examples=["1%"],
    )
    by: MeasurerRef | None = Field(
        default=None,
        description="What or who measures: a component of kind `eval-set`, a person or a role.",
        examples=["regression-set"],
    )
    window: Duration | None = Field(
        default=None,
        description="The stretch of time that one value is computed over.",
        examples=["15m"],
    )


class Ingredient(Part):
    """One of the metrics that a metric is made of, with its weight."""

    metric: ComposedRef = Field(
        description="The metric that goes into it.", examples=["groundedness"]
    )
    weight: Share = Field(
        description="How much it counts, from 0 to 1; all weights sum to 1.", examples=[0.4]
    )


class Metric(Entity):
    """An entry of the metric dictionary."""

    also = {
        "description": "definition",
        "expr": "query",
        "promql": "query",
    }

    bucket: Bucket = Field(
        description="The kind of question that the metric answers.", examples=["quality"]
    )
    response: Literal["page", "ticket", "analytics"] = Field(
        description="What a bad value leads to: a page, a ticket, or a look at the next review.",
        examples=["page"],
    )
    definition: str | None = Field(
        default=None,
        description="What exactly is counted, so that two people would compute the same figure.",
        examples=["Share of answers whose claims are supported by the retrieved sources."],
    )
    owner: Owners | None = Field(
        default=None,
        description="The ONE person who acts on the metric, or a role that one person holds.",
        examples=["priya"],
    )
    decision: str | None = Field(
        default=None,
        description="What is done when the metric moves; without one it need not be measured.",
        examples=["Roll back the last prompt or retrieval change."],
    )
    unit: str | None = Field(
        default=None, description="The unit that its values are in.", examples=["ratio"]
    )
    better: Literal["higher", "lower"] | None = Field(
        default=None, description="Which direction is an improvement.", examples=["higher"]
    )
    layer: LayerRef | None = Field(
        default=None,
        description="The row of the ownership matrix that the metric watches over.",
        examples=["behavioural-quality"],
    )
    fields: Many[SourceFieldRef] = Field(
        default=(),
        description="The telemetry fields that it is computed from.",
        examples=[["citations_present"]],
    )
    slices: Many[SliceFieldRef] = Field(
        default=(),
        description="The telemetry fields that it is split by, to see where it is bad.",
        examples=[["intent", "tenant"]],
    )
    query: str | None = Field(
        default=None,
        description="The PromQL expression that computes it, if Prometheus does.",
        examples=["avg(copilot_groundedness)"],
    )
    measured: Measured | None = Field(
        default=None,
        description="How it comes about: on which sample, by what or whom, over which window.",
        examples=[{"sample": "1%", "by": "regression-set", "window": "15m"}],
    )
    composed_of: Many[Ingredient] = Field(
        default=(),
        description="The metrics that it is made of, each with its weight; the weights sum to 1.",
        examples=[[{"metric": "groundedness", "weight": 0.4}, {"metric": "csat", "weight": 0.6}]],
    )

    def faults(self) -> Iterator[Fault]:
        """Yield a fault where the weights of what it is made of do not sum to 1."""
        total = math.fsum(one.weight for one in self.composed_of)
        if self.composed_of and abs(total - 1) > _TOLERANCE * (1 + 1e-9):
            message = f"the weights sum to {total:.4g}, not to 1"
            lacks = ("composed_of",)
            yield Fault(lacks, message, "correct a weight, or add what is missing", lacks)


class When(Part):
    """An alert's condition: exactly one comparison or expression."""

    demands = exactly_one(OPERATORS)

    above: Quantity | None = Field(
        default=None, description="Fires while the metric is above this value.", examples=[8]
    )
    below: Quantity | None = Field(
        default=None, description="Fires while the metric is below this value.", examples=[0.9]
    )
    drops_by: Quantity | None = Field(
        default=None,
        description="Fires when the metric falls by this much against the window in `over`.",
        examples=["10%"],
    )
    rises_by: Quantity | None = Field(
        default=None,
        description="Fires when the metric grows by this much against the window in `over`.",
        examples=["50%"],
    )
    expr: str | None = Field(
        default=None,
        description="The condition as PromQL, where no comparison says it.",
        examples=["rate(copilot_fallbacks_total[5m]) > 0.2"],
    )
    holds_for: Duration | None = Field(
        default=None,
        alias="for",
        description="How long the condition must hold before the alert fires.",
        examples=["10m"],
    )
    over: Duration | None = Field(
        default=None,
        description="The window that a drop or a rise is compared with.",
        examples=["1h"],
    )

    @property
    def operators(self) -> tuple[str, ...]:
        """The names of the conditions that are given; exactly one in a well-formed entity."""
        return tuple(name for name in OPERATORS if getattr(self, name) is not None)

    def in_words(self) -> str:
        """Write the condition as people say it: `drops by 10% over 1h for 10m`."""
        parts = [
            f"{name.replace('_', ' ')} {getattr(self, name)}" if name != "expr" else f"{self.expr}"
            for name in self.operators
        ]
        over = f" over {self.over}" if self.over else ""
        return " and ".join(parts) + over + (f" for {self.holds_for}" if self.holds_for else "")


class Alert(Entity):
    """A condition on a metric, and what is done about it."""

    also = {
        "expr": "when",
        "condition": "when",
        "threshold": "when",
        "priority": "severity",
        "channels": "notify",
    }

    metric: MeasuredRef = Field(
        description="The metric that the alert watches.", examples=["groundedness"]
    )
    severity: SeverityName = Field(
        description="How bad it is when it fires, from sev1 to sev4.", examples=["sev2"]
    )
    response: Literal["page", "ticket"] = Field(
        description="Whether somebody is woken, or a ticket waits for the morning.",
        examples=["page"],
    )
    owner: Owners | None = Field(
        default=None,
        description="The ONE person who keeps the alert right, or a role that one person holds.",
        examples=["priya"],
    )
    when: When | None = Field(
        default=None,
        description="The condition: one of `above`, `below`, `drops_by`, `rises_by` or `expr`.",
        examples=[{"drops_by": "10%", "over": "1h", "for": "10m"}],
    )
    escalation: PagesRef | None = Field(
        default=None,
        description="Who is paged: an escalation, or a schedule alone.",
        examples=["ai-page"],
    )
    notify: Many[ToldChannelRef] = Field(
        default=(),
        description="The channels that are told as well; nobody is woken by them.",
        examples=[["assistant-room"]],
    )
    runbook: RunbookRef | None = Field(
        default=None,
        description="The runbook that whoever is paged follows.",
        examples=["groundedness-drop"],
    )
    debounce: Duration | None = Field(
        default=None,
        description="How long it is not sent again after it fired.",
        examples=["30m"],
    )
    slice: dict[LimitFieldRef, str] = Field(
        default_factory=dict,
        description="The slice that it watches: telemetry fields, each with its one value.",
        examples=[{"intent": "policy_qna"}],
    )
    labels: dict[str, str] = Field(
        default_factory=dict,
        description="Further labels that the monitoring system's alert carries.",
        examples=[{"team": "assistant"}],
    )

    def faults(self) -> Iterator[Fault]:
        """Yield a fault where the condition is not exactly one."""
        if self.when is None or len(self.when.operators) == 1:
            return
        wanted = "exactly one of `above`, `below`, `drops_by`, `rises_by`, `expr`"
        given = self.when.operators
        has = "none of them" if not given else quoted(given, " and ")
        at = ("when",) if not given else ("when", given[1])
        message = f"`when` holds {wanted}; this one has {has}"
        if given:
            yield Fault(at, message, "keep one condition")
        else:
            yield Fault(at, message, "add one condition, as `above: 5`", ("when",))


class SeverityLevel(Entity):
    """What a severity means here; the id is one of sev1 to sev4."""

    criteria: str | None = Field(
        default=None,
        description="What makes an incident this severe, in words that settle a quarrel.",
        examples=["Outage, breach, or over half of requests failing."],
    )
    respond_within: Duration | None = Field(
        default=None,
        description="The time within which a second person has been paged if nobody answers.",
        examples=["5m"],
    )
    detect_within: Duration | None = Field(
        default=None,
        description="How soon after its start such an incident is to be noticed.",
        examples=["15m"],
    )
    mitigate_within: Duration | None = Field(
        default=None,
        description="How soon after it was noticed the harm is to have ended.",
        examples=["4h"],
    )
