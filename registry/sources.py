"""The texts behind a workspace: positions are worked out only for the files that need them."""

from collections.abc import Mapping
from functools import cached_property

from registry.source.composer import Composed, compose
from registry.source.markdown import compose_markdown
from registry.source.suppression import MARK, IgnoreComment, ignore_comments
from registry.source.text import excerpt
from registry.span import FILE_START, KeyPath, Location, Span


class Source:
    """One decoded file; read thoroughly on first need."""

    def __init__(self, name: str, data: bytes, composed: Composed | None = None) -> None:
        self.name = name
        self.data = data
        self._composed = composed

    @property
    def composed(self) -> Composed:
        """The file's data with the position of every key and value."""
        if self._composed is None:
            read = compose_markdown if self.name.endswith(".md") else compose
            self._composed = read(self.data, self.name)
        return self._composed

    @property
    def is_composed(self) -> bool:
        """Whether it was read thoroughly already."""
        return self._composed is not None

    @cached_property
    def lines(self) -> list[str]:
        """Its lines, without their ends."""
        return self.data.decode("utf-8", "replace").split("\n")

    def line(self, number: int) -> str:
        """Cut one line, counted from 1, to what a message shows; empty beyond the end."""
        return excerpt(self.lines[number - 1]) if 0 < number <= len(self.lines) else ""

    def comments(self) -> tuple[IgnoreComment, ...]:
        """Find the ignore comments in it."""
        if MARK not in self.data:
            return ()
        nodes = self.composed.nodes.values()
        texts = (node.value for node in nodes if node.text is not None)
        return ignore_comments(self.data, self.name, texts)

    def spelling(self, path: KeyPath) -> str | None:
        """Return a scalar as it was written; None for what is no scalar."""
        node = self.composed.node(path)
        return node.text if node else None


class Sources:
    """Every text of a run, by name: the registry's files and those of its policy."""

    def __init__(self, files: Mapping[str, Source]) -> None:
        self.files = files

    def span(self, location: Location) -> Span:
        """Resolve a place in the data to a place in its text; the file's start if it has none."""
        source = self.files.get(location.file)
        return source.composed.span(location) if source else FILE_START

    def line(self, file: str, number: int) -> str:
        """Cut one line of a file to what a message shows."""
        source = self.files.get(file)
        return source.line(number) if source else ""

    def stable(self, location: Location, skip: int) -> tuple[str, ...]:
        """Name a path without its first `skip` steps: an index becomes its item's own name."""
        source = self.files.get(location.file)
        value: object = source.composed.data if source else None
        names: list[str] = []
        for depth, key in enumerate(location.path):
            value = _step(value, key)
            if depth >= skip:
                names.append(_name(value, key) if isinstance(key, int) else str(key))
        return tuple(names)


def _step(value: object, key: str | int) -> object:
    if isinstance(value, dict):
        return value.get(key)
    if isinstance(value, list) and isinstance(key, int) and key < len(value):
        return value[key]
    return None


def _name(value: object, key: int) -> str:
    """Name a list's item by its id, name, title or value; by its content where it has none."""
    if isinstance(value, dict):
        for field in ("id", "name", "title"):
            if isinstance(value.get(field), str):
                return str(value[field])
        return repr(sorted(value.items(), key=lambda pair: str(pair[0])))
    return str(value) if value is not None else str(key)
