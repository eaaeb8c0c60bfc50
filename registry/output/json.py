"""JSON that acts nowhere: ASCII, on one line, and never a lone surrogate."""

import json
from collections.abc import Iterable
from typing import Any


def dump(value: object, *, is_tight: bool = False) -> str:
    """Write a value; a lone surrogate, which no JSON text can hold, is spelled out.

    Where `is_tight`, no blank stands between its parts.
    """
    separators = (",", ":") if is_tight else None
    text = json.dumps(value, separators=separators)
    if "\\ud" in text:
        text = json.dumps(_whole(value), separators=separators)
    return text.replace("\x7f", "\\u007f")


def rows(values: Iterable[object]) -> str:
    """Write a list with each of its items on a line of its own."""
    lines = ",\n".join(f"  {dump(value)}" for value in values)
    return f"[\n{lines}\n ]" if lines else "[]"


def _whole(value: Any) -> Any:
    """Spell out lone surrogates in every text."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode("utf-8")
    if isinstance(value, dict):
        return {_whole(key): _whole(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_whole(item) for item in value]
    return value
