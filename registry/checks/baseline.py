"""The baseline: which findings it silences, and which of its entries are faults themselves.

An entry is met by a finding of its rule, its fingerprint and its entity: what a reviewer reads in
it is what it accepts. Two findings that are alike in all three need two entries.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from enum import Enum
from typing import NamedTuple

from registry.checks.doubts import Doubts
from registry.clock.civil import has_passed, local_date
from registry.diagnostic import (
    BY_BASELINE,
    Diagnostic,
    FixChange,
    Label,
    Severity,
    Suppression,
    removal,
)
from registry.model.people import Person
from registry.model.scalars import Duration
from registry.workspace.baseline import NEVER, Baseline, PlacedEntry
from registry.workspace.workspace import Workspace

Key = tuple[str, str, str]
"""What tells findings apart: rule, fingerprint and entity."""


class EntryState(Enum):
    """What an entry does now."""

    SILENCES = "silences"
    GRAVER = "graver"
    CROWDED = "crowded"
    STALE = "stale"
    ENDED = "ended"
    OVER = "over"
    UNJUDGED = "not-judged"


ABOUT: Mapping[EntryState, str] = {
    EntryState.SILENCES: "silences a finding",
    EntryState.GRAVER: "its finding is graver now, and shown",
    EntryState.CROWDED: "there are more such findings than entries, and all are shown",
    EntryState.STALE: "its finding is gone",
    EntryState.ENDED: "its end has passed, and its finding is shown",
    EntryState.OVER: "its end has passed, and its finding is gone",
    EntryState.UNJUDGED: "its rule did not run here",
}
"""Each state in words."""

GONE = frozenset({EntryState.STALE, EntryState.OVER})
"""States of entries that match nothing."""


class Matched(NamedTuple):
    """Findings with those marked that the baseline silences, and each entry's state, in order.

    `by` holds the finding that an entry is about, by the entry's place in the baseline.
    """

    diagnostics: tuple[Diagnostic, ...]
    states: tuple[EntryState, ...]
    by: Mapping[int, Diagnostic]


def key_of(found: Diagnostic) -> Key:
    """Tell what a finding is met by."""
    return (found.code, found.fingerprint, "/".join(found.entity or ()))


def may_be_accepted(found: Diagnostic) -> bool:
    """Whether a finding is one that nothing silences yet, and that a baseline may."""
    return found.suppressed is None and found.code not in NEVER


class BaselineCheck:
    """A baseline against one registry at an instant; `longest` is how long an entry may run."""

    def __init__(
        self, baseline: Baseline, workspace: Workspace, at: datetime, longest: Duration
    ) -> None:
        self._baseline = baseline
        self._workspace = workspace
        self._at = at
        self._zone = workspace.manifest.timezone or "UTC"
        self._longest = longest

    def match(self, found: Sequence[Diagnostic]) -> Matched:
        """Match resolved findings with entries: each entry silences one, as grave as it or less.

        Where there are more alike than entries, nobody can tell which one is new: all are shown.
        """
        entries = self._baseline.entries
        done = list(found)
        states = [EntryState.STALE] * len(entries)
        by: dict[int, Diagnostic] = {}
        for own, ended, places in self._groups(found):
            own.sort(key=lambda one: _rank(entries[one]))
            alike = sorted(places, key=lambda one: found[one].severity.rank)
            for number, place in zip(own, alike, strict=False):
                states[number], done[place] = self._judged(entries[number], found[place])
                by[number] = found[place]
            left = alike[len(own) :]
            if own and left:
                states_of = dict.fromkeys(own, EntryState.CROWDED)
                for place in alike:
                    done[place] = _crowded(found[place], len(alike), len(own))
            else:
                states_of = {}
            for number, place in zip(ended, left, strict=False):
                states_of[number], by[number] = EntryState.ENDED, found[place]
            for number in ended[len(left) :]:
                states_of[number] = EntryState.OVER
            for number, state in states_of.items():
                states[number] = state
        return Matched(tuple(done), tuple(states), by)

    def _groups(
        self, found: Sequence[Diagnostic]
    ) -> Iterator[tuple[list[int], list[int], list[int]]]:
        """Yield the entries of each key, those that hold and those that ended, and the findings."""
        groups: dict[Key, tuple[list[int], list[int], list[int]]] = {}
        for number, (entry, _) in enumerate(self._baseline.entries):
            until = entry.until
            is_over = until is not None and has_passed(until.date, self._at, self._zone)
            key: Key = (entry.code, entry.fingerprint, entry.entity or "")
            groups.setdefault(key, ([], [], []))[int(is_over)].append(number)
        for place, one in enumerate(found):
            if may_be_accepted(one) and key_of(one) in groups:
                groups[key_of(one)][2].append(place)
        yield from groups.values()

    def _judged(self, placed: PlacedEntry, found: Diagnostic) -> tuple[EntryState, Diagnostic]:
        """Silence a finding, unless it is graver than what was accepted."""
        entry, at = placed
        if found.severity.rank < _rank(placed):
            help_ = f"the baseline accepts it as `{entry.severity}`, and it is graver now"
            return EntryState.GRAVER, _helped(found, help_)
        line = self._workspace.resolve(at).start.line
        until = str(entry.until or "")
        by = Suppression(BY_BASELINE, entry.reason, at.file, line, entry.owner or "", until)
        return EntryState.SILENCES, found._replace(suppressed=by)

    def findings(self, matched: Matched, judged: Collection[str]) -> Iterator[Diagnostic]:
        """Yield what is wrong with the entries themselves: stale, ended, endless, or nobody's.

        `judged` are the codes of the rules that ran over all they can see: of another rule's
        entries nobody knows whether they are stale.
        """
        alike: Counter[tuple[str, str]] = Counter()
        doubts = Doubts(self._workspace, matched.diagnostics)
        for placed, state in zip(self._baseline.entries, matched.states, strict=True):
            is_sure = placed.entry.code in judged
            may_go = not doubts.about(placed.entry.entity or "")
            standing = _standing(placed, state, is_sure=is_sure, may_go=may_go)
            for one in (*standing, *self._lasting(placed)):
                alike[one.code, one.distinguish] += 1
                times = alike[one.code, one.distinguish]
                again = f" {times}" if times > 1 else ""
                yield one._replace(distinguish=one.distinguish + again)

    def _lasting(self, placed: PlacedEntry) -> Iterator[Diagnostic]:
        """Report an entry that ends later than the policy allows, or never, or is nobody's."""
        until, owner = placed.entry.until, placed.entry.owner
        help_ = f"let it end within {self._longest}, and look at it again then"
        limit = timedelta(milliseconds=self._longest.milliseconds)
        if until is None:
            yield _told(placed, "OM018", "has no end", "until", help_)
        elif until.date - local_date(self._at, self._zone) > limit:
            message = f"runs until {until}, for longer than {self._longest}"
            yield _told(placed, "OM018", message, "until", help_)
        why = nobody(owner, self._workspace, self._at)
        if why is not None:
            help_ = "name a person or a role in its `owner`"
            yield _told(placed, "OM018", why, "owner", help_)


def _rank(placed: PlacedEntry) -> int:
    return Severity(placed.entry.severity).rank


def _crowded(found: Diagnostic, findings: int, entries: int) -> Diagnostic:
    has = f"{entries} of these {findings}"
    return _helped(found, f"the baseline holds {has}, and which one is new cannot be told")


def _helped(found: Diagnostic, more: str) -> Diagnostic:
    return found._replace(help=f"{found.help}; {more}" if found.help else more)


def _standing(
    placed: PlacedEntry, state: EntryState, *, is_sure: bool, may_go: bool
) -> Iterator[Diagnostic]:
    """Report an entry that is stale or has ended.

    That its finding is gone is only said where it `is_sure`: where the rule ran over everything.
    It `may_go` by itself where no other fault can hide that finding.
    """
    if state is EntryState.STALE and is_sure:
        help_ = "`opmodel baseline prune` removes what is mended"
        change = FixChange(placed.location, None)
        fix = removal("remove the entry", change) if may_go else None
        yield _told(placed, "OM010", "silences nothing", "", help_)._replace(fix=fix)
    elif state in {EntryState.ENDED, EntryState.OVER}:
        help_ = "mend what it covered, or agree on a new date: `opmodel baseline create --add`"
        if state is EntryState.OVER and is_sure:
            help_ = "what it covered is gone: `opmodel baseline prune` removes it"
        yield _told(placed, "OM012", f"ended on {placed.entry.until}", "until", help_)


def _told(placed: PlacedEntry, code: str, message: str, field: str, help_: str) -> Diagnostic:
    """Make a finding about an entry: what is said of it, and of which field; `""` for the whole."""
    entry, where = placed
    about = f" for `{entry.entity}`" if entry.entity else ""
    place = (
        where._replace(path=(*where.path, field))
        if field and getattr(entry, field) is not None
        else where
    )
    text = f"the baseline's entry of {entry.code}{about} {message}"
    return Diagnostic(
        code, text, Label(place), help_, distinguish=f"{field} {entry.code} {entry.fingerprint}"
    )


def nobody(owner: str | None, workspace: Workspace, at: datetime) -> str | None:
    """Say why nobody sees to an entry: it names nobody, a group, or somebody who has left."""
    if owner is None:
        return "has no owner"
    if workspace.has("teams", owner):
        return f"is owned by a team, `{owner}`, and so by nobody"
    person = workspace.all(Person).get(owner)
    zone = workspace.manifest.timezone or "UTC"
    if person is not None and person.until and has_passed(person.until.date, at, zone):
        return f"is owned by `{owner}`, who has left"
    return None
