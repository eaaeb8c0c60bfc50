"""From the text of an expression to its syntax tree, by cel-python's grammar.

Only the grammar is the library's: its evaluation takes 10 ms an entity and can be neither counted
nor stopped, so that is `registry.checks.cel.compile`'s.
"""

import re
from typing import Any

from registry.checks.cel.values import WrongExpressionError

LONGEST = 4_000
"""Characters of an expression."""
DEEPEST = 60
"""Brackets and operators within each other: each takes some frames. A row of them is one."""

_QUOTED = re.compile(
    r'//[^\n]*|"""(?:[^"\\]|\\[\s\S]|"(?!""))*"""'
    r"|'''(?:[^'\\]|\\[\s\S]|'(?!''))*'''"
    r'|"(?!"")(?:[^"\\\r\n]|\\[^\r\n])*"'
    r"|'(?!'')(?:[^'\\\r\n]|\\[^\r\n])*'"
    r"|[\"']"
)
"""A comment, a text, or a quote that opens one and is never closed. The library's own patterns take
exponential time over such a quote, so it never sees one."""


def parse(text: str) -> Any:
    """Parse an expression into lark's trees and tokens.

    Raises WrongExpressionError, which says where it is wrong.
    """
    if len(text) > LONGEST:
        raise WrongExpressionError(
            f"the expression has {len(text)} characters; it may have {LONGEST}",
            "split the rule into several",
        )
    if not text.strip():
        raise WrongExpressionError("the expression is empty", "say what must hold, in CEL")
    _bounded(text)
    from celpy.celparser import CELParseError, CELParser

    try:
        return CELParser().parse(text)
    except CELParseError as error:
        token = getattr(error.__context__, "token", None)  # at the end, the place is that before it
        line = None if token is not None and token.type == "$END" else error.line
        where = _where(text, line, error.column)
        raise WrongExpressionError(f"this is no CEL: {where}", "correct the expression") from None


def _bounded(text: str) -> None:
    """Refuse a quote that is not closed, and brackets that lie too deep; linear in the text."""
    for match in _QUOTED.finditer(text):
        if len(match[0]) == 1:
            raise WrongExpressionError(
                f"this is no CEL: the quote in column {match.start() + 1} is never closed",
                "close it",
            )
    depth = 0
    for character in _QUOTED.sub("", text):
        depth += (character in "([{") - (character in ")]}")
        if depth > DEEPEST:
            raise too_deep()


def too_deep() -> WrongExpressionError:
    """Make the error of an expression that cannot be followed to its depth."""
    return WrongExpressionError(
        f"the expression is nested more than {DEEPEST} deep", "split the rule into several"
    )


def _where(text: str, line: int | None, column: int | None) -> str:
    """Tell where the parser gave up: before which word, or at the end."""
    if line is None or column is None:
        return "it ends too soon"
    lines = text.split("\n")
    word = lines[line - 1][column - 1 :].split()[0]
    of = f" of its line {line}" if len(lines) > 1 else ""
    return f"`{word[:40]}` in column {column}{of} was not expected"
