"""`opmodel rename`: another id for an entity, and for everything that names it."""

import argparse

from registry.cli._arguments import add_registry, check_options
from registry.cli._command import Command
from registry.cli._output import emit, note
from registry.cli._progress import running


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what is renamed, to what, and whether it is written."""
    add = parser.add_argument
    add("subject", metavar="SECTION/OLD", help="the entity, as people/priya")
    add("new", metavar="NEW", help="its new id")
    add_registry(parser, ["diff"], "diff", with_baseline=True)
    add("--diff", action="store_true", help="show what would change, and write nothing")


def run(args: argparse.Namespace) -> int:
    """Rename, or show the difference; say what came of it."""
    from registry.cli._arguments import root_for
    from registry.cli._fixed import write
    from registry.cli._imported import harmless
    from registry.cli._renamed import tell
    from registry.edit.diff import unified
    from registry.edit.refusals import sought
    from registry.edit.rename import rename
    from registry.workspace.open import open_registry

    options, root = check_options(args), root_for(args)
    opened = open_registry(root, options, progress=running())
    subject = sought(opened.workspace, args.subject)
    new = args.new.removeprefix(f"{subject[0]}/")
    done = rename(opened, options, subject, new)
    if args.diff:
        before = {done.names[path]: data for path, data in done.before.items()}
        after = {done.names[path]: data for path, data in done.after.items()}
        emit("".join(f"{harmless(line)}\n" for line in unified(before, after)))
    else:
        write(done.before, done.after)
    for line in tell(opened, subject, new, done, is_written=not args.diff):
        note(f"opmodel: {line}")
    return int(args.diff)


COMMAND = Command(
    "Give an entity another id, in every place that names it.", arguments, run, "renaming"
)
