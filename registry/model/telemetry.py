"""What is recorded: the telemetry policy, its fields, and the stores that keep them."""

from typing import Literal

from registry.model.entity import Entity
from registry.model.reference import Approver, Approvers, ReaderRef, StoreRef
from registry.model.scalars import Date, Duration

FieldGroup = Literal[
    "correlation", "slice", "versioning", "input", "retrieval", "model",
    "tool", "guardrail", "output", "outcome", "performance", "cost",
]  # fmt: skip
StoreKind = Literal["traces", "metrics", "logs", "debug", "evals"]
Classification = Literal["identifier", "operational", "personal", "secret", "content"]


class Telemetry(Entity, frozen=True, kw_only=True):
    """The telemetry policy as a whole."""

    reviewed: Date | None = None
    approved_by: tuple[Approver, ...] = ()


class TelemetryField(Entity, frozen=True, kw_only=True):
    """One field that telemetry captures."""

    group: FieldGroup
    type: str | None = None
    classification: Classification | None = None
    redaction: Literal["none", "hash", "mask", "drop"] = "none"
    attribute: str | None = None
    required: bool = False
    answers: str | None = None
    stores: tuple[StoreRef, ...] = ()

    @property
    def captured(self) -> bool:
        """Whether anything of it is kept."""
        return self.redaction != "drop"


class Store(Entity, frozen=True, kw_only=True):
    """Where telemetry is kept, for how long, and for whom."""

    kind: StoreKind
    retention: Duration | None = None
    access: tuple[ReaderRef, ...] = ()
    audited: bool = False
    approval: Approvers | None = None
    expires_after: Duration | None = None
    cohort: str | None = None
