"""What `check --fix` and `check --diff` do: the fixes of one registry or several, all or none."""

import argparse
import os
from collections.abc import Iterable, Sequence

from registry.checks.result import Result
from registry.checks.totals import verdict
from registry.cli._arguments import check_options, root_for
from registry.cli._checked import folders_of
from registry.cli._imported import harmless
from registry.cli._output import emit, note
from registry.cli._progress import running
from registry.cli._reports import DEFAULT, exit_code
from registry.edit.diff import unified
from registry.edit.fixed import Fixed, Judge, fixed
from registry.edit.refusals import UnreadError
from registry.errors import CannotRunError
from registry.output.files import read_if_there, write_all
from registry.output.terminal import brief
from registry.wording import counted
from registry.workspace.open import Opened, open_registry
from registry.workspace.options import Options


def fits(args: argparse.Namespace) -> None:
    """Raise CannotRunError where options of a fix do not go together."""
    if args.unsafe_fixes and not (args.fix or args.diff):
        raise CannotRunError("--unsafe-fixes fixes nothing alone", "add --fix, or --diff to see it")
    if args.diff and (args.report or args.format != DEFAULT):
        given = "--report" if args.report else f"--format {args.format}"
        raise CannotRunError(f"{given} says nothing beside --diff", "leave one of them out")


def fix(args: argparse.Namespace) -> bool:
    """Fix every registry that is named, in all files or none, and say what was done.

    A registry that cannot be opened is left to the check that follows; where one is left as it is
    beside a file that could not be read, that is said, and the answer is False. Raises
    CannotRunError where a file cannot be written, or has changed meanwhile; then nothing is.
    """
    done, refused = _all(args)
    unread = [(folder, why) for folder, why in refused if isinstance(why, UnreadError)]
    write({path: data for one in done for path, data in one.before.items()},
          {path: data for one in done for path, data in one.after.items()})  # fmt: skip
    for folder, why in unread:
        of = f"{folder}: " if len(args.directories) > 1 else ""
        note(f"opmodel: {brief(f'{of}{why}')}; {brief(why.help)}")
    if done or not unread:
        _tell(done, "fixed")
    return not unread


def show_diff(args: argparse.Namespace) -> int:
    """Show what fixes would change; return 1 where they would, or where errors remain, else 0.

    2 where one of several registries cannot be opened. Raises CannotRunError where none can be.
    """
    done, refused = _all(args)
    if not done:
        raise refused[0][1]
    for folder, why in refused:
        note(f"opmodel: {brief(f'{folder}: {why}')}; {brief(why.help)}")
    folders = [folder for folder in folders_of(args) if folder not in dict(refused)]
    for folder, one in zip(folders, done, strict=True):
        led = f"{str(folder).rstrip('/')}/" if len(args.directories) > 1 else ""
        emit("".join(f"{harmless(line)}\n" for line in _diff(one, led)))
    _tell(done, "would be fixed", "; nothing is written: `--fix` writes it")
    for one in done:
        note(f"opmodel: what would remain: {verdict(one.result)}")
    if refused:
        return 2
    return max(exit_code(one.result, args.fail_on) or int(bool(one.after)) for one in done)


def write(before: dict[str, bytes], after: dict[str, bytes]) -> None:
    """Write files by their paths, all or none. Raises CannotRunError where one is another now."""
    if not after:
        return
    for path, data in before.items():
        if (read_if_there(path) or b"") != data:
            raise CannotRunError(
                f"{path} has changed meanwhile", "nothing is written: run it again"
            )
    places = {os.path.abspath(path): data for path, data in after.items()}
    top = os.path.commonpath([os.path.dirname(path) for path in places])
    write_all(top, {os.path.relpath(path, top): data for path, data in places.items()})


def _all(args: argparse.Namespace) -> tuple[list[Fixed], list[tuple[str | None, CannotRunError]]]:
    done: list[Fixed] = []
    refused: list[tuple[str | None, CannotRunError]] = []
    for folder in folders_of(args):
        try:
            done.append(_one(argparse.Namespace(**{**vars(args), "directory": folder})))
        except CannotRunError as error:
            refused.append((folder, error))
    return done, refused


def _one(args: argparse.Namespace) -> Fixed:
    options, root = check_options(args), root_for(args)
    if args.since is not None:
        return _new(args.since, root, options, unsafe=args.unsafe_fixes)
    opened = open_registry(root, options, progress=running())
    return fixed(opened, options, _everything, unsafe=args.unsafe_fixes)


def _everything(_opened: Opened, result: Result) -> Result:
    return result


def _new(revision: str, root: str, options: Options, *, unsafe: bool) -> Fixed:
    """Fix what is new since a revision, and nothing else."""
    from registry.cli._sides import earlier_side
    from registry.compare.side import Side
    from registry.compare.since import since

    with earlier_side(root, revision, "--since", options) as earlier:
        opened = open_registry(root, options, progress=running())
        before = earlier(str(opened.policy.settings.horizon))
        if isinstance(before, str):
            return fixed(opened, options, _everything, unsafe=unsafe)
        there = before
        judge: Judge = lambda now, result: since(there, Side("now", now, result), options)  # noqa: E731
        return fixed(opened, options, judge, unsafe=unsafe)


def _diff(one: Fixed, led: str) -> Iterable[str]:
    names = {path: f"{led}{name}" for path, name in one.names.items()}
    before = {names[path]: data for path, data in one.before.items()}
    return unified(before, {names[path]: data for path, data in one.after.items()})


def _tell(done: Sequence[Fixed], what: str, more: str = "") -> None:
    """Say how much was fixed, and what could not be."""
    findings = sum(len(one.done) for one in done)
    files = sum(len(one.after) for one in done)
    for one in done:
        for found, why in one.unmended:
            line = found.primary.at.start.line
            place = f"{found.primary.location.file}:{line}: {found.code}"
            note(f"opmodel: {brief(f'{place} is not fixed: {why}')}; mend it by hand")
    if not findings:
        note("opmodel: nothing to fix")
        return
    note(f"opmodel: {counted(findings, 'finding')} {what} in {counted(files, 'file')}{more}")
