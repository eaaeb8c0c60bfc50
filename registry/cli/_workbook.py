"""The workbook on its way out: as of a whole day, so that the same day gives the same bytes."""

import argparse
from datetime import datetime

from registry.cli._arguments import check_options, zone_of
from registry.cli._delivery import day_of, deliver, is_shown, opened_for, tell, uncertain
from registry.cli._own_files import refuse_own_files
from registry.errors import CannotRunError
from registry.workspace.open import Opened
from registry.workspace.options import Options

_FORM = "xlsx"


def publish_workbook(args: argparse.Namespace) -> int:
    """Write the workbook, or compare it with the one that is there; return 1 where they differ.

    Raises CannotRunError where the command line does not fit it.
    """
    from registry.export.workbook.book import workbook

    suffix = (args.output or "").rpartition(".")[2].lower()
    if args.format not in {None, _FORM} or (args.output is not None and suffix != _FORM):
        raise CannotRunError("export workbook: a workbook is xlsx", "name it NAME.xlsx")
    if args.others:
        raise CannotRunError("export workbook: it is of one registry", "name one folder")
    if args.by is not None:
        raise CannotRunError(f"workbook has no `--by {args.by}`", "leave `--by` out")
    if args.output is None and (args.check or is_shown()):
        raise CannotRunError("export: no file is named", "add -o PATH")
    refuse_own_files(args, [] if args.check else [args.output])
    options = check_options(args)
    opened = opened_for(args, options)
    day = day_of(args, _FORM, opened, options)
    made = workbook(
        opened, _at_dawn(args, opened, options, day), day, with_contacts=args.with_contacts
    )
    tell(made.notes)
    code = deliver(made.content, args.output, check=args.check)
    return max(code, uncertain(args, [opened.workspace]))


def _at_dawn(args: argparse.Namespace, opened: Opened, options: Options, day: str) -> Options:
    """Ask as of the beginning of a day; as it was asked where the day is not known."""
    if not day:
        return options
    zone = zone_of(args.tz or opened.workspace.manifest.timezone or "UTC")
    return options._replace(at=datetime.fromisoformat(day).replace(tzinfo=zone))
