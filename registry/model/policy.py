"""A policy pack as it is written."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from registry.model.entity import ByShape, Entity, Many, Part
from registry.model.scalars import Date


def _off(value: object) -> object:
    """Take `false` for `off`, as the YAML of old has it."""
    return "off" if value is False else value


Level = Annotated[Literal["error", "warning", "info", "off"], BeforeValidator(_off)]


class RuleSetting(Part):
    """What a pack says of one rule."""

    severity: Level = Field(
        description="How grave the rule's findings are; `off` runs it not at all.",
        examples=["warning"],
    )


def level(setting: str | RuleSetting) -> str:
    """Tell the severity that a pack gives a rule, in whichever way it is written."""
    return setting if isinstance(setting, str) else setting.severity


class Waiver(Part):
    """A finding that is accepted for a time, and why."""

    rule: str = Field(
        description="The rule whose finding is accepted, by code or name.", examples=["OM304"]
    )
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


class CustomRule(Part):
    """A rule of one's own: what must hold of each entity of a section, and what to say if not."""

    also = {"expression": "assert", "cel": "assert", "level": "severity"}

    name: str = Field(
        description="What the rule is called: the defect, in small letters and hyphens.",
        examples=["metric-without-dashboard"],
    )
    section: str = Field(
        description="The section whose entities it is asked of, one by one.", examples=["metrics"]
    )
    asserts: str = Field(
        alias="assert",
        description="What must hold, in CEL, over the entity (`self`), its `id` and the sections.",
        examples=["dashboards.exists(d, id in d.metrics)"],
    )
    message: str = Field(
        description="What to say where it does not; `{id}`, or a field in braces, is filled in.",
        examples=["metric `{id}` is on no dashboard"],
    )
    help: str = Field(
        default="",
        description="How to mend it: the next action, in a few words.",
        examples=["add it to a dashboard"],
    )
    severity: Level = Field(
        default="warning",
        description="How grave it is at every stage; `rules` of a pack may say otherwise.",
        examples=["warning"],
    )
    field: str | None = Field(
        default=None,
        description="The field that a finding points at; the entity's key where it is left out.",
        examples=["owner"],
    )


class PolicyFile(Entity):
    """A pack as it is written."""

    also = {
        "severities": "rules",
    }

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
    rules: dict[str, Annotated[Level | RuleSetting, ByShape()]] = Field(
        default_factory=dict,
        description="The severity of rules, by code or name, where it is not the stage's.",
        examples=[{"OM304": "warning"}],
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
    custom: dict[str, CustomRule] = Field(
        default_factory=dict,
        description="Rules of your own by code, as ACME001: what must hold, in CEL.",
        examples=[{"ACME001": {"name": "metric-without-dashboard", "section": "metrics",
                               "assert": "dashboards.exists(d, id in d.metrics)",
                               "message": "metric `{id}` is on no dashboard"}}],
    )  # fmt: skip
    plugins: Many[str] = Field(
        default=(),
        description="Installed plugins whose rules run as well, by the name of their entry point.",
        examples=[["acme-rules"]],
    )
