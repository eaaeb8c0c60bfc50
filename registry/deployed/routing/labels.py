"""What is known of an alert's labels before it fires, and what follows from it.

A `Domain` is a set of values that one label may have. It only ever grows too large, never too
small, so what it says is certain is so.
"""

from collections.abc import Mapping
from typing import NamedTuple

from registry.deployed.model import Matcher
from registry.deployed.routing.pattern import Pattern, pattern

ANY = ".*"
SOME = ".+"
"""Patterns of which more is known than that they are the same or not."""


class Known(NamedTuple):
    """What holds for a label in every series: its value, or at least some matchers.

    The value "" says that no series has the label. With neither, it may be anything.
    """

    value: str | None = None
    holds: tuple[Matcher, ...] = ()


ANYTHING = Known()
ABSENT = Known("")


class Labels(NamedTuple):
    """What is known of each label, and of those that `known` does not name."""

    known: Mapping[str, Known] = {}
    others: Known = ANYTHING

    def of(self, label: str) -> Known:
        """Return what is known of a label."""
        return self.known.get(label, self.others)


class Condition(NamedTuple):
    """A matcher made ready: is the value one of `values`, or does `pattern` match; or the opposite.

    One with neither cannot be judged: its pattern is invalid.
    """

    label: str
    values: frozenset[str] | None
    pattern: Pattern | None
    negated: bool
    matcher: Matcher


def condition(matcher: Matcher) -> Condition:
    """Make a matcher ready; a pattern that is an alternation of texts becomes those."""
    negated = matcher.operator in ("!=", "!~")
    if matcher.operator in ("=", "!="):
        return Condition(matcher.label, frozenset([matcher.value]), None, negated, matcher)
    compiled = pattern(matcher.value)
    if not isinstance(compiled, Pattern):
        return Condition(matcher.label, None, None, negated, matcher)
    if compiled.literals is not None:
        return Condition(matcher.label, compiled.literals, None, negated, matcher)
    return Condition(matcher.label, None, compiled, negated, matcher)


class Domain(NamedTuple):
    """The values that a label may have: `values`, or all but `excluded` as `patterns` say.

    `patterns` tells of each pattern, by its text, whether the value matches it.
    """

    values: frozenset[str] | None = None
    excluded: frozenset[str] = frozenset()
    patterns: Mapping[str, tuple[Pattern, bool]] = {}

    def allows(self, value: str) -> bool:
        """Whether the label may have a value."""
        if self.values is not None:
            return value in self.values
        return value not in self.excluded and all(
            one.matches(value) is truth for one, truth in self.patterns.values()
        )

    def decides(self, asked: Condition) -> bool | None:
        """Whether a condition holds for every value (True), for none (False), or may do either."""
        said = self._positive(asked)
        return None if said is None else said is not asked.negated

    def _positive(self, asked: Condition) -> bool | None:
        if self.values is None:
            return self._open(asked)
        if asked.values is not None:
            if self.values <= asked.values:
                return True
            return False if self.values.isdisjoint(asked.values) else None
        if asked.pattern is None:
            return None
        found = {asked.pattern.matches(value) for value in self.values}
        return found.pop() if len(found) == 1 else None

    def _open(self, asked: Condition) -> bool | None:
        if asked.values is not None:
            return None if any(map(self.allows, asked.values)) else False
        if asked.pattern is None:
            return None
        text = asked.pattern.text
        known = self._matches(text)
        # `.` takes all but a line break, so `.+` is `.*` without the empty value.
        if known is None and text == SOME and (self._matches(ANY) is False or self._present):
            return self._matches(ANY)
        if known is None and text == ANY and (self._matches(SOME) or self._present):
            return self._matches(SOME)
        return known

    @property
    def _present(self) -> bool:
        return not self.allows("")

    def _matches(self, text: str) -> bool | None:
        found = self.patterns.get(text)
        return found[1] if found else None

    def given(self, asked: Condition, *, holds: bool) -> "Domain":
        """Return the values for which a condition holds, or does not; there may be none."""
        positive = holds is not asked.negated
        if asked.values is not None:
            return self._among(asked.values) if positive else self._without(asked.values)
        if asked.pattern is None:
            return self
        if self.values is not None:
            matching = (v for v in self.values if asked.pattern.matches(v) is positive)
            return Domain(frozenset(matching))
        if self._matches(asked.pattern.text) is (not positive):
            return NOTHING
        judged = {asked.pattern.text: (asked.pattern, positive)}
        return self._replace(patterns={**self.patterns, **judged})

    def _among(self, values: frozenset[str]) -> "Domain":
        return Domain(frozenset(filter(self.allows, values)))

    def _without(self, values: frozenset[str]) -> "Domain":
        if self.values is None:
            return self._replace(excluded=self.excluded | values)
        return Domain(self.values - values)


NOTHING = Domain(frozenset())
"""No value at all: what contradicts itself."""


def domain(known: Known) -> Domain:
    """Return the values that what is known of a label leaves.

    What cannot be judged, and what contradicts the rest, is left aside: it narrows nothing.
    """
    if known.value is not None:
        return Domain(frozenset([known.value]))
    found = Domain()
    for matcher in known.holds:
        narrower = found.given(condition(matcher), holds=True)
        if narrower != NOTHING:
            found = narrower
    return found
