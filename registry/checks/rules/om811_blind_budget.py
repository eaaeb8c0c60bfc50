"""A budget that its metric or its alert cannot see.

Why: the budget is in euros a month, and the metric counts seconds; or the alert watches another
tenant. The figure is in the plan, an alert is named beside it, and nothing will ever fire.

Mend: name a metric in the budget's own unit that is split by the budget's scope, and an alert on
that metric whose `slice` is the scope. The period may stand in the unit: `USD per month` is `USD`.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic, Label
from registry.model.cadence import Budget
from registry.model.metrics import Alert, Metric
from registry.model.unit import without_period
from registry.wording import listed

_Blind = tuple[str, Label]
"""What keeps a budget from being seen, and where that is decided."""


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each budget with everything that keeps it from being seen."""
    for id_, budget in context.each(Budget):
        alert = context.workspace.all(Alert).get(budget.alert or "")
        name = budget.metric or (alert.metric if alert is not None else None)
        metric = context.workspace.all(Metric).get(name or "")
        blind = [
            *(_metric(context, budget, str(name), metric) if metric is not None else ()),
            *(_alert(context, budget, str(budget.alert), alert) if alert is not None else ()),
        ]
        if blind:
            field = "metric" if budget.metric is not None else "alert"
            message = f"nothing watches the budget `{id_}`: {'; '.join(what for what, _ in blind)}"
            help_ = (
                "name a metric in its unit, split by its scope, and an alert on it for that scope"
            )
            related = [label for _, label in blind]
            yield context.finding(Budget, id_, field, message, help_, related=related)


def _metric(context: Context, budget: Budget, name: str, metric: Metric) -> Iterator[_Blind]:
    if budget.unit is not None and metric.unit is not None:
        ours, theirs = (without_period(unit, budget.per) for unit in (budget.unit, metric.unit))
        if ours != theirs:
            what = f"it is in `{budget.unit}`, and `{name}` in `{metric.unit}`"
            yield what, context.label(Metric, name, "unit")
    lacks = [key for key in budget.scope if key not in metric.slices]
    if lacks and not context.failed(Metric, name, "slices"):
        yield f"`{name}` is not split by {listed(lacks)}", context.label(Metric, name, "slices")


def _alert(context: Context, budget: Budget, name: str, alert: Alert) -> Iterator[_Blind]:
    if budget.metric is not None and alert.metric != budget.metric:
        what = f"`{name}` is on `{alert.metric}` and not on `{budget.metric}`"
        yield what, context.label(Alert, name, "metric")
    elif alert.slice != budget.scope and not context.failed(Alert, name, "slice"):
        scope = ", ".join(f"{key}={value}" for key, value in budget.scope.items())
        what = f"`{name}` is not for {scope}" if scope else f"`{name}` is for a slice alone"
        yield what, context.label(Alert, name, "slice")


RULE = rule(__name__, __doc__, "I W E", check, seeds=(3, 4))
