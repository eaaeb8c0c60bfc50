"""What a command is, and how it is found: by its module's name, without importing the others."""

import argparse
import re
from collections.abc import Callable
from importlib import import_module
from keyword import iskeyword
from typing import NamedTuple, NoReturn

from registry.cli._names import names
from registry.cli._output import emit
from registry.errors import CannotRunError
from registry.plugins import take

_NAME = re.compile(r"[a-z]+(?:-[a-z]+)*")


def _never(_: argparse.Namespace) -> bool:
    return False


class Command(NamedTuple):
    """One command: a line for the list of all, its arguments, and what it does.

    `run` returns the exit code; what stops it from running is a CannotRunError. `doing` is what a
    terminal shows of it, once it lasts. `is_kept` tells whether its answer may be kept for the next
    time: it writes nothing, and asks no other program.
    """

    summary: str
    arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int]
    doing: str = "working"
    is_kept: Callable[[argparse.Namespace], bool] = _never


class Parser(argparse.ArgumentParser):
    """A parser whose complaints are ours: one line, exit 2; its help fits 80 columns."""

    def _get_formatter(self) -> argparse.HelpFormatter:
        return argparse.HelpFormatter(self.prog, max_help_position=26, width=80)

    def print_help(self, file: object = None) -> None:  # noqa: ARG002 - as argparse calls it
        emit(self.format_help())

    def error(self, message: str) -> NoReturn:
        raise CannotRunError(f"{self.prog.partition(' ')[2]}: {message}", f"see `{self.prog} -h`")


def find(name: str) -> Command:
    """Load one command. Raises CannotRunError, with the nearest name, for what is none."""
    if not _NAME.fullmatch(name) or name not in names():
        from registry.wording import did_you_mean

        raise CannotRunError(
            f"there is no command `{name}`", did_you_mean(name, names(), "`opmodel -h` lists them")
        )
    stem = f"{name.replace('-', '_')}{'_' * iskeyword(name)}"
    return take(import_module(f"registry.cli.{stem}"), "COMMAND", Command)


def parser_of(name: str, command: Command) -> Parser:
    """Make a command's parser."""
    parser = Parser(f"opmodel {name}", description=command.summary, allow_abbrev=False)
    command.arguments(parser)
    return parser
