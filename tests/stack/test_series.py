"""Series that give a query its values, by its shape; and what keeps them from being told."""

import math
import re

import pytest

from registry.stack.series import Series, SolvedSeries, UnsolvedError, WantedValues, giving, spelt

UP = WantedValues(2.0, 4.0)


def told(query: str, wanted: WantedValues = UP) -> dict[str, tuple[float, float]]:
    found = giving(query, wanted)
    return {f"{one.name}{dict(one.labels) or ''}{'+' if one.is_counter else ''}": tuple(one.wanted)
            for one in found.series}  # fmt: skip


@pytest.mark.parametrize(
    ("query", "series"),
    [
        ("x", {"x": (2, 4)}),
        ("(x)", {"x": (2, 4)}),
        ("-x", {"x": (-2, -4)}),
        ("avg by (a) (x)", {"x": (2, 4)}),
        ("max_over_time(x[5m])", {"x": (2, 4)}),
        ("sum(rate(x[5m]))", {"x+": (2, 4)}),
        ("increase(x[10s])", {"x+": (0.2, 0.4)}),
        ("x * 2", {"x": (1, 2)}),
        ("2 * x", {"x": (1, 2)}),
        ("x / 2", {"x": (4, 8)}),
        ("8 / x", {"x": (4, 2)}),
        ("x + 1", {"x": (1, 3)}),
        ("1 + x", {"x": (1, 3)}),
        ("x - 1", {"x": (3, 5)}),
        ("10 - x", {"x": (8, 6)}),
        ("x / y", {"x": (2, 4), "y": (1, 1)}),
        ("x - y", {"x": (3, 5), "y": (1, 1)}),
        ("x + y", {"x": (1, 2), "y": (1, 2)}),
        ("x > 5", {"x": (2, 4)}),
        ("x offset 1d", {"x": (2, 4)}),
        ("5 < x", {"x": (2, 4)}),
        ('x{a="b", c!="d", e=~"f|g", h=~".*", i!~"j", k=""}', {"x{'a': 'b', 'e': 'f'}": (2, 4)}),
    ],
)
def test_are_told(query: str, series: dict[str, tuple[float, float]]) -> None:
    assert told(query) == series


def test_a_quantile_is_the_bound_of_a_bucket() -> None:
    found = giving("histogram_quantile(0.5, sum by (le) (rate(x_bucket[5m])))", WantedValues(4, 4))
    one = WantedValues(1.0, 1.0)
    assert found == SolvedSeries(
        (
            Series("x_bucket", (("le", "8"),), one, is_counter=True),
            Series("x_bucket", (("le", "+Inf"),), one, is_counter=True),
        ),
        {},
    )


@pytest.mark.parametrize(
    ("query", "labels"),
    [
        ('x{a="b"}', {"a": "b"}),
        ('sum(x{a="b"})', {}),
        ('sum by (a, c) (x{a="b"})', {"a": "b"}),
        ('sum without (a) (x{a="b", c="d"})', {"c": "d"}),
        ('rate(x{a="b"}[5m]) / rate(y{a="b"}[5m])', {"a": "b"}),
    ],
)
def test_tells_the_labels_of_what_is_given(query: str, labels: dict[str, str]) -> None:
    assert giving(query, UP).labels == labels


@pytest.mark.parametrize(
    ("query", "wanted", "reason"),
    [
        ("sum(", UP, "not read"),
        ("5", UP, "of a shape"),
        ("count(x)", UP, "of a shape"),
        ("x and y", UP, "compares or matches"),
        ("x / on (a) y", UP, "compares or matches"),
        ("x > bool 5", UP, "compares or matches"),
        ("x * y", UP, "multiplies series"),
        ("2 * 3", UP, "multiplies series"),
        ("x * 0", UP, "with 0"),
        ("x + time()", UP, "a number that changes"),
        ("time() - max(x)", UP, "a number that changes"),
        ("time() / x", UP, "a number that changes"),
        ("x offset -5m", UP, "looks ahead"),
        ("8 / x", WantedValues(0, 1), "gives 0"),
        ('x{a="b"} / y', UP, "different labels"),
        ('x / x{a="b"}', UP, "different labels"),
        ('sum(x) / sum(x{a="b"})', UP, "one name twice"),
        ("rate(x[5m])", WantedValues(1, -1), "never falls"),
        ("deriv(x[5m])", UP, "calls `deriv`"),
        ("abs(rate(x[5m]))", UP, "of more than a selector"),
        ('{a="b"}', UP, "without a name"),
        ("x @ 5", UP, "at a fixed time"),
        ('x{a=~"[a-z]+"}', UP, "for the pattern of `a`"),
        ('x{a!=""}', UP, "known for `a`"),
        ('x{a!~".*"}', UP, "known for `a`"),
        ("histogram_quantile(0.5, rate(x_bucket[5m]))", UP, "a quantile that moves"),
        ("histogram_quantile(1, rate(x_bucket[5m]))", WantedValues(1, 1), "a quantile that moves"),
        (
            "histogram_quantile(0.5, rate(x[5m]) / rate(y[5m]))",
            WantedValues(1, 1),
            "of several series",
        ),
    ],
)
def test_what_is_not_told_says_why(query: str, wanted: WantedValues, reason: str) -> None:
    with pytest.raises(UnsolvedError, match=re.escape(reason)):
        giving(query, wanted)


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan])
def test_what_is_beyond_all_numbers_is_not_written(value: float) -> None:
    with pytest.raises(UnsolvedError, match="beyond all numbers"):
        spelt(value)


@pytest.mark.parametrize(
    ("value", "text"), [(1.0, "1"), (1e-7, "0.0000001"), (0.1, "0.1"), (-2.5, "-2.5"), (1e16, "10000000000000000")]
)  # fmt: skip
def test_a_number_has_no_exponent(value: float, text: str) -> None:
    assert spelt(value) == text
