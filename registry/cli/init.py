"""`opmodel init`: a registry that checks clean, to fill in, or a draft of what is deployed."""

import argparse
import shlex
from datetime import UTC, datetime

from registry.cli._arguments import add_time, instant
from registry.cli._command import Command
from registry.cli._output import emit
from registry.model.format import MANIFEST, PROFILES, SCHEMAS, STAGES
from registry.output.terminal import escape


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add where it goes, for which stage, and what to begin from."""
    add = parser.add_argument
    add("directory", metavar="DIR", nargs="?", default=".", help="else here")
    add("--stage", choices=STAGES, default=STAGES[0], help=f"else {STAGES[0]}")
    add("--profile", choices=PROFILES, default=PROFILES[0],
        help=f"service: a system with no model in it; else {PROFILES[0]}")  # fmt: skip
    add("--from", dest="sources", metavar="NAMES PATH", nargs="+",
        help="draft it from deployed configuration: readers, as prometheus,alertmanager, or all, "
        "then files, folders or globs")  # fmt: skip
    add("--severity", metavar="WORD=sev2", action="append", default=[],
        help="with --from: what a word of the rules means; `=sev4` where none is")  # fmt: skip
    add_time(parser)


def run(args: argparse.Namespace) -> int:
    """Write the starter of the stage or a draft; the manifest last: half of one is no registry."""
    from registry.cli._drafted import drafted
    from registry.output.files import write_new
    from registry.workspace.legend import filled_in, without_schemas_there

    now = datetime.now(UTC) if args.at is None else instant(args.at, args.tz)
    files = filled_in(drafted(args) if args.sources else _started(args, now))
    files = without_schemas_there(args.directory, files)
    write_new(args.directory, files)
    for name in sorted(files):
        emit(f"{name}\n")
    where = "" if args.directory == "." else f" {escape(shlex.quote(args.directory))}"
    emit(f"\nA registry for the stage {args.stage}: read {MANIFEST} first, then fill in.\n")
    says = "what is missing" if args.sources else "what breaks while you fill it in"
    emit(f"`opmodel check{where}` says {says}.\n")
    emit(f"Editors that know YAML schemas say what each field is for, from {SCHEMAS}/.\n")
    return 0


def _started(args: argparse.Namespace, now: datetime) -> dict[str, bytes]:
    from registry.workspace.starter import starter

    return starter(args.stage, now.date(), args.profile)


COMMAND = Command("Write a registry that checks clean, to fill in.", arguments, run)
