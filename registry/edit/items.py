"""Items that are taken out of a list of a file, whatever they hold."""

from collections.abc import Collection, Iterator
from typing import Any

from registry.edit.document import start, stop
from registry.edit.splice import Splice, line_end, line_start


def without_items(text: str, key: Any, node: Any, gone: Collection[int]) -> Iterator[Splice]:
    """Yield what takes items out of the list of a field; `[]` is left where there is no other."""
    items = node.value
    kept = [place for place in range(len(items)) if place not in gone]
    if node.flow_style:
        yield from _flow(text, node, sorted(gone), kept)
    elif kept:
        yield from (without_item(text, items, place) for place in sorted(gone))
    else:
        at = text.index(":", key.end_mark.index) + 1
        yield Splice(at, at, " []")
        first = line_start(text, start(items[0]))
        yield Splice(first, line_end(text, stop(text, items[-1])), "")


def without_item(text: str, items: list[Any], number: int) -> Splice:
    """Take an item's lines out, with the comments that stand above it, and not the next one's."""
    first = line_start(text, start(items[number]))
    least = line_end(text, stop(text, items[number - 1])) if number else first
    while first > least and text[line_start(text, first - 1) : first].lstrip().startswith("#"):
        first = line_start(text, first - 1)
    return Splice(first, line_end(text, stop(text, items[number])), "")


def _flow(text: str, node: Any, gone: list[int], kept: list[int]) -> Iterator[Splice]:
    """Take items out from between brackets, each with the comma that is no longer needed.

    One goes with the comma behind it; where all behind it go too, with that before it.
    """
    items = node.value
    if not kept:
        yield Splice(start(node), stop(text, node), "[]")
        return
    for place in gone:
        if place < kept[-1]:
            yield Splice(start(items[place]), start(items[place + 1]), "")
        else:
            yield Splice(stop(text, items[place - 1]), stop(text, items[place]), "")
