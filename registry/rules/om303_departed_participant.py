"""Someone is on call after their last day.

Why: the rotation goes on counting them in. When their turn comes, the page goes to a phone that was
handed back, and the others find out that it was a gap.

Mend: take them out of `participants`, put somebody else in their place, or override the turns that
are left. If they stay, correct their `until`.
"""

from collections.abc import Iterator

from registry.diagnostic import Diagnostic
from registry.model.oncall import Schedule
from registry.model.people import Person
from registry.oncall.words import during
from registry.rule import Context, rule


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each person and schedule, with the first shift after the person's `until`."""
    for id_ in context.workspace.all(Schedule):
        horizon = context.horizon
        for person, _, shift in horizon.departed(id_):
            until = context.workspace.all(Person)[person].until
            when = during(shift.start, shift.end, horizon.zone(id_), horizon.end)
            message = f"`{person}` is on call on `{id_}` {when}, after their last day, {until}"
            help_ = f"put somebody else in their place, or correct the `until` of `{person}`"
            place = horizon.place(id_, shift.because, person)
            last_day = context.label(Person, person, "until", "the last day")
            yield context.finding(Schedule, id_, place, message, help_, related=(last_day,))


RULE = rule(__name__, __doc__, "W E E", check)
