"""The pages of an alert at an instant: whom each reaches, and what it may fail on."""

from collections.abc import Iterator
from datetime import datetime
from functools import cached_property
from itertools import count, islice
from typing import NamedTuple

from registry.clock.civil import local, utc
from registry.clock.words import day_and_time
from registry.model.people import Person
from registry.oncall import escalation as engine
from registry.oncall.absence import absences, departure
from registry.oncall.interval import ENDLESS
from registry.source.sources import Sources
from registry.span import KeyPath
from registry.workspace.not_loaded import unknown, unread, unread_fields, unread_times
from registry.workspace.workspace import Workspace

WAYS = ("phone", "pager", "slack", "teams", "email")
"""The ways to reach a person, the one that wakes first."""


class Place(NamedTuple):
    """A file, and a line of it counted from 1."""

    path: str
    line: int


class Paged(NamedTuple):
    """Someone whom a page reaches; `contact` holds each way to them and its value.

    `until` is the instant in UTC up to which a page reaches the same people, None where that never
    changes; `zone` is the one to show it in. `but` says what a page to them fails on, or may fail
    on: they are away or have left, nothing says how to reach them, or they did not load.
    `deputy_for` is the id and the name of whoever is away and in whose place they are reached.
    """

    id: str
    name: str
    contact: tuple[tuple[str, str], ...]
    until: datetime | None
    zone: str
    but: str | None
    deputy_for: tuple[str, str] | None = None

    @property
    def for_whom(self) -> str:
        """Say in whose place they are reached, as what follows their name; empty for nobody's."""
        return f" for {self.deputy_for[1]}" if self.deputy_for is not None else ""


class Hop(NamedTuple):
    """One page: `after` so many µs, through `via`, to `people`; `place` is what decided that.

    `run` is 0 for the escalation's first run and counts its repeats. `breaks` says why nobody is
    reached, or why it is not certain who is. The `shadows` are told as well, and count for nothing.
    Of the hops of one `step` in one run that are `in_turn` one is taken, and it cannot be told
    which. Whoever is reached stands in for `deputy_for`, who is away, if that is anybody.
    A page may be `held` until an instant in UTC, to be shown in `zone`, or `skipped`; one whose
    hours never open is `never` sent.
    """

    run: int
    after: int
    via: str
    people: tuple[Paged, ...]
    place: Place
    breaks: str | None
    shadows: tuple[Paged, ...] = ()
    held: datetime | None = None
    zone: str = "UTC"
    skipped: bool = False
    step: int = 0
    in_turn: bool = False
    deputy_for: Paged | None = None
    never: bool = False

    @property
    def reached(self) -> tuple[str, ...]:
        """The ids of the people whom it reaches."""
        return tuple(person.id for person in self.people)


class Pager:
    """One registry at one instant (µs): whom a page reaches then.

    Times are told in `zone`, else in that of the schedule, the hours or the manifest.
    """

    def __init__(self, workspace: Workspace, at: int, zone: str | None = None) -> None:
        self.workspace = workspace
        self.at = at
        self.zone = zone
        self.known = engine.directory(workspace)

    def chain(self, id_: str, written: Place) -> tuple[Hop, ...]:
        """Return the pages of an escalation, every run of it, in order.

        `id_` may also be what is paged at once: a schedule, a role, a person. `written` is where
        it is asked for; what leads nowhere is decided there.
        """
        return tuple(self._hop(id_, hop, written) for hop in engine.hops(id_, self.known, self.at))

    def first(self, id_: str) -> tuple[Paged, ...]:
        """Return whom the first pages of what `chain` tells reach, but for those that are held.

        Where that is written is not looked up.
        """
        hops = engine.hops(id_, self.known, self.at)
        first = (hop for hop in hops if not (hop.run or hop.after or self._held(hop)))
        return tuple(person for hop in first for person in self._people(hop))

    def person(self, id_: str, at: int | None = None) -> Paged:
        """Return a person as they can be reached at an instant, that of the pager by default."""
        return self._paged(id_, None, self._zone_of(id_), self.at if at is None else at)

    def has_left(self, id_: str) -> bool:
        """Whether a person's last day is over."""
        person = self.known.people.get(id_)
        return person is not None and self._departure(id_, person, self.at) is not None

    def place(self, section: str, id_: str, field: KeyPath = ()) -> Place:
        """Find the line of an entity, or of a field of it."""
        at = self.workspace.locate(section, id_, self._as_written(section, id_, field))
        return Place(at.file, self.workspace.resolve(at).start.line)

    def text(self, value: str, section: str, id_: str) -> str:
        """Return a text of an entity with what looks like a secret starred out."""
        file = self.workspace.file_of(section, id_)
        if file not in self._texts:
            source = self.workspace.sources.files.get(file)
            self._texts[file] = Sources({file: source} if source else {})
        return self._texts[file].masked(value)

    @cached_property
    def _texts(self) -> dict[str, Sources]:
        return {}

    def _as_written(self, section: str, id_: str, field: KeyPath) -> KeyPath:
        """Count a list's items as the file does, where placeholders stand that mean nothing."""
        dropped = self.workspace.placeholders.get((section, id_), {})
        path: KeyPath = ()
        for key in field:
            kept = (index for index in count() if (*path, index) not in dropped)
            path = (*path, next(islice(kept, key, None)) if isinstance(key, int) else key)
        return path

    def _sent(self, hop: engine.EscalationHop) -> int:
        return self.at + hop.after if hop.held is None else hop.held

    def _held(self, hop: engine.EscalationHop) -> datetime | None:
        return None if hop.held is None or hop.held >= ENDLESS else utc(hop.held)

    def _absent(self, hop: engine.EscalationHop) -> Paged | None:
        return self.person(hop.deputy_for, self._sent(hop)) if hop.deputy_for else None

    def _people(self, hop: engine.EscalationHop) -> tuple[Paged, ...]:
        absent = self._absent(hop)
        stood = (absent.id, absent.name) if absent is not None else None
        end = None if hop.until >= ENDLESS else utc(hop.until)
        zone, sent = self._shown_in(hop.via), self._sent(hop)
        return tuple(
            self._paged(one, end, zone, sent)._replace(deputy_for=stood) for one in hop.people
        )

    def _hop(self, id_: str, hop: engine.EscalationHop, written: Place) -> Hop:
        until = None if hop.until >= ENDLESS else hop.until
        zone = self._shown_in(hop.via)
        end = None if until is None else utc(until)
        absent, people = self._absent(hop), self._people(hop)
        breaks = self._doubt(hop) if people else self._nobody(id_, hop, until, zone)
        place = self._decided(id_, hop, written)
        shadows = tuple(self._paged(one, end, zone, self._sent(hop)) for one in hop.shadows)
        never = hop.held is not None and hop.held >= ENDLESS
        held = self._held(hop)
        waits_in = self._waits_in(id_, hop.step) if held else zone
        return Hop(
            hop.run, hop.after, hop.via, people, place, breaks, shadows, held, waits_in,
            hop.skipped, hop.step, hop.in_turn, absent, never,
        )  # fmt: skip

    def _waits_in(self, id_: str, step: int) -> str:
        """Name the zone to show when a page goes out that waits: the asked one, else its hours'."""
        escalation = self.known.escalations[id_]
        own = escalation.steps[step]
        return (
            self.zone
            or (own.timezone if own.hours else None)
            or escalation.timezone
            or self.known.zone
        )

    def _decided(self, id_: str, hop: engine.EscalationHop, written: Place) -> Place:
        if hop.decided is not None:
            return self.place(*hop.decided)
        escalation = self.known.escalations.get(id_)
        if escalation is None:
            return written
        index = escalation.steps[hop.step].notify.index(hop.via)
        return self.place("escalations", id_, ("steps", hop.step, "notify", index))

    # -- nobody ------------------------------------------------------------------------------

    def _nobody(
        self, id_: str, hop: engine.EscalationHop, until: int | None, zone: str
    ) -> str | None:
        """Say why a page reaches nobody; one that is skipped at that instant breaks nothing."""
        if hop.skipped:
            return None
        if hop.held is not None and hop.held >= ENDLESS:
            return f"`{id_}` waits for hours that never open"
        role = self.known.roles.get(hop.via)
        if hop.decided is not None and hop.decided.section == "schedules":
            again = "any more"
            if until is not None:
                again = f"until {day_and_time(local(until, zone))} {zone}"
            return self._doubt(hop) or f"nobody is on call on `{hop.decided.id}` {again}"
        if role is None:
            return f"`{hop.via}` {unknown(self.workspace, hop.via)}"
        if role.schedule is not None:
            why = unknown(self.workspace, role.schedule)
            return f"the schedule `{role.schedule}`, which holds `{hop.via}`, {why}"
        return self._doubt(hop) or f"nobody holds `{hop.via}`"

    def _doubt(self, hop: engine.EscalationHop) -> str | None:
        """Say what did not load of the role or schedule that is paged."""
        role = self.known.roles.get(hop.via)
        schedule = (role.schedule if role is not None else None) or hop.via
        found = (
            unread(self.workspace, "roles", hop.via, ("holder", "schedule"))
            if role is not None
            else None
        )
        if found is None and schedule in self.known.schedules:
            found = unread_times(self.workspace, schedule)
        return f"{found}: who is paged is not certain" if found else None

    # -- somebody ----------------------------------------------------------------------------

    def _paged(self, id_: str, until: datetime | None, zone: str, when: int) -> Paged:
        person = self.known.people.get(id_)
        if person is None:
            return Paged(id_, id_, (), until, zone, unknown(self.workspace, id_))
        name = self.text(person.name, "people", id_)
        contact = tuple(_ways(person))
        gone = self._departure(id_, person, when) or self._absence(id_, person, when)
        but = gone or self._silence(id_, contact)
        return Paged(id_, name, contact, until, zone, but)

    def _departure(self, id_: str, person: Person, when: int) -> str | None:
        gone = any(left.start <= when for left in departure(person, self._zone_of(id_)))
        return f"left on {person.until}" if gone else None

    def _absence(self, id_: str, person: Person, when: int) -> str | None:
        for away in absences(person, self._zone_of(id_)):
            if away.start <= when < away.end:
                return f"is away until {person.away[away.number].to}"
        return self._unread(id_, ("away", "until"))

    def _silence(self, id_: str, contact: tuple[tuple[str, str], ...]) -> str | None:
        if contact:
            return None
        return self._unread(id_, ("contact", "email")) or "has no contact: no page can reach them"

    def _unread(self, id_: str, fields: tuple[str, ...]) -> str | None:
        listed = unread_fields(self.workspace, "people", id_, fields)
        return f"did not load whole: {listed}" if listed else None

    def _zone_of(self, person: str) -> str:
        found = self.known.people.get(person)
        return (found.timezone if found else None) or self.known.zone

    def _shown_in(self, via: str) -> str:
        role = self.known.roles.get(via)
        schedule = self.known.schedules.get((role.schedule if role else None) or via)
        return self.zone or (schedule.timezone if schedule else None) or self.known.zone


def _ways(person: Person) -> Iterator[tuple[str, str]]:
    """Yield how a person is reached; a contact's own e-mail address goes before the other."""
    for way in WAYS:
        value = getattr(person.contact, way, None)
        if value is None and way == "email":
            value = person.email
        if value is not None:
            yield way, value
