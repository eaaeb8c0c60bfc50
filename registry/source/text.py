"""Bytes to text: what is not UTF-8 or hides something is said with its position."""

import re
from typing import NamedTuple

from registry.diagnostic import Diagnostic, Label
from registry.span import Location, Position, Span

MAX_EXCERPT = 200
"""Characters of a source line that a message shows."""

BOM = b"\xef\xbb\xbf"
_MARKS = (b"\xff\xfe", b"\xfe\xff")
"""The byte order marks of UTF-16."""

_MAX_REPORTED = 20
_HIDDEN = (
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # C0 and C1 controls, NEL among them
    "\u00ad\u200b\u2060-\u2065\ufeff\ufff9-\ufffb"  # soft hyphen, zero width, interlinear
    "\u2028\u2029"  # separators that some parsers take for line breaks
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # bidirectional controls (CVE-2021-42574)
    "\ufffe\uffff\U000e0000-\U000e007f"  # non-characters, tag characters
)
SUSPICIOUS = re.compile(f"[{_HIDDEN}]|\r(?!\n)")
_PLAIN_ASCII = bytes((9, 10, *range(32, 127)))
"""Tab, line feed and what is printable: deleting these is the fastest look for anything else."""


class Text(NamedTuple):
    """A decoded file: its bytes without a byte order mark, and what is wrong with them.

    `data` is None where the file cannot be read as text.
    """

    data: bytes | None
    problems: tuple[Diagnostic, ...] = ()


def decode(raw: bytes, file: str) -> Text:
    """Check that `raw` is UTF-8 that hides nothing; `file` is named in the findings."""
    data = raw.removeprefix(BOM)
    if not data.replace(b"\r\n", b"\n").translate(None, _PLAIN_ASCII):
        return Text(data)
    wide = _is_wide(raw)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return Text(None, (_not_utf8(data, error.start, file, wide=wide),))
    if wide:
        return Text(None, (_not_utf8(data, 0, file, wide=True),))
    if not SUSPICIOUS.search(text):
        return Text(data)
    return Text(None, tuple(_suspicious(text, file)))


def readable(raw: bytes) -> bytes:
    """Return what may be shown of a file that is not UTF-8: UTF-16 as UTF-8, all else as it is."""
    if not _is_wide(raw):
        return raw
    has_mark = raw.startswith(_MARKS)
    is_big = raw[:1] == b"\xfe" if has_mark else raw[:64:2].count(0) > raw[1:64:2].count(0)
    text = raw.decode("utf-16-be" if is_big else "utf-16-le", "replace")
    return text.removeprefix("\ufeff").encode()


def _is_wide(raw: bytes) -> bool:
    return raw.startswith(_MARKS) or _looks_wide(raw)


def _looks_wide(raw: bytes) -> bool:
    head = raw[:64]
    return len(head) >= 8 and head.count(0) * 3 >= len(head)


def _not_utf8(data: bytes, offset: int, file: str, *, wide: bool) -> Diagnostic:
    before = data[:offset]
    line = before.count(b"\n") + 1
    column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1
    line, column = (1, 1) if wide else (line, column)
    at = Span(Position(line, column), Position(line, column + 1))
    what = "is UTF-16" if wide else f"is not UTF-8: byte 0x{data[offset]:02x}"
    return Diagnostic(
        "OM001",
        f"the file {what}; a registry file is UTF-8 text",
        Label(Location(file), "here", at),
        "save the file as UTF-8" + ", in the editor, or by `iconv -f UTF-16 -t UTF-8`" * wide,
        distinguish="encoding",
    )


def _suspicious(text: str, file: str) -> list[Diagnostic]:
    found: list[Diagnostic] = []
    lines = text.split("\n")
    for number, content in enumerate(lines, 1):
        ended = content + "\n" if number < len(lines) else content
        characters = list(SUSPICIOUS.finditer(ended))
        if not characters:
            continue
        if len(found) == _MAX_REPORTED:
            break
        start = characters[0].start()
        names = ", ".join(dict.fromkeys(describe(match[0]) for match in characters[:8]))
        found.append(
            Diagnostic(
                "OM014",
                f"a character that a reader cannot see: {names}",
                Label(
                    Location(file),
                    "here",
                    Span(Position(number, start + 1), Position(number, start + 2)),
                ),
                "remove it; in a double-quoted text write an escape, if it is meant",
                distinguish=f"{names} {content.strip()}",
            )
        )
    return found


_NAMES = {
    "\t": "tab", "\n": "line feed", "\r": "lone carriage return",
    "\x00": "NUL", "\x1b": "ESC", "\x85": "NEL", "\xa0": "no-break space",
}  # fmt: skip


def hidden(text: str) -> str | None:
    """Name what a text hides from its reader, each character once; None where it hides nothing."""
    found = dict.fromkeys(describe(one[0]) for one in SUSPICIOUS.finditer(text))
    return ", ".join(found) or None


def describe(character: str) -> str:
    """Name a character as `U+202E`, with its short name where it has a well-known one."""
    code = f"U+{ord(character[0]):04X}"
    name = _NAMES.get(character[0])
    return f"{code} ({name})" if name else code


def excerpt(line: str) -> str:
    """Cut a source line to what a message shows."""
    line = line.rstrip("\r\n")
    return line if len(line) <= MAX_EXCERPT else line[: MAX_EXCERPT - 1] + "…"
