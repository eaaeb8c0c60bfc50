"""Grafana's alerting as its provisioning files have it: rules, contact points and policies.

A rule's query is PromQL where exactly one of its queries asks a data source with an `expr`; the
others are steps of Grafana's own, which keep labels. All else is a query that cannot be told.
"""

from collections.abc import Callable, Iterator, Sequence

from registry.deployed import (
    Deployed,
    DeployedAlert,
    Integration,
    Matcher,
    NotRead,
    Receiver,
    Route,
    Router,
    Text,
    TimeInterval,
    Where,
    merged,
)
from registry.plugin import Ingester
from registry.routing import intervals
from registry.routing.matcher import parse, triple
from registry.routing.refusal import Refusal
from registry.source.foreign import Value

_STEPS = frozenset({"__expr__", "-100"})
"""Data sources that are steps of Grafana's own."""

_TARGETS = {"email": "addresses", "slack": "recipient", "oncall": "title", "teams": "title"}
_KINDS = {"prometheus-alertmanager": "webhook", "googlechat": "googlechat"}


def recognizes(document: Value) -> bool:
    """Whether a document is one of Grafana's alerting."""
    if any(document.get(key) is not None for key in ("contactPoints", "policies", "muteTimes")):
        return True
    rules = (rule for group in document.each("groups") for rule in group.each("rules"))
    return any(rule.get("title") is not None and rule.get("data") is not None for rule in rules)


def read(name: str, found: Sequence[Value]) -> Deployed:
    """Read rules, and one routing tree of all the contact points and policies of a file."""
    parts = [_rules(name, one) for one in found]
    receivers = {one.name: one for document in found for one in _receivers(name, document)}
    not_read: list[NotRead] = []
    clauses = dict(pair for one in found for pair in _intervals(name, one, not_read))
    for document in found:
        for policy in document.each("policies"):
            root = _route(name, policy, "", not_read, top=True)
            where = Where(name, policy.at)
            parts.append(Deployed(routers=(Router(where, "grafana", root, receivers, clauses),)))
    if receivers and not any(part.routers for part in parts):
        where = next(iter(receivers.values())).where
        not_read.append(NotRead(where, "contact points without the policies that lead to them"))
    return merged([Deployed(not_read=tuple(not_read)), *parts])


def _rules(name: str, document: Value) -> Deployed:
    alerts: list[DeployedAlert] = []
    not_read: list[NotRead] = []
    for group in document.each("groups"):
        for rule in group.each("rules"):
            title = rule.get("title")
            if title is None or title.text is None:
                not_read.append(NotRead(Where(name, rule.at), "a rule without a title"))
                continue
            labels = _texts(name, rule, "labels")
            folder = group.get("folder")
            if folder is not None and folder.text:
                place = Where(name, folder.at)
                labels.setdefault("grafana_folder", Text(folder.text, place))
            receiver = rule.get("notification_settings", "receiver")
            alerts.append(
                DeployedAlert(
                    title.text,
                    Where(name, title.at),
                    "grafana",
                    group.string("name") or "",
                    _query(name, rule),
                    labels,
                    _texts(name, rule, "annotations"),
                    Text(receiver.text or "", Where(name, receiver.at)) if receiver else None,
                )
            )
    return Deployed(alerts=tuple(alerts), not_read=tuple(not_read))


def _query(name: str, rule: Value) -> Text | None:
    asked = [one for one in rule.each("data") if one.string("datasourceUid") not in _STEPS]
    if len(asked) != 1:
        return None
    found = asked[0].get("model", "expr")
    return None if found is None or not found.text else Text(found.text, Where(name, found.at))


def _texts(name: str, rule: Value, field: str) -> dict[str, Text]:
    return {
        key: Text(value.text, Where(name, value.at))
        for key, value in rule.pairs(field)
        if value.text
    }


def _receivers(name: str, document: Value) -> Iterator[Receiver]:
    for point in document.each("contactPoints"):
        ways = []
        for one in point.each("receivers"):
            kind = one.string("type") or "unknown"
            field = _TARGETS.get(kind)
            target = one.string("settings", field) if field is not None else None
            ways.append(Integration(_KINDS.get(kind, kind), Where(name, one.at), target))
        title = point.get("name")
        yield Receiver(point.string("name") or "", Where(name, (title or point).at), tuple(ways))


def _route(
    name: str, value: Value, receiver: str, not_read: list[NotRead], *, top: bool = False
) -> Route:
    receiver = value.string("receiver") or receiver
    return Route(
        receiver,
        Where(name, value.at),
        () if top else tuple(_matchers(name, value, not_read)),
        bool(value.flag("continue")) and not top,
        tuple(one.text or "" for one in value.each("mute_time_intervals")),
        tuple(one.text or "" for one in value.each("active_time_intervals")),
        tuple(_route(name, one, receiver, not_read) for one in value.each("routes")),
    )


def _matchers(name: str, value: Value, not_read: list[NotRead]) -> Iterator[Matcher]:
    for one in value.each("object_matchers"):
        where = Where(name, one.at)
        found = triple([part.text or "" for part in one.items or ()], where)
        if isinstance(found, Refusal):
            not_read.append(NotRead(where, f"Grafana would not load it: {found.reason}"))
        else:
            yield found
    for one in value.each("matchers"):
        where = Where(name, one.at)
        several = parse(one.text or "", where)
        if isinstance(several, Refusal):
            not_read.append(NotRead(where, f"Grafana would not load it: {several.reason}"))
        else:
            yield from several


def _intervals(
    name: str, document: Value, not_read: list[NotRead]
) -> Iterator[tuple[str, tuple[TimeInterval, ...]]]:
    for one in document.each("muteTimes"):
        clauses = tuple(_clause(name, each, not_read) for each in one.each("time_intervals"))
        yield one.string("name") or "", clauses


def _clause(name: str, value: Value, not_read: list[NotRead]) -> TimeInterval:
    def ranges(
        field: str, reading: Callable[[str], tuple[int, int] | Refusal]
    ) -> tuple[tuple[int, int], ...]:
        found = [reading(one.text or "") for one in value.each(field)]
        refuse(found)
        return tuple(one for one in found if not isinstance(one, Refusal))

    def refuse(found: Sequence[object]) -> None:
        for one in found:
            if isinstance(one, Refusal):
                reason = f"Grafana would not load it: {one.reason}"
                not_read.append(NotRead(Where(name, value.at), reason))

    times = [
        intervals.times(one.string("start_time") or "", one.string("end_time") or "")
        for one in value.each("times")
    ]
    zone = intervals.location(value.string("location") or "")
    refuse([*times, zone])
    return TimeInterval(
        tuple(one for one in times if not isinstance(one, Refusal)),
        ranges("weekdays", intervals.weekdays),
        ranges("days_of_month", intervals.days_of_month),
        ranges("months", intervals.months),
        ranges("years", intervals.years),
        "UTC" if isinstance(zone, Refusal) else zone,
    )


INGESTER = Ingester("grafana", "grafana", "Grafana's alerting", recognizes, read)
