"""A schedule with no rotation, or a rotation with no participant.

Why: a schedule is a promise that somebody answers. Where nobody takes turns, whatever pages it
reaches nobody, and everything that refers to it looks complete.

Mend: name the people who take turns in `participants`, and when they begin in `start`. Remove a
rotation, or a schedule, that nobody needs.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.oncall import Schedule


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each schedule without rotations, and each rotation without people."""
    for id_, schedule in context.each(Schedule):
        if all(rotation.shadow for rotation in schedule.rotations):
            what = "no rotation but of shadows" if schedule.rotations else "no rotation"
            message = f"the schedule `{id_}` has {what}: nobody takes turns on it"
            help_ = "add a rotation with the people who take turns, or remove the schedule"
            yield context.missing(Schedule, id_, "rotations", message, help_)
        for place, rotation in context.places(Schedule, id_, "rotations", schedule.rotations):
            if not any(rotation.groups):
                field = (*place, "participants")
                message = f"the rotation `{rotation.name}` of `{id_}` has no participant"
                help_ = "name the people who take turns, or remove the rotation"
                yield context.missing(Schedule, id_, field, message, help_)


RULE = rule(__name__, __doc__, "E E E", check, seeds=(1,))
