"""Ignore comments: `# opmodel: ignore[OM408] reason`, in YAML and in a runbook's front matter."""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable
from itertools import accumulate
from typing import NamedTuple

from registry.source.markdown import front_matter_end
from registry.source.scalar import is_placeholder
from registry.span import Position, Span

MARK = b"opmodel:"
_COMMENT = re.compile(r"(?:(?<=\s)|^)#(?=\s*opmodel:\s*(?P<verb>[A-Za-z-]+)(?P<rest>.*)$)")
_HTML_COMMENT = re.compile(r"<!--\s*opmodel:\s*(?P<verb>[A-Za-z-]+)(?P<rest>.*?)-->")
_CODES = re.compile(r"\[(?P<codes>[^\]]*)\](?P<reason>.*)$")


class IgnoreComment(NamedTuple):
    """One comment: the codes that it silences, why, and the line that it speaks of.

    A comment that stands alone on its line speaks of the next line. `codes` is empty where the
    comment names none, and `reason` where it gives none or a placeholder: either silences nothing.
    `text` is all of it, as it was written.
    """

    file: str
    at: Span
    codes: tuple[str, ...]
    reason: str
    line: int
    text: str = ""


def ignore_comments(data: bytes, file: str, scalars: Iterable[Span]) -> tuple[IgnoreComment, ...]:
    """Find the ignore comments of a decoded file, in order.

    `scalars` are the spans of its texts: what looks like a comment inside one is text. In the body
    of a Markdown page, where `#` begins a heading, a comment is one of HTML.
    """
    is_text = _within(scalars)
    lines = data.decode("utf-8", "replace").split("\n")
    front = front_matter_end(lines) if file.endswith(".md") else len(lines)
    found: list[IgnoreComment] = []
    for number, line in enumerate((line.rstrip("\r") for line in lines), 1):
        pattern = _COMMENT if number <= front else _HTML_COMMENT
        for match in pattern.finditer(line) if "opmodel:" in line else ():
            start = Position(number, match.start() + 1)
            inside = number <= front and is_text(start)
            if match["verb"].startswith("ignore") and not inside:
                end = len(line) if pattern is _COMMENT else match.end()
                others = line[: match.start()].strip() or line[end:].strip()
                at = Span(start, Position(number, end + 1))
                spoken = number if others else number + 1
                found.append(_comment(file, at, match, spoken, line[match.start() : end]))
    return tuple(found)


def _within(spans: Iterable[Span]) -> Callable[[Position], bool]:
    """Return a function that tells whether a position lies within one of them, not at its edge."""
    ordered = sorted(spans)
    starts = [span.start for span in ordered]
    # How far the spans reach that begin up to each one, whether or not they overlap.
    reach = list(accumulate((span.end for span in ordered), max))

    def within(at: Position) -> bool:
        before = bisect_left(starts, at)
        return before > 0 and at < reach[before - 1]

    return within


def _comment(file: str, at: Span, match: re.Match[str], line: int, text: str) -> IgnoreComment:
    scope = _CODES.match(match["rest"].strip()) if match["verb"] == "ignore" else None
    codes = scope["codes"].split(",") if scope else []
    reason = scope["reason"].strip(" \t:-") if scope else ""
    return IgnoreComment(
        file,
        at,
        tuple(code.strip() for code in codes if code.strip()),
        "" if is_placeholder(reason) else reason,
        line,
        text,
    )


def without_codes(text: str, is_gone: Callable[[str], bool]) -> str | None:
    """Return an ignore comment without some of its codes; None where none of them is left."""
    begin, end = text.index("[") + 1, text.index("]")
    written = text[begin:end].split(",")
    kept = [one for one in written if one.strip() and not is_gone(one.strip())]
    if not kept:
        return None
    return f"{text[:begin]}{','.join(kept).strip()}{text[end:]}"
