"""Routes of Alertmanager: which alerts go to which receivers, how often, and in which hours."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from registry.clock.civil import zone
from registry.deployed.promql.parse import literally
from registry.deployed.promql.tokens import quoted
from registry.model.metrics import Alert
from registry.model.oncall import Escalation
from registry.model.windows import windows
from registry.stack.budgets import budget_alerts
from registry.stack.generator import Missing, Order
from registry.stack.hours import Interval, intervals

Target = tuple[str, str]
"""Section and id of whom a route leads to: an escalation, a schedule or a channel."""


class PagingTimes(NamedTuple):
    """The time intervals of an escalation by their names: when it pages, and when not even so."""

    active: Mapping[str, tuple[Interval, ...]]
    muted: Mapping[str, tuple[Interval, ...]]


class StackRoute(NamedTuple):
    """The alerts, by name, that go to someone, and how long none of them is sent again."""

    target: Target
    alerts: tuple[str, ...]
    debounce: str | None


def targets(order: Order) -> Iterator[tuple[str, str | None, tuple[Target, ...]]]:
    """Yield each alert's name, its debounce, and whom it goes to: all that it names."""
    alerts = order.workspace.all(Alert)
    own = [(id_, id_) for id_ in alerts]
    for name, id_ in (*own, *((one.name, one.alert) for one in budget_alerts(order))):
        alert = alerts[id_]
        wait = alert.debounce
        debounce = str(wait) if wait is not None and wait.milliseconds else None
        named = ([alert.escalation] if alert.escalation else []) + list(alert.notify)
        found = ((str(order.workspace.kind_of(one)), one) for one in dict.fromkeys(named))
        yield name, debounce, tuple(found)


def routes(order: Order) -> Iterator[StackRoute]:
    """Yield the routes: escalations first, then schedules, then channels, in the files' order."""
    found: dict[Target, dict[str | None, list[str]]] = {}
    for name, debounce, named in targets(order):
        for target in named:
            found.setdefault(target, {}).setdefault(debounce, []).append(name)
    for section in ("escalations", "schedules", "channels"):
        for id_ in order.workspace.entities.get(section, {}):
            for debounce, alerts in found.get((section, id_), {}).items():
                yield StackRoute((section, id_), tuple(alerts), debounce)


def unrouted(order: Order) -> Iterator[Missing]:
    """Yield the alerts that go to nobody."""
    for id_, alert in order.workspace.all(Alert).items():
        if alert.escalation is None and not alert.notify:
            field = ("escalation",) if alert.response == "page" else ("notify",)
            yield order.missing("alerts", id_, field, "no route: nothing says whom it goes to")


def paging_times(order: Order, target: Target) -> PagingTimes | None:
    """Write the hours of an escalation; None where it pages at any time.

    Holidays count from the beginning of the instant's year to the end of the next.
    """
    section, id_ = target
    escalation = order.workspace.all(Escalation).get(id_) if section == "escalations" else None
    own = windows(escalation.hours) if escalation is not None else ()
    if escalation is None or not own:
        return None
    name = escalation.timezone or order.workspace.manifest.timezone or "UTC"
    year = order.at.astimezone(zone(name)).year
    first, last = (date(one, 1, 1).toordinal() - 1 for one in (year, year + 2))
    found = intervals(own, escalation.days_off(), name, first, last)
    closed = {f"{section}/{id_} closed": found.muted} if found.muted else {}
    return PagingTimes({f"{section}/{id_}": found.active}, closed)


def matcher(alerts: Sequence[str]) -> str:
    """Write a condition on the names of alerts."""
    if len(alerts) == 1:
        return f"alertname={quoted(alerts[0])}"
    return f"alertname=~{quoted('|'.join(map(literally, alerts)))}"
