"""The page for notebooks: its code runs from top to bottom, and names all that is public."""

import inspect
import re

import pytest

import registry
from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "notebooks.md").read_text("utf-8")
README = (ROOT / "README.md").read_text("utf-8")


def blocks(text: str) -> list[str]:
    return re.findall(r"(?ms)^```python\n(.*?)^```$", text)


@pytest.mark.no_cover
@pytest.mark.parametrize("text", [PAGE, README], ids=["notebooks", "readme"])
def test_code_runs(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    names: dict[str, object] = {}
    assert blocks(text)
    for number, block in enumerate(blocks(text)):
        exec(compile(block, f"block {number}", "exec"), names)


def test_every_public_name_is_told() -> None:
    assert [name for name in registry.__all__ if not re.search(rf"\b{name}\b", PAGE)] == []


def described(name: str) -> str:
    """Describe a public name: how it is called, and what it says of itself."""
    one = getattr(registry, name)
    called = ""
    if inspect.isfunction(one):
        given = inspect.signature(one).parameters.values()
        bare = [each.replace(annotation=inspect.Parameter.empty) for each in given]
        called = str(inspect.Signature(bare))
    return f"### `{name}{called}`\n\n{inspect.getdoc(one)}"


def test_the_reference_is_what_the_names_say_of_themselves(update: bool) -> None:
    """`--update` writes it anew."""
    page = ROOT / "docs" / "notebooks.md"
    text = page.read_text("utf-8")
    head, begin, rest = text.partition("<!-- reference: begin (generated) -->\n")
    _, end, after = rest.partition("<!-- reference: end -->")
    order = sorted(registry.__all__, key=lambda name: (name[0].isupper(), name))
    made = "\n\n".join(described(name) for name in order)
    wanted = f"{head}{begin}\n{made}\n\n{end}{after}"
    if update:
        page.write_text(wanted, "utf-8")
        text = wanted
    assert text == wanted
