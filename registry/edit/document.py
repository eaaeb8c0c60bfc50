"""One file as a tree with the place of every key and value: ruamel.yaml's round-trip reader.

ruamel.yaml stands behind this door alone. What it would write is not taken: its writer wraps lines
and spaces lists anew. Its nodes say where everything stands, and only that is replaced.
"""

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from registry.edit.change import CannotEditError

if TYPE_CHECKING:
    from ruamel.yaml.nodes import Node

Pair = tuple[Any, Any]
"""A key's node and its value's."""


def tree(text: str) -> "Node | None":
    """Read a text into nodes; None where nothing stands in it.

    Raises CannotEditError for what ruamel.yaml does not read.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        root: Node | None = YAML(typ="rt").compose(io.StringIO(text, newline=""))
    except (YAMLError, ValueError, TypeError, AssertionError, NotImplementedError):
        raise CannotEditError("its file is written in a way that is not edited by itself") from None
    return root


def is_mapping(node: Any) -> bool:
    """Whether a node is a mapping."""
    return hasattr(node, "value") and isinstance(node.value, list) and not is_list(node)


def is_list(node: Any) -> bool:
    """Whether a node is a list."""
    from ruamel.yaml.nodes import SequenceNode

    return isinstance(node, SequenceNode)


def is_text(node: Any) -> bool:
    """Whether a node is a single value."""
    return isinstance(node.value, str)


def pairs(mapping: "Node") -> Iterator[tuple[str, Pair]]:
    """Yield the pairs of a mapping by their keys' texts."""
    for key, value in mapping.value:
        yield key.value, (key, value)


def pair(mapping: "Node", name: str) -> Pair | None:
    """Find a pair by its key. Raises CannotEditError for an alias or an anchor."""
    found = next((both for key, both in pairs(mapping) if key == name), None)
    if found is not None:
        own(*found)
    return found


def own(key: Any, value: Any) -> None:
    """Make sure that a value stands where it seems to, and nowhere else."""
    if value.anchor is not None or value.start_mark.index < key.start_mark.index:
        raise CannotEditError("its text is shared, by an anchor and an alias")


def start(node: Any) -> int:
    """Return where a node begins."""
    place: int = node.start_mark.index
    return place


def stop(text: str, node: Any) -> int:
    """Return where the text of a node ends: comments and blank lines after it are not its own."""
    end: int = node.end_mark.index
    if isinstance(node.value, str):
        return len(text[:end].rstrip()) if node.style in {"|", ">"} else end
    if node.flow_style:
        return end
    last = node.value[-1]
    return stop(text, last[1] if isinstance(last, tuple) else last)
