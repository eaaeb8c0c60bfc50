"""`opmodel baseline`: findings that are known, accepted for a time, and told from new ones."""

import argparse

from registry.cli._arguments import BASELINE_HELP, add_registry
from registry.cli._command import Command

ACTIONS = ("create", "prune", "show")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what is done, on what terms, and over what."""
    add, flag = parser.add_argument, "store_true"
    add("action", choices=ACTIONS, help="accept what is found, remove what is mended, or list")
    add_registry(parser, ["human", "json"], "human")
    add("--baseline", metavar="FILE", help=BASELINE_HELP)
    add("--reason", metavar="TEXT", help="create: why; else that it was known on this day")
    add("--owner", metavar="ID", help="create: the person or role who sees to it")
    add("--until", metavar="DATE", help="create: the last day; else as far as max_waiver goes")
    add("--select", metavar="CODES", help="create: only findings of these rules")
    add("--ignore", metavar="CODES", help="create: findings of all rules but these")
    add("--add", action=flag, help="create: put what is new into a baseline that is there")
    add("--diff", action=flag, help="create, prune: show what would change, and write nothing")
    add("--deployed", metavar="PATH", nargs="*", action="extend",
        help="also what `audit` finds there; without a path in deployed/")  # fmt: skip
    add("--horizon", metavar="DURATION", help="how far to look ahead, as 90d; else the policy's")
    add("--color", choices=("auto", "always", "never"), default="auto", help="else auto")


def run(args: argparse.Namespace) -> int:
    """Do it; `create` returns 1 where something was found that no baseline accepts."""
    from registry.cli import _baseline

    _baseline.fits(args)
    found = _baseline.hold(args)
    if args.action == "show":
        return _baseline.show(found, args)
    if args.action == "prune":
        return _baseline.prune(found, args)
    return _baseline.create(found, args)


COMMAND = Command("Accept the findings of today for a time, and show the new ones.",
                  arguments, run)  # fmt: skip
