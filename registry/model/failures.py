"""What can go wrong, and what was done about it: failures and incidents."""

from typing import Literal

from pydantic import Field

from registry.model.entity import Entity, Many, Part
from registry.model.metrics import SeverityName
from registry.model.reference import (
    CauseRef,
    CommanderRef,
    ContainerRef,
    DetectingAlertRef,
    DetectorRef,
    FailingRef,
    FailureRef,
    GateRef,
    LateMetricRef,
    MissingFieldRef,
    Owners,
)
from registry.model.scalars import Date, Moment


class Failure(Entity):
    """A class of failure that the organisation has named."""

    priority: Literal["P0", "P1", "P2"] = Field(
        description="How bad it is; what is P0 must never reach users.", examples=["P0"]
    )
    definition: str | None = Field(
        default=None,
        description="What exactly has happened when this failure has, in a sentence.",
        examples=["An employee sees content that only HR may see."],
    )
    owner: Owners | None = Field(
        default=None,
        description="The ONE person who keeps it from happening, or a role that one person holds.",
        examples=["security-lead"],
    )
    detected_by: Many[DetectingAlertRef] = Field(
        default=(), description="The alerts that see it happen.", examples=[["hr-leak"]]
    )
    contained_by: Many[ContainerRef] = Field(
        default=(),
        description="The kill switches that stop the harm while it lasts.",
        examples=[["disable-hr-connector"]],
    )
    components: Many[FailingRef] = Field(
        default=(),
        description="The components that the failure is about.",
        examples=[["hr-connector"]],
    )
    prevented_by: Many[GateRef] = Field(
        default=(),
        description="The gates that keep a change which causes it from users.",
        examples=[["assistant-release"]],
    )


class Cause(Part):
    """What changed."""

    component: CauseRef | None = Field(
        default=None, description="The component that changed.", examples=["hr-connector"]
    )
    change: str | None = Field(
        default=None,
        description="The change itself: a version, a setting, a deployment.",
        examples=["retrieval_config rc-v7"],
    )


class Action(Part):
    """What was decided after an incident."""

    title: str = Field(
        description="What is to be done, in a line.",
        examples=["Strengthen retrieval-time access checks"],
    )
    owner: Owners | None = Field(
        default=None,
        description="The ONE person who sees it done, or a role that one person holds.",
        examples=["tom"],
    )
    due: Date | None = Field(
        default=None, description="The day by which it is to be done.", examples=["2026-11-15"]
    )
    done: Date | None = Field(
        default=None, description="The day on which it was done.", examples=["2026-11-10"]
    )
    kind: (
        Literal["fix", "change-response", "add-metric", "add-test", "add-alert", "document"] | None
    ) = Field(
        default=None,
        description="What sort of action it is; metrics alone prevent nothing.",
        examples=["change-response"],
    )


class Incident(Entity):
    """One incident, from its start to what was learnt."""

    title: str = Field(
        description="What happened, as a line in a report.",
        examples=["HR-only chunks shown to employees"],
    )
    severity: SeverityName = Field(
        description="How bad it was, from sev1 to sev4.", examples=["sev1"]
    )
    failure: FailureRef | None = Field(
        default=None,
        description="The class of failure that it was a case of.",
        examples=["access-control-violation"],
    )
    started: Moment | None = Field(
        default=None, description="When the harm began.", examples=["2026-10-20T08:10Z"]
    )
    detected: Moment | None = Field(
        default=None,
        description="When somebody, or an alert, first noticed.",
        examples=["2026-10-20T08:42Z"],
    )
    mitigated: Moment | None = Field(
        default=None,
        description="When the harm had ended, though the cause had not.",
        examples=["2026-10-20T08:58Z"],
    )
    resolved: Moment | None = Field(
        default=None, description="When the harm ended.", examples=["2026-10-20T09:31Z"]
    )
    detected_by: DetectorRef | None = Field(
        default=None,
        description="What noticed it: an alert, or `customer`, `support`, `employee`.",
        examples=["hr-leak"],
    )
    commander: CommanderRef | None = Field(
        default=None,
        description="The person or role who led the response.",
        examples=["mei"],
    )
    cause: Cause | None = Field(
        default=None,
        description="What had changed, by component and change.",
        examples=[{"component": "hr-connector", "change": "retrieval_config rc-v7"}],
    )
    late_signals: Many[LateMetricRef] = Field(
        default=(),
        description="The metrics that showed it, and were read too late.",
        examples=[["access_denials"]],
    )
    missing_fields: Many[MissingFieldRef] = Field(
        default=(),
        description="Telemetry fields that would have helped, had they been captured.",
        examples=[["source_domain"]],
    )
    regression_cases: Many[str] = Field(
        default=(),
        description="The tests that would catch it the next time, by path or name.",
        examples=[["evals/hr-only-sources.yaml"]],
    )
    tags: Many[str] = Field(
        default=(),
        description="Words to find incidents of a kind by.",
        examples=[["retrieval", "access"]],
    )
    actions: Many[Action] = Field(
        default=(),
        description="What was decided afterwards, each with an owner and a day.",
        examples=[[{"title": "Check access at retrieval", "owner": "tom", "due": "2026-11-15"}]],
    )
