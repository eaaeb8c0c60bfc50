"""A whole document as block YAML that every reader takes alike, version 1.1 or 1.2."""

import re
from collections.abc import Iterable, Iterator, Mapping

from registry.output.yaml import comment, quoted

_PLAIN = re.compile(r"[A-Za-z_/](?:[A-Za-z0-9_./-]*[A-Za-z0-9_/])?|[0-9]+(?:ms|[smhdwy])")
_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})
"""What is no text to one reader or another."""


def document(value: object, comments: Iterable[str] = ()) -> str:
    """Write mappings, lists, texts, numbers and flags as a document, after lines of comment."""
    lines = [f"# {comment(one)}" if one else "#" for one in comments]
    return "\n".join([*lines, *_block(value, "")]) + "\n"


def _block(value: object, indent: str) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, one in value.items():
            yield from _under(f"{indent}{_scalar(key)}:", one, indent)
    elif isinstance(value, (list, tuple)):
        for one in value:
            first, *rest = _block(one, f"{indent}  ") if _has_parts(one) else [_flow(one)]
            yield f"{indent}- {first.removeprefix(f'{indent}  ')}"
            yield from rest
    else:
        yield f"{indent}{_flow(value)}"


def _under(head: str, value: object, indent: str) -> Iterator[str]:
    if not _has_parts(value):
        yield f"{head} {_flow(value)}"
        return
    yield head
    yield from _block(value, f"{indent}  ")


def _has_parts(value: object) -> bool:
    return isinstance(value, (Mapping, list, tuple)) and bool(value)


def _flow(value: object) -> str:
    if isinstance(value, Mapping):
        return "{}"
    return "[]" if isinstance(value, (list, tuple)) else _scalar(value)


def _scalar(value: object) -> str:
    if isinstance(value, bool) or value is None:
        return "null" if value is None else str(value).lower()
    if isinstance(value, (int, float)):
        return str(value)
    text = str(value)
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS:
        return text
    if text.isprintable() and ('"' in text or "\\" in text):
        return "'" + text.replace("'", "''") + "'"
    return quoted(text)
