"""YAML 1.2 core schema: what a plain scalar means (YAML 1.2.2, section 10.3.2)."""

import math
import re

_INT = re.compile(r"[-+]?[0-9]+")
_OCTAL = re.compile(r"0o[0-7]+")
_HEX = re.compile(r"0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_WORDS: dict[str, bool | float | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **{sign + inf: math.inf for sign in ("", "+") for inf in (".inf", ".Inf", ".INF")},
    **{"-" + inf: -math.inf for inf in (".inf", ".Inf", ".INF")},
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
}
NUMERIC = frozenset("0123456789+-.")
"""First characters of every number."""

MAY_BE_TYPED = frozenset("0123456789+-.~nNtTfF")
"""First characters of every plain scalar that may be something other than text."""

PLACEHOLDERS = frozenset({"todo", "tbd", "fixme", "???", "n/a", "-", ""})
_LONGEST_PLACEHOLDER = 5
_MAX_DIGITS = 18

Plain = str | int | float | bool | None


def plain(text: str) -> Plain:
    """Read a plain scalar: text, a number, a boolean or null.

    A number of more than 18 digits comes as a float, infinite where it is out of range.
    """
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in NUMERIC:
        return text
    if _INT.fullmatch(text):
        return int(text) if len(text) <= _MAX_DIGITS else _wide(text)
    if _OCTAL.fullmatch(text):
        return int(text, 8) if len(text) <= _MAX_DIGITS else math.inf
    if _HEX.fullmatch(text):
        return int(text, 16) if len(text) <= _MAX_DIGITS else math.inf
    if _FLOAT.fullmatch(text):
        return float(text)
    return text


def _wide(digits: str) -> float:
    return float(digits) if len(digits) <= 300 else math.copysign(math.inf, float(digits[:2] + "1"))


def is_placeholder(text: str) -> bool:
    """Whether a text field with this whole value counts as missing (`TODO`, `n/a` …)."""
    return len(text) <= _LONGEST_PLACEHOLDER and text.strip().casefold() in PLACEHOLDERS
