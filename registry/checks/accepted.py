"""What may be added to a baseline and taken out of it, and what each of its entries does now."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from registry.checks.baseline import (
    GONE,
    BaselineCheck,
    EntryState,
    Key,
    Matched,
    key_of,
    may_be_accepted,
)
from registry.checks.engine import judged, levels
from registry.checks.own import applying
from registry.checks.result import Result
from registry.clock.civil import local_date
from registry.diagnostic import Diagnostic, sort_key
from registry.model.baseline import BaselineEntry
from registry.output.finding import pointer
from registry.workspace.baseline import NEVER, Baseline
from registry.workspace.open import Opened
from registry.workspace.options import Options

SOON = timedelta(days=30)
"""An entry that ends within so many days runs out soon."""


class Terms(NamedTuple):
    """On what terms findings are accepted; `until` is the last day, as `2027-02-15`."""

    reason: str
    owner: str | None
    until: str


class EntryStanding(NamedTuple):
    """An entry with what it does now.

    `line` is where it stands in its file, `finding` what it is about, if that is there, and
    `runs_out` that its end is near.
    """

    entry: BaselineEntry
    line: int
    state: EntryState
    finding: Diagnostic | None
    runs_out: bool


class Accepted(NamedTuple):
    """A registry's baseline held against what its rules find without it.

    `result` is that of the check; `findings` may be those of an audit besides. `judged` are the
    rules that ran.
    """

    opened: Opened
    result: Result
    findings: tuple[Diagnostic, ...]
    matched: Matched
    judged: frozenset[str]

    @property
    def baseline(self) -> Baseline:
        """The baseline."""
        return self.opened.baseline

    def standings(self) -> Iterator[EntryStanding]:
        """Yield what each entry does now, in the file's order."""
        workspace = self.opened.workspace
        day = today(self.opened, self.result.instant)
        for number, (entry, at) in enumerate(self.baseline.entries):
            state = self.matched.states[number]
            if state in GONE and entry.code not in self.judged:
                state = EntryState.UNJUDGED
            until = entry.until
            is_near = until is not None and timedelta() <= until.date - day <= SOON
            line = workspace.resolve(at).start.line
            yield EntryStanding(entry, line, state, self.matched.by.get(number), is_near)

    def gone(self) -> frozenset[int]:
        """Return the places, in the file's list, of the entries that match nothing."""
        return self._places(
            number for number, one in enumerate(self.standings()) if one.state in GONE
        )

    def open(self) -> list[Diagnostic]:
        """List the findings that may still be accepted: of those that are alike, the excess."""
        spare: Counter[Key] = Counter(
            (entry.code, entry.fingerprint, entry.entity or "")
            for (entry, _), state in zip(self.baseline.entries, self.matched.states, strict=True)
            if state is EntryState.CROWDED
        )
        found = []
        for one in filter(may_be_accepted, self.matched.diagnostics):
            if spare[key_of(one)]:
                spare[key_of(one)] -= 1
            else:
                found.append(one)
        return found

    def superseded(self) -> frozenset[int]:
        """Return the places of the entries that new ones for the same findings stand in for."""
        stale = {EntryState.GRAVER, EntryState.ENDED}
        states = enumerate(self.matched.states)
        return self._places(number for number, state in states if state in stale)

    def refused(self) -> list[Diagnostic]:
        """List the findings that no baseline accepts, but for those about the baseline itself."""
        name = self.baseline.name
        return [
            one
            for one in self.findings
            if one.suppressed is None and one.code in NEVER and one.primary.location.file != name
        ]

    def _places(self, numbers: Iterator[int]) -> frozenset[int]:
        paths = (self.baseline.entries[number].location.path for number in numbers)
        return frozenset(path[-1] for path in paths if isinstance(path[-1], int))


def without_baseline(opened: Opened) -> Opened:
    """Return a registry as if it had no baseline."""
    return opened._replace(baseline=Baseline(opened.baseline.name))


def held(
    opened: Opened, options: Options, result: Result, others: Mapping[str, Sequence[Diagnostic]]
) -> Accepted:
    """Hold a baseline against the `result` of a check without it, and what other rooms found."""
    found = {_identity(one): one for one in result.diagnostics}
    for more in others.values():
        found |= {_identity(one): one for one in more if _identity(one) not in found}
    findings = tuple(sorted(found.values(), key=sort_key))
    longest = opened.policy.settings.max_waiver
    check = BaselineCheck(opened.baseline, opened.workspace, options.at, longest)
    rooms = ("checks", *others)
    known = applying(opened.policy.own).rules
    ran = [levels(opened.policy, options, room, known) for room in rooms]
    is_read = opened.workspace.is_read  # what was not read may be what an entry is for
    asked = frozenset(code for one in ran for code in judged(one) if is_read)
    return Accepted(opened, result, findings, check.match(findings), asked)


def _identity(found: Diagnostic) -> tuple[object, ...]:
    return (found.code, found.primary.location, found.primary.at, found.message)


def entries_for(found: Collection[Diagnostic], terms: Terms) -> list[BaselineEntry]:
    """Make an entry for each finding, in the order of rules, then of entities."""
    made = [_entry(one, terms) for one in found]
    return sorted(
        made, key=lambda one: (one.code, one.entity or "", one.field or "", one.fingerprint)
    )


def _entry(found: Diagnostic, terms: Terms) -> BaselineEntry:
    given = {
        "fingerprint": found.fingerprint,
        "code": found.code,
        "severity": found.severity.value,
        "entity": "/".join(found.entity) if found.entity else None,
        "field": pointer(found.field) or None,
        "reason": terms.reason,
        "owner": terms.owner,
        "until": terms.until,
    }
    return BaselineEntry.model_validate(given)


def today(opened: Opened, at: datetime) -> date:
    """Tell the day of an instant in the manifest's zone."""
    return local_date(at, opened.workspace.manifest.timezone or "UTC")


def usual_end(opened: Opened, at: datetime) -> date:
    """Tell the last day that the policy allows an entry."""
    longest = timedelta(milliseconds=opened.policy.settings.max_waiver.milliseconds)
    return today(opened, at) + longest
