"""Someone is on call after their last day.

Why: the rotation goes on counting them in. When their turn comes, the page goes to a phone that was
handed back, and the others find out that it was a gap.

A step that names them is on call at all hours.

Mend: take them out of `participants` or the step, put somebody else in their place, or override the
turns that are left. If they stay, correct their `until`.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.clock.words import during
from registry.diagnostic import Diagnostic
from registry.model.oncall import Escalation, Schedule
from registry.model.people import Person


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each person and schedule, with the first shift after the person's `until`.

    And each step of an escalation that pages a person by name, whose `until` the horizon sees.
    """
    for id_ in context.workspace.all(Schedule):
        horizon = context.horizon
        for person, _, shift in horizon.departed(id_):
            until = context.workspace.all(Person)[person].until
            when = during(shift.start, shift.end, horizon.zone(id_), horizon.end)
            message = f"`{person}` is on call on `{id_}` {when}, after their last day, {until}"
            help_ = f"put somebody else in their place, or correct the `until` of `{person}`"
            place = horizon.place(id_, shift, person)
            last_day = context.label(Person, person, "until", "the last day")
            yield context.finding(Schedule, id_, place, message, help_, related=(last_day,))
    for id_, escalation in context.each(Escalation):
        yield from _of_steps(context, id_, escalation)


def _of_steps(context: Context, id_: str, escalation: Escalation) -> Iterator[Diagnostic]:
    for number, (step, paged) in enumerate(
        context.places(Escalation, id_, "steps", escalation.steps), 1
    ):
        for place, person in context.places(Escalation, id_, (*step, "notify"), paged.notify):
            if context.horizon.leaves(person):
                until = context.workspace.all(Person)[person].until
                message = f"step {number} of `{id_}` pages `{person}` after their last day, {until}"
                help_ = f"page somebody else, or correct the `until` of `{person}`"
                last_day = context.label(Person, person, "until", "the last day")
                yield context.finding(Escalation, id_, place, message, help_, related=(last_day,))


RULE = rule(__name__, __doc__, "W E E", check)
