"""What the rules found the last time, with what each had read; what still holds is found again.

An entry of the cache belongs to one registry under one policy. It knows every file by its digest
and, of whatever else a rule may read, what that was. What has changed since is worked out as finely
as reads are noted (`registry.workspace.reads`): down to the fields of a section's entities.
"""

import marshal
import os
import sys
from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

from registry.checks.encoded import decoded, encoded
from registry.clock.holidays import holidays_version
from registry.clock.zones import tzdata_version
from registry.diagnostic import Diagnostic
from registry.model.format import FORMAT_VERSION
from registry.source import evidence, seen
from registry.source.cache import Cache, digest
from registry.source.yaml import Data
from registry.version import __version__
from registry.workspace.open import Opened
from registry.workspace.options import Options, iso
from registry.workspace.reads import ANYTHING
from registry.workspace.workspace import Workspace

PREFIX = "findings-"
"""How the names of these entries begin."""

_FORM = "1"
"""The form of an entry, to be counted up with every change of it."""

_MOST = 5_000
"""Findings of one rule that are kept; of more, the rule rather runs again."""


class _Rule(NamedTuple):
    """A rule's findings, encoded, and what it had read."""

    read: Collection[str]
    found: Any


class _State(NamedTuple):
    """All that rules may read, by the names of reads; and each file's digest and sections."""

    values: Mapping[str, str]
    files: Mapping[str, tuple[str, Collection[str]]]


class KeptFindings:
    """The findings of the last check of a registry, and those of this one, for the next."""

    def __init__(self, cache: Cache, opened: Opened, options: Options) -> None:
        self._cache = cache
        self._key = _key(opened, options)
        self._texts = opened.texts
        self._state = _state(opened, options)
        self._program: list[str] = []
        self._known: dict[str, _Rule] = {}
        self._is_new = True
        self._shared: list[tuple[str, set[str]]] = []
        payload = cache.get(self._key)
        try:
            if payload is not None:
                self._read(payload)
        except (ValueError, TypeError, EOFError, LookupError, AttributeError):
            self._known, self._is_new = {}, True  # it is of another shape

    def _read(self, payload: bytes) -> None:
        """Take from an entry what still holds; nothing where the program is another."""
        entry: Any = marshal.loads(payload)  # noqa: S302 - behind a checksum, in the user's own folder
        program, changes, values, files, rules = entry
        if evidence.changes(program) != changes:
            return
        for path in program:
            seen.mark(path)
        self._program = program
        before = _State(values, files)
        self._is_new = before != self._state
        changed = self._changes(before) if self._is_new else _Changes(frozenset(), frozenset())
        for code, (read, found) in rules.items():
            if not changed.touch(read):
                self._known[code] = _Rule(read, found)
            else:
                self._is_new = True

    def _changes(self, before: _State) -> "_Changes":
        """Work out what is other than it was."""
        now = self._state
        named = {one for one, value in now.values.items() if before.values.get(one) != value}
        whole = {one.rstrip("@") for one in named if not one.startswith("=")}
        changed = [
            one
            for one in {*before.files, *now.files}
            if before.files.get(one) != now.files.get(one)
        ]
        for name in changed:
            old, old_sections = before.files.get(name, ("", ()))
            new, new_sections = now.files.get(name, ("", ()))
            known = self._texts.known
            for section in {*old_sections, *new_sections} - whole:
                pair = known.section(old, section), known.section(new, section)
                fields = _fields_changed(*pair)
                if fields is None:
                    whole.add(section)
                else:
                    named.update(f"{section}.{field}" for field in fields)
        named.update(f"{one.partition('.')[0]}:" for one in [*named, *whole] if one[0] != "=")
        return _Changes(frozenset(named), frozenset(whole))

    def get(self, code: str) -> list[Diagnostic] | None:
        """Return what a rule finds, if it finds the same as the last time; else None."""
        known = self._known.get(code)
        try:
            return None if known is None else decoded(known.found)
        except (ValueError, TypeError, LookupError):  # it is of another shape
            return None

    def put(self, code: str, read: set[str], found: list[Diagnostic], *, is_ours: bool) -> None:
        """Take down what a rule has found and read; for the next time, where it is ours."""
        self._is_new = True
        self._shared.append((code, read))
        if is_ours and len(found) <= _MOST and ANYTHING not in read:
            self._known[code] = _Rule(read, encoded(found))

    def share(self, what: str) -> None:
        """Let all rules that have read something shared depend on what any of them read."""
        sharing = {code: read for code, read in self._shared if what in read}
        all_read = set().union(*sharing.values()) - {what}
        for code in sharing:
            if ANYTHING in all_read:
                self._known.pop(code, None)
            elif code in self._known:
                self._known[code] = self._known[code]._replace(read=all_read)

    def save(self) -> None:
        """Write the entry, if anything in it is new, and all that this run has seen is known."""
        if not (self._is_new and seen.is_certain()):
            return
        program = sorted({*self._program, *seen.code(), *seen.program()})
        changes = evidence.changes(program)
        if not seen.are_settled(changes):
            return
        rules = {code: (tuple(one.read), one.found) for code, one in self._known.items()}
        entry: Any = (program, changes, *self._state, rules)
        self._cache.put(self._key, marshal.dumps(entry))


class _Changes(NamedTuple):
    """The reads that give something else than before, and the sections of which all may do so."""

    named: Collection[str]
    whole: Collection[str]

    def touch(self, read: Iterable[str]) -> bool:
        """Whether any of what was read gives something else now."""
        return any(
            one in self.named or one.partition(".")[0].rstrip("@:") in self.whole for one in read
        )


def _fields_changed(before: Data | None, now: Data | None) -> set[str] | None:
    """Name the fields of a section in which two states of a plain file differ, entity by entity.

    None where that cannot be told: one of the two is not kept, or the ids differ.
    """
    if before is None or now is None or list(before) != list(now):
        return None
    pairs = ((before[id_], now[id_]) for id_ in now if repr(before[id_]) != repr(now[id_]))
    return {
        field
        for old, new in pairs
        for field in {*old, *new}
        if repr(old.get(field)) != repr(new.get(field))
    }


def _key(opened: Opened, options: Options) -> str:
    """Name the entry by what is the same for all reads of a check: program, policy, manifest.

    By where the program is, too: that an entry's own program is as it was does not say that it is
    the one that runs.
    """
    workspace, policy = opened.workspace, opened.policy
    files = workspace.sources.files
    texts = [part for one in opened.beside if one in files for part in (one, files[one].data)]
    place = (os.path.abspath(__file__), sys.prefix, "\0".join(sys.path))
    return PREFIX + digest(
        _FORM, *place, __version__, str(FORMAT_VERSION), sys.version, tzdata_version(),
        holidays_version(), os.path.abspath(workspace.root), repr(workspace.manifest),
        str(workspace.has_manifest_stage), policy.name, policy.stage, policy.profile,
        str(policy.is_assumed), repr((options.policy, options.horizon, options.tz)), *texts,
    )  # fmt: skip


def _state(opened: Opened, options: Options) -> _State:
    workspace, digests = opened.workspace, opened.texts.digests
    texts = {
        name: digests.get(name) or digest(source.data)
        for name, source in workspace.sources.files.items()
    }
    values = {"=at": iso(options.at), "=sources": digest(*texts, *texts.values())}
    for name in Workspace.__dataclass_fields__:
        if name not in {"root", "manifest", "sources", "entities", "origins"}:
            values[f"={name}"] = digest(_told(getattr(workspace, name)))
    sections: dict[str, list[str]] = {}
    for section, files in workspace.origins.items():
        failed = workspace.failed.get(section, ())
        values[section] = digest("\0".join(files), "\0".join(failed))
        values[f"{section}@"] = digest("\0".join(files.values()))
        for name in set(files.values()):
            sections.setdefault(name, []).append(section)
    return _State(
        values, {name: (text, tuple(sections.get(name, ()))) for name, text in texts.items()}
    )


def _told(value: Any) -> str:
    """Write a value down so that two are the same exactly if they read the same, in any process."""
    if isinstance(value, (set, frozenset)):
        return repr(sorted(value) if _are_texts(value) else sorted(map(_told, value)))
    if isinstance(value, Mapping):
        return repr([(_told(key), _told(one)) for key, one in value.items()])
    if isinstance(value, tuple):
        return repr([*value] if _are_texts(value) else [_told(one) for one in value])
    return repr(value)


def _are_texts(values: Collection[Any]) -> bool:
    return all(one.__class__ is str for one in values)
