"""What is wrong with the sections of a file and with their ids: the finding, at its place."""

import re
from collections.abc import Callable

from registry.diagnostic import Diagnostic, Label
from registry.model.format import ID_PATTERN, ID_WORDS, MANIFEST
from registry.model.policy import PolicyFile
from registry.model.sections import RESERVED, SECTIONS
from registry.source.text import SUSPICIOUS, describe
from registry.span import Location
from registry.wording import did_you_mean
from registry.workspace.manifest import FIELDS

_ID = re.compile(ID_PATTERN)


def unknown_section(file: str, name: str, meant: Callable[[], str]) -> Diagnostic:
    """Say that a key at the top of a file is no section; `meant` says which may be."""
    at = Location(file, (name,), "key")
    if name in RESERVED:
        message = f"the section `{name}` is kept for a later version of the format"
        help_ = "remove it for now; a key of your own begins with `x-`"
    elif name in FIELDS and file != MANIFEST:
        message = f"`{name}` is a field of the manifest, not a section"
        help_ = f"move it to {MANIFEST}"
    elif name in PolicyFile.model_fields:
        message = f"`{name}` is a field of a policy pack, not a section"
        help_ = f"move it to a file of its own, and name that as `policy` in {MANIFEST}"
    else:
        message = f"there is no section `{name}`"
        help_ = meant()
    return Diagnostic("OM003", message, Label(at), help_, field=(name,))


def bad_section(file: str, name: str) -> Diagnostic:
    """Say that a section holds something else than entities by their ids."""
    message = f"the section `{name}` must map ids to entities"
    help_ = "write `id:` and its fields below it, not a list"
    return Diagnostic("OM006", message, Label(Location(file, (name,))), help_, field=(name,))


def bad_id(section: str, id_: str, at: Location) -> Diagnostic | None:
    """Say that an id is none, or none of the section's own; None where it is sound."""
    if not _ID.fullmatch(id_):
        shown = SUSPICIOUS.sub(lambda found: f"<{describe(found[0])}>", id_)
        odd = [describe(char) for char in id_ if not char.isascii() or not char.isprintable()]
        what = f" ({', '.join(dict.fromkeys(odd))})" if odd else ""
        message = f"`{shown[:80]}` is no id{what}"
        return Diagnostic("OM006", message, Label(at), ID_WORDS, field=(section, id_))
    allowed = SECTIONS[section].ids
    if allowed and id_ not in allowed:
        message = f"`{id_}` is no {SECTIONS[section].noun}"
        help_ = did_you_mean(id_, allowed, "it is sev1 to sev4")
        return Diagnostic("OM006", message, Label(at), help_, field=(section, id_))
    return None


def duplicate(
    section: str, id_: str, file: str, at: Location, other: str | None = None
) -> Diagnostic:
    """Say that an id stands in a section already, in a file; `other` is where it stands here."""
    row = SECTIONS[section]
    first = Location(file, (section,) if row.single else (section, id_), "key")
    if other is None:
        message = f"the {row.noun} `{id_}` is defined twice"
        help_ = "keep one of the two"
    else:
        message = f"`{id_}` is a {SECTIONS[other].noun} here and a {row.noun} elsewhere"
        help_ = "rename one of them: what can be addressed shares one id space"
    related = (Label(first, "first defined here"),)
    entity = (other or section, id_)
    return Diagnostic("OM009", message, Label(at), help_, related, entity)
