"""Hours of the week: the windows of a rotation, of an escalation, of the intended coverage."""

from collections.abc import Iterable, Iterator
from typing import Annotated, Literal

from pydantic import Field

from registry.clock.weekdays import DAYS, HOLIDAY, Day, DayOrHoliday
from registry.model.entity import ByShape, Fault, Many, Part
from registry.model.scalars import TimeOfDay
from registry.span import KeyPath


class Window(Part):
    """Hours of the week; `days` are those on which it starts."""

    days: Many[DayOrHoliday] = Field(
        default=(*DAYS, HOLIDAY),
        description="The days on which the window starts; every day if left out. `hol` is a day of "
        "a calendar that `holidays` names, which is no weekday then.",
        examples=[["mon", "tue", "wed", "thu", "fri"]],
    )
    start: TimeOfDay = Field(
        alias="from", description="The time of day at which it opens.", examples=["09:00"]
    )
    to: TimeOfDay = Field(
        description="The time of day at which it closes; one that is not later than `from` is "
        "on the next day.",
        examples=["18:00"],
    )
    to_day: Day | None = Field(
        default=None,
        description="The day on which it closes, where that is neither the same nor the next.",
        examples=["mon"],
    )

    @property
    def on_holidays(self) -> bool:
        """Whether it starts on holidays."""
        return HOLIDAY in self.days

    @property
    def every_day(self) -> bool:
        """Whether it starts on each day, a holiday or not."""
        return len(set(self.days)) > len(DAYS)


Windows = Annotated[Window | Many[Window], ByShape()]
"""Windows; a lone mapping parses too."""

Coverage = Annotated[Literal["always"] | Window | Many[Window], ByShape()]


def windows(value: Window | tuple[Window, ...] | None) -> tuple[Window, ...]:
    """Read a field that holds a list of windows, one window, or nothing as a tuple."""
    if value is None:
        return ()
    return (value,) if isinstance(value, Window) else value


def in_words(windows: Iterable[Window]) -> str:
    """Write windows in a line, as `mon–fri 09:00–17:00, sat 10:00–12:00`."""
    return ", ".join(_in_words(one) for one in windows)


def _in_words(one: Window) -> str:
    days = [day for day in (*DAYS, HOLIDAY) if day in one.days]
    row = len(days) > 2 and tuple(days) == DAYS[DAYS.index(days[0]) :][: len(days)]
    named = f"{days[0]}–{days[-1]}" if row else "/".join(days) or "never"
    until = f"{one.to_day} {one.to}" if one.to_day else one.to
    return f"{'' if one.every_day else f'{named} '}{one.start}–{until}"


def stray_holidays(hours: Window | tuple[Window, ...] | None, at: KeyPath) -> Iterator[Fault]:
    """Yield a fault for each window that names holidays where no calendar says which they are."""
    for index, window in enumerate(windows(hours)):
        if "days" in window.model_fields_set and window.on_holidays:
            inner = at if isinstance(hours, Window) else (*at, index)
            message = "`hol` is a day of a calendar, and no `holidays` name one"
            help_ = "add `holidays` with the calendars that hold, or remove `hol`"
            path = (*inner, "days", window.days.index(HOLIDAY))
            yield Fault(path, message, help_, ("holidays",))
