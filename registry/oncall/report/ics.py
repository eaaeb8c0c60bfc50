"""Final shifts as a calendar that programs subscribe to (RFC 5545)."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence

from registry.clock.tzif import SECOND
from registry.model.people import Person
from registry.oncall.rota import Rota, began
from registry.oncall.shift import Shift
from registry.output.calendar import calendar_file, component, moment, text
from registry.output.contacts import hide_contacts
from registry.output.terminal import escape
from registry.workspace.workspace import Workspace


def render(
    found: Iterable[Rota], workspace: Workspace, whose: Sequence[str], at: int
) -> Iterator[bytes]:
    """Write one event for each shift, in UTC, line by line: no more than one rota is held.

    A shift keeps its UID as long as its schedule and its own start stay the same, whoever serves
    and wherever it is cut. `at` is the stamp, so that the same registry and instant give the same
    bytes. `whose` names the one schedule and the one person that the feed is of, if it is.
    """
    name = f"{workspace.manifest.name} on call" + (f": {', '.join(whose)}" if whose else "")
    made = moment(at)
    lines = (line for one in found for line in _events(one, workspace, made))
    return calendar_file(escape(name), "on call", lines)


def _events(one: Rota, workspace: Workspace, made: str) -> Iterator[str]:
    """Yield each shift as an event; calendars count whole seconds, and one of none is left out."""
    for shift in one.shifts:
        if shift.start // SECOND < shift.end // SECOND:
            yield from component("VEVENT", _event(one, shift, workspace, made))


def _event(one: Rota, shift: Shift, workspace: Workspace, made: str) -> list[str]:
    start = shift.start
    if start == one.start:
        start = began(workspace, one.schedule, shift)
    summary = f"{_names(shift.people, workspace)} on call: {one.schedule}"
    description = f"{one.schedule}, {_reason(shift)}: {', '.join(shift.people)}"
    if shift.shadows:
        summary += f" ({_names(shift.shadows, workspace)} as a shadow)"
        description += f"; as a shadow {', '.join(shift.shadows)}"
    return [
        f"UID:{_uid(workspace.manifest.name, one.schedule, start)}",
        f"DTSTAMP:{made}",
        f"DTSTART:{moment(shift.start)}",
        f"DTEND:{moment(shift.end)}",
        f"SUMMARY:{text(escape(summary))}",
        f"DESCRIPTION:{text(escape(description))}",
        "TRANSP:TRANSPARENT",
    ]


def _names(ids: Sequence[str], workspace: Workspace) -> str:
    people = workspace.all(Person)
    names = (people[one].name if one in people else one for one in ids)
    return hide_contacts(" and ".join(names))


def _reason(shift: Shift) -> str:
    why = shift.because
    rotation = f"rotation {shift.base}" if shift.base is not None else ""
    if not isinstance(why, int):
        return rotation
    return f"override {why + 1} of {rotation}" if rotation else f"override {why + 1}"


def _uid(registry: str, schedule: str, start: int) -> str:
    name = f"{registry}\0{schedule}\0{start}".encode()
    return f"{hashlib.sha256(name).hexdigest()[:32]}@opmodel"
