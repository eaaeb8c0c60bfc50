"""`opmodel generate`: rules, routes, objectives, flags and owners for the monitoring stack."""

import argparse

import registry.stack.generators
from registry.cli._arguments import add_registry
from registry.cli._command import Command
from registry.errors import CannotRunError
from registry.plugins import stems


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what to generate, and where to."""
    add = parser.add_argument
    add("name", metavar="NAME", help=", ".join(stems(registry.stack.generators)))
    add_registry(parser, ["human", "json"], "human")
    add("-o", "--output", metavar="OUT", help="the folder to write to, or the file")
    add("--check", action="store_true", help="write nothing; exit 1 with a diff where OUT differs")


def run(args: argparse.Namespace) -> int:
    """Write the files and say what is missing; with `--check`, 1 where they would change."""
    from registry.cli._arguments import check_options
    from registry.cli._delivery import opened_for
    from registry.cli._generated import compare, refuse_others, write
    from registry.cli._output import emit
    from registry.stack.generate import generate, generators, place
    from registry.stack.report import human, json

    if not args.output:
        lacks = "nothing says where to" if args.output is None else "-o is empty"
        raise CannotRunError(f"generate: {lacks}", "add -o OUT")
    options = check_options(args)
    opened = opened_for(args, options)
    known = args.name in generators()
    folder, file = place(args.name, args.output) if known else ("", None)
    made = generate(opened, args.name, options, file)
    if not args.check:
        refuse_others(args, opened, folder, made)
    emit({"human": human, "json": json}[args.format].render(made))
    if args.check:
        return compare(folder, made, to_script=args.format == "json")
    write(folder, made)
    return 0


COMMAND = Command("Write rules, routes, objectives, flags and owners.", arguments, run,
                  "generating")  # fmt: skip
