"""What a trace must hold, and what the models in it cost: spans and prices."""

from typing import Annotated, Literal

from pydantic import Field

from registry.model.entity import ByShape, Entity, Many, Part
from registry.model.reference import CarriedFieldRef, OuterSpanRef
from registry.model.scalars import Date

Amount = Annotated[float, Field(ge=0, le=1_000_000)]

Matched = Annotated[str | Many[str], ByShape()]
"""A pattern (RE2, anchored), or the values that it may have, each literally."""


class Rate(Part):
    """What is paid from a day on, until the next rate begins."""

    since: Date = Field(
        alias="from", description="The first day of the rate.", examples=["2026-01-01"]
    )
    input_tokens: Amount | None = Field(
        default=None,
        alias="input",
        description="The price of tokens that are read.",
        examples=[2.5],
    )
    cached_input: Amount | None = Field(
        default=None,
        description="The price of tokens that are read from a cache.",
        examples=[1.25],
    )
    output: Amount | None = Field(
        default=None, description="The price of tokens that are written.", examples=[10.0]
    )
    embedding: Amount | None = Field(
        default=None, description="The price of tokens that are embedded.", examples=[0.02]
    )


class Price(Entity):
    """What the tokens of a model cost."""

    models: Many[str] = Field(
        default=(),
        description="The model names, as spans carry them, that it is for; else its own id.",
        examples=[["gpt-4o", "gpt-4o-2024-08-06"]],
    )
    currency: str = Field(description="The currency of its rates.", examples=["USD"])
    per: Literal["1K", "1M"] = Field(
        description="How many tokens a rate is for: a thousand or a million.", examples=["1M"]
    )
    rates: Many[Rate] = Field(
        description="What is paid, each rate from its day on; before the first there is none.",
        examples=[[{"from": "2026-01-01", "input": 2.5, "output": 10.0}]],
    )


class TraceSpan(Entity):
    """A kind of span: how it is told, what it carries, and within what it lies."""

    match: dict[str, Matched] = Field(
        description="Attributes, or `name`, each with a pattern (RE2, anchored) or a list of "
        "values.",
        examples=[{"gen_ai.operation.name": ["chat", "generate_content"]}],
    )
    required: bool = Field(
        default=False, description="Whether every trace has one.", examples=[True]
    )
    fields: Many[CarriedFieldRef] = Field(
        default=(),
        description="The telemetry fields whose attributes it must carry.",
        examples=[["model", "input_tokens"]],
    )
    within: Many[OuterSpanRef] = Field(
        default=(),
        description="The spans of which one must be an ancestor.",
        examples=[["request"]],
    )
