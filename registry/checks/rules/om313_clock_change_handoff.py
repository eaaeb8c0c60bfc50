"""A handoff falls on a local time that a change of clocks skips, or makes come twice.

Why: at half past two on that Sunday, one of the two thinks that their shift is over and the other
that theirs has not begun, or both turn up. There is a rule for it, and people have to know it.

Mend: nothing, if everybody knows when the shift really changes: the message says so. Otherwise move
the rotation's `start` to a time of day that always exists once, as 09:00.
"""

from collections.abc import Iterator
from itertools import groupby

from registry.checks.rule import Context, rule
from registry.clock.words import on_the_wall, with_offset
from registry.diagnostic import Diagnostic
from registry.model.oncall import Schedule

_WHAT = {"skipped": "which does not exist", "repeated": "which comes twice"}


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each rotation with such a handoff within the horizon: the first, and how many."""
    for id_, schedule in context.each(Schedule):
        found = context.horizon.odd_handoffs(id_)
        for index, group in groupby(found, key=lambda one: one.rotation):
            first, *others = group
            rotation = schedule.rotations[index]
            zone = rotation.timezone or context.horizon.zone(id_)
            message = (
                f"a handoff of `{rotation.name}` on `{id_}` falls on {on_the_wall(first.wall)} "
                f"({zone}), {_WHAT[first.kind]}: it is taken as {with_offset(first.at, zone)}"
            )
            if others:
                message += f", the first of {len(others) + 1} such handoffs"
            help_ = "tell those who take turns, or hand over at a time that always exists once"
            place = (*context.horizon.layer(id_, rotation.name), "start")
            yield context.finding(Schedule, id_, place, message, help_)


RULE = rule(__name__, __doc__, "I I I", check)
