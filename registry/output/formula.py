"""Text that a spreadsheet would run as a formula, made harmless, and read back as it was.

A program that opens a CSV file takes a cell that begins with `=`, `+`, `-` or `@` for a formula;
some also skip blanks and invisible characters first, or read full-width signs as the ASCII ones.
Such a cell gets an apostrophe in front, which spreadsheets take as "this is text".
"""

import re

_INVISIBLE = (
    r"\s\x00-\x1f\x7f-\x9f"  # blanks and controls
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\uffa0"  # fillers, soft hyphen
    "\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2"  # signs that only shape what follows
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb"  # zero width, bidi
    "\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e01ef"  # tags and variation selectors
)
_SIGNS = (
    r"=+\-@"
    "\uff1d\uff0b\uff0d\uff20"  # full width
    "\ufe66\ufe62\ufe63\ufe6b"  # small forms
    "\u207a\u207c\u208a\u208c\ufb29\u2212"  # raised, lowered, Hebrew plus, the minus sign
)
_FORMULA = re.compile(f"'*[{_INVISIBLE}]*[{_SIGNS}]")
PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789") | {""}
"""First characters of most cells, and none: what begins so is harmless as it is."""


def harmless(cell: str) -> str:
    """Return a cell that no spreadsheet runs; `original` gives the text back.

    What already begins with apostrophes before a formula gets one more, so that no two texts are
    written alike.
    """
    if cell[:1] in PLAIN or not _FORMULA.match(cell):
        return cell
    return f"'{cell}"


def original(cell: str) -> str:
    """Return the text that `harmless` wrote as this cell."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell
