"""Who is on call, day by day: a row a schedule, a column a day, four weeks."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise

from registry.clock.civil import wall_clock
from registry.clock.tzif import DAY, calendar_day
from registry.clock.words import time_of_day
from registry.export.workbook.sections import Show
from registry.model.oncall import Schedule
from registry.oncall.rota import Rota, rota
from registry.output.workbook import BookColumn, BookRow, BookSheet, cut
from registry.workspace.names import NOT_READ, DisplayNames, declared
from registry.workspace.workspace import Workspace

NAME = "On call"
WEEKS = 4
NOBODY = "nobody"


def on_call_sheet(workspace: Workspace, at: int, show: Show) -> BookSheet:
    """Lay out the weeks that begin on the day of an instant, by each schedule's own clock.

    A day on which somebody takes over says from when; one with a gap says `nobody` for that time.
    """
    zone = workspace.manifest.timezone or "UTC"
    first = wall_clock(zone).wall_at(at) // DAY
    days = [first + number for number in range(7 * WEEKS)]
    heads = [_day(calendar_day(number)) for number in days]
    columns = (
        BookColumn("schedule", "schedule"),
        BookColumn("team", "team"),
        BookColumn("time zone", "timezone"),
        *(BookColumn(head, head) for head in heads),
    )
    rows = tuple(_rows(workspace, days, show))
    about = "Each schedule by its own clock. `nobody` is a gap: nobody is on call who should be."
    return BookSheet(NAME, f"On call in {workspace.manifest.name}", columns, rows, about)


def _day(day: date) -> str:
    return f"{day:%a} {day.isoformat()}"


def _rows(workspace: Workspace, days: Sequence[int], show: Show) -> Iterator[BookRow]:
    display = DisplayNames(workspace)
    for id_, schedule in declared(workspace, Schedule):
        start = workspace.resolve(workspace.locate("schedules", id_)).start
        note = f"{workspace.file_of('schedules', id_)}:{start.line}"
        if schedule is None:
            yield BookRow(id_, (id_, NOT_READ, "", *[""] * len(days)), note)
            continue
        default = schedule.timezone or workspace.manifest.timezone or "UTC"
        clock = wall_clock(default)
        edges = [clock.instant_of(number * DAY) for number in (*days, days[-1] + 1)]
        asked = rota(workspace, id_, edges[0], edges[-1])
        team = display.called(schedule.team) if schedule.team else ""
        cells = tuple(cut(show(cell)) for cell in _cells(asked, edges, display))
        yield BookRow(id_, (id_, show(team), default, *cells), note)


def _cells(asked: Rota, edges: Sequence[int], display: DisplayNames) -> Iterator[str]:
    shifts = [
        (one.start, one.end, " and ".join(map(display.called, one.people))) for one in asked.shifts
    ]
    gaps = [(one.start, one.end, NOBODY) for one in asked.gaps]
    stretches = sorted((*shifts, *gaps))
    for start, end in pairwise(edges):
        found = [one for one in stretches if one[0] < end and one[1] > start and one[2]]
        yield "\n".join(_stretch(one, start, end, asked.zone) for one in found)


def _stretch(one: tuple[int, int, str], start: int, end: int, zone: str) -> str:
    begins, stops, who = one
    if begins <= start and stops >= end:
        return who
    if begins <= start:
        return f"{who} until {time_of_day(stops, zone)}"
    if stops >= end:
        return f"{who} from {time_of_day(begins, zone)}"
    return f"{who} {time_of_day(begins, zone)}–{time_of_day(stops, zone)}"
