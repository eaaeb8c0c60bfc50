"""What is said of a query's labels holds for every series that Prometheus can return.

An evaluator of label sets, written for this alone and by other means than the analysis, gives every
series that some stored values could let through: a comparison keeps all, `absent` always answers,
`unless` takes none away. All of this only grows with what is stored, so one store of all label
sets over a small alphabet stands for each. Both readings of a dot are tried, Prometheus 2's and 3's.
"""

import itertools
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.deployed.promql.labels import series_labels
from registry.deployed.promql.series import SeriesLabels
from registry.deployed.promql.tree import SeriesMatcher
from tests.conftest import thirds

pytestmark = pytest.mark.no_cover

Labels = frozenset[tuple[str, str]]
"""A series: its labels and its metric's name, without empty values."""


class Made(NamedTuple):
    """A query, and what gives its possible series, where a dot matches as the flag says."""

    text: str
    gives: Callable[[re.RegexFlag], set[Labels]]
    number: bool = False


_NAMES = ("a", "b", "le")
_STORED = {
    frozenset((label, value) for label, value in zip(("__name__", *_NAMES), values, strict=True) if value)
    for values in itertools.product(("m", "n"), ("", "p", "q"), ("", "p", "p\n"), ("", "p"))
}  # fmt: skip


def _satisfies(one: SeriesMatcher, labels: Labels, dots: re.RegexFlag) -> bool:
    value = dict(labels).get(one.label, "")
    if one.operator in {"=", "!="}:
        return (value == one.value) == (one.operator == "=")
    return (re.fullmatch(one.value, value, dots) is not None) == (one.operator == "=~")


def _dropping(labels: Labels, *names: str) -> Labels:
    return frozenset(one for one in labels if one[0] not in names)


def _keeping(labels: Labels, *names: str) -> Labels:
    return frozenset(one for one in labels if one[0] in names)


def _with(labels: Labels, name: str, value: str) -> Labels:
    return _dropping(labels, name) | ({(name, value)} if value else set())


_label = st.sampled_from(_NAMES)
_some_labels = st.lists(_label, max_size=2, unique=True)
_conditions = [
    *(("=", value) for value in ("p", "p", "q", "")),
    *(("!=", value) for value in ("p", "")),
    *(("=~", value) for value in ("p", "p|q", "p.*", ".*", ".+", "(?s:.+)")),
    *(("!~", value) for value in ("p|q", "p.*", ".+")),
]
_matcher = st.builds(
    lambda label, condition: SeriesMatcher(label, *condition), _label, st.sampled_from(_conditions)
)
_matchers = st.lists(_matcher, max_size=2, unique_by=lambda one: one.label)


def _select(name: str, matchers: list[SeriesMatcher]) -> Made:
    conditions = [SeriesMatcher("__name__", "=", name), *matchers]
    written = ", ".join(f'{label}{operator}"{value}"' for label, operator, value in matchers)
    return Made(
        f"{name}{{{written}}}",
        lambda dots: {
            one for one in _STORED if all(_satisfies(each, one, dots) for each in conditions)
        },
    )


def _absent(name: str, matchers: list[SeriesMatcher], form: str) -> Made:
    """The labels in either way in which versions read several conditions on one label."""

    def gives(_: re.RegexFlag) -> set[Labels]:
        now: dict[str, str] = {}
        before: dict[str, str] = {}
        asked: set[str] = set()
        away: set[str] = set()
        for label, operator, value in matchers:
            first = operator == "=" and label not in asked
            now[label] = value if first else ""
            asked |= {label} if first else set()
            if operator == "=" and label not in before:
                before |= {label: value} if value else {}
            else:
                away.add(label)
        older = {label: value for label, value in before.items() if label not in away}
        unread: dict[str, str] = {}
        read = (now, older, unread) if "((" in form else (now, older)
        return {frozenset((k, v) for k, v in each.items() if v) for each in read}

    return Made(form.format(_select(name, matchers).text), gives)


def _each(form: str, made: Made, change: Callable[[Labels], Labels]) -> Made:
    return Made(form.format(made.text), lambda dots: {change(one) for one in made.gives(dots)})


def _nameless(made: Made, form: str) -> Made:
    return _each(form, made, lambda labels: _dropping(labels, "__name__"))


def _quantile(made: Made) -> Made:
    """A series with `le` may be a classic bucket, which loses it, or a native histogram."""
    return Made(
        f"histogram_quantile(0.9, {made.text})",
        lambda dots: {
            one
            for labels in made.gives(dots)
            for one in (_dropping(labels, "__name__", "le"), _dropping(labels, "__name__"))
        },
    )


def _replace(made: Made, target: str, value: str, source: str, pattern: str) -> Made:
    def gives(dots: re.RegexFlag) -> set[Labels]:
        found = set()
        for one in made.gives(dots):
            match = re.fullmatch(pattern, dict(one).get(source, ""), dots)
            group = match[1] if match and match.re.groups else ""
            found.add(_with(one, target, value.replace("$1", group)) if match else one)
        return found

    return Made(
        f'label_replace({made.text}, "{target}", "{value}", "{source}", "{pattern}")', gives
    )


def _join(made: Made, target: str, sources: list[str]) -> Made:
    names = "".join(f', "{source}"' for source in sources)
    return _each(
        f'label_join({{}}, "{target}", "-"{names})',
        made,
        lambda one: _with(one, target, "-".join(dict(one).get(source, "") for source in sources)),
    )


def _aggregate(made: Made, operator: str, grouping: str, labels: list[str]) -> Made:
    group = f"{grouping} ({', '.join(labels)}) " if grouping else ""
    labels = labels if grouping else []
    selecting = operator == "topk"
    counted = operator == "count_values"
    parameter = "1, " if selecting else '"a", ' if counted else ""

    def change(one: Labels) -> Labels:
        if selecting:
            return one
        valued = _with(one, "a", "7") if counted else one
        if grouping == "without":
            return _dropping(valued, "__name__", *labels)
        return _keeping(valued, *labels, *(["a"] if counted else []))

    return _each(f"{operator} {group}({parameter}{{}})", made, change)


def _matching(labels: Labels, matching: str, names: list[str]) -> Labels:
    return _keeping(labels, *names) if matching == "on" else _dropping(labels, "__name__", *names)


def _pairs(
    left: Made, right: Made, matching: str, names: list[str], dots: re.RegexFlag
) -> Iterator[tuple[Labels, Labels]]:
    for one, other in itertools.product(left.gives(dots), right.gives(dots)):
        if _matching(one, matching, names) == _matching(other, matching, names):
            yield one, other


def _combine(left: Made, right: Made, operator: str, matching: str, names: list[str]) -> Made:
    how = f"{matching} ({', '.join(names)})" if matching else ""
    names = names if matching else []

    def gives(dots: re.RegexFlag) -> set[Labels]:
        if operator == "and":
            return {one for one, _ in _pairs(left, right, matching, names, dots)}
        return left.gives(dots) | (right.gives(dots) if operator == "or" else set())

    if left.number or right.number:
        return _calculate(left, right, "+", matching, names)
    return Made(f"({left.text}) {operator} {how} ({right.text})", gives)


def _calculate(left: Made, right: Made, operator: str, matching: str, names: list[str]) -> Made:
    """Arithmetic and comparisons: what drops the metric's name, and what does not."""
    kept = operator == ">"

    def named(one: Labels) -> Labels:
        return one if kept else _dropping(one, "__name__")

    if left.number and right.number:
        return Made(f"({left.text}) + ({right.text})", lambda _: {frozenset()}, number=True)
    if left.number or right.number:
        series = right if left.number else left
        text = f"({left.text}) {operator} ({right.text})"
        return Made(text, lambda dots: {named(one) for one in series.gives(dots)})
    how = f"{matching} ({', '.join(names)})" if matching else ""
    names = names if matching else []

    def gives(dots: re.RegexFlag) -> set[Labels]:
        ones = (named(one) for one, _ in _pairs(left, right, matching, names, dots))
        keeps = _keeping if matching == "on" else _dropping
        return {keeps(one, *names) for one in ones}

    return Made(f"({left.text}) {operator} {how} ({right.text})", gives)


def _group(
    many: Made, one: Made, side: str, matching: str, names: list[str], included: list[str]
) -> Made:
    if many.number or one.number:
        return _calculate(many, one, "*", matching, names)
    included = [label for label in included if matching != "on" or label not in names]

    def gives(dots: re.RegexFlag) -> set[Labels]:
        found = set()
        for labels, other in _pairs(many, one, matching, names, dots):
            taken = _dropping(labels, "__name__", *included)
            found.add(taken | _keeping(other, *included))
        return found

    how = f"* {matching} ({', '.join(names)}) {side} ({', '.join(included)})"
    first, second = (many, one) if side == "group_left" else (one, many)
    return Made(f"({first.text}) {how} ({second.text})", gives)


def _number(made: Made) -> Made:
    return (
        made if made.number else Made(f"scalar({made.text})", lambda _: {frozenset()}, number=True)
    )


def _vector(made: Made) -> Made:
    return Made(f"vector({made.text})", made.gives) if made.number else made


def _unknown(made: Made) -> Made:
    return _each("info({})", made, lambda one: _with(one, "b", "new"))


_selector = st.builds(_select, st.sampled_from(("m", "n")), _matchers)
_leaf = st.one_of(
    _selector,
    _selector,
    st.builds(
        _absent,
        st.sampled_from(("m", "n")),
        st.lists(_matcher, max_size=3),
        st.sampled_from(("absent({})", "absent_over_time({}[5m])", "absent(({}))")),
    ),
    st.just(Made("1", lambda _: {frozenset()}, number=True)),
    st.builds(
        _nameless,
        _selector,
        st.sampled_from(("rate({}[5m])", "quantile_over_time(0.5, {}[5m] offset 1h)")),
    ),
)
_on = st.sampled_from(("on", "ignoring"))
_on_or_none = st.sampled_from(("on", "ignoring", ""))


def _constructs(inner: st.SearchStrategy[Made]) -> dict[str, st.SearchStrategy[Made]]:
    """What can be made of queries, by name."""
    series = inner.map(_vector)
    bracketed = series.map(lambda made: made._replace(text=f"({made.text})"))
    nameless = st.sampled_from(("abs({})", "-{}", "max_over_time({}[1h:5m])", "round({}, 5)"))
    plain = st.sampled_from(("({})", "sort({})", "last_over_time({}[1h:5m])"))
    targets = st.sampled_from(("a", "b", "__name__"))
    sources = st.sampled_from((*_NAMES, "__name__", ""))
    patterns = st.sampled_from(("", "p", "(.*)", "p|", "(p).*", "m"))
    aggregations = st.sampled_from(("sum", "topk", "count_values", "group"))
    sides = st.sampled_from(("group_left", "group_right"))
    return {
        "nameless": st.builds(_nameless, bracketed, nameless),
        "plain": st.builds(_each, plain, bracketed, st.just(lambda labels: labels)),
        "number": st.builds(_number, inner),
        "quantile": st.builds(_quantile, series),
        "unknown": st.builds(_unknown, series),
        "replace": st.builds(_replace, series, targets, st.sampled_from(("", "q", "$1")), sources, patterns),
        "join": st.builds(_join, series, targets, st.lists(sources.filter(bool), max_size=2)),
        "aggregate": st.builds(
            _aggregate, series, aggregations, st.sampled_from(("by", "without", "")), _some_labels
        ),
        **{
            word: st.builds(_combine, inner, inner, st.just(word), _on_or_none, _some_labels)
            for word in ("and", "or", "unless")
        },
        **{
            sign: st.builds(_calculate, inner, inner, st.just(sign), _on_or_none, _some_labels)
            for sign in ("+", ">")
        },
        "group": st.builds(_group, inner, inner, sides, _on, _some_labels, _some_labels),
    }  # fmt: skip


_GROUPED = st.builds(_aggregate, _selector, st.just("sum"), st.just("by"), _some_labels)
_SHALLOW = _constructs(st.one_of(_selector, _selector, _selector, _GROUPED, _leaf))
_queries = st.recursive(_leaf, lambda inner: st.one_of(*_constructs(inner).values()), max_leaves=6)


def _assert_satisfies(labels: Labels, found: SeriesLabels, dots: re.RegexFlag) -> None:
    carried = dict(_dropping(labels, "__name__"))
    assert all(carried.get(label) == value for label, value in found.fixed.items())
    assert carried.keys().isdisjoint(found.dropped)
    assert found.only is None or carried.keys() <= found.only
    assert all(_satisfies(one, labels, dots) for one in found.constraints)
    for label in (*_NAMES, "never stored"):
        assert found.must_be(label) in {None, carried.get(label, "")}
        assert found.may_carry(label) or label not in carried
        assert (found.why_absent(label) is None) == (found.must_be(label) != "")


def _assert_sound(made: Made) -> None:
    found = series_labels(made.text)
    assert found is not None
    for dots in (re.NOFLAG, re.DOTALL):
        for labels in made.gives(dots):
            _assert_satisfies(labels, found, dots)


@pytest.mark.parametrize("construct", thirds(_SHALLOW))
@settings(max_examples=60)
@given(st.data())
def test_each_construct_holds(construct: str, data: st.DataObject) -> None:
    _assert_sound(data.draw(_SHALLOW[construct]))


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(_queries)
def test_it_holds_for_every_series(made: Made) -> None:
    _assert_sound(made)
