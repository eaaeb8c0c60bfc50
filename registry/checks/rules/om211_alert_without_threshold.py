"""An alert without a condition: nothing says when it fires.

Why: an intention cannot be deployed, tested or argued about. Each reader imagines a threshold of
their own, and the one in the monitoring system is a fourth.

Mend: write the condition in `when`: `above`, `below`, `drops_by` or `rises_by` with a number or a
percentage, or `expr` with PromQL.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.metrics import Alert


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each alert without `when`."""
    for id_, alert in context.each(Alert):
        if alert.when is None:
            message = f"alert `{id_}` has no condition: nothing says when it fires"
            help_ = "write one in `when`, as `{drops_by: 10%, over: 1h, for: 10m}`"
            yield context.missing(Alert, id_, "when", message, help_)


RULE = rule(__name__, __doc__, "W E E", check, seeds=(4,))
