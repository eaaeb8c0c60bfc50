"""Ignore comments: changed, or taken out with the blanks or the line that they leave behind."""

from registry.edit.change import CannotEditError
from registry.edit.splice import Splice, line_end, line_start
from registry.source.suppression import MARK
from registry.span import Position, Span


def comment_splice(text: str, at: Span, new: str | None) -> Splice:
    """Put another comment in the place of one, or nothing; a line that held no more goes too.

    Raises CannotEditError where no comment of ours stands there.
    """
    begin, end = offset(text, at.start), offset(text, at.end)
    if MARK.decode() not in text[begin:end]:
        raise CannotEditError("it stands in no place of its own")
    if new is not None:
        return Splice(begin, end, new)
    first, last = line_start(text, begin), line_end(text, end)
    before, after = text[first:begin], text[end:last]
    if not before.strip() and not after.strip():
        return Splice(first, last, "")
    if after.strip():
        return Splice(begin, end + len(after) - len(after.lstrip(" \t")), "")
    return Splice(first + len(before.rstrip(" \t")), end, "")


def offset(text: str, at: Position) -> int:
    """Return where a place of a text is, in characters from 0; lines end at line feeds."""
    place = 0
    for _ in range(at.line - 1):
        place = line_end(text, place)
    return place + at.column - 1
