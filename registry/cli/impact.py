"""`opmodel impact`: what breaks without a person or a team."""

import argparse

from registry.cli._arguments import add_registry
from registry.cli._command import Command
from registry.cli._output import emit, is_colored


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the question."""
    add = parser.add_argument
    add("--without", metavar="PERSON|TEAM", required=True, help="who is not there")
    add("--from", dest="start", metavar="INSTANT", help="from then on; else --at, else now")
    add("--to", dest="end", metavar="INSTANT", help="up to then; else as far as the policy looks")
    add_registry(parser, ["human", "json"], "human")
    add("--color", choices=("auto", "always", "never"), default="auto", help="else auto")


def run(args: argparse.Namespace) -> int:
    """Work out the losses; return 1 where there is one, or where that is not certain."""
    from registry.cli._asked import ask, between, warn_of_machine
    from registry.paging.impact import impact
    from registry.paging.report import impact_human, impact_json

    asked = ask(args)
    start, end = between(args, asked)
    found = impact(asked.opened.workspace, args.without, start, end)
    if args.tz is not None:
        found = found._replace(losses=tuple(one._replace(zone=args.tz) for one in found.losses))
    warn_of_machine(asked.opened, start, end)
    if args.format == "json":
        emit(impact_json.render(found))
    else:
        emit(impact_human.render(found, asked.zone, color=is_colored(args.color)))
    return 1 if found.losses or found.doubts else 0


COMMAND = Command("Say what loses its owner, its pager or its operator.", arguments, run,
                  "looking ahead")  # fmt: skip
