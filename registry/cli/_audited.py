"""What commands need that read deployed configuration: which files, and where an audit goes."""

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from importlib import import_module

import registry.audit.report
from registry.audit.audit import Audit, audit, table
from registry.audit.directory import MAX_SIZE, PeopleDirectory, directory_of
from registry.audit.reporter import AuditReporter
from registry.cli._delivery import deliver as deliver_bytes
from registry.cli._delivery import is_shown, opened_for
from registry.cli._job_summary import add_to_summary
from registry.cli._output import is_colored
from registry.cli._reports import from_repository, prefix_for, reporter
from registry.deployed.ingest import NamedFiles, default, ingest, ingesters
from registry.errors import CannotRunError
from registry.export.export import writers
from registry.output.contacts import hide_contacts
from registry.output.style import Style
from registry.plugins import stems, take
from registry.workspace.options import Options

_TABLES = frozenset({"csv", "xlsx"})


def asked_files(args: argparse.Namespace, root: str) -> tuple[NamedFiles, ...]:
    """Return the files that the options name, else the registry's own folder."""
    options = sorted({one.option for one in ingesters().values()})
    named = [
        NamedFiles(option, pattern)
        for option in options
        for pattern in getattr(args, option.replace("-", "_"))
    ]
    named += [NamedFiles("", pattern) for pattern in args.deployed]
    return tuple(named) or default(root)


def asked_paths(args: argparse.Namespace) -> Iterator[str | None]:
    """Yield the paths and globs of what an audit reads beside the registry."""
    options = {one.option for one in ingesters().values()}
    for option in ("deployed", *sorted(options)):
        yield from getattr(args, option.replace("-", "_"))
    yield args.people


def audit_for(args: argparse.Namespace, options: Options) -> Audit:
    """Open the registry, read the files and audit them."""
    opened = opened_for(args, options)
    root = opened.workspace.root
    directory = read_directory(args.people) if args.people else None
    found = audit(opened, ingest(asked_files(args, root), root), options, directory)
    # A ring is left to the collector, and so to the end of the process, which frees all at once.
    kept: list[object] = [found]
    kept.append(kept)
    return found


def read_directory(path: str) -> PeopleDirectory:
    """Read the directory of people. Raises CannotRunError where it cannot be opened or told."""
    try:
        with open(path, "rb") as file:
            data = file.read(MAX_SIZE + 1)
    except OSError as error:
        raise CannotRunError(f"--people: {path}: {error.strerror}", "correct the path") from None
    found = directory_of(data, path)
    if isinstance(found, str):
        raise CannotRunError(
            f"--people: {path}: {found}", "columns: id or email, and active or last day"
        )
    return found


def deliver(found: Audit, args: argparse.Namespace) -> int:
    """Write the audit in the form that is asked for, by option or by the file's suffix."""
    suffix = os.path.splitext(args.output or "")[1].lower().removeprefix(".")
    form = args.format or (suffix if suffix in {"json", "md", *_TABLES} else "human")
    if form == "xlsx" and args.output is None and is_shown():
        raise CannotRunError("audit: a workbook is no text", "add -o PATH")
    return deliver_bytes(_content(found, form, args), args.output, check=False)


def _way(form: str, root: str) -> Callable[[str], str]:
    """Return how a form leads to a file: of the registry, or as it was named from here."""
    prefix = prefix_for(form, root)

    def way(file: str) -> str:
        is_outside = os.path.isabs(file) or file.startswith("../")
        if not is_outside and os.path.lexists(os.path.join(root, file)):
            return f"{prefix}{file}"
        folder, name = os.path.split(file)
        here = from_repository(folder or ".") if reporter(form).is_for_repository else None
        return file if here is None else f"{here}{name}"

    return way


def _content(found: Audit, form: str, args: argparse.Namespace) -> bytes:
    if form in _TABLES:
        return writers()[form].render(table(found).mapped(hide_contacts))
    if form not in stems(registry.audit.report):
        style = Style(show_suppressed=args.show_suppressed, limit=sys.maxsize)
        result = found.result.led(_way(form, found.workspace.root))
        if form == "github":
            add_to_summary(reporter("markdown").render(result, style))
        return reporter(form).render(result, style).encode()
    module = import_module(f"registry.audit.report.{form}")
    color = form == "human" and args.output is None and is_colored(args.color)
    style = Style(color=color, show_suppressed=args.show_suppressed)
    return take(module, "REPORTER", AuditReporter).render(found, style).encode()
