"""The two registries that a command holds against each other, each opened where it is."""

import argparse
import os
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import NamedTuple

from registry.cli._arguments import check_options, root_for
from registry.cli._door import cache_folder
from registry.cli._git import Repository
from registry.cli._revision import Revision, revision
from registry.compare.side import Side, open_side
from registry.errors import CannotRunError
from registry.model.format import MANIFEST, STAGES
from registry.output.terminal import brief
from registry.source.cache import Cache
from registry.workspace.options import Options

Earlier = Callable[[str], Side | str]
"""Opens a registry as it was, looking ahead a horizon; or says why there is none to open."""

_RANGE = re.compile(r"(?P<old>[^.].*?|)(?P<dots>\.\.\.?)(?P<new>[^.].*|)", re.DOTALL)
"""Two revisions as git writes them; no name of one holds two dots in a row."""

_NOW = "the files as they are"


class _Place(NamedTuple):
    """Where one side is, and its name: `root` as it is now, or as it was at a `revision`."""

    root: str
    revision: str | None
    name: str


@contextmanager
def earlier_side(root: str, name: str, option: str, options: Options) -> Iterator[Earlier]:
    """Give the registry at `root` as it was at a git revision, while the context lasts.

    Raises CannotRunError as `registry.cli._revision.revision` does.
    """
    with revision(root, name, option) as found:
        yield lambda horizon: _opened(found, name, root, options._replace(horizon=horizon))


@contextmanager
def two_sides(
    args: argparse.Namespace, note: Callable[[str], None]
) -> Iterator[tuple[Side, Side, Options]]:
    """Give the two registries that `diff` names, and what both were asked, while the context lasts.

    Where there was none before, the earlier one is empty, which is said by `note`. Raises
    CannotRunError where there is no such folder or revision, and where there is none now.
    """
    old, new = _places(args)
    options = check_options(argparse.Namespace(**{**vars(args), "directory": new.root}))
    with ExitStack() as stack:
        after = _side(stack, new, options)
        if isinstance(after, str):
            raise CannotRunError(f"diff: {after}", "name a revision that has it")
        options = options._replace(horizon=after.horizon)
        before = _side(stack, old, options)
        if isinstance(before, str):
            note(f"opmodel: {brief(before)}: everything counts as new")
            before = _empty(stack, old.name, after, options)
        yield before, after, options


def _places(args: argparse.Namespace) -> tuple[_Place, _Place]:
    """Read OLD, NEW and DIR: folders that hold a registry, else revisions of the one at DIR."""
    old, new, directory = args.old, args.new, args.directory
    for what, given in (("OLD", old), ("NEW", new)):
        if given is not None and not given.strip():
            raise CannotRunError(f"diff: {what} is empty", "name a folder or a git revision")
    pair = None if _is_registry(old) else _RANGE.fullmatch(old)
    if pair is not None:
        if directory is not None:
            raise CannotRunError(f"diff: `{old}` names both sides already", "leave NEW out")
        directory, old, new = new, pair["old"] or "HEAD", pair["new"] or "HEAD"
    if new is not None and _is_registry(new):
        if directory is not None:
            raise CannotRunError(
                f"diff: {new} and {directory} are both folders", "name one of them"
            )
        after = _Place(new, None, new)
    else:
        root = root_for(argparse.Namespace(directory=directory))
        after = _Place(root, new, new or _NOW)
    if _is_registry(old):
        return _Place(old, None, old), after
    if pair is not None and pair["dots"] == "...":
        base = Repository(after.root, "diff").merge_base(old, new or "HEAD")
        return _Place(after.root, base, f"the merge base of {old} and {new}"), after
    return _Place(after.root, old, old), after


def _is_registry(path: str) -> bool:
    return os.path.lexists(os.path.join(path, MANIFEST))


def _side(stack: ExitStack, place: _Place, options: Options) -> Side | str:
    if place.revision is None:
        return open_side(place.name, place.root, options, cache=Cache(cache_folder()))
    found = stack.enter_context(revision(place.root, place.revision, "diff"))
    return _opened(found, place.name, place.root, options)


def _opened(found: Revision, name: str, root: str, options: Options) -> Side | str:
    """Open what `root` was, with the policy and the baseline that `options` name as they were."""
    if found.folder is None:
        return f"the registry was not there at {name}"
    own = options.policy
    if own is not None and own not in STAGES and found.read(own) is None:
        options = options._replace(policy=None)  # it came later; the registry's own judged then
    if options.baseline:
        options = options._replace(baseline=_baseline(found.folder, root, options.baseline))
    try:
        return open_side(name, found.folder, options, found.read)
    except CannotRunError as error:
        why = str(error).replace(f"{found.folder}/", "").replace(found.folder, "its folder")
        return f"the registry could not be opened as it was at {name} ({why})"


def _baseline(folder: str, root: str, path: str) -> str:
    """Give the path of a baseline as it was in `folder`; none where it came later.

    One that lies outside of the registry has no revision here, and is read as it is.
    """
    below = os.path.relpath(os.path.realpath(path), os.path.realpath(root))
    if below.split(os.sep)[0] == os.pardir:
        return path
    then = os.path.join(folder, below)
    return then if os.path.lexists(then) else ""


def _empty(stack: ExitStack, name: str, after: Side, options: Options) -> Side:
    """Open a registry in which nothing stands, and of which nothing is said."""
    folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="opmodel-"))
    with open(os.path.join(folder, MANIFEST), "w", encoding="utf-8") as file:
        file.write(f"opmodel: 1\nname: none\nstage: {after.result.stage}\n")
    found = open_side(name, folder, options._replace(policy=None))
    opened = found.opened._replace(policy=after.opened.policy, problems=())
    return Side(name, opened, found.result._replace(diagnostics=()))
