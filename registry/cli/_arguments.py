"""Arguments that several commands share, and what they mean."""

import argparse
import os
from datetime import UTC, datetime, tzinfo

from registry.cli._door import HOUR
from registry.cli._output import note
from registry.clock.instants import in_range, read_civil
from registry.errors import CannotRunError
from registry.output.terminal import brief
from registry.source import seen
from registry.workspace.options import Options, this_hour
from registry.workspace.root import root_of

_WIDEST = 45
"""Columns of a list of words that fit a line of help."""


BASELINE_HELP = "a file of what is accepted; else opmodel-baseline.yaml beside the manifest"


def add_registry(
    parser: argparse.ArgumentParser,
    formats: list[str],
    default: str | None,
    *,
    with_baseline: bool = False,
    several: bool = False,
) -> None:
    """Add what every command takes that reads a registry; `default` is one of `formats`, if any.

    `with_baseline` says that known findings may count as accepted. Where `several` may be named,
    they are `directories`, else one is the `directory`.
    """
    parser.add_argument(
        "directories" if several else "directory", metavar="DIR", nargs="*" if several else "?",
        help=f"the registry's root{', or several' if several else ''}; "
        "else the nearest folder upward that has an opmodel.yaml",
    )  # fmt: skip
    add_time(parser)
    parser.add_argument(
        "--policy", metavar="PACK|PATH",
        help="poc, pilot, production or a file; else what the manifest names",
    )  # fmt: skip
    usual = f"else {default}" if default else "else what PATH's suffix says, or the usual one"
    is_long = len(",".join(formats)) > _WIDEST
    parser.add_argument(
        "--format",
        choices=formats,
        default=default,
        metavar="FORM" if is_long else None,
        help=f"one of {', '.join(formats)}; {usual}" if is_long else usual,
    )

    if with_baseline:
        either = parser.add_mutually_exclusive_group()
        either.add_argument("--baseline", metavar="FILE", help=BASELINE_HELP)
        about = "what is known is shown as well"
        either.add_argument(
            "--no-baseline", dest="baseline", action="store_const", const="", help=about
        )


def add_time(parser: argparse.ArgumentParser) -> None:
    """Add what every command takes whose answer depends on when it is asked."""
    parser.add_argument(
        "--at", metavar="INSTANT",
        help="answer as of then: ISO 8601 with an offset, or local; else now",
    )  # fmt: skip
    parser.add_argument(
        "--tz",
        metavar="ZONE",
        help="read and show times in this IANA time zone; else in the manifest's",
    )


def instant(text: str, tz: str | None, option: str = "--at") -> datetime:
    """Read an instant: with an offset, or local to the zone `tz`.

    A local time that the zone's clocks skip is read with the offset before the gap; one that they
    show twice means the first. Raises CannotRunError with what was expected, and for an instant
    that is before 1970 or after 2999; `option` is named.
    """
    found = read_civil(text, local=tz is not None, option=option)
    if found.tzinfo is None and tz is not None:
        found = found.replace(tzinfo=zone_of(tz))
    return in_range(found, text, option).astimezone(UTC)


def zone_of(name: str) -> tzinfo:
    """Return the rules of an IANA zone; raises CannotRunError with the nearest name."""
    from registry.clock.civil import zone
    from registry.clock.zones import zone_names
    from registry.wording import did_you_mean

    if name not in zone_names():
        help_ = did_you_mean(name, zone_names(), "write an IANA name, as Europe/Berlin")
        raise CannotRunError(f"--tz: there is no time zone `{name}`", help_)
    return zone(name)


def zone_for(args: argparse.Namespace) -> str | None:
    """Name the zone of an `--at` without an offset: `--tz`, else the manifest's, else UTC.

    None where it needs none. Raises CannotRunError for a zone that is none, and for no registry.
    """
    if args.tz is not None:
        zone_of(args.tz)
        return str(args.tz)
    if args.at is None or read_civil(args.at, local=True, option="--at").tzinfo is not None:
        return None
    from registry.workspace.manifest import read_manifest

    return read_manifest(root_of(args.directory)).manifest.timezone or "UTC"


def root_for(args: argparse.Namespace) -> str:
    """Return the root of the registry that a command names; say which, where it is not here.

    Raises CannotRunError where there is none.
    """
    root = root_of(args.directory)
    if args.directory is None and seen.real(root) != seen.real("."):
        note(f"opmodel: the registry is {brief(os.path.relpath(root))}")
    return root


def _hour() -> datetime:
    """Return the hour that we are in, and note that the answer is of that hour."""
    found = this_hour(datetime.now(UTC))
    seen.hour(int(found.timestamp()) // HOUR)
    return found


def check_options(args: argparse.Namespace) -> Options:
    """Read what a check is asked for; without `--at` it is as of the hour that we are in.

    Raises CannotRunError for an instant or a zone that is none, and for an empty choice of rules.
    """
    zone = zone_for(args)
    at = _hour() if args.at is None else instant(args.at, zone)
    chosen = {name: getattr(args, name, None) for name in ("select", "ignore")}
    for name, codes in chosen.items():
        if codes is not None and not codes.strip(" ,"):
            raise CannotRunError(f"--{name} names no rule", "give codes, as OM2,OM304")
    return Options(
        at, args.policy, chosen["select"] or "", chosen["ignore"] or "",
        getattr(args, "horizon", None), args.tz, getattr(args, "baseline", None),
    )  # fmt: skip
