"""Whom the receivers of a generated configuration reach, and whom `who` names: one and the same."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from registry.clock.civil import instant
from registry.model.metrics import Alert
from registry.paging.pager import Pager
from registry.paging.who import who
from registry.stack.generator import Order
from registry.stack.receivers import Receivers
from registry.stack.routes import targets


class ReachedNow(NamedTuple):
    """The people who are paged at once, and the channels that are told."""

    people: frozenset[str]
    channels: frozenset[str]


def named(order: Order, alert: str, now: datetime) -> ReachedNow:
    """Whom `who` names at an instant: pages that wait reach nobody yet."""
    (answer,) = who(order.workspace, order.policy, ("alerts", alert), instant(now)).answers
    at_once = [hop for hop in answer.chain if not (hop.run or hop.after or hop.held or hop.skipped)]
    return ReachedNow(
        frozenset(one.id for hop in at_once for one in hop.people),
        frozenset(one.id for one in answer.notified),
    )


def reached(order: Order, receivers: Iterable[str], now: datetime) -> ReachedNow:
    """Whom the receivers reach that were notified, by what each stands for."""
    names = Receivers(order)
    meant = {names.name(*one): one for _, _, each in targets(order) for one in each}
    found = [meant[one] for one in receivers]
    pager = Pager(order.workspace, instant(now))
    hops = [
        hop
        for section, id_ in found
        if section != "channels"
        for hop in pager.chain(id_, pager.place(section, id_))
        if not (hop.run or hop.after or hop.held or hop.skipped)
    ]
    return ReachedNow(
        frozenset(one.id for hop in hops for one in hop.people),
        frozenset(id_ for section, id_ in found if section == "channels"),
    )


def alerts(order: Order) -> list[str]:
    """Every alert of a registry."""
    return list(order.workspace.all(Alert))
