"""A metric for analytics that is on no dashboard and on no review's agenda.

Why: nothing tells anybody about it, so it counts only where people go and look. Where no page and
no meeting shows it, it is kept and never read.

Mend: put it on the dashboard of whoever takes its decision, or on the agenda of a review; or
remove it.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.cadence import Dashboard, Review
from registry.model.metrics import Metric


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each metric with response `analytics` that nobody is shown.

    Says nothing where a list that did not load, or a misspelt name in one, may mean it.
    """
    shown = {metric for _, dashboard in context.each(Dashboard) for metric in dashboard.metrics}
    for _, review in context.each(Review):
        shown.update(metric for item in review.agenda for metric in item.metrics)
    shown |= context.indexes.meant(shown)
    for id_, metric in context.each(Metric):
        if metric.response == "analytics" and id_ not in shown and not context.may_hide(id_):
            message = f"`{id_}` is on no dashboard and on no review's agenda: nobody reads it"
            help_ = "put it on the dashboard or agenda of who takes its decision, or remove it"
            says = "only read where it is shown"
            yield context.finding(Metric, id_, "response", message, help_, says=says)


RULE = rule(__name__, __doc__, "· W W", check, seeds=(1, 4))
