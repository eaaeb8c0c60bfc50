"""`opmodel oncall`: schedules as calendars, their gaps, who is next, files for other programs."""

import argparse
import os

from registry.cli._arguments import add_registry
from registry.cli._command import Command
from registry.cli._output import emit, is_colored
from registry.format import MANIFEST

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
    """Answer; `gaps` returns 1 where one exists."""
    from registry.cli._asked import ask, between
    from registry.cli._oncall import answer, gaps
    from registry.tzif import WEEK
    from registry.write import write_whole

    if args.directory is None and args.schedule and _is_registry(args.schedule):
        args.directory, args.schedule = args.schedule, None
    asked = ask(args)
    limit = None if args.action == "gaps" else 4 * WEEK
    start, end = between(args, asked, limit)
    color = is_colored(args.color) and args.output is None
    if args.action == "gaps":
        text, code = gaps(args, asked, start, end, color=color)
    else:
        text, code = answer(args, asked, start, end, color=color), 0
    if args.output is None:
        emit(text)
    else:
        write_whole(args.output, text.encode())
    return code


def _is_registry(name: str) -> bool:
    """Whether the only name that is given is a folder's, and not a schedule's."""
    return os.path.lexists(os.path.join(name, MANIFEST))


COMMAND = Command("Show who is on call when, and when nobody is.", arguments, run)
