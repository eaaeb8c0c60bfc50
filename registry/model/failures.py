"""What can go wrong, and what was done about it: failures and incidents."""

from collections.abc import Iterator
from typing import Literal

from registry.model.entity import Entity, Fault, Part, backwards
from registry.model.metrics import SeverityName
from registry.model.reference import (
    CauseRef,
    CommanderRef,
    ContainerRef,
    DetectingAlertRef,
    DetectorRef,
    FailureRef,
    GateRef,
    LateMetricRef,
    MissingFieldRef,
    Owners,
)
from registry.model.scalars import Date, Moment


class Failure(Entity, frozen=True, kw_only=True):
    """A class of failure that the organisation has named."""

    priority: Literal["P0", "P1", "P2"]
    definition: str | None = None
    owner: Owners | None = None
    detected_by: tuple[DetectingAlertRef, ...] = ()
    contained_by: tuple[ContainerRef, ...] = ()
    prevented_by: tuple[GateRef, ...] = ()


class Cause(Part, frozen=True, kw_only=True):
    """What changed."""

    component: CauseRef | None = None
    change: str | None = None


class Action(Part, frozen=True, kw_only=True):
    """What was decided after an incident."""

    title: str
    owner: Owners | None = None
    due: Date | None = None
    done: Date | None = None
    kind: (
        Literal["fix", "change-response", "add-metric", "add-test", "add-alert", "document"] | None
    ) = None


class Incident(Entity, frozen=True, kw_only=True):
    """One incident, from its start to what was learnt."""

    title: str
    severity: SeverityName
    failure: FailureRef | None = None
    started: Moment | None = None
    detected: Moment | None = None
    resolved: Moment | None = None
    detected_by: DetectorRef | None = None
    commander: CommanderRef | None = None
    cause: Cause | None = None
    late_signals: tuple[LateMetricRef, ...] = ()
    missing_fields: tuple[MissingFieldRef, ...] = ()
    regression_cases: tuple[str, ...] = ()
    actions: tuple[Action, ...] = ()

    def faults(self) -> Iterator[Fault]:
        """Yield a fault where it was resolved before it began."""
        yield from backwards(self.started, self.resolved, ("resolved",))
        yield from backwards(self.started, self.detected, ("detected",))
