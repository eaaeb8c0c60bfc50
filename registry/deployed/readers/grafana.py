"""Grafana's alerting: rules, contact points, policies and mute timings, provisioned or exported.

Policies route as Alertmanager's routes do. What Grafana itself would refuse routes nothing.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from registry.deployed import grafana_forms as forms
from registry.deployed.integrations import host
from registry.deployed.model import (
    Deployed,
    DeployedAlert,
    Integration,
    Matcher,
    NotRead,
    PlacedText,
    Points,
    Receiver,
    Route,
    Router,
    Skipped,
    TimeInterval,
    TimeRange,
    Where,
    merged,
)
from registry.deployed.reader import Reader
from registry.deployed.routing import intervals, shape
from registry.deployed.routing.matcher import of, parse, triple
from registry.deployed.routing.refusal import Refusal
from registry.source.embedded import HOLDERS, held, inside
from registry.source.foreign import UnreadableError, Value

_MARK = re.compile(
    r"\b(?:contactPoints|muteTimes|datasourceUid|object_matchers|grafana_managed_receiver_configs)\b"
)
_POLICIES = re.compile(r"""\bpolicies["']?[ \t]*:"""), re.compile(r"""\breceiver["']?[ \t]*:""")
"""What a text inside a resource has, be it YAML or not: the first, or both of the others."""

_TARGETS = {
    "email": "addresses", "slack": "recipient", "telegram": "chatid", "kafka": "kafkaTopic",
    "sns": "topic_arn", "webex": "room_id", "jira": "project", "mqtt": "topic",
}  # fmt: skip
_KINDS = {"prometheus-alertmanager": "webhook"}
_SECTIONS = ("contactPoints", "muteTimes")

T = TypeVar("T")


class _RefusedError(Exception):
    """What Grafana would not load, and where."""

    def __init__(self, reason: str, value: Value) -> None:
        super().__init__(reason)
        self.reason = reason
        self.value = value


def recognizes(document: Value) -> bool:
    """Whether a document is one of Grafana's alerting, or holds such a one."""
    if any(document.get(key) is not None for key in _SECTIONS):
        return True
    documents, wrong = _unfolded("", document)
    parts = (forms.rules, forms.points, forms.policies, forms.mutes)
    return bool(wrong) or any(True for one in documents for part in parts for _ in part(one))


def read(name: str, found: Sequence[Value]) -> Deployed:
    """Read rules, and one routing tree of all the contact points and policies of a file."""
    unfolded = [_unfolded(name, one) for one in found]
    documents = [one for pair in unfolded for one in pair[0]]
    wrong = Deployed(not_read=tuple(one for pair in unfolded for one in pair[1]))
    rules = [rule for one in documents for rule in forms.rules(one)]
    return merged([wrong, _alerts(name, rules), _File(name, documents).read()])


def _unfolded(name: str, document: Value) -> tuple[list[Value], list[NotRead]]:
    """Return a document, or for a ConfigMap or Secret those that it holds."""
    if document.string("kind") not in HOLDERS:
        return [document], []
    documents: list[Value] = []
    wrong: list[NotRead] = []
    for one in held(document):
        if _MARK.search(one.text) or all(mark.search(one.text) for mark in _POLICIES):
            try:
                documents += inside(one)
            except UnreadableError as error:
                reason = f"`{one.key}` inside it is no YAML: {error.reason}"
                wrong.append(NotRead(Where(name, one.holder.at), reason))
    return documents, wrong


def _alerts(name: str, rules: list[forms.GrafanaRule]) -> Deployed:
    alerts: list[DeployedAlert] = []
    not_read: list[NotRead] = []
    left = {"recording rules": 0, "paused rules": 0}
    for one in rules:
        title = one.own.get("title")
        lacking = [key for key in ("data", "condition") if not _has(one.own, key)]
        settings = one.whole.get("notification_settings") or one.own.get("notification_settings")
        if _has(one.own, "record"):
            left["recording rules"] += 1
        elif one.whole.flag("isPaused") or one.own.flag("is_paused"):
            left["paused rules"] += 1
        elif title is None or not title.text:
            reason = "Grafana would not load it: a rule without a title"
            not_read.append(NotRead(Where(name, one.whole.at), reason))
        elif lacking:
            reason = f"Grafana would not load it: a rule without `{lacking[0]}`"
            not_read.append(NotRead(Where(name, title.at), reason))
        else:
            alerts.append(
                _alert(name, one, PlacedText(title.text, Where(name, title.at)), settings)
            )
        if settings is not None and _timed(settings):
            reason = "the time intervals of a rule's own `notification_settings` are not looked at"
            not_read.append(NotRead(Where(name, settings.at), reason))
    skipped = tuple(Skipped(name, what, number) for what, number in left.items() if number)
    return Deployed(alerts=tuple(alerts), not_read=tuple(not_read), skipped=skipped)


def _has(rule: Value, field: str) -> bool:
    found = rule.get(field)
    return found is not None and bool(found.text or found.items or found.fields)


def _timed(settings: Value) -> bool:
    return bool(settings.each("mute_time_intervals") or settings.each("active_time_intervals"))


def _alert(
    name: str, rule: forms.GrafanaRule, title: PlacedText, settings: Value | None
) -> DeployedAlert:
    labels = _texts(name, rule.whole, "labels")
    if rule.folder is not None:  # Grafana's own label wins over the rule's
        labels["grafana_folder"] = PlacedText(rule.folder[0], Where(name, rule.folder[1]))
    receiver = settings.get("receiver") if settings is not None else None
    query = forms.query(rule.own)
    return DeployedAlert(
        title.value,
        title.where,
        "grafana",
        rule.group,
        PlacedText(query.text or "", Where(name, query.at)) if query is not None else None,
        labels,
        _texts(name, rule.whole, "annotations"),
        PlacedText(receiver.text, Where(name, receiver.at)) if receiver and receiver.text else None,
    )


def _texts(name: str, rule: Value, field: str) -> dict[str, PlacedText]:
    return {
        key: PlacedText(value.text, Where(name, value.at))
        for key, value in rule.pairs(field)
        if value.text
    }


class _File:
    """The contact points, policies and mute timings of one file."""

    def __init__(self, name: str, documents: Sequence[Value]) -> None:
        self.name = name
        self.documents = documents
        self.not_read: list[NotRead] = []

    def where(self, value: Value) -> Where:
        return Where(self.name, value.at)

    def read(self) -> Deployed:
        receivers = self._receivers()
        self.intervals: dict[str, tuple[TimeInterval, ...]] = {}
        mutes = [mute for document in self.documents for mute in forms.mutes(document)]
        for one in mutes:
            self._refused(self._interval, one)
        policies = [policy for document in self.documents for policy in forms.policies(document)]
        routers = []
        for policy in policies:
            root = self._refused(self._root, policy)
            if root is not None:
                where = self.where(policy)
                routers.append(Router(where, "grafana", root, receivers, self.intervals))
        places = [one.where for one in receivers.values()] + list(map(self.where, mutes))
        points = [Points(places[0], receivers, self.intervals)] if places and not policies else []
        return Deployed(routers=tuple(routers), points=tuple(points), not_read=tuple(self.not_read))

    def _refused(self, reading: Callable[[Value], T], value: Value) -> T | None:
        try:
            return reading(value)
        except _RefusedError as error:
            reason = f"Grafana would not load it: {error.reason}"
            self.not_read.append(NotRead(self.where(error.value), reason))
            return None

    def _receivers(self) -> dict[str, Receiver]:
        """Read contact points; those of one name are one."""
        found: dict[str, Receiver] = {}
        for point, ways in (pair for one in self.documents for pair in forms.points(one)):
            name = (point.string("name") or "").strip()
            before = found.get(name)
            one = before or Receiver(name, self.where(point.get("name") or point))
            added = [self._refused(self._integration, way) for way in ways]
            whole = (*one.integrations, *(way for way in added if way is not None))
            if name:
                found[name] = one._replace(integrations=whole)
            else:
                reason = "Grafana would not load it: a contact point without a name"
                self.not_read.append(NotRead(self.where(point), reason))
        return found

    def _integration(self, value: Value) -> Integration:
        kind = value.string("type")
        if not kind:
            raise _RefusedError("an integration of a contact point without a type", value)
        text = value.string("settings", _TARGETS.get(kind, "url"))
        target = text if text is None or kind in _TARGETS else host(text)
        return Integration(_KINDS.get(kind, kind), self.where(value), target)

    def _root(self, value: Value) -> Route:
        if not value.string("receiver"):
            raise _RefusedError("the root policy has no receiver", value)
        for field in ("match", "match_re", "matchers", "object_matchers"):
            found = value.get(field)
            if found is not None and (found.fields or found.items):
                raise _RefusedError("the root policy must match every alert", found)
        if _names(value, "mute_time_intervals") or _names(value, "active_time_intervals"):
            raise _RefusedError("the root policy cannot have time intervals", value)
        return self._route(value, "")._replace(goes_on=False)

    def _route(self, value: Value, receiver: str) -> Route:
        for field in ("routes", "object_matchers", "matchers"):
            found = value.get(field)
            if found is not None and found.items is None:
                raise _RefusedError(f"`{field}` is no list", found)
        for flaw in shape.pace(value):
            raise _RefusedError(flaw.reason, value)
        receiver = value.string("receiver") or receiver
        return Route(
            receiver,
            self.where(value),
            tuple(self._matchers(value)),
            bool(value.flag("continue")),
            _names(value, "mute_time_intervals"),
            _names(value, "active_time_intervals"),
            tuple(self._route(one, receiver) for one in value.each("routes")),
        )

    def _matchers(self, value: Value) -> Iterator[Matcher]:
        for one in value.each("object_matchers"):
            parts = [part.text or "" for part in one.items or ()]
            yield _accepted(triple(parts, self.where(one)), one)
        for one in value.each("matchers"):
            yield from _accepted(parse(one.text or "", self.where(one)), one)
        for field, operator in (("match", "="), ("match_re", "=~")):
            for label, one in value.pairs(field):
                yield _accepted(of(label, operator, one.text or "", self.where(one)), one)

    def _interval(self, value: Value) -> None:
        name = value.string("name")
        if not name:
            raise _RefusedError("a mute timing without a name", value)
        if name in self.intervals:
            raise _RefusedError(f"two mute timings `{name}`", value)
        self.intervals[name] = tuple(map(_clause, value.each("time_intervals")))


def _names(value: Value, field: str) -> tuple[str, ...]:
    return tuple(one.text or "" for one in value.each(field))


def _clause(value: Value) -> TimeInterval:
    def ranges(
        field: str, reading: Callable[[str], tuple[int, int] | Refusal]
    ) -> tuple[tuple[int, int], ...]:
        return tuple(_accepted(reading(one.text or ""), one) for one in value.each(field))

    return TimeInterval(
        tuple(map(_times, value.each("times"))),
        ranges("weekdays", intervals.weekdays),
        ranges("days_of_month", intervals.days_of_month),
        ranges("months", intervals.months),
        ranges("years", intervals.years),
        _accepted(intervals.location(value.string("location") or ""), value),
    )


def _times(value: Value) -> TimeRange:
    start, end = value.string("start_time") or "", value.string("end_time") or ""
    return _accepted(intervals.times(start, end), value)


def _accepted(found: T | Refusal, value: Value) -> T:
    """Return what was read. Raises _RefusedError where nothing was."""
    if isinstance(found, Refusal):
        raise _RefusedError(found.reason, value)
    return found


READER = Reader("grafana", "grafana", "Grafana's alerting", recognizes, read)
