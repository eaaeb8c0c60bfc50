"""A registry opened for a question about an instant, and the warnings that go with it."""

import argparse
from datetime import UTC, datetime
from typing import NamedTuple

from registry.cli._arguments import root_for, zone_for
from registry.cli._door import cache_folder
from registry.cli._output import note
from registry.cli._progress import running
from registry.clock.civil import instant, local, utc
from registry.clock.instants import read_civil
from registry.clock.tzif import DAY
from registry.clock.zones import tzdata_version
from registry.errors import CannotRunError
from registry.model.moments import ending, read_instant
from registry.model.oncall import Schedule
from registry.model.scalars import TEN_YEARS, Moment
from registry.oncall.machine import differences
from registry.output.terminal import brief
from registry.source import seen
from registry.source.cache import Cache
from registry.wording import counted
from registry.workspace.not_loaded import unread_files
from registry.workspace.open import Opened, open_registry
from registry.workspace.options import Options


class Question(NamedTuple):
    """The registry, and the instant as a number and as it is to be shown.

    `zone` is the one to show times in that belong to no schedule: `--tz`, else the manifest's.
    """

    opened: Opened
    at: int
    shown: datetime
    zone: str


def ask(args: argparse.Namespace) -> Question:
    """Open the registry that a command names, as of `--at`; without it, now.

    The instant is shown in `--tz`, else with the offset that it was given with, else in the
    manifest's zone. Says on standard error what did not load. Raises CannotRunError for an instant
    or a zone that is none.
    """
    now, local_zone = args.at is None, zone_for(args)
    if now:
        seen.doubt("the answer is of this very instant")
    at = instant(datetime.now(UTC)) if now else read_instant(args.at, local_zone, "--at")
    options = Options(utc(at), args.policy)
    opened = open_registry(root_for(args), options, Cache(cache_folder()), running())
    zone = args.tz or opened.workspace.manifest.timezone or "UTC"
    typed = None if now or local_zone else read_civil(args.at, local=True)
    if opened.problems:
        what = counted(len(opened.problems), "thing")
        named = unread_files(opened.workspace)
        which = f" ({brief(named)})" if named else ""
        note(
            f"opmodel: {what} did not load{which}, so that answers may lack them; "
            "see `opmodel check`"
        )
    return Question(opened, at, typed or local(at, zone), zone)


def between(
    args: argparse.Namespace, asked: Question, length: int | None = None
) -> tuple[int, int]:
    """Read `--from` and `--to`: local times in the zone of `asked`.

    A date alone as `--to` is inclusive. Without them: from `--at`, for `length`
    (µs), or as far as the policy's horizon.

    Raises CannotRunError where the end is not after the start, or more than ten years after it.
    """
    start = asked.at if args.start is None else read_instant(args.start, asked.zone, "--from")
    if args.end is None:
        horizon = asked.opened.policy.settings.horizon
        end = start + (length or horizon.milliseconds * 1000)
    else:
        end = read_instant(args.end, asked.zone, "--to")
        last = Moment(args.end.strip())
        end = ending(last, asked.zone) if last.is_date else end
    if end <= start:
        raise CannotRunError("`--to` is not after `--from`", "swap the two, or correct one")
    if end - start > TEN_YEARS * 1000:
        long = "from `--from` to `--to` it is longer than ten years"
        raise CannotRunError(long, "ask for at most ten years at a time")
    return start, end


def warn_of_machine(opened: Opened, start: int, end: int | None = None) -> None:
    """Say on standard error where this machine's own time zones give other answers.

    Looks at the zones that schedules use, from `start` to `end`, or the month from `start` on.
    """
    schedules = opened.workspace.all(Schedule).values()
    names = {one.timezone for one in schedules}
    names |= {rotation.timezone for one in schedules for rotation in one.rotations}
    names.add(opened.workspace.manifest.timezone)
    last = start + 30 * DAY if end is None else end
    for one in differences(sorted(str(name) for name in names if name), start, last):
        note(
            f"opmodel: from {utc(one.at):%Y-%m-%d} on, this machine's own time zones differ for "
            f"{one.zone}; answers here follow the bundled database {tzdata_version()}"
        )
