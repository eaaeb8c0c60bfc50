"""Whom a page reaches, step by step: who holds a role or a schedule when the step's time comes."""

from collections.abc import Iterable, Iterator, Mapping
from heapq import merge
from itertools import chain
from typing import NamedTuple

from registry.clock.tzif import LATEST, SECOND
from registry.model.oncall import Escalation, Schedule
from registry.model.people import Person, Role
from registry.oncall.coverage import covered
from registry.oncall.deputy import standing
from registry.oncall.interval import ENDLESS, Interval, difference, union
from registry.oncall.schedule import on_call, tiles
from registry.oncall.shift import Shift
from registry.oncall.waiting import Dispatch, Waiting, read_waiting
from registry.span import KeyPath
from registry.workspace.workspace import Workspace


class Directory(NamedTuple):
    """Everyone and everything that can be paged, by id, and the manifest's zone."""

    people: Mapping[str, Person]
    roles: Mapping[str, Role]
    schedules: Mapping[str, Schedule]
    escalations: Mapping[str, Escalation]
    zone: str = "UTC"


class Decided(NamedTuple):
    """The field that decided who is paged: a section, an id in it, the path within."""

    section: str
    id: str
    field: KeyPath


class EscalationHop(NamedTuple):
    """One page of an escalation: `after` so many µs, by `step` of run `run` (both from 0).

    `via` is the id that is paged, `people` whom that reaches: nobody, where they are empty. It is
    `held` until an instant where hours have it wait (`ENDLESS` where they never open), or
    `skipped`. `until` is the instant up to which a page gives the same answer. `decided` is None
    for an id that stands for nothing known: about that nothing is certain. The `shadows` are told
    as well, and count for nothing. Of the hops of one step in one run that are `in_turn` one is
    taken, and it cannot be told which. Whoever is reached stands in for `deputy_for`, if that is
    anybody.
    """

    after: int
    run: int
    step: int
    via: str
    people: tuple[str, ...]
    until: int
    decided: Decided | None
    shadows: tuple[str, ...] = ()
    held: int | None = None
    skipped: bool = False
    in_turn: bool = False
    deputy_for: str | None = None


class Stretch(NamedTuple):
    """Alerts that fire from `start` up to `end` all take these hops."""

    start: int
    end: int
    hops: tuple[EscalationHop, ...]


_PAGED = ("people", "roles", "schedules")


class _Page(NamedTuple):
    after: int
    run: int
    step: int
    via: str
    written: Decided
    in_turn: bool = False

    def hours(self, *, of_step: bool) -> Decided:
        """Return the hours that the page waits for: its step's, or the whole escalation's."""
        return self.written._replace(field=("steps", self.step, "hours") if of_step else ("hours",))


def directory(workspace: Workspace) -> Directory:
    """Return who and what can be paged in a workspace."""
    return Directory(
        workspace.all(Person),
        workspace.all(Role),
        workspace.all(Schedule),
        {id_: _sure(workspace, id_, one) for id_, one in workspace.all(Escalation).items()},
        workspace.manifest.timezone or "UTC",
    )


def _sure(workspace: Workspace, id_: str, escalation: Escalation) -> Escalation:
    """Leave out hours that did not load in full: that a page waits, or is skipped, is not known."""
    failed = workspace.failed_fields.get(("escalations", id_), frozenset())
    if failed & _OF_HOURS:
        escalation = escalation.model_copy(update={"hours": None})
    if "steps" in failed:
        steps = tuple(one.model_copy(update={"hours": None}) for one in escalation.steps)
        escalation = escalation.model_copy(update={"steps": steps})
    return escalation


_OF_HOURS = frozenset({"hours", "outside", "timezone", "holidays"})
"""The fields that say when an escalation pages."""


def hops(id_: str, known: Directory, at: int) -> tuple[EscalationHop, ...]:
    """Return whom an alert that fires at an instant reaches, in the order of the pages.

    `id_` is an escalation, or a schedule, role or person that is paged at once. A step's people
    are those of the instant at which its page goes out: the alert's, and `after`, or when its hours
    open. Every run is told.
    """
    waiting = _waiting(id_, known)
    found = []
    for page in _pages(id_, known, repeats=True):
        due = min(at + page.after, LATEST)
        when = waiting.when(page.step, page.after, at) if waiting else due
        hop = _hop_at(page, when, known, held=when is not None and when > due)
        if waiting and hop.decided and hop.decided.field == ("steps", page.step, "hours"):
            hop = hop._replace(decided=page.hours(of_step=waiting.begins(at)))
        found.append(hop)
    return tuple(found)


def timeline(
    id_: str, known: Directory, start: int, end: int, *, repeats: bool = False
) -> Iterator[Stretch]:
    """Yield whom alerts that fire from `start` to `end` reach: without a hole, in order.

    A stretch ends where any hop changes. The first run alone is told unless `repeats`.
    """
    waiting = _waiting(id_, known)
    pages = _pages(id_, known, repeats=repeats)
    streams = [_answers(page, known, waiting, start, end) for page in pages]
    current = [next(stream) for stream in streams] if start < end else []
    while start < end:
        until = min((last for last, _ in current), default=end)
        yield Stretch(start, until, tuple(hop for _, hop in current))
        for index, (last, _) in enumerate(current):
            if last == until < end:
                current[index] = next(streams[index])
        start = until


def unreachable(
    ways: Iterable[tuple[str, ...]], known: Directory, start: int, end: int
) -> Iterator[Interval]:
    """Yield when no way is open: maximal, in order.

    A way is open while each of its ids (people, roles, schedules) reaches a person. A person, or a
    role that a person holds, is always reached. An id that stands for nothing known counts as
    reached: that nobody is there is not certain.
    """
    if start >= end:
        return iter(())
    whole = [Interval(start, end)]
    opened = []
    # What surely reaches somebody is found before anything is asked of schedules.
    for way in sorted(ways, key=lambda way: any(_schedule(id_, known) for id_ in way)):
        shut = [list(_unreached(id_, known, start, end)) for id_ in way]
        if not any(shut):
            return iter(())
        opened.append(difference(whole, union(merge(*shut))))
    return difference(whole, union(merge(*opened)))


def _unreached(id_: str, known: Directory, start: int, end: int) -> Iterator[Interval]:
    """Yield when an id reaches nobody."""
    whole = [Interval(start, end)]
    schedule = _schedule(id_, known)
    if schedule is not None:
        return difference(whole, covered(known.schedules[schedule], start, end, known.zone))
    people, decided = _held(id_, known)
    return iter(() if people or decided is None else whole)


def _pages(id_: str, known: Directory, *, repeats: bool) -> list[_Page]:
    escalation = known.escalations.get(id_)
    if escalation is None:
        section = next((name for name in _PAGED if id_ in getattr(known, name)), "")
        return [_Page(0, 0, 0, id_, Decided(section, id_, ()))]
    delays = [step.after.milliseconds * SECOND // 1000 for step in escalation.steps]
    again = escalation.repeat_after
    pause = max(delays, default=0) + (again.milliseconds * SECOND // 1000 if again else 0)

    def written(number: int, place: int) -> Decided:
        return Decided("escalations", id_, ("steps", number, "notify", place))

    found = [
        _Page(run * pause + delay, run, number, via, written(number, place), in_turn)
        for run in range(escalation.repeat + 1 if repeats else 1)
        for number, (step, delay) in enumerate(zip(escalation.steps, delays, strict=True))
        for in_turn in (step.is_in_turn,)
        for place, via in enumerate(step.notify)
    ]
    return sorted(found, key=lambda page: page.after)


def _schedule(id_: str, known: Directory) -> str | None:
    """Return the schedule that stands behind an id: itself, or what holds the role."""
    role = known.roles.get(id_)
    name = role.schedule if role is not None else id_
    return name if name in known.schedules else None


def _held(id_: str, known: Directory) -> tuple[tuple[str, ...], Decided | None]:
    """Return who stands behind an id without a schedule, and the role's field that says so."""
    role = known.roles.get(id_)
    if role is not None and role.holder is not None:
        return (role.holder,), Decided("roles", id_, ("holder",))
    if role is not None and role.schedule is None:
        return (), Decided("roles", id_, ())
    return ((id_,), Decided("people", id_, ())) if id_ in known.people else ((), None)


def _reached(id_: str, known: Directory, start: int, end: int) -> Iterator[Shift]:
    """Yield whom an id without a schedule reaches: its person, or a deputy; no hole is left."""
    people, _ = _held(id_, known)
    if not people:
        return iter((Shift(start, end, (), None),))
    return standing(people[0], known.people, known.zone, start, end)


def _hop(page: _Page, schedule: str | None, shift: Shift, known: Directory) -> EscalationHop:
    absent = None
    if schedule is not None:
        decided: Decided | None = Decided(
            "schedules", schedule, _field(known.schedules[schedule], shift)
        )
    elif isinstance(shift.because, int):
        (absent,), _ = _held(page.via, known)
        decided = Decided("people", absent, ("away", shift.because, "deputy"))
    else:
        _, decided = _held(page.via, known)
        decided = page.written if page.via in known.people else decided
    return EscalationHop(
        page.after, page.run, page.step, page.via, shift.people, shift.end, decided,
        shift.shadows, in_turn=page.in_turn, deputy_for=absent,
    )  # fmt: skip


def _field(schedule: Schedule, shift: Shift) -> KeyPath:
    """Name the rotation or override that a shift comes from; the schedule itself for a gap."""
    if shift.because is None:
        return ()
    if isinstance(shift.because, int):
        return ("overrides", shift.because)
    names = [rotation.name for rotation in schedule.rotations]
    return ("rotations", names.index(shift.because))


def _waiting(id_: str, known: Directory) -> Waiting | None:
    escalation = known.escalations.get(id_)
    return read_waiting(escalation, known.zone) if escalation and escalation.has_hours else None


def _hop_at(
    page: _Page, when: int | None, known: Directory, *, held: bool = False
) -> EscalationHop:
    """Return whom a page reaches that goes out at an instant; None for one that is skipped."""
    if when is None or (held and when >= LATEST):
        until = None if when is None else ENDLESS
        skipped = when is None
        hours = page.hours(of_step=True)
        return EscalationHop(
            *page[:4], (), ENDLESS, hours, held=until, skipped=skipped, in_turn=page.in_turn
        )
    schedule = _schedule(page.via, known)
    if schedule is not None:
        shift = on_call(known.schedules[schedule], min(when, LATEST), known.zone)
    else:
        shift = next(_reached(page.via, known, when, ENDLESS))
    return _hop(page, schedule, shift, known)._replace(held=when if held else None)


Answered = Iterator[tuple[int, EscalationHop]]


def _answers(
    page: _Page, known: Directory, waiting: Waiting | None, start: int, end: int
) -> Answered:
    """Yield one page's hops for alerts from `start` on, each with the instant up to which."""
    if waiting is None:
        return _as_due(page, known, page.after, start, end)
    dispatches = waiting.dispatches(page.step, page.after, start, end)
    return chain.from_iterable(_dispatched(page, known, one) for one in dispatches)


def _dispatched(page: _Page, known: Directory, one: Dispatch) -> Answered:
    if one.after is not None:
        return _as_due(page, known, one.after, one.start, one.end)
    return iter([(one.end, _hop_at(page, one.at, known, held=True))])


def _as_due(page: _Page, known: Directory, after: int, start: int, end: int) -> Answered:
    schedule = _schedule(page.via, known)
    if schedule is None:
        shifts = _reached(page.via, known, start + after, end + after)
    else:
        shifts = tiles(known.schedules[schedule], start + after, end + after, known.zone)
    return ((one.end - after, _hop(page, schedule, one, known)) for one in shifts)
