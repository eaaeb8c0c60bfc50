"""What they do: runbooks and kill switches."""

from typing import Literal

import msgspec

from registry.model.entity import Entity, Part
from registry.model.reference import (
    DisabledRef,
    EscalateToRef,
    FlippedRef,
    LimitFieldRef,
    OperatorRef,
    Owners,
)
from registry.model.scalars import Date, Duration


class Hypothesis(Part, frozen=True, kw_only=True):
    """Where to look: what is seen, what to check then, and what to compare it with."""

    reads = "If …, check …; compare …"

    condition: str = msgspec.field(name="if")
    check: str
    compare: str | None = None


class SwitchUse(Part, frozen=True, kw_only=True):
    """A mitigation that is a kill switch."""

    switch: FlippedRef


class Phase(Part, frozen=True, kw_only=True):
    """A stretch of the response with its time."""

    phase: Literal["assess", "mitigate", "communicate", "resolve", "learn"]
    within: Duration | None = None
    do: tuple[str, ...] = ()


class Runbook(Entity, frozen=True, kw_only=True):
    """What to do when an alert fires."""

    title: str | None = None
    owner: Owners | None = None
    covers: tuple[str, ...] = ()
    reviewed: Date | None = None
    first_checks: tuple[str, ...] = ()
    hypotheses: tuple[Hypothesis, ...] = ()
    mitigations: tuple[SwitchUse | str, ...] = ()
    escalate_to: EscalateToRef | None = None
    rollback: tuple[str, ...] = ()
    communicate: tuple[str, ...] = ()
    resolved_when: tuple[str, ...] = ()
    steps: tuple[Phase, ...] = ()


class KillSwitch(Entity, frozen=True, kw_only=True):
    """A way to contain: what it turns off, and who may flip it."""

    action: str | None = None
    disables: tuple[DisabledRef, ...] = ()
    scope: dict[LimitFieldRef, str] = {}
    effect: Literal["off", "read-only", "human-review"] = "off"
    owner: Owners | None = None
    operators: tuple[OperatorRef, ...] = ()
    flag: str | None = None
    takes_effect_within: Duration | None = None
    restore: str | None = None
    drilled: Date | None = None
