"""Someone is on call while they are away.

Why: the holiday was entered, and the rotation went on as it does. The page reaches a beach, and the
person who would have swapped learns of it afterwards.

Mend: override the shift with somebody who is there, swap two turns, or correct the `away`. The
shift is not taken from them by itself: somebody has to take it.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.clock.words import during
from registry.diagnostic import Diagnostic
from registry.model.oncall import Schedule
from registry.model.people import Person


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each absence and schedule, with the first shift in it; a last day is OM303's."""
    for id_ in context.workspace.all(Schedule):
        horizon = context.horizon
        for person, absence, shift in horizon.away(id_):
            when = during(shift.start, shift.end, horizon.zone(id_), horizon.end)
            message = f"`{person}` is away, and on call on `{id_}` {when}"
            help_ = "override the shift with somebody who is there, or swap turns"
            place = horizon.place(id_, shift, person)
            away = context.workspace.all(Person)[person].away
            at, named = list(context.places(Person, person, "away", away))[absence.number]
            yield context.finding(
                Schedule, id_, place, message, help_,
                related=(context.label(Person, person, at, "away"),),
                distinguish=f"{named.start}/{named.to}",
            )  # fmt: skip


RULE = rule(__name__, __doc__, "W E E", check)
