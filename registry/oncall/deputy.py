"""Who is reached in the place of somebody who is away: the deputy that the absence names."""

from collections.abc import Iterator, Mapping

from registry.model.people import Person
from registry.oncall.absence import absences, departure
from registry.oncall.interval import Interval, Span, clipped, difference, joined, union
from registry.oncall.shift import Claim, Shift, overlay, tiled


def deputies(person: Person | None) -> tuple[str, ...]:
    """Return everyone who may stand in for a person at some time, each once."""
    named = (away.deputy for away in person.away) if person is not None else ()
    return tuple(dict.fromkeys(filter(None, named)))


def standing(
    id_: str, people: Mapping[str, Person], zone: str, start: int, end: int
) -> Iterator[Shift]:
    """Yield whom a page to a person reaches from `start` to `end` (instants): no hole is left.

    A deputy's `because` is the number of the absence that names them; whoever is reached
    themselves, away or not, has none. A deputy who is away, has left or is not known stands in for
    nobody; of absences that overlap the first in the list counts. There are no chains.
    """
    found = joined(overlay(_claims(id_, people, zone, start, end)))
    for one in tiled(found, start, end):
        yield one if one.people else one._replace(people=(id_,))


def gone(person: Person, zone: str) -> list[Span]:
    """Return when a person is away, or has left, sorted by start; `zone` is theirs."""
    return sorted(
        (one.start, one.end) for one in (*absences(person, zone), *departure(person, zone))
    )


def _claims(id_: str, people: Mapping[str, Person], zone: str, start: int, end: int) -> list[Claim]:
    person = people.get(id_)
    claims: list[Claim] = []
    if person is None or not deputies(person):
        return claims
    for one in absences(person, person.timezone or zone):
        deputy = person.away[one.number].deputy
        inside = clipped(Interval(one.start, one.end), start, end)
        if inside is None or deputy is None or deputy not in people or deputy == id_:
            continue
        there = people[deputy]
        for since, until in difference([inside], union(gone(there, there.timezone or zone))):
            claims.append((since, -one.number, Shift(since, until, (deputy,), one.number)))
    return sorted(claims)
