"""The words of PromQL, and the texts in it as they are read and written."""

import re
from collections.abc import Iterator
from typing import NamedTuple

_TOKEN = re.compile(
    r"""
    (?P<space>\s+|\#[^\n]*)
  | (?P<text>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`)
  | (?P<unclosed>["'`].*)
  | (?P<duration>(?:[0-9]+(?:ms|[smhdwy]))+(?![0-9A-Za-z_.]))
  | (?P<number>0[xX][0-9a-fA-F]+|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
  | (?P<word>[A-Za-z_][A-Za-z0-9_:]*)
  | (?P<sign>=~|!~|[=!<>]=|.)
    """,
    re.VERBOSE | re.DOTALL,
)
_SPAN = re.compile("([0-9]+)(ms|[smhdwy])")
_UNITS_MS = {
    "ms": 1, "s": 1000, "m": 60_000, "h": 3600_000, "d": 86_400_000, "w": 604_800_000,
    "y": 31_536_000_000,
}  # fmt: skip
_ESCAPE = re.compile(
    r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|(.))", re.DOTALL
)
_PLAIN_ESCAPES = {
    "a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "\\": "\\",
}  # fmt: skip


class Token(NamedTuple):
    """A word: its kind (space, text, unclosed, duration, number, word, sign) and as written."""

    kind: str
    text: str


def words(query: str) -> Iterator[Token]:
    """Split a query; nothing of it is left out, and any text can be split."""
    for found in _TOKEN.finditer(query):
        yield Token(str(found.lastgroup), found[0])


def normal(token: Token) -> str:
    """Spell a token as its other spellings are, too."""
    kind, text = token
    if kind == "duration":
        return f"{sum(float(count) * _UNITS_MS[unit] for count, unit in _SPAN.findall(text))}ms"
    if kind == "number":
        return repr(size(text))
    value = meant(text) if kind == "text" else None
    return text if value is None else quoted(value)


def size(text: str) -> float:
    """Read a number's token; a hexadecimal one beyond a float's range is as large as can be."""
    return float(min(int(text, 16), 1 << 1000) if text[1:2] in {"x", "X"} else text)


def meant(text: str) -> str | None:
    """Read a quoted text; None where something in it is not PromQL's: the parser says so."""
    if text[0] == "`":
        return text[1:-1]
    parts = _ESCAPE.split(text[1:-1])
    read = [parts[0]]
    escapes = {**_PLAIN_ESCAPES, text[0]: text[0]}
    columns = (parts[offset::6] for offset in range(1, 7))
    for two, four, eight, octal, plain, after in zip(*columns, strict=True):
        code = int(octal, 8) if octal else int(two or four or eight or "0", 16)
        unfit = code > 0x10FFFF or 0xD800 <= code < 0xE000
        if unfit or (plain and plain not in escapes):
            return None
        read += [escapes[plain] if plain else chr(code), after]
    return None if "\n" in text else "".join(read)


def quoted(value: str) -> str:
    """Write a text in double quotes: what `meant` reads as the same value."""
    for char, escape in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n")):
        value = value.replace(char, escape)
    return f'"{value}"'
