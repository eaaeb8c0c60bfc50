"""Stretches of a text that are replaced, the rest being kept byte for byte."""

from collections.abc import Iterable
from typing import NamedTuple

from registry.edit.change import CannotEditError


class Splice(NamedTuple):
    """What stands from `start` up to `end` (characters, counted from 0) becomes `text`."""

    start: int
    end: int
    text: str


def spliced(text: str, splices: Iterable[Splice]) -> str:
    """Return the text with every splice made. Raises CannotEditError where two overlap."""
    parts, at = [], 0
    for start, end, new in sorted(splices, key=lambda one: (one.start, one.end)):
        if start < at:
            raise CannotEditError("two changes overlap")
        parts += [text[at:start], new]
        at = end
    return "".join((*parts, text[at:]))


def line_start(text: str, at: int) -> int:
    """Return where the line begins that holds a place."""
    return text.rfind("\n", 0, at) + 1


def line_end(text: str, at: int) -> int:
    """Return where the next line begins; the text's end after the last one."""
    return text.find("\n", at) + 1 or len(text)


def newline(text: str) -> str:
    """Return how the lines of a text end."""
    return "\r\n" if "\r\n" in text else "\n"


def whole_lines(text: str, at: int, lines: str) -> Splice:
    """Insert whole lines at a line's start, or at the end of a text whose last line is open."""
    is_open = at > 0 and text[at - 1] != "\n"
    end = newline(text)
    return Splice(at, at, f"{end}{lines.removesuffix(end)}" if is_open else lines)
