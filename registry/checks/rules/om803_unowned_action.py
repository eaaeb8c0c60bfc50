"""An action that came of an incident and has no owner, or no due date.

Why: what "we" will do some day is not done. In the meeting it sounds settled; a month later nobody
remembers having taken it on.

Mend: set the action's `owner` to one person, or to a role that one person holds, and `due` to a
date that they agreed to. Drop an action that nobody wants to own.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.failures import Incident


def check(context: Context) -> Iterator[Diagnostic]:
    """Report a missing owner and a missing date of each action, each on its own."""
    for id_, incident in context.each(Incident):
        for place, action in context.places(Incident, id_, "actions", incident.actions):
            called = f"action `{action.title}` of incident `{id_}`"
            yield from context.unowned(Incident, id_, (*place, "owner"), action.owner, called)
            if action.due is None:
                help_ = "set `due` to a date that its owner agrees to"
                message = f"{called} has no due date"
                yield context.missing(Incident, id_, (*place, "due"), message, help_)


RULE = rule(__name__, __doc__, "W E E", check, seeds=(2,))
