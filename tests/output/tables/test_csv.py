"""Cells that a spreadsheet would run: found whatever stands before them, and read back as text."""

import re
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.output.table import Column, Table
from registry.output.tables.csv import harmless, render
from tests.output.tables.reading import original

RUN = ["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "\n=1", " =1", "\u200b=1", "\x0b=1"]
PLAIN = ["", "A", "a=1", "0123", "1E5", "2026-03-29", "TRUE", '"=1', "';=1", "é=1", "'", "''", "#1"]


@pytest.mark.parametrize("cell", RUN)
def test_gets_an_apostrophe(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"
    assert original(harmless(cell)) == cell


@pytest.mark.parametrize("cell", PLAIN)
def test_stays(cell: str) -> None:
    assert harmless(cell) == cell
    assert original(cell) == cell


def test_what_looks_escaped_already_is_told_apart() -> None:
    cells = ["=1", "'=1", "''=1", "' =1"]
    written = [harmless(cell) for cell in cells]
    assert written == ["'=1", "''=1", "'''=1", "'' =1"]
    assert [original(cell) for cell in written] == cells


@pytest.mark.no_cover
def test_every_invisible_character_and_every_sign_is_known() -> None:
    """Unicode itself says which characters are invisible, and which stand for a sign."""
    for code in range(sys.maxunicode + 1):
        char = chr(code)
        if char.isspace() or unicodedata.category(char) in {"Cc", "Cf"}:
            assert harmless(f"{char}=1") == f"'{char}=1", f"U+{code:04X}"
        if unicodedata.normalize("NFKC", char) in {"=", "+", "-", "@"}:
            assert harmless(f"{char}1") == f"'{char}1", f"U+{code:04X}"


@given(st.text(alphabet=st.one_of(st.sampled_from("'=+-@ \t\r\n\u200b"), st.characters())))
def test_reads_back(cell: str) -> None:
    assert original(harmless(cell)) == cell


@pytest.mark.parametrize(
    "cell",
    ["a\n::error::x", "a\r\n  ::error::x", "a\r::x", "a\n##[error]x", "a\n\t##vso[x]y", "a\n\u200b::x",
     "a\n'::x", "a\n\n::x", "\n::x", "a\u2028::x"],
)  # fmt: skip
def test_no_line_commands_a_build_s_host(cell: str) -> None:
    made = _written("first", cell, "last")
    for line in made.replace("\r", "\n").split("\n"):
        assert not re.match(r"[\s\u200b]*(::|##)", line)
    assert "x" in made


@given(st.text(st.characters(categories=["Cc", "Zl", "Zp", "Po", "Ll"]), max_size=12))
def test_no_control_character_is_written(cell: str) -> None:
    made = _written(cell, "last").replace("\r\n", "\n")
    kept = [one for one in made if unicodedata.category(one) in {"Cc", "Zl", "Zp"}]
    assert set(kept) <= {"\n", "\t"}
    assert not re.search(r"^\s*(::|##)", made, re.M)


def test_a_line_break_and_what_is_harmless_stay() -> None:
    assert _written("a\nb: c", "d::e") == '"one","two"\r\n"a\nb: c","d::e"\r\n'
    assert _written("red\x1b[2J", "nul\0") == '"one","two"\r\n"red\u241b[2J","nul\u2400"\r\n'


def _written(*cells: str) -> str:
    columns = tuple(Column(name) for name in ("one", "two", "three")[: len(cells)])
    return render(Table("t", "T", columns, (cells,))).decode("utf-8")
