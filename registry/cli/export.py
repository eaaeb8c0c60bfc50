"""`opmodel export`: tables, pages and calendars that people hand round."""

import argparse

import registry.export.pages
import registry.export.tables
import registry.output.tables
from registry.cli._arguments import add_registry, check_options
from registry.cli._command import Command
from registry.errors import CannotRunError
from registry.plugins import stems
from registry.wording import did_you_mean

_WORKBOOK = "workbook"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what to export, in which form, and where to."""
    add = parser.add_argument
    add("name", metavar="NAME", help=", ".join(_names()))
    add_registry(parser, [*stems(registry.output.tables), "ics"], None)
    add("-o", "--output", metavar="PATH", help="write a file, or a folder of pages; else stdout")
    add("--by", metavar="FORM", help="one form of several: `function` for role-matrix")
    add("--blank", action="store_true", help="the role matrix as a template to fill in")
    add("--check", action="store_true", help="write nothing; exit 1 if a file would change")
    add("--with-contacts", action="store_true", help="keep telephone numbers and e-mail")


def _names() -> list[str]:
    found = (*stems(registry.export.tables), *stems(registry.export.pages), _WORKBOOK)
    return [one.replace("_", "-") for one in found]


def run(args: argparse.Namespace) -> int:
    """Write what is asked for, or compare it with what is there."""
    from registry.cli._delivery import day_of, deliver, is_shown, opened_for, publish_pages, tell
    from registry.cli._workbook import publish_workbook
    from registry.export.export import export, format_for

    if args.name not in _names():
        known = did_you_mean(args.name, _names(), f"it is one of {', '.join(_names())}")
        raise CannotRunError(f"there is no export `{args.name}`", known)
    if args.blank and args.name != "role-matrix":
        raise CannotRunError(f"{args.name} has no template", "leave `--blank` out")
    if args.name == _WORKBOOK or args.name in stems(registry.export.pages):
        return (publish_workbook if args.name == _WORKBOOK else publish_pages)(args)
    form = format_for(args.output, args.format)
    if args.output is None and (args.check or (form == "xlsx" and is_shown())):
        raise CannotRunError("export: no file is named", "add -o PATH")
    options = check_options(args)
    opened = opened_for(args, options)
    day = day_of(args, form, opened, options)
    own = {"with_contacts": args.with_contacts, "is_blank": args.blank}
    made = export(opened, args.name, form, args.by, as_of=day, **own)
    tell(made.notes)
    return deliver(made.content, args.output, check=args.check)


COMMAND = Command("Write the role matrix, runbooks or another part as files.", arguments, run)
