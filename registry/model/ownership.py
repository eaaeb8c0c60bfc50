"""What is owned: the ownership matrix and the system's components."""

from typing import Literal

from registry.model.entity import Entity, Part
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


class Unowned(Part, frozen=True, kw_only=True):
    """A layer that is unowned on purpose, for a reason and for a time."""

    reason: str | None = None
    until: Date | None = None


class Layer(Entity, frozen=True, kw_only=True):
    """One row of the ownership matrix."""

    title: str | None = None
    description: str | None = None
    accountable: Accountables | None = None
    team: TeamRefs | None = None
    responsible: tuple[ResponsibleRef, ...] = ()
    consulted: tuple[ConsultedRef, ...] = ()
    informed: tuple[InformedRef, ...] = ()
    covers: tuple[str, ...] = ()
    unowned: Unowned | None = None


class Component(Entity, frozen=True, kw_only=True):
    """A part of the system that changes or can be switched off."""

    kind: Literal[
        "app", "orchestration", "prompt", "model", "retrieval", "connector",
        "tool", "guardrail", "eval-set", "infrastructure",
    ]  # fmt: skip
    layer: LayerRef | None = None
    risk: Literal["low", "medium", "high"] | None = None
    version_field: VersionFieldRef | None = None
    rollback: str | None = None
    writes: bool = False

    @property
    def changes(self) -> bool:
        """Whether it is of a kind that changes behaviour when it changes."""
        return self.kind in CHANGING_KINDS


CHANGING_KINDS = frozenset(
    {"prompt", "model", "retrieval", "connector", "tool", "guardrail", "orchestration"}
)
