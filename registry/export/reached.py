"""Whom a page to an id may reach, in words: with everybody who takes turns, and every deputy."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from registry.clock.civil import instant, local
from registry.clock.words import time_of_day
from registry.model.oncall import Schedule
from registry.model.people import Person, Role
from registry.oncall.deputy import standing
from registry.oncall.interval import ENDLESS
from registry.workspace.names import DisplayNames


class DeputyDays(NamedTuple):
    """A deputy, and from when to when they stand in, in words."""

    deputy: str
    when: str


class ReachedNames:
    """Whom pages reach from an instant on; a deputy has the days on which they stand in.

    So what is said stays true until an absence is over, and is not said of one that is over.
    """

    def __init__(self, display: DisplayNames, at: datetime) -> None:
        self.display = display
        self.workspace = display.workspace
        self.at = instant(at)
        self._known: dict[str, tuple[DeputyDays, ...]] = {}

    def text(self, id_: str) -> str:
        """Name whom a page to this id reaches: everybody who takes turns on a schedule.

        `Ann (Head; Bob in their place from 2026-12-24 to 2027-01-02)`: a role with its holder, and
        whoever stands in. Nobody stands in on shifts.
        """
        schedules = self.workspace.all(Schedule)
        role = self.workspace.all(Role).get(id_)
        held = role.schedule if role is not None and role.holder is None else None
        if role is not None and held is not None and held in schedules:
            return f"{role.title}: {self.text(held)}"
        schedule = schedules.get(id_)
        if schedule is not None:
            people = ", ".join(map(self.display.called, schedule.people)) or "nobody"
            return f"{self.display.called(id_)} ({people})"
        instead = [
            f"{self.display.called(one.deputy)} in their place {one.when}"
            for one in self.stand_ins(id_)
        ]
        if not instead:
            return self.display.holder(id_)
        as_role = (role.title,) if role is not None else ()
        person = (role.holder if role is not None else None) or id_
        return f"{self.display.called(person)} ({'; '.join((*as_role, *instead))})"

    def people(self, id_: str) -> tuple[str, ...]:
        """List the people whom a page to this id may reach, each once, deputies last."""
        people = self.display.people_behind(id_)
        deputies = (one.deputy for one in self.stand_ins(id_))
        return tuple(dict.fromkeys((*people, *deputies)))

    def stand_ins(self, id_: str) -> tuple[DeputyDays, ...]:
        """List who stands in for a person, or for a role's holder, from the instant on."""
        role = self.workspace.all(Role).get(id_)
        person = (role.holder if role is not None else None) or id_
        if person not in self._known:
            self._known[person] = tuple(self._stand_ins(person))
        return self._known[person]

    def _stand_ins(self, id_: str) -> Iterator[DeputyDays]:
        people = self.workspace.all(Person)
        person = people.get(id_)
        if person is None or not person.away:
            return
        usual = self.workspace.manifest.timezone or "UTC"
        zone = person.timezone or usual
        for one in standing(id_, people, usual, 0, ENDLESS):
            if one.because is not None and one.end > self.at:
                when = f"from {_first(one.start, zone)} to {_last(one.end, zone)}"
                yield DeputyDays(one.people[0], when)


def _first(start: int, zone: str) -> str:
    """Write when something begins; at midnight, as the day alone."""
    shown = local(start, zone)
    day = shown.date().isoformat()
    return day if not (shown.hour or shown.minute) else f"{day} {time_of_day(start, zone)}"


def _last(end: int, zone: str) -> str:
    """Write when something ends; at midnight, as the day before, which is still in it."""
    before = local(end - 1, zone)
    if (before.hour, before.minute) == (23, 59):
        return before.date().isoformat()
    return f"{local(end, zone).date().isoformat()} {time_of_day(end, zone)}"
