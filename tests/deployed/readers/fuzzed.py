"""Hostile input for readers: arbitrary documents in a reader's own words, and spoilt samples."""

import copy
import json
from collections.abc import Iterable
from typing import Any

from hypothesis import strategies as st

from registry.deployed.model import Deployed
from registry.deployed.reader import Reader
from registry.source.foreign import Value, documents

ODD = (
    None,
    "",
    "x",
    "0",
    "-1",
    "9" * 5000,
    True,
    [],
    {},
    [None],
    [[]],
    {"id": None},
    {"id": "Z"},
    "${x}",
    "{{ y }}",
)
_GONE = object()


def values(words: Iterable[str]) -> st.SearchStrategy[Any]:
    """Any small document whose keys and texts are mostly words that a reader looks for."""
    word = st.sampled_from(sorted(words)) | st.text("aZ0é☂{}$*/\\# @:.|[]!,", max_size=6)
    scalar = st.none() | st.booleans() | st.integers(-3, 10**12) | word
    return st.recursive(
        scalar,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(word, inner, max_size=6),
        max_leaves=25,
    )


@st.composite
def spoilt(draw: st.DrawFn, sample: Any) -> Any:
    """A sample in which up to three places are taken out or replaced."""
    whole = {"": copy.deepcopy(sample)}
    for _ in range(draw(st.integers(1, 3))):
        places = list(_places(whole))
        holder, key = places[draw(st.integers(0, len(places) - 1))]
        replacement = draw(st.sampled_from((*ODD, _GONE)))
        if replacement is not _GONE:
            holder[key] = copy.deepcopy(replacement)
        elif key != "":
            del holder[key]
    return whole[""]


def _places(value: Any) -> Iterable[tuple[Any, Any]]:
    pairs = (
        list(value.items() if isinstance(value, dict) else enumerate(value))
        if isinstance(value, (dict, list))
        else []
    )
    for key, inner in pairs:
        yield value, key
        yield from _places(inner)


def parsed(document: Any) -> list[Value]:
    """Documents as they are read from a file of JSON."""
    return list(documents(json.dumps(document, ensure_ascii=False).encode(errors="replace")))


def given(reader: Reader, document: Any, name: str = "export.json") -> Deployed:
    """What a reader gives for one document that it recognizes."""
    found = parsed(document)
    assert reader.recognizes(found[0])
    assert reader.read is not None
    return reader.read(name, found)


def bears(reader: Reader, document: Any) -> None:
    """Assert that a reader says something of what it recognizes, the same each time."""
    assert reader.read is not None
    for found in parsed(document):
        everything = reader.read("export.json", [found])
        assert everything == reader.read("export.json", [found])
        assert all(one.reason and one.where.file == "export.json" for one in everything.not_read)
        assert all(one.number > 0 for one in everything.skipped)
        if reader.recognizes(found):
            assert any(everything), document
