"""Handoffs at wall times that a change of clocks skips or repeats."""

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from registry.clock.tzif import DAY
from registry.model.oncall import Schedule
from registry.oncall.interval import Interval
from registry.oncall.rotation import Turns
from registry.oncall.schedule import read_layers


class OddHandoff(NamedTuple):
    """The wall time `wall` of a rotation's handoff is skipped or repeated; `at` is what it means.

    `rotation` is the rotation's index, `before` and `after` are the people who hand off and take
    over (`before` is empty at the rotation's start).
    """

    rotation: int
    kind: Literal["skipped", "repeated"]
    wall: int
    at: int
    before: tuple[str, ...]
    after: tuple[str, ...]


def odd_handoffs(
    schedule: Schedule, start: int, end: int, zone: str = "UTC"
) -> Iterator[OddHandoff]:
    """Yield the handoffs of each rotation that fall, from `start` to `end`, on such wall times.

    Left out are those at which nobody changes, those of `clock: elapsed`, which no clock decides,
    of turns that are served, and those outside of the rotation's windows, which nobody notices.
    """
    rotations = read_layers(schedule, zone).rotations
    return odd_handoffs_of(schedule, rotations, start, end)


def odd_handoffs_of(
    schedule: Schedule, rotations: Iterable[Turns], start: int, end: int
) -> Iterator[OddHandoff]:
    """As `odd_handoffs`, of a schedule whose rotations are read already."""
    indexes = {one.name: number for number, one in enumerate(schedule.rotations)}
    for turns in rotations:
        if not turns.elapsed and turns.served is None:
            yield from _of_rotation(indexes[turns.name], turns, start, end)


def _of_rotation(index: int, turns: Turns, start: int, end: int) -> Iterator[OddHandoff]:
    start, end = max(start, turns.start), min(end, turns.end)
    for change in turns.clock.changes(start - DAY, end + DAY) if turns.groups else ():
        low, high = change.span
        number = turns.number_at(low)
        while (wall := turns.wall(number)) < high:
            at = turns.handoff(number)
            before = turns.people(number - 1) if number else ()
            after = turns.people(number)
            if low <= wall and start <= at < end and before != after and _is_seen(turns, at):
                yield OddHandoff(index, change.kind, wall, at, before, after)
            number += 1


def _is_seen(turns: Turns, at: int) -> bool:
    """Whether the rotation's windows, if it has any, are open on both sides of an instant."""
    around = Interval(at - 1, at + 1)
    return turns.hours is None or around in turns.hours.openings(*around)
