"""How a change reaches users: gates and experiments."""

from collections.abc import Iterator

from pydantic import Field

from registry.model.entity import Entity, Fault, Many, Part, backwards
from registry.model.quantity import Quantity
from registry.model.reference import (
    GuardedRef,
    Owners,
    RequiredEvalRef,
    RequiredMetricRef,
    RollerBackRef,
    TriedRef,
)
from registry.model.scalars import Duration, Moment

COMPARISONS = ("above", "below", "at_least", "at_most", "equals")


class Requirement(Part):
    """What a gate asks of a metric or of an eval set."""

    metric: RequiredMetricRef | None = Field(
        default=None, description="The metric that is looked at.", examples=["p0-failures"]
    )
    eval: RequiredEvalRef | None = Field(
        default=None,
        description="The eval set that is run: a component of kind `eval-set`.",
        examples=["regression-set"],
    )
    above: Quantity | None = Field(
        default=None, description="The result must be above this value.", examples=[0.9]
    )
    below: Quantity | None = Field(
        default=None, description="The result must be below this value.", examples=[8]
    )
    at_least: Quantity | None = Field(
        default=None, description="The result must be this value or more.", examples=[0.95]
    )
    at_most: Quantity | None = Field(
        default=None, description="The result must be this value or less.", examples=["2%"]
    )
    equals: Quantity | None = Field(
        default=None, description="The result must be exactly this value.", examples=[0]
    )

    @property
    def comparisons(self) -> tuple[str, ...]:
        """The names of the comparisons that are given."""
        return tuple(name for name in COMPARISONS if getattr(self, name) is not None)


class Canary(Part):
    """Who gets a change first, and for how long."""

    cohort: str | None = Field(
        default=None, description="Who gets the change first.", examples=["internal IT"]
    )
    lasts: Duration | None = Field(
        default=None,
        alias="for",
        description="How long they have it before the others.",
        examples=["2d"],
    )
    checks: Many[str] = Field(
        default=(),
        description="What is looked at in that time, one check an item.",
        examples=[["No P0 failure."]],
    )


class RollbackPlan(Part):
    """When a release goes back, to what, and by whom."""

    when: str | None = Field(
        default=None,
        description="What makes the release go back.",
        examples=["Any P0 in the canary window"],
    )
    to: str | None = Field(
        default=None, description="What it goes back to.", examples=["previous release"]
    )
    by: RollerBackRef | None = Field(
        default=None,
        description="Who rolls it back: a person, a role or a schedule.",
        examples=["ai-oncall"],
    )


class Gate(Entity):
    """What a change has to pass before it reaches everyone."""

    owner: Owners | None = Field(
        default=None,
        description="The ONE person who says go or no-go, or a role that one person holds.",
        examples=["tom"],
    )
    applies_to: Many[GuardedRef] = Field(
        default=(),
        description="The components whose changes must pass it.",
        examples=[["assistant-prompt", "hr-connector"]],
    )
    requires: Many[Requirement] = Field(
        default=(),
        description="What must hold, each a metric or an eval set with its threshold.",
        examples=[[{"metric": "p0-failures", "equals": 0}]],
    )
    canary: Canary | None = Field(
        default=None,
        description="Who gets a change before everyone does, and for how long.",
        examples=[{"cohort": "internal IT", "for": "2d"}],
    )
    rollback: RollbackPlan | None = Field(
        default=None,
        description="When a release goes back, to what, and by whom.",
        examples=[{"when": "Any P0 in the canary window", "to": "previous release"}],
    )


class Experiment(Entity):
    """A change on trial."""

    component: TriedRef | None = Field(
        default=None, description="The component that is changed.", examples=["assistant-prompt"]
    )
    owner: Owners | None = Field(
        default=None,
        description="The ONE person who ends it in time, or a role that one person holds.",
        examples=["priya"],
    )
    starts: Moment | None = Field(
        default=None, description="When the trial begins.", examples=["2026-11-01"]
    )
    ends: Moment | None = Field(
        default=None,
        description="When the trial ends; a date alone is inclusive.",
        examples=["2026-11-21"],
    )
    rollback_when: Many[str] = Field(
        default=(),
        description="What ends it early, one condition an item.",
        examples=[["Groundedness below 0.9."]],
    )

    def faults(self) -> Iterator[Fault]:
        """Yield a fault where it ends before it starts."""
        yield from backwards(self.starts, self.ends, ("ends",))
