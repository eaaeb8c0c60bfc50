"""`opmodel import`: a table that people edited, back into the registry's files."""

import argparse

from registry.cli._arguments import add_registry, check_options
from registry.cli._command import Command
from registry.cli._output import emit, note
from registry.errors import CannotRunError

_NAMES = ("role-matrix", "workbook")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what comes back, from which file, and whether it is written."""
    add = parser.add_argument
    add("name", metavar="NAME", help=", ".join(_NAMES))
    add("file", metavar="FILE", help="an edited export or a filled template: xlsx or csv")
    add_registry(parser, ["diff"], "diff")
    add("--apply", action="store_true", help="write the changes; else show them as a diff")
    add("--base", metavar="REF", help="the folder or git revision that FILE was exported from")


def run(args: argparse.Namespace) -> int:
    """Show or write what a table asks for; return 1 where something of it is not taken."""
    from registry.cli._arguments import root_for
    from registry.cli._imported import base_for, caution, harmless, settle, tell
    from registry.edit.refusals import refuse_unread
    from registry.export.imports.imported import IMPORTS, import_table
    from registry.wording import did_you_mean
    from registry.workspace.open import open_registry

    if args.name not in IMPORTS:
        known = did_you_mean(args.name, IMPORTS, f"it is one of {', '.join(IMPORTS)}")
        raise CannotRunError(f"there is no import `{args.name}`", known)
    options = check_options(args)
    root = root_for(args)
    opened = open_registry(root, options)
    refuse_unread(opened.workspace, "nothing is imported")
    found = import_table(opened, args.name, args.file, base_for(args, root, options))
    emit(caution(found) + "".join(f"{harmless(line)}\n" for line in found.diff))
    tell(found)
    note(f"opmodel: {settle(opened.workspace.root, found, apply=args.apply)}")
    return 1 if found.refused else 0


COMMAND = Command("Take an edited matrix or workbook back, as changes to YAML.", arguments, run,
                  "comparing")  # fmt: skip
