"""Inline Markdown to pieces: what is text, code, stress or a link in one line that people wrote."""

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

Kind = Literal["text", "code", "strong", "emphasis", "link", "end", "image"]


class Piece(NamedTuple):
    """One piece. `strong`, `emphasis` and `link` begin what the matching `end` closes.

    `text` is what a reader sees, of an image its description; `target` is where a link or an image
    leads, percent-encoded.
    """

    kind: Kind
    text: str = ""
    target: str = ""


_BEGINS: dict[str, Kind] = {"strong_open": "strong", "em_open": "emphasis"}
_ENDS = frozenset({"strong_close", "em_close", "link_close"})


def pieces(text: str) -> Iterator[Piece]:
    """Read one stretch of text as CommonMark's inline rules do; HTML in it is text."""
    for block in _parser().parseInline(text):
        for token in block.children or ():
            yield _piece(token)


@cache
def _parser() -> "MarkdownIt":
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False})


def _piece(token: "Token") -> Piece:
    if token.type in _BEGINS:
        return Piece(_BEGINS[token.type])
    if token.type in _ENDS:
        return Piece("end")
    if token.type == "link_open":
        return Piece("link", target=str(token.attrGet("href") or ""))
    if token.type == "image":
        return Piece("image", token.content, str(token.attrGet("src") or ""))
    if token.type in {"softbreak", "hardbreak"}:
        return Piece("text", " ")
    return Piece("code" if token.type == "code_inline" else "text", token.content)
