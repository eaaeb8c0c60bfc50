"""What a command writes never takes the place of a file that a registry was read from."""

import argparse
import glob
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress

from registry.errors import CannotRunError
from registry.model.format import BASELINE, MANIFEST
from registry.output.terminal import brief
from registry.workspace.root import root_of

_READ = (".json", ".md", ".yaml", ".yml")
"""Endings of files in the folders that hold policies, schemas, scenarios and what is deployed."""


def refuse_own_files(
    args: argparse.Namespace, paths: Iterable[str | None], inputs: Iterable[str | None] = ()
) -> None:
    """Refuse to write where a file of the registry stands that a command is asked about.

    So however the path is spelt, and through links, too. `inputs` are other files or globs that
    the command reads. Raises CannotRunError before anything is written.
    """
    there = [path for path in paths if path is not None and os.path.lexists(path)]
    if not there:
        return
    own = {_mark(name): name for name in _own(args, inputs)}
    for path in there:
        name = own.get(mark) if (mark := _mark(path)) else None
        if name is None:
            continue
        is_spelt_so = os.path.abspath(path) == os.path.abspath(name)
        also = "" if is_spelt_so else f"{brief(os.path.relpath(name))}, "
        message = f"{brief(path)} is {also}one of the files that are read: it would be written over"
        raise CannotRunError(message, "name another file; nothing is written")


def _mark(path: str) -> tuple[int, int] | None:
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return None
    return found.st_dev, found.st_ino


def _own(args: argparse.Namespace, inputs: Iterable[str | None]) -> Iterator[str]:
    """Yield the files that a command reads: those of each registry, and those it names."""
    named = [*(getattr(args, "directories", None) or ()), *(getattr(args, "others", None) or ())]
    if not getattr(args, "directories", None):
        named.append(getattr(args, "directory", None))
    for folder in named:
        with suppress(CannotRunError, OSError):  # the command itself says what is wrong with it
            yield from _of_registry(root_of(folder), args)
    for one in (getattr(args, "policy", None), getattr(args, "baseline", None)):
        yield from filter(None, [one])
    for pattern in filter(None, inputs):
        yield pattern
        yield from glob.iglob(pattern, recursive=True)


def _of_registry(root: str, args: argparse.Namespace) -> Iterator[str]:
    """Yield the paths of a registry's files. Raises CannotRunError, OSError where one is closed."""
    from registry.source import folder
    from registry.workspace.manifest import read_manifest
    from registry.workspace.open import policy_of

    yield from (os.path.join(root, name) for name in (MANIFEST, BASELINE))
    manifest = read_manifest(root).manifest
    found = folder.scan(root, manifest.include, manifest.exclude)
    kept = tuple(f"{name}/" for name in folder.RESERVED_FOLDERS)
    beside = [one for one in found.others if one.startswith(kept) and one.endswith(_READ)]
    yield from (os.path.join(root, name) for name in (*found.names, *beside))
    loaded = policy_of(root, getattr(args, "policy", None))
    named = [*loaded.sources, *(path for path, _ in loaded.policy.extensions.values())]
    yield from (path for name in named for path in (os.path.join(root, name), name))
