"""How answers are laid out: lines of so many columns."""

import pytest

from registry.output.terminal import width, wrapped


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", ["- "]),
        ("one", ["- one"]),
        ("one two three", ["- one two", "  three"]),
        ("one two  three\n\nfour\tfive ", ["- one two", "  three four", "  five"]),
        ("a-very-long-id_of.mine after", ["- a-very-long-id_of.mine", "  after"]),
        (
            "see `https://a.example/b?c=d`, then",
            ["- see", "  `https://a.example/b?c=d`,", "  then"],
        ),
        ("ééééééééééééé é", ["- éééééééééé", "  ééé é"]),
        ("検索設定を確認", ["- 検索設定を", "  確認"]),
        ("ab検cd設ef定gh確", ["- ab検cd設ef", "  定gh確"]),
        ("e\u0301" * 12, ["- " + "e\u0301" * 10, "  " + "e\u0301" * 2]),
        ("\x1b[31mred", ["- \\x1b[31mre", "  d"]),
        ("a\u202eb", ["- a\\u202eb"]),
        ("x" * 301, None),
    ],
)
def test_lines_of_twelve_columns(text: str, lines: list[str] | None) -> None:
    found = wrapped(text, 12, "- ", "  ")
    assert lines is None or found == lines
    assert all(width(line) <= 12 for line in found) or "a-very" in text or "https" in text
    assert "".join(line[2:] for line in found).replace(" ", "") == (
        "".join(wrapped(text, 10_000)).replace(" ", "")
    )


def test_a_text_without_end_is_cut() -> None:
    assert sum(map(len, wrapped("word " * 1000, 60))) < 1100
