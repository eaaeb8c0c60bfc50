"""A metric that is declared to page, and that no alert pages anybody for.

Why: the dictionary says that somebody is woken, and people plan on it. The gap shows on the night
when the number falls and the phone stays silent.

Mend: let an alert on the metric page (`response: page`, with an escalation), or declare the metric
`ticket` or `analytics` if it can wait.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.metrics import Alert, Metric


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each metric with response `page` and no alert that pages.

    Says nothing where an alert that did not load, or one with a misspelt metric, may be the one.
    """
    alerts = context.workspace.all(Alert)
    for id_, metric in context.each(Metric):
        own = context.indexes.alerts_of.get(id_, ())
        paged = any(alerts[alert].response == "page" for alert in own)
        if metric.response != "page" or paged or context.indexes.may_be_watched(id_):
            continue
        what, says = f"`{id_}` should page, and no alert on it does", "declared here"
        change = "add an alert on it that pages"
        if own:
            change = f"make {f'`{own[0]}`' if len(own) == 1 else 'one of them'} page an escalation"
        help_ = f"{change}, or declare the metric `ticket`"
        only = ", its only alert," if len(own) == 1 else ""
        related = [
            context.label(Alert, one, "response", f"`{one}`{only} files a ticket") for one in own
        ]
        yield context.finding(Metric, id_, "response", what, help_, related=related, says=says)


RULE = rule(__name__, __doc__, "W E E", check, seeds=(1,))
