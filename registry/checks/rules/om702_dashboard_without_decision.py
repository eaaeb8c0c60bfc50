"""A dashboard that supports no decision.

Why: figures are shown because somebody has to choose: to ship, to roll back, to spend. A page
that no choice hangs on is looked at once and then no more.

Mend: write in `decision` what its reader decides with it, or take the dashboard away.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.cadence import Dashboard


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each dashboard without a decision."""
    for id_, dashboard in context.each(Dashboard):
        if dashboard.decision is None:
            message = f"dashboard `{id_}` supports no decision"
            help_ = "write in `decision` what its reader decides with it"
            yield context.missing(Dashboard, id_, "decision", message, help_)


RULE = rule(__name__, __doc__, "I W E", check, seeds=(4,))
