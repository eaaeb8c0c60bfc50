"""A baseline as it is written: findings that are known, and accepted for a time."""

from typing import Literal

from pydantic import Field

from registry.model.entity import Entity, Many, Part
from registry.model.reference import DutyRef
from registry.model.scalars import Date, Fingerprint


class BaselineEntry(Part):
    """One finding that is known and accepted: two that are alike have an entry each."""

    fingerprint: Fingerprint = Field(
        description="What the finding is known by, whatever line or file it stands in.",
        examples=["3f0f2ab1c4d5e6f708192a3b4c5d6e7f"],
    )
    code: str = Field(description="The rule whose finding it is.", examples=["OM201"])
    severity: Literal["error", "warning", "info"] = Field(
        description="How grave it was when it was accepted; a graver one is shown.",
        examples=["error"],
    )
    entity: str | None = Field(
        default=None,
        description="What it is about, as `section/id`; left out where it is about no entity.",
        examples=["metrics/groundedness"],
    )
    field: str | None = Field(
        default=None,
        description="The field of that entity, as a JSON Pointer without its first slash.",
        examples=["owner"],
    )
    reason: str = Field(
        description="Why it is accepted, for whoever reads it next year.",
        examples=["Known when we began, to be mended by February"],
    )
    owner: DutyRef | None = Field(
        default=None,
        description="Who sees to it that it is mended: the id of a person or a role.",
        examples=["priya"],
    )
    until: Date | None = Field(
        default=None,
        description="The last day of it; after that the finding is back.",
        examples=["2027-02-15"],
    )


class BaselineFile(Entity):
    """The findings of a registry that are known and accepted, in a file beside the manifest."""

    format: Literal["opmodel.baseline.v1"] = Field(
        description="The version of this file's shape.", examples=["opmodel.baseline.v1"]
    )
    entries: Many[BaselineEntry] = Field(
        default=(),
        description="The findings, each with its reason, its owner and its end.",
        examples=[[{
            "fingerprint": "3f0f2ab1c4d5e6f708192a3b4c5d6e7f", "code": "OM201",
            "severity": "error", "entity": "metrics/groundedness", "field": "owner",
            "reason": "Known when we began", "owner": "priya", "until": "2027-02-15",
        }]],
    )  # fmt: skip
