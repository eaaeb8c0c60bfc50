"""Findings that the program mends itself: their fixes as changes to the files' texts."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from registry.diagnostic import Diagnostic, FixChange
from registry.edit.baseline import changed
from registry.edit.change import CannotEditError
from registry.edit.comments import comment_splice
from registry.edit.document import is_list, is_text, tree
from registry.edit.edit import field_order
from registry.edit.entity import entity_splices
from registry.edit.held import from_change, hold
from registry.edit.items import without_items
from registry.edit.place import find, rewritten
from registry.edit.splice import Splice, spliced
from registry.source.markdown import front_matter_end
from registry.source.text import BOM
from registry.span import KeyPath
from registry.workspace.open import Opened

Read = Callable[[str], bytes | None]
"""Gives a file's bytes by the name under which findings show it."""


class Unmended(NamedTuple):
    """A finding whose fix cannot be made, and why."""

    found: Diagnostic
    why: str


class Mended(NamedTuple):
    """What files hold with fixes made, by name; `done` are the findings whose fixes they are."""

    after: dict[str, bytes]
    done: tuple[Diagnostic, ...]
    unmended: tuple[Unmended, ...]


def mend(opened: Opened, found: Iterable[Diagnostic], read: Read) -> Mended:
    """Make the fixes of findings, in as many files as they touch; nothing is written.

    Of two that do not go together the first is made.
    """
    by_file: dict[str, list[Diagnostic]] = {}
    for one in found:
        if one.fix is not None:
            by_file.setdefault(one.fix.changes[0].location.file, []).append(one)
    after: dict[str, bytes] = {}
    done: list[Diagnostic] = []
    unmended: list[Unmended] = []
    for file, own in sorted(by_file.items()):
        old = read(file)
        if old is None:
            unmended += (Unmended(one, "its file cannot be read") for one in own)
            continue
        made = _Made(opened, file, old)
        made.take(own)
        if made.new != old:
            after[file] = made.new
            done += made.done
        unmended += made.unmended
    return Mended(after, tuple(done), tuple(unmended))


class _Made:
    """The fixes that are made in one file so far, and the file with them."""

    def __init__(self, opened: Opened, file: str, old: bytes) -> None:
        self.opened = opened
        self.file = file
        self.old = self.new = old
        self.done: list[Diagnostic] = []
        self.unmended: list[Unmended] = []

    def take(self, found: Sequence[Diagnostic]) -> None:
        """Make the fixes of findings all at once, or, where that cannot be, of each that can."""
        try:
            self.new = _fixed(self.opened, self.file, self.old, [*self.done, *found])
            self.done += found
        except CannotEditError as error:
            if len(found) == 1:
                self.unmended.append(Unmended(found[0], str(error)))
            else:
                self.take(found[: len(found) // 2])
                self.take(found[len(found) // 2 :])


def _fixed(opened: Opened, file: str, old: bytes, found: Sequence[Diagnostic]) -> bytes:
    """Return a file with fixes made. Raises CannotEditError where one cannot be."""
    fixes = dict.fromkeys(one.fix for one in found if one.fix is not None)
    changes = list(dict.fromkeys(change for fix in fixes for change in fix.changes))
    if file == opened.baseline.name:
        return changed(old, {_index(one.location.path) for one in changes}, ())
    mark = BOM if old.startswith(BOM) else b""
    try:
        text = old.removeprefix(BOM).decode("utf-8")
    except UnicodeDecodeError:
        raise CannotEditError("its file is not UTF-8") from None
    comments = [one for one in changes if one.span is not None]
    data = [one for one in changes if one.span is None]
    splices = [comment_splice(text, one.span, _text(one)) for one in comments if one.span]
    if data:
        begin, inner, above = _yaml(text, file)
        root = tree(inner)
        own = [_inside(one, above) for one in data]
        splices += (
            Splice(at.start + begin, at.end + begin, at.text) for at in _splices(inner, root, own)
        )
    new = spliced(text, dict.fromkeys(splices))
    hold(text, new, file, map(from_change, data))
    return mark + new.encode()


def _yaml(text: str, file: str) -> tuple[int, str, int]:
    """Return where a file's YAML begins, the YAML, and how many steps of a path lead to it."""
    if not file.endswith(".md"):
        return 0, text, 0
    lines = text.split("\n")
    last = front_matter_end(lines)
    if not last:
        raise CannotEditError("it stands under a heading of its page")
    return len(lines[0]) + 1, "".join(f"{line}\n" for line in lines[1:last]), 2


def _inside(change: FixChange, steps: int) -> FixChange:
    at = change.location
    return change._replace(location=at._replace(path=at.path[steps:]))


def _text(change: FixChange) -> str | None:
    return change.value if isinstance(change.value, str) else None


def _index(path: KeyPath) -> int:
    last = path[-1]
    if not isinstance(last, int):
        raise CannotEditError("it is no item of a list")
    return last


def _splices(text: str, root: Any, changes: Sequence[FixChange]) -> Iterator[Splice]:
    """Yield what changes a text: values in their places, fields of an entity, items that go."""
    gone: dict[KeyPath, set[int]] = {}
    entities: dict[KeyPath, dict[str, Any]] = {}
    for one in changes:
        path = one.location.path
        if one.value is None:
            gone.setdefault(path[:-1], set()).add(_index(path))
        elif isinstance(one.value, tuple) or not _is_single(root, one):
            entities.setdefault(path[:-1], {})[str(path[-1])] = one.value
        else:
            yield rewritten(text, root, path, one.location.part, one.value)
    for path, items in gone.items():
        found = find(root, path)
        if not is_list(found.value):
            raise CannotEditError("it is no item of a list")
        yield from without_items(text, found.key, found.value, items)
    for path, fields in entities.items():
        order = field_order(str(path[0]))
        yield from entity_splices(text, find(root, path).value, fields, order)


def _is_single(root: Any, change: FixChange) -> bool:
    """Whether a key or a single value is to be changed, and not a list to one value."""
    return change.location.part == "key" or is_text(find(root, change.location.path).value)
