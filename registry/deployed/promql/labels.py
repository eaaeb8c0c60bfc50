"""Which labels the series that a query gives may carry, whatever is stored.

The answer is sound and never exact: what it says holds for every series that Prometheus can return,
and where versions 2.40 to 3 differ, in each of them. Of a function that it does not know, nothing
is said. Metric names are left out: an alert does not carry its query's.
"""

from collections.abc import Iterable

from registry.deployed.promql.parse import METRIC_NAME, literally, matches, parsed
from registry.deployed.promql.series import (
    SeriesLabels,
    bounded,
    either,
    elsewhere,
    free,
    meeting,
    put,
    within,
    without,
)
from registry.deployed.promql.tree import (
    Aggregation,
    Call,
    Expression,
    Number,
    Operation,
    Quoted,
    SeriesMatcher,
    SeriesSelector,
    Wrapped,
)

_NOTHING_KNOWN = SeriesLabels()
_SELECTING = frozenset({"topk", "bottomk", "limitk", "limit_ratio"})
"""Aggregations that give some of their series as they are, whatever they are grouped by."""
_GROUPING = frozenset(
    ("sum", "avg", "count", "min", "max", "group", "stddev", "stdvar", "quantile", "count_values")
)
_NUMBERS = frozenset({"scalar", "time", "pi"})
_OF_NOW = frozenset(
    ("day_of_month", "day_of_week", "day_of_year", "days_in_month", "hour", "minute", "month",
     "year")
)  # fmt: skip
"""Functions of the present time where no series are given."""
_OF_ONE = frozenset(
    (
        "abs", "acos", "acosh", "asin", "asinh", "atan", "atanh", "avg_over_time", "ceil",
        "changes", "clamp", "clamp_max", "clamp_min", "cos", "cosh", "count_over_time", "deg",
        "delta", "deriv", "double_exponential_smoothing", "exp", "first_over_time", "floor",
        "histogram_avg", "histogram_count", "histogram_stddev", "histogram_stdvar",
        "histogram_sum", "holt_winters", "idelta", "increase", "irate", "last_over_time", "ln",
        "log10", "log2", "mad_over_time", "max_over_time", "min_over_time", "predict_linear",
        "present_over_time", "rad", "rate", "resets", "round", "sgn", "sin", "sinh", "sort",
        "sort_by_label", "sort_by_label_desc", "sort_desc", "sqrt", "stddev_over_time",
        "stdvar_over_time", "sum_over_time", "tan", "tanh", "timestamp",
        "ts_of_first_over_time", "ts_of_last_over_time", "ts_of_max_over_time",
        "ts_of_min_over_time",
    )
)  # fmt: skip
_KEEPING = {
    **dict.fromkeys(_OF_ONE | _OF_NOW, 0),
    "quantile_over_time": 1,
    "histogram_quantile": 1,
    "histogram_fraction": 2,
}
"""Functions whose series carry the labels of an argument's, but for the metric's name: which."""


def series_labels(query: str) -> SeriesLabels | None:
    """Tell which labels the series of a query may carry, and which must.

    None: it cannot be told, because the query does not parse, is beyond the bounds of
    `registry.deployed.promql.parse`, or gives neither series nor a number.
    """
    tree = parsed(query)
    if tree is None or _text(tree) is not None:
        return None
    return without(_labels(tree), [METRIC_NAME], "an alert does not carry its query's metric name")


def _labels(tree: Expression) -> SeriesLabels:
    match tree:
        case SeriesSelector():
            return _NOTHING_KNOWN if tree.matchers is None else _stored(tree.matchers)
        case Number() | Quoted():
            return _no_labels("a number has no labels")
        case Wrapped():
            return _labels(tree.of)
        case Call():
            return _called(tree)
        case Aggregation():
            return _aggregated(tree)
        case Operation():
            return _operated(tree)


def _no_labels(why: str) -> SeriesLabels:
    return within(_NOTHING_KNOWN, (), why)


def _stored(matchers: Iterable[SeriesMatcher]) -> SeriesLabels:
    """Tell what the series that satisfy all of a selector's conditions have in common."""
    fixed: dict[str, str] = {}
    dropped: dict[str, str] = {}
    constraints: list[SeriesMatcher] = []
    for one in matchers:
        # A pattern without a special character is that text.
        exact = one.operator == "=" or (one.operator == "=~" and literally(one.value) == one.value)
        if not exact:
            constraints.append(one)
        elif one.value:
            fixed.setdefault(one.label, one.value)
        else:
            dropped[one.label] = f'the selector has `{one.label}{one.operator}""`'
    return SeriesLabels(fixed, dropped, (), tuple(dict.fromkeys(constraints)))


def _called(call: Call) -> SeriesLabels:
    name, arguments = call.function, call.arguments
    if name in _NUMBERS:
        return _no_labels("a number has no labels")
    if name == "vector" or (name in _OF_NOW and not arguments):
        return _no_labels(f"`{name}()` has no labels")
    if name in {"absent", "absent_over_time"}:
        return _missing(name, arguments[0])
    if name == "label_replace":
        return _replaced(arguments)
    if name == "label_join":
        return _joined(arguments)
    if name not in _KEEPING:
        return _NOTHING_KNOWN
    inside = _labels(arguments[_KEEPING[name]])
    if name in {"histogram_quantile", "histogram_fraction"} and inside.may_carry("le"):
        # A classic histogram loses it here; a native one keeps what it has of that name.
        return free(inside, "le")
    return inside


def _missing(name: str, of: Expression) -> SeriesLabels:
    """Tell the labels of absent(): those of a bare selector that it asks to be equal to a text.

    Versions differ on a label that is asked for twice, and may on brackets and `@`.
    """
    sure = True
    while isinstance(of, Wrapped) and of.sign == "()":
        of, sure = of.of, False
    if not isinstance(of, SeriesSelector):
        return _no_labels(f"`{name}` of more than a selector has no labels")
    if of.matchers is None:
        return _NOTHING_KNOWN
    equal = {one.label: one.value for one in of.matchers if one.operator == "=" and one.value}
    asked = [one.label for one in of.matchers]
    once = {label: value for label, value in equal.items() if asked.count(label) == 1}
    found = within(_NOTHING_KNOWN, equal, f"`{name}` has only the labels that its selector sets")
    return found._replace(fixed=once) if sure and not of.at else found


def _text(tree: Expression) -> str | None:
    while isinstance(tree, Wrapped) and tree.sign == "()":
        tree = tree.of
    return tree.value if isinstance(tree, Quoted) else None


def _known(series: SeriesLabels, label: str | None) -> str | None:
    """Return a label's one value; the empty name is no label's, and has the empty value."""
    if not label:
        return label
    return None if label == METRIC_NAME else series.must_be(label)


def _replaced(arguments: tuple[Expression, ...]) -> SeriesLabels:
    inside = _labels(arguments[0])
    label, value, source, pattern = (_text(one) for one in arguments[1:])
    if label is None or value is None or pattern is None:
        return _NOTHING_KNOWN
    known = _known(inside, source)
    matched = None if known is None else matches(pattern, known)
    if matched is False:
        return inside
    if "$" in value or label == METRIC_NAME:
        return free(inside, label)
    after = put(inside, label, value, "`label_replace` empties it")
    return after if matched else either(inside, after)


def _joined(arguments: tuple[Expression, ...]) -> SeriesLabels:
    inside = _labels(arguments[0])
    label, separator, *sources = (_text(one) for one in arguments[1:])
    if label is None or separator is None:
        return _NOTHING_KNOWN
    values = [_known(inside, source) for source in sources]
    known = [value for value in values if value is not None]
    if len(known) < len(values) or label == METRIC_NAME:
        return free(inside, label)
    return put(inside, label, separator.join(known), "`label_join` empties it")


def _aggregated(tree: Aggregation) -> SeriesLabels:
    inside = _labels(tree.of)
    if tree.operator in _SELECTING:
        return inside
    if tree.operator not in _GROUPING:
        return _NOTHING_KNOWN
    labels = tree.labels
    if tree.operator == "count_values":
        added = None if tree.parameter is None else _text(tree.parameter)
        if added is None:
            return _NOTHING_KNOWN
        inside = free(inside, added)
        labels = labels if tree.grouping == "without" else (*labels, added)
    if tree.grouping == "without":
        named = _listed(labels)
        return without(inside, labels, f"`{tree.operator} without ({named})` drops {named}")
    return within(inside, labels, f"{_written(tree)} keeps {_kept(labels)}")


def _written(tree: Aggregation) -> str:
    return f"`{tree.operator} by ({_listed(tree.labels)})`" if tree.labels else f"`{tree.operator}`"


def _kept(labels: tuple[str, ...]) -> str:
    return f"only {_listed(labels)}" if labels else "no label"


def _listed(labels: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(labels))


def _operated(tree: Operation) -> SeriesLabels:
    left, right = _labels(tree.left), _labels(tree.right)
    if _is_number(tree.right):
        return left
    if _is_number(tree.left):
        return right
    if tree.filled:
        return _NOTHING_KNOWN
    if tree.operator == "unless":
        return left
    if tree.operator == "or":
        return either(left, right)
    if tree.cardinality == "one-to-many":
        left, right = right, left
    matched = _matched(tree, left, right)
    if tree.cardinality == "one-to-one":
        matched = _one_to_one(tree, matched)
    for label in tree.included:
        matched = _included(matched, right, label)
    return matched


def _is_number(tree: Expression) -> bool:
    match tree:
        case Wrapped():
            return tree.sign != "[:]" and _is_number(tree.of)
        case Operation():
            return _is_number(tree.left) and _is_number(tree.right)
        case Call():
            return tree.function in _NUMBERS
        case _:
            return isinstance(tree, Number)


def _matched(tree: Operation, series: SeriesLabels, other: SeriesLabels) -> SeriesLabels:
    """Add what is known of the other side's series, which equal these in the matched labels."""
    why = f"the other side of `{tree.operator}`"
    if tree.matching == "on":
        told = meeting(series, other, lambda label: label in tree.labels, why)
        for label in tree.labels:
            reason = other.why_absent(label)
            if reason is not None and told.must_be(label) is None:
                told = told._replace(dropped={**told.dropped, label: elsewhere(why, reason)})
        return told
    spared = {*tree.labels, METRIC_NAME}
    told = meeting(series, other, lambda label: label not in spared, why)
    return bounded(told, other, spared, why)


def _one_to_one(tree: Operation, series: SeriesLabels) -> SeriesLabels:
    written = f"`{tree.operator} {tree.matching} ({_listed(tree.labels)})`"
    if tree.matching == "on":
        return within(series, tree.labels, f"{written} keeps {_kept(tree.labels)}")
    return without(series, tree.labels, f"{written} drops {_listed(tree.labels)}")


def _included(series: SeriesLabels, one: SeriesLabels, label: str) -> SeriesLabels:
    """Take a label from the side with one series for each group."""
    value = _known(one, label)
    if value is not None:
        return put(series, label, value, one.why_absent(label) or "")
    told = free(series, label)
    own = (condition for condition in one.constraints if condition.label == label)
    return told._replace(constraints=(*told.constraints, *own))
