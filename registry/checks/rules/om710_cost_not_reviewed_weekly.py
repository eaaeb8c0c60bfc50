"""No weekly review that engineering attends or chairs has a cost metric on its agenda.

Why: cost moves with prompts and retries within days. Finance sees it at the end of the month,
cannot read it as behaviour, and cannot change it; those who can do both never see it.

Mend: put a cost metric on the agenda of a weekly review, and have engineering attend it.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.cadence import Review
from registry.model.metrics import Metric
from registry.model.reference import names

WEEK = 7 * 86_400_000


def check(context: Context) -> Iterator[Diagnostic]:
    """Report once, at the first cost metric, that no weekly review with engineering reads one."""
    cost = [id_ for id_, metric in context.each(Metric) if metric.bucket == "cost"]
    reviews = list(context.each(Review))
    if not cost or any(_reads(context, one, cost) for _, one in reviews):
        return
    if any(context.workspace.failed_fields.get(("reviews", id_)) for id_, _ in reviews):
        return
    if context.workspace.failed.get("reviews"):
        return
    first = min(cost)
    message = f"no weekly review with engineering looks at `{first}` or another cost metric"
    help_ = "put it on the agenda of a weekly review that engineering attends"
    related = [
        context.label(Review, id_, "every", "not weekly, or without engineering")
        for id_, one in reviews
        if _has_cost(one, cost)
    ]
    yield context.finding(Metric, first, "bucket", message, help_, related=related)


def _reads(context: Context, review: Review, cost: list[str]) -> bool:
    weekly = review.length is not None and review.length <= WEEK
    present = (*names(review.chair), *review.attendees)
    functions = (context.indexes.functions(one) for one in present)
    return weekly and _has_cost(review, cost) and any("engineering" in own for own in functions)


def _has_cost(review: Review, cost: list[str]) -> bool:
    return any(name in cost for item in review.agenda for name in item.metrics)


RULE = rule(__name__, __doc__, "· W W", check, seeds=(1,))
