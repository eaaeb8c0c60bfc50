"""Ids in as few bytes as they need: hex as unsigned numbers, which are compared and joined fast.

OTLP's ids are 32 and 16 hex digits. The order of the numbers is that of the texts, so that no
answer depends on which of the two a table holds. What is spelt otherwise stays text.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

DIGITS = {"trace": 32, "span": 16, "parent": 16}
"""The columns that hold ids, and how many hex digits these have."""

NO_PARENT = "f" * 16
"""What stands for the parent of a root."""

_ABSENT = int(NO_PARENT, 16)
_WORD = 16
"""Hex digits of 64 bits."""


def packed(column: str, ids: Sequence[str | None]) -> dict[str, Any] | None:
    """Return the numbers of a column's ids, in columns of their own; None where one is no hex.

    Texts must come back from the numbers as they were, so only lower case is taken.
    """
    given = [one or NO_PARENT for one in ids] if column == "parent" else ids
    if column == "parent" and NO_PARENT in ids:
        return None
    digits = DIGITS[column]
    if not set(map(len, given)) <= {digits}:  # type: ignore[arg-type]
        return None
    text = "".join(given)  # type: ignore[arg-type]
    try:
        data = bytes.fromhex(text)
    except ValueError:
        return None
    if data.hex() != text:
        return None
    numbers = np.frombuffer(data, dtype=">u8").astype(np.uint64)
    if digits == _WORD:
        return {column: numbers}
    high, low = _halves(column)
    return {high: numbers[::2].copy(), low: numbers[1::2].copy()}


def columns_of(column: str) -> tuple[str, ...]:
    """Name the columns that hold a packed id."""
    return (column,) if DIGITS[column] == _WORD else _halves(column)


def number_of(column: str) -> str:
    """Return the SQL of a packed id as one number."""
    if DIGITS[column] == _WORD:
        return column
    high, low = _halves(column)
    return f"((CAST({high} AS UHUGEINT) << 64) | {low}) AS {column}"


def is_hex(column: str) -> str:
    """Return the SQL of whether an id can be packed."""
    own = f"regexp_full_match({column}, '[0-9a-f]{{{DIGITS[column]}}}')"
    return (
        f"({column} IS NULL OR ({own} AND {column} <> '{NO_PARENT}'))"
        if column == "parent"
        else own
    )


def packing_of(column: str) -> str:
    """Return the SQL of the columns that hold an id which `is_hex`."""
    words = enumerate(columns_of(column))
    return ", ".join(
        f"CAST('0x' || substr({column}, {number * _WORD + 1}, {_WORD}) AS UBIGINT) AS {one}"
        for number, one in words
    )


def text_of(column: str) -> str:
    """Return the SQL of a packed id as the text that it was."""
    words = (f"lpad(lower(to_hex({one})), {_WORD}, '0')" for one in columns_of(column))
    return f"{' || '.join(words)} AS {column}"


def stored(column: str) -> str:
    """Return the SQL by which a packed column is stored: without a parent, it is NULL."""
    if column == "parent":
        return f"NULLIF({column}, {_ABSENT}) AS {column}"
    return ", ".join(columns_of(column))


def id_of(number: str | int) -> str:
    """Return the text of a trace's id, which may be packed into a number."""
    return number if isinstance(number, str) else f"{number:0{DIGITS['trace']}x}"


def numbers_of(column: str, ids: Iterable[int]) -> dict[str, Any]:
    """Return packed ids that came out of a query, in the columns that hold them."""
    known = list(ids)
    if DIGITS[column] == _WORD:
        return {column: np.array(known, dtype=np.uint64)}
    high, low = _halves(column)
    mask = (1 << 64) - 1
    return {
        high: np.array([one >> 64 for one in known], dtype=np.uint64),
        low: np.array([one & mask for one in known], dtype=np.uint64),
    }


def _halves(column: str) -> tuple[str, str]:
    return f"{column}_high", f"{column}_low"
