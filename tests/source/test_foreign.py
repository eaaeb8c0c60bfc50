"""Other people's YAML and JSON: documents with places, and a reason where there is none."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.source import foreign
from registry.source.foreign import UnreadableError, Value, documents
from registry.span import Position, Span


def only(text: str) -> Value:
    (found,) = documents(text.encode())
    return found


def refused(text: str) -> UnreadableError:
    with pytest.raises(UnreadableError) as caught:
        list(documents(text.encode()))
    return caught.value


def test_a_document_with_places() -> None:
    found = only("groups:\n  - name: a\n    rules: [{alert: X, for: 5m}]\n")
    (group,) = found.each("groups")
    assert group.string("name") == "a"
    (rule,) = group.each("rules")
    assert dict(rule.pairs())["for"] == Value(Span(Position(3, 29), Position(3, 31)), "5m")
    assert rule.keys["for"] == Span(Position(3, 24), Position(3, 27))
    assert group.at.start == Position(2, 5)


def test_what_is_not_there() -> None:
    found = only("a: null\nb: ~\nc: ''\nd: [1]\ne: {}\n")
    assert [found.get(key) for key in "abx"] == [None, None, None]
    assert (found.string("c"), found.string("d"), found.string("c", "x")) == ("", None, None)
    assert (found.each("c"), found.each("x"), list(found.pairs("d")), list(found.pairs("x"))) == (
        (), (), [], [],
    )  # fmt: skip
    assert not foreign.NOTHING.fields
    assert foreign.NOTHING.is_null


def test_scalars_keep_their_spelling() -> None:
    found = only("severity: 1\nport: 0x10\nwhen: 12:30\nquoted: 'null'\nequals: =\n")
    assert [found.string(key) for key in ("severity", "port", "when", "quoted", "equals")] == [
        "1", "0x10", "12:30", "null", "=",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "value"), [("yes", True), ("On", True), ("true", True), ("no", False), ("5m", None)]
)
def test_flags_are_those_of_go(text: str, value: bool | None) -> None:
    assert only(f"continue: {text}\n").flag("continue") is value


def test_a_tag_is_kept_beside_an_empty_value() -> None:
    assert only("matchType: !=\nvalue: a\n").get("matchType") == Value(
        Span(Position(1, 12), Position(1, 14)), "", tag="!="
    )
    found = only("a: !x [1]\nb: !y {c: d}\n")
    assert [(value.tag, value.is_null) for _, value in found.pairs()] == [
        ("!x", False),
        ("!y", False),
    ]


def test_several_documents_and_empty_ones() -> None:
    texts = [one.string("a") for one in documents(b"---\na: 1\n---\n---\n# none\n---\na: 2\n...\n")]
    assert texts == ["1", "2"]
    assert list(documents(b"")) == []
    assert list(documents(b"[]")) != []


def test_anchors_and_merge_keys() -> None:
    found = only(
        "base: &b {team: db, sev: low}\n"
        "one: {<<: *b, sev: high}\n"
        "two: {<<: [*b, {x: y}]}\n"
        "three: *b\n"
    )
    one, two = found.get("one"), found.get("two")
    assert one is not None
    assert two is not None
    assert {key: value.text for key, value in one.pairs()} == {"sev": "high", "team": "db"}
    assert one.keys["team"] == Span(Position(1, 11), Position(1, 15))
    assert {key: value.text for key, value in two.pairs()} == {"team": "db", "sev": "low", "x": "y"}
    assert found.get("three") == found.get("base")


@pytest.mark.parametrize(
    ("text", "reason", "line", "column"),
    [
        ("a: 1\nb: [\n", "did not find expected node content, while parsing a flow node", 3, 1),
        ("{{ template }}\n", "a key that is no text", 1, 2),
        ("a: 1\na: 2\n", "duplicate key `a`, lines 1 and 2", 2, 1),
        ("[x]: 1\n", "a key that is no text", 1, 1),
        ("a: *nothing\n", "the alias `*nothing` names no anchor", 1, 4),
        ("a: &x 1\n---\nb: *x\n", "the alias `*x` names no anchor", 3, 4),
        ("a: {b: c\n", "did not find expected ',' or '}', while parsing a flow mapping", 2, 1),
        ("a: \x01\n", "unacceptable character #x0001: control characters are not allowed", 1, 1),
        ("[" * 200, "nested deeper than 100 levels", 1, 101),
    ],
)
def test_refusals(text: str, reason: str, line: int, column: int) -> None:
    error = refused(text)
    assert (error.reason, str(error), error.at.start) == (reason, reason, Position(line, column))


def test_documents_before_a_bad_one_are_given() -> None:
    found = documents(b"a: 1\n---\na: [\n")
    assert next(found).string("a") == "1"
    with pytest.raises(UnreadableError):
        next(found)


def test_aliases_cannot_explode() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    assert refused("\n".join(lines)).reason == "more than 2,000,000 values after aliases expand"


@pytest.mark.no_cover
@settings(max_examples=200)
@given(
    st.lists(
        st.sampled_from(["a", ": ", "- ", "\n", "  ", "{", "}", "[", "]", "&x ", "*x", "<<: ", "!t ",
                         "|\n", "'", '"', "---\n", "#", "\t", "?", ",", "\\", "é", "\r", "%"]),
        max_size=25,
    )
)  # fmt: skip
def test_any_text_is_read_or_refused(parts: list[str]) -> None:
    try:
        for found in documents("".join(parts).encode()):
            assert found.at.start <= found.at.end
    except UnreadableError as error:
        assert error.reason
        assert error.at.start >= (1, 1)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (r'{"a": "\ud83d\ude00!"}', "\U0001f600!"),
        (r'{"a": "\\\uD83D\uDE00"}', "\\\U0001f600"),
        (r'{"a": "\\ud83d\\ude00"}', r"\ud83d\ude00"),
    ],
)
def test_characters_that_json_writes_in_two_halves(text: str, value: str) -> None:
    assert only(text).string("a") == value
