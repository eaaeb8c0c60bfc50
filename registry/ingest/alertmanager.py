"""Alertmanager: its configuration, in a file of its own or inside a Secret, ConfigMap or chart.

What Alertmanager itself would refuse routes nothing, and is said to be not read with the reason. No
file that a configuration names (templates, keys) is opened.
"""

import base64
import binascii
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, TypeVar

from registry.deployed import (
    Deployed,
    Inhibition,
    Integration,
    Matcher,
    NotRead,
    Receiver,
    Route,
    Router,
    Skipped,
    TimeInterval,
    Where,
    merged,
)
from registry.integration import both, refusal, target
from registry.plugin import Ingester
from registry.routing import intervals
from registry.routing.matcher import of, parse
from registry.routing.refusal import Refusal
from registry.source.foreign import UnreadableError, Value, documents
from registry.span import Span

_HOLDERS = frozenset({"ConfigMap", "Secret"})
_OTHERS = frozenset({"ConfigMap", "Secret", "AlertmanagerConfig"})
_DEPTH = 4

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


def recognizes(document: Value) -> bool:
    """Whether a document holds a configuration of Alertmanager."""
    return next(_configurations(document, _DEPTH), None) is not None


def read(name: str, found: Sequence[Value]) -> Deployed:
    """Read the configurations of each document of a file."""
    parts = [_one(name, one) for document in found for one in _configurations(document, _DEPTH)]
    if parts:
        return merged(parts)
    return Deployed(not_read=(NotRead(Where(name), "it has no `route` and `receivers`"),))


def _configurations(document: Value, depth: int) -> Iterator[Value | _Unreadable]:
    """Yield each configuration: at the top, as text in a resource, or as a chart's values."""
    if document.get("route") is not None and document.get("receivers") is not None:
        if document.string("kind") is None:
            yield document
        return
    if document.string("kind") in _HOLDERS:
        yield from _held(document)
    if document.string("kind") in _OTHERS:
        return
    children = (*(document.fields or {}).values(), *(document.items or ()))
    for child in children if depth else ():
        yield from _configurations(child, depth - 1)


def _held(document: Value) -> Iterator[Value | _Unreadable]:
    encoded = document.string("kind") == "Secret"
    for field in ("data", "stringData"):
        for _, value in document.pairs(field):
            text = value.text or ""
            if encoded and field == "data":
                text = _decoded(text)
            if "receivers:" not in text or "route:" not in text:
                continue
            try:
                inner = list(documents(text.encode()))
            except UnreadableError as error:
                yield _Unreadable(error.reason, value.at)
                continue
            yield from (_placed(one, value.at) for one in inner if one.get("route") is not None)


def _decoded(text: str) -> str:
    try:
        return base64.b64decode("".join(text.split()), validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return ""


def _placed(document: Value, at: Span) -> Value:
    """Let everything inside a text stand where the text stands."""
    return Value(
        at,
        document.text,
        None if document.items is None else tuple(_placed(one, at) for one in document.items),
        None
        if document.fields is None
        else {key: _placed(one, at) for key, one in document.fields.items()},
        dict.fromkeys(document.keys, at),
        document.tag,
    )


def _one(name: str, found: "Value | _Unreadable") -> Deployed:
    if isinstance(found, _Unreadable):
        reason = f"the configuration inside it is no YAML: {found.reason}"
        return Deployed(not_read=(NotRead(Where(name, found.at), reason),))
    try:
        router = _Configuration(name, found).router()
    except _RefusedError as error:
        reason = f"Alertmanager would not load it: {error.reason}"
        return Deployed(not_read=(NotRead(Where(name, error.at), reason),))
    templates = len(found.each("templates"))
    skipped = (Skipped(name, "templates of notifications", templates),) if templates else ()
    return Deployed(routers=(router,), skipped=skipped)


class _Configuration:
    """One configuration, as it is read."""

    def __init__(self, name: str, document: Value) -> None:
        self.name = name
        self.document = document
        self.receivers = dict(self._receivers())
        self.intervals = dict(self._intervals())

    def where(self, value: Value) -> Where:
        return Where(self.name, value.at)

    def router(self) -> Router:
        """Read the whole. Raises _RefusedError for what Alertmanager refuses."""
        root = self.document.get("route")
        if root is None or root.fields is None:
            raise _RefusedError("`route` is no mapping", self.document.at)
        if root.string("receiver") is None:
            raise _RefusedError("the root route has no receiver", root.at)
        for key in ("match", "match_re", "matchers"):
            if _is_filled(root.get(key)):
                raise _RefusedError("the root route must match every alert", root.keys[key])
        if root.flag("continue"):
            raise _RefusedError("the root route cannot go on", root.keys["continue"])
        for key in ("mute_time_intervals", "active_time_intervals"):
            if root.each(key):
                raise _RefusedError("the root route cannot have time intervals", root.keys[key])
        shared = self.document.get("global")
        if shared is not None and (twice := both(shared)) is not None:
            reason = f"at most one of `{twice}` and `{twice}_file` may be set"
            raise _RefusedError(reason, shared.keys[twice])
        return Router(
            self.where(self.document),
            "prometheus",
            self._route(root, ""),
            self.receivers,
            self.intervals,
            tuple(self._inhibition(one) for one in self.document.each("inhibit_rules")),
        )

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
        names = {key: self._interval_names(value, key) for key in ("mute", "active")}
        return Route(
            receiver,
            self.where(value),
            tuple(self._matchers(value, "match", "match_re", "matchers")),
            value.flag("continue") or False,
            names["mute"],
            names["active"],
            tuple(self._route(one, receiver) for one in value.each("routes")),
        )

    def _interval_names(self, value: Value, kind: str) -> tuple[str, ...]:
        found = value.each(f"{kind}_time_intervals")
        for one in found:
            if one.text not in self.intervals:
                raise _RefusedError(f"no time interval is called `{one.text}`", one.at)
        return tuple(one.text or "" for one in found)

    def _matchers(self, value: Value, equal: str, pattern: str, new: str) -> Iterator[Matcher]:
        for key, operator in ((equal, "="), (pattern, "=~")):
            for label, one in value.pairs(key):
                if one.is_null and operator == "=~":
                    raise _RefusedError(f"the pattern of `{label}` is empty", one.at)
                found = of(label, operator, one.text or "", self.where(one))
                yield _unless_refused(found, one)
        given = value.get(new)
        if given is None:
            return
        if given.items is None:
            raise _RefusedError(f"`{new}` is no list", given.at)
        for one in given.items:
            if one.text is None:
                raise _RefusedError("a matcher that is no text", one.at)
            yield from _unless_refused(parse(one.text, self.where(one)), one)

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
                yield name, tuple(map(_interval, one.each("time_intervals")))

    def _inhibition(self, value: Value) -> Inhibition:
        return Inhibition(
            self.where(value),
            tuple(self._matchers(value, "source_match", "source_match_re", "source_matchers")),
            tuple(self._matchers(value, "target_match", "target_match_re", "target_matchers")),
            tuple(one.text or "" for one in value.each("equal")),
        )


def _is_filled(value: Value | None) -> bool:
    return value is not None and bool(value.fields or value.items or value.text)


def _interval(value: Value) -> TimeInterval:
    times = tuple(
        _unless_refused(
            intervals.times(one.string("start_time") or "", one.string("end_time") or ""), one
        )
        for one in value.each("times")
    )
    zone = value.get("location")
    return TimeInterval(
        times,
        _ranges(value, "weekdays", intervals.weekdays),
        _ranges(value, "days_of_month", intervals.days_of_month),
        _ranges(value, "months", intervals.months),
        _ranges(value, "years", intervals.years),
        "UTC" if zone is None else _unless_refused(intervals.location(zone.text or ""), zone),
    )


def _ranges(
    value: Value, field: str, reading: Callable[[str], tuple[int, int] | Refusal]
) -> tuple[tuple[int, int], ...]:
    return tuple(_unless_refused(reading(one.text or ""), one) for one in value.each(field))


def _unless_refused(found: T | Refusal, value: Value) -> T:
    """Return what was read. Raises _RefusedError at the value where nothing was."""
    if isinstance(found, Refusal):
        raise _RefusedError(found.reason, value.at)
    return found


INGESTER = Ingester(
    "alertmanager", "alertmanager", "Alertmanager's configuration", recognizes, read
)
