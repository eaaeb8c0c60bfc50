"""Files that ship with the package: found from a wheel, an editable install and a checkout."""

import os

from registry.errors import CannotRunError

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_ROOTS = (os.path.join(_PACKAGE, "shipped"), os.path.dirname(_PACKAGE))


def shipped(folder: str, name: str) -> bytes:
    """Read `folder/name` (`policies/pilot.yaml`, `schemas/people.schema.json`).

    Raises CannotRunError where the installation lacks it.
    """
    for root in _ROOTS:
        path = os.path.join(root, folder, name)
        if os.path.exists(path):
            with open(path, "rb") as file:
                return file.read()
    raise CannotRunError(
        f"this installation lacks its own file {folder}/{name}", "reinstall opmodel"
    )


def listing(folder: str) -> list[str]:
    """Name the files below a shipped folder, sorted, relative to it; none where it is not there."""
    for root in _ROOTS:
        top = os.path.join(root, folder)
        found = [
            os.path.relpath(os.path.join(parent, name), top).replace(os.sep, "/")
            for parent, _, names in os.walk(top)
            for name in names
        ]
        if found:
            return sorted(found)
    return []
