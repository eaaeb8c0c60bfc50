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

ABSENT = int(NO_PARENT, 16)
"""The number of that."""
_WORD = 16
"""Hex digits of 64 bits."""


def packed(column: str, ids: Sequence[str | None]) -> dict[str, Any] | None:
    """Return the numbers of a column's ids, in columns of their own; None where one is no hex.

    Texts must come back from the numbers as they were, so only lower case is taken.
    """
    given = [one or NO_PARENT for one in ids] if column == "parent" else ids
    if column == "parent" and NO_PARENT in ids:
        return None
    size = DIGITS[column] // 2
    try:
        text = " ".join(given)  # type: ignore[arg-type]
        data = bytes.fromhex(text)  # which skips spaces
    except (TypeError, ValueError):
        return None
    if len(data) != size * len(given) or (data and data.hex(" ", size) != text):
        return None
    numbers = np.frombuffer(data, dtype=">u8").astype(np.uint64)
    if DIGITS[column] == _WORD:
        return {column: numbers}
    high, low = _halves(column)
    return {high: numbers[::2].copy(), low: numbers[1::2].copy()}


def number_of(column: str) -> str:
    """Return the SQL of a packed id, of the columns that hold it, as one number."""
    if column == "parent":  # without one, it is NULL
        return f"NULLIF({column}, {ABSENT}) AS {column}"
    if DIGITS[column] == _WORD:
        return column
    high, low = _halves(column)
    return f"((CAST({high} AS UHUGEINT) << 64) | {low}) AS {column}"


def packing_of(column: str) -> str:
    """Return the SQL of the number of an id; NULL where it is none, and for what is not hex."""
    if DIGITS[column] == _WORD:
        return f"TRY_CAST('0x' || {column} AS UBIGINT)"
    return f"CAST(TRY_CAST({column} AS UUID) AS UHUGEINT)"


def is_packed(column: str) -> str:
    """Return the SQL of whether the number of an id stands for just that text: what is absent is.

    Of as many characters as there are digits, a number may have been made of capitals, and of what
    has `_` between digits.
    """
    given = f"{column} = lower({column}) AND strlen({column}) = {DIGITS[column]}"
    if DIGITS[column] == _WORD:
        given += f" AND NOT contains({column}, '_')"
    given += f" AND {packing_of(column)} IS NOT NULL"
    if column == "parent":
        return f"({column} IS NULL OR ({given} AND {column} <> '{NO_PARENT}'))"
    return given


def text_of(column: str) -> str:
    """Return the SQL of a packed id as the text that it was."""
    return f"lpad(lower(to_hex({column})), {DIGITS[column]}, '0') AS {column}"


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
