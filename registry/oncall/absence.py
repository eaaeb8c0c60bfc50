"""Who is on call although they are away, or have left."""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from registry.model.moments import beginning, ending
from registry.model.people import Person
from registry.oncall.interval import ENDLESS
from registry.oncall.ledger import Ledger
from registry.oncall.shift import Shift


class Absence(NamedTuple):
    """A person is gone from `start` up to `end`: number `number` of `away`, or for good (-1)."""

    start: int
    end: int
    number: int


class Clash(NamedTuple):
    """During an absence `person` is on call all the same, first in `shift` (cut to it)."""

    person: str
    absence: Absence
    shift: Shift


def departure(person: Person, zone: str) -> tuple[Absence, ...]:
    """Return when a person is gone for good: after their last day, in `zone`."""
    if person.until is None:
        return ()
    return (Absence(ending(person.until, zone), ENDLESS, -1),)


def absences(person: Person, zone: str) -> tuple[Absence, ...]:
    """Return when a person is away, in `zone`, sorted; what lies beyond their last day is not."""
    gone = min((left.start for left in departure(person, zone)), default=ENDLESS)
    spans = (
        Absence(beginning(away.start, zone), min(ending(away.to, zone), gone), number)
        for number, away in enumerate(person.away)
    )
    return tuple(sorted(span for span in spans if span.start < span.end))


def clashes(
    schedule: str, absent: Mapping[str, Sequence[Absence]], ledger: Ledger
) -> Iterator[Clash]:
    """Yield each absence in which its person is on call within the ledger's time, in order.

    `absent` holds each person's absences, sorted. An absence is told once, with its first shift.
    """
    people = ledger.known.schedules[schedule].people
    waiting = {one: deque(absent[one]) for one in people if absent.get(one)}
    if not waiting:
        return
    start = max(ledger.start, min(spans[0].start for spans in waiting.values()))
    for shift in ledger.shifts(schedule, start, ledger.end):
        for person in shift.people:
            spans = waiting.get(person, deque())
            # One that ends before this shift met none of theirs: it is dropped in silence.
            while spans and spans[0].start < shift.end:
                span = spans.popleft()
                if span.end > shift.start:
                    first, last = max(span.start, shift.start), min(span.end, shift.end)
                    yield Clash(person, span, shift._replace(start=first, end=last))
        if not any(waiting.values()):
            return
