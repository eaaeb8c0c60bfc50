"""A registry opened for a question about an instant, and the warnings that go with it."""

import argparse
from datetime import UTC, datetime
from typing import NamedTuple

from registry.check import Opened, open_registry
from registry.civil import instant, tzdata_version, utc
from registry.cli._arguments import cache_folder, zone_of
from registry.cli._output import note
from registry.errors import CannotRunError
from registry.model.oncall import Schedule
from registry.model.scalars import Moment
from registry.oncall.machine import differences
from registry.oncall.moments import ending, read_instant
from registry.options import Options
from registry.root import root_of
from registry.source.cache import Cache
from registry.tzif import DAY, SECOND


class Asked(NamedTuple):
    """The registry, and the instant as a number and as it is to be shown.

    `zone` is the one to show times in that belong to no schedule: `--tz`, else the manifest's.
    """

    opened: Opened
    at: int
    shown: datetime
    zone: str


def ask(args: argparse.Namespace) -> Asked:
    """Open the registry that a command names, as of `--at`; without it, now.

    Says on standard error what did not load, and where this machine's own time zones would give
    another answer. Raises CannotRunError for an instant or a zone that is none.
    """
    zone = zone_of(args.tz) if args.tz else None
    at = instant(datetime.now(UTC)) if args.at is None else read_instant(args.at, args.tz)
    own = datetime.fromisoformat(args.at).tzinfo if args.at else None
    shown = utc(at).astimezone(zone or own)
    options = Options(utc(at), args.policy)
    opened = open_registry(root_of(args.directory), options, Cache(cache_folder()))
    if opened.problems:
        number = len(opened.problems)
        what = "1 thing" if number == 1 else f"{number} things"
        note(f"opmodel: {what} did not load, so that answers may lack them; see `opmodel check`")
    warn_of_machine(opened, at - DAY, at + 30 * DAY)
    return Asked(opened, at, shown, args.tz or opened.workspace.manifest.timezone or "UTC")


def between(args: argparse.Namespace, asked: Asked, length: int | None = None) -> tuple[int, int]:
    """Read `--from` and `--to`: local times in the zone of `asked`.

    A date alone as `--to` is inclusive. Without them: from `--at`, for `length`
    (µs), or as far as the policy's horizon.

    Raises CannotRunError where the end is not after the start.
    """
    start = asked.at if args.start is None else read_instant(args.start, asked.zone)
    if args.end is None:
        horizon = asked.opened.policy.settings.horizon
        end = start + (length or horizon.milliseconds * SECOND // 1000)
    else:
        end = read_instant(args.end, asked.zone)
        end = ending(Moment(args.end), asked.zone) if Moment(args.end).is_date else end
    if end <= start:
        raise CannotRunError("`--to` is not after `--from`", "swap the two, or correct one")
    return start, end


def warn_of_machine(opened: Opened, start: int, end: int) -> None:
    """Warn where the machine's own time zone database differs on a zone that schedules use."""
    schedules = opened.workspace.all(Schedule).values()
    names = {one.timezone for one in schedules}
    names |= {rotation.timezone for one in schedules for rotation in one.rotations}
    names.add(opened.workspace.manifest.timezone)
    for one in differences(sorted(str(name) for name in names if name), start, end):
        first = f"{utc(one.at):%Y-%m-%d}"
        note(
            f"opmodel: from {first} on, this machine's own time zones differ for {one.zone}; "
            f"answers here follow the bundled database {tzdata_version()}"
        )
