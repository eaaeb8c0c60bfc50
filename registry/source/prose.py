"""What a Markdown runbook says beside its fields: the text under headings of its own."""

from itertools import pairwise
from typing import TYPE_CHECKING, Literal, NamedTuple

from registry.source.markdown import HEADINGS, front_matter_end, markdown_lines

if TYPE_CHECKING:
    from markdown_it.token import Token

_CODE = frozenset({"fence", "code_block"})
_LISTS = frozenset({"bullet_list", "ordered_list"})


class ProseBlock(NamedTuple):
    """A paragraph, a list's item or a stretch of code; `depth` counts the lists around it."""

    kind: Literal["paragraph", "item", "code"]
    text: str
    depth: int = 0


class Passage(NamedTuple):
    """What stands under one heading; `title` is empty before the first one."""

    title: str
    blocks: tuple[ProseBlock, ...]


def prose(data: bytes) -> tuple[Passage, ...]:
    """Read the passages whose headings are no fields; those with nothing in them are left out.

    The first heading of a runbook is its title, so that its passage introduces the rest.
    """
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

    lines = markdown_lines(data.decode("utf-8", "replace"))
    end = front_matter_end(lines)
    body = "\n".join(lines[end + 1 :] if end else lines)
    found: list[tuple[str, list[ProseBlock]]] = [("", [])]
    depth = 0
    tokens = MarkdownIt("commonmark").parse(body)
    for before, token in pairwise([Token("", "", 0), *tokens]):
        depth += token.nesting if token.type.rpartition("_")[0] in _LISTS else 0
        if before.type == "heading_open":
            found.append((token.content, []))
        elif (block := _block(before, token, depth)) is not None:
            found[-1][1].append(block)
    return tuple(Passage(title, tuple(blocks)) for title, blocks in found if _is_own(title, blocks))


def _is_own(title: str, blocks: list[ProseBlock]) -> bool:
    return bool(blocks) and title.strip().rstrip(":").casefold() not in HEADINGS


def _block(before: "Token", token: "Token", depth: int) -> ProseBlock | None:
    if token.type in _CODE:
        return ProseBlock("code", token.content.rstrip("\n"))
    if token.type == "html_block":
        return ProseBlock("paragraph", token.content.strip())
    if token.type != "inline" or before.type != "paragraph_open":
        return None
    return ProseBlock("item" if depth else "paragraph", token.content, depth)
