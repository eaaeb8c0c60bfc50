"""A page whose threshold is reached before that of the ticket on the same metric.

Why: the ticket is there to catch a decline while it can wait. In this order everybody is woken
first, and the ticket tells them next morning what they know.

Mend: swap the two thresholds, or correct the one that is wrong; the page comes after the ticket.
"""

from collections.abc import Iterator
from typing import NamedTuple

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.metrics import Alert
from registry.model.quantity import Quantity


class _Comparison(NamedTuple):
    """What two alerts have in common whose thresholds can be compared; `over` in ms."""

    metric: str
    sliced: tuple[tuple[str, str], ...]
    operator: str
    is_percent: bool
    over: int | None


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each page that is reached before a ticket with the same comparison.

    A page is set against the ticket that is reached last; reached together is no finding.
    """
    alike: dict[_Comparison, list[tuple[Quantity, str, Alert]]] = {}
    for id_, alert in context.each(Alert):
        for comparison, threshold in _comparisons(context, id_, alert):
            alike.setdefault(comparison, []).append((threshold, id_, alert))
    for comparison, found in alike.items():
        sign = -1 if comparison.operator == "below" else 1
        tickets = [(sign * one.value, id_) for one, id_, alert in found if alert.response != "page"]
        latest, ticket = max(tickets, default=(0, ""))
        at = ("when", comparison.operator)
        for threshold, id_, alert in found if tickets else ():
            if alert.response == "page" and sign * threshold.value < latest:
                message = f"`{id_}` pages at {threshold}, before `{ticket}` files its ticket"
                help_ = "swap the two thresholds, or correct the one that is wrong"
                related = [context.label(Alert, ticket, at, f"`{ticket}` comes only here")]
                yield context.finding(Alert, id_, at, message, help_, related=related)


def _comparisons(
    context: Context, id_: str, alert: Alert
) -> Iterator[tuple[_Comparison, Quantity]]:
    when = alert.when
    if when is None or context.failed(Alert, id_, "when") or context.failed(Alert, id_, "slice"):
        return
    over = when.over.milliseconds if when.over is not None else None
    sliced = tuple(sorted(alert.slice.items()))
    for operator in ("above", "below", "drops_by", "rises_by"):
        threshold: Quantity | None = getattr(when, operator)
        if threshold is not None:
            percent = threshold.is_percent
            yield _Comparison(alert.metric, sliced, operator, percent, over), threshold


RULE = rule(__name__, __doc__, "W W W", check, seeds=(4,))
