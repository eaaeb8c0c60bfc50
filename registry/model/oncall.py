"""Who is paged: schedules, rotations, overrides and escalations."""

from collections.abc import Iterable, Iterator
from typing import Annotated, Literal

from pydantic import Field

from registry.clock.days_off import DaysOff
from registry.model.demand import any_unless, needs, not_both, only_with
from registry.model.entity import ByShape, Fault, Many, Part, backwards
from registry.model.holidays import KeepsHolidays
from registry.model.reference import (
    Approvers,
    HolidaysRef,
    PagedRef,
    ParticipantRef,
    ReplacedRefs,
    StandInRef,
    TeamRef,
    names,
)
from registry.model.scalars import Duration, Moment, ShiftLength, Zone
from registry.model.windows import Coverage, Windows, in_words, stray_holidays, windows
from registry.span import KeyPath

Turn = Annotated[ParticipantRef | Many[ParticipantRef], ByShape()]
"""One person, or a group that is on call together."""

_ROTATIONS = ("rotations",)


class Rotation(Part):
    """People who take turns."""

    also = {
        "people": "participants",
        "members": "participants",
        "users": "participants",
        "length": "every",
        "shift": "every",
        "from": "start",
        "until": "end",
    }

    name: str = Field(
        description="What the rotation is called; no two of a schedule share a name.",
        examples=["primary"],
    )
    participants: Many[Turn] = Field(
        default=(),
        description="The people in the order of their turns; a list inside the list is a group "
        "on call together.",
        examples=[["priya", "tom", "mei"]],
    )
    start: Moment = Field(
        description="The first handoff, in the rotation's local time.",
        examples=["2026-11-02T09:00"],
    )
    end: Moment | None = Field(
        default=None,
        description="When the rotation ends for good; it goes on if left out.",
        examples=["2027-06-01T09:00"],
    )
    every: ShiftLength = Field(
        description="How long one turn lasts, in hours, days, weeks or months.", examples=["1w"]
    )
    timezone: Zone | None = Field(
        default=None,
        description="This rotation's own zone, where it is not the schedule's.",
        examples=["America/New_York"],
    )
    clock: Literal["civil", "elapsed"] = Field(
        default="civil",
        description="Whether a handoff keeps its wall time across a clock change, or its interval.",
        examples=["civil"],
    )
    hours: Windows | None = Field(
        default=None,
        description="The windows in which its people are on call; always if left out.",
        examples=[[{"days": ["mon", "tue"], "from": "09:00", "to": "18:00"}]],
    )

    advance: Literal["calendar", "served"] = Field(
        default="calendar",
        description="What a turn counts: `calendar` the time from the start, through hours in "
        "which nobody serves; `served` the days on which one of its `hours` starts.",
        examples=["served"],
    )

    shadow: bool = Field(
        default=False,
        description="Whether its people are only told as well, to learn: they count for nothing.",
        examples=[True],
    )

    holidays: Many[HolidaysRef] = Field(
        default=(),
        description="The calendars of its own whose days are `hol` to its `hours`; the schedule's "
        "if left out.",
        examples=[["germany"]],
    )

    def faults_at(self, at: KeyPath) -> Iterator[Fault]:
        """Yield what does not fit together, at its place."""
        yield from backwards(self.start, self.end, (*at, "end"))
        if self.advance == "calendar":
            return
        if not self.hours:
            message = "`advance: served` counts the days on which `hours` start, and there are none"
            yield Fault((*at, "advance"), message, "add `hours`, or remove `advance`", _ROTATIONS)
        elif self.clock == "elapsed":
            message = "`advance: served` counts days of the calendar, and `clock` is `elapsed`"
            yield Fault((*at, "clock"), message, "remove one of the two")
        elif not self.served_days:
            message = f"`advance: served` counts whole days, and `every` is {self.every}"
            yield Fault((*at, "every"), message, "write days or weeks, as `1d`; a week is seven")

    @property
    def served_days(self) -> int:
        """How many days a turn has with `advance: served`; 0 where it counts no whole days."""
        if self.advance == "calendar" or self.every.months:
            return 0
        days, rest = divmod(self.every.milliseconds, 86_400_000)
        return 0 if rest else days

    @property
    def groups(self) -> tuple[tuple[str, ...], ...]:
        """Each turn's people; a single participant is a group of one."""
        return tuple((turn,) if isinstance(turn, str) else turn for turn in self.participants)


Mode = Literal["takeover", "cover", "add", "nobody"]


class Override(Part):
    """An exception to the rotations, for an interval."""

    demands = (
        not_both("person", "people"),
        *any_unless("mode", "nobody", "person", "people"),
        only_with("replaces", "mode", "cover"),
    )

    mode: Mode = Field(
        default="takeover",
        description="What becomes of the shifts in the interval: `takeover` puts these people on "
        "call and nobody else, at all hours; `cover` gives them the shifts that are there; `add` "
        "puts them on call as well; `nobody` strikes the shifts.",
        examples=["cover"],
    )
    person: StandInRef | None = Field(
        default=None, description="The one person who stands in.", examples=["mei"]
    )
    people: Many[StandInRef] = Field(
        default=(),
        description="Those who stand in together, in the place of one `person`.",
        examples=[["mei", "tom"]],
    )
    replaces: ReplacedRefs | None = Field(
        default=None,
        description="Whose shifts are taken over, with `cover`; everybody's if left out.",
        examples=["priya", ["priya", "tom"]],
    )
    start: Moment = Field(
        alias="from",
        description="When the override begins; a date alone begins at its midnight.",
        examples=["2026-11-24T00:00"],
    )
    to: Moment = Field(
        description="When it ends; a date alone is inclusive.", examples=["2026-11-26T00:00"]
    )
    timezone: Zone | None = Field(
        default=None,
        description="The zone of its two times, where it is not the schedule's.",
        examples=["Europe/Berlin"],
    )

    @property
    def named(self) -> tuple[str, ...]:
        """Those who stand in: the one `person`, or the different `people`."""
        return (self.person,) if self.person is not None else names(self.people)

    def faults_at(self, at: KeyPath) -> Iterator[Fault]:
        """Yield what does not fit together, at its place: who stands in, and for whom."""
        yield from backwards(self.start, self.to, (*at, "to"))
        if self.person is not None and self.people:
            message = "an override has a `person` or `people`, not both"
            yield Fault((*at, "people"), message, "remove one of the two")
        elif self.mode == "nobody" and self.named:
            field = "people" if self.person is None else "person"
            message = f"`mode: nobody` strikes the shifts, and has no `{field}`"
            yield Fault((*at, field), message, "remove one of the two")
        elif self.mode != "nobody" and not self.named:
            message = "the override names nobody who stands in"
            yield Fault(at, message, "add `person`, or `mode: nobody`", (str(at[0]),))
        if self.replaces is not None and self.mode != "cover":
            message = f"`replaces` goes with `mode: cover`, and this is `{self.mode}`"
            yield Fault((*at, "replaces"), message, "write `mode: cover`, or remove `replaces`")


def _everybody(rotations: Iterable[Rotation]) -> tuple[str, ...]:
    turns = (group for rotation in rotations for group in rotation.groups)
    return tuple(dict.fromkeys(person for group in turns for person in group))


class Schedule(KeepsHolidays):
    """Who is on call, and when somebody is meant to be."""

    also = {
        "participants": "rotations",
        "people": "rotations",
        "members": "rotations",
        "tz": "timezone",
    }

    team: TeamRef | None = Field(
        default=None, description="The team that runs the schedule.", examples=["assistant"]
    )
    timezone: Zone | None = Field(
        default=None,
        description="The zone of its handoffs and windows; the manifest's if left out.",
        examples=["Europe/Berlin"],
    )
    coverage: Coverage = Field(
        default="always",
        description="When somebody is meant to be on call: `always`, or windows.",
        examples=["always"],
    )
    rotations: Many[Rotation] = Field(
        default=(),
        description="Who takes turns; where two are active, the later one in the list wins.",
        examples=[[{"name": "primary", "participants": ["priya", "tom"],
                    "start": "2026-11-02T09:00", "every": "1w"}]],
    )  # fmt: skip
    overrides: Many[Override] = Field(
        default=(),
        description="Exceptions that win over every rotation, applied in the list's order to what "
        "stands so far.",
        examples=[[{"person": "mei", "from": "2026-11-24", "to": "2026-11-26"}]],
    )

    holidays: Many[HolidaysRef] = Field(
        default=(),
        description="The calendars whose days are `hol`, and no weekdays, to `coverage` and to the "
        "rotations' `hours`.",
        examples=[["germany", "office"]],
    )

    def days_off(self, rotation: Rotation | None = None) -> DaysOff | None:
        """Return the holidays of a rotation, or the schedule's own; None without calendars."""
        own = rotation is not None and "holidays" in rotation.model_fields_set
        return self.days_of(rotation.holidays if rotation and own else self.holidays)

    @property
    def calendars(self) -> tuple[str, ...]:
        """The calendars that it and its rotations name, each once."""
        named = (name for rotation in self.rotations for name in rotation.holidays)
        return tuple(dict.fromkeys((*self.holidays, *named)))

    @property
    def participants(self) -> tuple[str, ...]:
        """Everyone whom a rotation names, in order of first mention, but for shadows."""
        return _everybody(one for one in self.rotations if not one.shadow)

    @property
    def shadows(self) -> tuple[str, ...]:
        """Everyone who is told as well by a rotation of shadows, in order of first mention."""
        return _everybody(one for one in self.rotations if one.shadow)

    @property
    def people(self) -> tuple[str, ...]:
        """Everyone whom a rotation or an override names, in order of first mention."""
        substitutes = (person for override in self.overrides for person in override.named)
        return tuple(dict.fromkeys((*self.participants, *substitutes)))

    def faults(self) -> Iterator[Fault]:
        """Yield intervals that end before they start, and rotations of one name."""
        seen: set[str] = set()
        for index, rotation in enumerate(self.rotations):
            yield from rotation.faults_at(("rotations", index))
            if rotation.name in seen:
                message = f"two rotations are called `{rotation.name}`"
                yield Fault(("rotations", index, "name"), message, "give each its own name")
            seen.add(rotation.name)
        for index, override in enumerate(self.overrides):
            yield from override.faults_at(("overrides", index))
        yield from self._of_holidays()

    def _of_holidays(self) -> Iterator[Fault]:
        if self.coverage != "always" and not self.holidays:
            yield from stray_holidays(self.coverage, ("coverage",))
        for index, rotation in enumerate(self.rotations):
            own = "holidays" in rotation.model_fields_set
            if not (rotation.holidays if own else self.holidays):
                yield from stray_holidays(rotation.hours, ("rotations", index, "hours"))


Outside = Literal["hold", "skip"]


class Step(Part):
    """Who is told after how long without an acknowledgement."""

    also = {
        "delay": "after",
        "wait": "after",
        "targets": "notify",
        "who": "notify",
    }

    after: Duration = Field(
        description="The time since the run began at which this step is paged.", examples=["15m"]
    )
    notify: Many[PagedRef] = Field(
        default=(),
        description="Who is paged at this step: schedules, people, roles.",
        examples=[["incident-commander"]],
    )
    pick: Literal["all", "one"] = Field(
        default="all",
        description="Whether each of those that it names is paged, or `one` of them in turn, and "
        "nobody can tell which.",
        examples=["one"],
    )
    hours: Windows | None = Field(
        default=None,
        description="The windows in which the step pages, judged when it is due; at any time if "
        "left out.",
        examples=[[{"days": ["mon", "tue"], "from": "09:00", "to": "17:00"}]],
    )
    timezone: Zone | None = Field(
        default=None,
        description="The zone of its `hours`; the escalation's if left out.",
        examples=["Europe/Berlin"],
    )
    holidays: Many[HolidaysRef] = Field(
        default=(),
        description="The calendars whose days are `hol` to its `hours`; the escalation's if left "
        "out.",
        examples=[["germany"]],
    )
    outside: Outside = Field(
        default="skip",
        description="What becomes of the step outside of its `hours`: `hold` waits until they "
        "open, and moves no other step; `skip` leaves it out.",
        examples=["hold"],
    )

    @property
    def is_in_turn(self) -> bool:
        """Whether one of several is paged, and it cannot be told which."""
        return self.pick == "one" and len(set(self.notify)) > 1

    @property
    def ways(self) -> tuple[tuple[str, ...], ...]:
        """The ways to a person: somebody is surely reached where everything of one is."""
        return (self.notify,) if self.is_in_turn else tuple((one,) for one in self.notify)


class Escalation(KeepsHolidays):
    """Whom an alert reaches, step by step."""

    also = {
        "levels": "steps",
        "tiers": "steps",
    }

    demands = (needs("repeat", "repeat_after", at_least=1),)

    approved_by: Approvers | None = Field(
        default=None,
        description="The person or role who agreed that these people are woken.",
        examples=["cto"],
    )
    repeat: Annotated[int, Field(ge=0, le=100)] = Field(
        default=0,
        description="How many further runs follow while nobody acknowledges, up to 100.",
        examples=[2],
    )
    repeat_after: Duration | None = Field(
        default=None,
        description="The time from a run's last step to the next run; required with `repeat`.",
        examples=["15m"],
    )
    steps: Many[Step] = Field(
        default=(),
        description="Who is paged after how long, from the first step to the last.",
        examples=[[{"after": "0m", "notify": ["ai-oncall"]}]],
    )
    hours: Windows | None = Field(
        default=None,
        description="The windows in which it pages, judged when it would begin; at any time if "
        "left out.",
        examples=[[{"days": ["mon", "tue"], "from": "09:00", "to": "17:00"}]],
    )
    timezone: Zone | None = Field(
        default=None,
        description="The zone of its `hours`, and of those of its steps; the manifest's if left "
        "out.",
        examples=["Europe/Berlin"],
    )
    holidays: Many[HolidaysRef] = Field(
        default=(),
        description="The calendars whose days are `hol`, and no weekdays, to its `hours` and those "
        "of its steps.",
        examples=[["germany"]],
    )
    outside: Outside = Field(
        default="hold",
        description="What becomes of an alert outside of its `hours`: `hold` begins when they "
        "open; `skip` pages nobody.",
        examples=["skip"],
    )

    def days_off(self, step: Step | None = None) -> DaysOff | None:
        """Return the holidays of a step, or the escalation's own; None without calendars."""
        own = step is not None and "holidays" in step.model_fields_set
        return self.days_of(step.holidays if step and own else self.holidays)

    @property
    def calendars(self) -> tuple[str, ...]:
        """The calendars that it and its steps name, each once."""
        named = (name for step in self.steps for name in step.holidays)
        return tuple(dict.fromkeys((*self.holidays, *named)))

    @property
    def has_hours(self) -> bool:
        """Whether it, or one of its steps, pages at some hours only."""
        return bool(windows(self.hours)) or any(windows(step.hours) for step in self.steps)

    def faults(self) -> Iterator[Fault]:
        """Yield a fault where runs repeat and nothing says after how long; and of hours."""
        yield from _of_hours(self, (), bool(self.holidays))
        for index, step in enumerate(self.steps):
            own = "holidays" in step.model_fields_set
            kept = bool(step.holidays if own else self.holidays)
            yield from _of_hours(step, ("steps", index), kept)
        if self.repeat and self.repeat_after is None:
            message = "`repeat` needs `repeat_after`, the time between two runs"
            help_ = "add `repeat_after`, as `15m`, or remove `repeat`"
            yield Fault(("repeat",), message, help_, ("repeat_after",))


def hours_in_words(one: Escalation | Step) -> str:
    """Say in which hours it pages, and what becomes of the rest; nothing where it has none."""
    found = windows(one.hours)
    return f"in {in_words(found)} alone, else {_ELSE[one.outside]}" if found else ""


_ELSE: dict[Outside, str] = {"hold": "held", "skip": "skipped"}


def _of_hours(one: Escalation | Step, at: KeyPath, kept: bool) -> Iterator[Fault]:
    """Yield what is wrong with hours; `kept` says whether calendars name holidays."""
    if not kept:
        yield from stray_holidays(one.hours, (*at, "hours"))
    if one.hours is None and "outside" in one.model_fields_set:
        message = f"`outside: {one.outside}` says what is done outside of `hours`; there are none"
        lacks = ("steps",) if at else ("hours",)
        yield Fault((*at, "outside"), message, "add `hours`, or remove `outside`", lacks)
