"""Which links of runbooks lead nowhere; told from the names below the root, nothing is opened."""

import posixpath
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple
from urllib.parse import unquote

from registry.diagnostic import Label
from registry.model.runbooks import Runbook
from registry.source.links import LinkedPage, read_page
from registry.span import KeyPath, Location
from registry.wording import nearest
from registry.workspace.reading import EXTENSION
from registry.workspace.workspace import Workspace

_ELSEWHERE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:|//")
"""A scheme such as `https:` or `mailto:`, or another host: not looked at."""
_ANYWHERE = re.compile(r"(top|l[0-9]+(c[0-9]+)?(-l[0-9]+(c[0-9]+)?)?|:~:.*)?", re.S)
"""Fragments that every page has: its top, a line of its text, a stretch of text."""
_MAY_LINK = (b"](", b"]:", b"href", b"HREF", b"src", b"SRC")


class DeadLink(NamedTuple):
    """A link that leads nowhere: `fault` completes "the link `x` of runbook `y` …".

    `field` is the text that holds it, None in a Markdown body. `others` are the places where the
    same text or page has it again.
    """

    runbook: str
    field: KeyPath | None
    target: str
    fault: str
    hint: str
    at: Label
    others: tuple[Label, ...]


def dead_links(workspace: Workspace) -> Iterator[DeadLink]:
    """Yield each relative link of a runbook whose file or heading is not there, once a place.

    Links to other hosts are not followed. A heading is looked for in runbooks only, and nothing
    is said of what lies in hidden folders or behind a symbolic link.
    """
    targets = _Targets(workspace)
    for id_, file in workspace.origins["runbooks"].items():
        if not targets.may_link(file) or id_ not in workspace.all(Runbook):
            continue
        found: dict[tuple[KeyPath | None, str], list[Label]] = {}
        for field, target, label in targets.links(id_, file):
            found.setdefault((field, target), []).append(label)
        for (field, target), (at, *others) in found.items():
            fault = targets.fault(file, target)
            if fault is not None:
                yield DeadLink(id_, field, target, *fault, at, tuple(others))


class _Targets:
    """What can be led to: files and folders by name, headings by page."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.pages: dict[str, LinkedPage] = {}
        self.linking: dict[str, bool] = {}

    def may_link(self, file: str) -> bool:
        """Whether a file has what every link is written with; asked once, whatever it holds."""
        if file not in self.linking:
            data = self.workspace.sources.files[file].data
            self.linking[file] = any(mark in data for mark in _MAY_LINK)
        return self.linking[file]

    def links(self, id_: str, file: str) -> Iterator[tuple[KeyPath | None, str, Label]]:
        """Yield the links of a runbook: those of its page, and those in its texts."""
        body = self.page(file) if file.endswith(".md") else None
        for link in body.links if body else ():
            yield None, link.target, Label(Location(file), "", link.at)
        for field, text in _texts(self.workspace.raw("runbooks", id_), ()):
            at = self.workspace.locate("runbooks", id_, field)
            if body and self.workspace.resolve(at).start.line >= body.first_line:
                continue
            for link in read_page(text).links:
                if not link.target.startswith("#"):
                    yield field, link.target, Label(at)

    def page(self, name: str) -> LinkedPage:
        """Read a page of the registry once."""
        if name not in self.pages:
            data = self.workspace.sources.files[name].data
            self.pages[name] = read_page(data.decode("utf-8", "replace"))
        return self.pages[name]

    @cached_property
    def folders(self) -> frozenset[str]:
        """Every folder with a file below the root, the root itself as `.`."""
        found = {"."}
        for name in self.workspace.tree:
            parts = name.split("/")
            found.update("/".join(parts[:count]) for count in range(1, len(parts)))
        return frozenset(found)

    @cached_property
    def by_folder(self) -> Mapping[str, Collection[str]]:
        """The names in each folder that may be suggested."""
        return _grouped(posixpath.split(name) for name in self.workspace.tree)

    @cached_property
    def by_name(self) -> Mapping[str, Collection[str]]:
        """The folders in which each name stands."""
        return _grouped(posixpath.split(name)[::-1] for name in self.workspace.tree)

    def fault(self, file: str, target: str) -> tuple[str, str] | None:
        """Say why a link of `file` leads nowhere, and what was probably meant; else None."""
        if _ELSEWHERE.match(target):
            return None
        path, _, fragment = target.partition("#")
        path = unquote(path.partition("?")[0])
        if not target:
            return "has no target", "name the file that it is to lead to"
        name = posixpath.normpath(posixpath.join(posixpath.dirname(file), path)) if path else file
        if path.startswith("/"):
            name = posixpath.normpath(path).lstrip("/") or "."
        if name == ".." or name.startswith("../") or self.is_absent(name):
            outside = name.startswith("..") or path.startswith("/")
            return self.nowhere(file, name, outside=outside)
        if name.endswith(".md") and name in self.workspace.sources.files:
            return self.no_heading(name, unquote(fragment).casefold())
        return None

    def is_absent(self, name: str) -> bool:
        """Whether nothing of that name is below the root; what is hidden may be there."""
        parts = name.split("/")
        above = ("/".join(parts[:count]) for count in range(1, len(parts)))
        is_hidden = "/." in f"/{name}"
        is_known = name in self.workspace.tree or name in self.folders
        return not (is_hidden or is_known or any(one in self.workspace.tree for one in above))

    def nowhere(self, file: str, name: str, *, outside: bool) -> tuple[str, str]:
        if outside:
            help_ = "keep the page below the root, or link to it by its full address"
            return "leads out of the registry's folder, where nothing is opened", help_
        fault, (beside, base) = "leads to a file that is not there", posixpath.split(name)
        near = min((posixpath.join(one, base) for one in self.by_name.get(base, ())), default=None)
        if near is None:
            alike = nearest(base, self.by_folder.get(beside, ()))
            near = posixpath.join(beside, alike) if alike else None
        if near is None:
            return fault, "correct the path, or add the file"
        start = "/" + posixpath.dirname(file)
        return fault, f"did you mean `{posixpath.relpath('/' + near, start)}`?"

    def no_heading(self, name: str, fragment: str) -> tuple[str, str] | None:
        anchors = self.page(name).anchors
        wanted = fragment.removeprefix("user-content-")
        if anchors is None or wanted in anchors or _ANYWHERE.fullmatch(wanted):
            return None
        near = nearest(wanted, anchors)
        hint = f"did you mean `#{near}`?" if near else "name a heading that is there"
        return "leads to a heading that is not there", hint


def _grouped(pairs: Iterable[Sequence[str]]) -> Mapping[str, Collection[str]]:
    found: dict[str, set[str]] = {}
    for first, second in pairs:
        if f"{first}{second}".isprintable():
            found.setdefault(first, set()).add(second)
    return found


def _texts(raw: Any, path: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    """Yield each text of a runbook with its place, but for what is the user's own (`x-`)."""
    if isinstance(raw, str):
        if "](" in raw or "]:" in raw:
            yield path, raw
    elif isinstance(raw, dict):
        for key, value in raw.items():
            if not key.startswith(EXTENSION):
                yield from _texts(value, (*path, key))
    elif isinstance(raw, list):
        for index, value in enumerate(raw):
            yield from _texts(value, (*path, index))
