"""Where an alert may go, and what decides that it does."""

from typing import NamedTuple

from registry.deployed.model import Matcher, Route
from registry.deployed.routing.tree import receivers


class Assumption(NamedTuple):
    """A matcher that the series decide, and whether it holds."""

    matcher: Matcher
    holds: bool

    @property
    def text(self) -> str:
        """What the label then is, as "`team` is `db`"."""
        label, operator, value, _ = self.matcher
        holds = self.holds is (operator in ("=", "=~"))
        if operator in ("=", "!="):
            if not value:
                return f"there is {'no' if holds else 'a'} `{label}`"
            return f"`{label}` is {'' if holds else 'not '}`{value}`"
        return f"`{label}` {'matches' if holds else 'does not match'} `{value}`"


class Outcome(NamedTuple):
    """Routes that an alert may take, in order, and what decides that it takes these.

    `because` lists what must hold; where nothing must, some of what must not. `more` is how many
    of the latter are not listed.
    """

    routes: tuple[Route, ...]
    because: tuple[Assumption, ...] = ()
    more: int = 0

    @property
    def receivers(self) -> tuple[str, ...]:
        """The receivers that are notified, each once."""
        return receivers(self.routes)


class Why(NamedTuple):
    """What was assumed on a way: what holds, some of what does not, and how much more."""

    held: tuple[Assumption, ...] = ()
    missed: tuple[Assumption, ...] = ()
    more: int = 0

    def hit(self, matcher: Matcher) -> "Why":
        """Return the reasons of a way on which one more condition holds."""
        return Why((*self.held, Assumption(matcher, holds=True)))

    def miss(self, matcher: Matcher) -> "Why":
        """Return the reasons of a way on which one more condition does not hold.

        They count only where nothing holds.
        """
        held, missed, more = self
        if held:
            return self
        if len(missed) == _MOST_REASONS:
            return Why(held, missed, more + 1)
        return Why(held, (*missed, Assumption(matcher, holds=False)))

    @property
    def is_short(self) -> bool:
        """Whether more of what does not hold could be told."""
        return not self.held and len(self.missed) < _MOST_REASONS

    def outcome(self, routes: tuple[Route, ...]) -> Outcome:
        """Return the outcome of a way that takes some routes."""
        if self.held:
            return Outcome(routes, self.held)
        return Outcome(routes, self.missed, self.more)


_MOST_REASONS = 5
