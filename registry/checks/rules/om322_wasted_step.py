"""At some instants a step of an escalation reaches only people whom an earlier step has reached.

Why: a step is for when those before it do not answer. A primary of five and a secondary of four
meet in one person every few weeks; in those weeks the second page rings the phone that did not
wake anybody the first time.

Mend: let the step page a schedule on which nobody of the earlier ones takes turns, shift one of
the rotations, or name somebody else beside it.
"""

from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter

from registry.checks.rule import Context, rule
from registry.clock.words import during, with_offset
from registry.diagnostic import Diagnostic
from registry.model.oncall import Escalation
from registry.wording import quoted


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each step that is wasted at some instant of the horizon, with the first such time.

    While one person is every step, that is OM305's. Says nothing where a name on the way is
    unknown or did not load.
    """
    for id_, escalation in context.each(Escalation):
        found = context.horizon.wasted(id_) if len(escalation.steps) > 1 else []
        places = list(context.places(Escalation, id_, "steps", escalation.steps))
        zone = context.horizon.zone(*(page.named for page in context.indexes.pages(id_)))
        for step, group in groupby(found, key=attrgetter("step")):
            times = list(group)
            when = during(times[0].start, times[0].end, zone, context.horizon.end)
            message = f"step {step + 1} of `{id_}` reaches nobody new {when}"
            message += f": {quoted(times[0].people, ' and ')} had the page before"
            if len(times) > 1:
                last = with_offset(times[-1].start, zone)
                message += f"; the first of {len(times)} such times (last {last})"
            help_ = "let the step page somebody whom no earlier one pages then"
            field = (*places[step][0], "notify")
            yield context.finding(Escalation, id_, field, message, help_)


RULE = rule(__name__, __doc__, "I W W", check, seeds=(0,))
