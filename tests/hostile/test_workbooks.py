"""Hostile workbooks, imported in the cage: one clear error each, and nothing touched."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import HOSTILE
from tests.hostile.cage import MEMORY, Cage

WORKBOOKS = sorted(HOSTILE.glob("x*.xlsx"))
SAYS = {
    "x01_xxe.xlsx": "document type (DTD), which is not allowed",
    "x02_billion_laughs.xlsx": "document type (DTD), which is not allowed",
    "x04_huge_dimension.xlsx": "no role matrix",
    "x05_formula_cells.xlsx": "Teams!C2: a formula; Teams!B3: a formula; Teams!C3: an error",
    "x07_types_and_headers.xlsx": "Teams!A2: a number; Teams!B2: a truth value; Teams!C2: a number",
    "x08_zip_slip.xlsx": "is there twice",
    "x10_missing_parts.xlsx": "a damaged workbook",
    "x11_not_a_zip.xlsx": "not an XLSX workbook",
    "x13_ole_encrypted.xlsx": "password-protected, or an old .xls",
}


def test_every_workbook_of_the_manifest_is_here() -> None:
    with (HOSTILE / "hostile.csv").open(encoding="utf-8", newline="") as file:
        listed = {row[0] for row in csv.reader(file) if row[0].endswith(".xlsx")}
    assert listed == set(SAYS) == {path.name for path in WORKBOOKS}


@pytest.mark.parametrize("path", WORKBOOKS, ids=lambda path: path.stem)
def test_a_workbook_ends_in_one_clear_error(
    path: Path, registry: Callable[..., Path], cage: Cage
) -> None:
    root = registry({path.name: path.read_bytes()})
    ended = cage.run(root, "import", "role-matrix", str(root / path.name), str(root), "--apply")
    assert ended.exit == 2, ended.errors
    assert ended.output == ""
    assert ended.errors.count("\n") == 1
    assert f"{path.name}: " in ended.errors
    assert SAYS[path.name] in ended.errors
    assert ended.memory < MEMORY
    assert ended.forbidden == []
