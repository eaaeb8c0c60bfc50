"""The overrides of a schedule: who stands in, and where two say different things."""

from collections.abc import Iterator
from typing import NamedTuple

from registry.model.moments import beginning, ending
from registry.model.oncall import Schedule
from registry.oncall.interval import Interval, clipped
from registry.oncall.shift import Shift, joined, overlay


class StandIn(NamedTuple):
    """One override: an interval, its index in the list, and who is on call."""

    start: int
    end: int
    number: int
    person: str


class Overlap(NamedTuple):
    """From `start` up to `end` two overrides, by index, name different people.

    `later` is the one that begins later. The one with the higher index wins.
    """

    start: int
    end: int
    later: int
    earlier: int


def read_overrides(schedule: Schedule, zone: str) -> list[StandIn]:
    """Read the overrides' times, each in its own zone, else the schedule's, else `zone`.

    Sorted by start. One that a change of clocks turns around is empty, and left out.
    """
    found = []
    for index, override in enumerate(schedule.overrides):
        name = override.timezone or schedule.timezone or zone
        start, end = beginning(override.start, name), ending(override.to, name)
        if start < end:
            found.append(StandIn(start, end, index, override.person))
    return sorted(found)


def stand_ins(overrides: list[StandIn], start: int, end: int) -> Iterator[Shift]:
    """Yield who is on call by an override: the latest in the list wins; maximal, in order."""
    claims = []
    for one in overrides:
        inside = clipped(Interval(one.start, one.end), start, end)
        if inside is not None:
            claims.append((inside.start, one.number, Shift(*inside, (one.person,), one.number)))
    return joined(overlay(sorted(claims)))


def overlaps(schedule: Schedule, zone: str = "UTC") -> Iterator[Overlap]:
    """Yield, by start, each override that begins while one of another person holds.

    One for each such override, against the one that holds longest: as many as there are overrides
    at most, where every pair would be their square.
    """
    longest: list[StandIn] = []
    for one in read_overrides(schedule, zone):
        other = next((held for held in longest if held.person != one.person), None)
        if other is not None and other.end > one.start:
            yield Overlap(one.start, min(one.end, other.end), one.number, other.number)
        longest = _two_longest([*longest, one])


def _two_longest(held: list[StandIn]) -> list[StandIn]:
    """Keep the override that ends last, and the one of another person that does."""
    ordered = sorted(held, key=lambda one: -one.end)
    others = (one for one in ordered if one.person != ordered[0].person)
    return [ordered[0], *list(others)[:1]]
