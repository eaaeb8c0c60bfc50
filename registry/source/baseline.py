"""The file of a baseline: which one it is, and its bytes. What it says is read elsewhere."""

import os

from registry.diagnostic import Diagnostic
from registry.model.format import BASELINE
from registry.source import folder, seen


def read_baseline(root: str, path: str | None) -> folder.File | Diagnostic | None:
    """Read the file `path`, relative to the working folder, or the one beside the manifest.

    None where there is none, or an empty path asks for none.
    """
    if path:
        return folder.read(os.path.dirname(path) or ".", os.path.basename(path))
    if path is not None or not seen.lexists(os.path.join(root, BASELINE)):
        return None
    return folder.read(root, BASELINE)


def baseline_name(root: str, path: str | None) -> str:
    """Name a baseline that lies below the root as its files are named; else as it was given."""
    if not path:
        return BASELINE
    below = os.path.relpath(seen.real(path), seen.real(root)).replace(os.sep, "/")
    return folder.printable(path.replace(os.sep, "/") if folder.leaves_root(below) else below)
