"""iCalendar files (RFC 5545) of events that recur, in zones of their own.

Zones are written out from the bundled tz database, change by change, so that a calendar shows what
opmodel computes. The same events give the same bytes.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import chain, starmap
from typing import NamedTuple
from uuid import UUID, uuid5

from registry.clock.civil import instant, utc, wall_clock, zone
from registry.clock.tzif import SECOND
from registry.export.pages._recurrence import Part, Rule
from registry.output.calendar import calendar_file, component, folded, moment, parameter, text, wall

LAST_YEAR = 2100
"""The year up to which a zone's changes are written out."""

_NAMESPACE = UUID("5f0c1f0e-7c5b-5c39-9a53-0f6d7b8c2f41")
"""Of the UIDs; chosen once and never changed, or every calendar would hold each review twice."""


class Invited(NamedTuple):
    """Somebody with an address."""

    name: str
    email: str


class Event(NamedTuple):
    """One event that recurs.

    `key` names it across exports. `start` has a named zone (see `registry.clock.civil.zone`), or is
    a date for the whole day; `minutes` is None where nothing says how long it lasts.
    """

    key: str
    start: datetime | date
    minutes: int | None
    rule: Rule | None
    summary: str
    description: str
    category: str
    zone: str
    organizer: Invited | None = None
    attendees: tuple[Invited, ...] = ()


def calendar(name: str, entries: Iterable[Event], stamp: datetime) -> bytes:
    """Write a calendar; `stamp`, an aware datetime, is when it was made (DTSTAMP)."""
    entries = tuple(entries)
    since: dict[str, datetime] = {}
    for one in entries:
        if isinstance(one.start, datetime) and one.zone != "UTC":
            since[one.zone] = min(one.start, since.get(one.zone, one.start))
    zones = (component("VTIMEZONE", _zone(one, since[one])) for one in sorted(since))
    made = moment(instant(stamp))
    events = (component("VEVENT", _event(one, made)) for one in entries)
    return b"".join(calendar_file(name, "reviews", map(folded, chain(zones, events))))


def uid(key: str) -> str:
    """Return the UID of an event: the same for the same key, always."""
    return str(uuid5(_NAMESPACE, key))


def _event(entry: Event, made: str) -> Iterator[str]:
    is_timed = isinstance(entry.start, datetime)
    yield f"SUMMARY:{text(entry.summary)}"
    yield f"DTSTART{_start(entry)}"
    if entry.minutes and is_timed:
        yield f"DURATION:{_duration(entry.minutes)}"
    yield f"DTSTAMP:{made}"
    yield f"UID:{uid(entry.key)}"
    if entry.rule is not None:
        yield f"RRULE:{';'.join(starmap(_part, entry.rule.items()))}"
    yield from (f"ATTENDEE{_person(one)}" for one in entry.attendees)
    yield f"CATEGORIES:{text(entry.category)}"
    yield f"DESCRIPTION:{text(entry.description)}"
    if entry.organizer is not None:
        yield f"ORGANIZER{_person(entry.organizer)}"
    yield f"TRANSP:{'OPAQUE' if is_timed else 'TRANSPARENT'}"


def _start(entry: Event) -> str:
    if not isinstance(entry.start, datetime):
        return f";VALUE=DATE:{entry.start:%Y%m%d}"
    if entry.zone == "UTC":
        return f":{wall(entry.start)}Z"
    return f";TZID={entry.zone}:{wall(entry.start)}"


def _duration(minutes: int) -> str:
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    time = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
    return "P" + (f"{days}D" if days else "") + (f"T{time}" if time else "")


def _part(name: str, value: Part | list[Part]) -> str:
    values = value if isinstance(value, list) else [value]
    return f"{name}={','.join(map(str, values))}"


def _person(one: Invited) -> str:
    return f";CN={parameter(one.name)}:mailto:{one.email}"


def _zone(name: str, since: datetime) -> Iterator[str]:
    """Yield a zone's offsets from a year before `since` to the end of LAST_YEAR."""
    yield f"TZID:{name}"
    clock, rules = wall_clock(name), zone(name)
    start = instant(since - timedelta(days=366))
    end = instant(datetime(LAST_YEAR + 1, 1, 1, tzinfo=UTC))
    first = clock.wall_at(start) - start
    onsets: dict[_Offsets, list[str]] = {
        _Offsets(first, first, *_called(rules, utc(start))): [wall(utc(start + first))]
    }
    for change in clock.changes(start + 1, end):
        key = _Offsets(change.before, change.after, *_called(rules, utc(change.at)))
        onsets.setdefault(key, []).append(wall(utc(change.at + change.before)))
    for key, dates in onsets.items():
        yield from component("DAYLIGHT" if key.is_summer else "STANDARD", _onsets(key, dates))


class _Offsets(NamedTuple):
    """A zone's offsets (µs) before and after a change, and what its time is called from then on."""

    before: int
    after: int
    called: str
    is_summer: bool


def _onsets(key: _Offsets, dates: list[str]) -> Iterator[str]:
    first, *more = dates
    yield f"DTSTART:{first}"
    if more:
        yield f"RDATE:{','.join(more)}"
    yield f"TZNAME:{text(key.called)}"
    yield f"TZOFFSETFROM:{_offset(key.before)}"
    yield f"TZOFFSETTO:{_offset(key.after)}"


def _offset(offset: int) -> str:
    minutes, seconds = divmod(abs(offset) // SECOND, 60)
    written = f"{minutes // 60:02}{minutes % 60:02}" + (f"{seconds:02}" if seconds else "")
    return f"{'-' if offset < 0 else '+'}{written}"


def _called(rules: tzinfo, at: datetime) -> tuple[str, bool]:
    """Return what a zone's time is called at an instant, and whether it is summer time."""
    there = at.astimezone(rules)
    return there.tzname() or "local", bool(there.dst())
