"""Every step of an escalation reaches one and the same person, at some instant.

Why: the second step is for when the first does not answer. If it rings the same phone, whoever
sleeps through the first page sleeps through all of them, and there was never a second pair of eyes.

Mend: let a later step page a schedule on which nobody of the first one takes turns, shift one of
the rotations so that nobody is on both at a time, or add a step for somebody who is on neither.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.clock.words import during, with_offset
from registry.diagnostic import Diagnostic, Label
from registry.model.oncall import Escalation, Schedule


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each escalation of two or more steps of which one person is every step.

    A step that reaches two people, or nobody, is not that one person. Says nothing where a name
    on the way is unknown or did not load.
    """
    for id_, escalation in context.each(Escalation):
        times = context.horizon.alone(id_) if len(escalation.steps) > 1 else []
        if not times:
            continue
        (start, end, person), last = times[0], times[-1]
        pages = context.indexes.pages(id_)
        zone = context.horizon.zone(*(page.named for page in pages))
        when = during(start, end, zone, context.horizon.end)
        message = f"`{person}` is every step of `{id_}` {when}"
        if len(times) > 1:
            people = ", ".join(dict.fromkeys(f"`{one.person}`" for one in times))
            until = with_offset(last.start, zone)
            message += f", the first of {len(times)} such times ({people}; last {until})"
        help_ = "let one of the steps page somebody who is not on call for the others then"
        related = _turns(context, id_, person, start)
        yield context.finding(
            Escalation, id_, pages[-1].field, message, help_, related=dict.fromkeys(related)
        )


def _turns(context: Context, id_: str, person: str, at: int) -> Iterator[Label]:
    """Point at what puts a person on call on each of an escalation's schedules."""
    for page in context.indexes.pages(id_):
        schedule = page.behind
        if schedule is None or schedule not in context.horizon.known.schedules:
            continue
        shift = context.horizon.on_call(schedule, at + page.after * 1000)
        if shift.because is not None:
            place = context.horizon.place(schedule, shift, person)
            yield context.label(Schedule, schedule, place, f"on call on `{schedule}` then")


RULE = rule(__name__, __doc__, "I W E", check)
