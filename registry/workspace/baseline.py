"""The baseline beside a manifest, read whatever is wrong with it; what matches is judged later."""

from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from registry.diagnostic import Diagnostic, Label, Severity
from registry.errors import CannotRunError
from registry.source.baseline import baseline_name, read_baseline
from registry.source.sources import Source
from registry.source.text import decode, readable
from registry.source.yaml import Data, read_ordinary
from registry.span import Location
from registry.wording import did_you_mean
from registry.workspace.decode import decode_one
from registry.workspace.decode_errors import EntityPlace
from registry.workspace.policy import FIXED
from registry.workspace.workspace import Workspace

if TYPE_CHECKING:
    from registry.model.baseline import BaselineEntry

NEVER = FIXED | {"OM018", "OM917"}
"""Rules whose findings no baseline accepts: those that nothing silences, those about ends, and what
an audit could not read: of that, one finding speaks of more and more files."""


class PlacedEntry(NamedTuple):
    """An entry with where it stands."""

    entry: "BaselineEntry"
    location: Location


class Baseline(NamedTuple):
    """The entries of a baseline. `name` is its file's; `is_whole` that nothing in it is wrong."""

    name: str
    entries: tuple[PlacedEntry, ...] = ()
    is_whole: bool = True


class LoadedBaseline(NamedTuple):
    """A baseline, what is wrong with its file, and its text by name."""

    baseline: Baseline
    problems: tuple[Diagnostic, ...] = ()
    sources: Mapping[str, Source] = {}


def load_baseline(workspace: Workspace, path: str | None, codes: Collection[str]) -> LoadedBaseline:
    """Load the baseline of a registry; `codes` are the rules that there are.

    Raises CannotRunError where a file that `path` names is absent or cannot be opened.
    """
    got = read_baseline(workspace.root, path)
    name = baseline_name(workspace.root, path)
    if got is None:
        return LoadedBaseline(Baseline(name))
    if isinstance(got, Diagnostic):
        if path:
            raise CannotRunError(f"the baseline {path}: {got.message}", "correct `--baseline`")
        return LoadedBaseline(Baseline(name, (), is_whole=False), (got,))
    text = decode(got.raw, name)
    source = Source(name, text.data or readable(got.raw))
    sources = {name: source}
    if text.data is None:
        return LoadedBaseline(Baseline(name, (), is_whole=False), text.problems, sources)
    data = read_ordinary(text.data)
    problems = list(text.problems)
    if data is None:
        data = source.composed.data
        problems += source.composed.problems
    placed = []
    if data is not None:
        found, more = _entries(name, data, source)
        problems += more
        placed = [one for one in found if one.entry.code in codes and one.entry.code not in NEVER]
        problems += (wrong for one in found for wrong in _wrong(one, workspace, codes))
    return LoadedBaseline(Baseline(name, tuple(placed), not problems), tuple(problems), sources)


def _entries(
    name: str, data: Data, source: Source
) -> tuple[list[PlacedEntry], tuple[Diagnostic, ...]]:
    """Decode a file's entries: those that load, and what is wrong with it."""
    from registry.model.baseline import BaselineFile

    done = decode_one(BaselineFile, data, EntityPlace(name, (), "baseline", None, source.spelling))
    given = data.get("entries")
    rows = range(len(given)) if isinstance(given, list) else ()
    kept = (row for row in rows if ("entries", row) not in done.dropped)
    entries = done.entity.entries if done.entity is not None else ()
    placed = [
        PlacedEntry(entry, Location(name, ("entries", row)))
        for row, entry in zip(kept, entries, strict=False)
    ]
    return placed, done.problems


def _wrong(
    placed: PlacedEntry, workspace: Workspace, codes: Collection[str]
) -> Iterator[Diagnostic]:
    """Say what an entry names that it may not, or that is not there."""
    entry, at = placed
    if entry.code not in codes:
        help_ = did_you_mean(entry.code, codes, "`opmodel rules` lists the codes")
        yield _fault("OM007", f"there is no rule `{entry.code}`", at, "code", help_)
    elif entry.code in NEVER:
        message = f"findings of `{entry.code}` cannot be in a baseline"
        yield _fault("OM006", message, at, "code", "mend what it finds, and remove the entry")
    owner = entry.owner
    known = ("people", "roles", "teams")
    if owner is None or workspace.may_hide(owner) or any(workspace.has(k, owner) for k in known):
        return
    ids = [id_ for kind in known for id_ in workspace.entities[kind]]
    help_ = did_you_mean(owner, ids, "name a person or a role")
    yield _fault("OM007", f"there is no person or role `{owner}`", at, "owner", help_)


def _fault(code: str, message: str, at: Location, field: str, help_: str) -> Diagnostic:
    where = at._replace(path=(*at.path, field))
    return Diagnostic(
        code, message, Label(where), help_, field=where.path,
        distinguish=f"{message} {at.path[-1]}", severity=Severity.ERROR,
    )  # fmt: skip
