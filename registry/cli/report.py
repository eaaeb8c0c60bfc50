"""`opmodel report`: everything that people ask, as one page that needs no network."""

import argparse

from registry.cli._arguments import add_registry, check_options
from registry.cli._command import Command
from registry.errors import CannotRunError


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add where the page goes, and what else is on it."""
    add_registry(parser, ["html"], "html")
    # fmt: off
    add = parser.add_argument
    add("-o", "--output", metavar="PATH", help="the file to write, as report.html; else stdout")
    add("--deployed", metavar="PATH", nargs="*", action="extend",
        help="put what is deployed beside it: files or folders of any kind; without one the "
             "registry's folder deployed/")
    add("--traces", metavar="FILE", nargs="+", action="extend", default=[],
        help="put quality over time beside it, from recorded traces as `opmodel traces` reads them")
    add("--with-contacts", action="store_true", help="also show phone numbers and addresses")
    # fmt: on


def run(args: argparse.Namespace) -> int:
    """Write the page; what it tells is no failure, so this is always 0."""
    from registry.audit.audit import audit
    from registry.cli._delivery import deliver, is_shown, opened_for, tell
    from registry.cli._own_files import refuse_own_files
    from registry.cli._subject import folder_last
    from registry.deployed.ingest import NamedFiles, default, ingest
    from registry.export.site.report import Beside, report

    if args.traces:
        folder_last(args, ("traces",))
    if args.output is None and is_shown():
        raise CannotRunError("report: a page is not for a terminal", "add -o report.html")
    if args.deployed is not None:
        folder_last(args, ("deployed",), least=0)
    refuse_own_files(args, [args.output], (*(args.deployed or ()), *args.traces))
    options = check_options(args)
    opened = opened_for(args, options)
    joined = None
    if args.deployed is not None:
        root = opened.workspace.root
        files = tuple(NamedFiles("", one) for one in args.deployed) or default(root)
        joined = audit(opened, ingest(files, root), options)
    quality = None
    if args.traces:
        from registry.cli._traces import read_quality

        quality = read_quality(opened, args.traces, options, args.tz)
    beside = Beside(joined, quality)
    made = report(opened, options, beside, args.tz, with_contacts=args.with_contacts)
    tell(made.notes)
    return deliver(made.content, args.output, check=False)


COMMAND = Command("Write one page for everybody: answers, matrix, calendar.", arguments, run,
                  "writing the page")  # fmt: skip
