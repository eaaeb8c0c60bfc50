"""Where a registry is: the folder that a user names, or the nearest one upward."""

import os
from collections.abc import Iterator

from registry.errors import CannotRunError
from registry.model.format import MANIFEST
from registry.source import seen
from registry.wording import listed


def root_of(folder: str | None) -> str:
    """Return the root of the registry in `folder`; without one, the nearest upward from here.

    Raises CannotRunError where there is no manifest.
    """
    if folder is None:
        return find_root(".")
    if not folder:
        raise CannotRunError("the name of the folder is empty", "name a folder; `.` is this one")
    if seen.lexists(os.path.join(folder, MANIFEST)):
        return folder
    if not seen.is_folder(folder):
        what = "is no folder" if seen.lexists(folder) else "does not exist"
        raise CannotRunError(f"{folder} {what}", "name the folder that holds the registry")
    raise CannotRunError(f"no registry: there is no {MANIFEST} in {folder}", _instead(folder))


def find_root(start: str) -> str:
    """Find the nearest folder upward from `start` that has a manifest.

    Raises CannotRunError where there is none.
    """
    current = os.path.abspath(start)
    while not seen.lexists(os.path.join(current, MANIFEST)):
        parent = os.path.dirname(current)
        if parent == current:
            raise CannotRunError(
                f"no registry: there is no {MANIFEST} here or in a folder above", _instead(start)
            )
        current = parent
    return current


_MOST = 1000
"""Folders that are looked into for a registry further down."""
_DEEPEST = 3
_NAMED = 3
"""Registries that are named; of further ones, how many there are."""


def _instead(folder: str) -> str:
    """Say what to do where a folder holds no registry: the nearest one there is, else a new one."""
    above = _above(folder)
    near = [above] if above is not None else list(_below(folder))
    if not near:
        return "name the registry's folder; `opmodel init` makes one"
    if len(near) == 1:
        return f"the nearest is in `{near[0]}`: name that; `opmodel init` makes a new one"
    where = listed(near, _NAMED)
    return f"registries are in {where}: name one of them; `opmodel init` makes a new one"


def _above(folder: str) -> str | None:
    """Find the nearest folder above one that has a manifest, as seen from here."""
    current = os.path.abspath(folder)
    while (parent := os.path.dirname(current)) != current:
        current = parent
        if seen.lexists(os.path.join(current, MANIFEST)):
            return os.path.relpath(current)
    return None


def _below(folder: str) -> Iterator[str]:
    """Yield the folders below one that have a manifest, by depth, then name.

    Looks into a bounded number of folders, into no hidden one and none that has one itself, and
    through no link.
    """
    level, number = [folder], 0
    for _ in range(_DEEPEST):
        inner: list[str] = []
        for one in level:
            number += 1
            inner += _folders(one) if number <= _MOST else ()
        level = []
        for one in sorted(inner):
            if seen.lexists(os.path.join(one, MANIFEST)):
                yield os.path.relpath(one)
            else:
                level.append(one)


def _folders(folder: str) -> Iterator[str]:
    try:
        for entry in os.scandir(folder):
            if entry.is_dir(follow_symlinks=False) and not entry.name.startswith("."):
                yield entry.path
    except OSError:  # closed to us: there is nothing to offer in it
        return
