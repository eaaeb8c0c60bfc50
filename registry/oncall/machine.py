"""Where the machine's own tz database gives other times than the bundled one."""

import os
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from registry.clock.civil import wall_clock
from registry.clock.tzif import WallClock
from registry.source import seen

FOLDERS = (
    "/usr/share/zoneinfo",
    "/usr/lib/zoneinfo",
    "/usr/share/lib/zoneinfo",
    "/etc/zoneinfo",
)
"""Where systems keep their zones, as PEP 615 has them."""


class ClockDifference(NamedTuple):
    """In `zone`, the two databases disagree first at the instant `at`: offsets in microseconds."""

    zone: str
    at: int
    bundled: int
    machine: int


def differences(
    zones: Iterable[str], start: int, end: int, folders: Sequence[str] = FOLDERS
) -> Iterator[ClockDifference]:
    """Yield zones of which the machine's database has other offsets from `start` to `end`.

    Other programs on this machine, a calendar say, then show other times. A zone that the machine
    does not have, or has in a form that cannot be read, is left out. This opens files outside of
    the registry: it is for a command that says so, and never part of a check.
    """
    for name in sorted(set(zones)):
        own = _machine_clock(name, folders)
        bundled = wall_clock(name)
        found = _first_difference(bundled, own, start, end) if own is not None else None
        if own is not None and found is not None:
            yield ClockDifference(
                name, found, bundled.wall_at(found) - found, own.wall_at(found) - found
            )


def _machine_clock(name: str, folders: Sequence[str]) -> WallClock | None:
    for folder in folders:
        path = os.path.join(folder, *name.split("/"))
        seen.mark(path)
        try:
            with open(path, "rb") as file:
                return WallClock(file.read())
        except (OSError, ValueError):
            continue
    return None


def _first_difference(one: WallClock, other: WallClock, start: int, end: int) -> int | None:
    """Look at the start and wherever either clock is changed: between, neither moves."""
    changes = {change.at for clock in (one, other) for change in clock.changes(start, end)}
    instants = sorted({start, *changes}) if start < end else []
    return next((at for at in instants if one.wall_at(at) != other.wall_at(at)), None)
