"""CSV as RFC 4180 has it: UTF-8, CRLF, every field quoted, nothing that a spreadsheet would run.

A program that opens a CSV file takes a cell that begins with `=`, `+`, `-` or `@` for a formula;
some also skip blanks and invisible characters first, or read full-width signs as the ASCII ones.
Such a cell gets an apostrophe in front, which spreadsheets take as "this is text". A build's host
takes a line of its log for a command that begins with `::` or `##`, blanks before it or not: within
a cell such a line gets an apostrophe, too. Control characters are shown as pictures of them.
"""

import re
from collections.abc import Sequence

from registry.output.table import Table, Writer

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
_COMMAND = re.compile(f"\n(?='*[{_INVISIBLE}]*(?:::|##))")
_RAW = re.compile(r"[\x00-\x08\n-\x1f\x7f-\x9f\u2028\u2029]")
"""What no row holds that is written as it is: controls, but for the tabulator."""
_PICTURES = {
    **{code: 0x2400 + code for code in range(0x20) if code not in (0x09, 0x0A)},
    0x7F: 0x2421,
    **dict.fromkeys(range(0x80, 0xA0), 0xFFFD),
    **dict.fromkeys((0x2028, 0x2029), 0x0A),
}
"""What stands for each control character: its picture, or the sign for what cannot be shown.

The separators of lines and paragraphs are line breaks.
"""
_PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789") | {""}
"""First characters of most cells, and none: what begins so is harmless as it is."""


def render(table: Table) -> bytes:
    """Write the headings and rows, each cell `harmless`."""
    return "".join(map(_line, (table.headings, *table.rows))).encode("utf-8")


def _line(row: Sequence[str]) -> str:
    """Quote a whole row at once, and its cells one by one only where a quote stands in them."""
    if _RAW.search("".join(row)):
        row = [tame(cell) for cell in row]
    if not _PLAIN.issuperset([cell[:1] for cell in row]):
        row = [cell if cell[:1] in _PLAIN else harmless(cell) for cell in row]
    line = '","'.join(row)
    if line.count('"') != 2 * (len(row) - 1):
        line = '","'.join([cell.replace('"', '""') for cell in row])
    return f'"{line}"\r\n'


def harmless(cell: str) -> str:
    """Return a cell that no spreadsheet runs: behind an apostrophe, if it would be.

    What already begins with apostrophes before a formula gets one more, so that no two texts are
    written alike.
    """
    if cell[:1] in _PLAIN or not _FORMULA.match(cell):
        return cell
    return f"'{cell}"


def tame(cell: str) -> str:
    """Return a cell without control characters, none of whose lines commands a build's host."""
    lines = cell.replace("\r\n", "\n").replace("\r", "\n").translate(_PICTURES)
    return _COMMAND.sub("\n'", lines)


WRITER = Writer("csv", render)
