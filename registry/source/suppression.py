"""Ignore comments: `# opmodel: ignore[OM408] reason`, in YAML and in a runbook's front matter."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from registry.span import Position, Span

MARK = b"opmodel:"
_COMMENT = re.compile(r"(?:(?<=\s)|^)#\s*opmodel:\s*(?P<verb>[A-Za-z-]+)(?P<rest>.*)$")
_HTML_COMMENT = re.compile(r"<!--\s*opmodel:\s*(?P<verb>[A-Za-z-]+)(?P<rest>.*?)-->")
_CODES = re.compile(r"\[(?P<codes>[^\]]*)\](?P<reason>.*)$")


class IgnoreComment(NamedTuple):
    """One comment: the codes that it silences, why, and the line that it speaks of.

    A comment that stands alone on its line speaks of the next line. `codes` is empty where the
    comment names none, which silences nothing.
    """

    file: str
    at: Span
    codes: tuple[str, ...]
    reason: str
    line: int


def ignore_comments(data: bytes, file: str, scalars: Iterable[Span]) -> tuple[IgnoreComment, ...]:
    """Find the ignore comments of a decoded file, in order.

    `scalars` are the spans of its texts: what looks like a comment inside one is text.
    """
    if MARK not in data:
        return ()
    texts = tuple(scalars)
    found: list[IgnoreComment] = []
    for number, line in enumerate(data.decode("utf-8", "replace").split("\n"), 1):
        match = _match(line.rstrip("\r"), file)
        if match is None or not match["verb"].startswith("ignore"):
            continue
        start = Position(number, match.start() + 1)
        if any(text.start < start < text.end for text in texts):
            continue
        scope = _CODES.match(match["rest"].strip()) if match["verb"] == "ignore" else None
        named = scope["codes"].split(",") if scope else []
        found.append(
            IgnoreComment(
                file,
                Span(start, Position(number, match.end() + 1)),
                tuple(code.strip() for code in named if code.strip()),
                scope["reason"].strip(" \t:-") if scope else "",
                number if line[: match.start()].strip() else number + 1,
            )
        )
    return tuple(found)


def _match(line: str, file: str) -> re.Match[str] | None:
    if file.endswith(".md") and (found := _HTML_COMMENT.search(line)):
        return found
    return _COMMENT.search(line)
