"""`opmodel init`: a registry that checks clean, to fill in."""

import argparse
from datetime import UTC, datetime

from registry.cli._arguments import add_time, instant
from registry.cli._command import Command
from registry.cli._output import emit
from registry.format import MANIFEST, STAGES
from registry.terminal import escape


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add where it goes, and for which stage."""
    parser.add_argument("directory", metavar="DIR", nargs="?", default=".", help="else here")
    parser.add_argument("--stage", choices=STAGES, default=STAGES[0], help=f"else {STAGES[0]}")
    add_time(parser)


def run(args: argparse.Namespace) -> int:
    """Write the starter of the stage; the manifest last, so that half of one is no registry."""
    from registry.starter import starter
    from registry.write import write_new

    now = datetime.now(UTC) if args.at is None else instant(args.at, args.tz)
    files = starter(args.stage, now.date())
    write_new(args.directory, files)
    for name in sorted(files):
        emit(f"{name}\n")
    where = "" if args.directory == "." else f" {escape(args.directory)}"
    emit(f"\nA registry for the stage {args.stage}: read {MANIFEST} first, then fill in.\n")
    emit(f"`opmodel check{where}` says what is missing.\n")
    return 0


COMMAND = Command("Write a registry that checks clean, to fill in.", arguments, run)
