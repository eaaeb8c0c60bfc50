"""`opmodel export`: a table of the registry, as a file that people hand round."""

import argparse
import sys

import registry.export
import registry.writers
from registry.cli._arguments import add_registry, cache_folder, check_options
from registry.cli._command import Command
from registry.cli._output import Progress, emit_bytes, note
from registry.discover import stems
from registry.errors import CannotRunError
from registry.root import root_of
from registry.source.cache import Cache
from registry.terminal import brief


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what to export, in which form, and where to."""
    add = parser.add_argument
    add("name", metavar="NAME", help=", ".join(stems(registry.export)).replace("_", "-"))
    add_registry(parser, stems(registry.writers), None)
    add("-o", "--output", metavar="PATH", help="write a file; else standard output")
    add("--by", metavar="FORM", help="one form of several: `function` for role-matrix")
    add("--check", action="store_true", help="write nothing; exit 1 if the file would change")
    add("--with-contacts", action="store_true", help="keep telephone numbers and e-mail")


def run(args: argparse.Namespace) -> int:
    """Write the table, or compare it with the file that is there."""
    from registry.check import open_registry
    from registry.exports import export, format_for

    form = format_for(args.output, args.format)
    if args.output is None and (args.check or (form == "xlsx" and sys.stdout.isatty())):
        raise CannotRunError("export: no file is named", "add -o PATH")
    options = check_options(args)
    with Progress() as progress:
        cache = Cache(cache_folder())
        opened = open_registry(root_of(args.directory), options, cache, progress)
    made = export(opened, args.name, form, args.by, with_contacts=args.with_contacts)
    for line in made.notes:
        note(f"opmodel: {brief(line)}")
    return _deliver(made.content, args.output, check=args.check)


def _deliver(content: bytes, path: str | None, *, check: bool) -> int:
    from registry.write import read_if_there, write_whole

    if path is None:
        emit_bytes(content)
    elif not check:
        write_whole(path, content)
    elif read_if_there(path) != content:
        note(f"opmodel: {brief(path)} is not what the registry says now: export it anew")
        return 1
    return 0


COMMAND = Command("Write the role matrix or another table.", arguments, run)
