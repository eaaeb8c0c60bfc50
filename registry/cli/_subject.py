"""Arguments that may be the registry's folder: a lone id, the last of an option's values."""

import argparse
import os
from collections.abc import Iterable

from registry.model.format import MANIFEST
from registry.source import seen


def registry_last(args: argparse.Namespace) -> None:
    """Read a lone argument that is a registry's folder as DIR, and not as an id."""
    if args.directory is None and args.subject is not None:
        given = args.subject
        if _is_path(given) or seen.is_file(os.path.join(given, MANIFEST)):
            args.directory, args.subject = given, None


def folder_last(args: argparse.Namespace, options: Iterable[str], least: int = 1) -> None:
    """Read the last of an option's several values as DIR, where it is a registry's folder.

    `least` is how many values the option keeps: 0 for one that may stand alone.
    """
    for option in options:
        values: list[str] = getattr(args, option.replace("-", "_"))
        is_one = len(values) > least and seen.is_file(os.path.join(values[-1], MANIFEST))
        if args.directory is None and is_one:
            args.directory = values.pop()


def _is_path(text: str) -> bool:
    """Whether a text can only be a path: it begins as one, or ends with a slash."""
    return os.path.isabs(text) or text.startswith(".") or text.endswith("/")
