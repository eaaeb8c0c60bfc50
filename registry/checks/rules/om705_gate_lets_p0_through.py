"""A gate that does not require a safety metric to be zero.

Why: averages pass while somebody sees what they must never see. The failures that are called P0
are the ones for which one case is too many, and only "equals zero" says so.

Mend: add `{metric: p0-failures, equals: 0}` to `requires`, with a metric of bucket safety.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.metrics import Metric
from registry.model.release import Gate


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each gate without a safety metric that has to equal zero."""
    metrics = dict(context.each(Metric))
    for id_, gate in context.each(Gate):
        zero = [
            one.metric
            for one in gate.requires
            if one.metric and one.equals is not None and one.equals.value == 0
        ]
        if any(name not in metrics or metrics[name].bucket == "safety" for name in zero):
            continue
        message = f"gate `{id_}` lets a P0 through: it requires no safety metric to equal zero"
        help_ = "add `{metric: …, equals: 0}` to `requires`, with a metric of bucket safety"
        if gate.requires:
            yield context.finding(Gate, id_, "requires", message, help_)
        else:
            yield context.missing(Gate, id_, "requires", message, help_)


RULE = rule(__name__, __doc__, "· W E", check, seeds=(4,))
