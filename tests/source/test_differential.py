"""Our reader and ruamel.yaml (pure Python, YAML 1.2) see the same data at the same places."""

import io
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.source.composer import compose
from registry.source.text import decode
from registry.source.yaml import read_ordinary
from tests.conftest import HOSTILE, sizes
from tests.source.reference import Refused, differences

pytestmark = pytest.mark.no_cover

ALL_BELOW = 3000
EVERY = 8
"""Of the corpus's files, all below so many bytes are read, and of the larger ones each n-th."""


def files(folder: Path) -> list[Path]:
    found = sorted(one for one in folder.rglob("*.y*ml") if one.is_file())
    small = [one for one in found if one.stat().st_size < ALL_BELOW]
    return small + [one for one in found if one.stat().st_size >= ALL_BELOW][::EVERY]


@pytest.mark.corpus
@pytest.mark.parametrize("part", sizes(10, 1))
def test_corpus(corpus: Path, part: int) -> None:
    compared, refused = 0, []
    for path in files(corpus)[::part]:
        data = decode(path.read_bytes(), path.name).data
        if data is None:
            continue
        composed = compose(data, path.name)
        if composed.data is not None:
            if all(one.code != "OM002" for one in composed.problems):
                assert differences(data.decode(), composed) == [], path
                compared += 1
        elif composed.problems[0].message.startswith("not YAML"):
            refused.append(path)
    assert compared > 800 // part
    for path in refused:  # what we call a syntax error is one to others, too
        with pytest.raises(yaml.YAMLError):
            list(yaml.parse(path.read_bytes(), Loader=yaml.SafeLoader))


def test_hostile() -> None:
    compared = 0
    for path in sorted(HOSTILE.glob("*.yaml")):
        data = decode(path.read_bytes(), path.name).data
        composed = compose(data, path.name) if data is not None else None
        if data is None or composed is None or composed.data is None or len(data) > 20_000:
            continue
        if all(one.code != "OM002" for one in composed.problems):
            assert differences(data.decode(), composed) == [], path
            compared += 1
    assert compared >= 20


@pytest.mark.corpus
def test_the_fast_reader_gives_the_same_data(corpus: Path) -> None:
    taken = 0
    for path in [*files(corpus), *sorted(HOSTILE.glob("*.yaml"))]:
        data = decode(path.read_bytes(), path.name).data
        fast = read_ordinary(data) if data is not None else None
        if fast is None or data is None:
            continue
        composed = compose(data, path.name)
        assert composed.data == fast, path
        assert composed.problems == (), path
        taken += 1
    assert taken > 500


TEXTS = st.one_of(
    st.text(st.sampled_from("ab: -#[]{},'\"|>&*!%@?~.0123456789eExo+_<=\n\täß中"), max_size=12),
    st.sampled_from(
        ["null", "~", "true", "No", "12:30", "017", "0o17", "0x1f", "1e3", ".inf", "-.5", "<<",
         "1.10", "2026-11-24", "TODO", "- ", "a: b", "a #b", "=", "|", "'", "\n", "a\n\nb\n"]
    ),
)  # fmt: skip
VALUES = st.recursive(
    st.one_of(
        TEXTS, st.integers(-(10**20), 10**20), st.floats(allow_nan=False), st.booleans(), st.none()
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(TEXTS.filter(bool), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.dictionaries(TEXTS.filter(bool), VALUES, min_size=1, max_size=4),
    st.sampled_from([None, True, False]),
    st.sampled_from([None, "'", '"', "|", ">"]),
    st.sampled_from([2, 4, 9]),
    st.sampled_from([12, 80]),
    st.booleans(),
)
def test_generated_documents(
    data: dict[str, Any], flow: bool | None, style: str | None, indent: int, width: int, crlf: bool
) -> None:
    stream = io.StringIO()
    yaml.safe_dump(
        data, stream, default_flow_style=flow, default_style=style, indent=indent, width=width,
        allow_unicode=True, sort_keys=False, line_break="\r\n" if crlf else "\n",
    )  # fmt: skip
    compare(stream.getvalue().replace("\n\r\n", "\r\n"))


PIECES = st.lists(
    st.sampled_from(
        ["a", "b", "é", "中", ":", ": ", " ", "  ", "\n", "\n  ", "\n\n", "\r\n", "- ", "-", "{", "}", "[",
         "]", ",", ", ", "'", '"', "#", " #", "|", ">", "|-\n  ", "&x ", "*x", "? ", "~", "0", "1.5",
         ".5", "1e3", "0x1", "null", "true", "\\n", "\\", "%", "@", "`", "---\n", "...\n", "<<"]
    ),
    min_size=1,
    max_size=16,
)  # fmt: skip


@settings(max_examples=1000)
@given(PIECES)
def test_pieces_of_yaml(pieces: list[str]) -> None:
    compare("".join(pieces))


def compare(text: str) -> None:
    data = decode(text.encode(), "a.yaml").data
    if data is None:
        return
    composed = compose(data, "a.yaml")
    fast = read_ordinary(data)
    if fast is not None:
        assert composed.data == fast
        assert composed.problems == ()
    if composed.data is None:
        return
    try:
        assert differences(data.decode(), composed) == []
    except Refused:
        return
