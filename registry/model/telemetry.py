"""What is recorded: the telemetry policy, its fields, and the stores that keep them."""

from typing import Literal

from pydantic import Field

from registry.model.entity import Entity, Many, Part
from registry.model.reference import Approver, Approvers, ReaderRef, StoreRef
from registry.model.scalars import Date, Duration, Retention

FieldGroup = Literal[
    "correlation", "slice", "versioning", "input", "retrieval", "model",
    "tool", "guardrail", "output", "outcome", "performance", "cost",
]  # fmt: skip
StoreKind = Literal["traces", "metrics", "logs", "debug", "evals"]
Classification = Literal["identifier", "operational", "personal", "secret", "content"]


class Telemetry(Entity):
    """The telemetry policy as a whole."""

    reviewed: Date | None = Field(
        default=None,
        description="The day on which the policy was last read through and found right.",
        examples=["2026-09-01"],
    )
    approved_by: Many[Approver] = Field(
        default=(),
        description="The people or roles who agreed to what is recorded.",
        examples=[["security-lead", "product-owner"]],
    )


class TelemetryField(Entity):
    """One field that telemetry captures."""

    group: FieldGroup = Field(
        description="What the field is about, which is how the policy asks for it.",
        examples=["versioning"],
    )
    type: str | None = Field(
        default=None, description="The type of its values.", examples=["string"]
    )
    classification: Classification | None = Field(
        default=None,
        description="How sensitive its values are; personal data, secrets and content are raw.",
        examples=["operational"],
    )
    redaction: Literal["none", "hash", "mask", "drop"] = Field(
        default="none",
        description="What is done to a value before it is stored; `drop` means not captured.",
        examples=["hash"],
    )
    attribute: str | None = Field(
        default=None,
        description="The OpenTelemetry attribute that carries it.",
        examples=["copilot.prompt.version"],
    )
    required: bool = Field(
        default=False,
        description="Whether every request must carry it.",
        examples=[True],
    )
    answers: str | None = Field(
        default=None,
        description="The question of diagnosis that it answers, where no metric uses it.",
        examples=["Which prompt was live when quality fell?"],
    )
    stores: Many[StoreRef] = Field(
        default=(), description="The stores that keep the field.", examples=[["traces"]]
    )

    @property
    def captured(self) -> bool:
        """Whether anything of it is kept."""
        return self.redaction != "drop"


class Hold(Part):
    """Why records are kept beyond what their kind's bounds allow, and until when."""

    reason: str = Field(
        description="What the records are kept for, whatever their retention says.",
        examples=["records of the October incident are evidence"],
    )
    until: Date = Field(
        description="The last day of the hold; after it the bounds hold again.",
        examples=["2027-03-31"],
    )


class Store(Entity):
    """Where telemetry is kept, for how long, and for whom."""

    kind: StoreKind = Field(description="What sort of data the store keeps.", examples=["traces"])
    retention: Retention | None = Field(
        default=None,
        description="How long data is kept before it is deleted; `forever` if it never is.",
        examples=["30d"],
    )
    hold: Hold | None = Field(
        default=None,
        description="A legal hold: records are kept whatever the policy's bounds say, for a time.",
        examples=[{"reason": "evidence", "until": "2027-03-31"}],
    )
    access: Many[ReaderRef] = Field(
        default=(),
        description="Who may read it: people, teams, roles, or `everyone`.",
        examples=[["engineering-lead", "sre-lead"]],
    )
    audited: bool = Field(
        default=False, description="Whether each look at it is recorded.", examples=[True]
    )
    approval: Approvers | None = Field(
        default=None,
        description="The person or role who must agree before raw content is captured.",
        examples=["security-lead"],
    )
    expires_after: Duration | None = Field(
        default=None,
        description="The time after which capturing switches itself off again.",
        examples=["24h"],
    )
    cohort: str | None = Field(
        default=None,
        description="Whose requests are captured, where not everybody's are.",
        examples=["internal pilot"],
    )
