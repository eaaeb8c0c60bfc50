"""A P0 that no paging alert detects.

Why: a P0 is what must never happen, so it wakes somebody when it does. If the only sign of it is a
ticket, or none, the first to know are the people whom it harmed.

Mend: name in `detected_by` an alert with `response: page`, or let the alert that is there page. If
nothing could detect it today, that is the work to plan first.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.failures import Failure
from registry.model.metrics import Alert


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each P0 without a paging alert; an alert that is not there or failed may page."""
    alerts = context.workspace.all(Alert)
    for id_, failure in context.each(Failure):
        if failure.priority != "P0":
            continue
        if not failure.detected_by:
            message = f"no alert detects the P0 `{id_}`"
            help_ = "name an alert that pages in `detected_by`"
            yield context.missing(Failure, id_, "detected_by", message, help_)
        elif all(one in alerts and alerts[one].response != "page" for one in failure.detected_by):
            message = f"no alert that detects the P0 `{id_}` pages anybody"
            help_ = "let one of its alerts page, or add one that does"
            related = [
                context.label(Alert, one, "response", f"`{one}` files a ticket")
                for one in dict.fromkeys(failure.detected_by)
            ]
            yield context.finding(Failure, id_, "detected_by", message, help_, related=related)


RULE = rule(__name__, __doc__, "W E E", check, seeds=(4,))
