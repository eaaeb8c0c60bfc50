"""A baseline's file: entries are added at its end or taken out, and every other byte stays."""

from collections.abc import Collection, Sequence
from typing import Any

from registry.edit.change import CannotEditError
from registry.edit.document import is_list, is_mapping, pair, start, stop, tree
from registry.edit.items import without_item
from registry.edit.scalars import written
from registry.edit.splice import Splice, line_end, line_start, newline, spliced, whole_lines
from registry.model.baseline import BaselineEntry
from registry.source.composer import compose
from registry.source.text import BOM

HEAD = (
    "# Findings that are known, and accepted for a time; new ones are shown all the same.\n"
    "# `opmodel baseline show` says what each entry does, `prune` takes out what is mended.\n"
    "format: opmodel.baseline.v1\n"
)

_NAME = "opmodel-baseline.yaml"


def changed(old: bytes, gone: Collection[int], new: Sequence[BaselineEntry]) -> bytes:
    """Return a baseline without the entries at some places of its list, and with others behind.

    An `old` that is empty becomes a file of its own. Raises CannotEditError where that cannot be
    done without touching more.
    """
    mark = BOM if old.startswith(BOM) else b""
    text = old.removeprefix(BOM).decode("utf-8")
    if not text.strip():
        return mark + (text + HEAD + "entries:" + _appended("\n", "  ", new)).encode()
    after = spliced(text, _splices(text, gone, new))
    _hold(text, after, gone, new)
    return mark + after.encode()


def _splices(text: str, gone: Collection[int], new: Sequence[BaselineEntry]) -> list[Splice]:
    root = tree(text)
    both = pair(root, "entries") if root is not None and is_mapping(root) else None
    end = newline(text)
    if both is None:
        return [whole_lines(text, len(text), f"entries:{_appended(end, '  ', new)}")]
    key, node = both
    items: list[Any] = node.value if is_list(node) else []
    if not items and node.value:
        raise CannotEditError("its entries are no list")
    if not items:
        return _filled(text, key, node, new) if new else []
    if node.flow_style:
        raise CannotEditError("its entries stand between brackets")
    kept = [number for number in range(len(items)) if number not in gone]
    if not kept:
        first = line_start(text, start(items[0]))
        last = line_end(text, stop(text, items[-1]))
        at = text.index(":", key.end_mark.index) + 1
        shown = _appended(end, _indent(text, items[0]), new) if new else f" []{end}"
        return [Splice(at, at, shown.removesuffix(end)), Splice(first, last, "")]
    found = [without_item(text, items, number) for number in sorted(gone)]
    at = line_end(text, stop(text, items[-1]))
    if new:
        lines = _appended(end, _indent(text, items[0]), new).removeprefix(end)
        found.append(whole_lines(text, at, lines))
    return found


def _filled(text: str, key: Any, node: Any, new: Sequence[BaselineEntry]) -> list[Splice]:
    """Write the first entries of a list that is empty, or of which there is only the key."""
    at = text.index(":", key.end_mark.index) + 1
    lines = _appended(newline(text), "  ", new).removeprefix(newline(text))
    below = whole_lines(text, line_end(text, at), lines)
    return [Splice(at, stop(text, node), ""), below] if is_list(node) else [below]


def _indent(text: str, item: Any) -> str:
    """Return what stands before the hyphen of a list's item."""
    return text[line_start(text, start(item)) : start(item)].partition("-")[0]


def _appended(end: str, indent: str, new: Sequence[BaselineEntry]) -> str:
    """Write entries as items of a list, a line break before them; ` []` where there are none."""
    if not new:
        return f" []{end}"
    return end + "".join(_item(one, indent, end) for one in new)


def _item(entry: BaselineEntry, indent: str, end: str) -> str:
    given = entry.model_dump(exclude_none=True)
    lines = [f"{indent}  {name}: {written(str(value))}" for name, value in given.items()]
    return end.join([f"{indent}- {lines[0].strip()}", *lines[1:], ""])


def _hold(old: str, new: str, gone: Collection[int], added: Sequence[BaselineEntry]) -> None:
    """Make sure that a text says what was meant and nothing else."""
    before, after = (compose(one.encode(), _NAME) for one in (old, new))
    if before.data is None or after.data is None or before.problems or after.problems:
        raise CannotEditError("its file has faults: mend what `opmodel check` says first")
    kept = [one for at, one in enumerate(before.data.get("entries") or []) if at not in gone]
    wanted = [*kept, *(one.model_dump(exclude_none=True) for one in added)]
    meant = {**before.data, "entries": wanted}
    if {**after.data, "entries": after.data.get("entries") or []} != meant:
        raise CannotEditError("it is written in a way that is not edited by itself")
