"""Who really serves by a schedule's rotations: over a time, or over one whole round of them."""

from collections.abc import Mapping
from typing import NamedTuple

from registry.clock.tzif import DAY
from registry.model.oncall import Schedule
from registry.oncall.interval import Interval
from registry.oncall.rotation import Turns
from registry.oncall.schedule import Layers, read_layers

_LONGEST = 100 * 366 * DAY
"""As far as a round is followed: what takes a century is nobody's plan."""


class Serving(NamedTuple):
    """Who serves, by all rotations together, where no override says otherwise.

    `people` and `rotations` (indexes) serve at some instant. `longest` holds of each rotation its
    longest stretch of one person without a break: who, and when. `expected` are the rotations that
    are neither over before the time begins nor begin after it.
    """

    people: frozenset[str]
    rotations: frozenset[int]
    longest: dict[int, tuple[str, Interval]]
    expected: frozenset[int]


def serving(schedule: Schedule, start: int, end: int, zone: str = "UTC") -> Serving:
    """Return who serves from `start` to `end` (instants), or over one whole round if that is more.

    A round is one turn of everybody in a rotation, from when it begins within that time.
    """
    layers = read_layers(schedule, zone)
    indexes = {one.name: number for number, one in enumerate(schedule.rotations)}
    expected = {
        indexes[one.name]: one
        for one in layers.rotations
        if one.start < end and start < one.end and one.start < one.end
    }
    last = max((_round(one, start) for one in expected.values()), default=end)
    return _served(layers, start, max(last, end), end, expected, indexes)


def _served(  # noqa: PLR0913 - a schedule, three instants, and what is looked for
    layers: Layers,
    start: int,
    last: int,
    end: int,
    expected: Mapping[int, Turns],
    indexes: Mapping[str, int],
) -> Serving:
    people: set[str] = set()
    rotations: set[int] = set()
    longest: dict[int, tuple[str, Interval]] = {}
    since: dict[str, Interval] = {}
    waiting = {person for one in expected.values() for own in one.groups for person in own}
    for shift in Layers(layers.rotations, []).shifts(start, last):
        number = indexes[str(shift.because)]
        if shift.start >= end and waiting <= people and expected.keys() <= rotations:
            break
        rotations.add(number)
        people.update(shift.people)
        for person in shift.people:
            before = since.get(person)
            begun = before.start if before and before.end == shift.start else shift.start
            since[person] = stretch = Interval(begun, shift.end)
            known = longest.get(number)
            if known is None or known[1].end - known[1].start < stretch.end - stretch.start:
                longest[number] = (person, stretch)
    return Serving(frozenset(people), frozenset(rotations), longest, frozenset(expected))


def _round(turns: Turns, start: int) -> int:
    """Return when the first whole round from an instant on is over."""
    begins = max(start, turns.start)
    handoffs = turns.handoffs(begins)
    number = next((number for at, number in handoffs if at >= begins), 0) if turns.groups else 0
    return min(turns.handoff(number + len(turns.groups)), begins + _LONGEST, turns.end)
