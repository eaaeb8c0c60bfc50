"""The fast reader takes ordinary files alone, and gives up on everything else."""

import pytest

from registry.source.yaml import read_ordinary


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("a: 1\n", {"a": 1}),
        ("a: {b: [c, 'd', \"e\", 1.5, true, {f: g}]}\n", {"a": {"b": ["c", "d", "e", 1.5, True, {"f": "g"}]}}),
        ("a:\n- - b\n  - c\n", {"a": [["b", "c"]]}),
        ("'1': '2'\n", {"1": "2"}),
        ("'<<': a\n", {"<<": "a"}),
        ("---\na: b\n...\n", {"a": "b"}),
    ],
)  # fmt: skip
def test_ordinary(text: str, data: object) -> None:
    assert read_ordinary(text.encode()) == data


@pytest.mark.parametrize(
    "text",
    [
        "", "# x\n", "{}\n", "- a\n", "a\n", "a: [b\n", "%YAML 1.2\n---\na: b\n", "a: b\n---\nc: d\n",
        "a: &x b\n", "a: &x [b]\n", "a: &x {b: c}\n", "a: !x b\n", "a: !x [b]\n", "a: !x {b: c}\n",
        "&x a: b\n", "!x a: b\n", "&x {a: b}\n", "!x {a: b}\n", "a: *x\n", "a: b\na: c\n", "1: a\n",
        "~: a\n", "<<: a\n", "'': a\nnull: b\n", "[a]: b\n", "a: TODO\n", "a: ''\n", "a:\n", "a: ~\n",
        "a: [TBD]\n", "a: .inf\n", "a: 1e999\n", "a: .nan\n", "a: [&x b]\n", "a: [!x b]\n",
        "a: [&x [b]]\n", "a: [&x {b: c}]\n", "a: [*x]\n", "a: n/a\n", "a: '???'\n", ": b\n",
        "a: " + "[" * 24 + "]" * 24, "a: " + "{b: " * 24 + "c" + "}" * 24,
    ],
)  # fmt: skip
def test_not_ordinary(text: str) -> None:
    assert read_ordinary(text.encode()) is None


def test_the_depth_that_is_ordinary() -> None:
    assert read_ordinary(("a: " + "[" * 23 + "x" + "]" * 23).encode()) is not None
