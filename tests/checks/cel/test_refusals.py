"""What is refused before anything is asked, and what ends where it takes too long."""

import pytest

from registry.checks.cel.compile import compile_expression
from registry.checks.cel.parse import DEEPEST, LONGEST, parse
from registry.checks.cel.values import STEPS, Meter, OverBudgetError, WrongExpressionError
from tests.checks.cel.conftest import Ask


def refusal(text: str) -> tuple[str, str]:
    with pytest.raises(WrongExpressionError) as refused:
        compile_expression(text, "metrics", Meter())
    return str(refused.value), refused.value.help


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "the expression is empty"),
        ("self.owner ==", "it ends too soon"),
        ("self.owner = 1", "`=` in column 12 was not expected"),
        ("true &&\n  = 1", "`=` in column 3 of its line 2 was not expected"),
        ("self.owner == 'a", "the quote in column 15 is never closed"),
        ("'''a'", "the quote in column 1 is never closed"),
        ('"a\nb" == 1', "the quote in column 1 is never closed"),
        ("(true", "it ends too soon"),
        ("true)", "`)` in column 5 was not expected"),
        ("a b", "`b` in column 3 was not expected"),
        ("b'a' == b'a'", "rules have no use for bytes"),
        ("99999999999999999999999999 > 0", "is no whole number of 64 bits"),
        ("9223372036854775808 > 0", "is no whole number of 64 bits"),
        (r"'\d' == 'd'", r"`\d` is no escape of CEL"),
        (r"'\uD800' == 'd'", "is no character"),
        (r"'\UFFFFFFFF' == 'd'", "is no character"),
        (".self == 1", "is a part of CEL that rules have no use for"),
        (".size(1) == 1", "is a part of CEL that rules have no use for"),
        ("{'a': 1} == 1", "is a part of CEL that rules have no use for"),
        ("self{a: 1} == 1", "is a part of CEL that rules have no use for"),
        ("size(metrics)", "the expression gives no true or false"),
        ("'a'", "the expression gives no true or false"),
        ("true ? 1 : 2", "the expression gives no true or false"),
        ("self.id", "the expression gives no true or false"),
        ("dashbords == []", "there is no section or variable `dashbords`"),
        ("self.ownr == null", "`metrics` have no field `ownr`"),
        ("alerts.exists(a, a.metrik == id)", "`alerts` have no field `metrik`"),
        ("dashboards.filter(d, true)[0].ownr == id", "`dashboards` have no field `ownr`"),
        ("gates[0].canary.chekcs == []", "there is no field `chekcs`"),
        ("metrics.owner == 'ada'", "`.owner` is asked of a list"),
        ("length(metrics) == 1", "there is no function `length()`"),
        ("self.owner.upper() == 'A'", "there is no function `.upper()`"),
        ("'1'.int() == 1", "there is no function `.int()`"),
        ("size() == 1", "`size` takes 1 value, and is given 0"),
        ("'a'.startsWith() == 1", "`startsWith` takes 2 values, and is given 1"),
        ("has() == 1", "`has` takes one field"),
        ("has(self.owner, self.id) == 1", "`has` takes one field"),
        ("metrics.all(m)", "`all` takes a variable and what is asked of it"),
        ("metrics.all()", "`all` takes a variable and what is asked of it"),
        ("metrics.all(self, true)", "the first argument of `all` is a variable of your own"),
        ("metrics.all(m.id, true)", "the first argument of `all` is a variable of your own"),
    ],
)
def test_refused(text: str, says: str) -> None:
    told, help_ = refusal(text)
    assert says in told
    assert help_


@pytest.mark.parametrize(
    ("text", "help_"),
    [
        ("dashbords == []", "did you mean `dashboards`?"),
        ("self.ownr == null", "did you mean `owner`?"),
        ("sice(metrics) == 1", "did you mean `size`?"),
        ("metrics.exist(m, true)", "did you mean `exists`?"),
        ("foo(1) == 1", "it is one of double, duration, has, int, matches, size, string"),
        ("self.qqqqqq == null", "it is one of bucket,"),
    ],
)
def test_the_nearest_name_is_offered(text: str, help_: str) -> None:
    assert refusal(text)[1].startswith(help_)


def test_a_long_expression() -> None:
    assert refusal("true || " * (LONGEST // 8) + "true")[0] == (
        f"the expression has {LONGEST + 4} characters; it may have {LONGEST}"
    )


@pytest.mark.parametrize(
    "text",
    [
        "(" * 1_999 + "1" + ")" * 1_999,
        "[" * 3_999,
        "!" * 3_000 + "true",
        "1" + " + (1" * 200 + ")" * 200 + " == 1",
        "true" + " || (true" * 200 + ")" * 200,
        "true ? " * 61 + "true" + " : true" * 61,
        "self" + ".owner" * 600 + " == 1",
        "x" + "[0]" * 1_000,
        "true ? " * 500 + "1",
        "size(" * 100 + "1" + ")" * 100,
    ],
)
def test_a_deep_expression(text: str) -> None:
    told = refusal(text)[0]
    assert told == f"the expression is nested more than {DEEPEST} deep" or "no CEL" in told


@pytest.mark.parametrize(
    "text",
    [
        "&&".join(["true"] * 5_000), "||".join(["false"] * 5_000), "+".join("1" * 5_000) + " == 1",
        "[" + ",".join("1" * 5_000) + "] == []", "true ? true : " * 5_000 + "true",
        "(" * 5_000 + "true" + ")" * 5_000,
    ],
)  # fmt: skip
def test_a_row_is_bounded_by_its_length_alone(text: str) -> None:
    assert refusal(text) == (
        f"the expression has {len(text)} characters; it may have {LONGEST}",
        "split the rule into several",
    )


def test_brackets_in_texts_and_comments_are_no_depth() -> None:
    assert parse(f"'{'(' * 500}' == \"{'[' * 500}\" // {'{' * 500}") is not None


@pytest.mark.parametrize(
    "text", ['"' + "\\a" * 1_900, "'''" + "\\a" * 1_900 + "'", "r'" + "\\a" * 1_900]
)
def test_a_quote_that_is_never_closed_takes_no_time(text: str) -> None:
    assert "is never closed" in refusal(text)[0]


def test_many_loops_within_each_other() -> None:
    loops = "".join(f"metrics.all(v{number}, " for number in range(5))
    assert refusal(loops + "true" + ")" * 5)[0] == "more than 4 loops lie within each other"


@pytest.mark.usefixtures("few_steps")
@pytest.mark.parametrize(
    "text",
    [
        "l.all(a, l.all(b, l.all(c, l.all(d, a + b + c + d > 0))))",
        "'x' + l.map(a, 'y')[0] == l.map(a, l.map(b, l.map(c, 'x' + 'y')))[0][0][0]",
        "size(l.map(a, l.map(b, l.map(c, l.map(d, 1))))) == 1",
    ],
)
def test_an_expression_that_takes_too_many_steps(ask: Ask, text: str) -> None:
    hundred = str([1] * 100)
    with pytest.raises(OverBudgetError, match="it takes more than 50,000 steps"):
        ask(text.replace("l.", f"{hundred}."))


@pytest.mark.usefixtures("few_steps")
@pytest.mark.parametrize("compared", ["all(y, y == y)", "all(y, y != y)", "all(y, y in [y])"])
def test_lists_that_hold_one_list_many_times(ask: Ask, compared: str) -> None:
    grown = "[[1]]" + ".map(x, [x, x, x, x, x, x, x, x])" * 12
    with pytest.raises(OverBudgetError, match="it takes more than 50,000 steps"):
        ask(f"{grown}.{compared}")


@pytest.mark.usefixtures("few_steps")
def test_patterns_without_end(ask: Ask) -> None:
    """Each is compiled once, and counts for what that takes."""
    many = str(list(range(30)))
    pattern = "string(a * 100 + b) + '(x{1,900}){1,1}y'"
    with pytest.raises(OverBudgetError, match="it takes more than 50,000 steps"):
        ask(f"{many}.all(a, {many}.all(b, 'x'.matches({pattern}) || true))")
    assert ask(f"{many}.all(a, 'xy'.matches('x+y'))") is True


def test_a_text_that_doubles(ask: Ask) -> None:
    doubled = "['xxxxxxxx']" + ".map(x, x + x)" * 25
    with pytest.raises(OverBudgetError, match="it takes more than 1,000,000 steps"):
        ask(f"{doubled}[0] == 'x'")


def test_all_rules_together_have_their_bound() -> None:
    meter = Meter()
    meter.allow(100)
    assert meter.total == 10_500_000
    for _ in range(10):
        meter.begin(STEPS)
    with pytest.raises(OverBudgetError, match="together take more than 10,500,000 steps"):
        meter.begin(STEPS)


def test_the_same_expression_takes_the_same_steps(ask: Ask) -> None:
    first, second = Meter(), Meter()
    text = "people.exists(p, p.id == self.owner) && dashboards.all(d, size(d.metrics) > 0)"
    assert ask(text, meter=first) is ask(text, meter=second) is True
    assert first.used == second.used == 16
