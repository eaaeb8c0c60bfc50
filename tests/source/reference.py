"""What ruamel.yaml makes of a document: the same facts as our reader gives, from other code."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode

from registry.source.composer import Composed
from registry.span import KeyPath

Place = tuple[int, int]


class Fact(NamedTuple):
    """A value: its data (for a scalar), where it starts, where its text ends, its key's start."""

    data: Any
    start: Place
    end: Place | None
    key: Place | None


class Refused(Exception):
    """ruamel.yaml does not take the document."""


_CORE = re.compile(
    r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+|[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?"
    r"|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)"
)
"""Numbers of the core schema (YAML 1.2.2, 10.3.2); ruamel.yaml takes `1_000`, `-0x1` and `0b1`, too."""

_TAG = "tag:yaml.org,2002:"


def theirs(text: str) -> dict[KeyPath, Fact]:
    """Compose a document with ruamel.yaml, pure Python, YAML 1.2, into facts by path."""
    yaml = YAML(typ="safe", pure=True)
    yaml.version = (1, 2)
    try:
        root = yaml.compose(text)
    except Exception as error:
        raise Refused(f"{type(error).__name__}: {error}") from error
    if root is None or (isinstance(root, ScalarNode) and _scalar(root) is None):
        return {}
    return dict(_walk(root, (), None))


def _walk(node: Node, path: KeyPath, key: Node | None) -> Iterator[tuple[KeyPath, Fact]]:
    start = (node.start_mark.line + 1, node.start_mark.column + 1)
    above = (key.start_mark.line + 1, key.start_mark.column + 1) if key is not None else None
    if isinstance(node, ScalarNode):
        end = (node.end_mark.line + 1, node.end_mark.column + 1)
        exact = end if node.style not in {"|", ">"} and end > start else None
        yield path, Fact(_scalar(node), start, exact, above)
        return
    if isinstance(node, MappingNode):
        yield path, Fact(dict, start, None, above)
        for name, value in node.value:
            yield from _walk(value, (*path, str(_scalar(name))), name)
        return
    yield path, Fact(list, start, None, above)
    for index, item in enumerate(node.value):
        yield from _walk(item, (*path, index), None)


def _scalar(node: Node) -> Any:
    """Read a scalar by the tag that ruamel.yaml resolved, as the core schema says."""
    text = str(node.value)
    tag = str(node.tag).removeprefix(_TAG)
    if not isinstance(node, ScalarNode) or node.style is not None or tag == "str":
        return text
    if tag in {"int", "float"} and not _CORE.fullmatch(text):
        return text
    if tag == "null":
        return None
    if tag == "bool":
        return text.lower() == "true"
    if tag == "int":
        digits = text.lstrip("+-")
        base = {"0o": 8, "0x": 16}.get(digits[:2].lower(), 10)
        number = int(digits[2:] if base != 10 else digits, base) if len(digits) < 300 else math.inf
        return -number if text.startswith("-") else number
    if tag == "float":
        return float(re.sub(r"\.(inf|nan)$", r"\1", text.lower()))
    return text


def ours(composed: Composed) -> dict[KeyPath, Fact]:
    """Give our reader's facts in the same form; values behind aliases under their own paths."""
    return dict(_facts(composed, composed.data, ())) if composed.data else {}


def _facts(composed: Composed, data: Any, path: KeyPath) -> Iterator[tuple[KeyPath, Fact]]:
    node = composed.node(path)
    assert node is not None, path
    key = tuple(node.key.start) if node.key else None
    if isinstance(data, dict | list):
        yield path, Fact(type(data), tuple(node.value.start), None, key)
        items = data.items() if isinstance(data, dict) else enumerate(data)
        for name, value in items:
            yield from _facts(composed, value, (*path, name))
        return
    yield path, Fact(data, tuple(node.value.start), tuple(node.value.end), key)


def differences(text: str, composed: Composed) -> list[str]:
    """Compare the two; each difference in a line. Raises Refused as `theirs` does.

    Three differences are known and none of ours: ruamel.yaml puts an empty value where the next
    token is, far below its key; it takes keys that are no text, which are OM006 here; and of a
    repeated key, OM002 here, its composer keeps both.
    """
    if any(one.code == "OM002" for one in composed.problems):
        raise Refused("a repeated key")
    left, right = ours(composed), theirs(text)
    if not composed.data:
        right.pop((), None)
    found = [f"only ours: {path}" for path in left.keys() - right.keys()]
    odd = any(one.code == "OM006" for one in composed.problems)
    found += [f"only theirs: {path}" for path in right.keys() - left.keys() if not odd]
    aliased = set(composed.aliases)
    for path in left.keys() & right.keys():
        a, b = left[path], right[path]
        if not _same(a.data, b.data):
            found.append(f"{path}: {a.data!r} is not {b.data!r}")
        behind = any(path[:length] in aliased for length in range(len(path) + 1))
        empty = a.data is None and a.end == (a.start[0], a.start[1] + 1)
        if not behind and (a.key != b.key or (a.start != b.start and not empty)):
            found.append(f"{path}: starts at {a.start} after {a.key}, not {b.start} after {b.key}")
        if not behind and a.end and b.end and a.end != b.end:
            found.append(f"{path}: ends at {a.end}, not {b.end}")
    return found


def _same(a: Any, b: Any) -> bool:
    if isinstance(a, float) and isinstance(b, int | float) and not isinstance(b, bool):
        return a == float(b) or (math.isnan(a) and math.isnan(b))  # many digits are a float
    return type(a) is type(b) and a == b
