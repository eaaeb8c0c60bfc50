"""What is measured: the metric dictionary, alerts, and severities."""

from collections.abc import Iterator
from typing import Annotated, Literal

import msgspec

from registry.model.entity import Entity, Fault, Part
from registry.model.reference import (
    LayerRef,
    LimitFieldRef,
    MeasuredRef,
    Owners,
    PagesRef,
    RunbookRef,
    SliceFieldRef,
    SourceFieldRef,
    ToldChannelRef,
)
from registry.model.scalars import Duration, Quantity
from registry.wording import quoted

Bucket = Literal["reliability", "quality", "safety", "cost", "adoption"]
BEHAVIOURAL_BUCKETS = frozenset({"quality", "safety", "cost", "adoption"})
SeverityName = Literal["sev1", "sev2", "sev3", "sev4"]


class Metric(Entity, frozen=True, kw_only=True):
    """An entry of the metric dictionary."""

    bucket: Bucket
    response: Literal["page", "ticket", "analytics"]
    definition: str | None = None
    owner: Owners | None = None
    decision: str | None = None
    unit: str | None = None
    better: Literal["higher", "lower"] | None = None
    layer: LayerRef | None = None
    fields: tuple[SourceFieldRef, ...] = ()
    slices: tuple[SliceFieldRef, ...] = ()
    query: str | None = None


class When(Part, frozen=True, kw_only=True):
    """An alert's condition: exactly one comparison or expression."""

    above: Quantity | None = None
    below: Quantity | None = None
    drops_by: Quantity | None = None
    rises_by: Quantity | None = None
    expr: str | None = None
    holds_for: Duration | None = msgspec.field(name="for", default=None)
    over: Duration | None = None

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


OPERATORS = ("above", "below", "drops_by", "rises_by", "expr")


class Alert(Entity, frozen=True, kw_only=True):
    """A condition on a metric, and what is done about it."""

    metric: MeasuredRef
    severity: SeverityName
    response: Literal["page", "ticket"]
    owner: Owners | None = None
    when: When | None = None
    escalation: PagesRef | None = None
    notify: tuple[ToldChannelRef, ...] = ()
    runbook: RunbookRef | None = None
    slice: dict[LimitFieldRef, str] = {}
    labels: dict[str, str] = {}

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


class SeverityLevel(Entity, frozen=True, kw_only=True):
    """What a severity means here; the id is one of sev1 to sev4."""

    criteria: str | None = None
    respond_within: Duration | None = None


Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
