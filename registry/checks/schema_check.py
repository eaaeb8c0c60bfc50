"""A file against the published schema that it falls under: what an editor would show."""

import json
import os
import posixpath
from collections.abc import Iterator
from typing import Any

from registry.checks.extensions import faults_of
from registry.diagnostic import Diagnostic, Label
from registry.errors import CannotRunError
from registry.model.format import BASELINE, MANIFEST
from registry.source import folder
from registry.source.composer import compose
from registry.source.markdown import compose_markdown
from registry.source.sources import Source
from registry.source.text import decode
from registry.span import Location

_FILES = {MANIFEST: "manifest", BASELINE: "baseline"}
_FOLDERS = {"policies": "policy", "scenarios": "scenarios"}
"""Folders whose files are of a schema of their own."""


def check_file(path: str, schemas: dict[str, str]) -> Iterator[Diagnostic]:
    """Yield what is wrong with one file, at its place, by its schema among the published ones.

    Raises CannotRunError where the file is absent or cannot be opened.
    """
    if not os.path.lexists(path):
        raise CannotRunError(f"there is no file {path}", "correct the path")
    if os.path.isdir(path):
        raise CannotRunError(f"{path} is a folder", "name the files that are to be checked")
    got = folder.read(posixpath.dirname(path) or ".", posixpath.basename(path))
    if isinstance(got, Diagnostic):
        raise CannotRunError(f"{path}: {got.message}", got.help)
    text = decode(got.raw, path)
    yield from text.problems
    if text.data is None:
        return
    read = compose_markdown if path.endswith(".md") else compose
    source = Source(path, text.data, read(text.data, path))
    yield from source.composed.problems
    name = _schema_of(path)
    for where, message in faults_of(
        json.loads(schemas[f"{name}.schema.json"]), source.composed.data
    ):
        label = Label(Location(path, where), "", source.composed.span(Location(path, where)))
        yield Diagnostic("OM006", message, label, f"`opmodel explain` says what `{name}` may hold")


def _schema_of(path: str) -> str:
    name = posixpath.basename(path)
    if name in _FILES:
        return _FILES[name]
    return _FOLDERS.get(posixpath.basename(posixpath.dirname(path)), "registry")


def shown(found: Diagnostic) -> str:
    """Write a finding in one line, as `path:line:column: message`."""
    at: Any = found.primary
    start = at.span.start if at.span else None
    place = f"{start.line}:{start.column}" if start else "1:1"
    return f"{at.location.file}:{place}: {found.message}\n"
