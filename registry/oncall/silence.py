"""When an escalation that pages at some hours only reaches nobody, by the instants of alerts."""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from registry.clock.tzif import SECOND
from registry.model.oncall import Escalation
from registry.oncall.interval import ENDLESS, Interval, clipped, difference, union
from registry.oncall.waiting import Dispatch, Waiting

_MOST = 500
"""Pages that are followed: far more than anybody writes."""

Times = Sequence[Interval]


class StepTimes(NamedTuple):
    """When a step's page would reach nobody, and which of these times are told elsewhere.

    By the instants at which it goes out; sorted and disjoint.
    """

    empty: Times
    told: Times


class SilentTimes(NamedTuple):
    """What is silent of an escalation from one instant to another.

    `shut` are the steps (None is the whole escalation) whose hours do not open. Of alerts that fire
    within `whole`, each step is skipped or reaches nobody; within those of `steps`, that step
    reaches nobody.
    """

    shut: tuple[int | None, ...]
    whole: tuple[Interval, ...]
    steps: tuple[tuple[Interval, ...], ...]


def silence(
    escalation: Escalation,
    waiting: Waiting,
    steps: Callable[[int], StepTimes],
    start: int,
    end: int,
) -> SilentTimes:
    """Tell what is silent from `start` to `end` (instants), beside what is told elsewhere.

    What waits beyond the end counts as reached. A skipped step is not silent by itself.
    """
    shut = tuple(_shut(waiting, start, end))
    if None in shut:
        return SilentTimes(shut, (), tuple(() for _ in escalation.steps))
    times = [steps(number) for number in range(len(escalation.steps))]
    reached, told, silent = list[Interval](), list[Interval](), list[tuple[Interval, ...]]()
    for run, number, delay in _pages(escalation):
        dispatches = list(waiting.dispatches(number, delay, start, end))
        found = times[number]
        empty = _alerts(dispatches, found.empty)
        skipped = [Interval(*one[:2]) for one in dispatches if one.after is None and _is_lost(one)]
        whole = [Interval(start, end)]
        reached += difference(whole, union(sorted([*empty, *skipped])))
        told += _alerts(dispatches, found.told)
        if not run:
            unsaid = difference(found.empty, found.told)
            silent.append(tuple(union(_alerts(dispatches, list(unsaid)))))
    lost = difference([Interval(start, end)], union(sorted([*reached, *told])))
    return SilentTimes(shut, tuple(lost) if escalation.steps else (), tuple(silent))


def _is_lost(one: Dispatch) -> bool:
    return one.at is None or one.at >= ENDLESS


def _shut(waiting: Waiting, start: int, end: int) -> Iterator[int | None]:
    for number, hours in ((None, waiting.whole), *enumerate(waiting.steps)):
        if hours is not None and hours.next(start) >= end:
            yield number


def _pages(escalation: Escalation) -> Iterator[tuple[int, int, int]]:
    """Yield the run, the step and the delay (µs) of each page; of too many, the first run's."""
    delays = [step.after.milliseconds * SECOND // 1000 for step in escalation.steps]
    again = escalation.repeat_after
    pause = max(delays, default=0) + (again.milliseconds * SECOND // 1000 if again else 0)
    runs = escalation.repeat + 1 if (escalation.repeat + 1) * len(delays) <= _MOST else 1
    for run in range(runs):
        for number, delay in enumerate(delays):
            yield run, number, run * pause + delay


def _alerts(dispatches: Sequence[Dispatch], times: Times) -> list[Interval]:
    """Return the alerts whose page goes out within some times, in order."""
    found = []
    for one in dispatches:
        if one.after is None:
            if one.at is not None and _within(times, one.at):
                found.append(Interval(one.start, one.end))
            continue
        opens, closes = one.start + one.after, one.end + one.after
        first = max(bisect_right(times, (opens, ENDLESS)) - 1, 0)
        for time in times[first:]:
            if time.start >= closes:
                break
            inside = clipped(time, opens, closes)
            if inside is not None:
                found.append(Interval(inside.start - one.after, inside.end - one.after))
    return found


def _within(times: Times, at: int) -> bool:
    index = bisect_right(times, (at, ENDLESS)) - 1
    return index >= 0 and at < times[index].end
