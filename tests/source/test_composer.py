"""The thorough reader: data, the place of every key and value, and each fault at its place."""

from typing import Any

import pytest

from registry.source.composer import MAX_ALIAS_NODES, MAX_DEPTH, Composed, compose
from registry.span import KeyPath, Location, Part


def read(text: str) -> Composed:
    return compose(text.encode(), "a.yaml")


def faults(text: str) -> list[tuple[str, int, int]]:
    found = read(text).problems
    return [(one.code, one.primary.at.start.line, one.primary.at.start.column) for one in found]


def place(text: str, path: KeyPath, part: Part = "value") -> str:
    """Cut out what a location spans."""
    start, end = read(text).span(Location("a.yaml", path, part))
    lines = text.split("\n")
    if start.line == end.line:
        return lines[start.line - 1][start.column - 1 : end.column - 1]
    first, *middle, last = lines[start.line - 1 : end.line]
    return "\n".join([first[start.column - 1 :], *middle, last[: end.column - 1]])


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("", {}), ("# only\n", {}), ("---\n", {}), ("---\n...\n", {}), ("{}", {}),
        ("%YAML 1.2\n---\na: 1\n", {"a": 1}),
        ("a: [1, 1.5, x, 'y', \"z\", ~, true, ]", {"a": [1, 1.5, "x", "y", "z", None, True]}),
        ("a:\n- b\n-\n  - c\n", {"a": ["b", ["c"]]}),
        ("a: |\n  x\n  y\nb: >-\n  x\n  y\n", {"a": "x\ny\n", "b": "x y"}),
        ("'1': a\n\"null\": b\n", {"1": "a", "null": "b"}),
        ("? a\n: b\n? [c\n", None),
        ("a: &x {b: 1}\nc: *x\n", {"a": {"b": 1}, "c": {"b": 1}}),
        ("&k a: b\nc: *k\n", {"a": "b", "c": "a"}),
        ("a: b #c\nd: e#f\n", {"a": "b", "d": "e#f"}),
        ("2026-11-24: day\n", {"2026-11-24": "day"}),
    ],
)  # fmt: skip
def test_data(text: str, data: Any) -> None:
    assert read(text).data == data


def test_places() -> None:
    text = "a:\n  b: [x, {c: 'y z'}]\n  d: |\n    one\n    two\ne: \"ä ö\" # f\n"
    assert place(text, ("a",), "key") == "a"
    assert place(text, ("a",)) == "b: [x, {c: 'y z'}]\n  d: |\n    one\n    two\n"
    assert place(text, ("a", "b")) == "[x, {c: 'y z'}]"
    assert place(text, ("a", "b", 0)) == "x"
    assert place(text, ("a", "b", 1)) == "{c: 'y z'}"
    assert place(text, ("a", "b", 1, "c")) == "'y z'"
    assert place(text, ("a", "b", 1, "c"), "key") == "c"
    assert place(text, ("a", "b", 1), "key") == "{c: 'y z'}", "an item has no key"
    assert place(text, ("a", "d")).startswith("|\n")
    assert place(text, ("e",)) == '"ä ö"'


def test_what_is_absent_stands_at_its_nearest_key() -> None:
    text = "a:\n  b: {c: 1}\n"
    assert place(text, ("a", "b", "x")) == "b"
    assert place(text, ("a", "y", "z")) == "a"
    assert read(text).span(Location("a.yaml", ("q",))).start == (1, 1)


def test_places_through_aliases() -> None:
    text = "a: &x {b: {c: 1}}\nd: *x\ne: {f: *x}\n"
    assert place(text, ("d",)) == "*x"
    assert place(text, ("d", "b", "c")) == "1"
    assert place(text, ("e", "f", "b"), "key") == "b"
    assert read(text).node(("d", "nothing")) is None


def test_spelling() -> None:
    nodes = read("a: 1.10\nb: 'x'\nc: [d]\ne:\nf: &y +44\ng: *y\n").nodes
    assert nodes["a",].text == "1.10"
    assert nodes["a",].plain
    assert nodes["b",].text == "x"
    assert not nodes["b",].plain
    assert nodes["c",].text is None
    assert nodes["e",].text == ""
    assert (nodes["g",].text, nodes["g",].plain) == ("+44", True)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a: [b\n", [("OM001", 1, 4)]),
        ("a: b: c\n", [("OM001", 1, 5)]),
        ("\tb: c\n", [("OM001", 1, 1)]),
        ("a: *b\n", [("OM001", 1, 4)]),
        ("a: @b\n", [("OM001", 1, 4)]),
        ("%YAML 1.1\n---\na: b\n", [("OM001", 1, 1)]),
        ("%TAG ! x:\n---\na: b\n", [("OM013", 1, 1)]),
        ("a: b\n---\nc: d\n", [("OM001", 2, 1)]),
        ("a: b\n...\nc: d\n", [("OM001", 3, 1)]),
        ("- a\n", [("OM006", 1, 1)]),
        ("\n  text\n", [("OM006", 2, 3)]),
        ("a: 1\na: 2\n", [("OM002", 2, 1)]),
        (
            "1: a\n1.0: b\ntrue: c\n~: d\n'': e\n? \n: f\n",
            [("OM006", n, c) for n, c in ((1, 1), (2, 1), (3, 1), (4, 1), (6, 2))],
        ),
        ("[a]: b\n", [("OM006", 1, 1)]),
        ("? {a: b}\n: c\n", [("OM006", 1, 3)]),
        ("a: &x b\n*x : c\n", [("OM006", 2, 1)]),
        ("a: !x b\n", [("OM013", 1, 4)]),
        ("!x a: b\n", [("OM013", 1, 1)]),
        ("a: ! b\n", [("OM013", 1, 4)]),
        ("<<: {a: b}\n", [("OM013", 1, 1)]),
        ("'<<': {a: b}\n", []),
        ("a: &x b\nc: &x d\n", [("OM013", 2, 4)]),
        ("a: &x b\n&x c: d\n", [("OM013", 2, 1)]),
        ("a: &x [*x]\n", [("OM013", 1, 8)]),
        ("a: &x {b: *x}\n", [("OM013", 1, 11)]),
    ],
)
def test_faults(text: str, found: list[tuple[str, int, int]]) -> None:
    assert faults(text) == found


@pytest.mark.parametrize(
    "text",
    ["a: !x b", "<<: {}", "a: &x b\nc: &x d", "- a", "a: b\n---\n", "a: [", "a: &x [*x]"],
)
def test_what_cannot_be_trusted_gives_no_data(text: str) -> None:
    assert read(text).data is None


def test_a_fault_of_one_key_keeps_the_rest() -> None:
    assert read("1: {x: y}\na: b\n").data == {"a": "b"}
    assert read("[c]: {x: y}\na: b\n").data == {"a": "b"}


def test_the_tag_is_named_as_it_is_written() -> None:
    assert "`!!str`" in read("a: !!str b\n").problems[0].message
    assert "`!python/x`" in read("a: !python/x b\n").problems[0].message


def test_the_alias_in_its_own_anchor_is_no_missing_anchor() -> None:
    assert "inside its own anchor" in read("a: &x [*x]\n").problems[0].message
    assert "has no anchor `&x`" in read("a: *x\n").problems[0].message


def test_depth() -> None:
    deepest = "a: " + "[" * (MAX_DEPTH - 1) + "]" * (MAX_DEPTH - 1)
    assert faults(deepest) == []
    assert faults("a: " + "[" * MAX_DEPTH + "x" + "]" * MAX_DEPTH) == [("OM013", 1, MAX_DEPTH + 4)]
    assert [code for code, _, _ in faults("{a: " * 500 + "}" * 500)] == ["OM013"]


def test_aliases_within_bounds() -> None:
    times = MAX_ALIAS_NODES // 10
    text = "a: &x [1,2,3,4,5,6,7,8,9]\nb: [" + "*x," * times + "]\n"
    assert faults(text) == []
    more = text.replace("[*x", "[*x,*x")
    assert [code for code, _, _ in faults(more)] == ["OM013"]


def test_aliased_text_is_bounded_too() -> None:
    text = "a: &x " + "y" * 100_000 + "\nb: [" + "*x," * 10 + "]\n"
    assert faults(text) == []
    assert [code for code, _, _ in faults(text.replace("[*x", "[*x,*x"))] == ["OM013"]


def test_a_repeated_key_hides_nothing() -> None:
    text = (
        "people:\n  a: {name: A}\nteams: {t: {name: T}}\npeople:\n  a: {name: B, until: C}\n"
        "  b: {name: [B]}\npeople:\n  c: {name: C}\n"
    )
    found = read(text)
    assert found.data == {
        "people": {
            "a": {"name": "A", "until": "C"}, "b": {"name": ["B"]}, "c": {"name": "C"},
        },
        "teams": {"t": {"name": "T"}},
    }  # fmt: skip
    assert [one.code for one in found.problems] == ["OM002"] * 2
    assert place(text, ("people", "a", "name")) == "A"
    assert place(text, ("people", "a", "until")) == "C"
    assert place(text, ("people", "b"), "key") == "b"
    assert place(text, ("people", "b", "name", 0)) == "B"
    assert place(text, ("people", "c", "name")) == "C"


def test_a_repeated_key_joins_only_mappings() -> None:
    assert read("a: 1\na: {b: 2}\n").data == {"a": 1}
    assert read("a: {b: 2}\na: [3]\n").data == {"a": {"b": 2}}


def test_a_repeated_key_changes_no_other_place() -> None:
    found = read("x: &x {p: 1}\na: *x\na: {q: *y}\n")
    assert [one.code for one in found.problems] == ["OM002", "OM001"]
    found = read("x: &x {p: 1}\na: *x\na: {q: *x}\n")
    assert found.data == {"x": {"p": 1}, "a": {"p": 1, "q": {"p": 1}}}
    assert found.span(Location("a.yaml", ("a", "q", "p"))).start == (1, 11)


def test_a_key_that_begins_with_nul_is_a_key() -> None:
    found = read('a: {"\\0b": 1, "\\0b": 2}\n')
    assert found.data == {"a": {"\0b": 1}}


@pytest.mark.no_cover
def test_repeated_keys_take_linear_time() -> None:
    rows = "".join(f"  m{n}: {{a: 1, b: 2}}\n" for n in range(5000))
    found = read(("metrics:\n" + rows) * 3)
    assert found.data is not None
    assert len(found.data["metrics"]) == 5000
    assert [one.code for one in found.problems] == ["OM002"] * 2


def test_no_more_than_200_faults() -> None:
    assert len(faults("".join(f"{n}: a\n" for n in range(500)))) == 200
