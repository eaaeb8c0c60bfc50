"""What each reference may name: the table of `design/format.md`, kept in the types themselves.

A field that refers is annotated with one of the types below; `accepts` are the sections that the
id may stand in, `tolerates` the kinds that also load because the field's own rule reports them,
`words` the texts that stand for nobody in particular, and `dangles` says that a reference to
nothing is some other rule's to report.
"""

from typing import Annotated, Any

import msgspec

SHARED_IDS = ("people", "teams", "roles", "schedules", "escalations", "channels")
"""Sections that share one id space: whatever can be addressed."""


class Reference(msgspec.Struct, frozen=True):
    """Which sections a referring field accepts."""

    accepts: tuple[str, ...]
    tolerates: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    dangles: bool = False
    component_kind: str | None = None

    @property
    def sections(self) -> tuple[str, ...]:
        """Every section whose ids may stand here."""
        return self.accepts + self.tolerates


def _refers(*accepts: str, **options: Any) -> msgspec.Meta:
    return msgspec.Meta(extra={"reference": Reference(accepts, **options)})


_OWNER = _refers("people", "roles", tolerates=("teams",))
_TEAM = _refers("teams")

Owner = Annotated[str, _OWNER]
"""A person or a role; a team loads, and the field's own rule reports it."""
Owners = Annotated[str, _OWNER] | tuple[Annotated[str, _OWNER], ...]
"""As `Owner`; a list parses too, so that a rule can say that two names are none."""
TeamRef = Annotated[str, _TEAM]
TeamRefs = Annotated[str, _TEAM] | tuple[Annotated[str, _TEAM], ...]
PersonRef = Annotated[str, _refers("people")]
PartyRef = Annotated[str, _refers("people", "teams", "roles")]
ReaderRef = Annotated[str, _refers("people", "teams", "roles", words=("everyone",))]
ResponderRef = Annotated[str, _refers("people", "roles", "schedules")]
EscalateToRef = Annotated[str, _refers("people", "roles", "schedules", "escalations")]
EscalationRef = Annotated[str, _refers("escalations", "schedules")]
AddresseeRef = Annotated[str, _refers(*SHARED_IDS)]
"""Whatever can be addressed."""
ChannelRef = Annotated[str, _refers("channels")]
ScheduleRef = Annotated[str, _refers("schedules")]
LayerRef = Annotated[str, _refers("ownership")]
ComponentRef = Annotated[str, _refers("components")]
EvalSetRef = Annotated[str, _refers("components", component_kind="eval-set")]
MetricRef = Annotated[str, _refers("metrics")]
AlertRef = Annotated[str, _refers("alerts")]
DetectorRef = Annotated[str, _refers("alerts", words=("customer", "support", "employee"))]
RunbookRef = Annotated[str, _refers("runbooks")]
SwitchRef = Annotated[str, _refers("kill_switches")]
GateRef = Annotated[str, _refers("gates")]
FailureRef = Annotated[str, _refers("failures")]
StoreRef = Annotated[str, _refers("stores")]
FieldRef = Annotated[str, _refers("fields")]
LooseFieldRef = Annotated[str, _refers("fields", dangles=True)]
"""A telemetry field that may be missing: OM216, OM807 or OM808 says so."""


def names(value: str | tuple[str, ...] | None) -> tuple[str, ...]:
    """Read a field that holds one name, several, or none as a tuple of the different names."""
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else tuple(dict.fromkeys(value))
