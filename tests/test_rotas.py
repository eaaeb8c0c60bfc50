"""The guide to rotas: every file of it is checked, and what it says of other ways is true."""

import re
import shutil
from pathlib import Path

import pytest

from registry.checks.engine import check
from registry.workspace.options import Options
from tests.conftest import AT, ROOT

ROTAS = ROOT / "docs" / "rotas"
GUIDE = (ROOT / "docs" / "rotas.md").read_text("utf-8")
BESIDE = {"opmodel.yaml", "policy.yaml", "people.yaml", "alerts.yaml"}
"""What all of the rotas share."""


def _told(root: Path) -> list[tuple[str, str]]:
    return [(one.code, one.message) for one in check(str(root), Options(AT)).diagnostics]


def test_the_check_finds_nothing() -> None:
    assert _told(ROTAS) == []


def test_the_guide_shows_every_file_and_what_comes_of_it() -> None:
    sections = GUIDE.split("\n## ")[1:]
    shown = [re.findall(r"<!-- file: docs/rotas/(\S+) -->", one) for one in sections]
    assert all(len(names) == 1 for names in shown)
    assert {*(name for names in shown for name in names), *BESIDE} == {
        path.name for path in ROTAS.iterdir()
    }
    assert all("<!-- shows: " in one for one in sections)
    assert len(sections) >= 15


@pytest.mark.no_cover
@pytest.mark.parametrize(
    ("file", "old", "new", "code", "says"),
    [
        ("follow-the-sun.yaml", '"20:00"', '"18:00"', "OM301", "every day 22:00–23:00"),
        ("primary-and-secondary.yaml", "[cleo, dan, ada, ben]", "[ada, dan, cleo, ben]", "OM322",
         "reaches nobody new"),
        ("a-day-each.yaml", "        advance: served\n", "", "OM321", "never has a turn"),
        ("a-swap.yaml", "start: 2026-11-02T09:00", "start: 2026-11-09T09:00", "OM312",
         "has no shift there"),
        ("a-trainee.yaml", "[ada, ben, cleo, dan]", "[]", "OM302", "`training`"),
        ("a-deputy.yaml", ", deputy: vera", "", "OM320", "`ines`, who holds `head`, is away"),
        ("round-robin.yaml", "notify: [weekly]", "notify: [finn]", "OM308", "`in-turn`"),
    ],
)  # fmt: skip
def test_what_the_check_would_find(
    tmp_path: Path, file: str, old: str, new: str, code: str, says: str
) -> None:
    root = Path(shutil.copytree(ROTAS, tmp_path / "rotas"))
    text = (root / file).read_text("utf-8")
    assert text.count(old) == 1
    (root / file).write_text(text.replace(old, new), "utf-8")
    assert [one for one in _told(root) if one[0] == code and says in one[1]] != []
