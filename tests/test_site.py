"""The site made of `docs/`: its contents are the index's, and a link that leads nowhere is told."""

import re
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.site import faults

INDEX = (ROOT / "docs" / "index.md").read_text("utf-8")


def test_the_index_lists_every_page_once() -> None:
    """The contents at the side are made of these lines."""
    listed = re.findall(r"(?m)^- \[[^]\n]+\]\(([\w-]+)\.md\)", INDEX)
    pages = {one.stem for one in (ROOT / "docs").glob("*.md")}
    assert sorted(listed) == sorted(pages - {"index"})


PLAIN = '<a href="other.html">other</a>'


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (PLAIN, []),
        ('<a href="#here">x</a><h2 id="here">', []),
        ('<a href="#">x</a><a href="#top">x</a>', []),
        ('<a href="other.html#there">x</a>', []),
        ('<a href="other.html#h%C3%A9">x</a>', []),
        ('<link href="style.css?v=1" rel="stylesheet">', []),
        ('<link href="gone.html" rel="next">', []),
        ('<img src="data:image/gif;base64,R0lGOD">', []),
        ('<a href="https://cel.dev">x</a>', []),
        ('<a name="nothing">x</a>', []),
        ('<a href="gone.html">x</a>', ["page.html: gone.html: no such file"]),
        ('<a href="folder/">x</a>', ["page.html: folder/: no such file"]),
        ('<a href="#gone">x</a>', ["page.html: #gone: no such place in it"]),
        ('<a href="other.html#gone">x</a>', ["page.html: other.html#gone: no such place in it"]),
        ('<a href="style.css#gone">x</a>', ["page.html: style.css#gone: no such place in it"]),
        ('<form action="search">', ["page.html: search: no such file"]),
        ('<a href="http://cel.dev">x</a>', ["page.html: http://cel.dev: no address"]),
        ('<a href="https://cel">x</a>', ["page.html: https://cel: no address"]),
        ('<a href="javascript:x()">x</a>', ["page.html: javascript:x(): no address"]),
        (
            '<script src="https://cdn.example/x.js">',
            ["page.html: https://cdn.example/x.js: fetched from elsewhere"],
        ),
    ],
)
def test_links(text: str, told: list[str], tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "style.css").touch()
    (tmp_path / "other.html").write_text('<h1 id="there"></h1><h2 id="hé"></h2>', "utf-8")
    (tmp_path / "page.html").write_text(text, "utf-8")
    assert faults(tmp_path) == told


def test_a_site_without_a_page_is_no_site(tmp_path: Path) -> None:
    assert faults(tmp_path) == [f"{tmp_path}: no page"]


def test_ci_and_the_published_site_are_built_and_checked_alike() -> None:
    workflow = (ROOT / ".github" / "workflows" / "site.yml").read_text("utf-8")
    script = (ROOT / ".ci" / "run").read_text("utf-8")
    page = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    assert "sphinx-build -nW docs build" in workflow
    assert "sphinx-build -nW docs build" in page
    assert 'sphinx-build -nWq --keep-going docs "$scratch/site"' in script
    assert "python -m tests.site build" in workflow
    assert 'python -m tests.site "$scratch/site"' in script
