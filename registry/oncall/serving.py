"""Who really serves by a schedule's rotations: over a time, or over one whole round of them."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from registry.clock.tzif import DAY
from registry.oncall.interval import Interval
from registry.oncall.ledger import Ledger
from registry.oncall.rotation import Turns
from registry.oncall.shift import Shift

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


NOBODY = Serving(frozenset(), frozenset(), {}, frozenset())
"""Who serves by no rotation."""


def serving(schedule: str, ledger: Ledger) -> Serving:
    """Return who serves in a ledger's time, or over one whole round if that is more.

    A round is one turn of everybody in a rotation, from when it begins within that time.
    """
    start, end = ledger.start, ledger.end
    written = ledger.known.schedules[schedule].rotations
    indexes: dict[object, int] = {one.name: number for number, one in enumerate(written)}
    expected = {
        one.name: one
        for one in ledger.layers(schedule).rotations
        if one.start < end and start < one.end and one.start < one.end
    }
    last = max((_round(one, start) for one in expected.values()), default=end)
    seen = _Seen()
    seen.add(ledger.turns(schedule, max(last, end)), end, expected)
    return Serving(
        frozenset(seen.people),
        frozenset(indexes[name] for name in seen.rotations),
        {indexes[name]: (one, Interval(*at)) for name, (one, *at) in seen.longest.items()},
        frozenset(indexes[name] for name in expected),
    )


class _Seen:
    """Who served, by which rotations (names), and each one's longest stretch of one person."""

    def __init__(self) -> None:
        self.people: set[str] = set()
        self.rotations: set[object] = set()
        self.longest: dict[object, tuple[str, int, int]] = {}

    def add(self, shifts: Iterable[Shift], end: int, expected: Mapping[str, Turns]) -> None:
        """Look at shifts up to an end, and beyond it until all who are expected have served."""
        waiting = set[str]().union(*(one.everybody for one in expected.values()))
        begun: dict[str, int] = {}
        ended: dict[str, int] = {}
        for starts, ends, people, because, *_ in shifts:
            if starts >= end and waiting <= self.people and expected.keys() <= self.rotations:
                break
            self.rotations.add(because)
            self.people.update(people)
            longest = self.longest.get(because)
            for person in people:
                if ended.get(person) != starts:
                    begun[person] = starts
                ended[person] = ends
                since = begun[person]
                if longest is None or longest[2] - longest[1] < ends - since:
                    self.longest[because] = longest = (person, since, ends)


def _round(turns: Turns, start: int) -> int:
    """Return when the first whole round from an instant on is over."""
    begins = max(start, turns.start)
    handoffs = turns.handoffs(begins)
    number = next((number for at, number in handoffs if at >= begins), 0) if turns.groups else 0
    return min(turns.handoff(number + len(turns.groups)), begins + _LONGEST, turns.end)
