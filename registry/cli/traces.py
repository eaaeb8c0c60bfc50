"""`opmodel traces`: recorded traces against the policy, the prices and the budgets."""

import argparse

import registry.traces.engines
from registry.cli._arguments import BASELINE_HELP, add_time, check_options
from registry.cli._command import Command
from registry.cli._reports import FAIL_ON
from registry.plugins import stems

ACTIONS = ("check", "spend", "quality")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what to read, and what to show."""
    add = parser.add_argument
    add("action", choices=ACTIONS, help="against the policy; what it cost; how good it was")
    add("files", metavar="FILE", nargs="+",
        help="JSON lines of OTLP or of LangSmith's runs, also gzipped; or Parquet")  # fmt: skip
    add("--dir", dest="directory", metavar="DIR",
        help="the registry's root; else the nearest folder upward that is one")  # fmt: skip
    add_time(parser)
    add("--policy", metavar="PACK|PATH",
        help="poc, pilot, production or a file; else what the manifest names")  # fmt: skip
    add("--format", choices=("human", "json", "csv", "md", "sarif"), default="human",
        help="else human; sarif is for `check`")  # fmt: skip
    known = ", ".join(stems(registry.traces.engines))
    add("--engine", metavar="ENGINE", default="duckdb",
        help=f"what answers, of {known}; else duckdb")  # fmt: skip
    add("--by", metavar="FIELD", action="append", default=[],
        help="`spend`: split it by this telemetry field, too; may be repeated")  # fmt: skip
    add("--select", metavar="CODES", help="`check`: only these rules")
    add("--ignore", metavar="CODES", help="`check`: all rules but these")
    add("--fail-on", choices=FAIL_ON, default="error", help="exit 1 from there up; else error")
    add("--allow-unread", action="store_true", help="what could not be read fails nothing")
    add("--baseline", metavar="FILE", help=BASELINE_HELP)
    add("--show-suppressed", action="store_true", help="also list what is silenced")
    add("--color", choices=("auto", "always", "never"), default="auto", help="else auto")


def run(args: argparse.Namespace) -> int:
    """Read, judge and show; return 1 for a finding, and for what could not be read."""
    from registry.cli._reports import exit_code
    from registry.cli._traces import answered, show

    found = answered(args, check_options(args))
    show(found, args)
    unread = found.checked.is_partial and not args.allow_unread
    return max(exit_code(found.checked.result, args.fail_on), int(unread))


COMMAND = Command("Hold recorded traces against the policy, prices and budgets.",
                  arguments, run, "reading traces")  # fmt: skip
