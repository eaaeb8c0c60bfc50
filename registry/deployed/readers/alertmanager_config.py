"""AlertmanagerConfig resources of the Prometheus operator: routing that is merged into a whole one.

The operator lets such a part receive only alerts of its own namespace, beside every other route,
and puts namespace and name before each receiver's name (its `OnNamespace` strategy, the default).
It rejects a resource as a whole, by its `pkg/alertmanager/validation`; such a one routes nothing.
VictoriaMetrics' operator does the same with its VMAlertmanagerConfig, in Alertmanager's own fields.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeVar

from registry.deployed.integrations import rejection, selected
from registry.deployed.model import (
    Deployed,
    Inhibition,
    Integration,
    Matcher,
    NotRead,
    Origin,
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
from registry.deployed.resources import resource
from registry.deployed.routing import intervals, shape
from registry.deployed.routing.matcher import of, parse
from registry.deployed.routing.refusal import Refusal
from registry.source.foreign import Value

T = TypeVar("T")


class _Dialect(NamedTuple):
    """How an operator writes: its suffix of integrations, what joins its names, and its fields.

    `has_texts` says whether matchers are texts; else they are mappings.
    """

    suffix: str
    joint: str
    fields: Mapping[str, str]
    has_texts: bool = False


_DIALECTS = {
    "AlertmanagerConfig": _Dialect("Configs", "/", fields={
        "group_by": "groupBy", "group_wait": "groupWait", "group_interval": "groupInterval",
        "repeat_interval": "repeatInterval",
    }),
    "VMAlertmanagerConfig": _Dialect("_configs", "-", has_texts=True, fields={
        "inhibitRules": "inhibit_rules", "sourceMatch": "source_matchers",
        "targetMatch": "target_matchers", "muteTimeIntervals": "mute_time_intervals",
        "activeTimeIntervals": "active_time_intervals", "timeIntervals": "time_intervals",
        "startTime": "start_time", "endTime": "end_time", "daysOfMonth": "days_of_month",
    }),
}  # fmt: skip

_ADDRESSES = ("url", "apiURL", "api_url")


class _RejectedError(Exception):
    """What the operator would not merge, and where."""

    def __init__(self, reason: str, value: Value) -> None:
        super().__init__(reason)
        self.reason = reason
        self.value = value


def recognizes(document: Value) -> bool:
    """Whether a document is such a resource, or a list of them."""
    return any(_resources(document))


def read(name: str, found: Sequence[Value]) -> Deployed:
    """Read each resource; one that the operator would reject routes nothing, and is not read."""
    resources = [one for document in found for one in _resources(document)]
    return merged([Deployed(), *(_Resource(name, one).read() for one in resources)])


def _resources(document: Value) -> Iterator[Value]:
    for one in (document, *document.each("items")):
        if one.string("kind") in _DIALECTS:
            yield one


class _Resource:
    """One resource, as it is read."""

    def __init__(self, name: str, document: Value) -> None:
        self.name = name
        self.document = document
        self.dialect = _DIALECTS[document.string("kind") or ""]
        self.namespace = document.string("metadata", "namespace")
        self.not_read: list[NotRead] = []
        own = document.string("metadata", "name") or ""
        self.prefix = self.dialect.joint.join((self.namespace or "?", own, ""))

    def read(self) -> Deployed:
        spec, root = self.document.get("spec"), self.document.get("spec", "route")
        if spec is None or (root is None and not spec.each("inhibitRules")
                            and not spec.each("inhibit_rules")):  # fmt: skip
            what = "AlertmanagerConfigs with neither a route nor inhibitions"
            return Deployed(skipped=(Skipped(self.name, what, 1),))
        try:
            routers = (self._router(spec, root),)
        except _RejectedError as error:
            reason = f"the operator rejects it: {error.reason}"
            rejected = NotRead(Where(self.name, error.value.at), reason)
            return Deployed(not_read=(*self.not_read, rejected))
        return Deployed(routers=routers, not_read=tuple(self.not_read))

    def _router(self, spec: Value, root: Value | None) -> Router:
        """Read the whole; what has no route only inhibits, and its first route notifies nobody."""
        self.receivers = dict(self._receivers(spec))
        self.intervals = dict(self._intervals(spec))
        if root is not None and not root.string("receiver"):
            raise _RejectedError("its route has no receiver", root)
        inhibitions = tuple(self._inhibition(one) for one in self._each(spec, "inhibitRules"))
        receivers = {one.name: one for one in self.receivers.values()}
        where = Where(self.name, self.document.at)
        first = (
            Route("", where, self._own(spec), goes_on=True)
            if root is None
            else self._route(root, "", top=True)
        )
        return Router(
            where, "prometheus", first, receivers, self.intervals, inhibitions, part=True,
            origin=Origin("resource", resource(self.document)), own=1,
        )  # fmt: skip

    def _each(self, value: Value, field: str) -> tuple[Value, ...]:
        """Return a field's items. Raises _RejectedError where it is no list."""
        found = value.get(self._spelled(field))
        if found is not None and found.items is None and not found.is_null:
            raise _RejectedError(f"`{self._spelled(field)}` is no list", found)
        return (found.items if found is not None else None) or ()

    def _spelled(self, field: str) -> str:
        return self.dialect.fields.get(field, field)

    def _texts(self, value: Value, field: str) -> list[str]:
        return [one.text or "" for one in self._each(value, field)]

    def _name(self, value: Value, what: str, seen: set[str]) -> str:
        """Return a name and add it to those seen. Raises _RejectedError without one of its own."""
        name = value.string("name")
        if not name:
            raise _RejectedError(f"a {what} without a name", value)
        if name in seen:
            raise _RejectedError(f"two {what}s `{name}`", value)
        seen.add(name)
        return name

    def _receivers(self, spec: Value) -> Iterator[tuple[str, Receiver]]:
        seen: set[str] = set()
        for one in self._each(spec, "receivers"):
            name = self._name(one, "receiver", seen)
            where = Where(self.name, one.at)
            yield name, Receiver(self.prefix + name, where, tuple(self._ways(one)))

    def _ways(self, receiver: Value) -> Iterator[Integration]:
        for key in receiver.fields or ():
            kind = key.removesuffix(self.dialect.suffix).lower()
            for one in self._each(receiver, key) if key.endswith(self.dialect.suffix) else ():
                lacking = rejection(kind, one)
                if lacking is not None:
                    raise _RejectedError(f"`{key}` without `{lacking}`", one)
                for field in _ADDRESSES if kind != "pushover" else ():
                    text = one.string(field)
                    if text and not shape.is_address(text) and "{{" not in text:
                        raise _RejectedError(f"`{field}` is no address of the web", one)
                yield Integration(kind, Where(self.name, one.at), *selected(kind, one))

    def _route(self, value: Value, receiver: str, *, top: bool = False) -> Route:
        for flaw in shape.pace(value, self._spelled):
            raise _RejectedError(flaw.reason, value)
        named = value.string("receiver")
        if named and named not in self.receivers:
            raise _RejectedError(f"no receiver `{named}`", value)
        matchers = tuple(self._matchers(value, "matchers", is_checked=top))
        for field in ("muteTimeIntervals", "activeTimeIntervals"):
            for one in self._texts(value, field):
                if one not in self.intervals:
                    raise _RejectedError(f"no time interval `{one}`", value)
        receiver = named or receiver
        return Route(
            self.prefix + receiver,
            Where(self.name, value.at),
            (*self._own(value), *matchers) if top else matchers,
            top or bool(value.flag("continue")),
            tuple(self._texts(value, "muteTimeIntervals")),
            tuple(self._texts(value, "activeTimeIntervals")),
            tuple(self._route(one, receiver) for one in self._each(value, "routes")),
        )

    def _own(self, value: Value) -> tuple[Matcher, ...]:
        """Return the operator's own condition; a namespace that is not written may be any."""
        where = Where(self.name, value.at)
        if self.namespace is None:
            return (Matcher("namespace", "=~", ".+", where),)
        return (Matcher("namespace", "=", self.namespace, where),)

    def _matchers(self, value: Value, field: str, *, is_checked: bool = True) -> Iterator[Matcher]:
        """Read matchers. Those of nested routes are not `is_checked` by Kubernetes itself."""
        for one in self._each(value, field):
            where = Where(self.name, one.at)
            if (one.fields is None) is not self.dialect.has_texts:
                raise _RejectedError(f"`{self._spelled(field)}` has an item of the wrong kind", one)
            if self.dialect.has_texts:
                yield from self._accepted(parse(one.text or "", where), one)
                continue
            operator = self._operator(one, is_checked=is_checked)
            name, text = one.string("name") or "", one.string("value") or ""
            yield self._accepted(of(name, operator, text, where), one)

    def _operator(self, matcher: Value, *, is_checked: bool) -> str:
        """Return a matcher's operator: its `matchType`, else what the older `regex` says.

        `matchType: !=` without quotes is a tag on nothing: the text is empty for Go's YAML.
        """
        written = matcher.get("matchType")
        if written is not None and written.text:
            return written.text
        default = "=~" if matcher.flag("regex") else "="
        if written is not None:
            shown = "matchType: " + (written.tag or '""')
            if is_checked:
                raise _RejectedError(f"`{shown}` is an empty text, and no operator", matcher)
            reason = f"`{shown}` without quotes is an empty text: it counts as `{default}`"
            self.not_read.append(NotRead(Where(self.name, matcher.at), reason))
        return default

    def _inhibition(self, value: Value) -> Inhibition:
        return Inhibition(
            Where(self.name, value.at),
            (*self._own(value), *self._matchers(value, "sourceMatch")),
            (*self._own(value), *self._matchers(value, "targetMatch")),
            tuple(self._texts(value, "equal")),
        )

    def _intervals(self, spec: Value) -> Iterator[tuple[str, tuple[TimeInterval, ...]]]:
        seen: set[str] = set()
        for field in ("muteTimeIntervals", "timeIntervals"):
            for one in self._each(spec, field):
                clauses = self._each(one, "timeIntervals")
                yield self._name(one, "time interval", seen), tuple(map(self._clause, clauses))

    def _clause(self, value: Value) -> TimeInterval:
        days = [_days(one) for one in self._each(value, "daysOfMonth")]
        return TimeInterval(
            tuple(map(self._times, self._each(value, "times"))),
            self._ranges(value, self._texts(value, "weekdays"), intervals.weekdays),
            self._ranges(value, days, intervals.days_of_month),
            self._ranges(value, self._texts(value, "months"), intervals.months),
            self._ranges(value, self._texts(value, "years"), intervals.years),
            self._accepted(intervals.location(value.string("location") or ""), value),
        )

    def _times(self, value: Value) -> TimeRange:
        start, end = (
            value.string(self.dialect.fields.get(field, field)) or ""
            for field in ("startTime", "endTime")
        )
        return self._accepted(intervals.times(start, end), value)

    def _ranges(
        self,
        value: Value,
        texts: list[str],
        reading: Callable[[str], tuple[int, int] | Refusal],
    ) -> tuple[tuple[int, int], ...]:
        return tuple(self._accepted(reading(text), value) for text in texts)

    def _accepted(self, found: T | Refusal, value: Value) -> T:
        """Return what was read. Raises _RejectedError where nothing was."""
        if isinstance(found, Refusal):
            raise _RejectedError(found.reason, value)
        return found


def _days(value: Value) -> str:
    """Return days of a month as Alertmanager writes them; an end that is left out is day 0."""
    if value.text is not None:
        return value.text
    return f"{value.string('start') or 0}:{value.string('end') or 0}"


READER = Reader(
    "alertmanagerconfig", "alertmanager", "AlertmanagerConfig resources", recognizes, read
)
