"""CSV as RFC 4180 has it: UTF-8, CRLF, every field quoted, nothing that a spreadsheet would run."""

from collections.abc import Sequence

from registry.output.formula import PLAIN, harmless
from registry.output.table import Table, Writer


def render(table: Table) -> bytes:
    """Write the headings and rows; `formula.original` gives back what a cell held."""
    return "".join(map(_line, (table.headings, *table.rows))).encode("utf-8")


def _line(row: Sequence[str]) -> str:
    """Quote a whole row at once, and its cells one by one only where a quote stands in them."""
    if not PLAIN.issuperset([cell[:1] for cell in row]):
        row = [cell if cell[:1] in PLAIN else harmless(cell) for cell in row]
    line = '","'.join(row)
    if line.count('"') != 2 * (len(row) - 1):
        line = '","'.join([cell.replace('"', '""') for cell in row])
    return f'"{line}"\r\n'


WRITER = Writer("csv", render)
