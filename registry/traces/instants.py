"""Instants out of many texts at once."""

from collections.abc import Sequence
from typing import Any

import numpy as np

_DIGITS = 19
"""Those of ns since 1970, from the year 2001 to 2286."""
_MICROS = 16
_POWERS = 10 ** np.arange(_MICROS - 1, -1, -1, dtype=np.int64)
_ZERO, _SPACE = ord("0"), ord(" ")


def micros(given: Sequence[str | int]) -> Any:
    """Return an array of whole µs of instants in ns; None where one is no number of 64 bits."""
    if set(map(type, given)) == {str}:
        found = _usual(" ".join(given), len(given))  # type: ignore[arg-type]
        if found is not None:
            return found
    try:
        return np.array([int(one) // 1000 for one in given], dtype=np.int64)
    except (ValueError, OverflowError):
        return None


def _usual(joined: str, count: int) -> Any:
    """Read numbers of as many digits as instants of our time have; None where one is otherwise."""
    if len(joined) != count * (_DIGITS + 1) - 1 or not joined.isascii():
        return None
    cells = np.frombuffer(f"{joined} ".encode("ascii"), dtype=np.uint8).reshape(count, -1)
    digits = cells[:, :_DIGITS] - _ZERO
    if digits.max() > 9 or (cells[:, _DIGITS] != _SPACE).any():
        return None
    return digits[:, :_MICROS].astype(np.int64) @ _POWERS
