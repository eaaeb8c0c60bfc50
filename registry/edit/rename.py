"""An entity under another id, with everything that names it, in all files or in none."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from registry.checks.engine import check_opened
from registry.checks.result import Result
from registry.diagnostic import Diagnostic
from registry.edit.change import CannotEditError
from registry.edit.document import tree
from registry.edit.held import Aim, hold
from registry.edit.mentions import Mention, mentions, references_to
from registry.edit.page import rewritten_page
from registry.edit.place import rewritten
from registry.edit.refusals import refuse
from registry.edit.splice import spliced
from registry.edit.trial import Trial, trial
from registry.errors import CannotRunError
from registry.source.text import BOM
from registry.span import Location
from registry.workspace.edges import Edges, Node
from registry.workspace.open import Opened
from registry.workspace.options import Options
from registry.workspace.workspace import Workspace

FullAim = tuple[Location, str]
"""A place, and the text that is to stand there."""


class Renamed(NamedTuple):
    """What files hold before and after, by path; `names` is how findings call each.

    The file that defines the entity comes last: where writing ends in between, the old id is still
    there, and the same renaming does the rest.

    `places` counts what is written anew. `joined` are the places, as `file:line`, that named the
    new id before, when nothing had it, and now name the entity. `more` are the findings that there
    are only under the new id, as where a policy asks for the old one.
    """

    before: dict[str, bytes]
    after: dict[str, bytes]
    names: dict[str, str]
    places: int
    joined: tuple[str, ...]
    more: tuple[Diagnostic, ...]


def rename(opened: Opened, options: Options, subject: Node, new: str) -> Renamed:
    """Work out what files hold once an entity is called `new`; nothing is written.

    Raises CannotRunError where the id cannot be that, where something that did not load may name
    the entity, and where a place cannot be written without touching more.
    """
    found = mentions(opened, subject)
    refuse(opened, subject, new, found)
    joined = tuple(_joined(opened.workspace, subject[0], new))
    old_result = check_opened(opened, options)
    with trial(opened, options) as tried:
        aims = _by_file(found.places, subject, new)
        apart = aims.pop(opened.baseline.name, [])
        first = {file: _written(tried, file, own) for file, own in sorted(aims.items())}
        before = {file: tried.read(file) or b"" for file in first}
        renamed = tried.with_changes(first)
        _make_sure(renamed, (subject[0], new), found.edges + len(joined))
        result = check_opened(renamed, options)
        apart += _fingerprints(opened, old_result, result, subject, new)
        if apart:
            before[opened.baseline.name] = tried.read(opened.baseline.name) or b""
            last = {opened.baseline.name: _written(tried, opened.baseline.name, apart)}
            result = check_opened(tried.with_changes(last), options)
        home = opened.workspace.file_of(*subject)  # last, so that a second run can finish a first
        before = {name: before[name] for name in sorted(before, key=lambda name: name == home)}
        return Renamed(
            {tried.path(name): data for name, data in before.items()},
            {tried.path(name): tried.changed[name] for name in before},
            {tried.path(name): name for name in before},
            len(found.places),
            joined,
            tuple(_more(old_result, result, subject, new)),
        )


def _joined(workspace: Workspace, section: str, new: str) -> Iterator[str]:
    """Yield where references of what loaded name the new id already, and lead nowhere yet."""
    edges = Edges(workspace)
    for edge in edges.all:
        if edge.target == new and edge.found_in is None and section in edge.reference.sections:
            file, line = edges.place(edge)
            yield f"{file}:{line}"


def _by_file(places: Sequence[Mention], subject: Node, new: str) -> dict[str, list[FullAim]]:
    found: dict[str, list[FullAim]] = {}
    for one in places:
        text = f"{subject[0]}/{new}" if one.is_full else new
        found.setdefault(one.at.file, []).append((one.at, text))
    return found


def _written(tried: Trial, file: str, aims: Sequence[FullAim]) -> bytes:
    """Return a file with other texts in some places. Raises CannotRunError where that fails."""
    old = tried.read(file) or b""
    mark = BOM if old.startswith(BOM) else b""
    own: list[Aim] = [(at.path, at.part, text) for at, text in aims]
    try:
        text = old.removeprefix(BOM).decode("utf-8")
        if file.endswith(".md"):
            return mark + rewritten_page(text, file, own).encode()
        root = tree(text)
        splices = [rewritten(text, root, path, part, str(new)) for path, part, new in own]
        new = spliced(text, dict.fromkeys(splices))
        hold(text, new, file, own)
    except (CannotEditError, UnicodeDecodeError) as error:
        why = str(error) if isinstance(error, CannotEditError) else "it is not UTF-8"
        raise CannotRunError(
            f"{file} cannot be changed: {why}", "write it out there, without an alias, by hand"
        ) from None
    return mark + new.encode()


def _make_sure(opened: Opened, subject: Node, references: int) -> None:
    """Make sure that as many references lead to the entity as before."""
    section, new = subject
    edges = Edges(opened.workspace)
    now = len(references_to(edges, subject))
    if now != references or not opened.workspace.has(section, new):
        message = f"{references} references lead to it, and {now} would"
        raise CannotRunError(f"{section}/{new}: {message}", "nothing is written: please report it")


# -- findings ------------------------------------------------------------------------------------


def _key(found: Diagnostic, subject: Node, new: str) -> tuple[str, Node | None, str, int]:
    """Name a finding by what a new id changes nothing of: its rule, its entity, its line."""
    entity = (subject[0], new) if found.entity == subject else found.entity
    label = found.primary
    return found.code, entity, label.location.file, label.at.start.line


def _fingerprints(
    opened: Opened, before: Result, after: Result, subject: Node, new: str
) -> Iterator[FullAim]:
    """Yield the fingerprints of a baseline that findings have under the new id."""
    known: dict[object, list[str]] = {}
    for one in after.diagnostics:
        known.setdefault(_key(one, subject, new), []).append(one.fingerprint)
    now: dict[tuple[str, str], str] = {}
    groups: dict[object, list[Diagnostic]] = {}
    for one in before.diagnostics:
        groups.setdefault(_key(one, subject, new), []).append(one)
    for key, own in groups.items():
        then = known.get(key, [])
        if len(then) == len(own):
            now |= {(one.code, one.fingerprint): mark for one, mark in zip(own, then, strict=True)}
    for entry, at in opened.baseline.entries:
        mark = now.get((entry.code, entry.fingerprint), entry.fingerprint)
        if mark != entry.fingerprint:
            yield at._replace(path=(*at.path, "fingerprint")), mark


def _more(before: Result, after: Result, subject: Node, new: str) -> Iterator[Diagnostic]:
    left = Counter((one.code, _entity(one, subject, new)) for one in before.shown)
    for one in after.shown:
        key = (one.code, one.entity)
        left[key] -= 1
        if left[key] < 0:
            yield one


def _entity(found: Diagnostic, subject: Node, new: str) -> Node | None:
    return (subject[0], new) if found.entity == subject else found.entity
