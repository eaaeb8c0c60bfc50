"""Patterns: what they match, which are refused, and which are nothing but a few texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.deployed.routing.pattern import Pattern, expanded, literals, pattern
from registry.deployed.routing.refusal import Refusal
from tests.effort import ends


def matches(text: str, value: str) -> bool:
    found = pattern(text)
    assert isinstance(found, Pattern)
    return found.matches(value)


@pytest.mark.parametrize(
    ("text", "reason", "offset"),
    [
        (r"ab\C", r"`\C` (any single byte)", 2),
        (r"a(?<n>b)", "(?P<name>...)", 1),
        (r"\Qa\E[(?<x]\C", r"`\C` (any single byte)", 11),
        ("(", "missing )", 0),
        ("a\ud800", "the pattern is no UTF-8", 1),
    ],
)
def test_refusals(text: str, reason: str, offset: int) -> None:
    found = pattern(text)
    assert isinstance(found, Refusal)
    assert reason in found.reason
    assert found.offset == offset


def test_what_only_looks_like_it() -> None:
    assert matches(r"\\C", r"\C")
    assert matches(r"\Q\C(?<n>\E", r"\C(?<n>")
    assert matches(r"[(?<]+", "(?<")


def test_a_value_that_is_no_utf8() -> None:
    assert matches("a...", "a\ud800")
    assert not matches("a.", "a\ud800")


def test_memory_and_time_are_bounded() -> None:
    with ends():
        assert isinstance(pattern(r"[\pL\pN]{1000}"), Refusal)
        assert not matches("(a+)+$", "a" * 100_000 + "!")
        assert not matches("(x+x+)+y", "x" * 100_000)


def test_many_values_are_not_kept() -> None:
    found = pattern("v[0-9]+")
    assert isinstance(found, Pattern)
    assert all(found.matches(f"v{n}") for n in range(1000))
    assert len(found._seen) < 1000


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", {""}), ("a", {"a"}), ("a|b", {"a", "b"}), ("|a", {"", "a"}), ("(a|b)", {"a", "b"}),
        ("(?:a|b)c", {"ac", "bc"}), ("^a$", {"a"}), ("^a|b$", {"a", "b"}), ("^(a|b)$", {"a", "b"}),
        (r"a\.b", {"a.b"}), ("[Cc]ritical", {"Critical", "critical"}), ("a-(b|c(d|e))", {"a-b", "a-cd", "a-ce"}),
        ("été", {"été"}), ("()", {""}),
    ],
)  # fmt: skip
def test_patterns_that_are_texts(text: str, found: set[str]) -> None:
    assert literals(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "a.", "a*", "a+", "a?", "a{2}", "[a-c]", "[^a]", "[]a]", "[[:alpha:]]", r"[\]]", r"\d", r"\Qa\E", "(?i)a",
        "a^", "a$b", "(^a)", "(a$)", "(a", "a)", "a)|(?:b", "a]", "[a", "^^a", r"\b", "(" * 101 + ")" * 101,
        "(a|b|c|d|e|f|g|h|i|j)" * 4, "|".join(f"v{n}" for n in range(1001)), "(?P<n>a)",
    ],
)  # fmt: skip
def test_patterns_that_are_more(text: str) -> None:
    assert literals(text) is None


@given(st.text(alphabet=r"ab|()[]^$\.-?:", max_size=14), st.text(alphabet="ab|.-:?", max_size=5))
def test_the_texts_are_exactly_what_matches(text: str, other: str) -> None:
    found = pattern(text)
    if isinstance(found, Pattern) and found.literals is not None:
        assert all(map(found.matches, found.literals))
        assert found.matches(other) is (other in found.literals)


@pytest.mark.parametrize(
    ("text", "value", "template", "found"),
    [
        ("(a+)-(?P<n>b)", "aa-b", "${1}.$n$$", "aa.b$"),
        ("(a)|b", "b", "[$1]", "[]"),
        ("a", "a", "$9$x", ""),
        ("a", "b", "$0", None),
        ("(", "a", "$0", None),
    ],
)
def test_templates_are_filled_in(text: str, value: str, template: str, found: str | None) -> None:
    assert expanded(text, value, template) == found


def test_a_pattern_too_large_for_its_groups_fills_in_nothing() -> None:
    text = "(a?){1000}" * 175
    assert isinstance(pattern(text), Pattern)
    assert expanded(text, "a", "$1") is None


@pytest.mark.parametrize(
    ("value", "is_matched"),
    [
        ("prod-", True), ("prod-eu", True), ("prod-\udce9", True), ("prod", False), ("", False),
        ("x-prod-", False), ("prod-\n", False), ("prod-eu\n", False), ("PROD-eu", False),
    ],
)  # fmt: skip
def test_a_plain_beginning(value: str, is_matched: bool) -> None:
    assert matches("prod-.*", value) is is_matched
    assert literals("prod-.*") is None
