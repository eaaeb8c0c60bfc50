"""Schedules over a time: who serves when, what is left open, how the hours are shared."""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from registry.clock.civil import wall_clock
from registry.clock.tzif import LATEST, WEEK
from registry.errors import CannotRunError
from registry.model.oncall import Schedule
from registry.model.people import Person
from registry.oncall.absence import Unreachable, absences, absentees, departure
from registry.oncall.burden import Figures, figures, unsocial, weekend
from registry.oncall.coverage import gaps
from registry.oncall.interval import ENDLESS, Interval
from registry.oncall.pattern import GapPattern, fold
from registry.oncall.schedule import on_call, shifts
from registry.oncall.shift import Shift
from registry.wording import did_you_mean
from registry.workspace.not_loaded import unread_files, unread_times
from registry.workspace.workspace import Workspace

_AHEAD = 520 * WEEK
"""As far as the next shifts are looked for: ten years."""


class Rota(NamedTuple):
    """One schedule from `start` to `end` (instants); `zone` is the one to show it in.

    `shifts` may be those of one person alone; `gaps` and `figures`, which works its figures out,
    are the whole schedule's. `doubt` says what of its times did not load, where something did not.
    """

    schedule: str
    zone: str
    start: int
    end: int
    shifts: tuple[Shift, ...]
    gaps: tuple[Interval, ...]
    figures: Callable[[], Figures]
    doubt: str | None
    unreachable: tuple[Unreachable, ...] = ()


class Open(NamedTuple):
    """When nobody is on call on a schedule though somebody should be, folded into patterns.

    And when all who are on call are away, or have left.
    """

    schedule: str
    zone: str
    patterns: tuple[GapPattern, ...]
    unreachable: tuple[Unreachable, ...]
    doubt: str | None


class Turn(NamedTuple):
    """Who is on call on a schedule at an instant, and the shifts that come next.

    A shift that never ends does so at `ENDLESS`.
    """

    schedule: str
    zone: str
    now: Shift
    following: tuple[Shift, ...]
    doubt: str | None
    unreachable: Unreachable | None = None


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

    Raises CannotRunError for a schedule or a person that is not there, or did not load.
    """
    schedules = workspace.all(Schedule)
    if person is not None and person not in workspace.all(Person):
        raise _absent(workspace, "people", "person", person, "name a person of the registry")
    if name is None:
        return tuple(
            sorted(
                id_
                for id_, one in schedules.items()
                if person is None or person in (*one.people, *one.shadows)
            )
        )
    if name not in schedules:
        raise _absent(workspace, "schedules", "schedule", name, "`opmodel oncall show` shows all")
    return (name,)


def unread_schedules(workspace: Workspace, person: str | None) -> tuple[str, ...]:
    """Return the schedules that did not load and, where one is given, mention a person; sorted."""
    failed = workspace.failed.get("schedules", {})
    return tuple(
        sorted(id_ for id_, raw in failed.items() if person is None or _mentions(raw, person))
    )


def may_be_more(workspace: Workspace, ids: Sequence[str] | None) -> str | None:
    """Say what could not be read where it may hold more schedules; None where all was read.

    Of the schedules `ids`, where they alone are meant, it may only hold people whom they name.
    """
    if workspace.is_read:
        return None
    people = workspace.all(Person)
    named = [name for id_ in ids or () for name in workspace.all(Schedule)[id_].people]
    if ids is not None and all(name in people for name in named):
        return None
    what = "more schedules" if ids is None else "people whom it names"
    return f"{unread_files(workspace) or 'something could not be read'}, and may hold {what}"


def rota(  # noqa: PLR0913 - what may be asked of a schedule
    workspace: Workspace,
    id_: str,
    start: int,
    end: int,
    person: str | None = None,
    zone: str | None = None,
) -> Rota:
    """Work out one schedule from `start` to `end` (instants): one person's shifts, or all.

    It is to be shown in `zone`, else in its own.
    """
    schedule, default = _read(workspace, id_)
    found = shifts(schedule, start, end, default)
    return Rota(
        id_,
        zone or schedule.timezone or default,
        start,
        end,
        tuple(one for one in found if person is None or person in (*one.people, *one.shadows)),
        tuple(gaps(schedule, start, end, default)),
        lambda: figures(schedule, start, end, lambda one: zone_of(workspace, one), default),
        unread_times(workspace, id_),
        tuple(unreachable(workspace, id_, start, end)),
    )


def open_times(
    workspace: Workspace, id_: str, start: int, end: int, zone: str | None = None
) -> Open:
    """Return when nobody is on call on a schedule from `start` to `end` (instants).

    What repeats does so by the clocks of `zone`, else of its own.
    """
    schedule, default = _read(workspace, id_)
    zone = zone or schedule.timezone or default
    found = fold(gaps(schedule, start, end, default), zone, start, end)
    lost = tuple(unreachable(workspace, id_, start, end))
    return Open(id_, zone, tuple(found), lost, unread_times(workspace, id_))


def unreachable(workspace: Workspace, id_: str, start: int, end: int) -> Iterator[Unreachable]:
    """Yield when all who are on call on a schedule are away or have left: in order."""
    schedule, default = _read(workspace, id_)
    people = workspace.all(Person)
    known = {one: people[one] for one in schedule.people if one in people}
    homes = {one: zone_of(workspace, one) for one in known}
    gone = {id_: departure(one, homes[id_]) for id_, one in known.items()}
    away = {id_: absences(one, homes[id_]) for id_, one in known.items()}
    if any(gone.values()) or any(away.values()):
        yield from absentees(shifts(schedule, start, end, default), gone, away)


def turn(  # noqa: PLR0913 - what may be asked of a schedule
    workspace: Workspace,
    id_: str,
    at: int,
    person: str | None,
    most: int = 3,
    zone: str | None = None,
) -> Turn:
    """Return who is on call now, and the next shifts, of one person where one is asked for.

    It looks ahead for as long as ten years, and is to be shown in `zone`, else in its own.
    """
    schedule, default = _read(workspace, id_)
    now = on_call(schedule, at, default)
    # Where nobody is on call for years, the years are counted from when somebody is.
    limit = min((at if now.people else now.end) + _AHEAD, LATEST)
    ahead = (one for one in shifts(schedule, at, limit, default) if one.start > at)
    wanted = islice(
        (one for one in ahead if person is None or person in (*one.people, *one.shadows)), most
    )
    whole = (
        one if one.end < limit else one._replace(end=on_call(schedule, one.start, default).end)
        for one in wanted
    )
    zone = zone or schedule.timezone or default
    lost = next(unreachable(workspace, id_, at, at + 1), None)
    return Turn(id_, zone, now, tuple(whole), unread_times(workspace, id_), lost)


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


def is_endless(shift: Shift) -> bool:
    """Whether a shift never ends."""
    return shift.end >= ENDLESS


def _read(workspace: Workspace, id_: str) -> tuple[Schedule, str]:
    """Return a schedule, and the zone of what names none itself."""
    return workspace.all(Schedule)[id_], workspace.manifest.timezone or "UTC"


def _absent(
    workspace: Workspace, section: str, noun: str, id_: str, otherwise: str
) -> CannotRunError:
    if id_ in workspace.failed.get(section, {}):
        return CannotRunError(f"the {noun} `{id_}` did not load", "`opmodel check` says why")
    help_ = did_you_mean(id_, workspace.origins.get(section, {}), otherwise)
    return CannotRunError(f"there is no {noun} `{id_}`", help_)


def _mentions(raw: object, word: str) -> bool:
    if isinstance(raw, dict):
        return any(_mentions(value, word) for value in raw.values())
    if isinstance(raw, list):
        return any(_mentions(value, word) for value in raw)
    return raw == word
