"""`opmodel export`: tables, pages and calendars that people hand round."""

import argparse

import registry.export.pages
import registry.export.tables
import registry.output.tables
from registry.cli._arguments import add_registry
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
    add("others", metavar="DIR", nargs="*", help="more registries, for one table of them all")
    add("-o", "--output", metavar="PATH", help="write a file, or a folder of pages; else stdout")
    add("--by", metavar="FORM", help="one form of several: `function` for role-matrix")
    add("--blank", action="store_true", help="the role matrix as a template to fill in")
    add("--check", action="store_true", help="write nothing; exit 1 if a file would change")
    add("--with-contacts", action="store_true", help="keep telephone numbers and e-mail")


def _names() -> list[str]:
    found = (stems(registry.export.tables), stems(registry.export.pages), [_WORKBOOK])
    return [name for modules in found for name in _spoken(modules)]


def _spoken(modules: list[str]) -> list[str]:
    return [one.replace("_", "-") for one in modules]


def run(args: argparse.Namespace) -> int:
    """Write what is asked for, or compare it with what is there."""
    from registry.cli._delivery import publish_pages, write_table
    from registry.cli._workbook import publish_workbook

    if args.name not in _names():
        known = did_you_mean(args.name, _names(), f"it is one of {', '.join(_names())}")
        raise CannotRunError(f"there is no export `{args.name}`", known)
    if args.blank and (args.name != "role-matrix" or args.others):
        several = "--blank is one registry's template, and several are named"
        message = several if args.others else f"{args.name} has no template"
        raise CannotRunError(message, "leave `--blank` out")
    if args.name == _WORKBOOK:
        return publish_workbook(args)
    if args.name in _spoken(stems(registry.export.pages)):
        return publish_pages(args)
    return write_table(args)


COMMAND = Command("Write the role matrix, runbooks or another part as files.", arguments, run,
                  "exporting", lambda args: args.output is None)  # fmt: skip
