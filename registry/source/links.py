"""Links and anchors of Markdown: where a page leads, and what in it can be led to."""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote

from registry.source.markdown import front_matter_end
from registry.span import Position, Span

if TYPE_CHECKING:
    from markdown_it.token import Token

MAX_LINKS = 2000
"""Links of one page that are looked at: each is searched for in the text."""

_ATTRIBUTE = re.compile(r"(?<![\w-])(id|name|href|src)\s{0,9}=\s{0,9}[\"']([^\"'<>]*)[\"']", re.I)
_OWN_ANCHOR = re.compile(r"\{#([\w-]{1,200})\}\s*$")
_WORD_CATEGORIES = frozenset({"Nd", "Nl", "Pc"})


class Link(NamedTuple):
    """A link or an image: `target` as Markdown reads it, percent-encoded."""

    target: str
    at: Span


class Page(NamedTuple):
    """One Markdown text; `first_line` is where its body begins, after the front matter.

    `anchors` are what a `#fragment` may name, case-folded: headings under the names that GitHub
    gives them, and the `id` or `name` of HTML.
    """

    links: tuple[Link, ...]
    anchors: frozenset[str]
    first_line: int


def read_page(text: str) -> Page:
    """Find the links and anchors of a Markdown text (CommonMark), code left out."""
    from markdown_it import MarkdownIt

    lines = text.replace("\r\n", "\n").split("\n")
    end = front_matter_end(lines)
    body = [""] * (end + 1) + lines[end + 1 :] if end else lines
    environment: dict[str, Any] = {}
    tokens = MarkdownIt("commonmark").parse("\n".join(body), environment)
    return Page(
        tuple(islice(_links(tokens, body, environment.get("references", {})), MAX_LINKS)),
        frozenset(anchor.casefold() for anchor in _anchors(tokens)),
        end + 2 if end else 1,
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


def _links(
    tokens: Sequence["Token"], lines: Sequence[str], definitions: Mapping[str, Any]
) -> Iterator[Link]:
    for token in tokens:
        first, end = token.map or (0, 0)
        block = Position(first + 1, 1)
        start = block
        for target in _targets(token):
            at = _find(lines, start, end, target) or _find(lines, block, end, target)
            start = at.end if at else start
            yield Link(target, at or _definition(lines, definitions, target) or _line(lines, first))


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


def _find(lines: Sequence[str], start: Position, end: int, target: str) -> Span | None:
    """Find a target, as it is or as it was written, from `start` up to the line index `end`."""
    for spelled in filter(None, dict.fromkeys((target, unquote(target)))):
        for index in range(start.line - 1, end):
            after = start.column - 1 if index == start.line - 1 else 0
            column = lines[index].find(spelled, after) + 1
            if column:
                line = index + 1
                return Span(Position(line, column), Position(line, column + len(spelled)))
    return None


def _definition(lines: Sequence[str], definitions: Mapping[str, Any], target: str) -> Span | None:
    """Find where `[label]: target` is defined."""
    for found in definitions.values():
        if found["href"] == target:
            first, end = found["map"]
            return _find(lines, Position(first + 1, 1), end, target) or _line(lines, first)
    return None


def _line(lines: Sequence[str], index: int) -> Span:
    return Span(Position(index + 1, 1), Position(index + 1, len(lines[index]) + 1))
