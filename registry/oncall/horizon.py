"""Who is on call from the check's instant to the policy's horizon: what rules ask of time.

What could not be read in full is left out throughout: what it would say is uncertain.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from heapq import merge

from registry.clock.civil import instant
from registry.model.format import MANIFEST
from registry.model.oncall import Escalation, Schedule, Step
from registry.model.people import Person
from registry.model.scalars import Duration
from registry.oncall.absence import Absence, absences, departure
from registry.oncall.clash import Clash, clashes
from registry.oncall.coverage import first_start, gaps, gaps_of
from registry.oncall.escalation import Directory, directory, unreachable
from registry.oncall.fairness import Share, shares
from registry.oncall.interval import Interval, difference, union
from registry.oncall.ledger import Ledger
from registry.oncall.oddity import OddHandoff, odd_handoffs_of
from registry.oncall.override import Overlap, StandIn, overlaps
from registry.oncall.reach import Alone, Second, Wasted, alone, is_known, slowest, wasted
from registry.oncall.schedule import Layers
from registry.oncall.serving import NOBODY, Serving, serving
from registry.oncall.shift import Shift
from registry.oncall.silence import SilentTimes, StepTimes, silence
from registry.oncall.vacancy import Vacancy, vacancies
from registry.oncall.waiting import read_waiting
from registry.source.scalar import is_placeholder
from registry.span import KeyPath, Location
from registry.workspace.not_loaded import unread_calendar, unread_escalation
from registry.workspace.workspace import Workspace

_TIMES = frozenset({"rotations", "overrides", "coverage", "timezone", "holidays"})
_SOMEBODY = "?"
_NOBODY = Schedule.model_construct()
_EMPTY = Layers((), [])


class Horizon:
    """Questions over one workspace, from `start` up to `end` (instants, µs)."""

    def __init__(
        self, workspace: Workspace, at: datetime, horizon: Duration, tz: str | None = None
    ) -> None:
        self.workspace = workspace
        self.tz = tz
        self.start = instant(at)
        self.end = self.start + horizon.milliseconds * 1000
        self._layers_of: dict[str, Mapping[str | int, KeyPath]] = {}
        self._slowest: dict[tuple[str, Duration], Second | None] = {}
        self._serving: dict[str, Serving] = {}
        self._turns_of: dict[tuple[str, str], Mapping[str, KeyPath]] = {}

    # -- what is known -----------------------------------------------------------------------

    @cached_property
    def known(self) -> Directory:
        """Who and what can be paged, without what did not load in full."""
        found = directory(self.workspace)
        return found._replace(
            roles={id_: one for id_, one in found.roles.items() if self._is_sound("roles", id_)},
            schedules={
                id_: one for id_, one in found.schedules.items() if self._is_timed(id_, one)
            },
        )

    @cached_property
    def filled(self) -> Directory:
        """As `known`, as if each rotation without participants had one.

        So what is found is beside what OM302 reports. A schedule without rotations is left out.
        """
        schedules = {
            id_: _filled(one) for id_, one in self.known.schedules.items() if one.rotations
        }
        return self.known._replace(schedules=schedules)

    @cached_property
    def ledger(self) -> Ledger:
        """Their shifts."""
        return Ledger(self.known, self.start, self.end)

    def _is_sound(self, section: str, id_: str) -> bool:
        return not self.workspace.failed_fields.get((section, id_))

    def _is_timed(self, id_: str, schedule: Schedule) -> bool:
        failed = self.workspace.failed_fields.get(("schedules", id_), frozenset())
        zoned = schedule.timezone is not None or self._has_zone
        sound = unread_calendar(self.workspace, schedule.calendars) is None
        return not failed & _TIMES and zoned and sound

    @cached_property
    def _has_zone(self) -> bool:
        """Whether the manifest's zone is known, or UTC for want of one."""
        if self.workspace.manifest.timezone is not None:
            return True
        written = self.workspace.sources.value(Location(MANIFEST, ("timezone",)))
        return written is None or (isinstance(written, str) and is_placeholder(written))

    def _read(self, id_: str) -> Layers:
        """Return a schedule that is ready to be asked, as `_schedule`."""
        return self.ledger.layers(id_) if id_ in self.known.schedules else _EMPTY

    def _schedule(self, id_: str) -> Schedule:
        """Return a schedule; one that did not load in full as one with nobody on it."""
        return self.known.schedules.get(id_, _NOBODY)

    def zone(self, *ids: str) -> str:
        """Name the zone to tell times in: the asked one, else `own_zone`."""
        return self.tz or self.own_zone(*ids)

    def own_zone(self, *ids: str) -> str:
        """Name the zone of the first schedule behind `ids`, else the manifest's, else UTC."""
        own = (self.known.schedules[one].timezone for one in self.behind(ids)[:1])
        return next(own, None) or self.known.zone

    def behind(self, ids: Iterable[str]) -> list[str]:
        """Return the schedules that are, or hold, any of `ids`, each once."""
        roles = self.known.roles
        named = (roles[id_].schedule if id_ in roles else id_ for id_ in ids)
        return [one for one in dict.fromkeys(named) if one and one in self.known.schedules]

    # -- times with nobody -------------------------------------------------------------------

    def gaps(self, schedule: str) -> Iterator[Interval]:
        """Yield when somebody is meant to be on call and nobody is, beside what OM302 reports.

        From the start of the first rotation on.
        """
        found = self.filled.schedules.get(schedule)
        begins = first_start(found, self.known.zone) if found is not None else None
        if found is None or begins is None:
            return iter(())
        start, zone = max(self.start, begins), self.known.zone
        if found is self.known.schedules[schedule]:
            return gaps_of(found, self._read(schedule), start, self.end, zone)
        return gaps(found, start, self.end, zone)

    def uncovered(self, schedule: str) -> list[Vacancy]:
        """Tell a schedule's gaps in its own zone."""
        if schedule not in self.filled.schedules or self.ledger.is_full(schedule):
            return []
        return self._told(lambda: self.gaps(schedule), self.own_zone(schedule))

    def deserted(self, ways: Sequence[tuple[str, ...]], zone: str | None = None) -> list[Vacancy]:
        """Tell when each way holds an id (people, roles, schedules) that reaches nobody, in a zone.

        Beside what OM301 and OM302 report of the schedules, and OM109 of a vacant role.
        """
        ids = [id_ for way in ways for id_ in way]
        schedules = self.behind(ids)
        uncertain = any(map(self._is_vacant, ids))
        if not schedules or uncertain or any(map(self._is_always_open, ways)):
            return []

        def unreported() -> Iterator[Interval]:
            reported = union(merge(*map(self.gaps, schedules)))
            dead = unreachable(ways, self.filled, self.start, self.end)
            return difference(dead, reported)

        return self._told(unreported, zone or self.own_zone(*schedules))

    def _told(self, times: Callable[[], Iterator[Interval]], zone: str) -> list[Vacancy]:
        """Fold times by the clocks of a zone, and tell them by the asked ones."""
        return vacancies(times, zone, self.start, self.end, self.tz or zone)

    def _is_always_open(self, way: tuple[str, ...]) -> bool:
        """Whether a schedule stands behind each id of a way, and is never empty."""
        found = [self.behind((id_,)) for id_ in way]
        return all(one and self.ledger.is_full(one[0]) for one in found)

    def silence(self, escalation: str) -> SilentTimes | None:
        """Tell what is silent of an escalation that pages at some hours only.

        None where it has no hours; nothing where they are uncertain. Beside what OM301, OM302 and
        OM109 tell.
        """
        found = self.known.escalations[escalation]
        if unread_escalation(self.workspace, escalation) is not None:
            return SilentTimes((), (), ())
        waiting = read_waiting(found, self.known.zone) if found.has_hours else None
        if waiting is None:
            return None

        def times(step: int) -> StepTimes:
            ids, ways = found.steps[step].notify, found.steps[step].ways
            behind = self.behind(ids)
            if any(map(self._is_vacant, ids)) or any(map(self._is_always_open, ways)):
                return StepTimes((), ())
            empty = unreachable(ways, self.filled, self.start, self.end)
            return StepTimes(tuple(empty), tuple(union(merge(*map(self.gaps, behind)))))

        return silence(found, waiting, times, self.start, self.end)

    def silent(self, times: Sequence[Interval], zone: str) -> list[Vacancy]:
        """Tell intervals of the horizon in a zone, repeated ones once."""
        return self._told(lambda: iter(times), zone)

    def reasons(self, ids: Sequence[str]) -> Iterator[tuple[str, KeyPath, str]]:
        """Say of each schedule behind `ids` why it may have nobody in spite of OM301: where, what.

        It is not meant to be covered then, or its first rotation has not begun.
        """
        for one in self.behind(ids):
            if self.known.schedules[one].coverage == "always":
                yield one, (), f"nobody is on call on `{one}` before its first rotation begins"
            else:
                yield one, ("coverage",), f"`{one}` is meant to be covered in these hours only"

    def _is_vacant(self, id_: str) -> bool:
        role = self.known.roles.get(id_)
        return role is not None and role.holder is None and role.schedule is None

    # -- who is on call ----------------------------------------------------------------------

    def on_call(self, schedule: str, at: int) -> Shift:
        """Return who is on call on a schedule at an instant; its end is not looked for."""
        return self._read(schedule).at(at)

    def departed(self, schedule: str) -> Iterator[Clash]:
        """Yield each person who is on call after their last day, with the first such shift."""
        return self._clashes(schedule, self._departures)

    def leaves(self, person: str) -> bool:
        """Whether somebody's last day is over before the horizon ends, or is already."""
        return any(gone.start < self.end for gone in self._departures.get(person, ()))

    def away(self, schedule: str) -> Iterator[Clash]:
        """Yield each absence in which its person is on call, with the first such shift."""
        return self._clashes(schedule, self._absences)

    def _clashes(self, id_: str, absent: Mapping[str, Sequence[Absence]]) -> Iterator[Clash]:
        known = id_ in self.known.schedules
        return clashes(id_, absent, self.ledger) if known else iter(())

    @cached_property
    def _departures(self) -> Mapping[str, Sequence[Absence]]:
        return {id_: departure(person, zone) for id_, person, zone in self._located()}

    @cached_property
    def _absences(self) -> Mapping[str, Sequence[Absence]]:
        return {id_: absences(person, zone) for id_, person, zone in self._located()}

    def _located(self) -> Iterator[tuple[str, Person, str]]:
        """Yield each person whose zone is known, with it."""
        for id_, person in self.known.people.items():
            failed = self.workspace.failed_fields.get(("people", id_), frozenset())
            if "timezone" not in failed and (person.timezone is not None or self._has_zone):
                yield id_, person, person.timezone or self.known.zone

    def shares(self, schedule: str) -> Iterator[Share]:
        """Yield how each rotation's nights and weekends are shared."""
        return shares(schedule, self.ledger) if schedule in self.known.schedules else iter(())

    def serving(self, schedule: str) -> Serving:
        """Return who serves by a schedule's rotations alone, over the horizon or a whole round."""
        if schedule not in self._serving:
            known = schedule in self.known.schedules
            self._serving[schedule] = serving(schedule, self.ledger) if known else NOBODY
        return self._serving[schedule]

    def takers(self, id_: str) -> frozenset[str]:
        """Return whom paging an id calls: who serves on a schedule, overrides included.

        What is no schedule is who it names; an empty id is nobody.
        """
        if id_ not in self.workspace.all(Schedule):
            return frozenset((id_,) if id_ else ())
        ahead = (one for one in self.overrides(id_) if one.start < self.end)
        substitutes = (person for one in ahead for person in one.people)
        return self.serving(id_).people.union(substitutes)

    # -- what is odd -------------------------------------------------------------------------

    def overlaps(self, schedule: str) -> Iterator[Overlap]:
        """Yield the overlaps of different people's overrides that are not over."""
        found = overlaps(self._schedule(schedule), self.known.zone)
        return (one for one in found if one.end > self.start)

    def overrides(self, schedule: str, at: int | None = None) -> Iterator[StandIn]:
        """Yield the overrides that are not over, by start; those alone that hold at an instant."""
        found = self._read(schedule).overrides
        if at is not None:
            return (one for one in found if one.start <= at < one.end)
        return (one for one in found if one.end > self.start)

    def idle(self, schedule: str, cover: StandIn) -> Sequence[str]:
        """Return whom a cover replaces and who has no shift in its interval, by all before it."""
        waiting = dict.fromkeys(cover.replaces)
        layers = self._read(schedule)
        if not waiting:
            return ()
        before = [
            one
            for one in layers.overrides
            if one.number < cover.number and one.start < cover.end and cover.start < one.end
        ]
        standing = layers._replace(overrides=before)
        for shift in standing.shifts(cover.start, cover.end):
            for person in shift.people:
                waiting.pop(person, None)
            if not waiting:
                break
        return tuple(waiting)

    def odd_handoffs(self, schedule: str) -> Iterator[OddHandoff]:
        """Yield the handoffs at times that a clock change skips or repeats."""
        found, rotations = self._schedule(schedule), self._read(schedule).rotations
        return odd_handoffs_of(found, rotations, self.start, self.end)

    # -- whom escalations reach --------------------------------------------------------------

    def alone(self, escalation: str) -> list[Alone]:
        """List when one person is every step of an escalation; nothing where that is uncertain."""
        found = self._escalation(escalation)
        return [] if found is None else list(alone(found, self.ledger))

    def wasted(self, escalation: str) -> list[Wasted]:
        """List when a step reaches nobody new, by step; nothing where that is uncertain."""
        found = self._escalation(escalation)
        return [] if found is None else sorted(wasted(found, self.ledger))

    def slowest(self, escalation: str, limit: Duration) -> Second | None:
        """Tell when an escalation, or a schedule, is slowest to reach a second person.

        None where it takes no longer than `limit`, or where that is uncertain.
        """
        if (escalation, limit) not in self._slowest:
            found, allowed = self._escalation(escalation), limit.milliseconds * 1000
            self._slowest[escalation, limit] = (
                slowest(found, self.ledger, allowed) if found else None
            )
        return self._slowest[escalation, limit]

    def _escalation(self, id_: str) -> Escalation | None:
        """Return an escalation of which all is known; a schedule as one with a single step."""
        found = self.known.escalations.get(id_)
        if id_ in self.known.schedules:
            first = Step.model_construct(after=Duration("0m"), notify=(id_,))
            found = Escalation.model_construct(steps=(first,))
        sound = found is not None and self._is_sound("escalations", id_)
        sound = sound and unread_escalation(self.workspace, id_) is None
        return found if found and sound and is_known(found, self.known) else None

    # -- where it is written -----------------------------------------------------------------

    def layer(self, schedule: str, because: str | int) -> KeyPath:
        """Return where a rotation, by name, or an override, by number, stands."""
        return self._layers(schedule)[because]

    def place(self, schedule: str, shift: Shift, person: str) -> KeyPath:
        """Return the field that puts a person on call: an override's, or that of their turn."""
        last = shift.because if isinstance(shift.because, int) else -1
        turns = self._turns(schedule, shift.base) if shift.base is not None else {}
        held = [one for one in self.overrides(schedule, shift.start) if one.number <= last]
        naming = {one.number for one in held if person in one.people}
        if person in turns and last not in naming:
            return turns[person]
        return self.substitute(schedule, max(naming), person) if naming else ()

    def substitute(self, schedule: str, number: int, person: str) -> KeyPath:
        """Return where an override, by number, names somebody who stands in."""
        at, one = self.layer(schedule, number), self._schedule(schedule).overrides[number]
        if one.person is not None:
            return (*at, "person")
        named = self.workspace.places("schedules", schedule, (*at, "people"), one.people)
        return next(place for place, found in named if found == person)

    def _layers(self, schedule: str) -> Mapping[str | int, KeyPath]:
        if schedule not in self._layers_of:
            found, places = self._schedule(schedule), self.workspace.places
            overrides = places("schedules", schedule, ("overrides",), found.overrides)
            rotations = places("schedules", schedule, ("rotations",), found.rotations)
            layers: dict[str | int, KeyPath] = {
                number: at for number, (at, _) in enumerate(overrides)
            }
            self._layers_of[schedule] = layers | {one.name: at for at, one in rotations}
        return self._layers_of[schedule]

    def _turns(self, schedule: str, name: str) -> Mapping[str, KeyPath]:
        """Return where each person of a rotation is first named."""
        if (schedule, name) not in self._turns_of:
            rotations = self._schedule(schedule).rotations
            listed = next(one.participants for one in rotations if one.name == name)
            at = (*self.layer(schedule, name), "participants")
            found: dict[str, KeyPath] = {}
            for place, turn in self.workspace.places("schedules", schedule, at, listed):
                if isinstance(turn, str):
                    found.setdefault(turn, place)
                    continue
                for inner, person in self.workspace.places("schedules", schedule, place, turn):
                    found.setdefault(person, inner)
            self._turns_of[schedule, name] = found
        return self._turns_of[schedule, name]


def _filled(schedule: Schedule) -> Schedule:
    if all(any(rotation.groups) for rotation in schedule.rotations):
        return schedule
    rotations = tuple(
        rotation
        if any(rotation.groups)
        else rotation.model_copy(update={"participants": (_SOMEBODY,)})
        for rotation in schedule.rotations
    )
    return schedule.model_copy(update={"rotations": rotations})
