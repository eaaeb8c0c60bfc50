"""PromQL that does not parse, in a metric's `query` or an alert's `when.expr`.

Why: the monitoring system refuses the whole rule file, or the dashboard stays empty. Until
somebody looks, the alert exists on paper only.

Mend: correct the expression; Prometheus must be able to read it as it stands, without variables
or templates. Where another language is meant, keep it in a field of your own (`x-query`).
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.deployed.promql.parse import problem
from registry.diagnostic import Diagnostic
from registry.model.metrics import Alert, Metric


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each expression that Prometheus would refuse, with the parser's reason."""
    help_ = "correct it: Prometheus must read it as it stands, without variables or templates"
    for id_, metric in context.each(Metric):
        reason = problem(metric.query) if metric.query is not None else None
        if reason is not None:
            message = f"the query of metric `{id_}` does not parse as PromQL: {reason}"
            yield context.finding(Metric, id_, "query", message, help_)
    for id_, alert in context.each(Alert):
        expr = alert.when.expr if alert.when is not None else None
        reason = problem(expr) if expr is not None else None
        if reason is not None:
            message = f"the condition of alert `{id_}` does not parse as PromQL: {reason}"
            yield context.finding(Alert, id_, ("when", "expr"), message, help_)


RULE = rule(__name__, __doc__, "E E E", check)
