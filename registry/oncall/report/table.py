"""Schedules in a terminal: a calendar of days by people, gaps in red, and how hours are shared."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from registry.clock.civil import wall_clock
from registry.clock.tzif import DAY, calendar_day
from registry.clock.weekdays import DAY_NAMES
from registry.clock.words import date_and_time, rounded_length, time_of_day
from registry.oncall.absence import Unreachable
from registry.oncall.rota import Open, Rota, Turn, is_endless
from registry.oncall.shift import Shift
from registry.output.style import BOLD, RED, painted
from registry.output.terminal import escape, width, wrapped

NOBODY = "nobody"
_NONE = "there is no schedule\n"
_COLUMNS = 78
_MOST_PEOPLE = 8
_LEGEND = (
    "open: intended time with nobody on call. balance: (most − least) ÷ mean of the hours of those "
    "who serve, 0 where all serve alike. longest: one person, without a break. lone nights: person "
    "and night, 22:00 to 06:00 on their own clock, in which somebody serves alone. "
    "A star marks an override. In brackets: told as well, and counts for nothing."
)


def render(found: Sequence[Rota], person: str | None = None, *, color: bool = False) -> str:
    """Lay out each schedule: a row a day, a column a person, and a line of figures.

    Of one `person`, where one is given, the calendar alone.
    """
    if not found:
        return _NONE if person is None else f"{escape(person)} is on no schedule\n"
    lines: list[str] = []
    for one in found:
        lines += [painted(BOLD, f"{escape(one.schedule)} ({one.zone})", on=color)]
        lines += _calendar(one, person, color=color)
        lines += [_lost(lost, one.zone, color=color) for lost in one.unreachable]
        lines += _doubted(one.doubt, color=color)
        lines += ["", _figures(one, color=color), ""] if person is None else [""]
    if person is None:
        lines += wrapped(_LEGEND, _COLUMNS)
    return "\n".join(lines).rstrip("\n") + "\n"


def render_gaps(  # noqa: PLR0913 - what was found, and how it is to look
    found: Sequence[Open],
    start: int,
    end: int,
    zone: str,
    hidden: str | None = None,
    *,
    color: bool = False,
) -> str:
    """List each schedule's open times, and say from when to when was looked; in `zone`.

    `hidden` says what could not be read, where that may hold more.
    """
    lines: list[str] = []
    for one in found:
        state = "not certain" if one.doubt else "covered"
        if one.patterns or one.unreachable:
            what = "open" if one.patterns else "nobody who is there"
            state = painted(RED, what, on=color)
        lines.append(f"{escape(one.schedule)} ({one.zone}): {state}")
        for pattern in one.patterns:
            lines.append(f"  {painted(RED, pattern.text, on=color)}")
            total = f"    {rounded_length(pattern.total)} in all"
            if pattern.times > 1:
                first = date_and_time(pattern.first.start, one.zone)
                last = date_and_time(pattern.last.end, one.zone)
                total += f", {pattern.times} times, {first} to {last}"
            lines.append(total)
        lines += [f"  {_lost(lost, one.zone, color=color)}" for lost in one.unreachable]
        lines += _doubted(one.doubt, color=color)
    number = sum(bool(one.patterns or one.unreachable) for one in found)
    what = "1 schedule" if len(found) == 1 else f"{len(found)} schedules"
    unsure = sum(bool(one.doubt and not one.patterns and not one.unreachable) for one in found)
    doubted = f", {unsure} not certain" if unsure else ""
    lines.append(f"{what}, {number} with open times{doubted}")
    if hidden is not None:
        lines.append(painted(RED, f"not certain: {escape(hidden)}", on=color))
    lines.append(f"from {date_and_time(start, zone)} to {date_and_time(end, zone)} {zone}")
    return "\n".join(lines) + "\n"


def render_next(found: Sequence[Turn], person: str | None = None, *, color: bool = False) -> str:
    """List who is on call now, and who comes next: of one `person`, where one is given."""
    if not found:
        return _NONE if person is None else f"{escape(person)} is on no schedule\n"
    lines: list[str] = []
    for one in found:
        lines.append(painted(BOLD, f"{escape(one.schedule)} ({one.zone})", on=color))
        people = _named(one.now) or painted(RED, NOBODY, on=color)
        lines.append(f"  now   {people}, {_until(one.now, one.zone)}")
        if one.unreachable is not None:
            lines.append(f"        {painted(RED, f'but {_gone(one.unreachable)}', on=color)}")
        for shift in one.following:
            start = date_and_time(shift.start, one.zone)
            lines.append(f"  next  {_named(shift)}, from {start} {_until(shift, one.zone)}")
        if not one.following:
            lines.append("  next  nobody else" if person is None else "  next  no shift of theirs")
        lines += _doubted(one.doubt, color=color)
    return "\n".join(lines) + "\n"


class _Day(NamedTuple):
    """One day of a calendar, as far as the calendar has it: a day number, and its instants."""

    number: int
    start: int
    end: int


def _calendar(one: Rota, person: str | None, *, color: bool) -> Iterator[str]:
    named = dict.fromkeys(name for shift in one.shifts for name in (*shift.people, *shift.shadows))
    people = list(named) if person is None else [person]
    if len(people) > _MOST_PEOPLE:
        yield from _listing(one, color=color)
        return
    days = _days(one)
    cells: dict[tuple[int, str], list[str]] = {}
    for shift in one.shifts:
        for day, text in _cells(days, shift.start, shift.end, one):
            for name in shift.people:
                star = "*" if isinstance(shift.because, int) else ""
                cells.setdefault((day, name), []).append(text + star)
            for name in shift.shadows:
                cells.setdefault((day, name), []).append(f"({text})")
    gaps = one.gaps if person is None else ()
    for gap in gaps:
        for day, text in _cells(days, gap.start, gap.end, one):
            cells.setdefault((day, NOBODY), []).append(text)
    yield from _rows(days, cells, [*people, *((NOBODY,) if gaps else ())], color=color)


def _rows(
    days: Sequence[_Day],
    cells: dict[tuple[int, str], list[str]],
    columns: Sequence[str],
    *,
    color: bool,
) -> Iterator[str]:
    texts = {key: " ".join(cell) for key, cell in cells.items()}
    wide = {name: width(escape(name)) for name in columns}
    for (_, name), text in texts.items():
        wide[name] = max(wide.get(name, 0), len(text))
    heads = (_padded(escape(name), wide[name]) for name in columns)
    yield f"{'':15}  {'  '.join(heads)}".rstrip()
    for position, day in enumerate(days):
        if position and day.number % 7 == 0:
            yield ""
        padded = (
            (name, _padded(texts.get((day.number, name), ""), wide[name])) for name in columns
        )
        row = (painted(RED, text, on=color) if name == NOBODY else text for name, text in padded)
        date = calendar_day(day.number).isoformat()
        yield f"{DAY_NAMES[day.number % 7][:3]} {date}   {'  '.join(row)}".rstrip()


def _days(one: Rota) -> list[_Day]:
    """Cut the calendar at the midnights of the zone's clocks; a day may have 23 or 25 hours.

    A day that the clocks skip is left out.
    """
    clock = wall_clock(one.zone)
    number = clock.wall_at(one.start) // DAY - 1
    days: list[_Day] = []
    while (start := clock.instant_of(number * DAY)) < one.end:
        end = clock.instant_of((number + 1) * DAY)
        if max(start, one.start) < end:
            days.append(_Day(number, start, end))
        number += 1
    return days


def _cells(days: Sequence[_Day], start: int, end: int, one: Rota) -> Iterator[tuple[int, str]]:
    """Yield a stretch of time day by day: the day's number, and the times on it."""
    first = bisect_right(days, start, key=lambda day: day.start) - 1
    for day in days[max(first, 0) :]:
        if day.start >= end:
            return
        begins, stops = max(start, day.start), min(end, day.end)
        if (begins, stops) == (day.start, day.end):
            yield day.number, "all day"
            continue
        closes = "24:00" if stops == day.end else time_of_day(stops, one.zone)
        yield day.number, f"{time_of_day(begins, one.zone)}–{closes}"


def _listing(one: Rota, *, color: bool) -> Iterator[str]:
    gaps = [Shift(gap.start, gap.end, (), None) for gap in one.gaps]
    for shift in sorted((*one.shifts, *gaps), key=lambda row: row.start):
        start, end = (date_and_time(at, one.zone) for at in shift[:2])
        star = "*" if isinstance(shift.because, int) else ""
        yield f"  {start} – {end}  {_named(shift) or painted(RED, NOBODY, on=color)}{star}"


def _figures(one: Rota, *, color: bool) -> str:
    found = one.figures()
    is_open = bool(found.gaps)
    open_time = (
        painted(RED, rounded_length(found.gaps), on=color and is_open) if is_open else "none"
    )
    return (
        f"open: {open_time}; balance: {found.balance:.2f}; "
        f"longest: {rounded_length(found.longest)}; lone nights: {found.lone_nights}"
    )


def _doubted(doubt: str | None, *, color: bool) -> list[str]:
    if doubt is None:
        return []
    return [
        painted(RED, line, on=color)
        for line in wrapped(f"not certain: {doubt}", _COLUMNS, "  ", "  ")
    ]


def _lost(lost: Unreachable, zone: str, *, color: bool) -> str:
    start, end = (date_and_time(at, zone) for at in lost[:2])
    when = painted(RED, f"from {start} to {end}", on=color)
    return f"{when}: {_gone(lost)}, and on call with nobody else"


def _gone(lost: Unreachable) -> str:
    one = len(lost.people) == 1
    left, away = ("has left", "is away") if one else ("have left", "are away")
    return f"{' and '.join(map(escape, lost.people))} {left if lost.because == 'left' else away}"


def _until(shift: Shift, zone: str) -> str:
    return "for good" if is_endless(shift) else f"until {date_and_time(shift.end, zone)}"


def _named(shift: Shift) -> str:
    told = f" ({' and '.join(map(escape, shift.shadows))} as well, to learn)"
    return " and ".join(map(escape, shift.people)) + (told if shift.shadows else "")


def _padded(text: str, columns: int) -> str:
    return text + " " * (columns - width(text))
