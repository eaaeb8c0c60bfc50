"""The title of a runbook in Markdown, where a heading of its page is the title."""

import copy
import re
from typing import Any

from registry.edit.change import CannotEditError, FieldValue
from registry.source.markdown import compose_markdown

_MORE = re.compile(r"[<\[\\&]")
"""What may begin a tag, a link, an escape or a reference: Markdown that is more than text."""


def is_heading(text: str, file: str) -> bool:
    """Whether the title of a page is one of its headings, and not a field of its front matter."""
    return _title(text, file) is not None


def retitled(text: str, file: str, title: FieldValue) -> str:
    """Return a page with another title in the place of the heading that is its title.

    Raises CannotEditError for one that a heading cannot hold, or that would be more than text.
    """
    found = _title(text, file)
    if found is None or not isinstance(title, str) or not title:
        raise CannotEditError("it stands under a heading of its page")
    number, column, old = found
    lines = text.split("\n")
    line = lines[number]
    if _MORE.search(title) or not line[column:].startswith(old):
        raise CannotEditError("it is a heading of its page, which cannot be changed to this")
    lines[number] = f"{line[:column]}{title}{line[column + len(old) :]}"
    new = "\n".join(lines)
    before, after = (compose_markdown(one.encode(), file) for one in (text, new))
    meant: dict[str, Any] = copy.deepcopy(before.data or {})
    for entity in meant["runbooks"].values():
        entity["title"] = title
    if after.data != meant or len(after.problems) > len(before.problems):
        raise CannotEditError("it is a heading of its page, which would say something else")
    return new


def _title(text: str, file: str) -> tuple[int, int, str] | None:
    """Find the heading that is the title: its line and column, from 0, and what it says.

    None where the front matter has the title, or the page has none.
    """
    composed = compose_markdown(text.encode(), file)
    for path, node in composed.nodes.items():
        if path[2:] == ("title",) and node.key is None and node.text is not None:
            start = node.value.start
            return start.line - 1, start.column - 1, node.text
    return None
