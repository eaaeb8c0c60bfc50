"""Who is on call although they are away, or have left."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from registry.model.moments import beginning, ending
from registry.model.people import Person
from registry.oncall.interval import ENDLESS, Interval, difference, joined, union
from registry.oncall.shift import Shift


class Absence(NamedTuple):
    """A person is gone from `start` up to `end`: number `number` of `away`, or for good (-1)."""

    start: int
    end: int
    number: int


class Unreachable(NamedTuple):
    """From `start` up to `end` all of `people`, who are on call, are gone.

    `because` is `left` where each of them is for good, else `away`.
    """

    start: int
    end: int
    people: tuple[str, ...]
    because: Literal["left", "away"]


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


def absentees(
    shifts: Iterable[Shift],
    left: Mapping[str, Sequence[Absence]],
    away: Mapping[str, Sequence[Absence]],
) -> Iterator[Unreachable]:
    """Return the parts of shifts in which all who are on call are gone: in order, maximal."""
    return joined(one for shift in shifts for one in _lost(shift, left, away))


def _lost(
    shift: Shift,
    left: Mapping[str, Sequence[Absence]],
    away: Mapping[str, Sequence[Absence]],
) -> Iterator[Unreachable]:
    gone = [Interval(shift.start, shift.end)]
    for_good = [Interval(shift.start, shift.end)]
    for person in shift.people:
        departed = [Interval(*one[:2]) for one in left.get(person, ())]
        absent = sorted([*departed, *(Interval(*one[:2]) for one in away.get(person, ()))])
        gone = list(_both(gone, union(absent)))
        for_good = list(_both(for_good, departed))
    told = [(start, end, True) for start, end in for_good]
    told += [(start, end, False) for start, end in difference(gone, for_good)]
    for start, end, is_left in sorted(told):
        yield Unreachable(start, end, shift.people, "left" if is_left else "away")


def _both(one: Iterable[Interval], other: Iterable[Interval]) -> Iterator[Interval]:
    """Return where both hold."""
    kept = list(one)
    return difference(kept, difference(kept, other))
