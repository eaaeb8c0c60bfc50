"""Where something stands: in the text (`Span`) and in the data (`Location`)."""

from typing import Literal, NamedTuple

KeyPath = tuple[str | int, ...]
"""Keys and list indices from a file's root down to a value."""

Part = Literal["key", "value"]


class Position(NamedTuple):
    """A place in a text: line and column count from 1, columns in code points."""

    line: int
    column: int


class Span(NamedTuple):
    """A stretch of text; `end` is exclusive."""

    start: Position
    end: Position


FILE_START = Span(Position(1, 1), Position(1, 1))


class Location(NamedTuple):
    """A value, or the key that introduces it, by its key path in one file.

    `file` is relative to the registry's root, with forward slashes.
    """

    file: str
    path: KeyPath = ()
    part: Part = "value"
