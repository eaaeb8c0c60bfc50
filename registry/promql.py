"""PromQL, as far as a registry needs it: why a query does not parse, and when two are the same.

The one door to the parser. What would crash or stall it is answered before it is asked: it recurses
without bound, takes the square of an expression's parts in time, and seconds for a short pattern.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

MAX_LENGTH = 10_000
"""Characters; the longest of 4,154 expressions in public rule files has 1,753."""

MAX_PARTS = 250
"""Operators and opening brackets; the most in one of those expressions is 74."""

_LONGEST_REASON = 200
_NO_REASON = "invalid promql query"
"""All that the parser says where the order of the parts is wrong."""
_LONGEST_SPAN = 1e15
"""Seconds that the parser can still hold as a span of time."""
_PATTERN_MEMORY = 1 << 20
"""Bytes for one compiled pattern; those of public rule files take a few thousand."""

_RISKY = re.compile(r"[~`]|[0-9]{15}|[0-9.][eE]|0[xX]|\b(?:nan|inf)\b", re.IGNORECASE)
"""What asks for a closer look: a pattern, a raw text, or a number without measure."""

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
_PARTS = frozenset(
    ("+", "-", "*", "/", "%", "^", "=", "==", "!=", "=~", "!~", "<", ">", "<=", ">=", "@", "(", "[",
     "{", "and", "or", "unless", "atan2")
)  # fmt: skip
_SPAN_BEGINS = frozenset({"offset", "[", ":"})
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


class _Token(NamedTuple):
    kind: str
    text: str


def problem(query: str) -> str | None:
    """Say on one line why a query is no PromQL, as Prometheus reads it; None where it parses."""
    if len(query) > MAX_LENGTH:
        return f"it is longer than {MAX_LENGTH:,} characters"
    if len(query) <= MAX_PARTS and not _RISKY.search(query):
        return _parser_problem(query)
    tokens = list(_tokens(query))
    if sum(token.text.lower() in _PARTS for token in tokens) > MAX_PARTS:
        return f"it has more than {MAX_PARTS} operators and brackets"
    span = _impossible_span(tokens)
    if span is not None:
        return f"`{span}` is no span of time"
    plain, wrong_pattern = _without_patterns(tokens)
    return _parser_problem(plain) or wrong_pattern


def canonical(query: str) -> tuple[str, ...]:
    """Reduce a query to what tells it apart: two spellings of one expression give the same.

    Blanks, comments, quotes, and the spelling of numbers and durations do not count.
    """
    return tuple(_canonical(token) for token in _tokens(query) if token.kind != "space")


def _parser_problem(query: str) -> str | None:
    from promql_parser import parse

    try:
        parse(query)
    except (ValueError, OverflowError) as error:
        reason = str(error)
        return "it does not follow the grammar" if reason == _NO_REASON else _line(reason)
    except BaseException as error:
        # A panic of the parser is no Exception; nothing else is swallowed.
        if type(error).__name__ != "PanicException":
            raise
        return _line(f"the parser fails on it: {error}")
    return None


def _tokens(query: str) -> Iterator[_Token]:
    for found in _TOKEN.finditer(query):
        yield _Token(str(found.lastgroup), found[0])


def _number(text: str) -> float:
    return float(min(int(text, 16), 1 << 1000) if text[1:2] in {"x", "X"} else text)


def _canonical(token: _Token) -> str:
    kind, text = token
    if kind == "duration":
        return f"{sum(float(count) * _UNITS_MS[unit] for count, unit in _SPAN.findall(text))}ms"
    if kind == "number":
        return repr(_number(text))
    value = _value(text) if kind == "text" else None
    return text if value is None else _quoted(value)


def _impossible_span(tokens: list[_Token]) -> str | None:
    """Find a number in the place of a duration that is none, or too long for the parser."""
    before = ""
    for kind, text in tokens:
        endless = kind == "word" and text.lower() in {"inf", "nan"}
        if before in _SPAN_BEGINS and (
            endless or (kind == "number" and _number(text) >= _LONGEST_SPAN)
        ):
            return text
        before = before if kind == "space" or text in {"+", "-"} else text.lower()
    return None


def _without_patterns(tokens: list[_Token]) -> tuple[str, str | None]:
    """Put a stand-in for each pattern of a matcher; return the query, and what is wrong with them.

    RE2 judges the patterns, as in Prometheus: the parser's own engine has another dialect. A raw
    text becomes a quoted one, because the parser would look for escapes in it.
    """
    plain: list[str] = []
    wrong: list[str] = []
    before = ""
    for kind, text in tokens:
        shown = text
        value = _value(text) if kind == "text" else None
        if value is not None and before in {"=~", "!~"}:
            reason, matches_empty = _judge(value)
            wrong += [f"{reason}, in the pattern `{value}`"] if reason else []
            shown = '""' if matches_empty else '"x"'
        elif value is not None and text[0] == "`":
            shown = _quoted(value)
        before = before if kind == "space" else text
        plain.append(shown)
    return "".join(plain), _line(wrong[0]) if wrong else None


def _judge(pattern: str) -> tuple[str, bool]:
    """Say what is wrong with a pattern (empty: nothing), and whether it matches an empty text."""
    import re2

    options = re2.Options()
    options.log_errors = False
    options.max_mem = _PATTERN_MEMORY
    try:
        return "", re2.compile(pattern, options).fullmatch("") is not None
    except re2.error as error:
        reason, *_ = error.args[0].decode("utf-8", "replace").split(": ")
        return reason, False


def _value(text: str) -> str | None:
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


def _quoted(value: str) -> str:
    for char, escape in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n")):
        value = value.replace(char, escape)
    return f'"{value}"'


def _line(reason: str) -> str:
    shown = " ".join(reason.split())
    return shown if len(shown) <= _LONGEST_REASON else f"{shown[:_LONGEST_REASON]}…"
