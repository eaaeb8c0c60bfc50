"""Budgets as alerts: at the share of a limit from which is warned, and at the whole of it.

A period is the time just past, as long as the budget's: a day is 24 hours, a month 30 days.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from registry.audit.differs import BUDGET
from registry.deployed.promql.parse import problem
from registry.deployed.promql.rewrite import bracketed, summed
from registry.model.cadence import Budget
from registry.model.metrics import Alert, Metric
from registry.model.quantity import Quantity
from registry.model.scalars import Period
from registry.model.unit import without_period
from registry.span import KeyPath
from registry.stack.condition import plain
from registry.stack.generator import Missing, Order
from registry.stack.queries import Queries
from registry.stack.rules import AlertRule, AlertRules

_MONTH = 30
_WHOLE = Decimal(100)


class BudgetAlert(NamedTuple):
    """An alert of a budget: its name, the registry's alert that it is sent as, and its share."""

    name: str
    budget: str
    alert: str
    percent: Decimal


def budget_alerts(order: Order) -> Iterator[BudgetAlert]:
    """Yield the alerts of every budget that names whom they are sent to, in the files' order.

    The whole of a limit has none where the budget's own alert fires at just that.
    """
    alerts = order.workspace.all(Alert)
    for id_, budget in order.workspace.all(Budget).items():
        if budget.alert is None:
            continue
        for percent in _shares(budget):
            if percent != _WHOLE or not _is_limit(budget, alerts[budget.alert]):
                yield BudgetAlert(f"budget-{id_}-{plain(percent)}", id_, budget.alert, percent)


class BudgetRules:
    """Makes the rules of budgets, and what is missing for them."""

    def __init__(self, order: Order, queries: Queries, alerts: AlertRules) -> None:
        self.order = order
        self.queries = queries
        self.alerts = alerts

    def each(self) -> Iterator[AlertRule | Missing]:
        """Yield the rules of every budget, and what is missing, in the files' order."""
        burning: dict[str, list[BudgetAlert]] = {}
        for one in budget_alerts(self.order):
            burning.setdefault(one.budget, []).append(one)
        for id_, budget in self.order.workspace.all(Budget).items():
            spent = self._spent(id_, budget)
            if isinstance(spent, Missing):
                yield spent
                continue
            for one in burning.get(id_, ()):
                yield self._rule(one, budget, spent)

    def _rule(self, one: BudgetAlert, budget: Budget, spent: str) -> AlertRule:
        limit = Decimal(str(budget.limit))
        expr = f"{spent} >= {plain(one.percent * limit / _WHOLE)}"
        unit = f" {budget.unit}" if budget.unit else ""
        about = (
            f"{plain(one.percent)}% of the budget {one.budget} is spent, of {plain(limit)}{unit}"
        )
        rule = self.alerts.rule(one.name, one.alert, expr, None, self.order.text(about))
        return rule._replace(annotations={**rule.annotations, BUDGET: one.budget})

    def _spent(self, id_: str, budget: Budget) -> str | Missing:
        """Write what is spent in a budget's period; or what is missing for that."""
        needed: dict[str, object] = {"limit": budget.limit, "per": budget.per,
                                     "metric": budget.metric, "alert": budget.alert}  # fmt: skip
        lacks = next((key for key, value in needed.items() if value is None), None)
        if lacks is not None or budget.per is None or budget.metric is None:
            return self._lack(id_, (lacks or "per",), "missing: no warning before it is spent")
        metric = self.order.workspace.all(Metric)[budget.metric]
        found = self.queries.of(budget.metric, budget.scope, ("budgets", id_))
        if isinstance(found, Missing):
            return self._lack(id_, ("metric",), f"no warning: {found.told}")
        own, asked = (without_period(unit or "", budget.per) for unit in (metric.unit, budget.unit))
        if own and asked and own != asked:
            message = f"no warning: it is in `{budget.unit}`, and `{budget.metric}` in"
            return self._lack(id_, ("unit",), f"{message} `{metric.unit}`")
        spent = summed(found, _length(budget.per))
        if spent is None and own != without_period(metric.unit or "", None):
            spent = found  # its unit says that it is of this period by itself
        if spent is None or problem(spent) is not None:
            message = (
                f"no warning: `{budget.metric}` is no sum over time, as `increase` is, and its"
            )
            return self._lack(id_, ("metric",), f"{message} unit does not say `per {budget.per}`")
        return bracketed(spent, loosely=True)

    def _lack(self, id_: str, field: KeyPath, message: str) -> Missing:
        return self.order.missing("budgets", id_, field, message)


def _shares(budget: Budget) -> tuple[Decimal, ...]:
    """List the shares of a limit that are told, in percent: where it is warned of, and all."""
    warn = budget.warn_at
    if warn is None:
        return (_WHOLE,)
    share = warn.number * (1 if warn.is_percent else 100)
    return tuple(dict.fromkeys((share, _WHOLE)))


def _is_limit(budget: Budget, alert: Alert) -> bool:
    """Whether an alert fires when a budget is spent, and not otherwise."""
    above = alert.when.above if alert.when is not None else None
    same = alert.metric == budget.metric and alert.slice == budget.scope
    return same and above is not None and _is(above, budget.limit)


def _is(above: Quantity, limit: float | None) -> bool:
    return not above.is_percent and limit is not None and above.value == limit


def _length(per: Period) -> str:
    """Write a period as a window of PromQL."""
    return f"{per.months * _MONTH}d" if per.months else str(per)
