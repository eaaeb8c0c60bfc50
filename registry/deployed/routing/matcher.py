"""Matchers in each spelling that is met, read as Alertmanager 0.27 and later reads them.

A text is first read in the UTF-8 syntax, and, if it is none, in the classic one, as Alertmanager
does unless told otherwise. Where both would take a text, the UTF-8 reading is the one that counts.
"""

import re
from collections.abc import Sequence

from registry.deployed.model import Matcher, Operator, Where
from registry.deployed.routing.pattern import Pattern, pattern
from registry.deployed.routing.refusal import Refusal

OPERATORS: dict[str, Operator] = {"=": "=", "!=": "!=", "=~": "=~", "!~": "!~"}

_QUADS = "".join(map(chr, range(0x2000, 0x200B)))
_SPACE = f"\t\n\v\f\r \x85\xa0\u1680{_QUADS}\u2028\u2029\u202f\u205f\u3000"
_TOKEN = re.compile(
    rf'(?s)[{_SPACE}]*(?:(?P<mark>[{{}},])|(?P<operator>=~|=|!=|!~)|"(?P<quoted>(?:[^"\\]|\\.)*)"'
    rf"|(?P<bare>[^{_SPACE}{{}}!=~,\\\"'`]+)|(?P<end>\Z))"
)
_ESCAPE = re.compile(
    r"\\(?:(?P<byte>[0-7]{3}|x[0-9a-fA-F]{2})|u(?P<u>[0-9a-fA-F]{4})|U(?P<U>[0-9a-fA-F]{8})"
    r"|(?P<sign>[abfnrtv\\\"]))|(?P<bad>\\|\n)"
)
_SIGNS = dict(zip("abfnrtv", "\a\b\f\n\r\t\v", strict=True))
_CLASSIC = re.compile(
    r"[\t\n\f\r ]*([a-zA-Z_:][a-zA-Z0-9_:]*)[\t\n\f\r ]*(=~|=|!=|!~)[\t\n\f\r ]*"
    r"((?s:.*?))[\t\n\f\r ]*\Z"
)


def parse(text: str, where: Where) -> tuple[Matcher, ...] | Refusal:
    """Read an item of `matchers`: any number of them, with or without braces around."""
    found = _utf8(text, where)
    if isinstance(found, Refusal):
        classic = _classic(text, where)
        return found if isinstance(classic, Refusal) else classic
    return found


def of(label: str, operator: str, value: str, where: Where) -> Matcher | Refusal:
    """Make a matcher of its parts: an entry of `match` or `match_re`, or of `object_matchers`."""
    known = OPERATORS.get(operator)
    if known is None:
        return Refusal(f"`{operator}` is none of `=`, `!=`, `=~`, `!~`")
    if not label:
        return Refusal("a matcher without a label's name")
    if known in ("=~", "!~"):
        compiled = pattern(value)
        if isinstance(compiled, Refusal):
            return Refusal(f"`{value}` is no pattern of RE2: {compiled.reason}", compiled.offset)
    return Matcher(label, known, value, where)


def triple(parts: Sequence[str], where: Where) -> Matcher | Refusal:
    """Read one of Grafana's `object_matchers`: a label, an operator and a value."""
    if len(parts) != 3:
        return Refusal(f"a matcher has three parts, and this one {len(parts)}")
    label, operator, value = parts
    return of(label, operator, value, where)


def holds(matcher: Matcher, value: str) -> bool | Refusal:
    """Whether a label's value, empty where there is none, satisfies a matcher."""
    if matcher.operator in ("=", "!="):
        return (value == matcher.value) is (matcher.operator == "=")
    compiled = pattern(matcher.value)
    if isinstance(compiled, Pattern):
        return compiled.matches(value) is (matcher.operator == "=~")
    return compiled


class _Tokens:
    """Tokens of the UTF-8 syntax, each with its kind, its text and its offset."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._next = 0
        self.kind, self.value, self.offset = "", "", 0
        self.advance()

    def advance(self) -> None:
        """Go to the next token; `bad` where none begins."""
        found = _TOKEN.match(self._text, self._next)
        if found is None:
            rest = self._text[self._next :]
            self.offset = self._next + len(rest) - len(rest.lstrip(_SPACE))
            self.kind, self.value = "bad", self._text[self.offset]
            return
        self.kind = found.lastgroup or "end"
        self.value, self.offset = found[self.kind], found.start(self.kind)
        self._next = found.end()

    def refuse(self, wanted: str) -> Refusal:
        shown = "the end" if self.kind == "end" else f"`{self.value}`"
        return Refusal(f"{wanted} is expected, and here is {shown}", self.offset)


def _utf8(text: str, where: Where) -> tuple[Matcher, ...] | Refusal:
    tokens = _Tokens(text)
    braced = tokens.kind == "mark" and tokens.value == "{"
    if braced:
        tokens.advance()
    found: list[Matcher] = []
    while tokens.kind in ("quoted", "bare"):
        one = _one(tokens, where)
        if isinstance(one, Refusal):
            return one
        found.append(one)
        if (tokens.kind, tokens.value) != ("mark", ","):
            break
        tokens.advance()
    if braced:
        if (tokens.kind, tokens.value) != ("mark", "}"):
            return tokens.refuse("`,` or `}`" if found else "a label's name or `}`")
        tokens.advance()
    if tokens.kind != "end":
        return tokens.refuse("the end" if braced or found else "a label's name")
    return tuple(found)


def _one(tokens: _Tokens, where: Where) -> Matcher | Refusal:
    start = tokens.offset
    label = _word(tokens)
    if isinstance(label, Refusal):
        return label
    tokens.advance()
    if tokens.kind != "operator":
        return tokens.refuse("one of `=`, `!=`, `=~`, `!~`")
    operator = tokens.value
    tokens.advance()
    if tokens.kind not in ("quoted", "bare"):
        return tokens.refuse("a value")
    value = _word(tokens)
    if isinstance(value, Refusal):
        return value
    tokens.advance()
    found = of(label, operator, value, where)
    return Refusal(found.reason, start) if isinstance(found, Refusal) else found


def _word(tokens: _Tokens) -> str | Refusal:
    """Return what a bare or quoted token says; the escapes are those of Go's string literals."""
    if tokens.kind == "bare":
        return tokens.value
    said, at = bytearray(), 0
    for found in _ESCAPE.finditer(tokens.value):
        said += tokens.value[at : found.start()].encode("utf-8", "surrogatepass")
        at = found.end()
        written = _escaped(found)
        if written is None:
            return Refusal(f"`{found[0]}` is no escape", tokens.offset + found.start())
        said += written
    said += tokens.value[at:].encode("utf-8", "surrogatepass")
    try:
        return said.decode()
    except UnicodeDecodeError:
        return Refusal("the text is no UTF-8", tokens.offset)


def _escaped(found: "re.Match[str]") -> bytes | None:
    """Return the bytes that an escape stands for; None where it is none."""
    if sign := found["sign"]:
        return _SIGNS.get(sign, sign).encode()
    if byte := found["byte"]:
        number = int(byte[1:], 16) if byte[0] == "x" else int(byte, 8)
        return bytes([number]) if number < 256 else None
    if point := found["u"] or found["U"]:
        number = int(point, 16)
        return chr(number).encode() if number < 0xD800 or 0xDFFF < number < 0x110000 else None
    return None


def _classic(text: str, where: Where) -> tuple[Matcher, ...] | Refusal:
    found: list[Matcher] = []
    for part, offset in _parts(text.removeprefix("{").removesuffix("}"), text.startswith("{")):
        cut = _CLASSIC.match(part)
        if cut is None:
            return Refusal(f"`{part}` is no matcher", offset)
        value = _unescaped(cut[3])
        if value is None:
            return Refusal("a quote within a value that is not escaped", offset + cut.start(3))
        one = of(cut[1], cut[2], value, where)
        if isinstance(one, Refusal):
            return Refusal(one.reason, offset)
        found.append(one)
    return tuple(found)


def _parts(text: str, offset: int) -> list[tuple[str, int]]:
    """Cut at the commas that stand outside quotes; a last part of only spaces is none."""
    found: list[tuple[str, int]] = []
    start, quoted, escaped = 0, False, False
    for at, sign in enumerate(text):
        if sign == "," and not quoted:
            found.append((text[start:at], offset + start))
            start = at + 1
        elif sign == '"':
            quoted, escaped = quoted if escaped else not quoted, False
        elif sign != ",":  # a comma within quotes leaves a backslash before it in force
            escaped = sign == "\\" and not escaped
    rest = text[start:].strip(_SPACE)
    return [*found, (rest, offset + start)] if rest else found


def _unescaped(raw: str) -> str | None:
    """Undo the escapes of the classic syntax; None for a quote where none may be."""
    if raw.startswith('"'):
        if len(raw) < 2 or re.fullmatch(r'(?s)"(?:[^"\\]|\\.)*"', raw) is None:
            return None
        raw = raw[1:-1]
    elif re.fullmatch(r'(?s)(?:[^"\\]|\\.|\\\Z)*', raw) is None:
        return None
    return re.sub(r'(?s)\\([n"\\])', lambda cut: "\n" if cut[1] == "n" else cut[1], raw)
