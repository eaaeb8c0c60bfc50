"""One schedule's shifts for a calendar that programs subscribe to, and when the first one began."""

from collections.abc import Iterator
from itertools import chain, dropwhile
from typing import NamedTuple

from registry.clock.tzif import DAY
from registry.model.oncall import Schedule
from registry.oncall.schedule import Layers, read_layers
from registry.oncall.shift import Shift
from registry.workspace.workspace import Workspace

_BACK = DAY
_FURTHER = 7
"""It is looked back for a day, then so many times as far again and again."""


class Feed(NamedTuple):
    """The shifts of one schedule, in order, as they are asked for: none is kept.

    `began` is when the first of them began if it is cut where the time begins, else its own start.
    """

    schedule: str
    began: int
    shifts: Iterator[Shift]


def feed(workspace: Workspace, id_: str, start: int, end: int, person: str | None = None) -> Feed:
    """Return the shifts of a schedule from `start` to `end` (instants), all or one person's."""
    layers = read_layers(workspace.all(Schedule)[id_], workspace.manifest.timezone or "UTC")
    # One that began within the last day is met on the way; few of others need a second look.
    shifts: Iterator[Shift] = dropwhile(
        lambda one: one.end <= start, layers.shifts(start - _BACK, end)
    )
    if person is not None:
        shifts = filter(lambda one: person in (*one.people, *one.shadows), shifts)
    first = next(shifts, None)
    if first is None:
        return Feed(id_, start, iter(()))
    begins = first.start
    if begins <= start - _BACK:
        begins = _began(layers, begins)
    return Feed(id_, begins, chain((first._replace(start=max(first.start, start)),), shifts))


def _began(layers: Layers, at: int) -> int:
    """Return when the shift began that holds at an instant: the same for every instant of it.

    It looks further and further back, at most to the first start of a rotation or an override.
    """
    starts = [one.start for one in layers.rotations]
    first = min(starts + [one.start for one in layers.overrides])
    back = _FURTHER * _BACK
    while True:
        since = max(at - back, first)
        *_, last = layers.shifts(since, at + 1)
        if last.start > since or since == first:
            return last.start
        back *= _FURTHER
