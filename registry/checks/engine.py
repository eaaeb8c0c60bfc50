"""Check a registry: select, run, suppress, resolve, de-duplicate, sort."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from registry.checks.baseline import BaselineCheck
from registry.checks.catalogue import select, staged
from registry.checks.extensions import extension_findings
from registry.checks.findings_kept import KeptFindings
from registry.checks.own import Applying, applying
from registry.checks.result import UNKNOWN, OwnRule, Result
from registry.checks.rule import Context, Rule
from registry.checks.running import run
from registry.checks.suppress import Suppressor
from registry.clock.holidays import holidays_version
from registry.clock.zones import tzdata_version
from registry.diagnostic import Diagnostic, Label, Severity, fingerprint, sort_key
from registry.errors import CannotRunError
from registry.source.cache import Cache
from registry.source.sources import Source, Sources
from registry.source.suppression import ignore_comments
from registry.workspace.decode_errors import dotted
from registry.workspace.load import Progress
from registry.workspace.open import Opened, open_registry, policy_at
from registry.workspace.options import Options, iso
from registry.workspace.policy import FIXED, Policy
from registry.workspace.workspace import Workspace

__all__ = ["Opened", "check", "check_opened", "open_registry", "policy_at", "run_rules"]

_WEEK = 7 * 24 * 3_600_000
"""In milliseconds."""


def check(
    root: str,
    options: Options,
    cache: Cache | None = None,
    progress: Progress | None = None,
) -> Result:
    """Check the registry at `root`; see `Options` for what can be asked.

    Raises CannotRunError as `open_registry` does, and for a code that is no rule's.
    """
    opened = open_registry(root, options, cache, progress)
    if cache is None or not cache.is_kept:
        return check_opened(opened, options)
    kept = KeptFindings(cache, opened, options)
    result = check_opened(opened, options, kept)
    kept.save()
    return result


def check_opened(opened: Opened, options: Options, kept: KeptFindings | None = None) -> Result:
    """Check a registry that is loaded already; what is `kept` of findings saves running rules."""
    context = Context(opened.workspace, opened.policy, options.at, options.tz)
    return run_rules(opened, options, context, {}, kept)


def run_rules(
    opened: Opened,
    options: Options,
    context: Context,
    texts: Mapping[str, bytes],
    kept: KeptFindings | None = None,
) -> Result:
    """Run the rules of a context's room, and those findings that nothing silences.

    `texts` are files beside the registry by the names under which they are shown, as an audit's
    are: an ignore comment counts in them, too.
    """
    workspace, policy = opened.workspace, opened.policy
    known = applying(policy.own)
    ran = levels(policy, options, context.room, known.rules)
    found = _found(opened, context, ran, known, kept)
    comments = [one for source in workspace.sources.files.values() for one in source.comments()]
    beside = {name: data for name, data in texts.items() if name not in workspace.sources.files}
    for name, data in beside.items():
        comments += ignore_comments(data, name, ())
    workspace = _with(workspace, beside)
    suppressor = Suppressor(workspace, policy, options.at, comments)
    finished = (suppressor.apply(one) for one in _finish(found, ran, workspace, known.rules))
    done = _unique(_shown(finished, workspace), workspace.unread)
    found.clear()  # of a hundred thousand findings, one form each is enough
    # What was not read may be what a suppression is for: of none it is known that it is idle.
    is_whole = not options.select and workspace.is_read
    late = suppressor.findings(ran, whole=is_whole)
    if opened.baseline.entries:
        longest = policy.settings.max_waiver
        baseline = BaselineCheck(opened.baseline, workspace, options.at, longest)
        matched = baseline.match(done)
        done = list(matched.diagnostics)
        asked = judged(ran) if is_whole else frozenset()
        late = chain(late, baseline.findings(matched, asked))
    last = list(_shown(_finish(late, ran, workspace, known.rules), workspace))
    if last or opened.baseline.entries:
        done = _unique([*done, *last], workspace.unread)
    return _result(opened, options, context.room, ran, done, known.rules)


def _result(  # noqa: PLR0913 - what a result tells of
    opened: Opened,
    options: Options,
    room: str,
    ran: Mapping[str, Severity | None],
    done: Sequence[Diagnostic],
    known: Mapping[str, Rule],
) -> Result:
    """Put findings together with the counts that say what was looked at."""
    workspace, policy = opened.workspace, opened.policy
    if room != Context.room:  # `check` alone fixes
        done = [one._replace(fix=None) if one.fix else one for one in done]
    return Result(
        workspace.manifest.name,
        UNKNOWN if policy.is_assumed else workspace.manifest.stage,
        policy.name,
        iso(options.at),
        workspace.count(),
        len(workspace.files),
        workspace.skipped,
        sum(level is not None for level in ran.values()),
        sum(ran[one.code] is None for one in known.values() if one.room == room),
        tzdata_version(),
        tuple(done),
        str(policy.settings.horizon),
        policy.settings.horizon.milliseconds < _WEEK,
        holidays_version(),
        options.tz or "",
        own_rules=_spoken(policy.own.codes.values(), done, known),
        left_out=workspace.left_out,
    )


def _spoken(
    own: Collection[str], done: Iterable[Diagnostic], known: Mapping[str, Rule]
) -> tuple[OwnRule, ...]:
    """Describe the rules of a policy's own that found something."""
    spoken = {one.code for one in done} if own else set()
    return tuple(OwnRule(*known[code][:5]) for code in sorted(spoken.intersection(own)))


def judged(ran: Mapping[str, Severity | None]) -> frozenset[str]:
    """List the rules that run, of each rule's severity in a run."""
    return frozenset(code for code, level in ran.items() if level is not None)


def _unique(found: Iterable[Diagnostic], unread: Collection[str]) -> list[Diagnostic]:
    """Sort findings, and tell what stands at one place in the same words once."""
    unique = {(one.code, one.primary.location, one.primary.at, one.message): one for one in found}
    return sorted(unique.values(), key=lambda one: _weight(one, unread))


def _shown(found: Iterable[Diagnostic], workspace: Workspace) -> Iterable[Diagnostic]:
    """Return findings as they may be shown: what looks like a secret is starred out."""
    if not workspace.sources.secrets:
        return found
    return (_masked(one, workspace.sources.masked) for one in found)


def _weight(found: Diagnostic, unread: Collection[str]) -> tuple[Any, ...]:
    """Sort findings: the gravest first, and of those what keeps something from being read."""
    is_fixed = found.code in FIXED
    is_unread = is_fixed and found.primary.location.file in unread
    return (found.severity.rank, not is_unread, not is_fixed, *sort_key(found))


def _found(
    opened: Opened,
    context: Context,
    ran: Mapping[str, Severity | None],
    known: Applying,
    kept: KeptFindings | None,
) -> list[Diagnostic]:
    """Return what loading and the rules that run say, without echoes."""
    workspace = opened.workspace
    found = [*opened.problems, *extension_findings(workspace, opened.policy, opened.read)]
    found += known.problems
    found += run(context, ran, known.rules, kept)
    found = [one for one in found if not _is_echo(one, workspace)]
    if ran["OM008"] is not None:
        found += _placeholders(workspace, found)
    return found


def _with(workspace: Workspace, texts: Mapping[str, bytes]) -> Workspace:
    """Return a workspace that can show lines of other files, too."""
    if not texts:
        return workspace
    more = {name: Source(name, data) for name, data in texts.items()}
    return workspace.with_sources(Sources({**workspace.sources.files, **more}))


def levels(
    policy: Policy, options: Options, room: str, known: Mapping[str, Rule]
) -> dict[str, Severity | None]:
    """Give each of the `known` rules its severity in this run, None where it does not run."""
    due = {one.code for one in known.values() if one.room == room}
    chosen = select(options.select, known, policy.own) if options.select else due
    ignored = select(options.ignore, known, policy.own) if options.ignore else frozenset()
    if named := sorted(ignored & FIXED):
        raise CannotRunError(f"{named[0]} cannot be ignored", "mend what it finds")
    if chosen and due.isdisjoint(chosen):
        other = known[min(chosen)]
        message = f"{other.code} is none of the rules that run here"
        raise CannotRunError(message, f"`opmodel {other.command}` runs it")
    asked = chosen & due - ignored
    if policy.is_assumed:
        asked -= staged()
    return {
        code: policy.severities.get(code, rule.severities[policy.stage])
        if code in FIXED or code in asked
        else None
        for code, rule in known.items()
    }


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
            name = dotted(path)
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
    found: Iterable[Diagnostic],
    ran: Mapping[str, Severity | None],
    workspace: Workspace,
    known: Mapping[str, Rule],
) -> Iterator[Diagnostic]:
    """Give findings their severity, positions and fingerprint."""
    for one in found:
        level = ran[one.code]
        if level is not None:
            yield Diagnostic(
                one.code,
                one.message,
                _resolved(one.primary, workspace),
                one.help,
                tuple([_resolved(label, workspace) for label in one.related]),
                one.entity,
                one.field,
                one.distinguish,
                level,
                known[one.code].name,
                fingerprint(one, _stable(one, workspace)),
                one.suppressed,
                one.fix,
            )


def _masked(found: Diagnostic, masked: Callable[[str], str]) -> Diagnostic:
    """Star out what looks like a secret wherever a finding quotes it, once it is identified."""

    def hidden(label: Label) -> Label:
        return label._replace(message=masked(label.message))

    silenced = found.suppressed
    return found._replace(
        message=masked(found.message),
        help=masked(found.help),
        primary=hidden(found.primary),
        related=tuple(map(hidden, found.related)),
        entity=found.entity and (found.entity[0], masked(found.entity[1])),
        field=found.field
        and tuple(masked(key) if isinstance(key, str) else key for key in found.field),
        suppressed=silenced and silenced._replace(reason=masked(silenced.reason)),
        fix=found.fix and found.fix._replace(message=masked(found.fix.message)),
    )


def _stable(found: Diagnostic, workspace: Workspace) -> tuple[str, ...]:
    if not found.field or found.entity is None:
        return tuple(map(str, found.field or ()))
    full = workspace.locate(*found.entity, found.field)
    return workspace.sources.stable(full, len(full.path) - len(found.field))


def _resolved(label: Label, workspace: Workspace) -> Label:
    span = label.span or workspace.resolve(label.location)
    line = workspace.sources.line(label.location.file, span.start.line)
    return Label(label.location, label.message, span, label.excerpt or line)
