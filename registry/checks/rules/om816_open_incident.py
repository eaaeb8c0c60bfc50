"""An incident that has been open for longer than the policy allows.

Why: either it still goes on, and everybody has got used to it, or it is over and nobody has said
so: then what was to come of it has not been decided either.

Mend: set `resolved`, or say what is still wrong and who works on it. `max_open_incident` sets how
long an incident may be open.
"""

from collections.abc import Iterator
from datetime import timedelta

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.failures import Incident


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each incident that began long ago and is not resolved."""
    limit = context.settings.max_open_incident
    for id_, incident in context.each(Incident):
        field = "started" if incident.started is not None else "detected"
        since = incident.started or incident.detected
        if since is None or context.failed(Incident, id_, "resolved"):
            continue
        if incident.resolved is not None and context.has_happened(incident.resolved):
            continue
        if context.is_over(since, timedelta(milliseconds=limit.milliseconds)):
            message = f"incident `{id_}` has been open since {since}, for more than {limit}"
            help_ = "set `resolved`, or say in an action what is still to be done"
            yield context.finding(Incident, id_, field, message, help_)


RULE = rule(__name__, __doc__, "I W W", check, seeds=(2,), settings=("max_open_incident",))
