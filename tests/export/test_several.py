"""One table of several registries: whose each row is, and columns that mean the same."""

import csv
from pathlib import Path

import pytest

from registry.cli.main import main
from registry.export.several import joined, titled, told_apart
from registry.output.table import Column, Table

SHOP = "opmodel: 1\nname: shop\nstage: poc\npeople: {ana: {name: Ana}}\nroles: {cto: {title: CTO, holder: ana}}\n"
ROW = "ownership: {cost: {title: Cost, accountable: cto, responsible: [ana]}}\n"


@pytest.fixture
def folders(tmp_path: Path) -> list[str]:
    for name, text in (
        ("shop", SHOP + ROW),
        ("search", SHOP.replace("shop", "search").replace("title: CTO", "title: Chief") + ROW),
        ("copy", SHOP + ROW.replace("title: Cost", "title: 7, nobody: 1")),
    ):
        (tmp_path / name).mkdir()
        (tmp_path / name / "opmodel.yaml").write_text(text)
    return [str(tmp_path / name) for name in ("shop", "search", "copy")]


def test_a_row_says_whose_it_is(folders: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "role-matrix", *folders[:2]]) == 0
    shop, search = csv.DictReader(capsys.readouterr().out.splitlines())
    assert (shop["registry"], search["registry"]) == ("shop", "search")
    assert (shop["Ana"], search["Ana"]) == ("R", "R"), "one person, one column"
    assert (shop["CTO"], shop["Chief"]) == ("A", ""), "a role of another title is another's"
    assert (search["CTO"], search["Chief"]) == ("", "A")


def test_registries_of_one_name_are_told_apart(
    folders: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", "role-matrix", *folders, "--format", "md"]) == 0
    out, err = capsys.readouterr()
    assert f"shop ({folders[0]})" in out.replace("\\", "")
    assert f"shop ({folders[2]}): 1 field could not be read" in err


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        (["role-matrix", "--blank"], "--blank is one registry's template"),
        (["runbooks"], "export runbooks: pages are of one registry"),
        (["role-matrix", "--by", "tribe"], "role-matrix has no `--by tribe`"),
    ],
)
def test_what_several_cannot_have(
    folders: list[str], argv: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", argv[0], *folders[:2], *argv[1:], "-o", "out.csv"]) == 2
    assert says in capsys.readouterr().err


def test_one_that_is_no_registry(
    folders: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty").mkdir()
    assert main(["export", "role-matrix", folders[0], str(tmp_path / "empty")]) == 2
    assert "no registry" in capsys.readouterr().err


def test_columns_stand_where_they_first_stand() -> None:
    one = Table("t", "T", (Column("id"), Column("x", "x")), (("1", "a"),))
    other = Table("t", "T", (Column("id"), Column("y", "y"), Column("x", "x")), (("2", "b", "c"),))
    made = joined([("p", one), ("q", other)])
    assert [column.heading for column in made.columns] == ["registry", "id", "x", "y"]
    assert made.rows == (("p", "1", "a", ""), ("q", "2", "c", "b"))
    with pytest.raises(ValueError, match="no table to join"):
        joined([])


def test_words() -> None:
    assert titled("role-matrix", ["a", "b"]) == "Role matrix of a, b"
    assert titled("role-matrix", ["a"] * 4) == "Role matrix of 4 registries"
    assert told_apart(["a", "b", "a"], ["x", "y", "z"]) == ["a (x)", "b", "a (z)"]
