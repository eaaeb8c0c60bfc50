"""An incident whose every action adds a metric.

Why: if a signal was there and nobody acted on it, one more signal is one more that nobody acts on.
What has to change is who is called and what they then do.

Mend: add an action that changes the response (`change-response`, `add-alert`) or the system
(`fix`, `add-test`), with an owner and a date. The metric may stay beside it.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.failures import Incident


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each incident that has actions, all of them of kind add-metric."""
    for id_, incident in context.each(Incident):
        if {action.kind for action in incident.actions} != {"add-metric"}:
            continue
        message = f"all that came of incident `{id_}` is more metrics"
        help_ = "add an action that changes who responds, and how"
        related = [
            context.label(Incident, id_, (*place, "kind"), "one more metric")
            for place, _ in context.places(Incident, id_, "actions", incident.actions)
        ]
        yield context.finding(Incident, id_, "actions", message, help_, related=related, part="key")


RULE = rule(__name__, __doc__, "I W W", check, seeds=(1,))
