"""The one type that every producer of findings yields: parser, schema, rules, importers."""

from collections.abc import Iterable
from enum import Enum
from typing import NamedTuple

from registry.span import FILE_START, KeyPath, Location, Span


class Severity(Enum):
    """How much a finding matters; the policy pack decides, stage by stage."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 for an error, 1 for a warning, 2 for an info."""
        return _RANKS[self._value_]


_RANKS = {one.value: rank for rank, one in enumerate(Severity)}


class Label(NamedTuple):
    """A place and what there is to say about it.

    A producer that works on data gives only `location`; `span` and `excerpt` (the source line,
    cut to 200 characters) are filled in once, when the check resolves places into positions.
    A producer that works on text gives `span` itself.
    """

    location: Location
    message: str = ""
    span: Span | None = None
    excerpt: str = ""

    @property
    def at(self) -> Span:
        """The resolved span; the file's first position before that."""
        return self.span or FILE_START


BY_BASELINE = "baseline"
"""The kind of a suppression that stands in a baseline."""


class Suppression(NamedTuple):
    """Why a finding is silenced, and where that was written.

    `kind` is `comment`, `waiver` or `baseline`. `owner` and `until` are who sees to it and the last
    day of it; empty where that is not said.
    """

    kind: str
    reason: str
    file: str
    line: int
    owner: str = ""
    until: str = ""


NewValue = str | tuple[str, ...] | None
"""A text, or a list of texts; None where what stands there is to go."""


class FixChange(NamedTuple):
    """What is to stand at a place in the data, or in the place of a stretch of text (`span`).

    The place is a key, a text, a field of an entity, or an item of a list; a stretch of text is a
    comment. The text is the value as it reads, whatever quotes it needs in the file.
    """

    location: Location
    value: NewValue
    span: Span | None = None


class Fix(NamedTuple):
    """Changes to one file that mend a finding, all of them or none; `message` says what they do.

    It is safe where it can only be what was meant; else a person has to look at it.
    """

    message: str
    is_safe: bool
    changes: tuple[FixChange, ...]


def removal(message: str, change: FixChange) -> Fix:
    """Make the fix that takes out what is of no use, which is safe."""
    return Fix(message, is_safe=True, changes=(change,))


class Diagnostic(NamedTuple):
    """One finding: exactly one primary place, any number of related ones that tell the story.

    `entity` is (section, id) and `field` the key path within it; either may be None.
    `distinguish` holds what tells two findings of one rule at one field apart. `fix` is what the
    program itself can do about it; None where only a person can.
    """

    code: str
    message: str
    primary: Label
    help: str = ""
    related: tuple[Label, ...] = ()
    entity: tuple[str, str] | None = None
    field: KeyPath | None = None
    distinguish: str = ""
    severity: Severity = Severity.ERROR
    name: str = ""
    fingerprint: str = ""
    suppressed: Suppression | None = None
    fix: Fix | None = None


def sort_key(found: Diagnostic) -> tuple[str, int, int, str, str]:
    """Sort findings by path, line, column, code, then message: the only order there is."""
    start = found.primary.at.start
    return (found.primary.location.file, start.line, start.column, found.code, found.message)


def fingerprint(found: Diagnostic, stable_field: Iterable[str]) -> str:
    """Identify a finding across edits: rule, entity, field path, and what tells two apart.

    `stable_field` is the field path with each list index replaced by its item's own name.
    A finding that is about no entity is identified by its file; one about an entity never is, even
    where the file's name stands first in what tells two apart. Returns 32 hex digits.
    """
    import hashlib

    file = found.primary.location.file
    subject = "/".join(found.entity) if found.entity else file
    apart = found.distinguish.removeprefix(file) if found.entity else found.distinguish
    parts = (found.code, subject, *stable_field, "", apart)
    return hashlib.sha256("\0".join(parts).encode("utf-8", "backslashreplace")).hexdigest()[:32]
