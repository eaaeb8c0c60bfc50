"""Instants, intervals and delays, as messages write them."""

from registry.clock.civil import local, utc
from registry.clock.tzif import DAY, HOUR, LATEST, MINUTE, SECOND

_UNITS = ((DAY, "d"), (HOUR, "h"), (MINUTE, "m"), (SECOND, "s"), (SECOND // 1000, "ms"))


def clock(at: int, zone: str) -> str:
    """Write an instant as a date, a time of day and an offset."""
    shown = local(at, zone)
    return shown.isoformat(" ", "seconds" if shown.second else "minutes")


def on_the_wall(wall: int) -> str:
    """Write a wall time as a date and a time of day."""
    return utc(wall).replace(tzinfo=None).isoformat(" ", "minutes")


def during(start: int, end: int, zone: str, horizon: int = LATEST) -> str:
    """Write an interval: `from … to …`, or `from … on` where the horizon (an instant) cuts it."""
    until = f"to {clock(end, zone)}" if end < horizon else "on"
    return f"from {clock(start, zone)} {until} ({zone})"


def length(time: int) -> str:
    """Write a delay in µs as the format does: `1h30m`; whole days as `1d`, nothing as `0m`."""
    found = ""
    for unit, letters in _UNITS:
        count, time = divmod(time, unit)
        found += f"{count}{letters}" if count else ""
    return found or "0m"
