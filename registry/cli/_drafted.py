"""A first registry from what is deployed: read, drafted, and what was left out said."""

import argparse
import os

from registry.cli._output import note
from registry.deployed.draft import draft, guesses
from registry.deployed.ingest import chosen, ingest
from registry.errors import CannotRunError
from registry.model.format import MANIFEST
from registry.output.terminal import brief, escape


def drafted(args: argparse.Namespace) -> dict[str, bytes]:
    """Read what is deployed and draft a registry; what is not read is said on standard error."""
    names, *paths = args.sources
    if not paths:
        raise CannotRunError("--from names no files", "write --from prometheus 'rules/*.yml', say")
    found = ingest(chosen(names, paths), args.directory)
    for one in found.deployed.not_read:
        note(f"opmodel: not read: {escape(str(one.where))}: {brief(one.reason)}")
    name = os.path.basename(os.path.abspath(args.directory))
    files = draft(found.deployed, name, args.stage)
    if set(files) == {MANIFEST}:
        message = f"nothing that a reader knows is in {brief(', '.join(paths))}: nothing is drafted"
        raise CannotRunError(message, "name other files, or `all` for the readers")
    number = guesses(files.values())
    note(f"opmodel: {number} guesses are marked `# confirm`: each is for a person to settle")
    return files
