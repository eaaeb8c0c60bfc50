"""Where a registry is: the folder that a user names, or the nearest one upward."""

import os

from registry.errors import CannotRunError
from registry.model.format import MANIFEST


def root_of(folder: str | None) -> str:
    """Return the root of the registry in `folder`; without one, the nearest upward from here.

    Raises CannotRunError where there is no manifest.
    """
    if folder is None:
        return find_root(".")
    if os.path.lexists(os.path.join(folder, MANIFEST)):
        return folder
    if not os.path.isdir(folder):
        what = "is no folder" if os.path.lexists(folder) else "does not exist"
        raise CannotRunError(f"{folder} {what}", "name the folder that holds the registry")
    raise CannotRunError(
        f"no registry: there is no {MANIFEST} in {folder}", "`opmodel init` makes one"
    )


def find_root(start: str) -> str:
    """Find the nearest folder upward from `start` that has a manifest.

    Raises CannotRunError where there is none.
    """
    current = os.path.abspath(start)
    while not os.path.lexists(os.path.join(current, MANIFEST)):
        parent = os.path.dirname(current)
        if parent == current:
            raise CannotRunError(
                f"no registry: there is no {MANIFEST} here or in a folder above",
                "name the registry's folder; `opmodel init` makes one",
            )
        current = parent
    return current
