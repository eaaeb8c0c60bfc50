"""A policy pack as it is written."""

from typing import Any, Literal

from pydantic import Field

from registry.model.entity import Entity, Many, Part
from registry.model.scalars import Date


class RuleSetting(Part):
    """What a pack says of one rule."""

    severity: Literal["error", "warning", "info", "off"] = Field(
        description="How grave the rule's findings are; `off` runs it not at all.",
        examples=["warning"],
    )


class Waiver(Part):
    """A finding that is accepted for a time, and why."""

    rule: str = Field(description="The rule whose finding is accepted.", examples=["OM304"])
    entity: str = Field(
        description="The one entity that it is accepted for, as `section/id`.",
        examples=["schedules/ic"],
    )
    reason: str = Field(
        description="Why it is accepted, for whoever reads it next year.",
        examples=["Second commander joins in January"],
    )
    until: Date = Field(
        description="The last day of it; after that the finding is back.", examples=["2027-01-15"]
    )
    approved_by: str | None = Field(
        default=None, description="Who agreed to it, by id or name.", examples=["dana"]
    )


class PolicyFile(Entity):
    """A pack as it is written."""

    extends: str | None = Field(
        default=None,
        description="What the pack starts from: the stage's built-in pack, or a file beside it.",
        examples=["production"],
    )
    description: str | None = Field(
        default=None,
        description="What the pack is for, in a sentence.",
        examples=["Acme's own thresholds."],
    )
    rules: dict[str, RuleSetting] = Field(
        default_factory=dict,
        description="The severity of rules, by code, where it is not the stage's.",
        examples=[{"OM304": {"severity": "warning"}}],
    )
    settings: dict[str, Any] = Field(
        default_factory=dict,
        description="Thresholds that rules read, where they are not the stage's.",
        examples=[{"horizon": "90d"}],
    )
    waivers: Many[Waiver] = Field(
        default=(),
        description="Findings that are accepted for a time, each with its reason and end.",
        examples=[[{"rule": "OM304", "entity": "schedules/ic", "reason": "...",
                    "until": "2027-01-15"}]],
    )  # fmt: skip
    extensions: dict[str, str] = Field(
        default_factory=dict,
        description="JSON Schemas for a section's own `x-` keys, by section.",
        examples=[{"metrics": "schemas/acme-metrics.schema.json"}],
    )
