"""Documents in block YAML: every reader takes the same data from them."""

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from registry.output.yaml_document import document


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"a": 1, "b": True, "c": None}, "a: 1\nb: true\nc: null\n"),
        ({"a": {"b": ["c", {"d": 0.5, "e": []}]}, "f": {}},
         "a:\n  b:\n    - c\n    - d: 0.5\n      e: []\nf: {}\n"),
        ([["a", "b"], [], {}], "- - a\n  - b\n- []\n- {}\n"),
        ("plain", "plain\n"),
        ({"no": "yes", "on": "1d", "n": "30"}, '"no": "yes"\n"on": 1d\n"n": "30"\n'),
        ({"a": 'say "x{y=\'z\'}"'}, "a: 'say \"x{y=''z''}\"'\n"),
        ({"a": "two\nlines", "b": "a: b", "c": "", "d": "/x/y.z"},
         'a: "two\\nlines"\nb: "a: b"\nc: ""\nd: /x/y.z\n'),
    ],
)  # fmt: skip
def test_is_written(value: object, text: str) -> None:
    assert document(value) == text


def test_comments_come_first_and_end_with_their_line() -> None:
    assert document({"a": 1}, ["one\ntwo", ""]) == "# one two\n#\na: 1\n"


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20) | st.sampled_from(
    ["true", "No", "null", "~", "1e3", "0x1f", "12:30", "1_000", "2026-01-01", "- a", "# b", "a #b", "{", "'", "a: b", "1d", "=", "<<"]
)  # fmt: skip
VALUES: st.SearchStrategy[Any] = st.recursive(
    TEXTS | st.integers(-(2**53), 2**53) | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.no_cover
@given(st.dictionaries(TEXTS, VALUES, min_size=1, max_size=4))
def test_is_read_back_by_readers_of_either_version(value: dict[str, Any]) -> None:
    text = document(value)
    assert YAML(typ="safe", pure=True).load(text) == value
    assert yaml.safe_load(text) == value
