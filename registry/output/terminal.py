"""Text that strangers wrote, made harmless for a terminal, and how many columns it takes there."""

import re
import unicodedata
from collections.abc import Iterator

TAB = 4
"""Columns between tab stops in a shown source line."""

MAX_SHOWN = 1000
"""Characters of one message that a report for people shows."""

_IGNORABLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\uffa0"  # fillers, joiners, blanks
    "\ufe00-\ufe0d\U000e0100-\U000e01ef]"  # variation selectors, but for text and emoji style
)
"""Characters that take no room, or look like none, although Python calls them printable."""


def escape(text: str) -> str:
    r"""Show on one line, without effect, whatever could move the cursor or deceive a reader.

    Control, bidirectional, zero-width and private characters, lone surrogates, odd blanks and line
    breaks become `\x1b`, `\u202e`, `\n` and the like; so does the bracket of `##[`, at which a
    runner of GitHub Actions would take any line of its log for a command. All else stays as it is.
    """
    if "##[" in text:
        text = text.replace("##[", r"##\x5b")
    if text.isprintable() and (text.isascii() or not _IGNORABLE.search(text)):
        return text
    return "".join(map(_shown, text))


def brief(text: str) -> str:
    """Escape a message, cut to what a person would read of it."""
    return escape(text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 1] + "…")


def source_line(text: str) -> str:
    """Escape a source line; its tabs become blanks up to the next tab stop."""
    if "\t" not in text:
        return escape(text)
    shown = ""
    for number, part in enumerate(text.split("\t")):
        if number:
            shown += " " * (TAB - width(shown) % TAB)
        shown += escape(part)
    return shown


def width(text: str) -> int:
    """Count the columns that escaped text takes: wide characters two, combining ones none."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def _shown(char: str) -> str:
    if char.isprintable() and not _IGNORABLE.match(char):
        return char
    return char.encode("unicode_escape").decode("ascii")


def _columns(char: str) -> int:
    if unicodedata.category(char) in {"Mn", "Me"} or "\u1160" <= char <= "\u11ff":
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def wrapped(text: str, columns: int, first: str = "", rest: str = "") -> list[str]:
    """Lay a text out in lines of so many columns, escaped; `first` and `rest` begin the lines.

    Line breaks of its own count as blanks. A name, path or address is never cut, however long, so
    that it can be copied; wide characters may part anywhere, anything else that is too long is cut.
    """
    shown = brief(" ".join(re.split(r"[ \t\r\n]+", text.strip(" \t\r\n"))))
    lines, line, blank = [], first, False
    for part, spaced in _parts(shown, columns - width(rest)):
        gap = " " if blank and spaced else ""
        if blank and width(line) + len(gap) + width(part) > columns:
            lines.append(line)
            line, gap = rest, ""
        line, blank = line + gap + part, True
    return [*lines, line]


_WHOLE = re.compile(
    r"[`'\"(\[]*[A-Za-z0-9][A-Za-z0-9._/:@#?&=%+~-]{0,299}[`'\")\].,;:!?]*", re.ASCII
)
"""An id, a path or an address, and the marks around it."""


def _parts(shown: str, columns: int) -> Iterator[tuple[str, bool]]:
    """Yield what must stay on one line, and whether a blank stood before it."""
    for word in shown.split(" "):
        spaced, part = True, ""
        whole = (width(word) <= columns and word.isascii()) or _WHOLE.fullmatch(word)
        for char in () if whole else word:
            wide = _columns(char) == 2 or (part and _columns(part[-1]) == 2 and _columns(char))
            if part and (wide or width(part) + _columns(char) > columns):
                yield part, spaced
                spaced, part = False, ""
            part += char
        yield (word if whole else part), spaced
