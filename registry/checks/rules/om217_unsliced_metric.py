"""A quality, safety or cost metric that is not split by anything.

Why: an average hides the group that suffers. Answers may be fine for nine intents out of ten and
wrong for the tenth, and the mean moves by a point.

Mend: name in `slices` the telemetry fields that it is split by, such as intent, tenant, language
or prompt version.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.metrics import Metric

_SLICED = frozenset({"quality", "safety", "cost"})


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each quality, safety or cost metric without slices."""
    for id_, metric in context.each(Metric):
        if metric.bucket in _SLICED and not metric.slices:
            message = (
                f"{metric.bucket} metric `{id_}` has no slices: it is an average over everybody"
            )
            help_ = "name in `slices` the fields that it is split by, as intent or tenant"
            yield context.missing(Metric, id_, "slices", message, help_)


RULE = rule(__name__, __doc__, "· I W", check, seeds=(4,))
