"""Plug-ins by folder: every module of a package, in name order, and the name they agreed on."""

import os
from importlib import import_module
from types import ModuleType
from typing import TypeVar

T = TypeVar("T")


def stems(package: ModuleType) -> list[str]:
    """Name the modules of `package` that have no leading underscore, in order; import nothing."""
    found = set()
    for folder in package.__path__:
        for entry in os.listdir(folder):
            stem, dot, suffix = entry.partition(".")
            if dot and suffix in {"py", "pyc"} and not stem.startswith("_"):
                found.add(stem)
    return sorted(found)


def rooms(name: str) -> list[ModuleType]:
    """Import the package `name` of every room that has one, in the rooms' order by name."""
    house = __name__.rpartition(".")[0]
    top = os.path.dirname(os.path.abspath(__file__))
    found = (
        room for room in sorted(os.listdir(top)) if os.path.isdir(os.path.join(top, room, name))
    )
    return [import_module(f"{house}.{room}.{name}") for room in found]


def modules(package: ModuleType) -> list[ModuleType]:
    """Import every module of `package` whose name has no leading underscore, in name order."""
    return [import_module(f"{package.__name__}.{stem}") for stem in stems(package)]


def take(module: ModuleType, name: str, kind: type[T]) -> T:
    """Take the object called `name` from a module.

    Raises ImportError that names the file, if it has no such object or one of another type.
    """
    value = getattr(module, name, None)
    if not isinstance(value, kind):
        wanted = f"has no `{name}` of type {kind.__name__}"
        raise ImportError(f"{module.__file__}: {wanted}")  # noqa: TRY004 - the module is at fault
    return value


def catalogue(package: ModuleType, name: str, kind: type[T]) -> list[T]:
    """Take the object called `name` from every module of `package`; raises as `take` does."""
    return [take(module, name, kind) for module in modules(package)]


def docstring(module: str, name: str | None = None) -> str:
    """Return the docstring of a module, or of the class `name` in it, from its source.

    For where Python has dropped them (`-OO`); empty where there is no source.
    """
    import ast  # rarely needed
    from importlib.util import find_spec

    spec = find_spec(module)
    if spec is None or spec.origin is None or not spec.origin.endswith(".py"):
        return ""
    with open(spec.origin, encoding="utf-8") as file:
        tree = ast.parse(file.read())
    if name is None:
        return ast.get_docstring(tree) or ""
    classes = (one for one in tree.body if isinstance(one, ast.ClassDef) and one.name == name)
    found = next(classes, None)
    return ast.get_docstring(found) or "" if found is not None else ""


def docline(kind: type) -> str:
    """Return a class's docstring in one line, whether Python has kept it or not."""
    doc = kind.__doc__ or docstring(kind.__module__, kind.__name__)
    return " ".join(doc.split())
