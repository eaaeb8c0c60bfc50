"""Links and anchors of Markdown: what is read from a page, and which links are dead."""

import os
from pathlib import Path

import pytest

from registry.checks.engine import check
from registry.source.links import MAX_BRACKETS, MAX_LINKS, read_page, slug
from registry.workspace.options import Options
from tests.conftest import AT

MANIFEST = "opmodel: 1\nname: links\nstage: production\n"
ONLY = Options(AT, select="OM411")


def _registry(root: Path, body: str) -> Path:
    (root / "runbooks").mkdir(parents=True)
    (root / "opmodel.yaml").write_text(MANIFEST, "utf-8")
    (root / "runbooks" / "drop.md").write_text(f"# Drop\n\n{body}\n", "utf-8")
    return root


def _dead(root: Path) -> list[str]:
    return [found.message.split("`")[1] for found in check(str(root), ONLY).shown]


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("First checks", "first-checks"),
        ("What's *new*?", "whats-new"),
        ("a - b", "a---b"),
        ("Größe_1 ½ ٣", "größe_1--٣"),
        (" 見出し ", "見出し"),
    ],
)
def test_slug(heading: str, name: str) -> None:
    assert slug(heading) == name


def test_places_count_from_the_top_of_the_file() -> None:
    page = read_page("---\r\ntitle: x\r\n---\r\n\r\nSee [a](a.md)\r\nand ![b](<b c.png>).\r\n")
    assert [(link.target, link.at.start) for link in page.links] == [
        ("a.md", (5, 9)),
        ("b%20c.png", (6, 11)),
    ]
    assert page.first_line == 4


def test_a_setext_heading_and_html_are_anchors() -> None:
    page = read_page("Title `x`\n=====\n\n<div ID='Box'>\n\n<!-- <a id=\"no\"> -->\n")
    assert page.anchors == {"title-x", "box"}


def test_nothing_is_said_of_what_lies_behind_a_symbolic_link(tmp_path: Path) -> None:
    root = _registry(tmp_path / "root", "[in](../wiki/page.md) [out](../wikis/page.md)")
    (tmp_path / "wiki").mkdir()
    os.symlink(tmp_path / "wiki", root / "wiki")
    linked, dead = check(str(root), ONLY).shown
    assert (linked.code, dead.code) == ("OM013", "OM411")
    assert "`../wikis/page.md`" in dead.message


def test_odd_names_are_never_suggested(tmp_path: Path) -> None:
    root = _registry(tmp_path / "root", "[x](pag%00e.md) [y](page.md)")
    (root / "page\x1b.md").write_text("odd", "utf-8")
    found = check(str(root), ONLY).shown
    assert {one.help for one in found} == {"correct the path, or add the file"}


@pytest.mark.no_cover
def test_a_page_full_of_links_is_cut() -> None:
    text = "".join(f"[{n}](a{n}&amp;b.md)\n" for n in range(MAX_LINKS + 5))
    assert len(read_page(text).links) == MAX_LINKS


def test_a_page_beyond_bounds_is_not_judged(tmp_path: Path) -> None:
    root = _registry(tmp_path / "root", "[gone](gone.md) [far](far.md#nowhere)")
    (root / "runbooks" / "far.md").write_text("# Far\n" + "[" * (MAX_BRACKETS + 1), "utf-8")
    assert _dead(root) == ["gone.md"]
