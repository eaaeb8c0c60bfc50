"""The alert on an objective's metric fires only when the objective is missed many times over.

Why: the promise is eight seconds, and the alert comes at a minute. By then the quarter is lost,
and until then everything seems to be within bounds.

Mend: bring the alert's threshold nearer to the target, or add one that is. `max_alert_slack` says
how many times as far from the ideal it may be: from 0 where lower is better, from 1 (100%) for a
share where higher is.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.cadence import Objective
from registry.model.metrics import Alert, Metric
from registry.model.quantity import Quantity
from registry.model.unit import is_percent, is_share


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each objective whose nearest alert is too far from its target."""
    slack = context.settings.max_alert_slack
    for id_, objective in context.each(Objective):
        watched = objective.metric or ""
        metric = context.workspace.all(Metric).get(watched)
        if metric is None or context.indexes.may_be_watched(watched):
            continue
        target = _distance(metric, _target(objective, metric))
        alerts = [
            (distance, name)
            for name in context.indexes.alerts_of.get(watched, ())
            if (distance := _distance(metric, _threshold(context, name, metric))) is not None
        ]
        if not alerts or not target:
            continue
        nearest, name = min(alerts)
        if nearest > slack * target:
            message = (
                f"objective `{id_}` asks for {_target(objective, metric)}, and the nearest alert"
                f" on `{watched}`, `{name}`, fires at {_threshold(context, name, metric)}:"
                f" {nearest / target:.3g} times as far"
            )
            help_ = f"bring `{name}` nearer to the target, or add an alert that is"
            related = (context.label(Alert, name, "when", "fires only here"),)
            yield context.finding(Objective, id_, "target", message, help_, related=related)


def _target(objective: Objective, metric: Metric) -> Quantity | None:
    """Return the level that an objective asks for, on the side that is better."""
    if objective.target is None:
        return None
    words = ("below", "at_most") if metric.better == "lower" else ("above", "at_least")
    return next((at for word in words if (at := getattr(objective.target, word))), None)


def _threshold(context: Context, alert: str, metric: Metric) -> Quantity | None:
    """Return the level at which an alert on the worse side fires."""
    when = context.workspace.all(Alert)[alert].when
    if when is None:
        return None
    return when.above if metric.better == "lower" else when.below


def _distance(metric: Metric, level: Quantity | None) -> float | None:
    """Measure how far a level is from the ideal; None where that cannot be judged.

    A percentage is a share, and so is a number of a metric whose unit says so or that has none.
    """
    if level is None or metric.better is None:
        return None
    unit = metric.unit or "share"
    in_percent = level.is_percent or is_percent(unit)
    value = level.value / 100 if in_percent else level.value
    if metric.better == "lower":
        return value if value >= 0 else None
    return 1 - value if (in_percent or is_share(unit)) and 0 <= value <= 1 else None


RULE = rule(__name__, __doc__, "· I W", check, seeds=(0,), settings=("max_alert_slack",))
