"""Where a key or a text stands in a file, and how another is written in its place."""

import re
from typing import Any, NamedTuple

from registry.edit.change import CannotEditError
from registry.edit.document import is_list, is_mapping, is_text, start, stop
from registry.edit.scalars import written
from registry.edit.splice import Splice
from registry.span import KeyPath, Part

_PROPERTIES = re.compile(r"(?:&[^\s,\[\]{}]+\s+)*")
"""An anchor that stands before a text, and stays."""


class Spot(NamedTuple):
    """A key and the value below it, of which one is meant; `is_flow`: between braces or brackets.

    `key` is None of a list's item.
    """

    key: Any
    value: Any
    is_flow: bool


def find(root: Any, path: KeyPath) -> Spot:
    """Find what stands at a path. Raises CannotEditError where nothing does."""
    key, node, is_flow = None, root, False
    for step in path:
        is_flow = is_flow or bool(getattr(node, "flow_style", False))
        key, node = _step(node, step)
    return Spot(key, node, is_flow)


def _step(node: Any, step: str | int) -> tuple[Any, Any]:
    if node is not None and isinstance(step, int) and is_list(node) and step < len(node.value):
        return None, node.value[step]
    if node is not None and isinstance(step, str) and is_mapping(node):
        for key, value in node.value:
            if key.value == step:
                return key, value
    raise CannotEditError("it stands in no place of its own")


def rewritten(text: str, root: Any, path: KeyPath, part: Part, new: str) -> Splice:
    """Write another text in the place of a key or a value, in the quotes that stand there.

    Of a value that an alias stands for, the place is that of its anchor. Raises CannotEditError
    where no single value stands there.
    """
    found = find(root, path)
    node = found.key if part == "key" and found.key is not None else found.value
    if not is_text(node):
        raise CannotEditError("it is no single value")
    begin, end = start(node), stop(text, node)
    begin += len(_PROPERTIES.match(text[begin:end])[0])  # type: ignore[index] # it may be empty
    if not text[begin:end]:
        raise CannotEditError("nothing stands there")
    is_flow = found.is_flow or part == "key"
    return Splice(begin, end, written(new, node.style, is_flow=is_flow))
