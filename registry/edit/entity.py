"""The fields of one entity: changed, added at their place in the model's order, or taken out."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from registry.edit.change import CannotEditError, FieldValue
from registry.edit.document import Pair, is_list, is_mapping, is_text, own, pair, pairs, start, stop
from registry.edit.lists import list_splices
from registry.edit.scalars import block, flow_list, written
from registry.edit.splice import Splice, line_end, line_start, newline, whole_lines


def entity_splices(
    text: str, mapping: Any, values: Mapping[str, FieldValue], order: Sequence[str]
) -> Iterator[Splice]:
    """Yield what gives an entity other values; `order` are the fields that it may have, in order.

    Raises CannotEditError where that cannot be done without touching more.
    """
    if not is_mapping(mapping):
        raise CannotEditError("it is not written as a mapping of fields")
    there = dict(pairs(mapping))
    gone = [name for name, value in values.items() if value in {None, ()} and name in there]
    if there and len(gone) == len(there):
        raise CannotEditError("nothing of it would be left")
    for name, value in values.items():
        found = pair(mapping, name)
        if found is not None and name in gone:
            yield _without(text, mapping, name, gone)
        elif found is not None and value is not None:
            yield from _changed(text, mapping, found, value)
    new = {name: values[name] for name in order if name in values and name not in there}
    yield from _added(text, mapping, {k: v for k, v in new.items() if v is not None}, order)


def field_lines(values: Mapping[str, FieldValue], indent: str, end: str, mark: str = "") -> str:
    """Write fields as lines of a block; with `mark`, a list is an item a line behind it."""
    lines = []
    for name, value in values.items():
        if mark and isinstance(value, tuple):
            lines += [f"{indent}{name}:", *(f"{mark}{written(one)}" for one in value)]
        else:
            lines.append(f"{indent}{name}: {_shown(value)}")
    return "".join(f"{line}{end}" for line in lines)


def field_flow(values: Mapping[str, FieldValue]) -> str:
    """Write fields between braces, without the braces."""
    return ", ".join(f"{name}: {_shown(value, is_flow=True)}" for name, value in values.items())


def _shown(value: FieldValue, *, is_flow: bool = False) -> str:
    if isinstance(value, tuple):
        return flow_list(value)
    return written("" if value is None else value, is_flow=is_flow)


def _changed(text: str, mapping: Any, found: Pair, value: FieldValue) -> Iterator[Splice]:
    key, node = found
    own(key, node)
    if is_list(node) and isinstance(value, tuple):
        yield from list_splices(text, node, value)
    elif is_text(node) and isinstance(value, (str, bool)):
        if not node.value and node.style is None:  # nothing stands after the colon
            at = text.index(":", key.end_mark.index) + 1
            yield Splice(at, at, f" {written(value, is_flow=bool(mapping.flow_style))}")
            return
        yield Splice(start(node), stop(text, node), _in_place(text, node, value, mapping))
    elif is_mapping(node):
        raise CannotEditError("it holds fields of its own")
    elif is_list(node) and not node.flow_style:
        at = key.end_mark.index
        yield Splice(at, stop(text, node), f": {_shown(value)}")
    else:
        shown = _shown(value, is_flow=bool(mapping.flow_style))
        yield Splice(start(node), stop(text, node), shown)


def _in_place(text: str, node: Any, value: str | bool, mapping: Any) -> str:
    """Write a value in the style of the one that stands there."""
    if node.style in {"|", ">"} and isinstance(value, str):
        first = text[line_end(text, start(node)) : stop(text, node)]
        indent = first[: len(first) - len(first.lstrip(" "))]
        header = text[start(node) : start(node) + 2].strip()
        lines = block(value, header, indent, newline(text))
        if lines is not None:
            return lines
    return written(value, node.style, is_flow=bool(mapping.flow_style))


def _without(text: str, mapping: Any, name: str, gone: Sequence[str]) -> Splice:
    """Take a field out: its lines, or its place between two commas.

    Between braces it goes with the comma behind it; where all behind it are `gone` too, with that
    before it. So no two of them touch the same comma.
    """
    both = mapping.value
    index = next(place for place, (key, _) in enumerate(both) if key.value == name)
    key, node = both[index]
    if not mapping.flow_style:
        return Splice(line_start(text, start(key)), line_end(text, stop(text, node)), "")
    if any(key.value not in gone for key, _ in both[index + 1 :]):
        return Splice(start(key), start(both[index + 1][0]), "")
    return Splice(stop(text, both[index - 1][1]), stop(text, node), "")


def _added(
    text: str, mapping: Any, values: Mapping[str, FieldValue], order: Sequence[str]
) -> Iterator[Splice]:
    """Put each new field after the last one there that the model has before it."""
    ranks = {name: rank for rank, name in enumerate(order)}
    at: dict[str | None, dict[str, FieldValue]] = {}
    there = [key for key, _ in pairs(mapping)]
    for name, value in values.items():
        before = [key for key in there if ranks.get(key, len(order)) < ranks[name]]
        at.setdefault(before[-1] if before else None, {})[name] = value
    for before_name, new in at.items():
        yield _inserted(text, mapping, before_name, new)


def _inserted(text: str, mapping: Any, after: str | None, new: Mapping[str, FieldValue]) -> Splice:
    both = mapping.value
    if not both:
        return Splice(start(mapping), stop(text, mapping), "{" + field_flow(new) + "}")
    first = both[0][0]
    found = next(((key, node) for key, node in both if key.value == after), None)
    if mapping.flow_style:
        if found is None:
            return Splice(start(first), start(first), f"{field_flow(new)}, ")
        at = stop(text, found[1])
        return Splice(at, at, f", {field_flow(new)}")
    indent = text[line_start(text, start(first)) : start(first)]
    lines = field_lines(new, indent, newline(text), list_mark(text, mapping))
    if found is None:
        return whole_lines(text, line_start(text, start(first)), lines)
    return whole_lines(text, line_end(text, stop(text, found[1])), lines)


def list_mark(text: str, mapping: Any) -> str:
    """Return what stands before the items of an entity's lists, where those have lines."""
    for _, node in mapping.value:
        if is_list(node) and not node.flow_style and start(node.value[0]) > start(node):
            first = start(node.value[0])
            mark = text[line_start(text, first) : first]
            return mark if mark.strip() == "-" else ""
    return ""
