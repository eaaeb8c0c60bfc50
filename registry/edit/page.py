"""A runbook's page in Markdown: other texts in its front matter, its `id`, or its body."""

from collections.abc import Sequence

from registry.edit.change import CannotEditError
from registry.edit.comments import offset
from registry.edit.document import is_mapping, pairs, tree
from registry.edit.held import Aim, hold, read
from registry.edit.place import rewritten
from registry.edit.scalars import written
from registry.edit.splice import Splice, newline, spliced
from registry.source.markdown import front_matter_end

_ID = ("id",)
_ENTITY = 2
"""Steps of a path that lead to the runbook: its section and its id."""


def rewritten_page(text: str, file: str, aims: Sequence[Aim]) -> str:
    """Return a page with other ids in it; raises CannotEditError where one cannot be written.

    The page's own id is its front matter's; where it has none, it is the file's name, and front
    matter with an id is put there, for links lead to the file by its name.
    """
    lines = text.split("\n")
    last = front_matter_end(lines)
    begin = len(lines[0]) + 1 if last else 0
    front = "".join(f"{line}\n" for line in lines[1:last])
    root = tree(front) if front.strip() else None
    top = dict(pairs(root)) if root is not None and is_mapping(root) else {}
    splices: list[Splice] = []
    for path, part, new in aims:
        inner = path[_ENTITY:]
        if inner and inner[0] not in top:
            splices.append(_in_body(text, file, path, str(new)))
        elif inner or "id" in top:
            at = rewritten(front, root, inner or _ID, part if inner else "value", str(new))
            splices.append(Splice(at.start + begin, at.end + begin, at.text))
        else:
            splices.append(_with_id(text, begin, str(new)))
    after = spliced(text, dict.fromkeys(splices))
    hold(text, after, file, aims)
    return after


def _with_id(text: str, begin: int, new: str) -> Splice:
    end = newline(text)
    line = f"id: {written(new)}{end}"
    return Splice(begin, begin, line if begin else f"---{end}{line}---{end}{end}")


def _in_body(text: str, file: str, path: tuple[str | int, ...], new: str) -> Splice:
    """Write another id between the backticks of a list's item."""
    composed = read(text, file)
    node = composed.node(path)
    if node is None or node.text is None:
        raise CannotEditError("it stands in no place of its own")
    first, last = offset(text, node.value.start), offset(text, node.value.end)
    old = f"`{node.text}`"
    if text[first:last].count(old) != 1:
        raise CannotEditError("it stands in the text of its page, in no place of its own")
    at = text.index(old, first) + 1
    return Splice(at, at + len(node.text), new)
