"""A metric that is declared to file tickets, and that has no alert at all.

Why: what should come to somebody's desk comes to nobody's. The decline is found weeks later, by a
person who happened to scroll past the graph.

Mend: add an alert on the metric with the threshold at which it is worth a look, or declare the
metric `analytics` and put it where it is read.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.metrics import Metric


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each metric with response `ticket` and no alert.

    Says nothing where an alert that did not load, or one with a misspelt metric, may be the one.
    """
    alerts_of = context.indexes.alerts_of
    for id_, metric in context.each(Metric):
        alerted = id_ in alerts_of or context.indexes.may_be_watched(id_)
        if metric.response == "ticket" and not alerted:
            message = f"`{id_}` should file a ticket, and no alert is on it"
            help_ = "add an alert with `response: ticket`, or declare the metric `analytics`"
            says = "declared here"
            yield context.finding(Metric, id_, "response", message, help_, says=says)


RULE = rule(__name__, __doc__, "I W E", check, seeds=(4,))
