"""Links and anchors of Markdown: where a page leads, and what in it can be led to."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from itertools import accumulate, islice
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote

from registry.source.markdown import front_matter_end, markdown_lines
from registry.span import Position, Span

if TYPE_CHECKING:
    from markdown_it.token import Token

MAX_PAGE = 200_000
MAX_BRACKETS = 20_000
MAX_LINKS = 2000
"""Bounds on what is looked at: characters, opening brackets and links of one page.

A parser of inline Markdown takes tens of microseconds for each bracket.
"""

_ATTRIBUTE = re.compile(r"(?<![\w-])(id|name|href|src)\s{0,9}=\s{0,9}[\"']([^\"'<>]*)[\"']", re.I)
_OWN_ANCHOR = re.compile(r"\{#([\w-]{1,200})\}\s*$")
_WORD_CATEGORIES = frozenset({"Nd", "Nl", "Pc"})


class Link(NamedTuple):
    """A link or an image: `target` as Markdown reads it, percent-encoded."""

    target: str
    at: Span


class LinkedPage(NamedTuple):
    """One Markdown text; `first_line` is where its body begins, after the front matter.

    `anchors` are what a `#fragment` may name, case-folded: headings under the names that GitHub
    gives them, and the `id` or `name` of HTML. None where the page is beyond bounds.
    """

    links: tuple[Link, ...]
    anchors: frozenset[str] | None
    first_line: int


def read_page(text: str) -> LinkedPage:
    """Find the links and anchors of a Markdown text (CommonMark), code left out."""
    from markdown_it import MarkdownIt

    lines = markdown_lines(text)
    end = front_matter_end(lines)
    first_line = end + 2 if end else 1
    if len(text) > MAX_PAGE or text.count("[") > MAX_BRACKETS:
        return LinkedPage((), None, first_line)
    body = [""] * (end + 1) + lines[end + 1 :] if end else lines
    environment: dict[str, Any] = {}
    tokens = MarkdownIt("commonmark").parse("\n".join(body), environment)
    places = _Places(body)
    for found in environment.get("references", {}).values():
        places.definitions.setdefault(found["href"], found["map"])
    return LinkedPage(
        tuple(islice(_links(tokens, places), MAX_LINKS)),
        frozenset(anchor.casefold() for anchor in _anchors(tokens)),
        first_line,
    )


def slug(heading: str) -> str:
    """Name a heading as GitHub does: lower case, no punctuation, hyphens for blanks."""
    kept = (char for char in heading.strip().lower() if char in "- " or _is_word(char))
    return "".join(kept).replace(" ", "-")


def _is_word(char: str) -> bool:
    category = unicodedata.category(char)
    return category[0] in "LM" or category in _WORD_CATEGORIES


def _anchors(tokens: Sequence["Token"]) -> Iterator[str]:
    seen: dict[str, int] = {}
    for index, token in enumerate(tokens):
        for part in (token, *(token.children or ())):
            yield from _attributes(part, ("id", "name"))
        if token.type != "heading_open":
            continue
        inline = tokens[index + 1].children or ()
        title = "".join(part.content for part in inline if part.type in {"text", "code_inline"})
        own = _OWN_ANCHOR.search(title)
        if own:
            yield own[1]
        name = slug(title[: own.start()] if own else title)
        seen[name] = seen.get(name, -1) + 1
        yield f"{name}-{seen[name]}" if seen[name] else name


def _attributes(token: "Token", names: Collection[str]) -> Iterator[str]:
    """Yield the values of some attributes in a piece of HTML, comments left out."""
    if token.type in {"html_block", "html_inline"} and not token.content.startswith("<!--"):
        for found in _ATTRIBUTE.finditer(token.content):
            if found[1].lower() in names:
                yield found[2]


def _targets(token: "Token") -> Iterator[str]:
    """Yield what a block's links and images lead to, in the order of the text."""
    yield from _attributes(token, ("href", "src"))
    children = token.children or []
    for index, child in enumerate(children):
        yield from _attributes(child, ("href", "src"))
        if child.type == "image":
            yield str(child.attrGet("src"))
        elif child.type == "link_open" and not children[index + 1].content.startswith("^"):
            yield str(child.attrGet("href"))  # `[^1]` is a footnote, whatever its text reads like


def _links(tokens: Sequence["Token"], places: "_Places") -> Iterator[Link]:
    for token in tokens:
        block = places.block(token.map or [0, 0])
        start = block.start
        for target in _targets(token):
            found = places.find(target, range(start, block.stop)) or places.find(target, block)
            start = found.stop if found else start
            yield Link(target, places.span(found) if found else places.elsewhere(target, block))


class _Places:
    """Where targets are written in a text; stretches of it are ranges of offsets."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = lines
        self.text = "\n".join(lines)
        self.starts = [0, *accumulate(len(line) + 1 for line in lines)]
        self.definitions: dict[str, list[int]] = {}

    def block(self, rows: Sequence[int]) -> range:
        return range(self.starts[rows[0]], self.starts[rows[1]])

    def find(self, target: str, within: range) -> range | None:
        """Find a target as it is, or as it was before it was percent-encoded."""
        for spelled in filter(None, dict.fromkeys((target, unquote(target)))):
            offset = self.text.find(spelled, within.start, within.stop)
            if offset >= 0:
                return range(offset, offset + len(spelled))
        return None

    def elsewhere(self, target: str, block: range) -> Span:
        """Point at the definition of a `[label]` that leads there, or at the block's first line."""
        defined = self.definitions.get(target)
        block = self.block(defined) if defined else block
        found = self.find(target, block) if defined else None
        row = bisect_right(self.starts, block.start) - 1
        return self.span(found or range(block.start, block.start + len(self.lines[row])))

    def span(self, found: range) -> Span:
        row = bisect_right(self.starts, found.start) - 1
        column = found.start - self.starts[row] + 1
        return Span(Position(row + 1, column), Position(row + 1, column + len(found)))
