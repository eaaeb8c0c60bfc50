"""Markdown pages that their hosts take whole: what is too much is left out from the end, and told.

A comment on GitHub holds 65,536 characters, and the summary of a step 1 MiB; what is longer is
refused, all of it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

BOUND = 60_000
"""Bytes of UTF-8 that a page has at most: room for what others put around it."""

ROOM_FOR_MORE = 200
"""Bytes that the line takes at most which tells what was left out."""


class Item(NamedTuple):
    """A line of a list and the heading that it stands below, both Markdown already."""

    heading: str
    text: str


def size(*lines: str) -> int:
    """Count the bytes of lines, each with what parts it from the next."""
    return sum(len(line.encode("utf-8", "backslashreplace")) + 2 for line in lines)


def within(
    items: Iterable[Item], number: int, room: int, more: Callable[[int], str]
) -> Iterator[str]:
    """Yield the blocks of a page, a heading and its list each, that so many bytes hold.

    Items of one heading stand together. There are `number` of them, asked for one by one. Where
    some are left out, `more` of how many is the last block; it is not counted.
    """
    block: list[str] = []
    heading = ""
    for place, item in enumerate(items):
        is_new = item.heading != heading
        lines = [f"### {item.heading}", "", f"- {item.text}"] if is_new else [f"- {item.text}"]
        room -= size(*lines)
        if room < 0:
            yield from _block(block)
            yield more(number - place)
            return
        if is_new:
            yield from _block(block)
            block, heading = [], item.heading
        block += lines
    yield from _block(block)


def _block(lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield "\n".join(lines)
