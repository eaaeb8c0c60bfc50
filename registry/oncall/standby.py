"""Who is really there when somebody who is named is away: a deputy, or another beside them."""

from collections.abc import Iterable, Iterator, Sequence
from heapq import merge

from registry.model.people import Person
from registry.oncall.absence import absences
from registry.oncall.deputy import gone, standing
from registry.oncall.interval import Interval, clipped, difference, union
from registry.oncall.ledger import Ledger


class Standby:
    """Questions about whom a page finds, within a ledger's time; each id is looked at once."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.known = ledger.known
        self.whole = [Interval(ledger.start, ledger.end)]
        self._there: dict[str, tuple[Interval, ...]] = {}

    def unheld(self, id_: str) -> Iterator[Interval]:
        """Yield when a person is away, and no deputy is there: maximal, in order.

        An absence whose deputy did not load, or does not exist, is left out: who stands in is not
        certain. What lies beyond a last day is no absence.
        """
        person = self.known.people[id_]
        found = (
            clipped(Interval(one.start, one.end), *self.whole[0])
            for one in absences(person, person.timezone or self.known.zone)
            if (person.away[one.number].deputy or id_) in self.known.people
        )
        away = list(union(filter(None, found)))
        return difference(away, self._deputised(id_)) if away else iter(())

    def alone(self, spans: Iterable[Interval], others: Iterable[str]) -> list[Interval]:
        """Return the parts of spans in which a page to none of `others` finds anybody."""
        return list(difference(spans, union(merge(*map(self.there, others)))))

    def there(self, id_: str) -> Sequence[Interval]:
        """Return when a page to a person, a role or a schedule finds somebody who is not gone.

        That is always so of what is not known: that nobody is there is not certain.
        """
        if id_ not in self._there:
            self._there[id_] = tuple(self._found(id_))
        return self._there[id_]

    def _found(self, id_: str) -> Iterable[Interval]:
        role = self.known.roles.get(id_)
        name = (role.holder or role.schedule or "") if role is not None else id_
        if name in self.known.schedules:
            return self._on_call(name)
        if name in self.known.people:
            person = self.known.people[name]
            own = difference(self.whole, union(self._gone(person)))
            return union(merge(own, self._deputised(name)))
        return self.whole if name else ()

    def _on_call(self, schedule: str) -> Iterator[Interval]:
        """Yield when somebody is on call who is not gone."""
        turns: dict[str, list[Interval]] = {}
        for shift in self.ledger.shifts(schedule, *self.whole[0]):
            for one in shift.people:
                turns.setdefault(one, []).append(Interval(shift.start, shift.end))
        people = self.known.people
        found = (
            difference(spans, union(self._gone(people[one]))) if one in people else spans
            for one, spans in turns.items()
        )
        return union(merge(*found))

    def _gone(self, person: Person) -> list[tuple[int, int]]:
        return gone(person, person.timezone or self.known.zone)

    def _deputised(self, id_: str) -> Iterator[Interval]:
        tiles = standing(id_, self.known.people, self.known.zone, *self.whole[0])
        return (Interval(one.start, one.end) for one in tiles if one.because is not None)
