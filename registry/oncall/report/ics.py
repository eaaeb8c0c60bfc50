"""Final shifts as a calendar that programs subscribe to (RFC 5545)."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from registry.clock.tzif import SECOND
from registry.model.people import Person
from registry.oncall.feed import Feed
from registry.oncall.shift import Shift
from registry.output.calendar import calendar_file, folded, moment, text
from registry.output.contacts import hide_contacts
from registry.output.terminal import escape
from registry.workspace.workspace import Workspace


def render(
    found: Iterable[Feed], workspace: Workspace, whose: Sequence[str], at: int
) -> Iterator[bytes]:
    """Write one event for each shift, in UTC, event by event: no more than one is held.

    A shift keeps its UID as long as its schedule and its own start stay the same, whoever serves
    and wherever it is cut. `at` is the stamp, so that the same registry and instant give the same
    bytes. `whose` names the one schedule and the one person that the feed is of, if it is.
    """
    name = f"{workspace.manifest.name} on call" + (f": {', '.join(whose)}" if whose else "")
    said = _Said(workspace)
    stamp = f"DTSTAMP:{moment(at)}"
    events = chain.from_iterable(_events(one, said, stamp) for one in found)
    return calendar_file(escape(name), "on call", events)


class _Said:
    """What events say of the registry and the people in it; worked out once for all schedules."""

    def __init__(self, workspace: Workspace) -> None:
        self.registry = workspace.manifest.name
        self._people = workspace.all(Person)
        self._known: dict[tuple[str, ...], tuple[str, str]] = {}

    def of(self, ids: tuple[str, ...]) -> tuple[str, str]:
        """Return people's names in a row, the id of one who is not there; and all their ids."""
        if ids not in self._known:
            people = self._people
            names = (people[one].name if one in people else one for one in ids)
            name = hide_contacts(" and ".join(names))
            self._known[ids] = _text(name), _text(", ".join(ids))
        return self._known[ids]


def _events(one: Feed, said: _Said, stamp: str) -> Iterator[bytes]:
    """Yield each shift as an event; calendars count whole seconds, and one of none is left out."""
    # All but its times is the same in every shift of the same people.
    known: dict[tuple[object, ...], str] = {}
    ids = hashlib.sha256(f"{said.registry}\0{one.schedule}\0".encode())
    began: int | None = one.began
    for shift in one.shifts:
        start, end, *_ = shift
        if start // SECOND < end // SECOND:
            rest = known.get(shift[2:])
            if rest is None:
                rest = known[shift[2:]] = _rest(one.schedule, shift, said)
            id_ = ids.copy()
            id_.update(b"%d" % (start if began is None else began))
            # No line of these is long enough to be folded, nor holds what has to be escaped.
            yield (
                f"BEGIN:VEVENT\r\nUID:{id_.hexdigest()[:32]}@opmodel\r\n{stamp}\r\n"
                f"DTSTART:{moment(start)}\r\nDTEND:{moment(end)}\r\n{rest}"
            ).encode()
        began = None


def _rest(schedule: str, shift: Shift, said: _Said) -> str:
    """Write the lines of an event that say who is on call, and why, and its end."""
    names, ids = said.of(shift.people)
    named = _text(schedule)
    summary = f"SUMMARY:{names} on call: {named}"
    description = f"DESCRIPTION:{named}\\, {_text(_reason(shift))}: {ids}"
    if shift.shadows:
        names, ids = said.of(shift.shadows)
        summary += f" ({names} as a shadow)"
        description += f"\\; as a shadow {ids}"
    return folded((summary, description, "TRANSP:TRANSPARENT", "END:VEVENT")).decode()


def _text(value: str) -> str:
    return text(escape(value))


def _reason(shift: Shift) -> str:
    why = shift.because
    rotation = f"rotation {shift.base}" if shift.base is not None else ""
    if not isinstance(why, int):
        return rotation
    return f"override {why + 1} of {rotation}" if rotation else f"override {why + 1}"
