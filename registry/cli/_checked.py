"""The checks that a command asks for: of one registry or several, whole or since a revision."""

import argparse
import os

from registry.checks.reporter import Reported
from registry.checks.result import Result
from registry.cli._arguments import check_options, root_for
from registry.cli._door import cache_folder
from registry.cli._output import note
from registry.cli._progress import running
from registry.cli._reports import fails_from, from_repository, prefix
from registry.errors import CannotRunError
from registry.output.style import Style
from registry.output.terminal import brief
from registry.source import seen
from registry.source.cache import Cache
from registry.workspace.options import Options


def check_all(args: argparse.Namespace) -> tuple[list[Reported], bool]:
    """Check each registry that is named; tell whether all of them could be.

    Of several, one that cannot be checked is told on standard error and keeps no other from it.
    Raises CannotRunError where none can be, and where one is named twice.
    """
    found: list[Reported] = []
    refused: list[tuple[str | None, CannotRunError]] = []
    for folder in folders_of(args):
        try:
            found.append(_checked(argparse.Namespace(**{**vars(args), "directory": folder})))
        except CannotRunError as error:
            refused.append((folder, error))
    if not found:
        raise refused[0][1]
    for folder, why in refused:
        note(f"opmodel: {brief(f'{folder}: {why}')}; {brief(why.help)}")
    return found, not refused


def folders_of(args: argparse.Namespace) -> list[str | None]:
    """List the folders that a check names, None for the one that is found upward.

    Raises CannotRunError where one is named twice.
    """
    _refuse_twice(args.directories)
    return args.directories or [None]


def _refuse_twice(folders: list[str]) -> None:
    roots = [seen.real(folder) for folder in folders]
    for place, root in enumerate(roots):
        if root in roots[:place]:
            raise CannotRunError(f"{folders[place]} is named twice", "name each registry once")


def _checked(args: argparse.Namespace) -> Reported:
    options = check_options(args)
    root = root_for(args)
    cache = Cache(None if args.no_cache else cache_folder())
    style = Style(
        show_suppressed=args.show_suppressed,
        statistics=args.statistics,
        prefix=prefix(root),
        fails_from=fails_from(args.fail_on),
    )
    result = _result(root, options, cache) if args.since is None else _since(args, root, options)
    folder = args.directory or os.path.relpath(root)
    return Reported(folder, result, style, from_repository(root))


def _result(root: str, options: Options, cache: Cache) -> Result:
    from registry.checks.engine import check

    return check(root, options, cache, running())


def _since(args: argparse.Namespace, root: str, options: Options) -> Result:
    from registry.cli._sides import earlier_side
    from registry.compare.side import open_side
    from registry.compare.since import since, since_nothing

    cache = Cache(None if args.no_cache else cache_folder())
    with earlier_side(root, args.since, "--since", options) as earlier:
        now = open_side("now", root, options, cache=cache, progress=running())
        before = earlier(now.horizon)
        if isinstance(before, str):
            return since_nothing(now, args.since, before)
        return since(before, now, options)
