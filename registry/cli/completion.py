"""`opmodel completion`: a script that completes commands, options, codes and ids in a shell."""

import argparse

from registry.cli._command import Command
from registry.cli._output import emit
from registry.errors import CannotRunError

SHELLS = ("bash", "zsh", "tcsh", "fish", "powershell")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the shell, and what its script asks for."""
    add = parser.add_argument
    add("shell", choices=SHELLS, nargs="?", help="the shell to write for")
    add("--ids", metavar="SECTIONS", help="list ids as scripts ask: `all`, or `people,teams`")


def run(args: argparse.Namespace) -> int:
    """Print the script, which the shell's own start-up file loads, or the ids."""
    from registry.cli._completion import script
    from registry.cli._ids import ids

    if args.ids is not None:
        emit("".join(f"{one}\n" for one in ids(args.ids)))
    elif args.shell is None:
        raise CannotRunError("completion: no shell is named", f"name one: {', '.join(SHELLS)}")
    else:
        emit(script(args.shell))
    return 0


COMMAND = Command("Print a completion script for a shell.", arguments, run)
