"""What is owned: the ownership matrix and the system's components."""

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from registry.model.demand import not_both
from registry.model.entity import Entity, Fault, Many, Part
from registry.model.reference import (
    Accountables,
    ConsultedRef,
    InformedRef,
    LayerRef,
    ResponsibleRef,
    TeamRefs,
    VersionFieldRef,
)
from registry.model.scalars import Date


class Unowned(Part):
    """A layer that is unowned on purpose, for a reason and for a time."""

    reason: str | None = Field(
        default=None,
        description="Why nobody needs to own the layer for now.",
        examples=["no prompts of our own yet"],
    )
    until: Date | None = Field(
        default=None,
        description="The last day on which that reason holds; after it an owner is asked for.",
        examples=["2027-01-31"],
    )


class Layer(Entity):
    """One row of the ownership matrix."""

    demands = (not_both("accountable", "unowned"),)

    title: str | None = Field(
        default=None,
        description="The row's heading in the matrix; the id stands there if it is left out.",
        examples=["Prompt content"],
    )
    description: str | None = Field(
        default=None,
        description="What belongs to this layer, so that nobody has to guess at its borders.",
        examples=["System prompts, templates, few-shot examples."],
    )
    accountable: Accountables | None = Field(
        default=None,
        description="The ONE person who answers for the layer, or a role that one person holds.",
        examples=["priya"],
    )
    team: TeamRefs | None = Field(
        default=None,
        description="The ONE team that does the work of this layer.",
        examples=["assistant"],
    )
    responsible: Many[ResponsibleRef] = Field(
        default=(),
        description="Who does the work beside the one who is accountable: people, teams, roles.",
        examples=[["prompt-engineer"]],
    )
    consulted: Many[ConsultedRef] = Field(
        default=(),
        description="Who is asked before something changes here: people, teams, roles.",
        examples=[["security-lead"]],
    )
    informed: Many[InformedRef] = Field(
        default=(),
        description="Who is told after something changed here: people, teams, roles.",
        examples=[["support"]],
    )
    covers: Many[str] = Field(
        default=(),
        description="Layers of the policy that this row stands for, beside its own id.",
        examples=[["prompt-content"]],
    )
    unowned: Unowned | None = Field(
        default=None,
        description="Says that nobody owns the layer on purpose, in place of `accountable`.",
        examples=[{"reason": "no prompts of our own yet", "until": "2027-01-31"}],
    )

    def faults(self) -> Iterator[Fault]:
        """Yield a fault where somebody answers for what nobody owns on purpose."""
        if self.unowned is not None and self.accountable is not None:
            message = "a layer has an `accountable` or is `unowned` on purpose, not both"
            yield Fault(("unowned",), message, "remove one of the two")


class Component(Entity):
    """A part of the system that changes or can be switched off."""

    kind: Literal[
        "app", "orchestration", "prompt", "model", "retrieval", "connector",
        "tool", "guardrail", "eval-set", "infrastructure",
    ] = Field(
        description="What sort of part it is; prompts, models, retrieval, connectors, tools, "
        "guardrails and orchestration count as changing.",
        examples=["connector"],
    )  # fmt: skip
    layer: LayerRef | None = Field(
        default=None,
        description="The row of the ownership matrix that this part belongs to.",
        examples=["retrieval"],
    )
    risk: Literal["low", "medium", "high"] | None = Field(
        default=None,
        description="How much harm it can do; a part of high risk needs a kill switch.",
        examples=["high"],
    )
    version_field: VersionFieldRef | None = Field(
        default=None,
        description="The telemetry field that carries the version which served a request.",
        examples=["retrieval_config"],
    )
    rollback: str | None = Field(
        default=None,
        description="How to go back to the version before, in a sentence.",
        examples=["Redeploy the previous retrieval configuration."],
    )
    paths: Many[str] = Field(
        default=(),
        description="Where it is in the repository: globs, as a CODEOWNERS file has them.",
        examples=[["/prompts/assistant/**"]],
    )
    writes: bool = Field(
        default=False,
        description="Whether it changes things elsewhere, as a tool that sends or books does.",
        examples=[True],
    )

    @property
    def changes(self) -> bool:
        """Whether it is of a kind that changes behaviour when it changes."""
        return self.kind in CHANGING_KINDS


CHANGING_KINDS = frozenset(
    {"prompt", "model", "retrieval", "connector", "tool", "guardrail", "orchestration"}
)
