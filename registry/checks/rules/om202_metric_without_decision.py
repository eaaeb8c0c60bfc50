"""A metric that supports no decision: nothing says what anybody does when it moves.

Why: a number that changes nothing costs as much to collect, to store and to look at as one that
does, and it hides the others. Whoever is shown it asks what they should do, and nobody knows.

Mend: write in `decision` what is done when it moves, as an order to somebody: roll back, raise a
limit, hold a release. If there is nothing to write, remove the metric.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.metrics import Metric


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each metric without a decision."""
    for id_, metric in context.each(Metric):
        if metric.decision is None:
            message = f"metric `{id_}` supports no decision"
            help_ = "write in `decision` what is done when it moves, or remove the metric"
            yield context.missing(Metric, id_, "decision", message, help_)


RULE = rule(__name__, __doc__, "W E E", check, seeds=(4,))
