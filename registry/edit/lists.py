"""A list of texts that gets other items: the ones that stay, stay where they are."""

from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Any

from registry.edit.change import CannotEditError
from registry.edit.document import is_text, start, stop
from registry.edit.scalars import written
from registry.edit.splice import Splice, line_end, line_start, newline, whole_lines


def list_splices(text: str, node: Any, values: tuple[str, ...]) -> Iterator[Splice]:
    """Yield what turns a list's items into `values`, of which there is at least one."""
    items = node.value
    places = [start(one) for one in items]  # an alias has its anchor's
    if not all(map(is_text, items)) or places != sorted(
        {one for one in places if one >= start(node)}
    ):
        raise CannotEditError("its list holds more than texts, or shares them by an alias")
    if not items:
        yield Splice(start(node), stop(text, node), f"[{_joined(values)}]")
        return
    old = [one.value for one in items]
    change = _flow if node.flow_style else _block
    matcher = SequenceMatcher(None, old, values, autojunk=False)
    for what, first, last, begin, end in matcher.get_opcodes():
        if what == "equal":
            continue
        new = values[begin:end]
        both = min(last - first, end - begin)
        for item, value in zip(items[first : first + both], new, strict=False):
            shown = written(value, item.style, is_flow=bool(node.flow_style))
            yield Splice(start(item), stop(text, item), shown)
        yield from change(text, items, first + both, last, new[both:])


def _flow(
    text: str, items: list[Any], first: int, last: int, new: tuple[str, ...]
) -> Iterator[Splice]:
    """Take the items from `first` to `last` out of `[a, b]`, or put new ones in there."""
    if new and first < len(items):
        at = start(items[first])
        yield Splice(at, at, f"{_joined(new)}, ")
    elif new:
        at = stop(text, items[-1])
        yield Splice(at, at, f", {_joined(new)}")
    elif first < last < len(items):
        yield Splice(start(items[first]), start(items[last]), "")
    elif first < last:
        yield Splice(stop(text, items[first - 1]), stop(text, items[last - 1]), "")


def _block(
    text: str, items: list[Any], first: int, last: int, new: tuple[str, ...]
) -> Iterator[Splice]:
    """Take the lines of items out of a list with hyphens, or put new ones in there."""
    for item in items[first:last]:
        yield Splice(line_start(text, start(item)), line_end(text, stop(text, item)), "")
    if new:
        near = items[max(first - 1, 0)]
        mark = text[line_start(text, start(near)) : start(near)]
        if mark.strip() != "-":
            raise CannotEditError("its list is written in a way that is not edited by itself")
        edge = line_end(text, stop(text, near)) if first else line_start(text, start(near))
        lines = "".join(f"{mark}{written(one)}{newline(text)}" for one in new)
        yield whole_lines(text, edge, lines)


def _joined(values: tuple[str, ...]) -> str:
    return ", ".join(written(one, is_flow=True) for one in values)
