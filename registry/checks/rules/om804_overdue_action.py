"""An action that came of an incident, is past its due date and is not done.

Why: until it is done, the incident can happen again in the same way, while its record says that it
was dealt with.

Mend: finish it and set `done`, or agree on a new date with its owner. If it is no longer wanted,
remove it and say in the incident why.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.failures import Incident


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each open action whose due date is over where its owner is."""
    for id_, incident in context.each(Incident):
        for place, action in context.places(Incident, id_, "actions", incident.actions):
            today = context.today(context.indexes.owner(action.owner))
            is_done = action.done is not None and action.done.date <= today
            if is_done or action.due is None or action.due.date >= today:
                continue
            called = f"action `{action.title}` of incident `{id_}`"
            message = f"{called} was due on {action.due} and is not done"
            help_ = "finish it and set `done`, or agree on a new date"
            related = []
            if action.done:
                related.append(context.label(Incident, id_, (*place, "done"), "not yet"))
            where = (*place, "due")
            yield context.finding(Incident, id_, where, message, help_, related=related)


RULE = rule(__name__, __doc__, "W W W", check, seeds=(2,))
