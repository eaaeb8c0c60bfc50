"""A runbook that nobody has reviewed for longer than the policy allows, or ever.

Why: dashboards move, switches are renamed and people leave, and a runbook does not notice. Its
reader does, at the step that no longer works.

Mend: read it through with somebody who would have to use it, correct what has changed, and set
`reviewed` to that day. `runbook_max_age` sets how old a review may be.
"""

from collections.abc import Iterator
from datetime import timedelta

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.runbooks import Runbook


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each runbook whose last review is too old, or that never had one."""
    limit = context.settings.runbook_max_age
    help_ = "read it through, correct it, and set `reviewed` to that day"
    for id_, runbook in context.each(Runbook):
        reviewed = runbook.reviewed
        if reviewed is None:
            message = f"runbook `{id_}` was never reviewed"
            yield context.missing(Runbook, id_, "reviewed", message, help_)
        elif context.today() - reviewed.date > timedelta(milliseconds=limit.milliseconds):
            message = f"runbook `{id_}` was last reviewed on {reviewed}, more than {limit} ago"
            yield context.finding(Runbook, id_, "reviewed", message, help_)


RULE = rule(__name__, __doc__, "· W W", check, seeds=(2,), settings=("runbook_max_age",))
