"""Headings that are each other's equal, and changing a table's text."""

import pytest

from registry.output.table import Column, Table


def _headings(*columns: tuple[str, str]) -> tuple[str, ...]:
    return Table("t", "T", tuple(Column(*one) for one in columns), ()).headings


def test_different_headings_stay() -> None:
    assert _headings(("layer", ""), ("CTO", "cto"), ("Lead", "lead")) == ("layer", "CTO", "Lead")


def test_a_title_that_occurs_twice_gets_its_id() -> None:
    columns = (("Lead", "a"), ("CTO", "cto"), ("Lead", "b"))
    assert _headings(*columns) == ("Lead [a]", "CTO", "Lead [b]")


def test_a_title_that_a_fixed_column_has_gets_its_id() -> None:
    assert _headings(("team", ""), ("team", "t1")) == ("team", "team [t1]")


def test_a_title_that_looks_like_one_with_an_id_is_told_apart() -> None:
    columns = (("Lead", "a"), ("Lead", "b"), ("Lead [a]", "c"))
    assert _headings(*columns) == ("Lead [a]", "Lead [b]", "Lead [a] [c]")


def test_one_id_for_two_things_is_numbered() -> None:
    columns = (("X", "x"), ("X", "x"), ("X [x] (2)", "y"))
    assert _headings(*columns) == ("X [x]", "X [x] (3)", "X [x] (2)")


def test_changes_free_text_only() -> None:
    columns = (Column("layer", verbatim=True), Column("title"))
    table = Table("t", "T", columns, (("a", "b"),)).mapped(lambda text: text + "!")
    assert (table.title, table.headings, table.rows) == ("T!", ("layer!", "title!"), (("a", "b!"),))


def test_rows_are_as_long_as_the_columns() -> None:
    with pytest.raises(ValueError, match="a row of 2 cells under 1 columns"):
        Table("t", "T", (Column("a"),), (("1", "2"),))
