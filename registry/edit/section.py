"""Entities that are new: put after the last one of their section, in its layout."""

from collections.abc import Mapping
from typing import Any

from registry.edit.change import CannotEditError, FieldValue
from registry.edit.document import is_mapping, is_text, start, stop
from registry.edit.entity import field_flow, field_lines, list_mark
from registry.edit.splice import Splice, line_end, line_start, newline, whole_lines

NewEntities = Mapping[str, Mapping[str, FieldValue]]
"""Id to the fields of an entity that is to be added."""


def new_section(text: str, section: str, new: NewEntities) -> Splice:
    """Put a section at the end of a file, a blank line before it."""
    end = newline(text)
    gap = end if text.strip() else ""
    lines = _lines(new, "  ", "    ", end)
    return whole_lines(text, len(text), f"{gap}{section}:{end}{lines}")


def into_section(text: str, key: Any, node: Any, new: NewEntities) -> Splice:
    """Put entities behind the last one of a section, whose key and value are given."""
    end = newline(text)
    if is_text(node) and start(node) == stop(text, node):
        indent = text[line_start(text, start(key)) : start(key)] + "  "
        at = line_end(text, start(key))
        return whole_lines(text, at, _lines(new, indent, indent + "  ", end))
    if not is_mapping(node):
        raise CannotEditError("its section is not written as a mapping")
    if node.flow_style:
        shown = ", ".join(f"{id_}: {{{field_flow(fields)}}}" for id_, fields in new.items())
        at = stop(text, node.value[-1][1]) if node.value else start(node) + 1
        return Splice(at, at, f", {shown}" if node.value else shown)
    first, last = node.value[0][0], node.value[-1]
    indent = text[line_start(text, start(first)) : start(first)]
    inner, mark = _inner(text, node, indent)
    gap = end if _is_spaced(text, node) else ""
    return whole_lines(
        text, line_end(text, stop(text, last[1])), _lines(new, indent, inner, end, gap, mark)
    )


def _lines(  # noqa: PLR0913 - what an entity's lines depend on
    new: NewEntities, indent: str, inner: str, end: str, gap: str = "", mark: str = ""
) -> str:
    return "".join(
        f"{gap}{indent}{id_}:{end}{field_lines(fields, inner, end, mark)}"
        for id_, fields in new.items()
    )


def _inner(text: str, node: Any, indent: str) -> tuple[str, str]:
    """Tell how far the fields of a section's entities are indented, and how lists are marked."""
    for _, entity in node.value:
        if is_mapping(entity) and not entity.flow_style and entity.value:
            at = start(entity.value[0][0])
            return text[line_start(text, at) : at], list_mark(text, entity)
    return f"{indent}  ", ""


def _is_spaced(text: str, node: Any) -> bool:
    """Whether blank lines part a section's entities."""
    both = node.value
    if len(both) < 2:
        return False
    between = text[stop(text, both[-2][1]) : start(both[-1][0])]
    return between.count("\n") > 1 and "\n\n" in between.replace("\r", "").replace(" ", "")
