"""Every publication by name: a registry to documents that people read, and where they may stand."""

import os
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

import registry.export.pages
import registry.output.tables
from registry.errors import CannotRunError
from registry.export.edition import Edition
from registry.export.export import notes
from registry.export.exporter import Publisher
from registry.output.files import read_if_there
from registry.plugins import catalogue, stems
from registry.source import folder
from registry.source.glob import Glob
from registry.workspace.open import Opened
from registry.workspace.options import Options

_SUFFIXES = frozenset(stems(registry.output.tables)) | {"ics", "html", "pdf"}
"""Suffixes that say what a file is: none is given to another form."""


class Published(NamedTuple):
    """Files by name, each with its whole content, and what a person should know about them."""

    files: Mapping[str, bytes]
    notes: tuple[str, ...]


@cache
def publishers() -> Mapping[str, Publisher]:
    """Load every publisher, by name."""
    return {one.name: one for one in catalogue(registry.export.pages, "PUBLISHER", Publisher)}


def form_for(publisher: Publisher, path: str | None, asked: str | None) -> str:
    """Choose a form: the one that is asked for, else the path's suffix, else the first.

    Raises CannotRunError for one that this publication has not, be it asked for or a suffix by
    which files of another form are known.
    """
    suffix = os.path.splitext(path or "")[1].lower().removeprefix(".")
    usual = suffix if suffix in publisher.formats else publisher.formats[0]
    named = asked or (suffix if suffix in _SUFFIXES and not publisher.folder else None)
    if named is not None and named not in publisher.formats:
        known = f"it is one of {', '.join(publisher.formats)}"
        raise CannotRunError(f"{publisher.name} has no form `{named}`", known)
    return asked or usual


def publish(  # noqa: PLR0913 - what a publication depends on
    opened: Opened,
    name: str,
    form: str,
    options: Options,
    zone: str | None = None,
    *,
    with_contacts: bool = False,
) -> Published:
    """Make the publication `name` of an open registry, in one of its `formats`.

    `zone` is the reader's. Telephone numbers and e-mail addresses are hidden unless
    `with_contacts`. Raises CannotRunError for a zone that does not exist.
    """
    found = notes(opened)
    edition = Edition(
        opened.workspace, opened.policy, options.at, zone, found, with_contacts=with_contacts
    )
    return Published(publishers()[name].build(edition, form), found)


def refuse_inside(opened: Opened, path: str, files: Mapping[str, bytes]) -> None:
    """Refuse a folder in which the pages would be read as files of the registry itself.

    Raises CannotRunError with what to do instead.
    """
    manifest = opened.workspace.manifest
    root = os.path.realpath(opened.workspace.root)
    below = os.path.relpath(os.path.realpath(path), root).replace(os.sep, "/")
    if below == ".." or below.startswith("../") or os.path.isabs(below):
        return
    globs = [Glob(glob) for glob in manifest.include or folder.DEFAULT_INCLUDE]
    left_out = [Glob(glob) for glob in manifest.exclude]
    for name in files:
        page = f"{below}/{name}".removeprefix("./")
        is_read = any(glob.matches(page) for glob in globs)
        if is_read and not any(glob.matches(page) for glob in left_out):
            message = f"{path}: the registry would read `{page}` as one of its own files"
            raise CannotRunError(message, "name a folder outside it, or one of another name")


def differing(root: str, files: Mapping[str, bytes], mark: bytes) -> list[str]:
    """Say what keeps a folder from being what `files` say: a line a page, sorted.

    A page that begins with `mark` and is not among them is left over from an earlier export.
    Raises CannotRunError for what cannot be read.
    """
    lines = []
    for name, data in files.items():
        there = read_if_there(os.path.join(root, name))
        if there is None:
            lines.append(f"{name} is missing: export it anew")
        elif there != data:
            lines.append(f"{name} is not what the registry says now: export it anew")
    others = (
        f"{name} is left over from before: delete it" for name in left_over(root, files, mark)
    )
    return sorted([*lines, *others])


def left_over(root: str, files: Mapping[str, bytes], mark: bytes) -> list[str]:
    """Name the pages of an earlier export, by their first line, that no longer belong there."""
    try:
        there = sorted(os.listdir(root))
    except OSError:
        return []
    known = {name.casefold() for name in files}
    others = [name for name in there if name.endswith(".md") and name.casefold() not in known]
    return [name for name in others if _begins(os.path.join(root, name), mark)]


def _begins(path: str, mark: bytes) -> bool:
    if os.path.islink(path) or not os.path.isfile(path):
        return False
    return (read_if_there(path) or b"").startswith(mark)
