"""A metric without a definition: its name is all that says what it counts.

Why: two people who read a name differently measure two things and compare them. That comes out in
the middle of an incident, when the dashboard and the alert disagree.

Mend: write in `definition` what is counted, over what, and what is left out.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.metrics import Metric


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each metric without a definition."""
    for id_, metric in context.each(Metric):
        if metric.definition is None:
            message = f"metric `{id_}` has no definition"
            help_ = "write in `definition` what is counted, over what, and what is left out"
            yield context.missing(Metric, id_, "definition", message, help_)


RULE = rule(__name__, __doc__, "W E E", check, seeds=(4,))
