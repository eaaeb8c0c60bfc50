"""A metric should page, and every alert on it that pages is for one slice alone.

Why: the page is for one tenant, or one intent. What happens to all the others wakes nobody, and
the metric looks as if somebody were paged for it.

Mend: add an alert that pages without a `slice`, or declare the metric's response as what it is for
the rest. Where the slices together are everything, waive the finding and say so.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.metrics import Alert, Metric
from registry.wording import listed


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each metric that pages for slices only; what failed to load may page for the rest."""
    alerts = context.workspace.all(Alert)
    for id_, metric in context.each(Metric):
        if metric.response != "page" or context.indexes.may_be_watched(id_):
            continue
        paging = [one for one in context.indexes.alerts_of.get(id_, ()) if _pages(context, one)]
        if not paging or not all(alerts[one].slice for one in paging):
            continue
        slices = sorted({key for one in paging for key in alerts[one].slice})
        message = f"`{id_}` should page, and does so only for a slice of {listed(slices)}"
        help_ = "add an alert that pages for the rest, or say in `response` what the rest does"
        related = [context.label(Alert, one, "slice", "pages for this slice") for one in paging[:4]]
        yield context.finding(Metric, id_, "response", message, help_, related=related)


def _pages(context: Context, alert: str) -> bool:
    """Whether an alert pages, or may: one whose slice did not load may be for everything."""
    loaded = context.workspace.all(Alert)[alert]
    return loaded.response == "page" or context.failed(Alert, alert, "response")


RULE = rule(__name__, __doc__, "I W W", check, seeds=(1,))
