"""An incident that nobody in particular commanded.

Why: with several people at work and none in command, two try opposite things, and nobody decides to
roll back or to tell the customers. Afterwards nobody can say who decided what.

Mend: set `commander` to the person who had the last word. A role that a schedule holds does not say
who that was. For the next incident, put the role on a rotation.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.failures import Incident


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each incident without one commander."""
    help_ = "set `commander` to the person who had the last word"
    for id_, incident in context.each(Incident):
        problem = context.indexes.owner_problem(incident.commander)
        if incident.commander is None:
            message = f"incident `{id_}` had no commander"
            yield context.missing(Incident, id_, "commander", message, help_)
        elif problem:
            message = f"incident `{id_}` was commanded by {problem}: nobody in particular"
            yield context.finding(Incident, id_, "commander", message, help_)


RULE = rule(__name__, __doc__, "I W E", check, seeds=(0,))
