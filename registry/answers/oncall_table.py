"""Schedules in a terminal: a calendar of days by people, gaps in red, and how the hours are shared.

The figures: `open` is the time of intended coverage with nobody; `balance` is (most − least) ÷ mean
of the hours of those who serve, 0 where all serve alike; `longest` is the longest that one person
serves without a break; `lone nights` counts person and night, 22:00 to 06:00 in the person's zone,
in which somebody serves alone.
"""

from collections.abc import Iterator, Sequence

from registry.civil import local, wall_clock
from registry.oncall.pattern import Pattern
from registry.oncall.shift import Shift
from registry.rota import Rota, Turn
from registry.terminal import escape, width
from registry.tzif import DAY, HOUR, MINUTE, calendar_day

NOBODY = "nobody"
_MOST_PEOPLE = 8
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

Cell = tuple[int, int]
"""A stretch of one day: minutes since its midnight."""


def render(found: Sequence[Rota], *, color: bool = False) -> str:
    """Lay out each schedule: a row a day, a column a person, and a line of figures."""
    lines: list[str] = []
    for one in found:
        lines += [*_calendar(one, color=color), *_figures(one, color=color), ""]
    return "\n".join(lines) or "there is no schedule\n"


def render_gaps(
    found: Sequence[tuple[str, str, tuple[Pattern, ...]]], *, color: bool = False
) -> str:
    """List each schedule's open times: (schedule, zone, patterns)."""
    lines: list[str] = []
    for id_, zone, patterns in found:
        state = _red("open", color=color) if patterns else "covered"
        lines.append(f"{escape(id_)} ({zone}): {state}")
        for one in patterns:
            first = f"{local(one.first.start, zone):%Y-%m-%d %H:%M%z}"
            last = f"{local(one.last.end, zone):%Y-%m-%d %H:%M%z}"
            times = f", {one.times} times, first {first}, the last ends {last}" * (one.times > 1)
            lines.append(f"  {_red(one.text, color=color)}, {_length(one.total)} in all{times}")
    open_ones = sum(bool(patterns) for _, _, patterns in found)
    lines.append(f"{len(found)} schedules, {open_ones} with open times")
    return "\n".join(lines) + "\n"


def render_next(found: Sequence[Turn], *, color: bool = False) -> str:
    """List who is on call now, and who comes next."""
    lines: list[str] = []
    for one in found:
        people = _named(one.now) or _red(NOBODY, color=color)
        lines.append(f"{escape(one.schedule)} ({one.zone})")
        lines.append(f"  now   {people}, until {_moment(one.now.end, one.zone)}")
        for shift in one.following:
            start, end = _moment(shift.start, one.zone), _moment(shift.end, one.zone)
            lines.append(f"  next  {_named(shift)}, {start} – {end}")
    return "\n".join(lines) + "\n" if lines else "there is no schedule\n"


def _calendar(one: Rota, *, color: bool) -> Iterator[str]:
    people = list(dict.fromkeys(person for shift in one.shifts for person in shift.people))
    yield _bold(f"{escape(one.schedule)} ({one.zone})", color=color)
    if len(people) > _MOST_PEOPLE:
        yield from _listing(one, color=color)
        return
    cells: dict[tuple[int, str], list[Cell]] = {}
    for shift in one.shifts:
        for person in shift.people:
            _mark(cells, person, shift.start, shift.end, one.zone)
    for gap in one.gaps:
        _mark(cells, NOBODY, gap.start, gap.end, one.zone)
    columns = [*people, *((NOBODY,) if one.gaps else ())]
    days = _days(one)
    texts = {(day, name): _text(cells.get((day, name), [])) for day in days for name in columns}
    wide = {
        name: max(width(escape(name)), *(len(texts[day, name]) for day in days)) for name in columns
    }
    heads = (_padded(escape(name), wide[name]) for name in columns)
    yield f"{'':15}  {'  '.join(heads)}".rstrip()
    for number, day in enumerate(days):
        if number and day % 7 == 0:
            yield ""
        row = (
            _red(_padded(texts[day, name], wide[name]), color=color and name == NOBODY)
            for name in columns
        )
        yield f"{_DAYS[day % 7]} {calendar_day(day).isoformat()}   {'  '.join(row)}".rstrip()


def _listing(one: Rota, *, color: bool) -> Iterator[str]:
    gaps = [Shift(gap.start, gap.end, (), None) for gap in one.gaps]
    for shift in sorted((*one.shifts, *gaps), key=lambda row: row.start):
        times = f"{_moment(shift.start, one.zone)} – {_moment(shift.end, one.zone)}"
        yield f"  {times}  {_named(shift) or _red(NOBODY, color=color)}"


def _figures(one: Rota, *, color: bool) -> Iterator[str]:
    found = one.figures
    open_time = _length(found.gaps) if found.gaps else "none"
    yield (
        f"open: {_red(open_time, color=color and bool(found.gaps))}; balance: {found.balance:.2f}; "
        f"longest: {_length(found.longest)}; lone nights: {found.lone_nights}"
    )


def _days(one: Rota) -> list[int]:
    clock = wall_clock(one.zone)
    return list(range(clock.wall_at(one.start) // DAY, clock.wall_at(one.end - 1) // DAY + 1))


def _mark(
    cells: dict[tuple[int, str], list[Cell]], name: str, start: int, end: int, zone: str
) -> None:
    """Cut a stretch at the midnights of a zone's wall clock."""
    clock = wall_clock(zone)
    opens, closes = clock.wall_at(start), clock.wall_at(end - 1) + 1
    if closes <= opens:
        closes = opens + 1
    for day in range(opens // DAY, (closes - 1) // DAY + 1):
        first, last = max(opens, day * DAY), min(closes, (day + 1) * DAY)
        cell = ((first - day * DAY) // MINUTE, -(-(last - day * DAY) // MINUTE))
        cells.setdefault((day, name), []).append(cell)


def _text(cells: list[Cell]) -> str:
    if cells == [(0, 24 * 60)]:
        return "all day"
    return " ".join(f"{_clock(opens)}–{_clock(closes)}" for opens, closes in cells)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _moment(at: int, zone: str) -> str:
    return f"{local(at, zone):%a %Y-%m-%d %H:%M%z}"


def _named(shift: Shift) -> str:
    return " and ".join(map(escape, shift.people))


def _length(time: int) -> str:
    hours, rest = divmod(time, HOUR)
    days, hours = divmod(hours, 24)
    parts = [(days, "d"), (hours, "h"), (rest // MINUTE, "m")]
    return "".join(f"{number}{unit}" for number, unit in parts if number) or "0m"


def _padded(text: str, columns: int) -> str:
    return text + " " * (columns - width(text))


def _red(text: str, *, color: bool) -> str:
    return f"\x1b[1;31m{text}\x1b[0m" if color and text.strip() else text


def _bold(text: str, *, color: bool) -> str:
    return f"\x1b[1m{text}\x1b[0m" if color else text
