"""Runbooks in Markdown: front matter for the short fields, lists under the known headings."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from registry.diagnostic import Diagnostic, Label
from registry.source.composer import Composed, YamlNode, compose
from registry.span import FILE_START, KeyPath, Location, Position, Span

HEADINGS = {
    "first checks": "first_checks",
    "hypotheses": "hypotheses",
    "mitigation": "mitigations",
    "rollback": "rollback",
    "communication": "communicate",
    "resolved when": "resolved_when",
}
"""Headings whose lists are fields; every other heading is text for people."""

_HYPOTHESIS = re.compile(r"if (?P<if>.+?), check (?P<rest>.+)", re.I | re.S)
_COMPARISON = re.compile(r"[;,] compare (?=.)", re.I | re.S)
_OUTCOME = re.compile(r"; then (?=.)", re.I | re.S)
_SWITCH = re.compile(r"`([A-Za-z0-9][A-Za-z0-9._-]*)`\.?")


class _Item(NamedTuple):
    text: str
    at: Span


class _Heading(NamedTuple):
    title: str
    level: str
    at: Span
    listed: list[_Item]
    paragraphs: list[_Item]

    @property
    def field(self) -> str | None:
        """The field that its list is; None where it is text for people."""
        return HEADINGS.get(self.title.strip().rstrip(":").casefold())

    @property
    def items(self) -> list[_Item]:
        """The list's items; where there is no list, each paragraph is one."""
        return self.listed or self.paragraphs


def compose_markdown(data: bytes, file: str) -> Composed:
    """Read a Markdown runbook as the section `runbooks` with one entity.

    The id is the front matter's `id`, else the file's stem. Problems are those of the front
    matter, and OM002 where a list stands both there and under its heading.
    """
    lines = markdown_lines(data.decode("utf-8", "replace"))
    end = front_matter_end(lines)
    front = compose("\n".join(lines[1:end]).encode(), file) if end else None
    if front is not None:
        front = _shifted(front)
        if front.data is None:
            return front
    body = lines[end + 1 :] if end else lines
    headings = _headings(body, end + 1 if end else 0)
    if not (front and front.data) and not headings:
        return Composed({}, {}, {}, front.problems if front else ())
    return _runbook(file, front, headings)


def markdown_lines(text: str) -> list[str]:
    """Split at line feeds; a lone carriage return, a line's end to CommonMark only, is a blank."""
    return text.replace("\r\n", "\n").replace("\r", " ").split("\n")


def front_matter_end(lines: list[str]) -> int:
    """Return the index of the line that ends the front matter; 0 where there is none."""
    if not lines or lines[0].rstrip() != "---":
        return 0
    return next((n for n, line in enumerate(lines[1:], 1) if line.rstrip() in {"---", "..."}), 0)


def _shifted(front: Composed) -> Composed:
    def down(span: Span) -> Span:
        return Span(*(Position(at.line + 1, at.column) for at in span))

    def label(old: Label) -> Label:
        return old._replace(span=down(old.at))

    nodes = {
        path: node._replace(key=down(node.key) if node.key else None, value=down(node.value))
        for path, node in front.nodes.items()
    }
    problems = tuple(
        found._replace(primary=label(found.primary), related=tuple(map(label, found.related)))
        for found in front.problems
    )
    return Composed(front.data, nodes, front.aliases, problems)


def _headings(body: list[str], offset: int) -> list[_Heading]:
    """Parse the body (CommonMark) into headings, each with its list items or paragraphs."""
    from markdown_it import MarkdownIt

    found: list[_Heading] = []
    # Blocks are all that is needed; what is inside them takes microseconds a bracket to parse.
    tokens = MarkdownIt("commonmark").disable("inline").parse("\n".join(body))
    parts: list[_Item] | None = None
    for index, token in enumerate(tokens):
        if token.type == "heading_open":
            inline = tokens[index + 1]
            at = _place(body, token.map, offset)
            found.append(_Heading(inline.content, token.tag, at, [], []))
        elif token.type == "list_item_open" and token.level == 1:
            parts = []
        elif token.type == "list_item_close" and token.level == 1 and parts and found:
            text = " ".join(part.text for part in parts)
            found[-1].listed.append(_Item(text, Span(parts[0].at.start, parts[-1].at.end)))
            parts = None
        elif token.type == "inline" and tokens[index - 1].type == "paragraph_open":
            item = _Item(" ".join(token.content.split()), _place(body, token.map, offset))
            if parts is not None:
                parts.append(item)
            elif found and token.level == 1:
                found[-1].paragraphs.append(item)
    return found


_LIST_MARK = re.compile(r"\s*(?:(?:[-*+]|[0-9]+[.)]|#{1,6})\s+)*")


def _place(body: list[str], lines: list[int] | None, offset: int) -> Span:
    first, end = lines or (0, 1)
    mark = _LIST_MARK.match(body[first])
    start = mark.end() if mark else 0
    last = body[end - 1].rstrip()
    return Span(
        Position(first + 1 + offset, start + 1), Position(end + offset, max(len(last), start) + 1)
    )


def _runbook(file: str, front: Composed | None, headings: list[_Heading]) -> Composed:
    fields: dict[str, Any] = dict(front.data or {}) if front else {}
    nodes = dict(front.nodes) if front else {}
    problems = list(front.problems) if front else []
    id_node = nodes.pop(("id",), None)
    own_id = fields.pop("id", None)
    stem = file.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    name = own_id if isinstance(own_id, str) else (id_node.text if id_node else None) or stem
    in_front = frozenset(fields)
    for heading, items in _sections(headings):
        _add_heading(heading, items, fields, nodes, problems, in_front, file)
    title = next((heading for heading in headings if heading.title), None)
    if title is not None and "title" not in fields:
        fields["title"] = title.title
        nodes[("title",)] = YamlNode(None, title.at, title.title)
    own_title = nodes[("title",)].value if ("title",) in nodes else FILE_START
    key = id_node.value if id_node else title.at if title else own_title
    prefix: KeyPath = ("runbooks", name)
    nodes = {prefix + path: node for path, node in nodes.items() if path}
    nodes[prefix] = YamlNode(key, key)
    aliases = {prefix + path: prefix + to for path, to in front.aliases.items()} if front else {}
    return Composed({"runbooks": {name: fields}}, nodes, aliases, tuple(problems))


def _sections(headings: list[_Heading]) -> Iterator[tuple[_Heading, list[_Item]]]:
    """Yield each heading that is a field, with its items.

    One with nothing of its own has those of the headings below it.
    """
    for index, heading in enumerate(headings):
        items = list(heading.items)
        if heading.field is None:
            continue
        for below in headings[index + 1 :] if not items else ():
            if below.level <= heading.level or below.field is not None:
                break
            items += below.items
        yield heading, items


def _add_heading(  # noqa: PLR0913 - the parts of one runbook under construction
    heading: _Heading,
    found: list[_Item],
    fields: dict[str, Any],
    nodes: dict[KeyPath, YamlNode],
    problems: list[Diagnostic],
    in_front: frozenset[str],
    file: str,
) -> None:
    field = str(heading.field)
    if field in in_front:
        message = f"`{field}` stands in the front matter and under the heading `{heading.title}`"
        label = Label(Location(file), "", heading.at)
        problems.append(Diagnostic("OM002", message, label, "keep one of the two"))
        return
    items = fields.setdefault(field, [])
    nodes.setdefault((field,), YamlNode(heading.at, heading.at))
    for item in found:
        path: KeyPath = (field, len(items))
        nodes[path] = YamlNode(None, item.at, item.text)
        items.append(_value(field, item.text))
        if isinstance(items[-1], dict):
            nodes.update(
                {(*path, key): YamlNode(None, item.at, text) for key, text in items[-1].items()}
            )


def _value(field: str, text: str) -> Any:
    if field == "hypotheses" and (found := _HYPOTHESIS.fullmatch(text)):
        rest, *then = _OUTCOME.split(found["rest"], maxsplit=1)
        check, *compare = _COMPARISON.split(rest, maxsplit=1)
        parts = {
            "if": found["if"], "check": check, "compare": "".join(compare), "then": "".join(then)
        }  # fmt: skip
        last = "then" if then else "compare" if compare else "check"
        parts[last] = parts[last].removesuffix(".")
        return {key: part for key, part in parts.items() if part}
    if field == "mitigations" and (found := _SWITCH.fullmatch(text)):
        return {"switch": found[1]}
    return text
