"""CSV as RFC 4180 has it: UTF-8, CRLF, every field quoted, nothing that a spreadsheet would run.

A program that opens a CSV file takes a cell that begins with `=`, `+`, `-` or `@` for a formula;
some also skip blanks and invisible characters first, or read full-width signs as the ASCII ones.
Such a cell gets an apostrophe in front, which spreadsheets take as "this is text".
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
_PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789") | {""}
"""First characters of most cells, and none: what begins so is harmless as it is."""


def render(table: Table) -> bytes:
    """Write the headings and rows, each cell `harmless`."""
    return "".join(map(_line, (table.headings, *table.rows))).encode("utf-8")


def _line(row: Sequence[str]) -> str:
    """Quote a whole row at once, and its cells one by one only where a quote stands in them."""
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


WRITER = Writer("csv", render)
