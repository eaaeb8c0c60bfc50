"""Terraform's language, HCL: blocks and their attributes, each with its place; nothing is run.

What is written out is a value as in `registry.source.foreign`. What only Terraform can tell is a
value with a tag: REFERENCE for an address such as `pagerduty_user.ada.id`, EXPRESSION for the rest.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from registry.source.foreign import UnreadableError, Value
from registry.span import FILE_START, Position, Span

if TYPE_CHECKING:
    from lark import Lark, Tree
    from lark.tree import Meta

MAX_SIZE = 512 * 1024
MAX_WORDS = 40_000
"""Bounds on one file: characters; and words and marks, of which it parses 20,000 a second."""

MAX_DEPTH = 50
REFERENCE = "reference"
EXPRESSION = "expression"
_WORD = re.compile(r'"(?:[^"\\\n$%]|\\.)*"|\w+|[^\w\s]')
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}


class HclBlock(NamedTuple):
    """A block: `resource "pagerduty_user" "ada" {…}` has the kind `resource` and two labels."""

    kind: str
    labels: tuple[str, ...]
    at: Span
    attributes: Mapping[str, Value]
    blocks: "tuple[HclBlock, ...]"

    def each(self, kind: str) -> "Iterator[HclBlock]":
        """Yield the blocks of a kind directly inside."""
        return (one for one in self.blocks if one.kind == kind)


def blocks(text: str) -> tuple[HclBlock, ...]:
    """Read the blocks of a file, in order. Raises UnreadableError where it is no HCL."""
    if len(text) > MAX_SIZE:
        raise UnreadableError(f"it is larger than {MAX_SIZE >> 10} KB", FILE_START)
    if sum(1 for _ in _WORD.finditer(text)) > MAX_WORDS:
        raise UnreadableError(f"it has more than {MAX_WORDS:,} words and marks", FILE_START)
    from lark.exceptions import LarkError, UnexpectedInput

    try:
        tree: Tree[Any] = _parser().parse(f"{text}\n")  # its grammar wants the last line's end
    except LarkError as error:
        line, column = (error.line, error.column) if isinstance(error, UnexpectedInput) else (1, 1)
        at = Position(max(line, 1), max(column, 1))
        raise UnreadableError("it is no Terraform from here on", Span(at, at)) from None
    (body,) = _trees(tree)
    return _Reader(text).body(body, MAX_DEPTH)[1]


@cache
def _parser() -> "Lark":
    """Build the parser of the library's grammar.

    The library's own keeps it as a pickle among its installed files; an audit writes nothing there
    and reads no pickle, and takes two seconds more where there are Terraform files.
    """
    from hcl2 import parser
    from hcl2.postlexer import PostLexer
    from lark import Lark

    return Lark.open(
        "hcl2.lark", parser="lalr", rel_to=parser.__file__, propagate_positions=True,
        postlex=PostLexer(),
    )  # fmt: skip


def _trees(tree: "Tree[str]") -> "list[Tree[str]]":
    """List what stands directly inside, without marks, blanks and comments."""
    parts = (one for one in tree.children if not isinstance(one, str))
    return [one for one in parts if one.data != "new_line_or_comment"]


def _span(meta: "Meta") -> Span:
    return Span(Position(meta.line, meta.column), Position(meta.end_line, meta.end_column))


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text

    def body(self, tree: "Tree[str]", depth: int) -> tuple[dict[str, Value], tuple[HclBlock, ...]]:
        """Read what stands between braces; of two attributes of one name the later counts."""
        attributes: dict[str, Value] = {}
        found: list[HclBlock] = []
        for one in _trees(tree):
            if one.data == "attribute":
                name, value = _trees(one)
                attributes[self.source(name)] = self.value(value, depth)
            else:
                found.append(self.block(one, depth))
        return attributes, tuple(found)

    def block(self, tree: "Tree[str]", depth: int) -> HclBlock:
        if not depth:
            raise UnreadableError(f"nested deeper than {MAX_DEPTH} levels", _span(tree.meta))
        kind, *labels, inside = _trees(tree)
        attributes, within = self.body(inside, depth - 1)
        names = tuple(self.source(one).strip('"') for one in labels)
        return HclBlock(self.source(kind), names, _span(kind.meta), attributes, within)

    def source(self, tree: "Tree[str]") -> str:
        """Return the text that a part was read from."""
        return self.text[tree.meta.start_pos : tree.meta.end_pos].strip()

    def value(self, tree: "Tree[str]", depth: int) -> Value:
        """Read an expression as far as it is written out."""
        at = _span(tree.meta)
        parts = _trees(tree)
        if depth and tree.data == "expr_term" and len(parts) == 1:
            return self.value(parts[0], depth - 1)
        if depth and tree.data == "tuple":
            return Value(at, items=tuple(self.value(one, depth - 1) for one in parts))
        text = self.source(tree)
        if tree.data in {"int_lit", "float_lit"}:
            return Value(at, text)
        if tree.data == "literal_value":
            return Value(at, None if text == "null" else text)
        if tree.data == "string":
            return self.string(tree, depth)
        is_address = tree.data in {"identifier", "get_attr_expr_term"}
        if is_address and text.replace(".", "").replace("_", "").replace("-", "").isalnum():
            return Value(at, text, tag=REFERENCE)
        return Value(at, text, tag=EXPRESSION)

    def string(self, tree: "Tree[str]", depth: int) -> Value:
        """Read a quoted text; one that is a single `${…}` is what stands in it."""
        at = _span(tree.meta)
        parts = _trees(tree)
        inner = [one for part in parts for one in _trees(part)]
        if len(parts) == 1 and len(inner) == 1 and inner[0].data == "interpolation":
            return (
                self.value(_trees(inner[0])[0], depth - 1)
                if depth
                else Value(at, "", tag=EXPRESSION)
            )
        text = self.source(tree)
        return Value(at, text, tag=EXPRESSION) if inner else Value(at, _unescaped(text[1:-1]))


def _unescaped(text: str) -> str:
    """Resolve the escapes of a quoted text; one that HCL does not know stays as it is."""
    found: list[str] = []
    rest = text.replace("$${", "${").replace("%%{", "%{")
    while rest:
        before, mark, rest = rest.partition("\\")
        found.append(before)
        width = {"u": 4, "U": 8}.get(rest[:1])
        if not mark:
            break
        if width is not None:
            found.append(_character(rest[1 : width + 1], rest[: width + 1]))
            rest = rest[width + 1 :]
        else:
            found.append(_ESCAPES.get(rest[:1], mark + rest[:1]))
            rest = rest[1:]
    return "".join(found)


def _character(digits: str, written: str) -> str:
    try:
        return chr(int(digits, 16)).encode().decode()
    except (ValueError, OverflowError):
        return f"\\{written}"
