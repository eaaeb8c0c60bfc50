"""What is known of the labels that series carry, and what becomes of it when labels change.

What is known holds for every series; nothing is known of most labels. A label that a series does
not carry has the empty text as its value, as everywhere in Prometheus.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from registry.deployed.promql.parse import literally, matches
from registry.deployed.promql.tree import SeriesMatcher

_MOST_REASONS = 3
_ELSEWHERE = " lacks it: "


class SeriesBound(NamedTuple):
    """The only labels that the series may carry, and what sees to that."""

    labels: frozenset[str]
    why: tuple[str, ...]


class SeriesLabels(NamedTuple):
    """What every one of the series satisfies; where that contradicts itself, there is none.

    `fixed` gives labels their one value, which is not empty; `dropped` names labels that no series
    carries, with the reason; within all `bounds` are the labels that a series may carry at all.
    `constraints` are further conditions, on other labels or the same.
    """

    fixed: Mapping[str, str] = {}
    dropped: Mapping[str, str] = {}
    bounds: tuple[SeriesBound, ...] = ()
    constraints: tuple[SeriesMatcher, ...] = ()

    @property
    def only(self) -> frozenset[str] | None:
        """The labels that a series may carry; None where any may be."""
        if not self.bounds:
            return None
        return frozenset.intersection(*(one.labels for one in self.bounds)) - set(self.dropped)

    def may_carry(self, label: str) -> bool:
        """Tell whether some series may carry a label."""
        return self.must_be(label) != ""

    def must_be(self, label: str) -> str | None:
        """Return a label's one value, "" where no series carries it; None where it may vary."""
        if label in self.fixed:
            return self.fixed[label]
        return None if self.why_absent(label) is None else ""

    def why_absent(self, label: str) -> str | None:
        """Say what first takes a label from the series; None where one may carry it."""
        if label in self.fixed:
            return None
        if label in self.dropped:
            return self.dropped[label]
        for one in self.bounds:
            if label not in one.labels:
                return _told(one.why)
        return None

    def mentioned(self) -> list[str]:
        """List the labels of which something is known one by one."""
        own = (one.label for one in self.constraints)
        return list(dict.fromkeys([*self.fixed, *self.dropped, *own]))


def holds(one: SeriesMatcher, value: str) -> bool | None:
    """Tell whether a value satisfies a condition; None where that cannot be told."""
    if one.operator in {"=", "!="}:
        return (value == one.value) == (one.operator == "=")
    matched = matches(one.value, value)
    return None if matched is None else matched == (one.operator == "=~")


def free(series: SeriesLabels, label: str) -> SeriesLabels:
    """Forget all about a label: it may now have any value, or be absent."""
    return SeriesLabels(
        {name: value for name, value in series.fixed.items() if name != label},
        {name: why for name, why in series.dropped.items() if name != label},
        tuple(SeriesBound(one.labels | {label}, one.why) for one in series.bounds),
        tuple(one for one in series.constraints if one.label != label),
    )


def put(series: SeriesLabels, label: str, value: str, why: str) -> SeriesLabels:
    """Give a label a value; the empty one takes it away, for a reason."""
    freed = free(series, label)
    if value:
        return freed._replace(fixed={**freed.fixed, label: value})
    return freed._replace(dropped={**freed.dropped, label: why})


def without(series: SeriesLabels, labels: Iterable[str], why: str) -> SeriesLabels:
    """Take labels away; a label that was away before keeps its own reason."""
    for label in labels:
        if series.may_carry(label):
            series = put(series, label, "", why)
    return series


def within(series: SeriesLabels, labels: Collection[str], why: str) -> SeriesLabels:
    """Take away all labels but these."""
    return SeriesLabels(
        {name: value for name, value in series.fixed.items() if name in labels},
        series.dropped,
        (*series.bounds, SeriesBound(frozenset(labels), (why,))),
        tuple(one for one in series.constraints if one.label in labels),
    )


def meeting(
    series: SeriesLabels, other: SeriesLabels, compared: Callable[[str], bool], why: str
) -> SeriesLabels:
    """Add what is known of other series that have the same values of the compared labels.

    Bounds are left out: they speak of labels by the name of none (see `bounded`).
    """
    fixed = {name: value for name, value in other.fixed.items() if compared(name)}
    dropped = {name: elsewhere(why, one) for name, one in other.dropped.items() if compared(name)}
    conditions = (one for one in other.constraints if compared(one.label))
    return series._replace(
        fixed={**fixed, **series.fixed},
        dropped={**dropped, **series.dropped},
        constraints=tuple(dict.fromkeys([*series.constraints, *conditions])),
    )


def bounded(
    series: SeriesLabels, other: SeriesLabels, spared: Collection[str], why: str
) -> SeriesLabels:
    """Take over the bounds of other series, except for some labels."""
    bounds = (
        SeriesBound(one.labels.union(spared), tuple(elsewhere(why, reason) for reason in one.why))
        for one in other.bounds
    )
    return series._replace(bounds=(*series.bounds, *bounds))


def either(one: SeriesLabels, other: SeriesLabels) -> SeriesLabels:
    """Keep what holds for the series of both."""
    fixed: dict[str, str] = {}
    dropped: dict[str, str] = {}
    constraints: list[SeriesMatcher] = []
    for label in dict.fromkeys([*one.mentioned(), *other.mentioned()]):
        value = one.must_be(label)
        if value is None or value != other.must_be(label):
            constraints += _common(one, other, label)
        elif value:
            fixed[label] = value
        else:
            reasons = (one.why_absent(label), other.why_absent(label))
            dropped[label] = _told([why for why in reasons if why is not None])
    return SeriesLabels(fixed, dropped, tuple(_common_bounds(one, other)), tuple(constraints))


def elsewhere(where: str, why: str) -> str:
    """Say where a reason holds, unless it says itself that it is another place's."""
    return why if _ELSEWHERE in why else f"{where}{_ELSEWHERE}{why}"


def _common_bounds(one: SeriesLabels, other: SeriesLabels) -> Iterator[SeriesBound]:
    """Widen the bounds of both until they hold for both."""
    same = {bound.why: bound.labels for bound in other.bounds}
    for bound in one.bounds:
        if bound.why in same:
            yield SeriesBound(bound.labels | same[bound.why], bound.why)
    if one.only is not None and other.only is not None:
        tightest = (min(side.bounds, key=_width) for side in (one, other))
        why = dict.fromkeys(reason for bound in tightest for reason in bound.why)
        yield SeriesBound(one.only | other.only, tuple(why))


def _common(one: SeriesLabels, other: SeriesLabels, label: str) -> list[SeriesMatcher]:
    """List the conditions on a label that the series of both satisfy."""
    kept = [
        condition
        for side, opposite in ((one, other), (other, one))
        for condition in side.constraints
        if condition.label == label and _guarantees(opposite, condition)
    ]
    if all(condition.operator != "=~" for condition in kept):
        first, second = _pattern(one, label), _pattern(other, label)
        if first is not None and second is not None:
            kept.append(SeriesMatcher(label, "=~", f"{first}|{second}"))
    return list(dict.fromkeys(kept))


def _guarantees(series: SeriesLabels, condition: SeriesMatcher) -> bool:
    value = series.must_be(condition.label)
    return condition in series.constraints or (
        value is not None and holds(condition, value) is True
    )


def _pattern(series: SeriesLabels, label: str) -> str | None:
    """Make a pattern that every value of a label matches; None where there is none."""
    value = series.must_be(label)
    if value is not None:
        return literally(value)
    for one in series.constraints:
        if one.label == label and one.operator == "=~":
            # Flags such as (?i) would reach into the next alternative.
            return f"(?:{one.value})" if "(?" in one.value else one.value
    return None


def _width(bound: SeriesBound) -> int:
    return len(bound.labels)


def _told(reasons: Collection[str]) -> str:
    distinct = list(dict.fromkeys(reasons))
    shown = " and ".join(distinct[:_MOST_REASONS])
    return shown if len(distinct) <= _MOST_REASONS else f"{shown} and others"
