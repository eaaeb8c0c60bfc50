"""The overrides of a schedule: who stands in, and where two say different things."""

from bisect import insort
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from registry.model.moments import beginning, ending
from registry.model.oncall import Mode, Schedule
from registry.model.reference import names
from registry.oncall.interval import Interval, clipped, joined
from registry.oncall.shift import Claim, Shift, overlay, tiled


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


def applied(
    overrides: Sequence[StandIn], shifts: Iterable[Shift], start: int, end: int
) -> Iterator[Shift]:
    """Apply overrides in the list's order to what stands: maximal shifts from `start` to `end`."""
    return joined(shift for shift in _pieces(overrides, shifts, start, end) if shift.people)


def _pieces(
    overrides: Sequence[StandIn], shifts: Iterable[Shift], start: int, end: int
) -> Iterator[Shift]:
    standing = tiled(shifts, start, end)
    shift = next(standing, None)
    for opens, closes, active in _active(overrides, start, end):
        since = opens
        while shift is not None and since < closes:
            until = min(shift.end, closes)
            yield _after(active, shift._replace(start=since, end=until))
            since = until
            if shift.end == until:
                shift = next(standing, None)


def _active(
    overrides: Sequence[StandIn], start: int, end: int
) -> Iterator[tuple[int, int, Sequence[StandIn]]]:
    """Yield stretches that leave no hole from `start` to `end`, each with what matters in it.

    That is, in the list's order, the overrides that hold, without those before a last one that
    leaves nothing of what stood.
    """
    inside = [one for one in overrides if one.start < end and start < one.end]
    changes = sorted({one.start for one in inside} | {one.end for one in inside})
    held: list[tuple[int, StandIn]] = []
    waiting = iter(inside)
    coming = next(waiting, None)
    since = start
    for at in [*(at for at in changes if start < at < end), end]:
        held = [(number, one) for number, one in held if one.end > since]
        while coming is not None and coming.start <= since:
            insort(held, (coming.number, coming))
            coming = next(waiting, None)
        first = max((n for n, (_, one) in enumerate(held) if one.mode in _WHOLE), default=0)
        yield since, at, [one for _, one in held[first:]]
        since = at


_WHOLE = frozenset({"takeover", "nobody"})


def _after(active: Sequence[StandIn], shift: Shift) -> Shift:
    """Apply overrides that all hold during a shift, which may be nobody's.

    Those whom several of them put on call together come in one order, whoever was there first.
    """
    start, end, people, because, rotation = shift[:5]
    for one in active:
        if one.mode in _WHOLE:
            people, because, rotation = one.people, one.number, None
            continue
        if one.mode == "add":
            people = tuple(sorted({*people, *one.people}))
        else:
            left = [person for person in people if one.replaces and person not in one.replaces]
            if len(left) == len(people):
                continue
            people = tuple(sorted({*left, *one.people}))
        rotation = because if isinstance(because, str) else rotation
        because = one.number
    return Shift(start, end, people, because if people else None, rotation if people else None)


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
