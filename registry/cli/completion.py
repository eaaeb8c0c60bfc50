"""`opmodel completion`: a script that completes commands, options and rule codes in a shell."""

import argparse

from registry.cli._command import Command, Parser, find, names
from registry.cli._output import emit

SHELLS = ("bash", "zsh", "tcsh")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the shell."""
    parser.add_argument("shell", choices=SHELLS, help="the shell to write for")


def run(args: argparse.Namespace) -> int:
    """Print the script; the shell's own start-up file is where it goes."""
    import shtab

    emit(shtab.complete(whole_parser(), shell=args.shell).rstrip("\n") + "\n")
    return 0


def whole_parser() -> Parser:
    """Make one parser of all commands, each argument saying what completes it."""
    whole = Parser("opmodel")
    whole.add_argument("--version", action="store_true", help="tell the versions")
    commands = whole.add_subparsers(dest="command")
    for name in names():
        command = find(name)
        parser = commands.add_parser(name, help=command.summary, description=command.summary)
        command.arguments(parser)
        for action in parser._actions:  # noqa: SLF001 - argparse has no other way to its actions
            _complete(action)
    return whole


def _complete(action: argparse.Action) -> None:
    import shtab

    from registry.checks.catalogue import rules
    from registry.checks.explain_field import MODELS
    from registry.model.fields import fields
    from registry.model.settings import Settings

    if action.metavar == "DIR":
        action.complete = shtab.DIRECTORY  # type: ignore[attr-defined]
    elif action.metavar in {"FILE", "PATH", "PACK|PATH"}:
        action.complete = shtab.FILE  # type: ignore[attr-defined]
    elif action.metavar == "CODE|NAME|FIELD":
        names = [key for one in rules().values() for key in (one.code, one.name)]
        action.choices = [*names, *MODELS, *fields(Settings)]


COMMAND = Command("Print a completion script for a shell.", arguments, run)
