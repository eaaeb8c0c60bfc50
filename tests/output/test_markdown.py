"""Markdown out of strangers' text: it reads as it was written, and does nothing."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.output.markdown import (
    bullets,
    code,
    code_block,
    document,
    external,
    link,
    literal,
    rich,
    safe_target,
    table,
    visible,
)
from registry.source.inline import pieces
from tests.export.rendered import Rendered, assert_harmless

NASTY = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "<!-- comment", "--> x", "<?php ?>", "<!DOCTYPE html>", "<![CDATA[x]]>",
    "&lt;b&gt; &copy; &#60;",
    "{{ config.items() }}", "{% for x in y %}", "{# note #}", "${{ secrets.TOKEN }}",
    "${jndi:ldap://x.invalid/a} #{7*7} <%= 7*7 %> %(password)s {0.__class__} $(id) `id`",
    "# heading", "## b", "- item", "* item", "+ item", "1. item", "1) item", "> quote",
    "---", "***", "___", "===", "    indented", "\tindented", "```", "~~~", "| a | b |",
    "[x](javascript:alert(1))", "![x](data:text/html,x)", "[a]: http://x.invalid",
    "<javascript:alert(1)>", "<https://x.invalid>", "[x][y]", "[^1]", "~~gone~~", "$x$",
    "a\\", "\\*a\\*", "*a*", "**a**", "_a_", "a_b_c", "`a`", "``a`b``", "@team #123",
    "a\u202eb", "a\u2028b", "\x1b[2K", "a\x00b", "\ufeff", "a\r\nb", "a  \nb", ": x", "://", "://x.invalid", "\\://x", "a\\://x.invalid", "",
]  # fmt: skip


def shown(text: str) -> str:
    return " ".join(visible(text).split())


@pytest.mark.parametrize("text", NASTY)
def test_literal_reads_as_it_is(text: str) -> None:
    for page in (literal(text), f"- {literal(text)}", f"**a**: {literal(text)}"):
        found = assert_harmless(page)
        assert found.text.removeprefix("a:").strip() == shown(text)
    assert found.links == []


@pytest.mark.parametrize("text", NASTY)
def test_a_table_keeps_its_shape(text: str) -> None:
    page = "\n".join(table(("a", "b"), [(literal(text), code(text)), (rich(text), "end")]))
    found = Rendered(page)
    assert page.count("\n") == 5
    assert "table" in found.tags
    assert_harmless(page)


@pytest.mark.parametrize("text", NASTY)
def test_rich_does_nothing_either(text: str) -> None:
    for page in (rich(text), f"- {rich(text)}", f"1. {rich(text)}"):
        assert_harmless(page)


@pytest.mark.no_cover
@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.text(alphabet=st.sampled_from("\\`*_{}[]<>&~$|!#@%:/.-+=1a \n\"'()w^;"), max_size=30))
def test_any_text_is_harmless(text: str) -> None:
    assert assert_harmless(literal(text)).text == shown(text)
    assert_harmless(f"- {rich(text)}\n- end")
    assert_harmless(f"x {code(text)} y")


def test_stress_code_and_links_stay() -> None:
    page = rich("**Stop** *now*: `flag-x`, see [status](https://status.example/a?b=1&c=(2)).")
    found = assert_harmless(page)
    assert {"strong", "em", "code", "a"} <= found.tags
    assert found.text == "Stop now: flag-x, see status."
    assert found.links == ["https://status.example/a?b=1&c=(2)"]


def test_addresses_become_links() -> None:
    found = assert_harmless(rich("Look at https://status.example/x_y, or (http://a.example)."))
    assert found.links == ["https://status.example/x_y", "http://a.example"]
    assert found.text == "Look at https://status.example/x_y, or (http://a.example)."


def test_links_to_pages_are_resolved() -> None:
    found = assert_harmless(rich("[a](b.md) [c](d.md)", {"b.md": "B.md"}.get))
    assert found.links == ["B.md"]
    assert found.text == "a c (d.md)"


def test_images_are_links() -> None:
    found = assert_harmless(rich("![graph](https://x.example/a.png) ![](https://x.example/b)"))
    assert found.links == ["https://x.example/a.png", "https://x.example/b"]
    assert found.text == "graph image"
    inner = assert_harmless(rich("[![a](https://x.example/a.png)](https://x.example/)"))
    assert inner.links == ["https://x.example/"]


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)",
        "\x01javascript:alert(1)", "data:text/html,<script>alert(1)</script>", "vbscript:x",
        "//evil.invalid", "http://user:pw@evil.invalid", "https://ex\u0430mple.invalid",
        "file:///etc/passwd", 'https://x.invalid/"onclick=alert(1)', "https://x.invalid/{{x}}",
        "mailto:a@b.invalid?body=<script>", "https://", "https:///x", "https://x.invalid/a b",
        "https://x.invalid/\\", "ftp://x.invalid", "https://x.invalid/`", "/etc", "#x", "",
    ],
)  # fmt: skip
def test_unsafe_targets_are_text(url: str) -> None:
    assert safe_target(url) is None
    found = assert_harmless(external("board", url))
    assert found.links == []
    assert found.text == f"board ({shown(url)})"
    assert_harmless(rich(f"[x](<{url}>) [y]({url})"))


@pytest.mark.parametrize(
    "url",
    ["https://ok.example.com/runbook", "http://a.example:8080/?q=1#top", "mailto:a.b@c.example",
     "HTTPS://A.EXAMPLE", "https://a.example/%7B%7Bx%7D%7D", "mailto:a@b.example?subject=x%20y"],
)  # fmt: skip
def test_safe_targets_are_links(url: str) -> None:
    assert safe_target(url) == url
    assert Rendered(external("board", url)).links == [url.replace("%7B", "{").replace(
        "%7D", "}").replace("%20", " ")]  # fmt: skip


def test_code_blocks() -> None:
    plain = "\n".join(code_block("kubectl get pods\n```\n<b> $HOME | x"))
    found = Rendered(plain)
    assert found.tags == {"pre", "code"}
    assert "<b> $HOME | x" in found.text
    templated = "\n".join(code_block("get -o '{{.x}}'\n- # y\n\n  ${z}"))
    found = assert_harmless(templated)
    assert found.tags == {"p", "br"}
    assert found.text == "get -o '{{.x}}' - # y ${z}"


def test_a_line_break_is_a_blank() -> None:
    assert [(one.kind, one.text) for one in pieces("a\nb\\\nc")] == [
        ("text", "a"), ("text", " "), ("text", "b"), ("text", " "), ("text", "c"),
    ]  # fmt: skip


def test_blocks() -> None:
    page = document(["# a", "", "", *bullets(["b", "c"], "1."), link("d", "e.md"), ""])
    assert page == b"# a\n\n1. b\n1. c\n\n[d](<e.md>)\n"
    assert document(["\ud800"]) == b"\\ud800\n"


def test_what_cannot_be_seen_is_named() -> None:
    assert visible("a\u202eb\x1b") == "a<U+202E>b<U+001B (ESC)>"
    assert re.search(r"U\+2028", Rendered(literal("\u2028")).text)


@pytest.mark.parametrize(
    ("url", "written"),
    [
        ("https://x.example/a_b?c=1&d=2", "<https://x.example/a_b?c=1&d=2>"),
        ("https://x.example/?a&copy;b", "[https&#58;//x.example/?a\\&copy;b](<https://x.example/?a&amp;copy;b>)"),
        ("mailto:ann@x.example", "[mailto:ann\\@x.example](<mailto:ann@x.example>)"),
        ("javascript:alert(1)", "javascript:alert(1) (javascript:alert(1))"),
    ],
)  # fmt: skip
def test_an_address_that_is_its_own_label_is_written_once(url: str, written: str) -> None:
    assert external(url, url) == written
    assert_harmless(external(url, url))
