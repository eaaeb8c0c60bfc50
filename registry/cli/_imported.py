"""What an import says and writes: refusals first, and files only where there are none."""

import argparse
import os
import tempfile

from registry.cli._output import note
from registry.cli._revision import write_revision
from registry.errors import CannotRunError
from registry.export.imports.imported import Imported
from registry.output.files import write_all
from registry.output.terminal import brief, escape
from registry.workspace.open import Opened, open_registry
from registry.workspace.options import Options
from registry.workspace.root import root_of

_BLANKS = "\t\u00a0\u202f\u3000"
"""Blanks that texts of several languages hold, and that do nothing."""


def base_for(args: argparse.Namespace, root: str, options: Options) -> Opened | None:
    """Open the registry that a file was exported from: a folder, or a git revision of this one.

    None where it is not named. Raises CannotRunError where there is no such thing.
    """
    if args.base is None:
        return None
    if os.path.isdir(args.base):
        return open_registry(root_of(args.base), options)
    with tempfile.TemporaryDirectory() as folder:
        return open_registry(write_revision(root, args.base, folder), options)


def harmless(line: str) -> str:
    """Return a line of a diff that moves no cursor and gives a build's host no command."""
    shown = "".join(one if one.isprintable() or one in _BLANKS else escape(one) for one in line)
    shown = shown.replace("##[", r"##\x5b")
    return shown.replace("::", r"\x3a:", 1) if shown[1:].lstrip().startswith("::") else shown


def tell(found: Imported) -> None:
    """Say on standard error what is not taken, and what was understood."""
    for one in found.refused:
        at = f"{one.where}: " if one.where else ""
        note(f"opmodel: {brief(f'{at}{one.message}')}; {brief(one.help)}")
    for line in found.told:
        note(f"opmodel: {brief(line)}")


def caution(found: Imported) -> str:
    """Return what stands above the diff of an import that is refused: that none of it is done."""
    if not (found.refused and found.diff):
        return ""
    is_one = len(found.refused) == 1
    cells = "1 cell was" if is_one else f"{len(found.refused)} cells were"
    without = "it" if is_one else "them"
    return f"# NOT WRITTEN: {cells} not taken, so nothing is. Without {without} there would be:\n"


def settle(root: str, found: Imported, *, apply: bool) -> str:
    """Write the files, if that is asked for and nothing is refused; say what came of it."""
    from registry.wording import counted

    if found.refused:
        cells = counted(len(found.refused), "cell")
        return f"{cells} not taken; nothing is written"
    if not found.fields:
        return "nothing to change"
    if apply and found.lacks_base:
        help_ = "add --base REF: the folder or git revision that it was exported from"
        raise CannotRunError("the workbook's own record is absent or damaged", help_)
    size = f"{counted(found.fields, 'field')} in {counted(len(found.edited.after), 'file')}"
    if not apply:
        return f"{size} would change; add --apply to write it"
    write_all(root, found.edited.after)
    return f"{size} changed"
