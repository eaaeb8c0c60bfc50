"""YAML inside YAML: what a ConfigMap or Secret holds, and where each value of it stands."""

import base64
import gzip

import pytest

from registry.source.embedded import MAX_UNPACKED, held, inside
from registry.source.foreign import UnreadableError, Value, documents


def resource(text: str) -> Value:
    return next(documents(text.encode()))


def encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def texts(text: str) -> dict[str, str]:
    return {one.key: one.text for one in held(resource(text))}


def test_files_of_a_configmap() -> None:
    binary = encoded(b"c: d\n")
    found = texts(
        f"kind: ConfigMap\ndata: {{x.yml: 'a: b', y: null}}\nbinaryData: {{z: {binary}}}\n"
    )
    assert found == {"x.yml": "a: b", "y": "", "z": "c: d\n"}


def test_files_of_a_secret() -> None:
    found = texts(
        "kind: Secret\n"
        f"data: {{a: {encoded(b'x: y')}, b: '%%', gz: {encoded(gzip.compress(b'u: v'))}}}\n"
        "stringData: {c: 'plain: text'}\n"
    )
    assert found == {"a": "x: y", "b": "", "gz": "u: v", "c": "plain: text"}


@pytest.mark.parametrize(
    "packed",
    [b"\x1f\x8bno", gzip.compress(b"a: b")[:-4], gzip.compress(b" " * (MAX_UNPACKED + 1))],
    ids=["spoilt", "cut", "bomb"],
)
def test_what_cannot_be_unpacked_is_no_text(packed: bytes) -> None:
    assert texts(f"kind: Secret\ndata: {{a: {encoded(packed)}}}\n") == {"a": ""}


def test_lines_of_a_block_are_kept() -> None:
    (text,) = held(
        resource("kind: ConfigMap\ndata:\n  x.yml: |\n    a: [b]\n    c:\n      d: e\n---\nf: g\n")
    )
    (found,) = inside(text)
    inner = found.get("c", "d")
    assert inner is not None
    assert inner.at.start.line == 6
    assert found.keys["c"].start.line == 5
    assert [one.at.start.line for one in found.each("a")] == [4]


def test_what_was_encoded_stands_at_its_text() -> None:
    (text,) = held(resource(f"kind: Secret\ndata:\n  x.yml: {encoded(b'a: 1' + b'%d' % 2)}\n"))
    (found,) = inside(text)
    assert found.keys["a"] == found.at == text.holder.at


def test_a_text_that_is_no_yaml() -> None:
    (text,) = held(resource("kind: ConfigMap\ndata: {x.yml: 'a: ['}\n"))
    with pytest.raises(UnreadableError):
        inside(text)
