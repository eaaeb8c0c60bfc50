"""A metric that nobody owns: no owner is named, or more than one.

Why: a number that belongs to three people belongs to none. When it moves, each of them waits for
another to look, and whoever reads the dashboard has nobody to ask.

Mend: set `owner` to one person, or to a role that one person holds.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.metrics import Metric


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each metric without one owner."""
    for id_, metric in context.each(Metric):
        problem = context.indexes.owner_problem(metric.owner)
        help_ = "set `owner` to one person, or to a role that one person holds"
        if metric.owner is None or problem == "nobody":
            yield context.missing(Metric, id_, "owner", f"metric `{id_}` has no owner", help_)
        elif problem:
            message = f"metric `{id_}` is owned by {problem}: nobody in particular"
            yield context.finding(Metric, id_, "owner", message, help_)


RULE = rule(__name__, __doc__, "W E E", check, seeds=(4,))
