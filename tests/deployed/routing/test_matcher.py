"""Matchers in every spelling, and what is said of those that are none."""

import pytest

from registry.deployed.model import Matcher
from registry.deployed.routing.matcher import holds, of, parse, triple
from registry.deployed.routing.refusal import Refusal
from tests.deployed.routing.trees import HERE, matcher


def parts(text: str) -> list[tuple[str, str, str]]:
    found = parse(text, HERE)
    assert not isinstance(found, Refusal), found
    return [(one.label, one.operator, one.value) for one in found]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('team="db"', [("team", "=", "db")]),
        ("team=db", [("team", "=", "db")]),
        ('{team="db",env!~"c|d"}', [("team", "=", "db"), ("env", "!~", "c|d")]),
        ('{ team = "db" , }', [("team", "=", "db")]),
        ("{}", []),
        ("", []),
        ('"team name"="d b"', [("team name", "=", "d b")]),
        ("équipe=été", [("équipe", "=", "été")]),
        ("1team!=🙂", [("1team", "!=", "🙂")]),
        (r'a="\u00e9\x41\101\U0001F642\t\\\""', [("a", "=", 'éAA🙂\t\\"')]),
        (r'a="\xc3\xa9"', [("a", "=", "é")]),
        ("a=\u00a0b\u2003", [("a", "=", "b")]),
        # What only the classic syntax takes.
        ("team=", [("team", "=", "")]),
        (r'team=~"\d+"', [("team", "=~", r"\d+")]),
        (r"team=~\w|\d", [("team", "=~", r"\w|\d")]),
        ("team=d b", [("team", "=", "d b")]),
        ("team==db", [("team", "=", "=db")]),
        ("{team=db", [("team", "=", "db")]),
        ("team=db}", [("team", "=", "db")]),
        (r'{team=~"\d,\"",env=a b}', [("team", "=~", r'\d,"'), ("env", "=", "a b")]),
        (r'team="a\,b c\d"', [("team", "=", r"a\,b c\d")]),
        ("team=it's", [("team", "=", "it's")]),
    ],
)
def test_spellings(text: str, found: list[tuple[str, str, str]]) -> None:
    assert parts(text) == found


@pytest.mark.parametrize(
    ("text", "reason", "offset"),
    [
        ("team", "one of `=`, `!=`, `=~`, `!~` is expected, and here is the end", 4),
        ("{1team=db,", "`,` or `}` is expected, and here is the end", 10),
        ("{,}", "a label's name or `}` is expected, and here is `,`", 1),
        ("=db", "a label's name is expected, and here is `=`", 0),
        ("1team=db}", "the end is expected, and here is `}`", 8),
        ("{1team=db} x", "the end is expected, and here is `x`", 11),
        ("  {1team=db x}", "`,` or `}` is expected, and here is `x`", 12),
        ("1team=", "a value is expected, and here is the end", 6),
        ('1team="db', 'here is `"`', 6),
        (r'1team="\q"', r"`\` is no escape", 7),
        (r'1team="\400"', r"`\400` is no escape", 7),
        (r'1team="\ud800"', r"`\ud800` is no escape", 7),
        ('1team="a\nb"', "is no escape", 8),
        (r'1team="\xff"', "the text is no UTF-8", 7),
        (r'"\q"=db', r"`\` is no escape", 1),
        ('team=~"("', "`(` is no pattern of RE2: missing )", 0),
        ("team=~(,", "no pattern of RE2", 0),
        ('team="d"b', "the end is expected, and here is `b`", 8),
        ('team=d"b', 'here is `"`', 6),
        ('""=db', "a matcher without a label's name", 1),
    ],
)
def test_refusals(text: str, reason: str, offset: int) -> None:
    found = parse(text, HERE)
    assert isinstance(found, Refusal)
    assert reason in found.reason
    assert found.offset == offset


def test_a_refusal_of_the_classic_syntax_alone() -> None:
    assert parts("team=db") == parts("team=db,")
    assert isinstance(parse("team=a b,env", HERE), Refusal)
    assert isinstance(parse("team=~a (", HERE), Refusal)
    assert isinstance(parse('team="a b', HERE), Refusal)


def test_parts_of_the_old_fields_and_of_grafana() -> None:
    assert of("team", "=", "db", HERE) == matcher("team", "=", "db")
    assert triple(["team", "=~", "d.*"], HERE) == matcher("team", "=~", "d.*")
    assert triple(["team", "="], HERE) == Refusal("a matcher has three parts, and this one 2")
    assert of("team", "==", "db", HERE) == Refusal("`==` is none of `=`, `!=`, `=~`, `!~`")


@pytest.mark.parametrize(
    ("operator", "value", "text", "said"),
    [
        ("=", "db", "db", True), ("=", "", "", True), ("!=", "db", "", True), ("!=", "db", "db", False),
        ("=~", "d.*", "db", True), ("=~", "d", "db", False), ("!~", "d.*", "db", False), ("!~", "d.*", "", True),
    ],
)  # fmt: skip
def test_holds(operator: str, value: str, text: str, said: bool) -> None:
    assert holds(matcher("l", operator, value), text) is said


def test_an_invalid_pattern_is_a_value() -> None:
    assert isinstance(holds(matcher("l", "=~", "("), "x"), Refusal)
    assert isinstance(parse('l="x"', HERE), tuple)
    assert Matcher("l", "=", "x", HERE) == matcher("l", "=", "x")
