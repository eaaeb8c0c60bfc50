"""`opmodel.yaml`: the manifest, read whatever is wrong with it."""

from typing import Any, NamedTuple

from registry.diagnostic import Diagnostic, Label
from registry.errors import CannotRunError
from registry.model.format import MANIFEST
from registry.model.manifest import Manifest
from registry.model.sections import RESERVED, SECTIONS
from registry.source import folder
from registry.source.composer import compose
from registry.source.sources import Source
from registry.source.text import decode
from registry.source.yaml import Data
from registry.span import KeyPath, Location
from registry.workspace.decode import decode_one
from registry.workspace.decode_errors import EntityPlace
from registry.workspace.reading import EXTENSION

FIELDS = frozenset(Manifest.model_fields)
"""What a manifest may hold, as it is written."""


class ReadManifest(NamedTuple):
    """The manifest, as much as is right of it."""

    manifest: Manifest
    given: frozenset[str]
    source: Source
    data: Data
    problems: tuple[Diagnostic, ...]


def read_manifest(root: str) -> ReadManifest:
    """Read `opmodel.yaml`: what is wrong in it is a finding, and the rest stands.

    Raises CannotRunError where the file is absent or cannot be opened.
    """
    got = folder.read(root, MANIFEST)
    if isinstance(got, Diagnostic):
        raise CannotRunError(f"{MANIFEST}: {got.message}", got.help)
    text = decode(got.raw, MANIFEST)
    if text.data is None:
        source = Source(MANIFEST, got.raw)
        return ReadManifest(_fallback({}), frozenset(), source, {}, text.problems)
    composed = compose(text.data, MANIFEST)
    source = Source(MANIFEST, text.data, composed)
    data = composed.data
    if data is None:
        return ReadManifest(_fallback({}), frozenset(), source, {}, composed.problems)
    own = {key: value for key, value in data.items() if is_manifest_field(key, value)}
    place = EntityPlace(MANIFEST, (), "manifest", None, source.spelling)
    done = decode_one(Manifest, own, place)
    manifest = done.entity or _fallback(own)
    faults = _outside(manifest)
    problems = composed.problems + done.problems + tuple(faults)
    if faults:
        manifest = manifest.model_copy(update={"include": None, "exclude": (), "policy": None})
    return ReadManifest(manifest, frozenset(own), source, data, problems)


def is_manifest_field(key: str, value: Any) -> bool:
    """Tell a field of the manifest, misspelt ones included, from a section in the same file."""
    if key in FIELDS:
        return True
    known = key in SECTIONS or key in RESERVED or key.startswith(EXTENSION)
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
