"""The page for notebooks: its code runs from top to bottom, and names all that is public."""

import re

import pytest

import registry
from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "notebooks.md").read_text("utf-8")
README = (ROOT / "README.md").read_text("utf-8")


def blocks(text: str) -> list[str]:
    return re.findall(r"(?ms)^```python\n(.*?)^```$", text)


@pytest.mark.parametrize("text", [PAGE, README], ids=["notebooks", "readme"])
def test_code_runs(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    names: dict[str, object] = {}
    assert blocks(text)
    for number, block in enumerate(blocks(text)):
        exec(compile(block, f"block {number}", "exec"), names)


def test_every_public_name_is_told() -> None:
    assert [name for name in registry.__all__ if not re.search(rf"\b{name}\b", PAGE)] == []
