"""Instants, intervals and lengths of time in words, for findings, reports and columns."""

from collections.abc import Sequence
from datetime import datetime

from registry.clock.civil import local, utc, wall_clock
from registry.clock.tzif import DAY, HOUR, LATEST, MINUTE, SECOND, WEEK

_UNITS = ((DAY, "d"), (HOUR, "h"), (MINUTE, "m"), (SECOND, "s"), (SECOND // 1000, "ms"))
_NEAR = 2 * DAY
"""More than the clocks of any zone have ever been moved at once."""
_SHOWN = 3
"""Intervals that a text tells one by one."""


# -- instants ----------------------------------------------------------------------------------


def with_offset(at: int, zone: str) -> str:
    """Write an instant as a date, a time of day and an offset."""
    shown = local(at, zone)
    return shown.isoformat(" ", "seconds" if shown.second else "minutes")


def on_the_wall(wall: int) -> str:
    """Write a wall time as a date and a time of day."""
    return utc(wall).replace(tzinfo=None).isoformat(" ", "minutes")


def day_and_time(shown: datetime, year: int | None = None) -> str:
    """Write a date and time, as `Mon 30 Nov 2026 09:00`; without the year where that is `year`."""
    years = "" if shown.year == year else f" {shown.year}"
    return f"{shown:%a %d %b}{years} {_time(shown)}"


def date_and_time(at: int, zone: str) -> str:
    """Write an instant (µs) for a column, as `Mon 2026-11-30 09:00`, on the clocks of a zone.

    Of a time that they show twice the offset tells which one it is.
    """
    shown = local(at, zone)
    return f"{shown:%a} {shown.date().isoformat()} {time_of_day(at, zone)}"


def time_of_day(at: int, zone: str) -> str:
    """Write an instant's time on the clocks of a zone, as `09:00`; with its offset as above."""
    clock = wall_clock(zone)
    wall, shown = clock.wall_at(at), local(at, zone)
    near = (one for one in clock.changes(at - _NEAR, at + _NEAR) if one.kind == "repeated")
    is_twice = any(low <= wall < high for low, high in (one.span for one in near))
    return _time(shown) + (offset(shown) if is_twice else "")


def offset(shown: datetime) -> str:
    """Write a datetime's offset from UTC, as `+01:00`."""
    text = f"{shown:%z}"
    return ":".join(filter(None, (text[:3], text[3:5], text[5:7])))


def _time(shown: datetime) -> str:
    return f"{shown:%H:%M:%S}" if shown.second else f"{shown:%H:%M}"


# -- intervals ---------------------------------------------------------------------------------


def during(start: int, end: int, zone: str, horizon: int = LATEST) -> str:
    """Write an interval: `from … to …`, or `from … on` where the horizon (an instant) cuts it."""
    until = f"to {with_offset(end, zone)}" if end < horizon else "on"
    return f"from {with_offset(start, zone)} {until} ({zone})"


def dates(spans: Sequence[tuple[int, int]], zone: str) -> str:
    """Write intervals (µs) as `from Thu 24 Dec 2026 00:00 to …`; of many the first few."""
    shown = ((day_and_time(local(at, zone)) for at in span) for span in spans)
    return _few([f"from {start} to {end}" for start, end in shown])


def hours_of_week(spans: Sequence[tuple[int, int]], at: int, zone: str) -> str:
    """Write intervals (µs) of the week from `at` on that come back each week, by weekday or day.

    What the week's start cuts in two is put together again.
    """
    spans = list(spans)
    if len(spans) > 1 and spans[0][0] == at and spans[-1][1] == at + WEEK:
        spans = [*spans[1:-1], (spans[-1][0], spans[0][1] + WEEK)]
    hours = {f"{local(start, zone):%H:%M} to {local(end, zone):%H:%M}" for start, end in spans}
    if len(spans) == 7 and len(hours) == 1 and all(end - start < DAY for start, end in spans):
        return f"every day {hours.pop()}"
    return _few([_of_week(start, end, zone) for start, end in spans])


def _of_week(start: int, end: int, zone: str) -> str:
    first, last = local(start, zone), local(end, zone)
    ends = f"{last:%H:%M}" if end - start < DAY else f"{last:%a %H:%M}"
    return f"{first:%a %H:%M} to {ends}"


def _few(shown: list[str]) -> str:
    more = f" and {len(shown) - _SHOWN} times more" if len(shown) > _SHOWN else ""
    return ", ".join(shown[:_SHOWN]) + more


# -- lengths of time ---------------------------------------------------------------------------


def exact_length(time: int) -> str:
    """Write a length of time (µs) as the format does: `1h30m`, `1d`; nothing as `0m`."""
    return _in_units(time, 0)


def delay(time: int) -> str:
    """Write a delay (µs) as `exact_length`, in hours and less: a day as `24h`."""
    return _in_units(time, 1)


def rounded_length(time: int) -> str:
    """Write a length of time (µs) in days, hours and minutes, as `6d12h`; rounded up."""
    return _in_units(-(-time // MINUTE) * MINUTE, 0)


def _in_units(time: int, first: int) -> str:
    found = ""
    for unit, letters in _UNITS[first:]:
        number, time = divmod(time, unit)
        found += f"{number}{letters}" if number else ""
    return found or "0m"
