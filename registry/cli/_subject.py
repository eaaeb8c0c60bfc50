"""One argument that may be an id or the registry's folder."""

import argparse
import os

from registry.model.format import MANIFEST


def registry_last(args: argparse.Namespace) -> None:
    """Read a lone argument that is a registry's folder as DIR, and not as an id."""
    if args.directory is None and args.subject is not None:
        given = args.subject
        if _is_path(given) or os.path.isfile(os.path.join(given, MANIFEST)):
            args.directory, args.subject = given, None


def _is_path(text: str) -> bool:
    """Whether a text can only be a path: it begins as one, or ends with a slash."""
    return os.path.isabs(text) or text.startswith(".") or text.endswith("/")
