"""The script that completes a command line in a shell: shtab reads one parser of all commands."""

import argparse

import shtab

from registry.checks.catalogue import rules
from registry.checks.explain_field import MODELS
from registry.cli._command import Parser, find
from registry.cli._ids import OF, command
from registry.cli._names import names
from registry.model.fields import fields
from registry.model.settings import Settings


def script(shell: str) -> str:
    """Write the script of one shell: bash, zsh, tcsh, fish or powershell."""
    return str(shtab.complete(_whole_parser(), shell=shell)).rstrip("\n") + "\n"


def _whole_parser() -> Parser:
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
    ways = {metavar: shtab.cmd(command(of)) for metavar, of in OF.items()}
    ways |= {
        "DIR": shtab.DIRECTORY,
        "FILE": shtab.FILE,
        "FILE.csv": shtab.FILE,
        "GLOB": shtab.FILE,
        "PATH": shtab.FILE,
        "PACK|PATH": shtab.FILE,
    }
    if action.metavar == "CODE|NAME|FIELD":
        names = [key for one in rules().values() for key in (one.code, one.name)]
        action.choices = [*names, *MODELS, *fields(Settings)]
    elif action.metavar in ways:
        action.complete = ways[action.metavar]  # type: ignore[attr-defined]
