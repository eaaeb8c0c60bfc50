"""`opmodel oncall`: schedules as calendars, their gaps, who is next, files for other programs."""

import argparse
import os

from registry.cli._arguments import add_registry
from registry.cli._command import Command
from registry.cli._output import emit, emit_bytes, is_colored
from registry.model.format import MANIFEST
from registry.source import seen

ACTIONS = ("show", "gaps", "next", "export")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the question."""
    add = parser.add_argument
    add("action", choices=ACTIONS, help="a calendar, open times, who is next, or a file")
    add("schedule", metavar="SCHEDULE", nargs="?", help="one schedule; else all")
    add_registry(parser, ["table", "json", "csv", "ics"], None)
    add("--from", dest="start", metavar="INSTANT", help="from then on; else --at, else now")
    add("--to", dest="end", metavar="INSTANT", help="up to then; else four weeks, `gaps`: horizon")
    add("--person", metavar="P", help="only schedules and shifts of this person")
    add("-o", "--output", metavar="PATH", help="write a file; else standard output")
    add("--color", choices=("auto", "always", "never"), default="auto", help="else auto")


def run(args: argparse.Namespace) -> int:
    """Answer; `gaps` returns 1 where one exists, or where that is not certain."""
    from registry.cli._asked import ask, between, warn_of_machine
    from registry.cli._oncall import answer, want
    from registry.cli._own_files import refuse_own_files
    from registry.clock.tzif import WEEK
    from registry.output.files import write_whole

    if args.directory is None and args.schedule and _is_folder(args.schedule):
        args.directory, args.schedule = args.schedule, None
    refuse_own_files(args, [args.output])
    asked = ask(args)
    start, end = between(args, asked, None if args.action == "gaps" else 4 * WEEK)
    color = is_colored(args.color) and args.output is None
    found, code = answer(args.action, want(args, asked, start, end, color=color))
    warn_of_machine(asked.opened, start, end)
    if args.output is not None:
        write_whole(args.output, found.encode() if isinstance(found, str) else found)
    elif isinstance(found, str):
        emit(found)
    else:
        emit_bytes(b"".join(found))
    return code


def _is_folder(name: str) -> bool:
    """Whether the only name that is given is a folder's, and no schedule's."""
    return os.sep in name or name == "." or seen.lexists(os.path.join(name, MANIFEST))


COMMAND = Command("Show who is on call when, and when nobody is.", arguments, run,
                  is_kept=lambda args: args.output is None)  # fmt: skip
