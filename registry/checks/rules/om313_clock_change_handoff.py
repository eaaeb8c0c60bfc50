"""A handoff falls on a local time that a change of clocks skips, or makes come twice.

Why: at half past two on that Sunday, one of the two thinks that their shift is over and the other
that theirs has not begun, or both turn up. There is a rule for it, and people have to know it.

A zone that is named for an offset, as `EST`, is told too: its handoffs never move, and for half of
the year are an hour off for whoever lives where clocks do change.

Mend: nothing, if everybody knows when the shift really changes: the message says so. Otherwise move
the rotation's `start` to a time of day that always exists once, as 09:00; write a place's zone.
"""

from collections.abc import Iterator
from itertools import groupby

from registry.checks.rule import Context, rule
from registry.clock.civil import local
from registry.clock.words import offset, on_the_wall, with_offset
from registry.clock.zones import is_of_an_offset, place_meant
from registry.diagnostic import Diagnostic, Label
from registry.model.format import MANIFEST
from registry.model.oncall import Schedule
from registry.span import KeyPath, Location

_WHAT = {"skipped": "which does not exist", "repeated": "which comes twice"}


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each rotation with such a handoff within the horizon: the first, and how many.

    And each zone of an offset that the manifest, a schedule or a rotation names.
    """
    usual = context.workspace.manifest.timezone
    if usual is not None and is_of_an_offset(usual):
        message, help_ = _of_an_offset(usual, context.horizon.start)
        where = Label(Location(MANIFEST, ("timezone",)))
        yield Diagnostic(context.code, message, where, help_)
    for id_, schedule in context.each(Schedule):
        found = context.horizon.odd_handoffs(id_)
        for index, group in groupby(found, key=lambda one: one.rotation):
            first, *others = group
            rotation = schedule.rotations[index]
            zone = rotation.timezone or context.horizon.own_zone(id_)
            shown = context.tz or zone
            message = (
                f"a handoff of `{rotation.name}` on `{id_}` falls on {on_the_wall(first.wall)} "
                f"({zone}), {_WHAT[first.kind]}: it is taken as {with_offset(first.at, shown)}"
            )
            if others:
                message += f", the first of {len(others) + 1} such handoffs"
            help_ = "tell those who take turns, or hand over at a time that always exists once"
            place = (*context.horizon.layer(id_, rotation.name), "start")
            yield context.finding(Schedule, id_, place, message, help_)
        for place, zone in _zones(context, id_, schedule):
            yield context.finding(Schedule, id_, place, *_of_an_offset(zone, context.horizon.start))


def _zones(context: Context, id_: str, schedule: Schedule) -> Iterator[tuple[KeyPath, str]]:
    """Yield the zones of offsets that a schedule and its rotations name."""
    named = [(place, one.timezone) for place, one in
             context.places(Schedule, id_, "rotations", schedule.rotations)]  # fmt: skip
    for place, zone in (((), schedule.timezone), *named):
        if zone is not None and is_of_an_offset(zone):
            yield (*place, "timezone"), zone


def _of_an_offset(zone: str, at: int) -> tuple[str, str]:
    """Return what to say of a zone of an offset, and what to do."""
    message = f"`{zone}` is UTC{offset(local(at, zone))} all year: its clocks never change"
    meant = place_meant(zone)
    return message, f"write the zone of a place{f', as {meant}' if meant else ''}, if you mean one"


RULE = rule(__name__, __doc__, "I I I", check)
