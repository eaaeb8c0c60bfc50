"""Final shifts as a calendar that programs subscribe to (RFC 5545)."""

import hashlib
from collections.abc import Iterator, Sequence

from registry.model.people import Person
from registry.oncall.rota import Rota, began
from registry.oncall.shift import Shift
from registry.output.calendar import Event, calendar
from registry.output.contacts import hide_contacts
from registry.workspace.workspace import Workspace


def render(found: Sequence[Rota], workspace: Workspace, whose: Sequence[str], at: int) -> bytes:
    """Write one event for each shift, in UTC.

    A shift keeps its UID as long as its schedule and its own start stay the same, whoever serves
    and wherever it is cut. `at` is the stamp, so that the same registry and instant give the same
    bytes. `whose` names the one schedule and the one person that the feed is of, if it is.
    """
    name = f"{workspace.manifest.name} on call" + (f": {', '.join(whose)}" if whose else "")
    events = (event for one in found for event in _events(one, workspace))
    return calendar(name, events, at)


def _events(one: Rota, workspace: Workspace) -> Iterator[Event]:
    for shift in one.shifts:
        start = shift.start
        if start == one.start:
            start = began(workspace, one.schedule, shift)
        yield Event(
            _uid(workspace.manifest.name, one.schedule, start),
            shift.start,
            shift.end,
            f"{_names(shift, workspace)} on call: {one.schedule}",
            f"{one.schedule}, {_reason(shift)}: {', '.join(shift.people)}",
        )


def _names(shift: Shift, workspace: Workspace) -> str:
    people = workspace.all(Person)
    names = (people[one].name if one in people else one for one in shift.people)
    return hide_contacts(" and ".join(names))


def _reason(shift: Shift) -> str:
    why = shift.because
    return f"override {why + 1}" if isinstance(why, int) else f"rotation {why}"


def _uid(registry: str, schedule: str, start: int) -> str:
    name = f"{registry}\0{schedule}\0{start}".encode()
    return f"{hashlib.sha256(name).hexdigest()[:32]}@opmodel"
