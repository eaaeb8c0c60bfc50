"""Check a registry: select, run, suppress, resolve, de-duplicate, sort."""

import dataclasses
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

import msgspec

from registry.catalogue import rules, select
from registry.civil import tzdata_version
from registry.diagnostic import Diagnostic, Label, Severity, fingerprint, sort_key
from registry.errors import CannotRunError
from registry.extensions import extension_findings
from registry.load import Progress, ReadManifest, gather, load, read_manifest
from registry.model.scalars import Duration
from registry.options import Options, iso
from registry.policy import FIXED, Loaded, Policy, load_policy
from registry.remember import remember
from registry.result import Result
from registry.rule import Context
from registry.source import folder
from registry.source.cache import Cache
from registry.sources import Sources
from registry.suppress import Suppressor
from registry.workspace import Workspace

_LATE = frozenset({"OM008", "OM010", "OM011", "OM012"})
"""Rules that speak about what the others said, and so run after them."""


class Opened(NamedTuple):
    """A registry that is ready to be asked: loaded, with its policy.

    `beside` names the files beside the registry's own that its answers depend on: the policy's
    and the schemas that it names.
    """

    workspace: Workspace
    policy: Policy
    problems: tuple[Diagnostic, ...]
    read: Callable[[str], bytes | None]
    gathered: folder.Gathered
    beside: tuple[str, ...]


def open_registry(
    root: str,
    options: Options,
    cache: Cache | None = None,
    progress: Progress | None = None,
    gathered: folder.Gathered | None = None,
) -> Opened:
    """Load a registry and the policy that applies to it.

    `gathered` are its files, where they were read before. Raises CannotRunError where the
    manifest or the policy is absent or cannot be opened.
    """
    manifest = read_manifest(root)
    pack = _policy(root, manifest, options)
    apart = tuple(pack.sources)
    gathered = gathered or gather(root, manifest.manifest, apart)
    loaded = load(root, manifest, gathered, cache, progress)
    workspace = loaded.workspace
    files = {**workspace.sources.files, **pack.sources}
    workspace = dataclasses.replace(workspace, sources=Sources(files))
    policy = pack.policy
    if options.horizon is not None:
        horizon = _horizon(options.horizon)
        policy = policy._replace(settings=msgspec.structs.replace(policy.settings, horizon=horizon))
    beside = (*apart, *(path for path, _ in policy.extensions.values()))
    problems = loaded.problems + pack.problems
    return Opened(workspace, policy, problems, _reader(root), gathered, beside)


def check(
    root: str,
    options: Options,
    cache: Cache | None = None,
    progress: Progress | None = None,
    gathered: folder.Gathered | None = None,
) -> Result:
    """Check the registry at `root`; see `Options` for what can be asked.

    `gathered` are its files, where `registry.remember.recall` read them already. Raises
    CannotRunError as `open_registry` does, and for a code that is no rule's.
    """
    opened = open_registry(root, options, cache, progress, gathered)
    result = check_opened(opened, options)
    if cache is not None:
        manifest = opened.workspace.manifest
        globs = (manifest.include, manifest.exclude)
        remember(root, options, cache, opened.gathered, opened.beside, globs, result)
    return result


def check_opened(opened: Opened, options: Options) -> Result:
    """Check a registry that is loaded already."""
    workspace, policy = opened.workspace, opened.policy
    ran = _levels(policy, options)
    context = Context(workspace, policy, options.at)
    found = [*opened.problems, *extension_findings(workspace, policy, opened.read)]
    found += _run(context, ran)
    found = [one for one in found if not _is_echo(one, workspace)]
    if ran["OM008"] is not None:
        found += _placeholders(workspace, found)
    comments = [
        comment for source in workspace.sources.files.values() for comment in source.comments()
    ]
    suppressor = Suppressor(workspace, policy, options.at, comments)
    done = [suppressor.apply(one) for one in _finish(found, ran, workspace)]
    own = suppressor.findings(ran, whole=not options.select)
    done += _finish(own, ran, workspace)
    unique = {(one.code, one.primary.location, one.primary.at, one.message): one for one in done}
    return Result(
        workspace.manifest.name,
        workspace.manifest.stage,
        policy.name,
        iso(options.at),
        workspace.count(),
        len(workspace.files),
        workspace.skipped,
        sum(level is not None for level in ran.values()),
        sum(level is None for level in ran.values()),
        tzdata_version(),
        tuple(sorted(unique.values(), key=sort_key)),
    )


def _policy(root: str, manifest: ReadManifest, options: Options) -> Loaded:
    stage = manifest.manifest.stage
    if options.policy is not None:
        name = options.policy.replace(os.sep, "/")
        return load_policy(name, _read_anywhere, stage, inside=False)
    own = manifest.manifest.policy
    if own is None:
        return load_policy(stage, _reader(root), stage, inside=True)
    return load_policy(os.path.normpath(own), _reader(root), stage, inside=True)


def _reader(root: str) -> Callable[[str], bytes | None]:
    def read(name: str) -> bytes | None:
        if folder.leaves_root(name):
            return None
        got = folder.read(root, name)
        return None if isinstance(got, Diagnostic) else got.raw

    return read


def _read_anywhere(name: str) -> bytes | None:
    """Read a file that the command line itself names, or one beside it."""
    got = folder.read(os.path.dirname(name) or ".", os.path.basename(name))
    return None if isinstance(got, Diagnostic) else got.raw


def _horizon(text: str) -> Duration:
    try:
        return Duration.read(text)
    except ValueError as error:
        raise CannotRunError(f"--horizon {text}: {error}", "write a duration, as `90d`") from None


def _levels(policy: Policy, options: Options) -> dict[str, Severity | None]:
    """Give each rule its severity in this run, None where it does not run."""
    chosen = select(options.select) if options.select else frozenset(rules())
    ignored = select(options.ignore) if options.ignore else frozenset()
    if named := sorted(ignored & FIXED):
        raise CannotRunError(f"{named[0]} cannot be ignored", "mend what it finds")
    return {
        code: policy.severities.get(code, rule.severities[policy.stage])
        if code in FIXED or (code in chosen and code not in ignored)
        else None
        for code, rule in rules().items()
    }


def _run(context: Context, ran: Mapping[str, Severity | None]) -> Iterator[Diagnostic]:
    for code, rule in rules().items():
        if ran[code] is not None and rule.check is not None and code not in _LATE:
            yield from rule.check(context.of(code))


def _is_echo(found: Diagnostic, workspace: Workspace) -> bool:
    """Whether a finding only repeats that a field did not load."""
    if found.entity is None or not found.field or found.code in FIXED:
        return False
    return str(found.field[0]) in workspace.failed_fields.get(found.entity, ())


def _placeholders(workspace: Workspace, found: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """Report each placeholder that no rule has reported (OM008)."""
    told: dict[tuple[str, str], list[tuple[str | int, ...]]] = {}
    for one in found:
        if one.entity is not None and one.field:
            told.setdefault(one.entity, []).append(one.field)
    for entity, places in workspace.placeholders.items():
        for path, text in places.items():
            if any(path[: len(field)] == field for field in told.get(entity, ())):
                continue
            shown = f"`{text}` stands for a value" if text else "the value is empty"
            name = ".".join(map(str, path))
            yield Diagnostic(
                "OM008",
                f"{shown} in `{name}` of `{entity[1]}`: it counts as missing",
                Label(workspace.locate(*entity, path)),
                "write the value, or remove the field",
                (),
                entity,
                path,
            )


def _finish(
    found: Iterable[Diagnostic], ran: Mapping[str, Severity | None], workspace: Workspace
) -> list[Diagnostic]:
    """Give findings their severity, positions and fingerprint."""
    done = []
    for one in found:
        level = ran[one.code]
        if level is None:
            continue
        primary = _resolved(one.primary, workspace)
        related = tuple(_resolved(label, workspace) for label in one.related)
        one = one._replace(  # noqa: PLW2901 - the same finding, completed
            severity=level, name=rules()[one.code].name, primary=primary, related=related
        )
        done.append(one._replace(fingerprint=fingerprint(one, _stable(one, workspace))))
    return done


def _stable(found: Diagnostic, workspace: Workspace) -> tuple[str, ...]:
    if not found.field or found.entity is None:
        return tuple(map(str, found.field or ()))
    full = workspace.locate(*found.entity, found.field)
    return workspace.sources.stable(full, len(full.path) - len(found.field))


def _resolved(label: Label, workspace: Workspace) -> Label:
    span = label.span or workspace.resolve(label.location)
    line = workspace.sources.line(label.location.file, span.start.line)
    return label._replace(span=span, excerpt=label.excerpt or line)
