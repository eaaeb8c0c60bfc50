"""Where generated files go: into a folder, all of them or none; or a comparison with it."""

import argparse
import os

from registry.cli._output import emit, note
from registry.cli._own_files import refuse_own_files
from registry.edit.diff import unified
from registry.errors import CannotRunError
from registry.output.files import read_if_there, write_all
from registry.output.terminal import brief, source_line
from registry.stack.generate import differing, left_over, refuse_inside
from registry.stack.generator import Generated
from registry.stack.header import is_generated
from registry.wording import counted
from registry.workspace.open import Opened


def refuse_others(args: argparse.Namespace, opened: Opened, folder: str, made: Generated) -> None:
    """Refuse to write where a file stands that was not generated, or where the registry reads.

    Raises CannotRunError with what to do instead.
    """
    paths = [os.path.join(folder, name) for name in made.files]
    others = [one for one in paths if not is_generated(read_if_there(one) or b"")]
    refuse_own_files(args, others)
    if others:
        raise CannotRunError(
            f"{brief(others[0])} is there already, and `opmodel generate` did not write it",
            "move it away, or name another -o; nothing is written",
        )
    refuse_inside(opened, folder, made)


def write(folder: str, made: Generated) -> None:
    """Write the files, and name those of an earlier run that are no longer made."""
    write_all(folder, made.files)
    wrote = f"wrote {counted(len(made.files), 'file')} below {brief(folder)}"
    note(f"opmodel: {wrote if made.files else 'there is nothing to write'}")
    for name in left_over(folder, made):
        note(f"opmodel: {brief(os.path.join(folder, name))} is left over from before: delete it")


def compare(folder: str, made: Generated, *, to_script: bool) -> int:
    """Show what a run would change; return 1 where that is anything.

    The diff goes to standard output, where a script reads there to standard error.
    """
    there = differing(folder, made)
    after = {name: made.files.get(name, b"") for name in there}
    for line in unified(there, after):
        shown = source_line(line)
        note(shown) if to_script else emit(f"{shown}\n")
    for name in there:
        note(f"opmodel: {brief(os.path.join(folder, name))} is not what the registry says now")
    return int(bool(there))
