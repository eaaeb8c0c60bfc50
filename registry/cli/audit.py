"""`opmodel audit`: what is really deployed, against the registry."""

import argparse

from registry.cli._arguments import add_registry, check_options
from registry.cli._command import Command
from registry.cli._output import note
from registry.cli._reports import FAIL_ON, formats

_FORMS = ["human", "json", "md", "csv", "xlsx", "junit"]


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what to read, and what to show."""
    from registry.deployed.ingest import ingesters

    forms = [*_FORMS, *(one for one in formats() if one not in _FORMS)]
    add_registry(parser, forms, None, with_baseline=True)
    add = parser.add_argument
    for option in sorted({one.option for one in ingesters().values()}):
        about = "; ".join(one.summary for one in ingesters().values() if one.option == option)
        add(f"--{option}", metavar="GLOB", nargs="+", action="extend", default=[], help=about)
    add("--deployed", metavar="PATH", nargs="+", action="extend", default=[],
        help="files or folders of any kind; else the registry's folder deployed/")  # fmt: skip
    add("--people", metavar="FILE.csv",
        help="who works here: columns id or email, and active or last day")  # fmt: skip
    add("-o", "--output", metavar="PATH", help="write a file; else to standard output")
    add("--fail-on", choices=FAIL_ON, default="error", help="exit 1 from there up; else error")
    add("--allow-unread", action="store_true", help="what could not be read fails nothing")
    add("--fail-under", metavar="FIGURE=PERCENT,…", default="", help="as owned=90,routed=100")
    add("--select", metavar="CODES", help="only these rules: codes, names, or beginnings")
    add("--ignore", metavar="CODES", help="all rules but these")
    add("--show-suppressed", action="store_true", help="also list what is silenced")
    add("--color", choices=("auto", "always", "never"), default="auto", help="else auto")


def run(args: argparse.Namespace) -> int:
    """Audit, show, and return 1 for a finding or a figure that is too low."""
    from registry.audit.audit import limits
    from registry.audit.exits import allowing_unread, exit_code
    from registry.cli._audited import asked_paths, audit_for, deliver
    from registry.cli._own_files import refuse_own_files
    from registry.cli._subject import folder_last
    from registry.deployed.ingest import ingesters

    folder_last(args, (*(one.option for one in ingesters().values()), "deployed"))
    refuse_own_files(args, [args.output], asked_paths(args))
    wanted = limits(args.fail_under) if args.fail_under else {}
    found = audit_for(args, check_options(args))
    found = allowing_unread(found) if args.allow_unread else found
    code = deliver(found, args)
    low = found.below(wanted)
    for line in low:
        note(f"opmodel: {line}")
    partial = found.is_partial and not args.allow_unread
    return max(code, exit_code(found, args.fail_on), int(bool(low) or partial))


COMMAND = Command("Hold what is deployed against the registry: owners, ways, pages.",
                  arguments, run, "auditing")  # fmt: skip
