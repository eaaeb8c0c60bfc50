"""A query made into another: what is put into it, and where nothing can be."""

import pytest

from registry.deployed.promql.rewrite import (
    Selected,
    bracketed,
    earlier,
    narrowed,
    selected,
    summed,
    tidied,
    windows,
)


@pytest.mark.parametrize(
    ("query", "written"),
    [
        ("avg(x)", "avg(x)"),
        ("  a > 5 # c\n  or b\n", "a > 5   or b"),
        ('x{a="# no comment"}', 'x{a="# no comment"}'),
    ],
)
def test_is_on_one_line_without_comments(query: str, written: str) -> None:
    assert tidied(query) == written


@pytest.mark.parametrize(
    ("query", "before_arithmetic", "before_a_comparison"),
    [
        ("x", "x", "x"),
        ("sum(x)", "sum(x)", "sum(x)"),
        ("a + b", "(a + b)", "a + b"),
        ("a or b", "(a or b)", "(a or b)"),
        ("a > 5", "(a > 5)", "(a > 5)"),
        ("-x", "(-x)", "(-x)"),
        ("(a + b)", "(a + b)", "(a + b)"),
    ],
)
def test_has_brackets_where_it_needs_them(
    query: str, before_arithmetic: str, before_a_comparison: str
) -> None:
    assert bracketed(query) == before_arithmetic
    assert bracketed(query, loosely=True) == before_a_comparison


@pytest.mark.parametrize(
    ("query", "written"),
    [
        ("avg(g)", 'avg(g{i="a"})'),
        ('sum(rate(x{b="c"}[5m]))', 'sum(rate(x{i="a", b="c"}[5m]))'),
        ("x{}", 'x{i="a"}'),
        ('{__name__="x"}', '{i="a", __name__="x"}'),
        ("sum by (i) (x) / on (i) group_left (j) y", 'sum by (i) (x{i="a"}) / on (i) group_left (j) y{i="a"}'),
        ("sum(x) by (i)", 'sum(x{i="a"}) by (i)'),
        ("quantile(0.9, x) - 5", 'quantile(0.9, x{i="a"}) - 5'),
        ('count_values("v", x)', 'count_values("v", x{i="a"})'),
        ("max_over_time(rate(x[5m])[1h:1m])", 'max_over_time(rate(x{i="a"}[5m])[1h:1m])'),
        ("-sum without (j) (x) > bool 5", '-sum without (j) (x{i="a"}) > bool 5'),
        ('x{i="a"}', 'x{i="a", i="a"}'),
        ('x{i=~"a|b", j!="a", i!~"c", i!="b"}', 'x{i="a", i=~"a|b", j!="a", i!~"c", i!="b"}'),
        ("topk(scalar(x), y)", 'topk(scalar(x{i="a"}), y{i="a"})'),
    ],
)  # fmt: skip
def test_asks_of_a_slice(query: str, written: str) -> None:
    assert narrowed(query, {"i": "a"}) == written


@pytest.mark.parametrize(
    "query", ['x{i="b"}', 'x{i!="a"}', 'x{i=~"b|c"}', 'x{i!~"a.*"}', "sum(", "x{a='b' or c='d'}"]
)
def test_asks_of_no_slice_that_it_excludes_and_not_where_it_is_not_read(query: str) -> None:
    assert narrowed(query, {"i": "a"}) is None


@pytest.mark.parametrize("query", ["vector(7)", "hour()", "time() > 5", "-vector(1) + hour()"])
def test_what_selects_nothing_has_no_slice(query: str) -> None:
    assert narrowed(query, {"i": "a"}) is None


def test_a_value_is_written_as_a_text() -> None:
    assert narrowed("x", {"i": 'a"b\\c\nd', "j": "e"}) == 'x{i="a\\"b\\\\c\\nd", j="e"}'


@pytest.mark.parametrize(
    ("query", "written"),
    [
        ("avg(g)", "avg(g offset 1h)"),
        ("sum(rate(a[5m])) / sum(b{c='d'})", "sum(rate(a[5m] offset 1h)) / sum(b{c='d'} offset 1h)"),
        ("x offset 5m", "last_over_time((x offset 5m)[1m:1m] offset 1h)"),
        ("x @ 5", "last_over_time((x @ 5)[1m:1m] offset 1h)"),
        ("time() - x", "last_over_time((time() - x)[1m:1m] offset 1h)"),
        ("rate(x[5m])[1h:]", "last_over_time((rate(x[5m])[1h:])[1m:1m] offset 1h)"),
        ("vector(1)", "last_over_time((vector(1))[1m:1m] offset 1h)"),
    ],
)  # fmt: skip
def test_asks_of_an_earlier_time(query: str, written: str) -> None:
    assert earlier(query, "1h") == written


def test_an_offset_in_a_text_is_none() -> None:
    assert earlier('x{a="offset @ :"}', "1h") == 'x{a="offset @ :"} offset 1h'


def test_says_how_far_it_looks_back() -> None:
    assert windows("rate(a[5m]) + sum_over_time(b[1h]) + c") == {300_000, 3_600_000}
    assert windows("a") == frozenset()
    asked = selected('rate(a{b="c"}[5m]) / d + {__name__="e"}')
    assert asked == [Selected("a", 300_000), Selected("d", None), Selected("", None)]
    assert windows("rate(a[300])") == {300_000}


@pytest.mark.parametrize(
    ("query", "offset"),
    [
        ("a", 0),
        ("a offset 1h30m + 5", 5_400_000),
        ("rate(a[5m] OFFSET 1d)", 86_400_000),
        ('a{offset="x"} offset + 5m', 300_000),
        ("a offset 300.5", 300_500),
        ("a offset 0", 0),
        ("a offset -5m", None),
        ("sum by (offset) (a)", 0),
    ],
)
def test_says_how_long_ago_a_selector_ends(query: str, offset: int | None) -> None:
    assert [one.offset for one in selected(query)] == [offset]


@pytest.mark.parametrize(
    ("query", "written"),
    [
        ("sum(increase(x[1d]))", "sum(increase(x[30d]))"),
        ("increase(a[1d]) / increase(b[1d])", "increase(a[30d]) / increase(b[30d])"),
        ("sum_over_time(x[30d]) * 24", "sum_over_time(x[30d]) * 24"),
        ("increase(x[1h]) * 24", None),
        ("rate(x[1d])", None),
        ("increase(a[1d]) + b", None),
        ("increase(a[1d:1h])", None),
        ("vector(1)", None),
        ("sum(", None),
    ],
)
def test_sums_up_over_another_window(query: str, written: str | None) -> None:
    assert summed(query, "30d") == written
