"""Alertmanager's routes and receivers, of escalations, channels and bindings.

Each alert goes to everyone whom the registry names for it: its escalation or schedule, and its
channels. `debounce` is how long nothing of a route is sent again, the `hours` of an escalation are
time intervals. What no route takes goes to a receiver that notifies nobody.
"""

from collections.abc import Iterator

from registry.model.metrics import Alert
from registry.model.oncall import Escalation
from registry.output.yaml_document import document
from registry.stack.generator import Generated, Generator, Missing, Order
from registry.stack.header import header
from registry.stack.receivers import Receivers, StackReceiver
from registry.stack.routes import (
    PagingTimes,
    StackRoute,
    Target,
    matcher,
    paging_times,
    routes,
    unrouted,
)

_REST = "unrouted"
"""The receiver of what no route takes: it notifies nobody."""


def build(order: Order) -> Generated:
    """Write the whole configuration of an Alertmanager."""
    found, receivers = list(routes(order)), Receivers(order)
    named = {one.target: receivers.of(*one.target) for one in found}
    times = {target: paging_times(order, target) for target in named}
    shared = {key: text for one in named.values() for key, text in one.shared.items()}
    fill_in = tuple(dict.fromkeys(one.fill_in for one in named.values() if one.fill_in))
    config = {
        **({"global": shared} if shared else {}),
        "route": {
            "receiver": _REST,
            "group_by": ["alertname"],
            "routes": [_route(one, named[one.target], times[one.target]) for one in found],
        },
        **_intervals([one for one in times.values() if one is not None]),
        "receivers": [{"name": _REST}, *(one.written for one in _each(named))],
    }
    comments = [
        *header("alertmanager", order),
        *(f"To be put in place: {one}" for one in fill_in),
        f"What no route takes goes to `{_REST}`, which notifies nobody.",
    ]
    alerts = order.workspace.all(Alert)
    lacking = tuple(unrouted(order))
    missing = (
        *lacking,
        *_skipping(order, named),
        *(one.missing for one in named.values() if one.missing),
    )
    made = {"alert": (len(alerts) - len(lacking), len(alerts))}
    return Generated({order.file: document(config, comments).encode()}, missing, made, fill_in)


def _each(named: dict[Target, StackReceiver]) -> Iterator[StackReceiver]:
    """Yield the receivers, once each: two that are bound to one name are one."""
    names: set[object] = set()
    for one in named.values():
        if one.written["name"] not in names:
            yield one
        names.add(one.written["name"])


def _route(
    one: StackRoute, receiver: StackReceiver, times: PagingTimes | None
) -> dict[str, object]:
    found: dict[str, object] = {
        "receiver": receiver.written["name"],
        "matchers": [matcher(one.alerts)],
        "continue": True,
    }
    if one.debounce is not None:
        found |= {"group_interval": one.debounce, "repeat_interval": one.debounce}
    if times is not None:
        found["active_time_intervals"] = list(times.active)
        if times.muted:
            found["mute_time_intervals"] = list(times.muted)
    return found


def _intervals(times: list[PagingTimes]) -> dict[str, object]:
    found = [
        {"name": name, "time_intervals": list(own)}
        for one in times
        for name, own in (*one.active.items(), *one.muted.items())
    ]
    return {"time_intervals": found} if found else {}


def _skipping(order: Order, named: dict[Target, StackReceiver]) -> Iterator[Missing]:
    """Yield the escalations that skip what comes outside of their hours: Alertmanager holds it."""
    for section, id_ in named:
        escalation = order.workspace.all(Escalation).get(id_) if section == "escalations" else None
        if escalation is not None and escalation.hours and escalation.outside == "skip":
            message = (
                "Alertmanager skips nothing: what still fires when the hours open is sent then"
            )
            yield order.missing(section, id_, ("outside",), message)


GENERATOR = Generator(
    "alertmanager", "routes and receivers of Alertmanager, with hours, holidays and debounce",
    build, "alertmanager.yml", (".yml", ".yaml"),
)  # fmt: skip
