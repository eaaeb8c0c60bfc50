"""`opmodel test`: scenario files as tests of the operating model."""

import argparse

from registry.cli._arguments import add_registry
from registry.cli._command import Command
from registry.cli._output import emit, is_colored
from registry.errors import CannotRunError


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of a run."""
    add_registry(parser, ["human", "json", "junit"], "human")
    parser.add_argument("-o", "--output", metavar="PATH", help="write a file; else standard output")
    parser.add_argument("--color", choices=("auto", "always", "never"), default="auto")


def run(args: argparse.Namespace) -> int:
    """Play the scenarios; return 1 where one fails or cannot be read."""
    from registry.cli._asked import ask
    from registry.cli._own_files import refuse_own_files
    from registry.output.files import write_whole
    from registry.scenarios.files import FOLDER, read_scenarios
    from registry.scenarios.play import rehearse
    from registry.scenarios.report import human as rehearsal_human
    from registry.scenarios.report import json as rehearsal_json
    from registry.scenarios.report import junit as rehearsal_junit

    refuse_own_files(args, [args.output])
    asked = ask(args)
    workspace = asked.opened.workspace
    read = read_scenarios(workspace)
    if not read.scenarios and not read.problems:
        raise CannotRunError(f"no scenario: there is no YAML file in {FOLDER}/", "write one there")
    found = rehearse(workspace, asked.opened.policy, read, args.tz)
    color = is_colored(args.color) and args.output is None
    text = {
        "human": lambda: rehearsal_human.render(found, read.problems, asked.zone, color=color),
        "json": lambda: rehearsal_json.render(found, read.problems),
        "junit": lambda: rehearsal_junit.render(found, read.problems),
    }[args.format]()
    if args.output is None:
        emit(text)
    else:
        write_whole(args.output, text.encode())
    return 1 if found.failed or read.problems else 0


COMMAND = Command("Play scenario files against the registry.", arguments, run,
                  "playing")  # fmt: skip
