"""`opmodel schema`: JSON Schemas of the sections, the policy and the machine formats."""

import argparse
import os

from registry.cli._command import Command
from registry.cli._output import emit, note
from registry.errors import CannotRunError

_SUFFIX = ".schema.json"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what to print, and where to."""
    parser.add_argument("section", metavar="SECTION", nargs="?", help="one schema; else all")
    parser.add_argument(
        "--check", metavar="FILE", nargs="+", help="show what an editor would of it"
    )
    parser.add_argument("-o", "--output", metavar="DIR", help="write files there; else print")


def run(args: argparse.Namespace) -> int:
    """Print one schema, write one or all, list their names, or check files against them."""
    from registry.schemas import schemas

    made = schemas()
    if args.check:
        return _check(args.check, made)
    names = [name.removesuffix(_SUFFIX) for name in made]
    if args.section and args.section not in names:
        from registry.wording import did_you_mean

        help_ = did_you_mean(args.section, names, "`opmodel schema` lists them")
        raise CannotRunError(f"there is no schema `{args.section}`", help_)
    if args.section:
        made = {args.section + _SUFFIX: made[args.section + _SUFFIX]}
    if args.output is not None:
        _write(args.output, made)
    else:
        emit("".join(made.values() if args.section else (f"{name}\n" for name in names)))
    return 0


def _check(paths: list[str], schemas: dict[str, str]) -> int:
    from registry.checks.schema_check import check_file, shown

    emit(lines := "".join(shown(one) for path in paths for one in check_file(path, schemas)))
    return int(lines != "")


def _write(folder: str, files: dict[str, str]) -> None:
    from registry.output.files import make_folder, write_whole

    make_folder(folder)
    for name, text in files.items():
        write_whole(os.path.join(folder, name), text.encode("utf-8"))
    note(f"opmodel: {len(files)} written to {folder}")


COMMAND = Command("List, print or write the JSON Schemas.", arguments, run)
