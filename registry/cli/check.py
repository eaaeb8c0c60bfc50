"""`opmodel check`: every rule over one registry."""

import argparse

from registry.checks.result import Result
from registry.checks.result_cache import recall
from registry.cli._arguments import add_registry, cache_folder, check_options, root_for
from registry.cli._command import Command
from registry.cli._output import Progress
from registry.cli._reports import DEFAULT, FAIL_ON, exit_code, formats, prefix, read_reports, show
from registry.output.style import Style
from registry.source.cache import Cache
from registry.workspace.options import Options


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of a check."""
    add_registry(parser, formats(), DEFAULT, with_baseline=True)
    add, flag = parser.add_argument, "store_true"
    add("--report", metavar="F=PATH", action="append", default=[], help="also write a file")
    add("--fail-on", choices=FAIL_ON, default="error", help="exit 1 from there up; else error")
    add("--select", metavar="CODES", help="only these rules: codes, names, or beginnings: OM2")
    add("--ignore", metavar="CODES", help="all rules but these")
    add("--horizon", metavar="DURATION", help="how far to look ahead, as 90d; else the policy's")
    add("--statistics", action=flag, help="also count the findings of each rule")
    add("--show-suppressed", action=flag, help="also list what is silenced, and why")
    add("--no-cache", action=flag, help="neither read nor write what is remembered")
    add("--color", choices=("auto", "always", "never"), default="auto", help="else auto")


def run(args: argparse.Namespace) -> int:
    """Check, show, and return 1 where something is at or above `--fail-on`."""
    reports = read_reports(args.report)
    options = check_options(args)
    root = root_for(args)
    result = _result(root, options, Cache(None if args.no_cache else cache_folder()))
    style = Style(
        show_suppressed=args.show_suppressed, statistics=args.statistics, prefix=prefix(root)
    )
    show(result, args.format, style, args.color, reports)
    return exit_code(result, args.fail_on)


def _result(root: str, options: Options, cache: Cache) -> Result:
    """Recall the result of the same check, or check."""
    recalled = recall(root, options, cache)
    if recalled.result is not None:
        return recalled.result
    with Progress() as progress:
        from registry.checks.engine import check

        return check(root, options, cache, progress, recalled.gathered)


COMMAND = Command("Find where the registry's chain of owners, pages and runbooks is broken.",
                  arguments, run)  # fmt: skip
