"""How few people an escalation reaches: one for every step, or no second one in time.

Of a step that picks one, that holds for every choice which is told as certain, and the worst choice
decides how late somebody is reached.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from heapq import merge
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from registry.clock.tzif import LATEST, SECOND
from registry.model.oncall import Escalation
from registry.oncall.delayed import Told, at_once, whom
from registry.oncall.deputy import deputies
from registry.oncall.escalation import Directory
from registry.oncall.ledger import SLACK, Ledger
from registry.oncall.waiting import Dispatch, PagingHours, Waiting, read_waiting

MOST = 500
"""Pages of one run that are followed through every handoff: far more than anybody writes."""


_FOLLOWED = 100
"""Pages that wait and are followed through all that changes."""


class Alone(NamedTuple):
    """Whatever fires from `start` up to `end` reaches `person` and nobody else, at every step."""

    start: int
    end: int
    person: str


class Wasted(NamedTuple):
    """Step `step` (from 0) of what fires from `start` up to `end` reaches nobody new."""

    step: int
    start: int
    end: int
    people: tuple[str, ...]


class Second(NamedTuple):
    """An alert that fires at the instant `at` reaches a second person after so long (µs).

    `after` is None where it never does.
    """

    at: int
    after: int | None


class _Page(NamedTuple):
    """One page: so long after the alert (µs), by a step, to an id.

    `turn` is the run in which the step picks one of its pages; -1 where it sends all of them.
    """

    after: int
    step: int
    via: str
    turn: int = -1


_NOBODY = ""
"""Whom a page reaches that may be picked and reaches nobody."""


def is_known(escalation: Escalation, known: Directory) -> bool:
    """Whether every id that an escalation names stands for somebody or something known."""
    named = (via for step in escalation.steps for via in step.notify)
    return all(_people(via, known) is not None for via in named)


def alone(escalation: Escalation, ledger: Ledger) -> Iterator[Alone]:
    """Yield when one person is every step of an escalation, within the ledger's time: in order.

    A step that reaches two people, or nobody, is not that one person. Only the first run counts,
    and nothing is yielded for fewer than two steps, or for more than anybody writes (`MOST`).
    """
    pages = _pages(escalation, 1)
    if len(pages) > MOST:
        return
    candidates = [set[str]() for _ in escalation.steps]
    for page in pages:
        candidates[page.step].update(_people(page.via, ledger.known) or ())
    if len(candidates) < 2 or not set.intersection(*candidates):
        return
    since, person = ledger.start, None
    waiting = _waiting(escalation, ledger)
    for at, other in _loners(pages, len(candidates), ledger, waiting):
        if other != person:
            if person is not None:
                yield Alone(since, at, person)
            since, person = at, other
    if person is not None:
        yield Alone(since, ledger.end, person)


def _loners(
    pages: Sequence[_Page], steps: int, ledger: Ledger, waiting: Waiting | None
) -> Iterator[tuple[int, str | None]]:
    """Yield the one person who is every step, or None, whenever a page reaches somebody else."""
    reached, only = [Counter[str]() for _ in range(steps)], Counter[str]()
    for at, group in groupby(_changes(pages, ledger, waiting), key=itemgetter(0)):
        changed = []
        for _, number, before, after in group:
            step = reached[pages[number].step]
            only.subtract(_single(step))
            _exchange(step, before, after)
            only.update(_single(step))
            changed.append(step)
        # Whoever is every step is so in those that changed, too.
        found = (person for step in changed for person in _single(step))
        yield at, next((person for person in found if only[person] == steps), None)


def wasted(escalation: Escalation, ledger: Ledger) -> Iterator[Wasted]:
    """Yield when a step reaches only people whom earlier steps have reached, by its start.

    Within the ledger's time, in the first run. While one person is every step, nothing is yielded:
    see `alone`; nor for more pages than anybody writes (`MOST`). A step that waits for its own
    hours is none that was before: nothing is said of it.
    """
    pages = _pages(escalation, 1)
    if len(pages) > MOST or not _may_meet(pages, ledger.known):
        return
    reached = [Counter[str]() for _ in escalation.steps]
    choices = [len(set(step.notify)) if step.is_in_turn else 1 for step in escalation.steps]
    since: dict[int, Wasted] = {}
    found = _waiting(escalation, ledger)
    waiting = found._replace(steps=tuple(map(_without_holding, found.steps))) if found else None
    for at, group in groupby(_changes(pages, ledger, waiting), key=itemgetter(0)):
        for _, number, before, after in group:
            _exchange(reached[pages[number].step], before, after)
        now = _repeated(reached, choices)
        for step, one in list(since.items()):
            if now.get(step) != one.people:
                yield since.pop(step)._replace(end=at)
        for step, people in now.items():
            since.setdefault(step, Wasted(step, at, ledger.end, people))
    yield from since.values()


def _may_meet(pages: Sequence[_Page], known: Directory) -> bool:
    """Whether pages of two steps may ever reach the same person."""
    steps: dict[int, set[str]] = {}
    for page in pages:
        steps.setdefault(page.step, set()).update(_people(page.via, known) or ())
    return sum(map(len, steps.values())) > len(set[str]().union(*steps.values()))


def _repeated(
    reached: Sequence[Counter[str]], choices: Sequence[int]
) -> dict[int, tuple[str, ...]]:
    """Return the steps that reach nobody new, each with whom they reach.

    `choices` says of each step in how many of its pages somebody must be to be surely reached.
    """
    surely: set[str] = set()
    found = {}
    for step, people in enumerate(reached):
        if people and surely.issuperset(people):
            found[step] = tuple(sorted(people))
        surely.update(one for one, times in people.items() if one and times >= choices[step])
    alone = len(set[str]().union(*reached)) == 1 and all(reached)
    return {} if alone else found


def slowest(escalation: Escalation, ledger: Ledger, limit: int) -> Second | None:
    """Tell when, within the ledger's time, the second different person is reached the latest.

    None where one is always reached within `limit` (µs). Two people of one step count as two, but
    where one of them is picked; later runs count, and so does the time in which a page waits for
    hours. None, too, where more are picked from than anybody writes (`MOST`).
    """
    waiting = _waiting(escalation, ledger)
    pages = _pages(escalation, 1)
    if sum(page.turn >= 0 for page in pages) > MOST:
        return None
    at = _lonely(pages, limit, ledger, waiting)
    if at is not None and escalation.repeat:
        pages = _pages(escalation, escalation.repeat + 1)
        at = _lonely(pages, limit, ledger, waiting)
    if at is None:
        return None
    if waiting is not None:
        return _slowest_waiting(pages, at, ledger, waiting)
    delays = sorted({page.after for page in pages if page.after > limit})
    never = _lonely(pages, delays[-1], ledger) if delays else at
    if never is not None:
        return Second(never, None)
    # The worst delay is the least within which the second person is always reached.
    low, high = 0, len(delays) - 1
    while low < high:
        middle = (low + high) // 2
        found = _lonely(pages, delays[middle], ledger)
        if found is None:
            high = middle
        else:
            at, low = found, middle + 1
    return Second(at, delays[low])


def _slowest_waiting(
    pages: Sequence[_Page], at: int | None, ledger: Ledger, waiting: Waiting
) -> Second:
    """As `slowest`, where an alert at an instant is too slow: look for slower and slower ones.

    How long a page waits grows less from one instant to the next, so that the worst is one at
    which something changes; each round goes on to the first that is slower than all before. Of
    more pages than `_FOLLOWED`, it ends at the first instant at which those are not enough.
    """
    slow = Second(ledger.start, None)
    first = pages[:_FOLLOWED]
    while at is not None:
        slow = Second(at, _second(first, at, ledger, waiting))
        if slow.after is None:
            return Second(at, _second(pages, at, ledger, waiting))
        at = _lonely(first, slow.after, ledger, waiting, at)
    return slow


def _second(pages: Sequence[_Page], at: int, ledger: Ledger, waiting: Waiting) -> int | None:
    """Return after how long an alert reaches its second person; None where it never need."""
    sent = []
    for group in _together(pages):
        when = waiting.when(group[0].step, group[0].after, at)
        if when is not None and when < LATEST:
            sent.append((when, group))
    lonely = {frozenset[str]()}
    for when, group in sorted(sent, key=itemgetter(0)):
        choices = [at_once(partial(_told, page, ledger), when) for page in group]
        lonely = {one.union(people) for one in lonely for people in choices}
        lonely = {one for one in lonely if len(one) < 2}
        if not lonely:
            return when - at
    return None


def _lonely(
    pages: Sequence[_Page],
    limit: int,
    ledger: Ledger,
    waiting: Waiting | None = None,
    since: int | None = None,
) -> int | None:
    """Return the first instant at which an alert's pages up to `limit` reach fewer than two.

    From an instant on, the ledger's start if it is left out. That is so if any choice does, where
    one of several pages is picked.
    """
    pages = [page for page in pages if page.after <= limit]
    if waiting is None and _are_two(pages, ledger):
        return None
    reached = Counter[str]()
    picked = {(page.step, page.turn): Counter[str]() for page in pages if page.turn >= 0}
    if not pages:
        return ledger.start if since is None else since
    for at, group in groupby(_changes(pages, ledger, waiting, limit, since), key=itemgetter(0)):
        for _, number, before, after in group:
            page = pages[number]
            if page.turn < 0:
                _exchange(reached, before, after)
            else:
                _exchange(picked[page.step, page.turn], _only(before), _only(after))
        if len(reached) < 2 and _may_be_one(reached, picked.values()):
            return int(at)
    return None


def _only(people: tuple[str, ...]) -> tuple[str, ...]:
    """Return the people of a page that may be picked where they are one, or nobody."""
    return people if len(people) == 1 else ()


def _may_be_one(reached: Counter[str], picked: Iterable[Counter[str]]) -> bool:
    """Whether a choice of each pick leaves one person, or nobody, with whoever is `reached`."""
    bound = [alone for alone in picked if _NOBODY not in alone]
    if not bound:
        return True
    candidates = reached or min(bound, key=len)
    return any(all(person in alone for alone in bound) for person in candidates)


def _are_two(pages: Sequence[_Page], ledger: Ledger) -> bool:
    """Whether two pages surely reach different people: without a look at who takes which turn."""
    first: frozenset[str] | None = None
    for group in _together(pages):
        people = frozenset[str]().union(*(_people(one.via, ledger.known) or () for one in group))
        if (first is None or people.isdisjoint(first)) and all(_always(p, ledger) for p in group):
            if first is not None:
                return True
            first = people
    return False


def _together(pages: Sequence[_Page]) -> Iterator[Sequence[_Page]]:
    """Yield each page by itself, and those of which one is picked as one."""
    picked: dict[tuple[int, int], list[_Page]] = {}
    for page in pages:
        if page.turn < 0:
            yield (page,)
        else:
            picked.setdefault((page.step, page.turn), []).append(page)
    yield from picked.values()


def _always(page: _Page, ledger: Ledger) -> bool:
    """Whether a page reaches somebody whenever it comes; False where that takes a closer look."""
    schedule = _schedule(page.via, ledger.known)
    if schedule is None:
        return bool(_people(page.via, ledger.known))
    return page.after <= SLACK and ledger.is_full(schedule)


def _pages(escalation: Escalation, runs: int) -> list[_Page]:
    """List the pages of so many runs, in order; one that a step names twice counts once."""
    delays = [step.after.milliseconds * SECOND // 1000 for step in escalation.steps]
    again = escalation.repeat_after
    pause = max(delays, default=0) + (again.milliseconds * SECOND // 1000 if again else 0)
    found = {
        _Page(run * pause + delay, number, via, run if in_turn else -1)
        for run in range(runs)
        for number, (step, delay) in enumerate(zip(escalation.steps, delays, strict=True))
        for in_turn in (step.is_in_turn,)
        for via in step.notify
    }
    return sorted(found)


Changed = tuple[int, int, tuple[str, ...], tuple[str, ...]]
"""An instant, a page's index, and the people whom it reaches before and from then on."""


def _changes(
    pages: Sequence[_Page],
    ledger: Ledger,
    waiting: Waiting | None,
    limit: int | None = None,
    since: int | None = None,
) -> Iterator[Changed]:
    """Yield whenever a page begins to reach somebody else, by the instant of the alert."""
    start = ledger.start if since is None else since
    streams = (whom(_dispatches(one, ledger, waiting, start), partial(_told, one, ledger), limit)
               for one in pages)  # fmt: skip
    numbered = enumerate(zip(pages, streams, strict=True))
    return merge(*(_numbered(number, page, told) for number, (page, told) in numbered))


def _dispatches(
    page: _Page, ledger: Ledger, waiting: Waiting | None, start: int
) -> Iterable[Dispatch]:
    if waiting is None:
        return (Dispatch(start, ledger.end, page.after, None),)
    return waiting.dispatches(page.step, page.after, start, ledger.end)


def _numbered(number: int, page: _Page, told: Iterator[Told]) -> Iterator[Changed]:
    before = tuple[str, ...]()
    for since, found in told:
        people = found if page.turn < 0 else tuple(dict.fromkeys(found)) or (_NOBODY,)
        yield since, number, before, people
        before = people


def _told(page: _Page, ledger: Ledger, start: int, end: int) -> Iterator[Told]:
    """Yield whom a page reaches that goes out from `start` to `end`."""
    schedule, person = _schedule(page.via, ledger.known), _person(page.via, ledger.known)
    if schedule is not None:
        return ((one.start, one.people) for one in ledger.tiles(schedule, start, end))
    if person is not None:
        return ((one.start, one.people) for one in ledger.standing(person, start, end))
    return iter(((start, ()),))


def _waiting(escalation: Escalation, ledger: Ledger) -> Waiting | None:
    return read_waiting(escalation, ledger.known.zone) if escalation.has_hours else None


def _without_holding(hours: PagingHours | None) -> PagingHours | None:
    """Return hours that skip what comes outside of them."""
    return hours.skipping() if hours else None


def _exchange(reached: Counter[str], before: Iterable[str], after: Iterable[str]) -> None:
    for person in before:
        reached[person] -= 1
        if not reached[person]:
            del reached[person]
    reached.update(after)


def _single(reached: Counter[str]) -> tuple[str, ...]:
    """Return the one person whom a step reaches; nobody where it is not one."""
    return tuple(reached) if len(reached) == 1 and _NOBODY not in reached else ()


def _schedule(via: str, known: Directory) -> str | None:
    """Return the schedule that stands behind an id: itself, or what holds the role."""
    role = known.roles.get(via)
    name = role.schedule if role is not None else via
    return name if name in known.schedules else None


def _person(via: str, known: Directory) -> str | None:
    """Return the person who is paged by name, or holds the role that is."""
    role = known.roles.get(via)
    return role.holder if role is not None else via if via in known.people else None


def _people(via: str, known: Directory) -> frozenset[str] | None:
    """Return everyone whom a page to an id may ever reach; None for what is not known."""
    role, schedule = known.roles.get(via), _schedule(via, known)
    if schedule is not None:
        return frozenset(known.schedules[schedule].people)
    if role is None and via not in known.people:
        return None
    if role is not None and role.schedule is not None:
        return None
    person = _person(via, known)
    return frozenset((person, *deputies(known.people.get(person))) if person is not None else ())
