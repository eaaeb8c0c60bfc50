"""iCalendar files (RFC 5545) of events that recur; the icalendar library stands behind this alone.

Zones are written out from the bundled tz database, change by change, so that a calendar shows what
opmodel computes. The same events give the same bytes.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID, uuid5

from registry.clock.civil import instant, utc, wall_clock, zone
from registry.clock.tzif import SECOND
from registry.export.pages._recurrence import Rule

if TYPE_CHECKING:
    from icalendar import Component, Timezone

PRODUCT = "-//opmodel//reviews//EN"
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
    from icalendar import Calendar

    entries = tuple(entries)
    found = Calendar()
    found.add("prodid", PRODUCT)
    found.add("version", "2.0")
    found.add("calscale", "GREGORIAN")
    found.add("method", "PUBLISH")
    found.add("x-wr-calname", name)
    zones = {one.zone for one in entries if isinstance(one.start, datetime)} - {"UTC"}
    for one in sorted(zones):
        starts = [e.start for e in entries if e.zone == one and isinstance(e.start, datetime)]
        found.add_component(_zone(one, min(starts)))
    for entry in entries:
        found.add_component(_event(entry, stamp))
    data: bytes = found.to_ical()
    return data


def uid(key: str) -> str:
    """Return the UID of an event: the same for the same key, always."""
    return str(uuid5(_NAMESPACE, key))


def _event(entry: Event, stamp: datetime) -> "Component":
    import icalendar

    found = icalendar.Event()
    found.add("uid", uid(entry.key))
    found.add("dtstamp", stamp.astimezone(UTC).replace(microsecond=0))
    found.add("dtstart", entry.start)
    if entry.minutes and isinstance(entry.start, datetime):
        found.add("duration", timedelta(minutes=entry.minutes))
    if entry.rule is not None:
        found.add("rrule", icalendar.vRecur(entry.rule))
    found.add("summary", entry.summary)
    found.add("description", entry.description)
    found.add("categories", [entry.category])
    found.add("transp", "OPAQUE" if isinstance(entry.start, datetime) else "TRANSPARENT")
    people = [("organizer", entry.organizer)] if entry.organizer else []
    for role, one in (*people, *(("attendee", one) for one in entry.attendees)):
        address = icalendar.vCalAddress(f"mailto:{one.email}")
        address.params["CN"] = one.name
        found.add(role, address)
    return found


def _zone(name: str, since: datetime) -> "Timezone":
    """Write out a zone's offsets from a year before `since` to the end of LAST_YEAR."""
    from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

    found = Timezone()
    found.add("tzid", name)
    clock, rules = wall_clock(name), zone(name)
    start = instant(since - timedelta(days=366))
    end = instant(datetime(LAST_YEAR + 1, 1, 1, tzinfo=UTC))
    first = clock.wall_at(start) - start
    onsets: dict[tuple[int, int, str, bool], list[datetime]] = {
        (first, first, *_called(rules, utc(start))): [_naive(start + first)]
    }
    for change in clock.changes(start + 1, end):
        key = (change.before, change.after, *_called(rules, utc(change.at)))
        onsets.setdefault(key, []).append(_naive(change.at + change.before))
    for (before, after, called, is_summer), (onset, *more) in onsets.items():
        part = TimezoneDaylight() if is_summer else TimezoneStandard()
        part.add("dtstart", onset)
        part.add("tzoffsetfrom", timedelta(microseconds=before))
        part.add("tzoffsetto", timedelta(microseconds=after))
        part.add("tzname", called)
        if more:
            part.add("rdate", more)
        found.add_component(part)
    return found


def _called(rules: tzinfo, at: datetime) -> tuple[str, bool]:
    """Return what a zone's time is called at an instant, and whether it is summer time."""
    there = at.astimezone(rules)
    return there.tzname() or "local", bool(there.dst())


def _naive(wall: int) -> datetime:
    return utc(wall // SECOND * SECOND).replace(tzinfo=None)
