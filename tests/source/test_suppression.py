"""Ignore comments: which there are, what they silence, and which line they speak of."""

import pytest

from registry.source.sources import Source
from registry.source.suppression import without_codes
from tests.effort import ends, is_linear


def found(text: str, name: str = "a.yaml") -> list[tuple[int, int, tuple[str, ...], str, int]]:
    comments = Source(name, text.encode()).comments()
    return [(*one.at.start, one.codes, one.reason, one.line) for one in comments]


@pytest.mark.parametrize(
    ("text", "codes", "reason", "line"),
    [
        ("a: b # opmodel: ignore[OM201] why not\n", ("OM201",), "why not", 1),
        ("# opmodel: ignore[OM201] why not\na: b\n", ("OM201",), "why not", 2),
        ("a:\n  # opmodel: ignore[OM201, OM202] - both\n  b: c\n", ("OM201", "OM202"), "both", 3),
        ("a: b #opmodel:ignore[OM201]: why\r\n", ("OM201",), "why", 1),
        ("a: b # opmodel: ignore\n", (), "", 1),
        ("a: b # opmodel: ignore all of it\n", (), "", 1),
        ("a: b # opmodel: ignore[OM201]\n", ("OM201",), "", 1),
        ("a: b # opmodel: ignore[OM201] - :\n", ("OM201",), "", 1),
        ("a: b # opmodel: ignore[] why\n", (), "why", 1),
        ("a: b # opmodel: ignore-file[OM201] why\n", (), "", 1),
        ("a: b # opmodel: ignore[OM201 why\n", (), "", 1),
    ],
)
def test_comment(text: str, codes: tuple[str, ...], reason: str, line: int) -> None:
    (one,) = found(text)
    assert one[2:] == (codes, reason, line)


@pytest.mark.parametrize(
    "text",
    [
        "a: b # nothing\n",
        "a: b # opmodel: see the handbook\n",
        "a: b#opmodel: ignore[OM201] part of the text\n",
        'a: "x # opmodel: ignore[OM201] quoted"\n',
        "a: |\n  x\n  # opmodel: ignore[OM201] in a block\n",
        "a: 'x\n  # opmodel: ignore[OM201] on a later line\n  y'\n",
    ],
)
def test_no_comment(text: str) -> None:
    assert found(text) == []


def test_what_follows_a_text_is_a_comment() -> None:
    text = 'a: "x # opmodel: ignore[OM1] no" # opmodel: ignore[OM201] yes\n'
    assert [one[2] for one in found(text)] == [("OM201",)]


def test_places() -> None:
    (one,) = Source("a.yaml", "ä: b # opmodel: ignore[OM201] why\n".encode()).comments()
    assert one.at.start == (1, 6)
    assert one.at.end == (1, 34)


def test_markdown() -> None:
    text = (
        "---\nowner: TODO # opmodel: ignore[OM401] soon\n---\n# Title\n"
        "<!-- opmodel: ignore[OM402] why --> text\n# opmodel: ignore[OM403] a heading\n"
        "text # opmodel: ignore[OM404] is text\n"
    )
    assert [one[2:] for one in found(text, "runbooks/a.md")] == [
        (("OM401",), "soon", 2), (("OM402",), "why", 5),
    ]  # fmt: skip


def test_a_file_that_is_no_text_is_read_as_far_as_it_goes() -> None:
    comments = Source("a.yaml", b"a: \xff # opmodel: ignore[OM201] why\n").comments()
    assert [one.codes for one in comments] == [("OM201",)]


@pytest.mark.no_cover
def test_comments_cost_in_proportion_to_the_file() -> None:
    def read(size: int) -> None:
        lines = (f"a{n}: b # opmodel: ignore[OM201] why\n" for n in range(size))
        assert len(found("".join(lines))) == size

    assert is_linear(read, 100, 400)
    with ends():  # what loops over the texts of a file makes no calls
        read(20_000)


@pytest.mark.parametrize(
    ("gone", "wanted"),
    [
        ("A1", "# opmodel: ignore[B2,  C3 ] why [A1]"), ("B2", "# opmodel: ignore[A1,  C3 ] why [A1]"),
        ("C3", "# opmodel: ignore[A1, B2] why [A1]"), ("D4", "# opmodel: ignore[A1, B2,  C3] why [A1]"),
    ],
)  # fmt: skip
def test_codes_go_out_of_a_comment(gone: str, wanted: str) -> None:
    text = "# opmodel: ignore[A1, B2,  C3 ] why [A1]"
    assert without_codes(text, lambda code: code == gone) == wanted.replace(" ]", "]")


def test_a_comment_without_codes_goes() -> None:
    assert without_codes("# opmodel: ignore[A1,] why", lambda _: True) is None
