"""`opmodel refs`: what refers to an entity, and what it refers to."""

import argparse

from registry.cli._arguments import add_registry
from registry.cli._command import Command
from registry.cli._output import emit, is_colored


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the question."""
    add = parser.add_argument
    add("subject", metavar="SECTION/ID", help="an entity; an id alone will do where it is clear")
    add_registry(parser, ["human", "json"], "human")
    add("--color", choices=("auto", "always", "never"), default="auto", help="else auto")


def run(args: argparse.Namespace) -> int:
    """List the references."""
    from registry.cli._asked import ask
    from registry.workspace.lookup import look_up
    from registry.workspace.refs import refs
    from registry.workspace.report import refs_human, refs_json

    workspace = ask(args).opened.workspace
    found = refs(workspace, look_up(workspace, args.subject))
    if args.format == "json":
        emit(refs_json.render(found))
    else:
        emit(refs_human.render(found, color=is_colored(args.color)))
    return 0


COMMAND = Command("List what refers to an entity, and what it refers to.", arguments, run)
