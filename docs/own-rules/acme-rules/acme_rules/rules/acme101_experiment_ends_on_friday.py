"""An experiment that ends on a Friday.

Why: what an experiment leaves behind is seen on the days after it, and on Saturday nobody looks.

Mend: let it end on a day from Monday to Thursday.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.release import Experiment

FRIDAY = 4


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each experiment whose last day is a Friday."""
    for id_, experiment in context.each(Experiment):
        if experiment.ends is not None and experiment.ends.date.weekday() == FRIDAY:
            message = f"experiment `{id_}` ends on a Friday"
            help_ = "let it end on a day from Monday to Thursday"
            yield context.finding(Experiment, id_, "ends", message, help_)


RULE = rule(__name__, __doc__, "I W W", check)
