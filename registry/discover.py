"""Plug-ins by folder: every module of a package, in name order, and the name they agreed on."""

import os
from importlib import import_module
from types import ModuleType
from typing import TypeVar

T = TypeVar("T")


def modules(package: ModuleType) -> list[ModuleType]:
    """Import every module of `package` whose name has no leading underscore, in name order."""
    found = set()
    for folder in package.__path__:
        for entry in os.listdir(folder):
            stem, dot, suffix = entry.partition(".")
            if dot and suffix in {"py", "pyc"} and not stem.startswith("_"):
                found.add(stem)
    return [import_module(f"{package.__name__}.{stem}") for stem in sorted(found)]


def catalogue(package: ModuleType, name: str, kind: type[T]) -> list[T]:
    """Take the object called `name` from every module of `package`.

    Raises ImportError that names the file, if a module has no such object or one of another type.
    """
    found = []
    for module in modules(package):
        value = getattr(module, name, None)
        if not isinstance(value, kind):
            raise ImportError(  # noqa: TRY004 - the module is at fault, not a type
                f"{module.__file__}: has no `{name}` of type {kind.__name__}"
            )
        found.append(value)
    return found
