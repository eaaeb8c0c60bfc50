"""Final shifts as a calendar that programs subscribe to (RFC 5545)."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from registry.civil import utc
from registry.model.people import Person
from registry.rota import Rota
from registry.workspace import Workspace


def render(found: Sequence[Rota], workspace: Workspace, person: str | None, at: int) -> str:
    """Write one event for each shift, in UTC; of one person only where one is given.

    A shift keeps its UID as long as its schedule and start stay the same. `at` is the stamp, so
    that the same registry and instant give the same bytes.
    """
    from icalendar import Calendar, Event

    registry = workspace.manifest.name
    calendar = Calendar()
    calendar.add("prodid", "-//opmodel//on call//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"{registry} on call" + (f": {person}" if person else ""))
    people = workspace.all(Person)
    for one in found:
        for shift in one.shifts:
            if person is not None and person not in shift.people:
                continue
            names = [people[id_].name if id_ in people else id_ for id_ in shift.people]
            why = shift.because
            reason = f"override {why + 1}" if isinstance(why, int) else f"rotation {why}"
            event = Event()
            event.add("uid", _uid(registry, one.schedule, shift.start))
            event.add("dtstamp", _stamp(at))
            event.add("dtstart", _stamp(shift.start))
            event.add("dtend", _stamp(shift.end))
            event.add("summary", f"{' and '.join(names)} on call: {one.schedule}")
            event.add("description", f"{one.schedule}, {reason}: {', '.join(shift.people)}")
            event.add("transp", "TRANSPARENT")
            calendar.add_component(event)
    text: str = calendar.to_ical().decode("utf-8")
    return text


def _stamp(at: int) -> datetime:
    """Calendars count whole seconds."""
    return utc(at).replace(microsecond=0)


def _uid(registry: str, schedule: str, start: int) -> str:
    name = f"{registry}\0{schedule}\0{start}".encode()
    return f"{hashlib.sha256(name).hexdigest()[:32]}@opmodel"
