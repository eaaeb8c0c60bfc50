"""Alertmanager: its configuration, in a file of its own or inside a Secret, ConfigMap or chart.

What Alertmanager itself would refuse routes nothing, and is said to be not read with the reason. No
file that a configuration names (templates, keys) is opened.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, TypeVar

from registry.deployed.integrations import both, refusal, target
from registry.deployed.model import (
    FILE,
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
from registry.source.embedded import HOLDERS, Held, held, inside
from registry.source.foreign import UnreadableError, Value
from registry.source.go_yaml import filled
from registry.span import Span

_OTHERS = frozenset({"AlertmanagerConfig", "VMAlertmanagerConfig"})
_DEPTH = 8
_ROUTE, _RECEIVERS = (
    re.compile(rf"""(?m)(?:^|[{{,])[ \t]*["']?{key}["']?[ \t]*:""")
    for key in ("route", "receivers")
)

_APPENDED = frozenset({"matchers", "source_matchers", "target_matchers"})
_MAPS = frozenset(
    ("match", "match_re", "source_match", "source_match_re", "target_match", "target_match_re")
)  # fmt: skip
"""Fields that a merge key adds to, and mappings of which it may set no key a second time."""

T = TypeVar("T")


class _RefusedError(Exception):
    """What Alertmanager would not load, and where."""

    def __init__(self, reason: str, at: Span) -> None:
        super().__init__(reason)
        self.reason = reason
        self.at = at


class _Unreadable(NamedTuple):
    """A text inside a resource that is no YAML."""

    reason: str
    at: Span


class _PlacedConfiguration(NamedTuple):
    """A configuration, and what it stands in."""

    document: Value
    origin: Origin


def recognizes(document: Value) -> bool:
    """Whether a document holds a configuration of Alertmanager."""
    return next(_configurations(document, _DEPTH, FILE), None) is not None


def read(name: str, found: Sequence[Value]) -> Deployed:
    """Read the configurations of each document of a file."""
    parts = [
        _one(name, one) for document in found for one in _configurations(document, _DEPTH, FILE)
    ]
    if parts:
        return merged(parts)
    return Deployed(not_read=(NotRead(Where(name), "it has no `route` and `receivers`"),))


def _configurations(
    document: Value, depth: int, origin: Origin
) -> Iterator[_PlacedConfiguration | _Unreadable]:
    """Yield each configuration: at the top, in a chart's values, or as a text in a resource."""
    fields = document.fields or {}
    kind = document.string("kind") if "kind" in fields else None
    if kind is None and "route" in fields and _is_one(document, top=depth == _DEPTH):
        yield _PlacedConfiguration(document, origin)
    elif kind in HOLDERS:
        for file in held(document):
            yield from _of_text(file, depth, Origin("held", resource(document), file.key))
    elif depth > 0 and kind not in _OTHERS:
        if origin == FILE:
            is_list = bool(document.items) or (kind or "").endswith("List")
            origin = FILE if is_list else Origin("resource", resource(document))
        for key, one in fields.items():
            if one.text is None:
                yield from _configurations(one, depth - 1, origin)
            elif "receivers" in one.text:
                yield from _of_text(Held(key, one, one.text), depth, origin)
        for one in document.items or ():
            yield from _configurations(one, depth - 1, origin)


def _is_one(document: Value, *, top: bool) -> bool:
    """Whether it is a configuration; Grafana's own has the same fields, and other receivers."""
    if document.get("route") is None:
        return False
    if document.get("receivers") is None:
        return top and document.get("route", "receiver") is not None
    return all(
        one.get("grafana_managed_receiver_configs") is None for one in document.each("receivers")
    )


def _of_text(
    text: Held, depth: int, origin: Origin
) -> Iterator[_PlacedConfiguration | _Unreadable]:
    if not (_ROUTE.search(text.text) and _RECEIVERS.search(text.text)):
        return
    try:
        found = inside(text)
    except UnreadableError as error:
        yield _Unreadable(f"`{text.key}` inside it is no YAML: {error.reason}", text.holder.at)
        return
    for one in found:
        yield from _configurations(one, depth - 1, origin)


def _one(name: str, found: "_PlacedConfiguration | _Unreadable") -> Deployed:
    if isinstance(found, _Unreadable):
        return Deployed(not_read=(NotRead(Where(name, found.at), found.reason),))
    configuration = _Configuration(name, found.document)
    try:
        router = configuration.router()._replace(origin=found.origin)
    except _RefusedError as error:
        reason = f"Alertmanager would not load it: {error.reason}"
        return Deployed(not_read=(NotRead(Where(name, error.at), reason),))
    templates = len(found.document.each("templates"))
    skipped = (Skipped(name, "templates of notifications", templates),) if templates else ()
    return Deployed(routers=(router,), not_read=tuple(configuration.not_read), skipped=skipped)


class _Configuration:
    """One configuration, as it is read."""

    def __init__(self, name: str, document: Value) -> None:
        self.name = name
        self.document = document
        self.not_read: list[NotRead] = []

    def where(self, value: Value) -> Where:
        return Where(self.name, value.at)

    def router(self) -> Router:
        """Read the whole. Raises _RefusedError for what Alertmanager refuses."""
        self.document, twice = filled(self.document, _APPENDED, _MAPS)
        for key, at in twice:
            raise _RefusedError(f"`{key}` is set here and by a merge key", at)
        for flaw in shape.flaws(self.document):
            raise _RefusedError(flaw.reason, flaw.at)
        shared = self.document.get("global")
        if shared is not None and (double := both(shared)) is not None:
            reason = f"at most one of `{double}` and `{double}_file` may be set"
            raise _RefusedError(reason, shared.keys[double])
        self.receivers = dict(self._receivers())
        self.intervals = dict(self._intervals())
        root = self._root()
        rules = self.document.each("inhibit_rules")
        return Router(
            self.where(self.document),
            "prometheus",
            self._route(root, ""),
            self.receivers,
            self.intervals,
            tuple(one for rule in rules for one in self._inhibition(rule)),
        )

    def _root(self) -> Value:
        root = self.document.get("route")
        if root is None or not root.string("receiver"):
            raise _RefusedError("the root route has no receiver", (root or self.document).at)
        for key in ("match", "match_re", "matchers"):
            found = root.get(key)
            if found is not None and (found.fields or found.items):
                raise _RefusedError("the root route must match every alert", root.keys[key])
        if root.flag("continue"):
            raise _RefusedError("the root route cannot go on", root.keys["continue"])
        for key in ("mute_time_intervals", "active_time_intervals"):
            if root.each(key):
                raise _RefusedError("the root route cannot have time intervals", root.keys[key])
        return root

    def _receivers(self) -> Iterator[tuple[str, Receiver]]:
        seen: set[str] = set()
        for one in self.document.each("receivers"):
            name = one.string("name")
            if not name:
                raise _RefusedError("a receiver without a name", one.at)
            if name in seen:
                raise _RefusedError(f"two receivers `{name}`", one.at)
            seen.add(name)
            ways = tuple(self._integrations(one))
            yield name, Receiver(name, self.where(one.get("name") or one), ways)

    def _integrations(self, receiver: Value) -> Iterator[Integration]:
        for key, value in receiver.pairs():
            kind = key.removesuffix("_configs")
            for one in (value.items or ()) if key.endswith("_configs") else ():
                wrong = refusal(kind, one, self.document.get("global"))
                if wrong is not None:
                    raise _RefusedError(wrong, one.at)
                yield Integration(kind, self.where(one), *target(kind, one))

    def _route(self, value: Value, receiver: str) -> Route:
        named = value.get("receiver")
        if named is not None and named.text:
            receiver = named.text
            if receiver not in self.receivers:
                raise _RefusedError(f"no receiver is called `{receiver}`", named.at)
        return Route(
            receiver,
            self.where(value),
            tuple(self._matchers(value, "match", "match_re", "matchers")),
            value.flag("continue") or False,
            self._interval_names(value, "mute_time_intervals"),
            self._interval_names(value, "active_time_intervals"),
            tuple(self._route(one, receiver) for one in value.each("routes")),
        )

    def _interval_names(self, value: Value, field: str) -> tuple[str, ...]:
        found = value.each(field)
        for one in found:
            if one.text not in self.intervals:
                raise _RefusedError(f"no time interval is called `{one.text or ''}`", one.at)
        return tuple(one.text or "" for one in found)

    def _matchers(self, value: Value, equal: str, pattern: str, new: str) -> Iterator[Matcher]:
        for key, operator in ((equal, "="), (pattern, "=~")):
            for label, one in value.pairs(key):
                if one.is_null and operator == "=~":
                    raise _RefusedError(f"the pattern of `{label}` is empty", one.at)
                found = of(label, operator, one.text or "", self.where(one))
                yield _unless_refused(found, one)
        for one in value.each(new):
            yield from _unless_refused(parse(one.text or "", self.where(one)), one)

    def _intervals(self) -> Iterator[tuple[str, tuple[TimeInterval, ...]]]:
        seen: set[str] = set()
        for section in ("mute_time_intervals", "time_intervals"):
            for one in self.document.each(section):
                name = one.string("name")
                if not name:
                    raise _RefusedError("a time interval without a name", one.at)
                if name in seen:
                    raise _RefusedError(f"two time intervals `{name}`", one.at)
                seen.add(name)
                yield name, tuple(map(self._interval, one.each("time_intervals")))

    def _interval(self, value: Value) -> TimeInterval:
        return TimeInterval(
            tuple(map(_times, value.each("times"))),
            _ranges(value, "weekdays", intervals.weekdays),
            _ranges(value, "days_of_month", intervals.days_of_month),
            _ranges(value, "months", intervals.months),
            _ranges(value, "years", intervals.years),
            self._zone(value.get("location")),
        )

    def _zone(self, value: Value | None) -> str:
        if value is not None and value.text == "Local":
            reason = "`Local` is the zone of Alertmanager's machine, and taken for UTC"
            self.not_read.append(NotRead(self.where(value), reason))
            return "UTC"
        return (
            "UTC" if value is None else _unless_refused(intervals.location(value.text or ""), value)
        )

    def _inhibition(self, value: Value) -> Iterator[Inhibition]:
        target = tuple(self._matchers(value, "target_match", "target_match_re", "target_matchers"))
        own = tuple(self._matchers(value, "source_match", "source_match_re", "source_matchers"))
        sources = value.each("sources")
        if len(sources) > 1:
            reason = "an inhibition that needs several sources at once"
            self.not_read.append(NotRead(self.where(value), reason))
            return
        source, equal = own, value.each("equal")
        for one in sources:
            if own or equal:
                raise _RefusedError("`sources` beside other sources or `equal`", one.at)
            source, equal = tuple(self._matchers(one, "", "", "matchers")), one.each("equal")
        yield Inhibition(self.where(value), source, target, tuple(one.text or "" for one in equal))


def _times(value: Value) -> TimeRange:
    start, end = value.string("start_time") or "", value.string("end_time") or ""
    return _unless_refused(intervals.times(start, end), value)


def _ranges(
    value: Value, field: str, reading: Callable[[str], tuple[int, int] | Refusal]
) -> tuple[tuple[int, int], ...]:
    return tuple(_unless_refused(reading(one.text or ""), one) for one in value.each(field))


def _unless_refused(found: T | Refusal, value: Value) -> T:
    """Return what was read. Raises _RefusedError at the value where nothing was."""
    if isinstance(found, Refusal):
        raise _RefusedError(found.reason, value.at)
    return found


READER = Reader("alertmanager", "alertmanager", "Alertmanager's configuration", recognizes, read)
