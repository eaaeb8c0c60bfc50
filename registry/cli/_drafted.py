"""A first registry from what is deployed: read, drafted, and what was left out said."""

import argparse
import os
from collections.abc import Iterator, Mapping

from registry.cli._output import note
from registry.deployed.draft.draft import draft, guesses
from registry.deployed.ingest import chosen, ingest
from registry.deployed.model import Where
from registry.errors import CannotRunError
from registry.model.format import MANIFEST, PROFILES
from registry.output.terminal import brief, escape
from registry.source.composer import compose
from registry.source.text import hidden

SEVERITIES = ("sev1", "sev2", "sev3", "sev4")


def drafted(args: argparse.Namespace) -> dict[str, bytes]:
    """Read what is deployed and draft a registry; what is not read is said on standard error."""
    names, *paths = args.sources
    if not paths:
        raise CannotRunError("--from names no files", "write --from prometheus 'rules/*.yml', say")
    found = ingest(chosen(names, paths), args.directory)
    for one in found.deployed.not_read:
        note(f"opmodel: not read: {escape(str(one.where))}: {brief(one.reason)}")
    name = os.path.basename(os.path.abspath(args.directory))
    files, left_out = draft(found.deployed, name, args.stage, _place, _words(args.severity))
    for left in left_out:
        note(f"opmodel: left out: {escape(_place(left.where))}: {brief(left.reason)}")
    if set(files) == {MANIFEST} and not left_out:
        message = f"nothing that a reader knows is in {brief(', '.join(paths))}: nothing is drafted"
        raise CannotRunError(message, "name other files, or `all` for the readers")
    if set(files) == {MANIFEST}:
        message = f"nothing of {brief(', '.join(paths))} can be drafted: all of it is left out"
        raise CannotRunError(message, "say what a word means, as --severity urgent=sev2")
    _refuse_hidden(files)
    if args.profile != PROFILES[0]:
        files = {**files, MANIFEST: files[MANIFEST] + f"profile: {args.profile}\n".encode()}
    number = guesses(files.values())
    note(f"opmodel: {number} guesses are marked `# confirm`: each is for a person to settle")
    return files


def _refuse_hidden(files: Mapping[str, bytes]) -> None:
    """Refuse a draft of which a check would say that its texts hide something."""
    for name, data in files.items():
        for text in _texts(compose(data, name).data):
            if (names := hidden(text)) is not None:
                message = f"`{brief(text)}` hides what a reader cannot see: {names}"
                raise CannotRunError(message, "remove it from what is deployed; nothing is written")


def _texts(data: object) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for key, one in data.items():
            yield from (*_texts(key), *_texts(one))
    elif isinstance(data, list):
        for one in data:
            yield from _texts(one)


def _words(given: list[str]) -> dict[str, str]:
    """Read what an estate's words mean, each as `WORD=sev2`; raises CannotRunError for others."""
    found: dict[str, str] = {}
    for one in given:
        word, sign, severity = one.rpartition("=")
        if not sign or severity not in SEVERITIES:
            help_ = "write --severity page-me=sev1, with sev1, sev2, sev3 or sev4"
            raise CannotRunError(f"`--severity {brief(one)}` is no word with its severity", help_)
        found[word.strip().casefold()] = severity
    return found


def _place(where: Where) -> str:
    """Show a place as one of the files here; of a file that is elsewhere, its name alone.

    The draft is for everybody: where its sources stand on one machine is nobody's business.
    """
    name = where.file
    try:
        name = os.path.relpath(name).replace(os.sep, "/") if os.path.isabs(name) else name
    except ValueError:  # on another drive
        name = "../" + name
    is_here = not name.startswith("../") and "/../" not in name
    return str(where._replace(file=name if is_here else name.rpartition("/")[2]))
