"""What a workbook said when it was exported: kept in it, so that edits can be told when it is back.

The record is JSON, packed, with the digest of what was packed. One that is absent or damaged is
none: nothing is then guessed from it.
"""

import base64
import binascii
import hashlib
import json
import zlib
from collections.abc import Mapping
from typing import Any, NamedTuple

NAME = "as-exported"
FORMAT = "opmodel.workbook.v1"

_LINE = 32_000
"""Characters of the record in one cell."""

_MOST = 128 * 1024 * 1024
"""Bytes of a record that is unpacked."""

Values = Mapping[str, Mapping[str, tuple[str, ...]]]
"""Row to column to the texts that say the same, by their keys."""


class Record(NamedTuple):
    """The sheets as exported: the key of each column by its heading, and the values.

    `read_only` are the cells, in order, of the sheets that do not come back. `with_contacts` says
    whether telephone numbers and e-mail were shown.
    """

    registry: str
    with_contacts: bool
    headings: Mapping[str, Mapping[str, str]]
    values: Mapping[str, Values]
    read_only: Mapping[str, tuple[tuple[str, ...], ...]]


def packed(record: Record) -> tuple[str, ...]:
    """Write a record as the lines of a sheet."""
    text = json.dumps(record._asdict(), ensure_ascii=True, separators=(",", ":"), sort_keys=True)
    data = text.encode("ascii")
    body = base64.b64encode(zlib.compress(data, 9)).decode("ascii")
    lines = (body[at : at + _LINE] for at in range(0, len(body), _LINE))
    return (FORMAT, hashlib.sha256(data).hexdigest(), *lines)


def unpacked(lines: tuple[str, ...]) -> Record | None:
    """Read a record back; None where it is none, or is not what was written."""
    if len(lines) < 3 or lines[0] != FORMAT:
        return None
    try:
        unpacker = zlib.decompressobj()
        data = unpacker.decompress(base64.b64decode("".join(lines[2:]), validate=True), _MOST)
    except (binascii.Error, zlib.error, ValueError):
        return None
    if hashlib.sha256(data).hexdigest() != lines[1]:
        return None
    try:
        return _record(json.loads(data))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _record(plain: dict[str, Any]) -> Record:
    values = {
        sheet: {
            row: {column: tuple(map(str, forms)) for column, forms in cells.items()}
            for row, cells in rows.items()
        }
        for sheet, rows in plain["values"].items()
    }
    read_only = {
        sheet: tuple(tuple(map(str, row)) for row in rows)
        for sheet, rows in plain["read_only"].items()
    }
    headings = {
        sheet: {str(heading): str(key) for heading, key in found.items()}
        for sheet, found in plain["headings"].items()
    }
    return Record(str(plain["registry"]), bool(plain["with_contacts"]), headings, values, read_only)
