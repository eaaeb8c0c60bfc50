"""What they do: runbooks and kill switches."""

from typing import Annotated, Literal

from pydantic import Field

from registry.model.entity import ByShape, Entity, Many, Part
from registry.model.reference import (
    DisabledRef,
    EscalateToRef,
    FlippedRef,
    LimitFieldRef,
    OperatorRef,
    Owners,
)
from registry.model.scalars import Date, Duration, Url


class Hypothesis(Part):
    """Where to look: what is seen, what to check then, and what to compare it with."""

    reads = "If …, check …; compare …; then …"

    condition: str = Field(
        alias="if",
        description="What is seen that makes this explanation likely.",
        examples=["Latency spiked too"],
    )
    check: str = Field(
        description="What to look at in that case.", examples=["Retrieval latency by connector"]
    )
    compare: str | None = Field(
        default=None,
        description="What to hold it against, so that normal can be told from bad.",
        examples=["with the hour before"],
    )
    then: str | None = Field(
        default=None,
        description="What follows if it is so: the next step, or what is ruled out.",
        examples=["switch the connector off"],
    )


class SwitchUse(Part):
    """A mitigation that is a kill switch."""

    switch: FlippedRef = Field(
        description="The kill switch to flip.", examples=["disable-hr-connector"]
    )


Mitigation = Annotated[SwitchUse | str, ByShape()]
"""A kill switch to flip, or text."""


class Phase(Part):
    """A stretch of the response with its time."""

    phase: Literal["assess", "mitigate", "communicate", "resolve", "learn"] = Field(
        description="The part of the response that this stretch belongs to.", examples=["assess"]
    )
    within: Duration | None = Field(
        default=None, description="The time by which it should be done.", examples=["5m"]
    )
    do: Many[str] = Field(
        default=(),
        description="What to do in this stretch, one action an item.",
        examples=[["Read the dashboard's first row."]],
    )


class Runbook(Entity):
    """What to do when an alert fires."""

    title: str | None = Field(
        default=None,
        description="What has happened, as the heading of the page says it.",
        examples=["Groundedness drop on the regression set"],
    )
    url: Url | None = Field(
        default=None,
        description="Where the runbook is kept, if it is elsewhere, or where more of it is.",
        examples=["https://wiki.acme.example/groundedness-drop"],
    )
    owner: Owners | None = Field(
        default=None,
        description="The ONE person who keeps the runbook right, or a role that one person holds.",
        examples=["priya"],
    )
    covers: Many[str] = Field(
        default=(),
        description="Classes of failure that the policy asks a runbook for and this one serves.",
        examples=[["groundedness-drop"]],
    )
    reviewed: Date | None = Field(
        default=None,
        description="The day on which somebody last read it through and found it right.",
        examples=["2026-10-01"],
    )
    first_checks: Many[str] = Field(
        default=(),
        description="What to check first, in order, one check an item.",
        examples=[["Compare the last two prompt versions."]],
    )
    hypotheses: Many[Hypothesis] = Field(
        default=(),
        description="Where to look next: what is seen, what to check then, and against what.",
        examples=[[{"if": "Latency spiked too", "check": "Retrieval latency by connector"}]],
    )
    mitigations: Many[Mitigation] = Field(
        default=(),
        description="What stops the harm: kill switches as `{switch: ID}`, or text.",
        examples=[[{"switch": "disable-hr-connector"}, "Answer from the FAQ only."]],
    )
    escalate_to: EscalateToRef | None = Field(
        default=None,
        description="Who is called when this page does not help: a person, a role, a schedule "
        "or an escalation.",
        examples=["security-lead"],
    )
    rollback: Many[str] = Field(
        default=(),
        description="What to roll back and how, one step an item.",
        examples=[["Redeploy the previous prompt."]],
    )
    communicate: Many[str] = Field(
        default=(),
        description="Who is told what, and when, while it lasts.",
        examples=[["Tell support within ten minutes."]],
    )
    resolved_when: Many[str] = Field(
        default=(),
        description="What counts as resolved, so that it is not closed too early.",
        examples=[["Groundedness is above 0.9 for an hour."]],
    )
    steps: Many[Phase] = Field(
        default=(),
        description="The response by phase, each with its time, where the lists are not enough.",
        examples=[[{"phase": "assess", "within": "5m", "do": ["Read the dashboard."]}]],
    )

    @property
    def is_elsewhere(self) -> bool:
        """Whether it is an address alone: what it says stands in none of the lists."""
        lists = (self.first_checks, self.hypotheses, self.mitigations, self.rollback,
                 self.communicate, self.resolved_when, self.steps)  # fmt: skip
        return self.url is not None and not any(lists)


class KillSwitch(Entity):
    """A way to contain: what it turns off, and who may flip it."""

    action: str | None = Field(
        default=None,
        description="What flipping it does, in a sentence.",
        examples=["Stop retrieving from HR."],
    )
    disables: Many[DisabledRef] = Field(
        default=(),
        description="The components that it switches off.",
        examples=[["hr-connector"]],
    )
    scope: dict[LimitFieldRef, str] = Field(
        default_factory=dict,
        description="The slice that it acts on: telemetry fields, each with its one value.",
        examples=[{"risk_level": "high"}],
    )
    effect: Literal["off", "read-only", "human-review"] = Field(
        default="off",
        description="What is left while it is flipped: nothing, reading, or answers seen first.",
        examples=["read-only"],
    )
    owner: Owners | None = Field(
        default=None,
        description="The ONE person who keeps the switch working, or a role that one person holds.",
        examples=["tom"],
    )
    operators: Many[OperatorRef] = Field(
        default=(),
        description="Who may flip it without asking: schedules, roles, people.",
        examples=[["ai-oncall", "incident-commander"]],
    )
    flag: str | None = Field(
        default=None,
        description="The feature flag that carries it out, no other switch's.",
        examples=["copilot.connectors.hr"],
    )
    takes_effect_within: Duration | None = Field(
        default=None,
        description="The time from flipping it until users notice.",
        examples=["5m"],
    )
    restore: str | None = Field(
        default=None,
        description="When and how it is turned back.",
        examples=["Re-enable once the access metadata is verified."],
    )
    drilled: Date | None = Field(
        default=None,
        description="The day on which it was last tried out.",
        examples=["2026-10-14"],
    )
