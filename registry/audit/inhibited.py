"""Which alerts another alert's inhibition can silence, and which are silenced all the time.

As Alertmanager does it: labels that are absent on both sides are equal, and an alert that matches
both sides is not silenced by another that does. Inhibition does not ask where alerts are routed.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from registry.deployed.model import Inhibition, Matcher, Router, Where
from registry.deployed.promql.constant import always_fires
from registry.deployed.routing.labels import Condition, Known, Labels, condition, domain

MAX_NAMED = 100
"""Names that are told of the alerts that may silence one; of more only their number is."""

ALERTNAME = "alertname"


class FiringAlert(NamedTuple):
    """An alert as inhibition sees it: what is known of its labels, and its query, if it is told."""

    name: str
    system: str
    labels: Labels
    query: str | None


class Silence(NamedTuple):
    """What may silence an alert: the first names, how many more, and what always does.

    `always` names alerts that fire all the time, where every router that may get the alert is
    silenced by one of them. `places` are those of the inhibitions.
    """

    names: tuple[str, ...] = ()
    more: int = 0
    always: tuple[str, ...] = ()
    places: tuple[Where, ...] = ()


NONE = Silence()

_Key = tuple[bool | None, bool | None, tuple[object, ...]]


class _Alike(NamedTuple):
    """Alerts of which one inhibition knows the same; `names` counts them by name."""

    key: _Key
    labels: Labels
    names: dict[str, int]
    constant: dict[str, int]


def silences(routers: Sequence[Router], alerts: Sequence[FiringAlert]) -> tuple[Silence, ...]:
    """Say of each alert what may silence it, in the order given."""
    asked = [(router, each) for router in routers for each in _sides(router)]
    constant = _Constant()
    wholes = [router for router in routers if not router.part]
    names: list[dict[str, Where]] = [{} for _ in alerts]
    always: list[dict[int, dict[str, None]]] = [{} for _ in alerts]
    for router, sides in asked:
        for number, some, sure in _through(router, sides, alerts, constant):
            mine = names[number]
            for name in some:
                mine.setdefault(name, sides.where)
            if sure:
                always[number].setdefault(id(router), {}).update(dict.fromkeys(sure))
    return tuple(
        _silence(one, some, sure, wholes)
        for one, some, sure in zip(alerts, names, always, strict=True)
    )


def silenced_by(routers: Iterable[Router], alert: FiringAlert, other: FiringAlert) -> bool | None:
    """Whether an alert is silenced while another fires: certainly (True), perhaps (None), or not.

    Of several routers that may get the alert, each has to silence it.
    """
    mine = [one for one in routers if one.system == alert.system]
    said = [[sides.silences(alert.labels, other.labels) for sides in _sides(one)] for one in mine]
    wholes = [any(each) for one, each in zip(mine, said, strict=True) if not one.part]
    parts = any(any(each) for one, each in zip(mine, said, strict=True) if one.part)
    if alert.system == other.system and (parts or (wholes and all(wholes))):
        return True
    may = any(one is not False for each in said for one in each)
    return None if may and alert.system == other.system else False


class _Constant:
    """Which queries always have a result; each is asked once, if it is asked."""

    def __init__(self) -> None:
        self._known: dict[str, bool] = {}

    def fires(self, query: str | None) -> bool:
        """Whether an alert with such a query fires all the time."""
        if query is None:
            return False
        if query not in self._known:
            self._known[query] = always_fires(query)
        return self._known[query]


class _Sides:
    """One inhibition made ready to be asked."""

    def __init__(self, inhibition: Inhibition) -> None:
        self.where = inhibition.where
        self.source = _conditions(inhibition.source)
        self.target = _conditions(inhibition.target)
        self.equal = tuple(dict.fromkeys(inhibition.equal))
        asked = (one.label for one in (*inhibition.source, *inhibition.target))
        self._labels = tuple(dict.fromkeys(asked))
        self._known: dict[tuple[object, ...], tuple[bool | None, bool | None]] = {}

    def key(self, labels: Labels) -> _Key:
        """Return what an inhibition sees of an alert: both sides' answers, and what must be equal.

        Alike alerts have one key.
        """
        seen = tuple([_plain(labels.of(label)) for label in self._labels])
        found = self._known.get(seen)
        if found is None:
            found = self._known[seen] = _hold(self.source, labels), _hold(self.target, labels)
        return (*found, tuple([_plain(labels.of(label)) for label in self.equal]))

    def silences(self, labels: Labels, by: Labels) -> bool | None:
        """Whether an alert of some labels is silenced by another one."""
        return self.between(self.key(labels), labels, self.key(by), by)

    def between(self, mine: _Key, labels: Labels, other: _Key, by: Labels) -> bool | None:
        """Answer for two alerts whose keys are known."""
        if mine[1] is False or other[0] is False:
            return False
        if mine[0] and other[1]:
            return False  # both match both sides
        same = [_equal(labels.of(label), by.of(label)) for label in self.equal]
        if False in same:
            return False
        one_sided = mine[0] is False or other[1] is False
        return True if one_sided and mine[1] and other[0] and all(same) else None


def _sides(router: Router) -> Iterator[_Sides]:
    return map(_Sides, router.inhibitions)


def _through(
    router: Router, sides: _Sides, alerts: Sequence[FiringAlert], constant: "_Constant"
) -> Iterator[tuple[int, tuple[str, ...], tuple[str, ...]]]:
    """Yield the number of each alert that one inhibition may silence, what may, and what always."""
    mine = [number for number, one in enumerate(alerts) if one.system == router.system]
    keys = {number: sides.key(alerts[number].labels) for number in mine}
    sources = _alike([number for number in mine if keys[number][0] is not False],
                     alerts, keys, constant)  # fmt: skip
    by_name = _by_name(sources) if ALERTNAME in sides.equal else None
    found: dict[_Key, tuple[dict[str, int], tuple[str, ...]]] = {}
    for number in mine:
        key, one = keys[number], alerts[number]
        if key[1] is False:
            continue
        if key not in found:
            among = sources if by_name is None else by_name.get(one.name, ())
            found[key] = _silencing(sides, key, one.labels, among)
        some, sure = found[key]
        # An alert is no other: alone under its name, it silences nothing of its own.
        own = int(sides.between(key, one.labels, key, one.labels) is not False)
        others = tuple(name for name in some if name != one.name or some[name] > own)
        if others:
            yield number, others, tuple(name for name in sure if name != one.name)


def _alike(
    numbers: Iterable[int], alerts: Sequence[FiringAlert], keys: dict[int, _Key],
    constant: "_Constant",
) -> list[_Alike]:  # fmt: skip
    found: dict[_Key, _Alike] = {}
    for number in numbers:
        one, key = alerts[number], keys[number]
        group = found.setdefault(key, _Alike(key, one.labels, {}, {}))
        group.names[one.name] = group.names.get(one.name, 0) + 1
        if constant.fires(one.query):
            group.constant[one.name] = 1
    return list(found.values())


def _by_name(sources: Iterable[_Alike]) -> dict[str, list[_Alike]]:
    found: dict[str, list[_Alike]] = {}
    for one in sources:
        for name in one.names:
            found.setdefault(name, []).append(one)
    return found


def _silencing(
    sides: _Sides, key: _Key, labels: Labels, sources: Iterable[_Alike]
) -> tuple[dict[str, int], tuple[str, ...]]:
    """Name the alerts that may silence one, counted, and those that do at all times."""
    some: dict[str, int] = {}
    sure: dict[str, None] = {}
    for group in sources:
        said = sides.between(key, labels, group.key, group.labels)
        if said is not False:
            for name, number in group.names.items():
                some[name] = some.get(name, 0) + number
        if said:
            sure.update(dict.fromkeys(group.constant))
    return some, tuple(sure)


def _silence(
    one: FiringAlert, some: dict[str, Where], sure: dict[int, dict[str, None]], wholes: list[Router]
) -> Silence:
    if not some:
        return NONE
    named = tuple(some)
    mine = [id(router) for router in wholes if router.system == one.system]
    parts = [names for router, names in sure.items() if router not in mine]
    everywhere = bool(parts) or (bool(mine) and all(router in sure for router in mine))
    always = dict.fromkeys(name for names in sure.values() for name in names) if everywhere else {}
    places = tuple(dict.fromkeys(some[name] for name in always or some))
    return Silence(named[:MAX_NAMED], max(0, len(named) - MAX_NAMED), tuple(always), places)


def _conditions(matchers: Iterable[Matcher]) -> tuple[Condition, ...]:
    return tuple(map(condition, matchers))


def _plain(known: Known) -> object:
    """Write what is known of a label without the places where it is written."""
    value, holds = known
    return (value, *[(one.operator, one.value) for one in holds]) if holds else (value,)


def _hold(conditions: Iterable[Condition], labels: Labels) -> bool | None:
    """Whether conditions hold for every alert of such labels, for none, or for some."""
    left = {one.label: domain(labels.of(one.label)) for one in conditions}
    answer: bool | None = True
    for one in conditions:
        said = left[one.label].decides(one)
        if said is False:
            return False
        if said is None:
            answer = None
            left[one.label] = left[one.label].given(one, holds=True)
    return answer


def _equal(one: Known, other: Known) -> bool | None:
    """Whether two alerts have the same value of a label; both may lack it."""
    if one.value is not None and other.value is not None:
        return one.value == other.value
    for exact, free in ((one, other), (other, one)):
        if exact.value is not None and not domain(free).allows(exact.value):
            return False
    return None
