"""A registry that is damaged is never called fine: no sign of the week turns false."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from registry.assess.assess import assess
from registry.assess.sign import Verdict
from registry.workspace.open import open_registry
from registry.workspace.options import Options
from tests.conftest import AT, ROOT, thirds

pytestmark = pytest.mark.no_cover

WEEK = ROOT / "examples" / "representative-week"
FILES = sorted(path.name for path in WEEK.glob("*.yaml") if path.name != "opmodel.yaml")
WAYS: dict[str, Callable[[str], str]] = {
    "cut in half": lambda text: text[: len(text) // 2],
    "emptied": lambda _: "",
    "unreadable": lambda text: text + "\n: [",
    "misspelt sections": lambda text: re.sub(r"(?m)^(\w+)s:", r"\1:", text),
    "values of another type": lambda text: re.sub(r"(?m)(?<=: )[^\s{\[].*$", "[[]]", text),
    "values left out": lambda text: re.sub(r"(?m)(?<=: )[^\s{\[].*$", "TODO", text),
    "names of nobody": lambda text: re.sub(r"(?<=: )[a-z][a-z-]*$", "nobody-known", text),
    "every fifth line lost": lambda text: "\n".join(
        line for number, line in enumerate(text.split("\n")) if number % 5
    ),
}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("way", thirds(WAYS))
def test_no_sign_turns_false(tmp_path: Path, way: str, name: str) -> None:
    shutil.copytree(WEEK, tmp_path / "week")
    path = tmp_path / "week" / name
    path.write_text(WAYS[way](path.read_text("utf-8")), "utf-8")
    options = Options(AT)
    found = assess(open_registry(str(tmp_path / "week"), options), options)
    assert [one.id for one in found.signs if one.verdict is Verdict.FALSE] == []
    assert found.reached is None
