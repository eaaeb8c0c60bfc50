"""Repeated gaps told once: "every weekday 18:00–09:00", not four hundred intervals."""

from collections.abc import Iterable
from typing import NamedTuple

from registry.clock.civil import wall_clock
from registry.clock.tzif import DAY, MINUTE, SECOND, WEEK, WallClock, calendar_day
from registry.clock.weekdays import DAY_NAMES
from registry.oncall.interval import Interval
from registry.wording import in_a_row

_SETS = {frozenset(range(5)): "weekday", frozenset((5, 6)): "weekend day"}


class GapPattern(NamedTuple):
    """Gaps that open and close at the same times of day, as many days apart.

    `opens` and `closes` are wall times (µs) since the midnight of the day on which a gap opens,
    `days` those days (0 is Monday). There are `times` gaps of `total` µs, the `first` and `last`
    of them cut where the interval was. `name` tells patterns of one schedule apart and stays the
    same as the interval moves on; `text` says when, for people.
    """

    opens: int
    closes: int
    days: tuple[int, ...]
    times: int
    total: int
    first: Interval
    last: Interval
    name: str
    text: str


def fold(gaps: Iterable[Interval], zone: str, start: int, end: int) -> list[GapPattern]:
    """Put gaps of one shape together by the wall clock of `zone`, in the order of their first.

    `gaps` are sorted and lie between `start` and `end`; one that is cut there goes with the gaps
    that it is part of. What is held grows with the number of shapes, not of gaps.
    """
    clock = wall_clock(zone)
    shapes: dict[tuple[int, int], _Shape] = {}
    cut = []
    for gap in gaps:
        wall = _wall(gap, clock)
        if gap.start == start or gap.end == end:
            cut.append(wall)
        else:
            _put(shapes, wall)
    for wall in cut:
        wholes = (shape.whole(wall, start) for shape in shapes.values())
        _put(shapes, next(filter(None, wholes), wall))
    patterns = (shape.pattern(start, end) for shape in shapes.values())
    return sorted(patterns, key=lambda pattern: pattern.first)


class _Wall(NamedTuple):
    """A gap as wall times since the midnight, of day number `day`, on which it opens."""

    gap: Interval
    day: int
    opens: int
    closes: int


def _wall(gap: Interval, clock: WallClock) -> _Wall:
    opens, closes = clock.wall_at(gap.start), clock.wall_at(gap.end)
    if closes <= opens:
        closes = opens + gap.end - gap.start
    day = opens // DAY
    return _Wall(gap, day, opens - day * DAY, closes - day * DAY)


def _put(shapes: dict[tuple[int, int], "_Shape"], wall: _Wall) -> None:
    key = (wall.opens, wall.closes)
    if key not in shapes:
        shapes[key] = _Shape(wall)
    shapes[key].add(wall)


class _Shape:
    """The gaps of one shape so far: at first the one that it is made of, not counted yet."""

    def __init__(self, wall: _Wall) -> None:
        self.opens, self.closes = wall.opens, wall.closes
        self.first_day = self.last_day = wall.day
        self.first = self.last = wall.gap
        self.days: set[int] = set()
        self.count = self.total = 0

    def add(self, wall: _Wall) -> None:
        self.first_day = min(self.first_day, wall.day)
        self.last_day = max(self.last_day, wall.day)
        self.first, self.last = min(self.first, wall.gap), max(self.last, wall.gap)
        self.days.add(wall.day % 7)
        self.count += 1
        self.total += wall.gap.end - wall.gap.start

    def whole(self, wall: _Wall, start: int) -> _Wall | None:
        """Return a gap that is cut as the one of this shape that it is part of; None if none."""
        if wall.gap.start == start:
            ahead, off = divmod(wall.closes - self.closes, DAY)
            inside = ahead * DAY + self.opens <= wall.opens
        else:
            ahead, off = divmod(wall.opens - self.opens, DAY)
            inside = wall.closes <= ahead * DAY + self.closes
        day = wall.day + ahead
        if off or not inside or day % 7 not in self.days:
            return None
        return _Wall(wall.gap, day, self.opens, self.closes)

    def pattern(self, start: int, end: int) -> GapPattern:
        if self.count == 1:
            name, text = self._once(start, end)
        else:
            name, text = self._often()
        days = tuple(sorted(self.days))
        return GapPattern(
            self.opens, self.closes, days, self.count, self.total, self.first, self.last, name, text
        )

    def _once(self, start: int, end: int) -> tuple[str, str]:
        opens, closes = _time(self.opens), _time(_of_day(self.closes))
        first = f"{_date(self.first_day)} {opens}"
        last_day = self.first_day + _days(self.closes)
        last = f"{_date(last_day)} {closes}"
        if self.first == (start, end):
            return "/", "all the time"
        if self.first.start == start:
            return f"/{last}", f"until {_weekday(last_day)} {last}"
        if self.first.end == end:
            return f"{first}/", f"from {_weekday(self.first_day)} {first} on"
        if last_day > self.first_day and self.closes - self.opens >= DAY:
            named = f"{_weekday(self.first_day)} {first} to {_weekday(last_day)} {last}"
            return f"{first}/{last}", f"from {named}"
        until = closes if last_day == self.first_day else f"{_weekday(last_day)} {last}"
        return f"{first}/{last}", f"{_weekday(self.first_day)} {first}–{until}"

    def _often(self) -> tuple[str, str]:
        opens, closes, ahead = _time(self.opens), _time(_of_day(self.closes)), _days(self.closes)
        name = f"{opens}-{closes}" + (f"+{ahead}d" if ahead else "")
        if ahead and self.closes - self.opens >= DAY:
            alone = len(self.days) == 1
            if alone and self.closes - self.opens >= WEEK:
                first, last = _weekday(min(self.days)), _weekday(min(self.days) + ahead)
                more = "" if self.closes - self.opens == WEEK else f", {ahead}d later"
                return name, f"{self.count} times from {first} {opens} to {last} {closes}{more}"
            closes = (
                f"{_weekday(min(self.days) + ahead)} {closes}"
                if alone
                else f"{closes} {ahead}d later"
            )
        return name, f"{self._when()} {opens}–{closes}"

    def _when(self) -> str:
        """Say on which days, where there are enough of them to make a rule of it."""
        run = self.last_day - self.first_day + 1
        if self.count < 3:
            return f"{self.count} times"
        if self.count == run:
            return "every day"
        expected = sum((self.first_day + ahead) % 7 in self.days for ahead in range(run))
        if self.count != expected:
            return f"{self.count} times"
        known = _SETS.get(frozenset(self.days))
        return f"every {known or in_a_row([DAY_NAMES[day] for day in sorted(self.days)])}"


def _of_day(closes: int) -> int:
    """Return a closing time's time of day; midnight is the end of the day before."""
    return closes % DAY or DAY


def _days(closes: int) -> int:
    """Return how many midnights a closing time is past; one that is a midnight is not past it."""
    return (closes - 1) // DAY


def _weekday(day: int) -> str:
    return DAY_NAMES[day % 7]


def _date(day: int) -> str:
    return calendar_day(day).isoformat()


def _time(wall: int) -> str:
    minutes, rest = divmod(wall, MINUTE)
    seconds = f":{rest // SECOND:02}" if rest else ""
    return f"{minutes // 60:02}:{minutes % 60:02}{seconds}"
