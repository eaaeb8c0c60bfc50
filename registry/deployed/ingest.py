"""Deployed configuration from files: which are read, by which reader, and what is not read.

A file goes to the reader whose option names it; in a folder each reader takes the documents that it
recognizes. Nothing is passed over in silence: what no reader takes is counted, and what cannot be
read is said with its place.
"""

import glob
import os
import re
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple, NoReturn

import registry.deployed.readers
from registry.deployed.model import Deployed, Ingested, NotRead, Router, Skipped, Where, merged
from registry.deployed.operators import placed
from registry.deployed.reader import Reader
from registry.deployed.servers import loaded
from registry.errors import CannotRunError
from registry.model.format import MANIFEST
from registry.plugins import catalogue
from registry.source.folder import printable
from registry.source.foreign import UnreadableError, Value, documents
from registry.source.text import BOM, decode, describe
from registry.span import Position, Span
from registry.wording import did_you_mean

MAX_FILE = 64 * 1024 * 1024
"""Bytes of one file: an export of a large company's paging service has a few million."""

DEPLOYED = "deployed"
"""The folder at a registry's root that is read where nothing else is asked for."""

CODE_OWNERS = "CODEOWNERS"
HIDDEN_HOMES = (".github", ".gitlab")
"""Hidden folders in which a repository's code owners may stand."""

_GLOB = frozenset("*?[")
_TEMPLATE = (b"{{", b"<%", b"${")
_TEMPLATES = (
    ".template", ".tmpl", ".tpl", ".j2", ".jinja", ".jinja2", ".gotmpl", ".libsonnet", ".jsonnet",
    ".erb", ".mustache", ".hbs", ".tftpl", ".ctmpl", ".epp",
)  # fmt: skip
"""How the names of files end that a program makes configuration of."""
_UNREAD = frozenset(
    ("GrafanaAlertRuleGroup", "GrafanaContactPoint", "GrafanaNotificationPolicy",
     "GrafanaNotificationPolicyRoute", "GrafanaMuteTiming")
)  # fmt: skip
"""Kinds of resources that decide on alerts, and that no reader here knows."""
_DEFINES = re.compile(rb"(?:\s|\{\{-?\s*/\*.*?\*/\s*-?\}\})*\{\{-?\s*define\b", re.DOTALL)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
"""What YAML takes nowhere."""
_ANY = ""


class NamedFiles(NamedTuple):
    """Files to read: a path or a glob, and the option of the reader, empty for any reader.

    `only` names the readers to choose from; every one where it is empty.
    """

    option: str
    pattern: str
    only: frozenset[str] = frozenset()


class _FileToRead(NamedTuple):
    """A file to read: where it is, how it is shown, and for which reader."""

    path: str
    shown: str
    option: str
    only: frozenset[str]


@cache
def ingesters() -> Mapping[str, Reader]:
    """Load every reader, by name."""
    return {one.name: one for one in catalogue(registry.deployed.readers, "READER", Reader)}


def chosen(names: str, paths: Sequence[str]) -> tuple[NamedFiles, ...]:
    """Return paths for the readers that a comma-separated list names, `all` for any of them.

    Raises CannotRunError for a name that is no reader's.
    """
    wanted = [name.strip() for name in names.split(",") if name.strip()]
    for name in wanted:
        if name not in ingesters() and name != "all":
            known = f"it is one of {', '.join(ingesters())}, or all"
            raise CannotRunError(
                f"there is no reader `{name}`", did_you_mean(name, ingesters(), known)
            )
    only = frozenset() if "all" in wanted else frozenset(wanted)
    return tuple(NamedFiles(_ANY, path, only) for path in paths)


def default(root: str) -> tuple[NamedFiles, ...]:
    """Return what is read where nothing is asked for: the registry's own folder `deployed/`.

    Raises CannotRunError where there is none.
    """
    folder = os.path.join(root, DEPLOYED)
    if not os.path.isdir(folder):
        message = "no deployed configuration is named, and the registry has no folder `deployed/`"
        raise CannotRunError(message, "name files, as --rules 'rules/*.yml' --alertmanager am.yml")
    return (NamedFiles(_ANY, folder),)


def ingest(asked: Sequence[NamedFiles], root: str) -> Ingested:
    """Read what is asked for; a name is shown as it is below `root`, the registry, or as given.

    Raises CannotRunError for a path or glob that names no file, and for one that cannot be opened.
    """
    parts: list[Deployed] = []
    texts: dict[str, bytes] = {}
    held = 0
    files = _files(asked, root)
    for file in files:
        raw = _content(file)
        if isinstance(raw, NotRead):
            parts.append(Deployed(not_read=(raw,)))
            continue
        part = _read(file, raw)
        texts[file.shown] = raw
        held += _holds(part)
        parts.append(part)
    paths = {one.shown: os.path.abspath(one.path).replace(os.sep, "/") for one in files}
    whole = loaded(placed(_joined(merged([Deployed(), *parts]))), paths)
    return Ingested(whole, texts, held)


def _joined(deployed: Deployed) -> Deployed:
    """Give Grafana's policies the contact points and time intervals of other files."""
    receivers = {name: one for each in deployed.points for name, one in each.receivers.items()}
    named = {name: one for each in deployed.points for name, one in each.intervals.items()}
    routers = [
        one._replace(receivers={**receivers, **one.receivers}, intervals={**named, **one.intervals})
        if one.system == "grafana"
        else one
        for one in deployed.routers
    ]
    tops = [one for one in routers if one.system == "grafana"]
    lost = [
        NotRead(where, f"no file has a time interval `{name}`")
        for one in tops
        for where, name in _undefined(one)
    ]
    if not tops:
        reason = "contact points without the policies that lead to them"
        lost += [NotRead(one.where, reason) for one in deployed.points if one.receivers]
    return deployed._replace(routers=tuple(routers), not_read=(*deployed.not_read, *lost))


def _undefined(router: Router) -> Iterator[tuple[Where, str]]:
    pending = [router.root]
    for route in pending:
        pending += route.routes
        yield from (
            (route.where, name)
            for name in (*route.muted, *route.active)
            if name not in router.intervals
        )


def _holds(part: Deployed) -> bool:
    return any(part[:-2])


def _files(asked: Sequence[NamedFiles], root: str) -> list[_FileToRead]:
    """List the files, each once, by shown name; an option that names a file wins over a folder."""
    found: dict[str, _FileToRead] = {}
    for one in sorted(asked, key=lambda one: one.option == _ANY):
        paths = list(_paths(one.pattern))
        if not paths:
            message = f"`{one.pattern}` names no file: nothing would be read"
            raise CannotRunError(message, "correct the path, or leave it out")
        for path in paths:
            real = os.path.abspath(path)
            found.setdefault(real, _FileToRead(path, _shown(path, root), one.option, one.only))
    return sorted(found.values(), key=lambda one: one.shown)


def _paths(pattern: str) -> Iterator[str]:
    literal = os.path.lexists(pattern) or _GLOB.isdisjoint(pattern)
    for path in [pattern] if literal else sorted(glob.glob(pattern, recursive=True)):
        if os.path.isdir(path):
            yield from _below(path)
        elif os.path.lexists(path):
            yield path


def _below(folder: str) -> Iterator[str]:
    """Yield the files below a folder; a hidden one or a link is none of them.

    Code owners are: the folder that GitHub and GitLab look for them in is a hidden one. Raises
    CannotRunError where a folder cannot be listed.
    """
    for path, folders, files in os.walk(folder, onerror=_refuse):
        owners = [os.path.join(one, CODE_OWNERS) for one in HIDDEN_HOMES if one in folders]
        files += [one for one in owners if os.path.isfile(os.path.join(path, one))]
        folders[:] = sorted(one for one in folders if not one.startswith("."))
        for name in sorted(files):
            whole = os.path.join(path, name)
            is_hidden = name.startswith(".") and name not in owners
            if not is_hidden and not os.path.islink(whole):
                yield whole


def _refuse(error: OSError) -> NoReturn:
    reason = f"{printable(str(error.filename))}: {error.strerror}"
    raise CannotRunError(reason, "correct its permissions, or leave it out") from None


def _shown(path: str, root: str) -> str:
    inside = os.path.relpath(os.path.abspath(path), os.path.abspath(root))
    name = path if inside.startswith(os.pardir) else inside
    return printable(name.replace(os.sep, "/"))


def _content(file: _FileToRead) -> bytes | NotRead:
    """Read a regular file of a bearable size. Raises CannotRunError where the system refuses."""
    try:
        handle = os.open(file.path, os.O_RDONLY | os.O_NONBLOCK)
        try:
            status = os.fstat(handle)
            if not stat.S_ISREG(status.st_mode):
                return NotRead(Where(file.shown), "it is no regular file")
            if status.st_size > MAX_FILE:
                return NotRead(Where(file.shown), f"it is larger than {MAX_FILE >> 20} MB")
            return b"".join(iter(lambda: os.read(handle, 1 << 20), b""))
        finally:
            os.close(handle)
    except OSError as error:
        reason = f"{file.shown}: {error.strerror}"
        raise CannotRunError(reason, "correct its permissions, or leave it out") from None


def _read(file: _FileToRead, raw: bytes) -> Deployed:
    text = _decoded(file.shown, raw)
    if isinstance(text, NotRead):
        return Deployed(not_read=(text,))
    readers = [
        one
        for name, one in ingesters().items()
        if file.option in {_ANY, one.option} and (not file.only or name in file.only)
    ]
    for one in readers:
        is_named = file.option != _ANY or one.recognizes_name(file.shown)
        if one.read_text is not None and is_named:
            return one.read_text(file.shown, text)
    return _documents(file, text.encode(), readers)


def _decoded(name: str, raw: bytes) -> str | NotRead:
    """Decode a file as its servers do: what cannot be seen is no fault, control characters are.

    A byte order mark within the text is written as another character of no width: the parser here
    knows it only at the beginning.
    """
    try:
        text = raw.removeprefix(BOM).decode()
    except UnicodeDecodeError:
        first = decode(raw, name).problems[0]
        return NotRead(Where(name, first.primary.at), first.message)
    found = _CONTROL.search(text)
    if found is None:
        return text.replace("\ufeff", "\u2060")
    line = text.count("\n", 0, found.start()) + 1
    start = Position(line, found.start() - text.rfind("\n", 0, found.start()))
    at = Span(start, Position(line, start.column + 1))
    return NotRead(Where(name, at), f"a control character: {describe(found[0])}")


def _documents(file: _FileToRead, data: bytes, readers: Iterable[Reader]) -> Deployed:
    found: list[Value] = []
    wrong: list[NotRead] = []
    if file.option == _ANY and file.shown.endswith(_TEMPLATES):
        return _template(file.shown, data)
    if file.option == _ANY and not _may_hold(file.shown, data):
        return _unknown(file.shown)
    try:
        found.extend(documents(data))
    except UnreadableError as error:
        hint = "; it looks like a template: render it first" if _is_template(data) else ""
        wrong.append(NotRead(Where(file.shown, error.at), error.reason + hint))
    parts = [Deployed(not_read=tuple(wrong))]
    taken: set[int] = set()
    for one in readers:
        mine = [index for index, each in enumerate(found) if one.recognizes(each)]
        taken.update(mine)
        if mine and one.read is not None:
            parts.append(one.read(file.shown, [found[index] for index in mine]))
    left = [each for index, each in enumerate(found) if index not in taken]
    if left and file.option != _ANY:
        parts += [Deployed(not_read=(_foreign(file, each),)) for each in left]
    elif left:
        lost = [one for one in left if one.string("kind") in _UNREAD]
        parts += [Deployed(not_read=(_unread(file, one),)) for one in lost]
        parts.append(_unknown(file.shown, len(left) - len(lost)))
    elif not found and not wrong:
        parts.append(Deployed(skipped=(Skipped(file.shown, "files without content", 1),)))
    return merged(parts)


def _may_hold(name: str, data: bytes) -> bool:
    """Whether a file of a folder is YAML or JSON by its name, and no registry's own."""
    base = name.rpartition("/")[2]
    is_data = base.endswith((".yaml", ".yml", ".json", ".rules"))
    return is_data and base != MANIFEST and bool(data)


def _template(name: str, data: bytes) -> Deployed:
    """Say that a template is not read; those of notifications decide on nothing."""
    if _DEFINES.match(data):
        return Deployed(skipped=(Skipped(name, "templates of notifications", 1),))
    return Deployed(not_read=(NotRead(Where(name), "it is a template: render it first"),))


def _unknown(name: str, number: int = 1) -> Deployed:
    what = "documents that no reader knows"
    return Deployed(skipped=(Skipped(name, what, number),) if number else ())


def _foreign(file: _FileToRead, document: Value) -> NotRead:
    kind = document.string("kind")
    what = f"a `{kind}`" if kind else "no reader's document"
    return NotRead(Where(file.shown, document.at), f"it holds {what}, nothing for --{file.option}")


def _unread(file: _FileToRead, document: Value) -> NotRead:
    return NotRead(Where(file.shown, document.at), f"a `{document.string('kind')}`")


def _is_template(data: bytes) -> bool:
    return any(mark in data for mark in _TEMPLATE)
