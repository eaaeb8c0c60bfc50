"""Schedules over a time: who serves when, what is left open, how the hours are shared."""

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from registry.civil import wall_clock
from registry.errors import CannotRunError
from registry.model.oncall import Schedule
from registry.model.people import Person
from registry.nearest import did_you_mean
from registry.oncall.burden import Figures, figures, unsocial, weekend
from registry.oncall.coverage import gaps
from registry.oncall.interval import Interval
from registry.oncall.pattern import Pattern, fold
from registry.oncall.schedule import on_call, shifts
from registry.oncall.shift import Shift
from registry.tzif import LATEST, WEEK
from registry.workspace import Workspace


class Rota(NamedTuple):
    """One schedule from `start` to `end` (instants); `zone` is the one to show it in.

    `patterns` are its gaps with those of one shape told once.
    """

    schedule: str
    zone: str
    start: int
    end: int
    shifts: tuple[Shift, ...]
    gaps: tuple[Interval, ...]
    patterns: tuple[Pattern, ...]
    figures: Figures


class Turn(NamedTuple):
    """Who is on call on a schedule at an instant, and the shifts that come next."""

    schedule: str
    zone: str
    now: Shift
    following: tuple[Shift, ...]


class Hours(NamedTuple):
    """One person's time on call on one schedule, in µs, each counted once.

    A weekend is Saturday and Sunday, a night 22:00 to 06:00 outside of it, both on the person's
    own clock; `plain` is all the rest.
    """

    schedule: str
    person: str
    name: str
    total: int
    plain: int
    night: int
    weekend: int


def chosen(workspace: Workspace, name: str | None, person: str | None) -> tuple[str, ...]:
    """Return the schedules that are asked for: one, those that name a person, or all, sorted.

    Raises CannotRunError for a schedule or a person that is not there.
    """
    schedules = workspace.all(Schedule)
    if person is not None and person not in workspace.all(Person):
        help_ = did_you_mean(person, workspace.all(Person), "name a person of the registry")
        raise CannotRunError(f"there is no person `{person}`", help_)
    if name is None:
        return tuple(
            sorted(id_ for id_, one in schedules.items() if person is None or person in one.people)
        )
    if name not in schedules:
        lost = name in workspace.failed.get("schedules", {})
        help_ = did_you_mean(name, schedules, "`opmodel oncall show` shows all")
        what = f"the schedule `{name}` did not load" if lost else f"there is no schedule `{name}`"
        raise CannotRunError(what, "`opmodel check` says why" if lost else help_)
    return (name,)


def rota(workspace: Workspace, id_: str, start: int, end: int) -> Rota:
    """Work out one schedule from `start` to `end` (instants)."""
    schedule = workspace.all(Schedule)[id_]
    default = workspace.manifest.timezone or "UTC"
    zone = schedule.timezone or default
    found = tuple(gaps(schedule, start, end, default))
    return Rota(
        id_,
        zone,
        start,
        end,
        tuple(shifts(schedule, start, end, default)),
        found,
        tuple(fold(found, zone, start, end)),
        figures(schedule, start, end, lambda person: zone_of(workspace, person), default),
    )


def open_times(workspace: Workspace, id_: str, start: int, end: int) -> tuple[Pattern, ...]:
    """Return when nobody is on call on a schedule though somebody should be, folded."""
    schedule = workspace.all(Schedule)[id_]
    default = workspace.manifest.timezone or "UTC"
    found = gaps(schedule, start, end, default)
    return tuple(fold(found, schedule.timezone or default, start, end))


def turn(workspace: Workspace, id_: str, at: int, person: str | None, most: int = 3) -> Turn:
    """Return who is on call now, and the next shifts, of one person where one is asked for.

    It looks ahead for as long as ten years.
    """
    schedule = workspace.all(Schedule)[id_]
    default = workspace.manifest.timezone or "UTC"
    now = on_call(schedule, at, default)
    ahead = shifts(schedule, at, min(at + 520 * WEEK, LATEST), default)
    wanted = (one for one in ahead if one.start > at and (person is None or person in one.people))
    return Turn(id_, schedule.timezone or default, now, tuple(islice(wanted, most)))


def hours(workspace: Workspace, one: Rota) -> Iterator[Hours]:
    """Yield each person's hours on a schedule, sorted by id."""
    sums: dict[str, list[int]] = {}
    for shift in one.shifts:
        for person in shift.people:
            clock = wall_clock(zone_of(workspace, person))
            ended = weekend(clock, shift.start, shift.end)
            row = sums.setdefault(person, [0, 0, 0])
            row[0] += shift.end - shift.start
            row[1] += unsocial(clock, shift.start, shift.end) - ended
            row[2] += ended
    people = workspace.all(Person)
    for person, (total, night, ended) in sorted(sums.items()):
        name = people[person].name if person in people else person
        yield Hours(one.schedule, person, name, total, total - night - ended, night, ended)


def zone_of(workspace: Workspace, person: str) -> str:
    """Name a person's zone, else the manifest's, else UTC."""
    found = workspace.all(Person).get(person)
    return (found.timezone if found else None) or workspace.manifest.timezone or "UTC"
