"""How it is run: dashboards, reviews, gates, experiments, budgets and objectives."""

from collections.abc import Iterator
from typing import Literal

import msgspec

from registry.clock.weekdays import Day
from registry.model.entity import Entity, Fault, Part, backwards
from registry.model.reference import (
    Approvers,
    AttendeeRef,
    AudienceRef,
    ChairRef,
    DiscussedRef,
    GuardedRef,
    LooseLimitFieldRef,
    MeasureRef,
    Owners,
    RequiredEvalRef,
    RequiredMetricRef,
    RollerBackRef,
    ShownRef,
    TriedRef,
    WatchRef,
)
from registry.model.scalars import Duration, Moment, Period, Quantity, Zone

ReviewKind = Literal["triage", "behavioural", "governance", "other"]


class Dashboard(Entity, frozen=True, kw_only=True):
    """A page of figures, for a reader and a decision."""

    audience: AudienceRef | None = None
    owner: Owners | None = None
    decision: str | None = None
    read_every: Period | None = None
    metrics: tuple[ShownRef, ...] = ()
    url: str | None = None


class AgendaItem(Part, frozen=True, kw_only=True):
    """One point of a review."""

    item: str
    metrics: tuple[DiscussedRef, ...] = ()


class Review(Entity, frozen=True, kw_only=True):
    """A meeting that holds the loop together."""

    kind: ReviewKind
    every: Period | None = None
    days: tuple[Day, ...] = ()
    timezone: Zone | None = None
    starts: Moment | None = None
    minutes: int | None = None
    chair: ChairRef | None = None
    attendees: tuple[AttendeeRef, ...] = ()
    agenda: tuple[AgendaItem, ...] = ()

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


COMPARISONS = ("above", "below", "at_least", "at_most", "equals")


class Requirement(Part, frozen=True, kw_only=True):
    """What a gate asks of a metric or of an eval set."""

    metric: RequiredMetricRef | None = None
    eval: RequiredEvalRef | None = None
    above: Quantity | None = None
    below: Quantity | None = None
    at_least: Quantity | None = None
    at_most: Quantity | None = None
    equals: Quantity | None = None

    @property
    def comparisons(self) -> tuple[str, ...]:
        """The names of the comparisons that are given."""
        return tuple(name for name in COMPARISONS if getattr(self, name) is not None)


class Canary(Part, frozen=True, kw_only=True):
    """Who gets a change first, and for how long."""

    cohort: str | None = None
    lasts: Duration | None = msgspec.field(name="for", default=None)
    checks: tuple[str, ...] = ()


class RollbackPlan(Part, frozen=True, kw_only=True):
    """When a release goes back, to what, and by whom."""

    when: str | None = None
    to: str | None = None
    by: RollerBackRef | None = None


class Gate(Entity, frozen=True, kw_only=True):
    """What a change has to pass before it reaches everyone."""

    owner: Owners | None = None
    applies_to: tuple[GuardedRef, ...] = ()
    requires: tuple[Requirement, ...] = ()
    canary: Canary | None = None
    rollback: RollbackPlan | None = None


class Experiment(Entity, frozen=True, kw_only=True):
    """A change on trial."""

    component: TriedRef | None = None
    owner: Owners | None = None
    starts: Moment | None = None
    ends: Moment | None = None
    rollback_when: tuple[str, ...] = ()

    def faults(self) -> Iterator[Fault]:
        """Yield a fault where it ends before it starts."""
        yield from backwards(self.starts, self.ends, ("ends",))


class Budget(Entity, frozen=True, kw_only=True):
    """A limit on spending, by slice."""

    scope: dict[LooseLimitFieldRef, str] = {}
    limit: float | None = None
    unit: str | None = None
    per: Period | None = None
    owner: Owners | None = None
    metric: MeasureRef | None = None
    alert: WatchRef | None = None


class Target(Part, frozen=True, kw_only=True):
    """The level that an objective asks for."""

    above: Quantity | None = None
    below: Quantity | None = None
    at_least: Quantity | None = None
    at_most: Quantity | None = None
    equals: Quantity | None = None


class Objective(Entity, frozen=True, kw_only=True):
    """A level of service that is promised for a quarter."""

    metric: MeasureRef | None = None
    target: Target | None = None
    window: Duration | None = None
    quarter: str | None = None
    customer_impact: str | None = None
    owner: Owners | None = None
    approved_by: Approvers | None = None
