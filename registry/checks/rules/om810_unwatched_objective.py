"""An objective whose metric has no alert, or that names no metric.

Why: an objective is for the quarter, and a quarter is too late. Without an alert on its metric the
miss is found when the report is written.

Mend: add an alert on the metric, paging or not, that fires while there is still time to act.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.cadence import Objective
from registry.model.metrics import Metric


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each objective that no alert watches; what failed to load may watch it."""
    metrics, graph = context.workspace.all(Metric), context.indexes
    for id_, objective in context.each(Objective):
        name = objective.metric
        if name is None:
            message = f"objective `{id_}` names no metric: nothing can watch it"
            help_ = "set `metric` to what is promised"
            yield context.missing(Objective, id_, "metric", message, help_)
        elif name in metrics and name not in graph.alerts_of and not graph.may_be_watched(name):
            message = f"no alert watches `{name}`, the metric of objective `{id_}`"
            help_ = f"add an alert on `{name}` that fires while there is time to act"
            related = (context.label(Metric, name, (), "no alert names it"),)
            yield context.finding(Objective, id_, "metric", message, help_, related=related)


RULE = rule(__name__, __doc__, "· W W", check, seeds=(0,))
