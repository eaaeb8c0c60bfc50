"""Text that does not belong in traces: what it looks like is told, and never what it says."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from registry.source.secrets import SCAN, secrets
from registry.traces.conventions import is_plain

MAIL = "an e-mail address"
PHONE = "a phone number"
RAW = "raw"
"""What stands in the place of a kind where a value is kept that the policy does not keep so."""

SPAN_NAME = "name of the span"
STATUS = "message of the status"
EVENT_NAME = "name of an event"
TEXTS = (SPAN_NAME, STATUS, EVENT_NAME)
"""What texts are called that are no attributes."""

_OTHER = r"\x{80}-\x{10FFFF}"
"""Whatever is not ASCII: letters of other scripts, and marks upon them."""

_MAIL = rf"[A-Za-z0-9_%+{_OTHER}-]@(?:[A-Za-z0-9{_OTHER}-]+\.)+(?:[A-Za-z]{{2}}|[{_OTHER}]{{2}})"
_PHONE = (
    r"(?:^|[^0-9A-Za-z+.])(?:\+[1-9][0-9 ().-]{6,20}[0-9]"
    r"|\(?[2-9][0-9]{2}\)?[-. ][0-9]{3}[-. ][0-9]{4}(?:[^0-9A-Za-z.-]|$))"
)
_DIGITS = range(8, 16)
"""How many digits an international number has (E.164), with its country's code."""

_PARTS = re.compile(r"(?<=[^A-Za-z0-9])(?=[A-Za-z0-9])|(?<=[a-z])(?=[A-Z])")
"""Where a word begins within another one."""
_LONGEST_PART = 4096

_HEX = re.compile("[0-9a-f]{16,128}")
_HASH = re.compile(
    r"(?:[a-z0-9]{2,12}[:_$-])?(?:[0-9a-f]{16,128}|[0-9A-F]{16,128}"
    r"|(?=[^\s]*[a-z])(?=[^\s]*[A-Z])(?=[^\s]*[0-9])[A-Za-z0-9+/_]{22,128}={0,2})"
)
_MASKED = re.compile(r"[*•█#]{3,}|[xX]{4,}|[\[<{](?:[A-Z][A-Z_ -]{2,30}|redacted|masked)[\]>}]")
_ESCAPED = rb"\\u00(?:40|2[bB]|[67][0-9a-fA-F])"
"""An `@`, a `+` or a letter that JSON spells as a number: what stands there is looked at whole."""


SUSPECT = f"@|{_PHONE}|{SCAN}"
"""What a text holds if anything in it is to be found (RE2): one pass, in linear time."""

FULL_HASH = r"(?:[a-z0-9]{2,12}[:_$-])?(?:[0-9a-f]{16,128}|[0-9A-F]{16,128})"
"""The commonest shape of a hash (RE2): what is otherwise is looked at more closely."""


@cache
def _suspects() -> Any:
    import re2

    return re2.compile(_ESCAPED + b"|" + SUSPECT.encode())


@cache
def _patterns() -> tuple[tuple[str, Any], ...]:
    import re2

    return (MAIL, re2.compile(_MAIL)), (PHONE, re2.compile(_PHONE))


def is_suspect(data: bytes) -> bool:
    """Whether a file's bytes may hold anything that `kinds` finds; false means that they do not."""
    return _suspects().search(data) is not None


def kinds(text: str) -> tuple[str, ...]:
    """Name what a text looks like that belongs in no trace: each kind once, sorted."""
    return tuple(sorted(set(_kinds(text))))


def _kinds(text: str) -> Iterator[str]:
    for kind, pattern in _patterns():
        found = pattern.search(text)
        if found is None:
            continue
        digits = sum(char.isdigit() for char in found[0])
        if kind == MAIL or "+" not in found[0] or digits in _DIGITS:
            yield kind
    for one in secrets(text.encode("utf-8", "replace")):
        yield one.kind


def looks_private(text: str) -> bool:
    """Whether a text, or any part of it after a separator, looks like what belongs in no trace.

    In prose a token stands by itself; in a name or a value it may hang on another word, as in
    `key-AKIA…` or `user_xoxb-…`.
    """
    starts = {0, *(found.start() for found in _PARTS.finditer(text))}
    return any(kinds(text[at : at + _LONGEST_PART]) for at in sorted(starts))


def is_name(text: str) -> bool:
    """Whether a name that was recorded is one, and may be told: nothing in it looks private."""
    return is_plain(text) and not looks_private(text)


def is_hashed(text: str) -> bool:
    """Whether a value may be a hash: hex, or Base64, long enough, an algorithm's name before it."""
    return _HEX.fullmatch(text) is not None or _HASH.fullmatch(text) is not None


def is_masked(text: str) -> bool:
    """Whether a part of a value is starred out, or replaced by a word in brackets."""
    return _MASKED.search(text) is not None


def is_raw(text: str, redaction: str) -> bool:
    """Whether a value is kept raw where the policy has `hash`, `mask`, `drop` or nothing of it."""
    if not text.strip() or text in {"[]", "{}"}:
        return False
    if redaction == "hash":
        return not is_hashed(text)
    return not (redaction == "mask" and is_masked(text))
