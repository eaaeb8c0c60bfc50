"""A paging alert without a runbook.

Why: whoever is woken knows what the author knew only if it was written down. Otherwise the first
half hour goes into finding out what the alert means, with the fault running all the while.

Mend: write a runbook (what to check first, whom to escalate to, what to roll back, what counts as
resolved) and name it in `runbook`.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.metrics import Alert


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each paging alert that names no runbook."""
    for id_, alert in context.each(Alert):
        if alert.response == "page" and alert.runbook is None:
            message = f"alert `{id_}` pages, and no runbook says what to do then"
            help_ = "set `runbook` to one with first checks, escalation, rollback and resolution"
            yield context.missing(Alert, id_, "runbook", message, help_)


RULE = rule(__name__, __doc__, "W E E", check, seeds=(1, 2, 4))
