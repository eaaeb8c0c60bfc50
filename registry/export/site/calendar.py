"""Four weeks of every schedule, and the clocks of every zone to show them by."""

from typing import Any, NamedTuple

from registry.clock.civil import wall_clock
from registry.clock.tzif import DAY, WEEK
from registry.clock.words import date_and_time, exact_length
from registry.clock.zones import zone_names
from registry.export.site.entities import PageEntities
from registry.export.site.epoch import length, milliseconds
from registry.model.oncall import Schedule
from registry.oncall.absence import Unreachable
from registry.oncall.interval import Interval
from registry.oncall.pattern import fold
from registry.oncall.rota import Rota, rota
from registry.oncall.shift import Shift

LENGTH = 4 * WEEK
"""How far the calendar looks ahead, in µs, as `oncall show` does."""

_AROUND = 2 * DAY
"""Beyond both ends of the calendar, in µs: more than the clocks of any two zones are apart."""


class PageSchedule(NamedTuple):
    """One schedule: who is on call now, until when, and when nobody is, in words.

    `lost` says that all who are on call now are away, or have left.
    """

    number: int
    name: str
    zone: str
    now: str
    lost: str
    until: str
    gaps: tuple[str, ...]
    open: str
    doubt: str
    shape: dict[str, Any]


class Calendar:
    """The schedules of one edition from an instant on; words are on the clocks of `zone`."""

    def __init__(self, entities: PageEntities, at: int, zone: str) -> None:
        self.entities = entities
        self.at, self.end = at, at + LENGTH
        self.zone = zone

    def schedules(self) -> tuple[PageSchedule, ...]:
        """Return every schedule that loaded, those with gaps first, the most open hours first."""
        workspace = self.entities.workspace
        rotas = [rota(workspace, one, self.at, self.end) for one in workspace.all(Schedule)]
        return tuple(map(self._schedule, sorted(rotas, key=_most_open)))

    def _schedule(self, one: Rota) -> PageSchedule:
        first = one.shifts[0] if one.shifts and one.shifts[0].start <= self.at else None
        until = ""
        if first is not None and first.end < self.end:
            until = date_and_time(first.end, self.zone)
        node = ("schedules", one.schedule)
        patterns = fold(one.gaps, self.zone, self.at, self.end)
        return PageSchedule(
            self.entities.number(*node),
            self.entities.called(node),
            one.zone,
            ", ".join(map(self._person, first.people)) if first else "",
            next((_because(lost.because) for lost in one.unreachable if lost.start <= self.at), ""),
            until,
            (*(gap.text for gap in patterns), *self._unreachable(one)),
            exact_length(_open(one)) if _open(one) else "",
            self.entities.plain.text(one.doubt or ""),
            self._shape(one),
        )

    def _person(self, id_: str) -> str:
        return self.entities.called(("people", id_))

    def _unreachable(self, one: Rota) -> tuple[str, ...]:
        return tuple(
            f"{', '.join(map(self._person, lost.people))} on call, who {_because(lost.because)}, "
            f"from {date_and_time(lost.start, self.zone)} to {date_and_time(lost.end, self.zone)}"
            for lost in one.unreachable
        )

    def _shape(self, one: Rota) -> dict[str, Any]:
        return {
            "schedule": self.entities.number("schedules", one.schedule),
            "zone": one.zone,
            "shifts": [self._shift(shift) for shift in one.shifts],
            "gaps": [_span(gap) for gap in one.gaps],
            "lost": [[*_span(lost), lost.because] for lost in one.unreachable],
        }

    def _shift(self, shift: Shift) -> list[Any]:
        people, shadows = (
            [self.entities.number("people", id_) for id_ in ids]
            for ids in (shift.people, shift.shadows)
        )
        return [*_span(shift), people, shadows]

    def clocks(self) -> list[list[Any]]:
        """List the offsets from UTC of every zone: `[[[from, offset], …], names]`, in ms.

        Those are the bundled database's, so that the page and `opmodel oncall` agree whatever the
        browser's own says.
        """
        found: dict[tuple[tuple[int, int], ...], list[str]] = {}
        start, end = self.at - _AROUND, self.end + _AROUND
        for name in sorted(zone_names()):
            clock = wall_clock(name)
            first = (start, clock.wall_at(start) - start)
            later = ((one.at, one.after) for one in clock.changes(start, end))
            offsets = tuple((milliseconds(at), length(offset)) for at, offset in (first, *later))
            found.setdefault(offsets, []).append(name)
        return [[offsets, " ".join(names)] for offsets, names in found.items()]


def _span(one: Interval | Unreachable | Shift) -> list[int]:
    return [milliseconds(one.start), milliseconds(one.end)]


def _open(one: Rota) -> int:
    gaps = sum(gap.end - gap.start for gap in one.gaps)
    return gaps + sum(lost.end - lost.start for lost in one.unreachable)


def _most_open(one: Rota) -> tuple[int, str]:
    return (-_open(one), one.schedule)


def _because(word: str) -> str:
    return "has left" if word == "left" else "is away"
