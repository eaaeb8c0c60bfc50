"""PromQL behind its one door: what real files hold parses, and nothing crashes or stalls it."""

from collections.abc import Iterator
from csv import DictReader
from pathlib import Path
from typing import Any

import promql_parser
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from registry.deployed.promql.parse import (
    MAX_DEPTH,
    MAX_LENGTH,
    MAX_PARTS,
    canonical,
    literally,
    matches,
    parsed,
    problem,
    without_threshold,
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
from tests.effort import ends


@pytest.mark.parametrize(
    "query",
    [
        "up",
        'up\r\n  == 0 # a comment with a quote: "',
        "sum by (le) (rate(x[5m]))",
        'x{a=~"b.*", c!~"", d="e"}',
        'x{a=~"b"} offset -5m',
        "x[1h:5m] @ 1e9",
        r"x{a=~`\d+`}",
        'x{a=`\\d"\n`, b=~"c"}',
        r'x{a=~"\\d+\x41\u00e9\U0001F600\101\"\n"}',
        r"x{a=~'\''}",
        r'x{a=~"\\Qa.b\\E"}',
        'x{a=~"a{,2}"}',
        'x{a=~"[[:alpha:]]+\\\\pL"}',
        '{a=~".+"}',
        '{a!~""}',
        "1" + "+1" * (MAX_PARTS - 1),
        "sum(" * MAX_PARTS + "x" + ")" * MAX_PARTS,
    ],
)
def test_parses(query: str) -> None:
    assert problem(query) is None


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("", "no expression found in input"),
        ("# only a comment", "no expression found in input"),
        ("sum(x", "unclosed left parenthesis"),
        ("rate(x)", "expected type matrix in call to function 'rate', got vector"),
        ("x for 5m", "it does not follow the grammar"),
        ("x\n\n  )", "unexpected right parenthesis ')'"),
        ('x{a="b', 'unterminated quoted string "'),
        ('x{a=~"b', 'unterminated quoted string "'),
        (r'x{a=~"\d"}', "unknown escape sequence 'd'"),
        (r'x{a=~"\'"}', "unknown escape sequence '''"),
        (r'x{a=~"\ud800"}', "invalid syntax"),
        (r'x{a=~"\Uffffffff"}', "invalid syntax"),
        ('x{a=~"b\nc"}', "invalid syntax"),
        ('{a=~".*"}', "vector selector must contain at least one non-empty matcher"),
        ('x{a=~"("}', "missing ), in the pattern `(`"),
        ("x{a!~`b\\`}", "trailing \\, in the pattern `b\\`"),
        ('x{a=~"b++"}', "bad repetition operator, in the pattern `b++`"),
        ('x{a=~"(?=b)"}', "invalid perl operator, in the pattern `(?=b)`"),
        ('x{a=~"b{1001}"}', "invalid repetition size, in the pattern `b{1001}`"),
        ("x offset NaN", "`NaN` is no span of time"),
        ("x offset - 1e40", "`1e40` is no span of time"),
        ("x[1e15]", "`1e15` is no span of time"),
        ("x[5m:99999999999999999999]", "`99999999999999999999` is no span of time"),
        ("x offset 0x" + "f" * 300, f"`0x{'f' * 300}` is no span of time"),
        ("a" * (MAX_LENGTH + 1), "it is longer than 10,000 characters"),
        ("(" * (MAX_PARTS + 1), "it has more than 250 operators and brackets"),
        ("x AND " * (MAX_PARTS + 1) + "x", "it has more than 250 operators and brackets"),
    ],
)
def test_does_not_parse(query: str, reason: str) -> None:
    assert problem(query) == reason


def test_a_number_beyond_the_parser_is_a_reason() -> None:
    assert problem("x offset 584942417355y") == "duration must be greater than 0"


def test_a_long_reason_is_cut() -> None:
    reason = problem('x{a=~"(' + "b" * 500 + '"}')
    assert reason is not None
    assert len(reason) == 201


def test_a_panic_of_the_parser_is_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    panic = type("PanicException", (BaseException,), {})

    def fails(_: str) -> None:
        raise panic("index out of\nbounds")

    monkeypatch.setattr(promql_parser, "parse", fails)
    assert problem("asked_but_here") == "the parser fails on it: index out of bounds"


def test_an_interrupt_is_no_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(promql_parser, "parse", interrupted)
    with pytest.raises(KeyboardInterrupt):
        problem("asked_but_here")


@pytest.mark.parametrize(
    "query",
    [
        "(" * 5000,
        '"\\"' * 3000,
        'x{a=~"' + "(" * 4000 + '"}',
        r'x{a=~"\\pL{1000}", b=~"(\\w{30}){30}", c=~"\x5cw{999}"}',
        "9" * 9999 + "s",
        "0x" + "f" * 9000,
    ],
)
def test_hostile_queries_end_soon(query: str) -> None:
    with ends():
        assert problem(query)
        assert canonical(query)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("rate(x[60m])>0.10", "rate( x[1h] )  > .1 # the same"),
        ("x[1h30m]", "x[90m]"),
        ('x{a="b"}', "x{a='b'}"),
        (r'x{a=~"\\d"}', r"x{a=~`\d`}"),
        (r'x{a="\x41"}', 'x{a="A"}'),
        ("x > 0x1F", "x > 31"),
        ("x > 1e3", "x > 1000"),
    ],
)
def test_spellings_of_one_query(one: str, other: str) -> None:
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("x[5m]", "x[50m]"),
        ('x{a="b c"}', 'x{a="b  c"}'),
        ("a b", "ab"),
        ("x > 10", "x > 100"),
        ("x", "x == 0"),
        (r'x{a="\q"}', 'x{a="q"}'),
        ("x{a='b", 'x{a="b'),
    ],
)
def test_different_queries(one: str, other: str) -> None:
    assert canonical(one) != canonical(other)


@given(st.text("x(){}[]\"'`\\~=!#:@+-*/^ \n05mhe.,é", max_size=40))
def test_any_text_has_an_answer(query: str) -> None:
    reason = problem(query)
    assert reason is None or (reason and "\n" not in reason)
    assert canonical(query) == canonical(f"\n{query}")


_X = SeriesSelector(())


@pytest.mark.parametrize(
    ("query", "tree"),
    [
        ("x", _X),
        ('{__name__="x"}', _X),
        ("x @ end() offset 5m", SeriesSelector((), at=True)),
        ('{a="b" or c="d"}', SeriesSelector(None)),
        (
            'x{a="b", c!="", d=~"(e)", f!~".*", g=~`\\d`}',
            SeriesSelector(
                (
                    SeriesMatcher("a", "=", "b"),
                    SeriesMatcher("c", "!=", ""),
                    SeriesMatcher("d", "=~", "(e)"),
                    SeriesMatcher("f", "!~", ".*"),
                    SeriesMatcher("g", "=~", "\\d"),
                )
            ),
        ),
        ("1e3", Number(1000)),
        ('"a"', Quoted("a")),
        ("-(x)", Wrapped("-", Wrapped("()", _X))),
        ("rate(x[5m])", Call("rate", (_X,))),
        ("rate(x[5m:1m])", Call("rate", (Wrapped("[:]", _X),))),
        ("sum(x)", Aggregation("sum", _X)),
        ("TOPK(1, x) BY (a)", Aggregation("topk", _X, Number(1), "by", ("a",))),
        ("sum without () (x)", Aggregation("sum", _X, None, "without")),
        ("x ATAN2 1", Operation("atan2", _X, Number(1))),
        ("x > bool x", Operation(">", _X, _X, is_bool=True)),
        ("x + on() x", Operation("+", _X, _X, "one-to-one", "on")),
        ("x AND ignoring(a) x", Operation("and", _X, _X, "many-to-many", "ignoring", ("a",))),
        ("x or x", Operation("or", _X, _X, "many-to-many")),
        ("x * on(a) group_left(b, c) x", Operation("*", _X, _X, "many-to-one", "on", ("a",), ("b", "c"))),
        ("x * ignoring(a) group_right x", Operation("*", _X, _X, "one-to-many", "ignoring", ("a",))),
        ("x + fill_left(0) x", Operation("+", _X, _X, filled=True)),
        ("x + fill_right(0) x", Operation("+", _X, _X, filled=True)),
        ("(" * MAX_DEPTH + "x" + ")" * MAX_DEPTH, None),
        ('x{a=~"("}', None),
        ("sum(x", None),
        ("(" * (MAX_PARTS + 1), None),
    ],
)  # fmt: skip
def test_a_tree(query: str, tree: Expression | None) -> None:
    assert parsed(query) == tree


@given(st.text("x(){}[]\"'`\\~=!#:@+-*/^ \n05mhe.,é", max_size=40))
def test_what_parses_has_a_tree(query: str) -> None:
    assert (parsed(query) is None) == (problem(query) is not None)


@given(st.text(), st.text())
def test_a_text_as_a_pattern(one: str, other: str) -> None:
    for value in (one, other):
        assert matches(literally(one), value) == (None if "\n" in value else one == value)


def test_a_pattern_that_is_none_tells_nothing() -> None:
    assert matches("(", "x") is None


def _expressions(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("expr"), str) and ("alert" in value or "record" in value):
            yield value["expr"]
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _expressions(item)


@pytest.mark.corpus
def test_what_promtool_accepts_parses(corpus: Path) -> None:
    with (corpus / "ground_truth" / "rule_files.csv").open(encoding="utf-8", newline="") as file:
        accepted = [row["file"] for row in DictReader(file) if row["promtool"] == "ok"]
    found: set[str] = set()
    for name in accepted:
        if name.endswith((".yaml", ".yml")):
            text = (corpus / name).read_text("utf-8")
            for document in yaml.load_all(text, yaml.CSafeLoader):
                found.update(_expressions(document))
    assert len(found) > 3000
    assert [query for query in found if problem(query)] == []


def test_queries_of_one_shape_are_parsed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    parse = promql_parser.parse

    def counted(query: str) -> Any:
        asked.append(query)
        return parse(query)

    monkeypatch.setattr(promql_parser, "parse", counted)
    queries = [f'of_one_shape{{job="j{n}", env!="e", code=~"{n}.."}}' for n in range(50)]
    assert [problem(one) for one in queries] == [None] * 50
    assert [parsed(one) for one in queries] == [
        SeriesSelector(
            (
                SeriesMatcher("job", "=", f"j{n}"),
                SeriesMatcher("env", "!=", "e"),
                SeriesMatcher("code", "=~", f"{n}.."),
            )
        )
        for n in range(50)
    ]
    assert len(asked) == 1


@pytest.mark.parametrize(
    "query",
    ['x{a="b"} == "c"', 'x{a=""}', 'x{a="b', 'x{a="\n"}', '"x="', 'x{a="b"} # "c"', 'x{="a"}'],
)
def test_what_may_mislead_is_read_as_it_stands(query: str, monkeypatch: pytest.MonkeyPatch) -> None:
    found = problem(query), parsed(query)
    monkeypatch.setattr("registry.deployed.promql.parse._shape", lambda _: None)
    parsed.cache_clear()
    assert found == (problem(query), parsed(query))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("x > 5", "x >0"), ("x<=0.25 ", "x<=0"), ("x != 1\n", "x !=0"), ("x == 0x5", "x == 0x5"),
        ("x > bool 5", "x > bool 5"), ("x > 1e5", "x > 1e5"), ("x[5m]", "x[5m]"),
        ("x > 5 and y", "x > 5 and y"), ("x >== 5", "x >== 5"),
    ],
)  # fmt: skip
def test_a_threshold_is_left_out(query: str, found: str) -> None:
    assert without_threshold(query) == found


def test_a_threshold_does_not_make_a_query_shorter() -> None:
    query = f"{'a' * (MAX_LENGTH - 5)} > 123456789"
    assert without_threshold(query).endswith("a >0")
    assert problem(query) == "it is longer than 10,000 characters"
    assert problem(query.removesuffix("23456789")) is None
    assert problem("sum(a > 5") is not None
