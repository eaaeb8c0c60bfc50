"""Where exports go: to standard output, into a file, or into a folder of pages; or a comparison."""

import argparse
import os
import sys
from collections.abc import Sequence

from registry.cli._arguments import check_options, root_for, zone_of
from registry.cli._door import cache_folder
from registry.cli._output import emit_bytes, note
from registry.cli._own_files import refuse_own_files
from registry.cli._progress import running
from registry.errors import CannotRunError
from registry.export.export import export, format_for
from registry.export.publish import (
    differing,
    form_for,
    left_over,
    publish,
    publishers,
    refuse_inside,
)
from registry.export.several import export_several
from registry.output.files import read_if_there, write_all, write_whole
from registry.output.terminal import brief
from registry.source import seen
from registry.source.cache import Cache
from registry.wording import counted
from registry.workspace.open import Opened, open_registry
from registry.workspace.options import Options
from registry.workspace.root import root_of
from registry.workspace.workspace import Workspace


def opened_for(args: argparse.Namespace, options: Options) -> Opened:
    """Open the registry that a command names."""
    return open_registry(root_for(args), options, Cache(cache_folder()), running())


def others_for(args: argparse.Namespace, options: Options) -> list[tuple[str, Opened]]:
    """Open the further registries that a command names, each with its folder as it was given.

    Raises CannotRunError for a folder that is named twice, and for one that holds no registry.
    """
    roots = [seen.real(root_of(one)) for one in (args.directory, *args.others)]
    twice = next((place for place, one in enumerate(roots) if one in roots[:place]), None)
    if twice is not None:
        name = (args.directory, *args.others)[twice]
        raise CannotRunError(f"{brief(name)} is named twice", "name each registry once")
    return [
        (folder, open_registry(root_of(folder), options, Cache(cache_folder()), running()))
        for folder in args.others
    ]


def tell(lines: tuple[str, ...]) -> None:
    """Say on standard error what an export lacks."""
    for line in lines:
        note(f"opmodel: {brief(line)}")


def day_of(args: argparse.Namespace, form: str, opened: Opened, options: Options) -> str:
    """Tell the day that a table is of: with `--check`, the day of the workbook that is there."""
    from registry.output.tables.xlsx import dated

    if args.check and form == "xlsx":
        return dated(read_if_there(args.output) or b"")
    zone = zone_of(args.tz or opened.workspace.manifest.timezone or "UTC")
    return options.at.astimezone(zone).date().isoformat()


def deliver(content: bytes, path: str | None, *, check: bool, what: str = "") -> int:
    """Write one file, or to standard output; with `check`, return 1 where the file differs.

    `what` says how much of what is in it, for whoever reads what was written.
    """
    if path is None:
        emit_bytes(content)
    elif not check:
        write_whole(path, content)
        note(f"opmodel: wrote {f'{what} to ' * bool(what)}{brief(path)}")
    elif read_if_there(path) != content:
        note(f"opmodel: {brief(path)} is not what the registry says now: export it anew")
        return 1
    return 0


def write_table(args: argparse.Namespace) -> int:
    """Write a table of one registry or several, or compare it with what is there.

    Returns 1 where it differs. Raises CannotRunError where the command line does not fit.
    """
    form = format_for(args.output, args.format)
    if args.output is None and (args.check or (form == "xlsx" and is_shown())):
        raise CannotRunError("export: no file is named", "add -o PATH")
    refuse_own_files(args, [] if args.check else [args.output])
    options = check_options(args)
    opened = opened_for(args, options)
    day = day_of(args, form, opened, options)
    if args.others:
        every = [(args.directory, opened), *others_for(args, options)]
        made = export_several(
            every, args.name, form, args.by, options.at, day, with_contacts=args.with_contacts
        )
    else:
        own = {"with_contacts": args.with_contacts, "is_blank": args.blank}
        made = export(opened, args.name, form, args.by, at=options.at, as_of=day, **own)
    tell(made.notes)
    whole = [opened.workspace] if not args.others else [one.workspace for _, one in every]
    code = deliver(made.content, args.output, check=args.check, what=counted(made.rows, "row"))
    return max(code, uncertain(args, whole))


def uncertain(args: argparse.Namespace, read: Sequence[Workspace]) -> int:
    """Return 1 where `--check` would say that all is well beside what could not be read."""
    return int(args.check and any(one.unread for one in read))


def publish_pages(args: argparse.Namespace) -> int:
    """Write a publication, or compare it with what is there; return 1 where something differs.

    Raises CannotRunError where the command line does not fit the publication.
    """
    publisher = publishers()[args.name]
    form = form_for(publisher, args.output, args.format)
    if args.others:
        message = f"export {args.name}: pages are of one registry"
        raise CannotRunError(message, "name one folder; tables take several")
    if args.by is not None:
        raise CannotRunError(f"{args.name} has no `--by {args.by}`", "leave `--by` out")
    if args.output is None and publisher.folder:
        message = f"export {args.name}: it is a folder of pages, and no folder is named"
        raise CannotRunError(message, "add -o DIR")
    if args.output is None and args.check:
        raise CannotRunError("export: no file is named", "add -o PATH")
    refuse_own_files(args, [] if args.check or publisher.folder else [args.output])
    options = check_options(args)
    opened = opened_for(args, options)
    made = publish(opened, args.name, form, options, args.tz, with_contacts=args.with_contacts)
    tell(made.notes)
    if not publisher.folder:
        (content,) = made.files.values()
        code = deliver(content, args.output, check=args.check)
    else:
        pages = [os.path.join(args.output, name) for name in made.files]
        refuse_own_files(args, [] if args.check else pages)
        code = _deliver_folder(opened, args.output, dict(made.files), check=args.check)
    return max(code, uncertain(args, [opened.workspace]))


def _deliver_folder(opened: Opened, path: str, files: dict[str, bytes], *, check: bool) -> int:
    mark = next(iter(files.values())).partition(b"\n")[0]
    if check:
        lines = differing(path, files, mark)
        for line in lines:
            note(f"opmodel: {brief(os.path.join(path, line))}")
        return int(bool(lines))
    refuse_inside(opened, path, files)
    write_all(path, files)
    note(f"opmodel: wrote {counted(len(files), 'file')} below {brief(path)}")
    for name in left_over(path, files, mark):
        note(f"opmodel: {brief(os.path.join(path, name))} is left over from before: delete it")
    return 0


def is_shown() -> bool:
    """Whether standard output is a terminal, where no workbook belongs."""
    return sys.stdout is not None and sys.stdout.isatty()
