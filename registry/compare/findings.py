"""Which findings one registry has and another had not."""

from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Sequence
from typing import NamedTuple

from registry.checks.result import Result
from registry.diagnostic import Diagnostic


class Checked(NamedTuple):
    """A check, and the files that it read."""

    result: Result
    files: frozenset[str]


class FindingChanges(NamedTuple):
    """Findings of two checks, each in its check's order.

    `known` are those of the later check that the earlier one had as well, and no less severe.
    """

    new: tuple[Diagnostic, ...]
    known: tuple[Diagnostic, ...]
    gone: tuple[Diagnostic, ...]


Key = Callable[[Diagnostic], Hashable]
Choice = Callable[[Diagnostic], bool]


def changes(before: Checked, after: Checked) -> FindingChanges:
    """Compare what two checks show; findings are told by fingerprint, and counted.

    So a second equal finding is new. One whose severity rose is new, too. A finding about no entity
    is told by its file: where that is no more, an equal one in a file that is new is the same.
    """
    return _compared(before, after, before.result.shown, after.result.shown)


def new_findings(before: Checked, after: Checked) -> tuple[Diagnostic, ...]:
    """Return the findings of the later check that are new; of those that are silenced, too."""
    shown = changes(before, after).new
    silenced = _compared(before, after, *(_silenced(one.result) for one in (before, after))).new
    new = {id(one) for one in (*shown, *silenced)}
    return tuple(one for one in after.result.diagnostics if id(one) in new)


def _silenced(result: Result) -> tuple[Diagnostic, ...]:
    return tuple(one for one in result.diagnostics if one.suppressed is not None)


def _compared(
    before: Checked, after: Checked, old: Sequence[Diagnostic], now: Sequence[Diagnostic]
) -> FindingChanges:
    pairs = _Pairs(old, now)
    pairs.add(_exact)  # of equal findings, one that stayed as it was is the same first
    pairs.add(_fingerprint)
    pairs.add(
        _but_for_file,
        lambda one: one.entity is None and _file(one) not in after.files,
        lambda one: one.entity is None and _file(one) not in before.files,
    )
    return FindingChanges(
        tuple(one for place, one in enumerate(now) if not pairs.is_known(place)),
        tuple(one for place, one in enumerate(now) if pairs.is_known(place)),
        tuple(one for place, one in enumerate(old) if place not in pairs.matched),
    )


class _Pairs:
    """Which finding of now is which of before, by their places in the two lists."""

    def __init__(self, old: Sequence[Diagnostic], now: Sequence[Diagnostic]) -> None:
        self.old = old
        self.now = now
        self.before: dict[int, int] = {}
        self.matched: set[int] = set()

    def add(self, key: Key, of_old: Choice | None = None, of_now: Choice | None = None) -> None:
        """Pair findings with the same key that are in no pair yet, in order."""
        waiting: dict[Hashable, deque[int]] = defaultdict(deque)
        for place, one in enumerate(self.old):
            if place not in self.matched and (of_old is None or of_old(one)):
                waiting[key(one)].append(place)
        for place, one in enumerate(self.now):
            if place in self.before or (of_now is not None and not of_now(one)):
                continue
            if waiting.get(key(one)):
                self.before[place] = waiting[key(one)].popleft()
                self.matched.add(self.before[place])

    def is_known(self, place: int) -> bool:
        """Whether a finding of now was there before, and no less severe."""
        if place not in self.before:
            return False
        return self.old[self.before[place]].severity.rank <= self.now[place].severity.rank


def _exact(found: Diagnostic) -> Hashable:
    return found.fingerprint, found.message, _file(found), found.primary.excerpt


def _fingerprint(found: Diagnostic) -> Hashable:
    return found.fingerprint


def _but_for_file(found: Diagnostic) -> Hashable:
    return found.code, found.field, found.distinguish, found.message, found.primary.excerpt


def _file(found: Diagnostic) -> str:
    return found.primary.location.file
