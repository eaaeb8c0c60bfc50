"""Absences in which their person is on call all the same."""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from registry.oncall.absence import Absence
from registry.oncall.ledger import Ledger
from registry.oncall.shift import Shift


class Clash(NamedTuple):
    """During an absence `person` is on call all the same, first in `shift` (cut to it)."""

    person: str
    absence: Absence
    shift: Shift


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
