"""What rules read from a policy: thresholds, required things, severities' meaning."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from registry.model.cadence import ReviewKind, Topic
from registry.model.entity import Entity, Fault, Many, Part
from registry.model.metrics import Bucket, SeverityLevel, SeverityName, Share
from registry.model.people import Function
from registry.model.reference import RequiredFieldRef, RequiredLayerRef, RequiredRunbookRef
from registry.model.scalars import Duration, HorizonLength, Period
from registry.model.telemetry import FieldGroup, StoreKind

Count = Annotated[int, Field(ge=0, le=1_000_000)]


class Range(Part):
    """Bounds on a store's retention, both inclusive."""

    min: Duration = Field(
        description="The shortest retention that is allowed, itself included.", examples=["1d"]
    )
    max: Duration = Field(
        description="The longest retention that is allowed, itself included.", examples=["14d"]
    )


class Settings(Entity):
    """Every setting of the catalogue; the built-in packs give each a value for their stage."""

    required_layers: Many[RequiredLayerRef] = Field(
        default=(),
        description="Layers that the ownership matrix must cover.",
        examples=[["prompt-content", "retrieval"]],
    )
    departure_notice: Duration = Field(
        default=Duration("14d"),
        description="How long before somebody's last day what they own is a finding.",
        examples=["14d"],
    )
    max_layers_per_owner: Count = Field(
        default=3, description="The most layers that one person may answer for.", examples=[3]
    )
    required_buckets: Many[Bucket] = Field(
        default=(),
        description="Buckets that need at least one metric each.",
        examples=[["quality", "safety"]],
    )
    outcome_words: Many[str] = Field(
        default=(),
        description="Words that tell a metric of outcomes from one of requests.",
        examples=[["resolved", "task"]],
    )
    max_paging_share: Share = Field(
        default=0.5,
        description="The largest share of alerts that may page, from 0 to 1.",
        examples=[0.5],
    )
    max_paging_min: Count = Field(
        default=10,
        description="The number of alerts from which that share is asked about.",
        examples=[10],
    )
    behavioural_skills: Many[str] = Field(
        default=(),
        description="Skills of which whoever is paged for behaviour needs one.",
        examples=[["prompts", "evals"]],
    )
    horizon: HorizonLength = Field(
        default=HorizonLength("400d"),
        description="How far ahead a check looks for gaps, at most ten years.",
        examples=["400d"],
    )
    min_participants: Count = Field(
        default=4, description="The fewest people that a rotation should have.", examples=[4]
    )
    severities: dict[SeverityName, SeverityLevel] = Field(
        default_factory=dict,
        description="What each severity means, where the registry does not say.",
        examples=[{"sev1": {"respond_within": "5m"}}],
    )
    max_unfairness: Annotated[float, Field(ge=0, le=1000)] = Field(
        default=0.5,
        description="How unevenly nights and weekends fall: (most - least) / mean, in a rotation.",
        examples=[0.5],
    )
    max_shift: Period = Field(
        default=Period("1w"),
        description="The longest shift that one person should have.",
        examples=["1w"],
    )
    max_absence: Duration = Field(
        default=Duration("7d"),
        description="How long somebody who is paged by name may be away without a deputy.",
        examples=["7d"],
    )
    required_runbooks: Many[RequiredRunbookRef] = Field(
        default=(),
        description="Classes of failure that need a runbook each.",
        examples=[["groundedness-drop", "cost-anomaly"]],
    )
    runbook_max_age: Duration = Field(
        default=Duration("180d"),
        description="How old a runbook's review may be.",
        examples=["180d"],
    )
    required_field_groups: Many[FieldGroup] = Field(
        default=(),
        description="Groups that need at least one captured field each.",
        examples=[["versioning", "slice"]],
    )
    required_fields: Many[RequiredFieldRef] = Field(
        default=(),
        description="Telemetry fields that must be captured, by id.",
        examples=[["trace_id"]],
    )
    retention: dict[StoreKind, Range] = Field(
        default_factory=dict,
        description="The shortest and longest retention of each kind of store.",
        examples=[{"debug": {"min": "1d", "max": "14d"}}],
    )
    telemetry_max_age: Duration = Field(
        default=Duration("180d"),
        description="How old the telemetry policy's review may be.",
        examples=["180d"],
    )
    drill_max_age: Duration = Field(
        default=Duration("90d"),
        description="How long ago a kill switch may have been tried out.",
        examples=["90d"],
    )
    max_switch_time: Duration = Field(
        default=Duration("15m"),
        description="The longest time that a kill switch may take to act.",
        examples=["15m"],
    )
    required_reviews: dict[ReviewKind, Period] = Field(
        default_factory=dict,
        description="The kinds of review that must be held, each with its longest period.",
        examples=[{"behavioural": "1w"}],
    )
    regression_within: Duration = Field(
        default=Duration("7d"),
        description="How soon after an incident a regression case must be there.",
        examples=["7d"],
    )
    max_waiver: Duration = Field(
        default=Duration("90d"),
        description="The longest time from now for which a waiver may run.",
        examples=["90d"],
    )
    everyone_words: Many[str] = Field(
        default=(),
        description="Cohorts of a canary that are no part of the users: whole values, in any case.",
        examples=[["everyone", "all users"]],
    )
    required_dashboards: Many[Function] = Field(
        default=(),
        description="Functions that each need a dashboard of their own.",
        examples=[["leadership", "operations"]],
    )
    max_alert_slack: Annotated[float, Field(ge=1, le=1_000_000)] = Field(
        default=5.0,
        description="How many times as far from the ideal as its target an objective's alert is.",
        examples=[5],
    )
    max_open_incident: Duration = Field(
        default=Duration("14d"),
        description="How long an incident may be open.",
        examples=["14d"],
    )
    behavioural_topics: Many[Topic] = Field(
        default=(),
        description="Topics that the agenda of a behavioural review must cover.",
        examples=[["escalation-by-intent", "cost-per-outcome"]],
    )
    runbook_annotations: Many[str] = Field(
        default=(),
        description="Annotations of deployed alerts that carry a runbook's address.",
        examples=[["runbook_url"]],
    )
    paging_severities: Many[str] = Field(
        default=(),
        description="Severities of deployed alerts that mean a page.",
        examples=[["critical", "page"]],
    )
    quiet_severities: Many[str] = Field(
        default=(),
        description="Severities of deployed alerts that wake nobody on purpose.",
        examples=[["info", "none"]],
    )

    def faults(self) -> Iterator[Fault]:
        """Yield a fault for each kind of store that no retention would be right for."""
        for kind, bounds in self.retention.items():
            if bounds.max.milliseconds < bounds.min.milliseconds:
                message = f"`max` is {bounds.max}, less than `min`, {bounds.min}"
                yield Fault(("retention", kind, "max"), message, "swap the two, or correct one")
