"""`opmodel who`: whose it is, who is paged, and what does the runbook tell them to do."""

import argparse

from registry.cli._arguments import add_registry
from registry.cli._command import Command
from registry.cli._output import emit, is_colored


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the question."""
    add = parser.add_argument
    add("subject", metavar="ID|SECTION/ID",
        help="anything of the registry; deployed/NAME for a deployed alert")  # fmt: skip
    add_registry(parser, ["human", "json"], "human")
    add("--deployed", metavar="PATH", nargs="+", action="extend", default=[],
        help="where to look for deployed alerts; else the registry's folder deployed/")  # fmt: skip
    add("--firing", metavar="NAME", nargs="+", action="extend", default=[],
        help="deployed alerts that fire at the same time, and may silence it")  # fmt: skip
    add("--with-contacts", action="store_true", help="also show phone numbers and addresses")
    add("--color", choices=("auto", "always", "never"), default="auto", help="else auto")


def run(args: argparse.Namespace) -> int:
    """Answer; return 1 where nobody owns it, or the chain breaks."""
    from registry.cli._asked import ask, warn_of_machine
    from registry.cli._deployed import who_if_deployed
    from registry.cli._subject import folder_last
    from registry.paging.report import who_human, who_json
    from registry.paging.who import find_subject, who

    folder_last(args, ("deployed",))
    asked = ask(args)
    workspace = asked.opened.workspace
    found = who_if_deployed(args, asked)
    if found is None:
        found = who(
            workspace, asked.opened.policy, find_subject(workspace, args.subject), asked.at, args.tz
        )
    warn_of_machine(asked.opened, asked.at)
    contacts: bool = args.with_contacts
    if args.format == "json":
        emit(who_json.render(found, asked.shown, args.tz, with_contacts=contacts))
    else:
        color = is_colored(args.color)
        emit(who_human.render(found, asked.shown, args.tz, color=color, with_contacts=contacts))
    return 1 if found.breaks else 0


COMMAND = Command("Say who owns it, who is paged, and what their runbook says.", arguments, run,
                  is_kept=lambda _: True)  # fmt: skip
