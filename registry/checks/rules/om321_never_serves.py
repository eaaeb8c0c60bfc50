"""Somebody in a rotation, or a whole rotation, that never has a turn.

Why: the list of names is what everybody reads. With a day each for seven people at a desk that is
staffed on five days, two of them only ever have the weekend; a rotation below another that is there
at all hours is never asked. They believe that they share the load, and so do those who bear it.

Mend: let the turns count the days that are served (`advance: served`), choose another `every`, or
take out whoever does not serve.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.oncall import Rotation, Schedule
from registry.span import KeyPath


def check(context: Context) -> Iterator[Diagnostic]:
    """Report whoever serves at no instant of the horizon, or of one whole round if that is longer.

    All the rotations of a schedule count together, and no override. Nothing is said of a rotation
    that is over or yet to begin, nor of one without people, which OM302 reports.
    """
    for id_, schedule in context.each(Schedule):
        if context.failed(Schedule, id_, "rotations") or id_ not in context.horizon.known.schedules:
            continue
        served = context.horizon.serving(id_)
        told: set[str] = set()
        rotations = context.places(Schedule, id_, "rotations", schedule.rotations)
        for number, (place, rotation) in enumerate(rotations):
            if number not in served.expected or not any(rotation.groups):
                continue
            if number not in served.rotations:
                message = f"rotation `{rotation.name}` of `{id_}` never has a turn"
                help_ = "give it hours of its own, put it below in the list, or remove it"
                yield context.finding(Schedule, id_, (*place, "name"), message, help_)
                continue
            for person, at in _idle(context, id_, (*place, "participants"), rotation):
                if person not in served.people and person not in told:
                    told.add(person)
                    message = f"`{person}` never has a turn on `{rotation.name}` of `{id_}`"
                    help_ = "write `advance: served`, choose another `every`, or remove the name"
                    yield context.finding(Schedule, id_, at, message, help_)


def _idle(
    context: Context, id_: str, at: KeyPath, rotation: Rotation
) -> Iterator[tuple[str, KeyPath]]:
    """Yield each person whom a rotation names, with the place."""
    for place, turn in context.workspace.places("schedules", id_, at, rotation.participants):
        if isinstance(turn, str):
            yield turn, place
            continue
        for inner, person in context.workspace.places("schedules", id_, place, turn):
            yield person, inner


RULE = rule(__name__, __doc__, "W W E", check, seeds=(1,))
