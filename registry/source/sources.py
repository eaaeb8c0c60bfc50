"""The texts behind a workspace: positions are worked out only for the files that need them."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from functools import cached_property
from operator import itemgetter

from registry.source.composer import Composed, compose
from registry.source.markdown import compose_markdown
from registry.source.scripts import is_latin
from registry.source.secrets import Secret, secrets
from registry.source.suppression import MARK, IgnoreComment, ignore_comments
from registry.source.text import BOM, SUSPICIOUS, excerpt
from registry.span import FILE_START, KeyPath, Location, Position, Span


class Source:
    """One decoded file; read thoroughly on first need."""

    def __init__(
        self,
        name: str,
        data: bytes,
        composed: Composed | None = None,
        *,
        is_without_secrets: bool = False,
    ) -> None:
        self.name = name
        self.data = data.removeprefix(BOM)
        self._composed = composed
        self._is_without_secrets = is_without_secrets

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
    def secrets(self) -> tuple[Secret, ...]:
        """What looks like a key, token or password in it."""
        return () if self._is_without_secrets else secrets(self.data)

    @property
    def is_latin(self) -> bool:
        """Whether it says all in Latin letters: none and no escape stands for another one."""
        return b"\\" not in self.data and is_latin(self.data)

    @cached_property
    def lines(self) -> list[str]:
        """Its lines as they may be shown: without their ends, each secret starred out."""
        lines = self.data.decode("utf-8", "replace").split("\n")
        for secret in self.secrets:
            (first, start), (last, end) = secret.at
            for number in range(first, last + 1):
                line = lines[number - 1]
                begin = start - 1 if number == first else 0
                stop = end - 1 if number == last else len(line)
                hidden = re.sub(r"\S", "*", line[begin:stop])
                lines[number - 1] = line[:begin] + hidden + line[stop:]
        return lines

    def line(self, number: int) -> str:
        """Cut one line, counted from 1, to what a message shows; empty beyond the end."""
        return excerpt(self.lines[number - 1]) if 0 < number <= len(self.lines) else ""

    @cached_property
    def _starts(self) -> list[tuple[Position, Position, KeyPath]]:
        """Where each key and each text begins and ends, in order."""
        nodes = self.composed.nodes.items()
        keys = ((*node.key, path) for path, node in nodes if node.key)
        texts = ((*node.value, path) for path, node in nodes if node.text is not None)
        return sorted((*keys, *texts), key=itemgetter(0))

    def path_at(self, at: Position) -> KeyPath:
        """Tell whose key or text a position lies in; the empty path where it is in none."""
        index = bisect_right(self._starts, at, key=itemgetter(0)) - 1
        if index < 0:
            return ()
        _, end, path = self._starts[index]
        return path if at < end else ()

    def comments(self) -> tuple[IgnoreComment, ...]:
        """Find the ignore comments in it."""
        if MARK not in self.data:
            return ()
        nodes = self.composed.nodes.values()
        texts = (node.value for node in nodes if node.text is not None)
        return ignore_comments(self.data, self.name, texts)

    def escaped(self) -> Iterator[tuple[Location, Span, str]]:
        """Find the keys and texts in which an escape hides a control or bidirectional character.

        One that stands in the file itself was found before, and is not told again.
        """
        if not _ESCAPE.search(self.data):
            return
        for path, node in self.composed.nodes.items():
            key = path[-1] if path and node.key else None
            value = (Location(self.name, path), node.value, node.text)
            for at, span, text in ((Location(self.name, path, "key"), node.key, key), value):
                if span is None or not isinstance(text, str) or not SUSPICIOUS.search(text):
                    continue
                lines = self.lines[span.start.line - 1 : span.end.line]
                if not any(SUSPICIOUS.search(line.rstrip("\r")) for line in lines):
                    yield at, span, text

    def spelling(self, path: KeyPath) -> str | None:
        """Return a scalar as it was written; None for what is no scalar."""
        node = self.composed.node(path)
        return node.text if node else None


class Sources:
    """Every text of a run, by name: the registry's files and those of its policy."""

    def __init__(self, files: Mapping[str, Source]) -> None:
        self.files = files
        self._shown: dict[tuple[str, int], str] = {}

    def span(self, location: Location) -> Span:
        """Resolve a place in the data to a place in its text; the file's start if it has none."""
        source = self.files.get(location.file)
        return source.composed.span(location) if source else FILE_START

    def line(self, file: str, number: int) -> str:
        """Cut one line of a file to what a message shows; a secret of any file is starred out."""
        # Thousands of findings may stand in one line: it is cut once, and kept once.
        if (file, number) not in self._shown:
            source = self.files.get(file)
            self._shown[file, number] = self.masked(source.line(number)) if source else ""
        return self._shown[file, number]

    @cached_property
    def secrets(self) -> Mapping[str, tuple[str, ...]]:
        """Every line of every secret in any of the texts, by its first characters."""
        found: dict[str, set[str]] = {}
        for source in self.files.values():
            for secret in source.secrets:
                for line in filter(None, map(str.strip, secret.text.split("\n"))):
                    found.setdefault(line[:_MARKED], set()).add(line)
        return {begin: tuple(sorted(texts, key=len)) for begin, texts in found.items()}

    def masked(self, text: str) -> str:
        """Star out each secret in a text that is to be shown, the beginning of a cut one too."""
        if not self.secrets:
            return text
        shown, at = list(text), 0
        while at < len(text):
            secrets = self.secrets.get(text[at : at + _MARKED], ())
            length = max((_shared(text, at, secret) for secret in secrets), default=0)
            shown[at : at + length] = "*" * length
            at += max(length, 1)
        return "".join(shown)

    def value(self, location: Location) -> object:
        """Return the data at a place, as it was read; None where nothing is."""
        source = self.files.get(location.file)
        value: object = source.composed.data if source else None
        for key in location.path:
            value = _step(value, key)
        return value

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


_ESCAPE = re.compile(rb"\\[0abefvrNLPxuU]")
"""In a double-quoted text: the only way for such a character into a file that was read."""

_MARKED = 4
"""Characters of a secret by which it is looked up; no secret is shorter but an address's."""


def _shared(text: str, at: int, secret: str) -> int:
    """Count the characters of a secret that stand in a text; few of a long one are chance."""
    pairs = enumerate(zip(secret, text[at : at + len(secret)], strict=False))
    length = next((place for place, (own, other) in pairs if own != other), len(text) - at)
    length = min(length, len(secret))
    return length if length >= min(len(secret), 2 * _MARKED) else 0


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
