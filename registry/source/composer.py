"""The thorough YAML reader: data with the span of every key and value, and all that is wrong."""

from collections.abc import Callable
from itertools import islice
from typing import Any, NamedTuple, NoReturn

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
)

from registry.diagnostic import Diagnostic, Label
from registry.source.scalar import Plain, plain
from registry.source.syntax import Stumble, explained
from registry.source.yaml import Data, events, is_text_key
from registry.span import KeyPath, Location, Position, Span

MAX_DEPTH = 64
MAX_ALIAS_NODES = 50_000
MAX_ALIAS_TEXT = 1_000_000
"""Bounds on what aliases may expand to in one file: values, and characters of text."""

_MAX_PROBLEMS = 200


class YamlNode(NamedTuple):
    """Where a value stands and how it is spelled.

    `key` is the span of the key that introduces it (None for a list's item), `text` the scalar as
    it was written (None for a mapping or a list), `plain` whether it stands without quotes.
    """

    key: Span | None
    value: Span
    text: str | None = None
    plain: bool = False


class Composed(NamedTuple):
    """A file read thoroughly. `data` is None where nothing of it can be used."""

    data: Data | None
    nodes: dict[KeyPath, YamlNode]
    aliases: dict[KeyPath, KeyPath]
    problems: tuple[Diagnostic, ...]

    def node(self, path: KeyPath) -> YamlNode | None:
        """Find a value's node, through aliases; None for a path that is not in the file."""
        found = self.nodes.get(path)
        if found is not None:
            return found
        for length in range(len(path) - 1, 0, -1):
            source = self.aliases.get(path[:length])
            if source is not None:
                return self.node(source + path[length:])
        return None

    def span(self, location: Location) -> Span:
        """Resolve a location: a missing value's place is its nearest enclosing key."""
        path, part = location.path, location.part
        while path:
            found = self.node(path)
            if found is not None:
                return found.key if part == "key" and found.key else found.value
            path, part = path[:-1], "key"
        return Span(Position(1, 1), Position(1, 1))


class _Anchor(NamedTuple):
    path: KeyPath
    value: Any
    nodes: int
    text: int
    at: Span
    key: Span | None = None


class _StopError(Exception):
    """Reading on makes no sense; the finding is already noted."""


def compose(data: bytes, file: str) -> Composed:
    """Read decoded bytes (UTF-8, no byte order mark) as one YAML 1.2 document.

    Problems are OM001 (syntax), OM002 (duplicate keys), OM006 (keys that are no text, a root that
    is no mapping) and OM013 (tags, merge keys, aliases, nesting); at most 200 of them.
    """
    return _Composer(data, file).run()


class _Composer:
    def __init__(self, data: bytes, file: str) -> None:
        self.file = file
        self.source = data
        self.get: Callable[[], Event] = events(data)
        self.nodes: dict[KeyPath, YamlNode] = {}
        self.aliases: dict[KeyPath, KeyPath] = {}
        self.problems: list[Diagnostic] = []
        self.anchors: dict[str, _Anchor | None] = {}
        self.count = 0
        self.text = 0
        self.aliased_count = 0
        self.aliased_text = 0
        self.fatal = False

    def run(self) -> Composed:
        data: Data | None = None
        try:
            data = self.document()
        except _StopError:
            self.fatal = True
        except yaml.YAMLError as error:
            self.syntax(error)
            self.fatal = True
        return Composed(
            None if self.fatal else data, self.nodes, self.aliases, tuple(self.problems)
        )

    # -- structure ---------------------------------------------------------------------------

    def document(self) -> Data:
        self.get()
        start = self.get()
        if not isinstance(start, DocumentStartEvent):
            return {}
        self.directives(start)
        root = self.get()
        value = self.value(root, (), None)
        self.get()
        after = self.get()
        if not isinstance(after, StreamEndEvent):
            self.stop(
                "OM001",
                "a second document starts here; a registry file holds one",
                _span(after),
                "move it into a file of its own, or join the two",
            )
        if isinstance(root, ScalarEvent) and root.value == "" and root.implicit[0]:
            return {}
        if not isinstance(value, dict):
            what = "a list" if isinstance(value, list) else "one text"
            self.stop(
                "OM006",
                f"a registry file is a mapping of sections; this is {what}",
                self.nodes[()].value,
                "begin with a section, as `metrics:`, its entities indented below it",
            )
        return value

    def directives(self, start: DocumentStartEvent) -> None:
        if start.version and start.version != (1, 2):
            version = ".".join(map(str, start.version))
            self.stop(
                "OM001",
                f"the directive `%YAML {version}` asks for another YAML; a registry is YAML 1.2",
                _span(start),
                "remove the directive",
            )
        if start.tags:
            self.stop(
                "OM013",
                "a `%TAG` directive; registry files have no tags",
                _span(start),
                "remove the directive",
            )

    def value(self, event: Event, path: KeyPath, key: Span | None) -> Any:
        if isinstance(event, AliasEvent):
            return self.alias(event, path, key)
        if len(path) > MAX_DEPTH:
            self.stop(
                "OM013",
                f"nested deeper than {MAX_DEPTH} levels",
                _span(event),
                "no registry needs that; flatten it",
            )
        if event.tag is not None:
            self.tag(event)
        if event.anchor:
            self.open_anchor(event)
        before = (self.count, self.text)
        self.count += 1
        if isinstance(event, ScalarEvent):
            self.text += len(event.value)
            self.nodes[path] = YamlNode(key, _span(event), event.value, event.implicit[0])
            value: Any = plain(event.value) if event.implicit[0] else event.value
        elif isinstance(event, MappingStartEvent):
            value = self.mapping(event, path, key)
        else:
            value = self.sequence(event, path, key)
        if event.anchor:
            span = _span(event)
            nodes, text = self.count - before[0], self.text - before[1]
            self.anchors[event.anchor] = _Anchor(path, value, nodes, text, span, key)
        return value

    def mapping(self, event: Event, path: KeyPath, key: Span | None) -> Data:
        data: Data = {}
        first: dict[str, Span] = {}
        while True:
            name_event = self.get()
            if isinstance(name_event, MappingEndEvent):
                self.close(event, name_event, path, key)
                return data
            span, name = _span(name_event), self.key(name_event, path)
            if name is None:
                self.value(self.get(), self.aside(path), span)
                continue
            if name in data:
                self.duplicate(name, span, first[name], path)
                data[name] = self.again(data[name], (*path, name), span)
                continue
            first[name] = span
            data[name] = None
            data[name] = self.value(self.get(), (*path, name), span)

    def aside(self, path: KeyPath) -> KeyPath:
        """Make a path for what stands in the file and not in the data; no real one is like it."""
        return (*path, -1 - len(self.nodes))

    def again(self, kept: Any, path: KeyPath, key: Span) -> Any:
        """Read the value of a repeated key, and join it to the first one's.

        The first wins where both say something; nothing in the second is to seem absent.
        """
        apart, nodes, aliases = self.aside(path), len(self.nodes), len(self.aliases)
        value = self.value(self.get(), apart, key)
        _move(self.nodes, len(self.nodes) - nodes, apart, path)
        _move(self.aliases, len(self.aliases) - aliases, apart, path)
        return _joined(kept, value)

    def sequence(self, event: Event, path: KeyPath, key: Span | None) -> list[Any]:
        items: list[Any] = []
        while True:
            item = self.get()
            if isinstance(item, SequenceEndEvent):
                self.close(event, item, path, key)
                return items
            items.append(self.value(item, (*path, len(items)), None))

    def close(self, start: Event, end: Event, path: KeyPath, key: Span | None) -> None:
        flow = bool(getattr(start, "flow_style", False))
        stop = _position(end.end_mark if flow else end.start_mark)
        self.nodes[path] = YamlNode(key, Span(_position(start.start_mark), stop))

    # -- keys, anchors, tags -----------------------------------------------------------------

    def key(self, event: Event, path: KeyPath) -> str | None:
        """Read a key; None, with a finding, where it is no text."""
        if not isinstance(event, ScalarEvent):
            self.note("OM006", "a key must be text", _span(event), self.no_name(event))
            if not isinstance(event, AliasEvent):
                self.value(event, self.aside(path), None)
            return None
        if event.tag is not None:
            self.tag(event)
        if event.anchor:
            self.open_anchor(event)
            span = _span(event)
            self.anchors[event.anchor] = _Anchor(path, event.value, 1, len(event.value), span)
        text: str = event.value
        self.count += 1
        if event.implicit[0] and text == "<<":
            self.note(
                "OM013",
                "a merge key `<<`; YAML 1.2 has none",
                _span(event),
                "write the fields out, or use an alias for a whole value: `contact: *shared`",
            )
            self.fatal = True
            return None
        if event.implicit[0] and not is_text_key(text):
            kind = _kind(plain(text))
            shown = f"`{text}`" if text else "an empty key"
            self.note(
                "OM006",
                f"the key {shown} is {kind}, not text",
                _span(event),
                f'quote it: "{text}"' if text else "write a name as the key",
            )
            return None
        return text

    def no_name(self, event: Event) -> str:
        """Say what to write in place of a key that is no text: braces may be a template's."""
        line = self.source.decode("utf-8").split("\n")[event.start_mark.line]
        if line[: event.start_mark.column + 1].endswith("{{"):
            return "a template is not filled in here: write the value, or put it into quotes"
        return "write a name as the key"

    def open_anchor(self, event: Event) -> None:
        name = event.anchor
        if self.anchors.get(name) is not None:
            old = self.anchors[name]
            related = () if old is None else (self.label(old.at, "first defined here"),)
            self.note(
                "OM013",
                f"the anchor `{name}` is defined again: an alias would change its meaning",
                _span(event),
                "give the second anchor a name of its own",
                related=related,
            )
            self.fatal = True
        self.anchors[name] = None

    def alias(self, event: Event, path: KeyPath, key: Span | None) -> Any:
        name = event.anchor
        anchor = self.anchors.get(name)
        if anchor is None:
            code, what = "OM001", f"has no anchor `&{name}` before it"
            if name in self.anchors:
                code, what = "OM013", "stands inside its own anchor"
            self.stop(code, f"the alias `*{name}` {what}", _span(event), "write the value out")
        self.count += anchor.nodes
        self.text += anchor.text
        self.aliased_count += anchor.nodes
        self.aliased_text += anchor.text
        if self.aliased_count > MAX_ALIAS_NODES or self.aliased_text > MAX_ALIAS_TEXT:
            self.stop(
                "OM013",
                f"aliases expand beyond the limit of {MAX_ALIAS_NODES} values or "
                f"{MAX_ALIAS_TEXT} characters",
                _span(event),
                "write the values out, once for each place that needs them",
            )
        self.aliases[path] = anchor.path
        source = self.nodes.get(anchor.path)
        text, is_plain = (source.text, source.plain) if source else (None, False)
        self.nodes[path] = YamlNode(key, _span(event), text, is_plain)
        return anchor.value

    def tag(self, event: Event) -> None:
        tag = event.tag.replace("tag:yaml.org,2002:", "!!")
        self.note(
            "OM013",
            f"the tag `{tag}`; registry files have no tags",
            _span(event),
            "remove it, or quote the value if the `!` is part of it",
        )
        self.fatal = True

    # -- findings ----------------------------------------------------------------------------

    def duplicate(self, name: str, at: Span, first: Span, path: KeyPath) -> None:
        lines = f"lines {first.start.line} and {at.start.line}"
        self.note(
            "OM002",
            f"the key `{name}` stands twice in one mapping, {lines}",
            at,
            "keep one of the two",
            related=(self.label(first, "first here"),),
            field=(*path, name),
        )

    def syntax(self, error: yaml.YAMLError) -> None:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        problem = str(getattr(error, "problem", None) or getattr(error, "reason", None) or error)
        context, began = getattr(error, "context", None), getattr(error, "context_mark", None)
        said = f"{problem} {context}" if context else problem
        lines = self.source.decode("utf-8", "replace").split("\n")
        at = _within(_position(mark), lines) if mark is not None else Position(1, 1)
        start = _position(began) if began is not None else None
        stumble = Stumble(said, at, start, lines, lambda: _unclosed("\n".join(lines)))
        at, message, help_ = explained(stumble)
        span = Span(at, Position(at.line, at.column + 1))
        self.note("OM001", f"not YAML: {message}", span, help_)

    def note(  # noqa: PLR0913 - one finding has that many parts
        self,
        code: str,
        message: str,
        at: Span,
        help: str,  # noqa: A002
        *,
        related: tuple[Label, ...] = (),
        field: KeyPath = (),
    ) -> None:
        found = Diagnostic(
            code,
            message,
            self.label(at, ""),
            help,
            related,
            distinguish="/".join(map(str, field)) or message,
        )
        self.problems.append(found)
        if len(self.problems) >= _MAX_PROBLEMS:
            raise _StopError

    def stop(self, code: str, message: str, at: Span, help: str) -> NoReturn:  # noqa: A002
        """Note what makes reading on senseless."""
        self.note(code, message, at, help)
        raise _StopError

    def label(self, at: Span, message: str) -> Label:
        return Label(Location(self.file), message, at)


def _joined(kept: Any, again: Any) -> Any:
    if not isinstance(kept, dict) or not isinstance(again, dict):
        return kept
    both = {name: _joined(value, again[name]) for name, value in kept.items() if name in again}
    return {**again, **kept, **both}


def _move(table: dict[KeyPath, Any], newest: int, source: KeyPath, target: KeyPath) -> None:
    """Move a table's newest entries from one path to another, where nothing stands there yet."""
    for path in list(islice(reversed(table), newest)):
        place = target + path[len(source) :]
        if place not in table:
            table[place] = table.pop(path)


def _within(at: Position, lines: list[str]) -> Position:
    """Move a place that libyaml reports past the text, at its end, to the last line."""
    return at if at.line <= len(lines) else Position(len(lines), len(lines[-1]) + 1)


def _position(mark: Any) -> Position:
    return Position(mark.line + 1, mark.column + 1)


def _span(event: Event) -> Span:
    """Locate an event's own text; a block mapping or list ends at its first line for messages."""
    start, end = _position(event.start_mark), _position(event.end_mark)
    return Span(start, end if end > start else Position(start.line, start.column + 1))


def _kind(value: Plain) -> str:
    if value is None:
        return "null"
    return "a boolean" if isinstance(value, bool) else "a number"


def _unclosed(text: str) -> tuple[Position, str] | None:
    """Find the last bracket that opens a list or a mapping and is not closed, as YAML reads it."""
    opened: list[tuple[Position, str]] = []
    begins = {yaml.FlowSequenceStartToken: "[", yaml.FlowMappingStartToken: "{"}
    try:
        for token in yaml.scan(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            if type(token) in begins:
                opened.append((_position(token.start_mark), begins[type(token)]))
            elif isinstance(token, (yaml.FlowSequenceEndToken, yaml.FlowMappingEndToken)):
                opened = opened[:-1]
    except yaml.YAMLError:
        return None
    return opened[-1] if opened else None
