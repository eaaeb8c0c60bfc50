"""`opmodel.yaml`: the manifest, read whatever is wrong with it."""

import re
from typing import Any, NamedTuple

from registry.diagnostic import Diagnostic, Label
from registry.errors import CannotRunError
from registry.model.format import FORMAT_VERSION, MANIFEST, STAGES
from registry.model.manifest import Manifest
from registry.model.policy import PolicyFile
from registry.model.sections import RESERVED, SECTIONS
from registry.source import folder
from registry.source.composer import compose
from registry.source.sources import Source
from registry.source.text import decode, readable
from registry.source.yaml import Data
from registry.span import KeyPath, Location
from registry.workspace.decode import decode_one
from registry.workspace.decode_errors import EntityPlace
from registry.workspace.reading import EXTENSION

_VERSION = re.compile(r"v?([0-9]{1,9})(?:\.[0-9]+)*")

FIELDS = frozenset(Manifest.model_fields)
"""What a manifest may hold, as it is written."""


class ReadManifest(NamedTuple):
    """The manifest, as much as is right of it."""

    manifest: Manifest
    given: frozenset[str]
    source: Source
    data: Data
    problems: tuple[Diagnostic, ...]
    unread: bool = False
    """Whether nothing of it could be used: its text is no YAML, or of another format."""
    foreign: bool = False
    """Whether it is of another format: then nobody knows what the other files mean."""

    @property
    def stage(self) -> str | None:
        """The stage that it declares; None where it declares none that there is."""
        known = self.data.get("stage") in STAGES and not self.unread
        return self.manifest.stage if known else None


def read_manifest(root: str) -> ReadManifest:
    """Read `opmodel.yaml`: what is wrong in it is a finding, and the rest stands.

    Raises CannotRunError where the file is absent or cannot be opened.
    """
    got = folder.read(root, MANIFEST)
    if isinstance(got, Diagnostic):
        raise CannotRunError(f"{MANIFEST}: {got.message}", got.help)
    text = decode(got.raw, MANIFEST)
    if text.data is None:
        source = Source(MANIFEST, readable(got.raw))
        return ReadManifest(_fallback({}), frozenset(), source, {}, text.problems, unread=True)
    composed = compose(text.data, MANIFEST)
    source = Source(MANIFEST, text.data, composed)
    data = composed.data
    if data is None:
        return ReadManifest(_fallback({}), frozenset(), source, {}, composed.problems, unread=True)
    if (version := _other_format(data.get("opmodel"), source)) is not None:
        fallback = _fallback({"name": data.get("name")})
        return ReadManifest(
            fallback, frozenset(), source, {}, (version,), unread=True, foreign=True
        )
    own = {key: value for key, value in data.items() if is_manifest_field(key, value)}
    place = EntityPlace(MANIFEST, (), "manifest", None, source.spelling)
    done = decode_one(Manifest, own, place)
    manifest = done.entity or _fallback(own)
    faults = _outside(manifest)
    problems = composed.problems + done.problems + tuple(faults)
    if faults:
        manifest = manifest.model_copy(update={"include": None, "exclude": (), "policy": None})
    return ReadManifest(manifest, frozenset(own), source, data, problems)


def _other_format(written: Any, source: Source) -> Diagnostic | None:
    """Report a version that is another format's, so that nothing in it can be judged."""
    path: KeyPath = ("opmodel",)
    text = source.spelling(path) or ""
    if isinstance(written, bool) or not (found := _VERSION.fullmatch(text)):
        return None
    if int(found[1]) == FORMAT_VERSION:
        return None
    message = (
        f"the registry is written in format {text}; this opmodel reads format {FORMAT_VERSION} only"
    )
    help_ = f"write `opmodel: {FORMAT_VERSION}`, or install an opmodel that reads format {text}"
    return Diagnostic("OM006", message, Label(Location(MANIFEST, path)), help_, field=path)


def is_manifest_field(key: str, value: Any) -> bool:
    """Tell a field of the manifest, misspelt ones included, from a section in the same file."""
    if key in FIELDS:
        return True
    known = key in SECTIONS or key in RESERVED or key in PolicyFile.model_fields
    known = known or key.startswith(EXTENSION)
    return not known and not isinstance(value, dict)


def _fallback(own: Data) -> Manifest:
    """Keep what can be kept of a manifest that does not load; production asks for the most."""
    name = own.get("name")
    stage = own.get("stage")
    exclude = own.get("exclude")
    return Manifest(
        opmodel=1,
        name=name if isinstance(name, str) else "registry",
        stage=stage if stage in ("poc", "pilot", "production") else "production",
        profile="service" if own.get("profile") == "service" else "ai",
        policy=own["policy"] if isinstance(own.get("policy"), str) else None,
        exclude=tuple(exclude)
        if isinstance(exclude, list) and all(isinstance(glob, str) for glob in exclude)
        else (),
    )


def _outside(manifest: Manifest) -> list[Diagnostic]:
    found = []
    paths: list[tuple[KeyPath, str]] = [
        ((field, index), glob)
        for field in ("include", "exclude")
        for index, glob in enumerate(getattr(manifest, field) or ())
    ]
    if manifest.policy is not None:
        paths.append((("policy",), manifest.policy))
    for field, path in paths:
        if folder.leaves_root(path):
            message = f"`{path}` points outside the registry's root; nothing there is opened"
            help_ = "write a path relative to the root, as `teams/**/*.yaml`"
            label = Label(Location(MANIFEST, field))
            found.append(Diagnostic("OM006", message, label, help_, field=field))
    return found
