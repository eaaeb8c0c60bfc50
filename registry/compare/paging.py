"""Whom alerts and schedules page after a change, and whom before it: when, and who then."""

from collections.abc import Iterator
from typing import Literal, NamedTuple

from registry.compare.side import Side
from registry.model.metrics import Alert
from registry.model.oncall import Escalation, Schedule
from registry.oncall.interval import Interval, union
from registry.paging.pager import Place
from registry.paging.reached import Reach, ReachedStep, ReachedStretch
from registry.workspace.not_loaded import is_certain

PagingKind = Literal["nobody", "gone", "others", "timing", "new", "somebody"]
"""What becomes of a page, the gravest first."""

KINDS: tuple[PagingKind, ...] = ("nobody", "gone", "others", "timing", "new", "somebody")

Steps = tuple[ReachedStep, ...]


class PagingChange(NamedTuple):
    """What a change does to whom an alert pages, or who is on call, in `spans` (instants).

    `kind` is `nobody` or `somebody` where there was somebody, or nobody, before; `others` where
    other people are paged or in another order, `timing` where the same are, at another time; `gone`
    and `new` of an alert or schedule that stands on one side alone. `before` and `after` are None
    where it does not stand. `through` is what is paged, before and after. Times are to be shown in
    `zone`; `place` is the entity's, after the change if it is there.
    """

    kind: PagingKind
    section: str
    id: str
    before: Steps | None
    after: Steps | None
    spans: tuple[Interval, ...]
    through: tuple[str | None, str | None]
    zone: str
    place: Place
    ticket: bool = False
    """Whether it pages nobody because it files a ticket now."""


class PagingChanges:
    """Changes of pages between two sides, from `start` up to `end` (instants)."""

    def __init__(self, before: Side, after: Side, start: int, end: int) -> None:
        self.before = Reach(before.opened.workspace, start, end)
        self.after = Reach(after.opened.workspace, start, end)
        self._known: dict[tuple[str | None, str | None], tuple[_Change, ...]] = {}

    def all(self) -> tuple[PagingChange, ...]:
        """Return the changes of alerts and schedules, kind by kind, then by id."""
        found = [*self._alerts(), *self._schedules()]
        return tuple(sorted(found, key=lambda one: (KINDS.index(one.kind), one[1:3], one.spans)))

    # -- alerts ----------------------------------------------------------------------------------

    def _alerts(self) -> Iterator[PagingChange]:
        old, new = (one.workspace.all(Alert) for one in (self.before, self.after))
        for id_ in dict.fromkeys((*new, *old)):
            if not self._is_sure("alerts", id_):
                continue
            through = (_target(old.get(id_)), _target(new.get(id_)))
            if not self._are_certain(*through):
                continue
            there = (id_ in old, id_ in new)
            is_ticket = id_ in new and new[id_].response != "page"
            for one in self._rows("alerts", id_, through, there):
                yield one._replace(ticket=is_ticket and one.kind == "nobody")

    def _schedules(self) -> Iterator[PagingChange]:
        old, new = (one.workspace.all(Schedule) for one in (self.before, self.after))
        for id_ in dict.fromkeys((*new, *old)):
            if self._is_sure("schedules", id_):
                there = (id_ in old, id_ in new)
                through = (id_ if there[0] else None, id_ if there[1] else None)
                if self._are_certain(*through):
                    yield from self._rows("schedules", id_, through, there)

    def _are_certain(self, old: str | None, new: str | None) -> bool:
        return self.before.is_certain(old) and self.after.is_certain(new)

    def _is_sure(self, section: str, id_: str) -> bool:
        """Whether it is certain on both sides what an entity pages; else nothing is told of it."""
        fields = ("escalation", "response") if section == "alerts" else ()
        sides = (self.before, self.after)
        return all(is_certain(one.workspace, section, id_, fields) for one in sides)

    def _rows(
        self,
        section: str,
        id_: str,
        through: tuple[str | None, str | None],
        there: tuple[bool, bool],
    ) -> Iterator[PagingChange]:
        for kind, before, after, spans in self._changes(through, there):
            side = self.after if there[1] else self.before
            yield PagingChange(
                kind, section, id_, before if there[0] else None, after if there[1] else None,
                spans, through, _zone(side, through[1] or through[0]), _place(side, section, id_),
            )  # fmt: skip

    def _changes(
        self, through: tuple[str | None, str | None], there: tuple[bool, bool]
    ) -> "tuple[_Change, ...]":
        if through not in self._known:
            old, new = through
            is_same = old == new and self.before.behind(old) == self.after.behind(new)
            self._known[through] = () if is_same else self._compared(*through)
        found = self._known[through]
        if there == (True, True):
            return found
        whole = (Interval(self.after.start, self.after.end),)
        if there == (True, False):
            return (_Change("gone", _most(self.before.of(through[0])), (), whole),)
        nobody = [one for one in self.after.of(through[1]) if not one.people]
        people = _most(self.after.of(through[1]))
        spans = tuple(Interval(one.start, one.end) for one in nobody)
        found = (_Change("new", (), people, whole), _Change("nobody", (), (), spans))
        return tuple(one for one in found if (one.after if one.kind == "new" else one.spans))

    def _compared(self, old: str | None, new: str | None) -> "tuple[_Change, ...]":
        groups: dict[tuple[PagingKind, Steps, Steps], list[Interval]] = {}
        for span, before, after in _both(self.before.of(old), self.after.of(new)):
            kind = _kind(before, after)
            if kind is not None:
                groups.setdefault((kind, before, after), []).append(span)
        return tuple(_Change(*key, tuple(union(spans))) for key, spans in groups.items())


class _Change(NamedTuple):
    kind: PagingKind
    before: Steps
    after: Steps
    spans: tuple[Interval, ...]


def _target(alert: Alert | None) -> str | None:
    """Return what an alert pages; None where it files a ticket."""
    return alert.escalation if alert is not None and alert.response == "page" else None


def _kind(before: Steps, after: Steps) -> PagingKind | None:
    """Tell what is another after the change; None where nothing is."""
    if before == after:
        return None
    if not after:
        return "nobody"
    if not before:
        return "somebody"
    same = [step.choices for step in before] == [step.choices for step in after]
    return "timing" if same else "others"


def _both(
    one: tuple[ReachedStretch, ...], other: tuple[ReachedStretch, ...]
) -> Iterator[tuple[Interval, Steps, Steps]]:
    """Yield stretches in which neither side changes; both have no hole, and the same ends."""
    first, second = 0, 0
    while first < len(one) and second < len(other):
        left, right = one[first], other[second]
        span = Interval(max(left.start, right.start), min(left.end, right.end))
        yield span, left.steps, right.steps
        first += left.end == span.end
        second += right.end == span.end


def _most(reached: tuple[ReachedStretch, ...]) -> Steps:
    """Make one list of steps of all times: everyone who is ever paged, step by step."""
    steps: dict[tuple[int, bool], dict[str, None]] = {}
    for one in reached:
        for step in one.steps:
            steps.setdefault((step.after, step.held), {}).update(dict.fromkeys(step.people))
    return tuple(ReachedStep(*key, (tuple(people),)) for key, people in sorted(steps.items()))


def _zone(side: Reach, through: str | None) -> str:
    """Name the zone to show times in: the first paged schedule's, else the registry's."""
    known = side.known
    escalation = known.escalations.get(through or "")
    steps = escalation.steps if isinstance(escalation, Escalation) else ()
    named = [through or "", *(one for step in steps for one in step.notify)]
    held = [(known.roles[one].schedule or "") if one in known.roles else one for one in named]
    schedules = [known.schedules[one] for one in held if one in known.schedules]
    return next((one.timezone for one in schedules if one.timezone), known.zone)


def _place(side: Reach, section: str, id_: str) -> Place:
    at = side.workspace.locate(section, id_)
    return Place(at.file, side.workspace.resolve(at).start.line)
