"""How it is run: dashboards, reviews, budgets and objectives."""

from typing import Literal

from pydantic import Field

from registry.clock.weekdays import Day
from registry.model.entity import Entity, Many, Part
from registry.model.quantity import Portion, Quantity
from registry.model.reference import (
    Approvers,
    AttendeeRef,
    AudienceRef,
    ChairRef,
    DiscussedRef,
    LooseLimitFieldRef,
    MeasureRef,
    Owners,
    ShownRef,
    WatchRef,
)
from registry.model.scalars import Duration, Moment, Period, Zone

ReviewKind = Literal["triage", "behavioural", "governance", "other"]
Topic = Literal["escalation-by-intent", "prompt-changes", "cost-per-outcome", "open-runbooks"]
"""What a point of a behavioural review may be about."""


class Dashboard(Entity):
    """A page of figures, for a reader and a decision."""

    audience: AudienceRef | None = Field(
        default=None,
        description="The one person, or role, who reads it and decides by it.",
        examples=["cto"],
    )
    owner: Owners | None = Field(
        default=None,
        description="The ONE person who keeps it right, or a role that one person holds.",
        examples=["priya"],
    )
    decision: str | None = Field(
        default=None,
        description="What is decided by looking at it.",
        examples=["Go or no-go for wider rollout."],
    )
    read_every: Period | None = Field(
        default=None, description="How often its reader looks at it.", examples=["1w"]
    )
    metrics: Many[ShownRef] = Field(
        default=(), description="The metrics that it shows.", examples=[["groundedness"]]
    )
    url: str | None = Field(
        default=None,
        description="Where the dashboard is to be seen.",
        examples=["https://grafana.acme.example/d/readiness"],
    )


class AgendaItem(Part):
    """One point of a review."""

    item: str = Field(
        description="What is talked about, in a line.", examples=["Cost per outcome movement"]
    )
    topic: Topic | None = Field(
        default=None,
        description="What the point is about, of the topics that a behavioural review covers.",
        examples=["cost-per-outcome"],
    )
    metrics: Many[DiscussedRef] = Field(
        default=(),
        description="The metrics that are looked at for this point.",
        examples=[["cost-per-resolved-intent"]],
    )


class Review(Entity):
    """A meeting that holds the loop together."""

    kind: ReviewKind = Field(
        description="What sort of review it is, which is how the policy asks for it.",
        examples=["behavioural"],
    )
    every: Period | None = Field(
        default=None, description="The time from one session to the next.", examples=["1w"]
    )
    days: Many[Day] = Field(
        default=(),
        description="The days of the week on which it meets; five working days make it daily.",
        examples=[["mon", "tue", "wed", "thu", "fri"]],
    )
    timezone: Zone | None = Field(
        default=None,
        description="The zone of its times; the manifest's if left out.",
        examples=["Europe/Berlin"],
    )
    starts: Moment | None = Field(
        default=None, description="When the first session begins.", examples=["2026-11-05T10:00"]
    )
    minutes: int | None = Field(
        default=None, description="How long one session lasts, in minutes.", examples=[30]
    )
    chair: ChairRef | None = Field(
        default=None,
        description="The person or role who leads the session.",
        examples=["priya"],
    )
    attendees: Many[AttendeeRef] = Field(
        default=(),
        description="Who comes: people, teams, roles.",
        examples=[["assistant", "sre"]],
    )
    agenda: Many[AgendaItem] = Field(
        default=(),
        description="What is talked about, in order.",
        examples=[[{"item": "Cost per outcome movement", "metrics": ["cost-per-intent"]}]],
    )

    @property
    def length(self) -> int | None:
        """The time between two sessions in milliseconds; None where nothing says it.

        The five working days in `days`, every week, count as daily; fewer share the week evenly.
        """
        if self.every is None:
            period = 7 * _DAY if self.days else None
        else:
            period = self.every.milliseconds
        if period is None or not self.days or period > 7 * _DAY:
            return period
        return _DAY if len(set(self.days)) >= _WORKING_DAYS else 7 * _DAY // len(set(self.days))


_DAY = 86_400_000
_WORKING_DAYS = 5


class Budget(Entity):
    """A limit on spending, by slice."""

    scope: dict[LooseLimitFieldRef, str] = Field(
        default_factory=dict,
        description="The slice that it limits: telemetry fields, each with its one value.",
        examples=[{"intent": "policy_qna"}],
    )
    limit: float | None = Field(
        default=None,
        description="The most that may be spent in one period, as a number.",
        examples=[1200],
    )
    unit: str | None = Field(
        default=None,
        description="What the limit is counted in, such as a currency.",
        examples=["USD"],
    )
    per: Period | None = Field(
        default=None, description="The period that the limit is for.", examples=["1mo"]
    )
    owner: Owners | None = Field(
        default=None,
        description="The ONE person who answers for the spending, or a role that one person holds.",
        examples=["priya"],
    )
    metric: MeasureRef | None = Field(
        default=None,
        description="The metric that says how much is spent.",
        examples=["cost-per-resolved-intent"],
    )
    alert: WatchRef | None = Field(
        default=None,
        description="The alert that fires when it runs over.",
        examples=["cost-over-budget"],
    )
    warn_at: Portion | None = Field(
        default=None,
        description="The share of the limit from which it is said that it will run over.",
        examples=["80%"],
    )


class Target(Part):
    """The level that an objective asks for."""

    above: Quantity | None = Field(
        default=None, description="The metric stays above this value.", examples=[0.9]
    )
    below: Quantity | None = Field(
        default=None, description="The metric stays below this value.", examples=[8]
    )
    at_least: Quantity | None = Field(
        default=None, description="The metric is this value or more.", examples=["99.5%"]
    )
    at_most: Quantity | None = Field(
        default=None, description="The metric is this value or less.", examples=[2]
    )
    equals: Quantity | None = Field(
        default=None, description="The metric is exactly this value.", examples=[0]
    )


class Objective(Entity):
    """A level of service that is promised for a quarter."""

    metric: MeasureRef | None = Field(
        default=None,
        description="The metric that the promise is measured by.",
        examples=["latency-p95"],
    )
    target: Target | None = Field(
        default=None, description="The level that is promised.", examples=[{"below": 8}]
    )
    window: Duration | None = Field(
        default=None,
        description="The stretch of time over which the level is judged.",
        examples=["28d"],
    )
    quarter: str | None = Field(
        default=None, description="The quarter that the promise is for.", examples=["2026-Q4"]
    )
    customer_impact: str | None = Field(
        default=None,
        description="What customers feel when the promise is broken.",
        examples=["Answers arrive after people have given up."],
    )
    owner: Owners | None = Field(
        default=None,
        description="The ONE person who sees it kept, or a role that one person holds.",
        examples=["tom"],
    )
    approved_by: Approvers | None = Field(
        default=None,
        description="The person or role who agreed to the promise.",
        examples=["cto"],
    )
