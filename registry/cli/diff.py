"""`opmodel diff`: what a change does to who owns, who is paged, what is kept and what is found."""

import argparse

from registry.cli._arguments import add_registry
from registry.cli._command import Command
from registry.cli._output import emit, is_colored, note
from registry.errors import CannotRunError

_FAILING = ("findings", "ownership", "paging")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the two sides, and what makes it fail."""
    add = parser.add_argument
    add("old", metavar="OLD", help="a folder, a git revision, or two of them as main..HEAD")
    add("new", metavar="NEW", nargs="?", help="likewise; else the files as they are now")
    add_registry(parser, ["human", "json", "markdown"], "human")
    add("--fail-on", metavar="LIST", default="", help="exit 1 where any of these has something: "
        f"{', '.join(_FAILING)}")  # fmt: skip
    add("--horizon", metavar="DURATION", help="how far to look ahead, as 90d; else the policy's")
    add("--color", choices=("auto", "always", "never"), default="auto", help="else auto")


def run(args: argparse.Namespace) -> int:
    """Compare and show; return 0, or 1 for what `--fail-on` names."""
    from registry.cli._sides import two_sides
    from registry.compare.difference import difference
    from registry.compare.report import human, json, markdown
    from registry.output.terminal import brief
    from registry.workspace.not_loaded import unread_files

    failing = _failing(args.fail_on)
    with two_sides(args, note) as (before, after, options):
        found = difference(before, after, options)
        lost = [unread_files(one.opened.workspace) for one in (before, after) if failing]
    zone = args.tz or after.opened.workspace.manifest.timezone or "UTC"
    if args.format == "json":
        emit(json.render(found))
    elif args.format == "markdown":
        emit(markdown.render(found, zone, args.tz))
    else:
        emit(human.render(found, zone, args.tz, color=is_colored(args.color)))
    parts = (found.findings.new, found.ownership, found.paging)
    for why in filter(None, lost):
        note(f"opmodel: diff: {brief(why)}, so that more may have changed")
    named = [part for name, part in zip(_FAILING, parts, strict=True) if name in failing]
    return int(any((*named, *lost)))


def _failing(text: str) -> list[str]:
    named = [one.strip() for one in text.split(",") if one.strip()]
    for one in named:
        if one not in _FAILING:
            raise CannotRunError(f"--fail-on names `{one}`", f"it is of {', '.join(_FAILING)}")
    return named


COMMAND = Command("Say what a change does to who owns and who is paged.", arguments, run,
                  "comparing")  # fmt: skip
