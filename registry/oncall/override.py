"""The overrides of a schedule: who stands in, and where two say different things."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from registry.model.moments import beginning, ending
from registry.model.oncall import Mode, Schedule
from registry.model.reference import names
from registry.oncall.interval import Interval, clipped, joined
from registry.oncall.shift import Claim, Shift, overlay


class StandIn(NamedTuple):
    """One override: an interval, its index in the list, and who stands in.

    A `cover` is for those in `replaces`; for everybody where that is empty.
    """

    start: int
    end: int
    number: int
    people: tuple[str, ...]
    mode: Mode = "takeover"
    replaces: tuple[str, ...] = ()


class Overlap(NamedTuple):
    """From `start` up to `end` two overrides, by index, name different people for the same shifts.

    `later` is the one that begins later.
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
    for index, one in enumerate(schedule.overrides):
        name = one.timezone or schedule.timezone or zone
        start, end = beginning(one.start, name), ending(one.to, name)
        if start < end:
            found.append(StandIn(start, end, index, one.named, one.mode, names(one.replaces)))
    return sorted(found)


def stand_ins(overrides: Iterable[StandIn], start: int, end: int) -> Iterator[Shift]:
    """Yield whom the latest override in the list names: maximal, in order.

    These are the shifts where all of them are takeovers. One of `mode: nobody` names nobody.
    """
    claims: list[Claim] = []
    for one in overrides:
        inside = clipped(Interval(one.start, one.end), start, end)
        if inside is not None:
            claims.append((inside.start, one.number, Shift(*inside, one.people, one.number)))
    return joined(overlay(sorted(claims)))


_Keys = tuple[str | None, ...]
_TAKEOVER, _COVER = "takeover\0", "cover\0"


def overlaps(schedule: Schedule, zone: str = "UTC") -> Iterator[Overlap]:
    """Yield, by start, each override that begins while one of other people holds.

    Of two takeovers, and of two covers of the same people. One for each such override, against
    the one that holds longest: as many as there are overrides at most, where every pair would be
    their square.
    """
    longest: dict[str | None, list[StandIn]] = {}
    for one in read_overrides(schedule, zone):
        own, others = _claimed(one)
        held = [held for key in others for held in longest.get(key, ())]
        held = [other for other in held if set(other.people) != set(one.people)]
        other = max(held, key=lambda held: held.end, default=None)
        if other is not None and other.end > one.start:
            yield Overlap(one.start, min(one.end, other.end), one.number, other.number)
        for key in own:
            longest[key] = _two_longest([*longest.get(key, ()), one])


def _claimed(one: StandIn) -> tuple[_Keys, _Keys]:
    """Return under which keys an override is kept, and under which others may contradict it."""
    if one.mode == "takeover":
        return (_TAKEOVER,), (_TAKEOVER,)
    if one.mode != "cover":
        return (), ()
    if one.replaces:
        return (_COVER, *one.replaces), (None, *one.replaces)
    return (_COVER, None), (_COVER,)


def _two_longest(held: list[StandIn]) -> list[StandIn]:
    """Keep the override that ends last, and the one of other people that does."""
    ordered = sorted(held, key=lambda one: -one.end)
    others = (one for one in ordered if set(one.people) != set(ordered[0].people))
    return [ordered[0], *list(others)[:1]]
