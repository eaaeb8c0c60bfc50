"""Bytes to text: encodings, byte order marks, and what a reader cannot see."""

import pytest

from registry.source.text import decode, describe, excerpt, readable


def problems(raw: bytes) -> list[tuple[str, int, int]]:
    found = decode(raw, "a.yaml").problems
    return [(one.code, one.primary.at.start.line, one.primary.at.start.column) for one in found]


def test_plain_text_passes() -> None:
    for raw in (b"", b"a: b\r\nc: d\r\n", b"\ttabs\n", "näme: 田中 👩‍🚀\n".encode()):
        found = decode(raw, "a.yaml")
        assert found.data == raw
        assert found.problems == ()


def test_one_byte_order_mark_is_taken_off() -> None:
    assert decode(b"\xef\xbb\xbfa: b", "a.yaml").data == b"a: b"
    assert problems(b"\xef\xbb\xbf\xef\xbb\xbfa: b") == [("OM014", 1, 1)]


@pytest.mark.parametrize(
    ("raw", "line", "column", "says"),
    [
        (b"a: \xff", 1, 4, "byte 0xff"),
        (b"a: b\nc: caf\xe9 x", 2, 7, "byte 0xe9"),
        ("ä: ".encode() + b"\xc0\xaf", 1, 4, "byte 0xc0"),
        (b"a: \xed\xa0\x80", 1, 4, "byte 0xed"),
        ("a: b\n".encode("utf-16"), 1, 1, "UTF-16"),
        ("teams: {}\n".encode("utf-16-le"), 1, 1, "UTF-16"),
        ("teams: {}\n".encode("utf-16-be"), 1, 1, "UTF-16"),
        ("téams: {}\n".encode("utf-16-be"), 1, 1, "UTF-16"),
    ],
)
def test_not_utf8(raw: bytes, line: int, column: int, says: str) -> None:
    found = decode(raw, "a.yaml")
    assert found.data is None
    assert problems(raw) == [("OM001", line, column)]
    assert says in found.problems[0].message


@pytest.mark.parametrize(
    "character",
    ["\0", "\x07", "\x1b", "\x7f", "\x85", "\x9b", "\u00ad", "\u200b", "\u200e", "\u2028", "\u2029",
     "\u202e", "\u2060", "\u2066", "\ufeff", "\ufff9", "\uffff", "\U000e0041", "\r", "\x0b", "\x0c"],
)  # fmt: skip
def test_hidden(character: str) -> None:
    text = f"a: b\nname: x{character}y\n"
    assert problems(text.encode()) == [("OM014", 2, 8)]
    message = decode(text.encode(), "a.yaml").problems[0].message
    assert f"U+{ord(character):04X}" in message


def test_a_finding_a_line_and_a_bound() -> None:
    assert problems(b"a\x1bb\x1bc\n\x00\n") == [("OM014", 1, 2), ("OM014", 2, 1)]
    assert len(problems(b"\x1b\n" * 100)) == 20


def test_one_finding_names_at_most_eight_characters() -> None:
    message = decode("".join(map(chr, range(1, 9))).encode() + b"\x0b\x0c", "a").problems[0].message
    assert message.count("U+") == 8


def test_describe() -> None:
    assert describe("\x1b") == "U+001B (ESC)"
    assert describe("\U000e0041") == "U+E0041"
    assert describe("\r") == "U+000D (lone carriage return)"


def test_excerpt() -> None:
    assert excerpt("a: b\r\n") == "a: b"
    assert excerpt("x" * 200) == "x" * 200
    cut = excerpt("x" * 201)
    assert len(cut) == 200
    assert cut.endswith("…")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", ["roles: {}\n", "téams:\n  é: {name: 中}\n", "people: {a: {}}"])
def test_utf_16_is_shown_as_text(encoding: str, text: str) -> None:
    assert readable(text.encode(encoding)) == text.encode()


def test_what_is_no_utf_16_is_shown_as_it_is() -> None:
    assert readable(b"caf\xe9: 1") == b"caf\xe9: 1"
    assert readable(b"\xff\xfea") == "�".encode()
    assert readable(b"\xff\xfe\x00\xd8") == "�".encode()
