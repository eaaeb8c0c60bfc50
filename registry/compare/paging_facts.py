"""Whom a change has paged, and when, in sentences: alerts to which the same happens share one."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from registry.clock.words import delay
from registry.compare.difference import RegistryDifference
from registry.compare.names import Names
from registry.compare.paging import PagingChange, PagingKind, Steps
from registry.compare.sentence import Fact, Name, Sentence, numbered, row
from registry.oncall.interval import Interval, union
from registry.oncall.vacancy import vacancies

NOBODY = "Nobody is paged"
OTHERS = "Somebody else is paged"
MORE = "New, or better than before"
_HEADINGS: dict[PagingKind, str] = {
    "nobody": NOBODY, "gone": OTHERS, "others": OTHERS, "timing": OTHERS, "new": MORE,
    "somebody": MORE,
}  # fmt: skip


class _What(NamedTuple):
    """What happens to an alert or a schedule; `first` is how long (µs) until the first page.

    `lost` are paged no more and `won` are now, in the same pages or in the place of nobody; where
    neither are, `order` is that of those who are paged, if it is another.
    """

    kind: PagingKind
    section: str
    lost: tuple[str, ...]
    won: tuple[str, ...]
    order: tuple[str, ...]
    first: tuple[int, int]
    zone: str
    is_new: bool
    is_ticket: bool


class PagingFacts:
    """The sentences about pages of one difference; times are told in `zone`, else in their own."""

    def __init__(self, found: RegistryDifference, names: Names, zone: str | None) -> None:
        self.found = found
        self.names = names
        self.zone = zone

    def all(self) -> Iterator[Fact]:
        """Yield a fact for each thing that happens to one or several alerts or schedules."""
        spans: dict[tuple[str, _What], list[Interval]] = {}
        people: dict[tuple[str, _What], dict[str, None]] = {}
        for one in self.found.paging:
            key = (one.id, _what(one))
            spans.setdefault(key, []).extend(one.spans)
            were = _people(one.before) if one.kind in {"nobody", "gone"} else ()
            people.setdefault(key, {}).update(dict.fromkeys(were))
        groups: dict[tuple[_What, tuple[Interval, ...], tuple[str, ...]], list[str]] = {}
        for (id_, what), found in spans.items():
            group = (what, tuple(union(sorted(found))), tuple(people[id_, what]))
            groups.setdefault(group, []).append(id_)
        for (what, when, were), ids in groups.items():
            yield Fact(_HEADINGS[what.kind], self._sentence(what, when, were, ids))

    def _sentence(
        self,
        what: _What,
        when: Sequence[Interval],
        were: Sequence[str],
        ids: Sequence[str],
    ) -> Sentence:
        is_alert = what.section == "alerts"
        subject = numbered(ids, "alert" if is_alert else "schedule")
        by = (" paged by " if is_alert else " on call on ", *subject)
        at = (": ", self.when(when, what.zone))
        if what.kind == "nobody" and what.is_new:
            return ("nobody is", f"{by[0]}the new ", *subject, *at)
        if what.kind == "nobody":
            ticket = (", for it files a ticket now",) if what.is_ticket else ()
            return ("nobody is", *by, *ticket, *at, "; before: ", *self._named(were))
        if what.kind == "gone":
            was = "; paged until now: " if is_alert else "; on call until now: "
            return (*subject, _is(ids), " gone", was, *self._named(were))
        if what.kind in {"new", "somebody"}:
            new = "the new " if what.kind == "new" else ""
            told = () if new else (*at, "; before: nobody")
            by = (f"{by[0]}{new}", *subject)
            return (*self._named(what.won), _is(what.won), *by, *told)
        return (*self._changed(what, by), *at)

    def _changed(self, what: _What, by: Sentence) -> Sentence:
        """Say who is paged in whose place; or in which order, or when, where they are the same."""
        lost, won = what.lost, what.won
        first = _first(what) if what.section == "alerts" else ()
        if won:
            place = (" in place of ", *self._named(lost)) if lost else (" as well",)
            return (*self._named(won), _is(won), *by, *place, *first)
        if lost:
            return (*self._named(lost), _is(lost), " no longer", *by, *first)
        if what.order:
            return (*self._named(what.order), " are", *by, " in this order now", *first)
        if what.kind == "timing":
            later = first or (", at other times after it fires",)
            return ("the same people are", *by, *later)
        return ("the same people are", *by, ", in other steps or one in place of all", *first)

    def _named(self, people: Sequence[str]) -> Sentence:
        return row([Name(self.names.apart(one)) for one in people]) if people else ("nobody",)

    def when(self, spans: Sequence[Interval], zone: str) -> str:
        """Say when intervals (instants) are: their patterns on the clock of `zone`."""
        if tuple(spans) == (Interval(self.found.start, self.found.end),):
            return "at any time"
        told = vacancies(
            lambda: iter(spans), zone, self.found.start, self.found.end, self.zone or ""
        )
        return "; ".join(one.text for one in told)


def _what(one: PagingChange) -> _What:
    """Tell what happens, but for when, and for who it was where nobody is left."""
    before, after = _people(one.before), _people(one.after)
    is_kept = one.kind in {"others", "timing"}
    return _What(
        one.kind,
        one.section,
        tuple(person for person in before if person not in after) if is_kept else (),
        tuple(person for person in after if person not in before),
        after if is_kept and before != after and set(before) == set(after) else (),
        (_delay(one.before), _delay(one.after)) if is_kept else (0, 0),
        one.zone,
        one.before is None,
        one.ticket,
    )


def _people(steps: Steps | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(person for step in steps or () for person in step.people))


def _delay(steps: Steps | None) -> int:
    """Return how long after the alert the first page goes out; -1 where it is held."""
    return min((-1 if step.held else step.after for step in steps or ()), default=0)


def _first(what: _What) -> Sentence:
    """Say that the first page goes out later, or sooner."""
    before, after = map(_after, what.first)
    return (f", the first {after} in place of {before}",) if before != after else ()


def _after(time: int) -> str:
    if time < 0:
        return "when its hours open"
    return f"after {delay(time)}" if time else "at once"


def _is(found: Sequence[object]) -> str:
    return " is" if len(found) == 1 else " are"
