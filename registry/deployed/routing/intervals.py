"""When a route does not notify: Alertmanager's time intervals, over a week and to the minute.

Their meaning is that of Alertmanager's package timeinterval, with one thing in it that surprises:
it counts the days of a month by its hours. In a month that loses one, as March does in Europe, the
last day is the 30th for it, and the 31st is no day of the month at all.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from registry.clock.civil import wall_clock
from registry.clock.tzif import DAY, HOUR, MINUTE, WEEK, calendar_day, first_of_month
from registry.clock.weekdays import DAY_NAMES
from registry.clock.zones import zone_names
from registry.deployed.model import Route, TimeInterval, TimeRange
from registry.deployed.routing.refusal import Refusal

_DAYS = tuple(map(str.lower, (DAY_NAMES[-1], *DAY_NAMES[:-1])))
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])|24:00")
_NUMBER = re.compile(r"[+-]?[0-9]{1,9}")
_SHORTEST_MONTH = 28

Range = tuple[int, int]


class MutedStretch(NamedTuple):
    """From an instant up to, and not including, another; microseconds as in `clock.tzif`."""

    start: int
    end: int


def times(start: str, end: str) -> TimeRange | Refusal:
    """Read `start_time` and `end_time`, such as `09:00` and `24:00`."""
    for text in (start, end):
        if _CLOCK.fullmatch(text) is None:
            return Refusal(f"`{text}` is no time of day; write it as `09:00`")
    first, last = _minutes(start), _minutes(end)
    if first >= last:
        return Refusal(f"`{start}` is not before `{end}`; part the night in two at `24:00`")
    return TimeRange(first, last)


def weekdays(text: str) -> Range | Refusal:
    """Read days of the week, such as `monday:friday`; Sunday is 0 and the first."""
    found = _range(text, dict(zip(_DAYS, range(7), strict=True)), "a day of the week")
    return _ascending(text, found)


def days_of_month(text: str) -> Range | Refusal:
    """Read days of the month, such as `1:5` or, from the month's end, `-3:-1`."""
    found = _range(text, None, "a day of the month")
    if isinstance(found, Refusal):
        return found
    first, last = found
    if not (1 <= abs(first) <= 31 and 1 <= abs(last) <= 31):
        return Refusal(f"`{text}` is no day of the month; they count from 1, or from -1 backwards")
    if first < 0 < last:
        return Refusal(f"`{text}` begins at a month's end and does not end there")
    at_least = [day if day > 0 else _SHORTEST_MONTH + day for day in found]
    if at_least[0] > at_least[1]:
        return Refusal(f"`{text}` ends before it begins")
    return found


def months(text: str) -> Range | Refusal:
    """Read months, such as `may:august` or `1:3`."""
    names = dict(zip(_MONTHS, range(1, 13), strict=True))
    return _ascending(text, _range(text, names, "a month", numbers=True))


def years(text: str) -> Range | Refusal:
    """Read years, such as `2024:2026`."""
    return _ascending(text, _range(text, None, "a year"))


def location(text: str) -> str | Refusal:
    """Read the name of a time zone; it must be one of the bundled database."""
    if text in ("", "UTC"):
        return "UTC"
    if text == "Local":
        return Refusal("`Local` is the zone of the machine that Alertmanager runs on")
    if text not in zone_names():
        return Refusal(f"no time zone `{text}`")
    return text


def _minutes(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def _range(
    text: str, names: Mapping[str, int] | None, what: str, *, numbers: bool = False
) -> Range | Refusal:
    parts = text.lower().split(":")
    if len(parts) > 2:
        return Refusal(f"`{text}` is no range; write it as `first:last`")
    found: list[int] = []
    for part in parts:
        if names is not None and part in names:
            found.append(names[part])
        elif (names is None or numbers) and _NUMBER.fullmatch(part):
            found.append(int(part))
        else:
            return Refusal(f"`{part}` is not {what}")
    return found[0], found[-1]


def _ascending(text: str, found: Range | Refusal) -> Range | Refusal:
    if not isinstance(found, Refusal) and found[0] > found[1]:
        return Refusal(f"`{text}` ends before it begins")
    return found


def is_active(intervals: Iterable[TimeInterval], at: int) -> bool:
    """Whether an instant lies in any of a time interval's clauses.

    Raises CannotRunError for a zone that is not in the bundled database; see `location`.
    """
    return any(_contains(one, at) for one in intervals)


def is_muted(route: Route, intervals: Mapping[str, Sequence[TimeInterval]], at: int) -> bool:
    """Whether a route does not notify at an instant.

    It does not while one of its `muted` intervals is active, or while it has `active` ones and none
    of them is. A name that `intervals` does not define is never active; no Alertmanager starts so.
    """
    if any(is_active(intervals.get(name, ()), at) for name in route.muted):
        return True
    names = route.active
    return bool(names) and not any(is_active(intervals.get(name, ()), at) for name in names)


def week(
    route: Route, intervals: Mapping[str, Sequence[TimeInterval]], start: int, length: int = WEEK
) -> tuple[MutedStretch, ...]:
    """Return the stretches of the coming week in which a route does not notify, in order.

    They are exact: what is active changes only on a full minute that an interval names, at a day's
    start, or when a zone's clocks change, and each of those is looked at.
    """
    end = start + length
    clauses = [one for name in (*route.muted, *route.active) for one in intervals.get(name, ())]
    found: list[MutedStretch] = []
    moments = sorted({start, *_moments(clauses, start, end)})
    for at, until in zip(moments, (*moments[1:], end), strict=True):
        if not is_muted(route, intervals, at):
            continue
        if found and found[-1].end == at:
            found[-1] = MutedStretch(found[-1].start, until)
        else:
            found.append(MutedStretch(at, until))
    return tuple(found)


def _moments(clauses: Iterable[TimeInterval], start: int, end: int) -> Iterator[int]:
    """Yield the instants from `start` on and before `end` at which a clause may begin or end."""
    minutes: dict[str, set[int]] = {}
    for clause in clauses:
        minutes.setdefault(clause.zone, {0}).update(
            minute for pair in clause.times for minute in pair
        )
    for zone, named in minutes.items():
        clock = wall_clock(zone)
        changes = [change.at for change in clock.changes(start, end)]
        yield from changes
        for opens, closes in zip((start, *changes), (*changes, end), strict=True):
            offset = clock.wall_at(opens) - opens
            for day in range((opens + offset) // DAY, (closes + offset) // DAY + 1):
                moments = (day * DAY + minute * MINUTE - offset for minute in named)
                yield from (at for at in moments if opens <= at < closes)


def _contains(clause: TimeInterval, at: int) -> bool:
    wall = wall_clock(clause.zone).wall_at(at)
    day, rest = divmod(wall, DAY)
    date = calendar_day(day)
    minute = rest // MINUTE
    return (
        (not clause.times or any(first <= minute < last for first, last in clause.times))
        and _within(clause.weekdays, (day + 1) % 7)
        and _within(clause.months, date.month)
        and _within(clause.years, date.year)
        and (not clause.days or _on_day(clause, date.year, date.month, date.day))
    )


def _within(ranges: Sequence[Range], value: int) -> bool:
    return not ranges or any(first <= value <= last for first, last in ranges)


def _on_day(clause: TimeInterval, year: int, month: int, day: int) -> bool:
    count = _days_in_month(clause.zone, year, month)
    for first, last in clause.days:
        opens = first if first > 0 else count + first + 1
        closes = last if last > 0 else count + last + 1
        if opens <= count and opens <= day <= min(closes, count):
            return True
    return False


def _days_in_month(zone: str, year: int, month: int) -> int:
    """Count as Alertmanager does: the whole days that a month's hours make."""
    clock = wall_clock(zone)
    first = 12 * (year - 1) + month - 1
    start, end = (clock.instant_of(first_of_month(one) * DAY) for one in (first, first + 1))
    return (end - start) // (24 * HOUR)
