"""Holidays: a country's public ones, or dates of one's own."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Any, ClassVar, Self

from pydantic import Field, PrivateAttr

from registry.clock.days_off import DaysOff, HolidayYears, days_of_spans
from registry.clock.holidays import (
    countries,
    known_years,
    public_holidays,
    subdivision_names,
    suggested_country,
)
from registry.model.demand import exactly_one, needs
from registry.model.entity import ByShape, Entity, Fault, Many, Part, backwards
from registry.model.scalars import Date, Scalar
from registry.span import KeyPath

_LONGEST = 366
"""Days; a stretch that is longer is no holiday, so surely a slip."""


class Country(Scalar):
    """A country whose public holidays are known, by its code (ISO 3166-1)."""

    __slots__ = ()
    expects = "the two letters of a country, as `DE`"
    schema: ClassVar[dict[str, Any]] = {"type": "string", "pattern": "^[A-Z]{2}$"}

    @classmethod
    def accepts(cls, text: str) -> bool:
        """Whether it is one; raises ValueError with the code that a similar one means."""
        if text in countries():
            return True
        meant = suggested_country(text)
        if meant is not None:
            raise ValueError(f"no code of a country; did you mean `{meant}`?")
        return False


class HolidaySpan(Part):
    """Days in a row that are holidays; both ends are among them."""

    start: Date = Field(
        alias="from",
        description="The first of the days that are holidays.",
        examples=["2026-12-27"],
    )
    to: Date | None = Field(
        default=None,
        description="The last day, itself a holiday; the first is the only one if left out.",
        examples=["2026-12-31"],
    )
    name: str | None = Field(
        default=None, description="What the days are called.", examples=["Company shutdown"]
    )


class HolidayCalendar(Entity):
    """A calendar of holidays, which schedules, rotations and escalations name."""

    demands = (*exactly_one(("country", "dates")), needs("subdivision", "country"))

    country: Country | None = Field(
        default=None,
        description="The country whose public holidays it has, observed days included.",
        examples=["DE"],
    )
    subdivision: str | None = Field(
        default=None,
        description="The part of the country, by its code, whose own holidays it has as well.",
        examples=["BE"],
    )
    dates: Many[Annotated[Date | HolidaySpan, ByShape()]] = Field(
        default=(),
        description="Holidays of one's own, in the place of a country's: dates, and days in a row.",
        examples=[["2026-12-24", {"from": "2026-12-27", "to": "2026-12-31"}]],
    )

    @property
    def spans(self) -> tuple[tuple[date, date], ...]:
        """The first and the last day of each of its own dates."""
        return tuple(
            (one.start.date, (one.to or one.start).date)
            if isinstance(one, HolidaySpan)
            else (one.date, one.date)
            for one in self.dates
        )

    @property
    def years(self) -> HolidayYears:
        """Its holidays, by year."""
        country, subdivision = self.country, self.subdivision
        if country is None:
            return days_of_spans([(_number(one), _number(other)) for one, other in self.spans])
        if subdivision not in countries()[country]:  # a fault that is told; the country has some
            subdivision = None
        return HolidayYears(
            known_years(country), lambda year: public_holidays(country, subdivision, year)
        )

    def faults(self) -> Iterator[Fault]:
        """Yield what does not fit together: whose holidays they are, and stretches of days."""
        if self.country is not None and self.dates:
            message = "a calendar has a `country` or `dates`, not both"
            help_ = "make two calendars of it: a schedule may name both"
            yield Fault(("dates",), message, help_)
        if self.country is None and not self.dates:
            message = "the calendar has neither a `country` nor `dates`"
            yield Fault((), message, "add one of the two", ("country", "dates"))
        yield from self._of_subdivision()
        for index, one in enumerate(self.dates):
            if isinstance(one, HolidaySpan):
                yield from _of_span(one, ("dates", index, "to"))

    def _of_subdivision(self) -> Iterator[Fault]:
        at: KeyPath = ("subdivision",)
        if self.subdivision is None:
            return
        if self.country is None:
            message = "a `subdivision` goes with a `country`, and there is none"
            yield Fault(at, message, "add `country`, or remove `subdivision`", ("country",))
            return
        known = countries()[self.country]
        if self.subdivision not in known:
            meant = subdivision_names(self.country).get(self.subdivision)
            help_ = f"it is one of {', '.join(known)}" if known else "remove it"
            help_ = f"did you mean `{meant}`?" if meant else help_
            message = f"`{self.subdivision}` is no subdivision of {self.country} with holidays"
            yield Fault(at, message, help_)


def _of_span(one: HolidaySpan, at: KeyPath) -> Iterator[Fault]:
    yield from backwards(one.start, one.to, at)
    if one.to is not None and (one.to.date - one.start.date).days >= _LONGEST:
        message = f"the holidays from {one.start} to {one.to} last longer than a year"
        yield Fault(at, message, "correct one of the two dates")


def _number(day: date) -> int:
    return day.toordinal() - 1


class Calendars:
    """The calendars of a registry: which days are holidays to whoever names some of them."""

    def __init__(self, calendars: Mapping[str, HolidayCalendar]) -> None:
        self._calendars = calendars
        self._years: dict[str, HolidayYears] = {}
        self._known: dict[tuple[str, ...], DaysOff | None] = {}

    def of(self, names: tuple[str, ...]) -> DaysOff | None:
        """Return the holidays of the named calendars; None where no such calendar is known."""
        if names not in self._known:
            found = [self._of(one) for one in names if one in self._calendars]
            self._known[names] = DaysOff(found) if found else None
        return self._known[names]

    def _of(self, name: str) -> HolidayYears:
        if name not in self._years:
            self._years[name] = self._calendars[name].years
        return self._years[name]


_NONE = Calendars({})


class KeepsHolidays(Entity):
    """What names calendars, and is told which days they mean once all of a registry is loaded."""

    _calendars: Calendars = PrivateAttr(default_factory=lambda: _NONE)

    def bound(self, calendars: Calendars) -> Self:
        """Return the same entity, that knows calendars by their names."""
        found = self.model_copy()
        found._calendars = calendars  # noqa: SLF001 - its own
        return found

    def days_of(self, names: tuple[str, ...]) -> DaysOff | None:
        """Return the holidays of the named calendars; None where none of them is known."""
        return self._calendars.of(names)
