"""An alert's condition, played over scores: when it would have fired, minute by minute.

As a monitoring system would: once a minute, the mean of the scores of the window that ends then is
held against the condition; a minute without a score in its window has no value, and what holds only
while there is one ends. A drop or a rise compares with the mean of the stretch `over` before that
window.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from registry.clock.tzif import SECOND
from registry.model.metrics import When
from registry.model.quantity import Quantity

MINUTE = 60 * SECOND


class Score(NamedTuple):
    """One score, at an instant in µs."""

    at: int
    value: float


class PlayedCondition(NamedTuple):
    """A condition: `kind` is `above`, `below`, `drops_by` or `rises_by`, times are in µs.

    `limit` is a value; of a drop or a rise a difference, or, if it `is_share`, a part of what it is
    compared with.
    """

    kind: str
    limit: float
    is_share: bool
    text: str
    holds_for: int
    over: int

    @property
    def is_level(self) -> bool:
        """Whether a single value tells."""
        return self.kind in {"above", "below"}

    def is_bad(self, score: Score) -> bool:
        """Whether one score is beyond the level."""
        return self.holds(score.value, None)

    def holds(self, value: float, before: float | None) -> bool:
        """Whether a value is beyond the limit; `before` is what it is compared with."""
        if self.kind == "above":
            return value > self.limit
        if self.kind == "below":
            return value < self.limit
        if before is None:
            return False
        change = before - value if self.kind == "drops_by" else value - before
        return change > (self.limit * abs(before) if self.is_share else self.limit)


def condition_of(when: When | None, in_percent: bool) -> PlayedCondition | str:
    """Read a condition; a text says why it cannot be played.

    A percentage as a level is a part of one, unless the metric's own unit is percent.
    """
    if when is None:
        return "it has no `when`"
    kind = next(
        (one for one in ("above", "below", "drops_by", "rises_by") if getattr(when, one)), None
    )
    if kind is None:
        return "its condition is PromQL, which needs the monitoring system"
    given: Quantity = getattr(when, kind)
    is_change = kind in {"drops_by", "rises_by"}
    if is_change and when.over is None:
        return f"its `{kind}` does not say `over` how long"
    limit = given.value
    if given.is_percent and (is_change or not in_percent):
        limit /= 100
    return PlayedCondition(
        kind, limit, is_change and given.is_percent, f"{kind} {given}",
        0 if when.holds_for is None else when.holds_for.milliseconds * 1000,
        0 if when.over is None else when.over.milliseconds * 1000,
    )  # fmt: skip


def fired(
    condition: PlayedCondition, scores: Sequence[Score], window: int, debounce: int
) -> Iterator[tuple[int, float]]:
    """Yield when an alert would have been sent, with the value that it saw; scores are in order.

    While it holds it is sent once, and again each time that `debounce` (µs) has passed; within that
    time it is not sent, even if it ended in between.
    """
    since: int | None = None
    sent: int | None = None
    was_sent = False
    for at, value, before in _values(condition, scores, window):
        if value is None or not condition.holds(value, before):
            since, was_sent = None, False
            continue
        since = at if since is None else since
        rested = sent is None or at >= sent + debounce
        again = was_sent and not debounce
        if at - since >= condition.holds_for and rested and not again:
            sent, was_sent = at, True
            yield at, value


def _values(
    condition: PlayedCondition, scores: Sequence[Score], window: int
) -> Iterator[tuple[int, float | None, float | None]]:
    """Yield each minute with its value, and what it is compared with; of a gap the first alone."""
    times = [one.at for one in scores]
    sums = [0.0, *accumulate(one.value for one in scores)]

    def mean(after: int, until: int) -> float | None:
        first, last = bisect_right(times, after), bisect_right(times, until)
        return (sums[last] - sums[first]) / (last - first) if last > first else None

    at = -(-times[0] // MINUTE) * MINUTE if times else 0
    end = times[-1] + window if times else -1
    while at <= end:
        value = mean(at - window, at)
        before = mean(at - window - condition.over, at - window) if condition.over else None
        yield at, value, before
        following = bisect_right(times, at)
        if value is None and following < len(times):
            at = max(at + MINUTE, -(-times[following] // MINUTE) * MINUTE)
        else:
            at += MINUTE
