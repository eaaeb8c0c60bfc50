"""`opmodel check`: every rule over a registry, or over several."""

import argparse

from registry.cli._arguments import add_registry
from registry.cli._checked import check_all
from registry.cli._command import Command
from registry.cli._own_files import refuse_own_files
from registry.cli._reports import DEFAULT, FAIL_ON, exit_code, formats, read_reports, show


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of a check."""
    add_registry(parser, formats(), DEFAULT, several=True, with_baseline=True)
    add, flag = parser.add_argument, "store_true"
    add("--report", metavar="F=PATH", action="append", default=[], help="also write a file")
    add("--fail-on", choices=FAIL_ON, default="error", help="exit 1 from there up; else error")
    add("--select", metavar="CODES", help="only these rules: codes, names, or beginnings: OM2")
    add("--ignore", metavar="CODES", help="all rules but these")
    add("--since", metavar="REF", help="only what is new since a git revision, as origin/main")
    add("--horizon", metavar="DURATION", help="how far to look ahead, as 90d; else the policy's")
    add("--statistics", action=flag, help="also count the findings of each rule")
    add("--show-suppressed", action=flag, help="also list what is silenced, and why")
    add("--fix", action=flag, help="mend in the files what can only be meant one way")
    add("--unsafe-fixes", action=flag, help="with --fix: also what is probably meant")
    add("--diff", action=flag, help="show what --fix would change, and write nothing")
    add("--no-cache", action=flag, help="neither read nor write what is remembered")
    add("--color", choices=("auto", "always", "never"), default="auto", help="else auto")


def run(args: argparse.Namespace) -> int:
    """Check, show, and return 1 where something is at or above `--fail-on`, 2 where one cannot."""
    reports = read_reports(args.report)
    refuse_own_files(args, [one.path for one in reports])
    is_fixed = True
    if args.fix or args.diff or args.unsafe_fixes:
        from registry.cli import _fixed

        _fixed.fits(args)
        if args.diff:
            return _fixed.show_diff(args)
        is_fixed = _fixed.fix(args)
    checks, are_all = check_all(args)
    show(checks, args.format, args.color, reports)
    code = max(exit_code(one.result, args.fail_on) for one in checks) if are_all else 2
    return code if is_fixed else max(code, 1)


def _is_kept(args: argparse.Namespace) -> bool:
    other = (args.fix, args.unsafe_fixes, args.diff, args.report, args.since, args.no_cache)
    return not any(other)


COMMAND = Command("Find where the registry's chain of owners, pages and runbooks is broken.",
                  arguments, run, "checking", _is_kept)  # fmt: skip
