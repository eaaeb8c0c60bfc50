"""AlertmanagerConfig resources of the Prometheus operator: routing that is merged into a whole one.

The operator lets such a part receive only alerts of its own namespace, beside every other route,
and puts namespace and name before each receiver's name (its `OnNamespace` strategy, the default).
"""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from registry.deployed import (
    Deployed,
    Inhibition,
    Integration,
    Matcher,
    NotRead,
    Receiver,
    Route,
    Router,
    TimeInterval,
    Where,
    merged,
)
from registry.plugin import Ingester
from registry.routing import intervals
from registry.routing.matcher import of
from registry.routing.refusal import Refusal
from registry.source.foreign import Value

T = TypeVar("T")

_KIND = "AlertmanagerConfig"
_TARGETS = {
    "slackConfigs": "channel",
    "emailConfigs": "to",
    "snsConfigs": "topicARN",
    "webexConfigs": "roomID",
}


def recognizes(document: Value) -> bool:
    """Whether a document is such a resource, or a list of them."""
    return document.string("kind") == _KIND or any(
        one.string("kind") == _KIND for one in document.each("items")
    )


def read(name: str, found: Sequence[Value]) -> Deployed:
    """Read each resource; one that the operator would reject routes nothing, and is not read."""
    resources = [
        one
        for document in found
        for one in (document, *document.each("items"))
        if one.string("kind") == _KIND
    ]
    return merged([Deployed(), *(_Resource(name, one).read() for one in resources)])


class _Resource:
    def __init__(self, name: str, document: Value) -> None:
        self.name = name
        self.document = document
        self.namespace = document.string("metadata", "namespace")
        self.not_read: list[NotRead] = []
        own = document.string("metadata", "name") or ""
        self.prefix = "/".join((self.namespace or "?", own, ""))

    def read(self) -> Deployed:
        root = self.document.get("spec", "route")
        if root is None:
            where = Where(self.name, self.document.at)
            return Deployed(not_read=(NotRead(where, "an AlertmanagerConfig without a route"),))
        receivers = dict(self._receivers())
        unknown = [
            one for one in _routes(root) if (one.string("receiver") or "") not in {"", *receivers}
        ]
        for one in unknown:
            self._say(one, f"the operator rejects it: no receiver `{one.string('receiver')}`")
        if unknown or not root.string("receiver"):
            if not unknown:
                self._say(root, "the operator rejects it: its route has no receiver")
            return Deployed(not_read=tuple(self.not_read))
        zones = dict(self._intervals())
        inhibitions = tuple(self._inhibition(one) for one in self._each("inhibitRules"))
        router = Router(
            Where(self.name, self.document.at), "prometheus", self._route(root, "", top=True),
            {self.prefix + key: one for key, one in receivers.items()}, zones, inhibitions,
            part=True,
        )  # fmt: skip
        return Deployed(routers=(router,), not_read=tuple(self.not_read))

    def _say(self, value: Value, reason: str) -> None:
        self.not_read.append(NotRead(Where(self.name, value.at), reason))

    def _each(self, field: str) -> tuple[Value, ...]:
        return self.document.each("spec", field)

    def _receivers(self) -> Iterator[tuple[str, Receiver]]:
        for one in self._each("receivers"):
            name = one.string("name") or ""
            ways = tuple(
                Integration(
                    key.removesuffix("Configs").lower(),
                    Where(self.name, way.at),
                    way.string(_TARGETS[key]) if key in _TARGETS else None,
                )
                for key, value in one.pairs()
                for way in (value.items or () if key.endswith("Configs") else ())
            )
            yield name, Receiver(self.prefix + name, Where(self.name, one.at), ways)

    def _route(self, value: Value, receiver: str, *, top: bool = False) -> Route:
        receiver = value.string("receiver") or receiver
        matchers = tuple(self._matchers(value, "matchers"))
        names = {
            kind: tuple(one.text or "" for one in value.each(f"{kind}TimeIntervals"))
            for kind in ("mute", "active")
        }
        return Route(
            self.prefix + receiver,
            Where(self.name, value.at),
            (*self._own(value), *matchers) if top else matchers,
            top or bool(value.flag("continue")),
            names["mute"],
            names["active"],
            tuple(self._route(one, receiver) for one in value.each("routes")),
        )

    def _own(self, value: Value) -> tuple[Matcher, ...]:
        """Return the operator's own condition; a namespace that is not written may be any."""
        where = Where(self.name, value.at)
        if self.namespace is None:
            return (Matcher("namespace", "=~", ".+", where),)
        return (Matcher("namespace", "=", self.namespace, where),)

    def _matchers(self, value: Value, field: str) -> Iterator[Matcher]:
        for one in value.each(field):
            kind = one.get("matchType")
            operator = (kind.text if kind is not None else None) or ""
            if kind is not None and kind.tag is not None and not operator:
                reason = (
                    f"`matchType: {kind.tag}` without quotes is an empty text: it counts as `=`"
                )
                self._say(one, reason)
            operator = operator or ("=~" if one.flag("regex") else "=")
            where = Where(self.name, one.at)
            found = of(one.string("name") or "", operator, one.string("value") or "", where)
            if isinstance(found, Refusal):
                self._say(one, f"the operator rejects it: {found.reason}")
            else:
                yield found

    def _inhibition(self, value: Value) -> Inhibition:
        return Inhibition(
            Where(self.name, value.at),
            (*self._own(value), *self._matchers(value, "sourceMatch")),
            (*self._own(value), *self._matchers(value, "targetMatch")),
            tuple(one.text or "" for one in value.each("equal")),
        )

    def _intervals(self) -> Iterator[tuple[str, tuple[TimeInterval, ...]]]:
        for field in ("muteTimeIntervals", "timeIntervals"):
            for one in self._each(field):
                yield one.string("name") or "", tuple(map(self._clause, one.each("timeIntervals")))

    def _clause(self, value: Value) -> TimeInterval:
        times = [
            intervals.times(one.string("startTime") or "", one.string("endTime") or "")
            for one in value.each("times")
        ]
        days = [
            f"{one.string('start') or ''}:{one.string('end') or one.string('start') or ''}"
            for one in value.each("daysOfMonth")
        ]
        zone = intervals.location(value.string("location") or "")
        return TimeInterval(
            tuple(each for one in times for each in self._accepted(one, value)),
            self._ranges(value, _listed(value, "weekdays"), intervals.weekdays),
            self._ranges(value, days, intervals.days_of_month),
            self._ranges(value, _listed(value, "months"), intervals.months),
            self._ranges(value, _listed(value, "years"), intervals.years),
            next(iter(self._accepted(zone, value)), "UTC"),
        )  # fmt: skip

    def _ranges(
        self,
        value: Value,
        texts: list[str],
        reading: Callable[[str], tuple[int, int] | Refusal],
    ) -> tuple[tuple[int, int], ...]:
        found = [reading(text) for text in texts]
        return tuple(each for one in found for each in self._accepted(one, value))

    def _accepted(self, found: T | Refusal, value: Value) -> list[T]:
        """Return what was read, or nothing and say why."""
        if not isinstance(found, Refusal):
            return [found]
        self._say(value, f"the operator rejects it: {found.reason}")
        return []


def _listed(value: Value, field: str) -> list[str]:
    return [one.text or "" for one in value.each(field)]


def _routes(root: Value) -> Iterator[Value]:
    yield root
    for one in root.each("routes"):
        yield from _routes(one)


INGESTER = Ingester(
    "alertmanagerconfig", "alertmanager", "AlertmanagerConfig resources", recognizes, read
)
