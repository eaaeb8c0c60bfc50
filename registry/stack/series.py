"""Series that give a query the values that are wanted, where its shape tells how.

One series for each selector. What a query makes of several series, of other functions, of several
selectors on one name, or by matching labels, is not told.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from math import isfinite
from typing import NamedTuple

from registry.deployed.promql.compared import compared
from registry.deployed.promql.number import number
from registry.deployed.promql.parse import matches, parsed
from registry.deployed.promql.rewrite import Selected, selected
from registry.deployed.promql.tree import (
    Aggregation,
    Call,
    Expression,
    Number,
    Operation,
    SeriesMatcher,
    SeriesSelector,
    Wrapped,
)

_OF_A_LEVEL = frozenset({"avg_over_time", "last_over_time", "max_over_time", "min_over_time"})
_OF_ONE = frozenset({"avg", "max", "min", "sum"})
"""Aggregations that give the value of the one series that there is."""
_CHANGING = "its query reckons with 0, or with a number that changes"


class WantedValues(NamedTuple):
    """The value that an expression is to have at first, and the one that it has from then on."""

    before: float
    now: float

    def each(self, by: float, plus: float = 0.0) -> "WantedValues":
        """Multiply both by a number, and add one."""
        return WantedValues(self.before * by + plus, self.now * by + plus)


class Series(NamedTuple):
    """A series: its name and labels, and its values.

    A counter grows by so much a second, any other has the value.
    """

    name: str
    labels: tuple[tuple[str, str], ...]
    wanted: WantedValues
    is_counter: bool


class SolvedSeries(NamedTuple):
    """The series that give a query its values, and the labels of what it gives."""

    series: tuple[Series, ...]
    labels: Mapping[str, str]


class UnsolvedError(Exception):
    """What keeps series from being told: the message says what of the query it is."""


def giving(query: str, wanted: WantedValues) -> SolvedSeries:
    """Tell the series by which a query has some values. Raises UnsolvedError where none are.

    Of a comparison with a number it is what is compared that has them.
    """
    tree = parsed(query)
    if tree is None:
        raise UnsolvedError("its query is not read")
    if compared(query) is not None and isinstance(tree, Operation):
        tree = tree.left if number(tree.left) is None else tree.right
    solver = _Solver(iter(selected(query)))
    labels = solver.of(tree, wanted)
    if len(set(solver.names)) != len(solver.names):
        raise UnsolvedError("its query asks for one name twice")
    return SolvedSeries(tuple(solver.series), labels)


class _Solver:
    """Walks a query in the order of its text, as its selectors are listed."""

    def __init__(self, asked: Iterator[Selected]) -> None:
        self.asked = asked
        self.series: list[Series] = []
        self.names: list[str] = []

    def of(self, tree: Expression, wanted: WantedValues) -> dict[str, str]:
        """Add the series of an expression; return the labels of what it gives."""
        match tree:
            case Wrapped(sign="()"):
                return self.of(tree.of, wanted)
            case Wrapped(sign="-"):
                return self.of(tree.of, wanted.each(-1))
            case SeriesSelector():
                return self.add(tree, wanted, is_counter=False)
            case Call():
                return self.call(tree, wanted)
            case Aggregation() if tree.operator in _OF_ONE:
                return _grouped(tree, self.of(tree.of, wanted))
            case Operation():
                return self.operation(tree, wanted)
            case _:
                raise UnsolvedError("its query is of a shape that is not read backwards")

    def add(
        self, tree: SeriesSelector, wanted: WantedValues, *, is_counter: bool, per: bool = False
    ) -> dict[str, str]:
        """Add the one series of a selector; `per` says that the values are per its window."""
        asked = next(self.asked)
        if not asked.name or tree.matchers is None or tree.at:
            raise UnsolvedError("its query asks for series without a name, or at a fixed time")
        if asked.offset is None:
            raise UnsolvedError("its query looks ahead")
        if per and asked.window:
            wanted = wanted.each(1000 / asked.window)
        if is_counter and min(wanted) < 0:
            raise UnsolvedError("a counter never falls")
        labels = dict(_labels(tree.matchers))
        self.names.append(asked.name)
        self.series.append(Series(asked.name, tuple(sorted(labels.items())), wanted, is_counter))
        return labels

    def call(self, tree: Call, wanted: WantedValues) -> dict[str, str]:
        first = tree.arguments[0] if tree.arguments else None
        if tree.function == "histogram_quantile" and isinstance(first, Number):
            return self.quantile(first.value, tree.arguments[1], wanted)
        if not isinstance(first, SeriesSelector):
            raise UnsolvedError(f"its query calls `{tree.function}` of more than a selector")
        if tree.function in {"rate", "irate", "increase"}:
            return self.add(first, wanted, is_counter=True, per=tree.function == "increase")
        if tree.function in _OF_A_LEVEL:
            return self.add(first, wanted, is_counter=False)
        raise UnsolvedError(f"its query calls `{tree.function}`")

    def quantile(self, share: float, of: Expression, wanted: WantedValues) -> dict[str, str]:
        """Put all observations evenly into one bucket, whose bound gives the quantile."""
        if not 0 < share < 1 or wanted.before != wanted.now or wanted.now <= 0:
            raise UnsolvedError("a quantile that moves, or is not above 0")
        first = len(self.series)
        labels = self.of(of, WantedValues(1.0, 1.0))
        if len(self.series) != first + 1:
            raise UnsolvedError("a quantile of several series")
        whole = self.series.pop()
        bound = spelt(wanted.now / share)
        for le in (bound, "+Inf"):
            own = {**dict(whole.labels), "le": le}
            self.series.append(whole._replace(labels=tuple(sorted(own.items()))))
        return {key: one for key, one in labels.items() if key != "le"}

    def operation(self, tree: Operation, wanted: WantedValues) -> dict[str, str]:
        if tree.matching or tree.included or tree.filled or tree.operator not in {*"+-*/"}:
            raise UnsolvedError("its query compares or matches series")
        left, right = number(tree.left), number(tree.right)
        if left is not None and right is None:
            return self.of(tree.right, _undone_left(tree.operator, left, wanted))
        if right is not None and left is None:
            return self.of(tree.left, _undone_right(tree.operator, right, wanted))
        if left is not None or tree.operator == "*":
            raise UnsolvedError("its query multiplies series")
        second = WantedValues(1.0, 1.0) if tree.operator in "-/" else wanted.each(0.5)
        first = {"/": wanted, "-": wanted.each(1, 1.0), "+": second}[tree.operator]
        labels = self.of(tree.left, first)
        if self.of(tree.right, second) != labels:
            raise UnsolvedError("its query sets off series of different labels")
        return labels


def _undone_left(operator: str, left: float, wanted: WantedValues) -> WantedValues:
    """Tell what stands right of a number, for the values of both together."""
    if not isfinite(left):
        raise UnsolvedError(_CHANGING)
    if operator == "/":
        if not (wanted.before and wanted.now):
            raise UnsolvedError("nothing by which a number is divided gives 0")
        return WantedValues(left / wanted.before, left / wanted.now)
    return wanted.each(-1, left) if operator == "-" else _undone_right(operator, left, wanted)


def _undone_right(operator: str, right: float, wanted: WantedValues) -> WantedValues:
    """Tell what stands left of a number, for the values of both together."""
    if not isfinite(right) or (operator in "*/" and not right):
        raise UnsolvedError(_CHANGING)
    return {
        "+": wanted.each(1, -right), "-": wanted.each(1, right),
        "*": wanted.each(1 / (right or 1)), "/": wanted.each(right),
    }[operator]  # fmt: skip


def _grouped(tree: Aggregation, labels: dict[str, str]) -> dict[str, str]:
    if tree.grouping == "without":
        return {key: one for key, one in labels.items() if key not in tree.labels}
    return {key: one for key, one in labels.items() if tree.grouping and key in tree.labels}


def _labels(matchers: tuple[SeriesMatcher, ...]) -> Iterator[tuple[str, str]]:
    """Yield labels that meet the conditions of a selector."""
    found: dict[str, str] = {}
    for one in matchers:
        if one.operator == "=" and one.value:
            found[one.label] = one.value
        elif one.operator == "=~" and matches(one.value, "") is False:
            begin = one.value.partition("|")[0]
            if matches(one.value, begin) is not True:
                raise UnsolvedError(f"no value is known for the pattern of `{one.label}`")
            found.setdefault(one.label, begin)
    for one in matchers:
        if not _meets(one, found.get(one.label, "")):
            raise UnsolvedError(f"no value is known for `{one.label}`")
    yield from found.items()


def _meets(one: SeriesMatcher, value: str) -> bool:
    if one.operator in {"=", "!="}:
        return (one.value == value) is (one.operator == "=")
    return matches(one.value, value) is (one.operator == "=~")


def spelt(value: float) -> str:
    """Write a number so that it is read as the same one, without an exponent.

    Raises UnsolvedError for what is beyond all numbers.
    """
    if not isfinite(value):
        raise UnsolvedError("it needs a value that is beyond all numbers")
    text = f"{Decimal(repr(value)):f}"
    return text.removesuffix(".0")
