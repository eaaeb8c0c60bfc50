"""Literals of CEL: numbers, texts with their escapes, true, false and null."""

import re
from typing import Any

from registry.checks.cel.values import WrongExpressionError

_ESCAPE = re.compile(
    r"\\(?:x(?P<x>[0-9a-fA-F]{2})|u(?P<u>[0-9a-fA-F]{4})|U(?P<U>[0-9a-fA-F]{8})|(?P<o>[0-3][0-7]{2})"
    r"|(?P<c>[\s\S]))"
)
_NAMED = {
    "a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v",
    "\\": "\\", "?": "?", '"': '"', "'": "'", "`": "`",
}  # fmt: skip


def literal(token: Any) -> Any:
    """Read a literal, a token of lark's.

    Raises WrongExpressionError for one that is wrong, or of a kind that rules have no use for.
    """
    text = str(token)
    if token.type in {"STRING_LIT", "MLSTRING_LIT"}:
        return _string(text)
    if token.type == "BOOL_LIT":
        return text == "true"
    if token.type == "NULL_LIT":
        return None
    if token.type == "FLOAT_LIT":
        return float(text)
    if token.type == "BYTES_LIT":
        raise WrongExpressionError(f"rules have no use for bytes: {text[:40]}", "write a text")
    digits = text.rstrip("uU")
    found = int(digits, 16) if "x" in digits else int(digits) if len(digits) < 25 else 2**63
    if not -(2**63) <= found < 2**63:
        raise WrongExpressionError(f"`{text[:40]}` is no whole number of 64 bits", "write less")
    return found


def _string(text: str) -> str:
    raw = text[0] in "rR"
    body = text[raw:]
    quotes = 3 if body[:3] in {'"""', "'''"} and len(body) >= 6 else 1
    inner = body[quotes:-quotes]
    return inner if raw else _ESCAPE.sub(_unescaped, inner)


def _unescaped(match: re.Match[str]) -> str:
    code = match["x"] or match["u"] or match["U"]
    number = int(code, 16) if code else int(match["o"], 8) if match["o"] else None
    if number is not None:
        if number > 0x10FFFF or 0xD800 <= number < 0xE000:
            raise WrongExpressionError(f"`{match[0]}` is no character", "correct the escape")
        return chr(number)
    if match["c"] not in _NAMED:
        raise WrongExpressionError(
            f"`{match[0]}` is no escape of CEL",
            "double the backslash, or put an `r` before the quote",
        )
    return _NAMED[match["c"]]
