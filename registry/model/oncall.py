"""Who is paged: schedules, rotations, overrides and escalations."""

from collections.abc import Iterator
from typing import Annotated, Literal

import msgspec

from registry.clock.weekdays import DAYS, Day
from registry.model.entity import Entity, Fault, Part, backwards
from registry.model.reference import Approvers, PagedRef, ParticipantRef, StandInRef, TeamRef
from registry.model.scalars import Duration, Moment, ShiftLength, TimeOfDay, Zone


class Window(Part, frozen=True, kw_only=True):
    """Hours of the week; `days` are those on which it starts."""

    days: tuple[Day, ...] = DAYS
    start: TimeOfDay = msgspec.field(name="from")
    to: TimeOfDay
    to_day: Day | None = None


Windows = Window | tuple[Window, ...]


def windows(value: Windows | None) -> tuple[Window, ...]:
    """Read a field that holds a list of windows, one window, or nothing as a tuple."""
    if value is None:
        return ()
    return (value,) if isinstance(value, Window) else value


class Rotation(Part, frozen=True, kw_only=True):
    """People who take turns."""

    name: str
    participants: tuple[ParticipantRef | tuple[ParticipantRef, ...], ...] = ()
    start: Moment
    end: Moment | None = None
    every: ShiftLength
    timezone: Zone | None = None
    clock: Literal["civil", "elapsed"] = "civil"
    hours: Windows | None = None

    @property
    def groups(self) -> tuple[tuple[str, ...], ...]:
        """Each turn's people; a single participant is a group of one."""
        return tuple((turn,) if isinstance(turn, str) else turn for turn in self.participants)


class Override(Part, frozen=True, kw_only=True):
    """One person instead of the rotations, for an interval."""

    person: StandInRef
    start: Moment = msgspec.field(name="from")
    to: Moment
    timezone: Zone | None = None


class Schedule(Entity, frozen=True, kw_only=True):
    """Who is on call, and when somebody is meant to be."""

    team: TeamRef | None = None
    timezone: Zone | None = None
    coverage: Literal["always"] | Window | tuple[Window, ...] = "always"
    rotations: tuple[Rotation, ...] = ()
    overrides: tuple[Override, ...] = ()

    @property
    def participants(self) -> tuple[str, ...]:
        """Everyone whom a rotation names, in order of first mention."""
        turns = (group for rotation in self.rotations for group in rotation.groups)
        return tuple(dict.fromkeys(person for group in turns for person in group))

    @property
    def people(self) -> tuple[str, ...]:
        """Everyone whom a rotation or an override names, in order of first mention."""
        substitutes = (override.person for override in self.overrides)
        return tuple(dict.fromkeys((*self.participants, *substitutes)))

    def faults(self) -> Iterator[Fault]:
        """Yield intervals that end before they start, and rotations of one name."""
        seen: set[str] = set()
        for index, rotation in enumerate(self.rotations):
            yield from backwards(rotation.start, rotation.end, ("rotations", index, "end"))
            if rotation.name in seen:
                message = f"two rotations are called `{rotation.name}`"
                yield Fault(("rotations", index, "name"), message, "give each its own name")
            seen.add(rotation.name)
        for index, override in enumerate(self.overrides):
            yield from backwards(override.start, override.to, ("overrides", index, "to"))


class Step(Part, frozen=True, kw_only=True):
    """Who is told after how long without an acknowledgement."""

    after: Duration
    notify: tuple[PagedRef, ...] = ()


class Escalation(Entity, frozen=True, kw_only=True):
    """Whom an alert reaches, step by step."""

    approved_by: Approvers | None = None
    repeat: Annotated[int, msgspec.Meta(ge=0, le=100)] = 0
    repeat_after: Duration | None = None
    steps: tuple[Step, ...] = ()

    def faults(self) -> Iterator[Fault]:
        """Yield a fault where runs repeat and nothing says after how long."""
        if self.repeat and self.repeat_after is None:
            message = "`repeat` needs `repeat_after`, the time between two runs"
            help_ = "add `repeat_after`, as `15m`, or remove `repeat`"
            yield Fault(("repeat",), message, help_, ("repeat_after",))
