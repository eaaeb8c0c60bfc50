"""CODEOWNERS: who reviews which files, as GitHub reads it, and GitLab's sections as far as told.

GitHub passes over a line that it cannot read without a word, so each of those is said to be not
read. In GitLab's sections every section has its own last match, and all their owners count; only
those of the last section that matches are read, which is said once.
"""

import re
from collections.abc import Iterator

from registry.deployed.model import CodeOwners, Deployed, NotRead, Skipped, Text, Where
from registry.deployed.reader import Ingester
from registry.span import Position, Span

MAX_SIZE = 3 * 1024 * 1024
"""Bytes; GitHub loads no larger one, by its documentation "About code owners"."""

_LONGEST = 1000
_FOLDERS = frozenset({".github", ".gitlab", "docs"})
_WORD = re.compile(r"(?:\\.|[^\s\\])+|\\")
_OWNER = re.compile(r"@[A-Za-z0-9_][A-Za-z0-9_.-]*(?:/[A-Za-z0-9_.-]+)*|[^@\s]+@[^@\s]+")
_SECTION = re.compile(r"\^?\[[^\]]+\](?:\[[0-9]+\])?(?=\s|$)")
_SECTIONS = (
    "it has GitLab's sections: of a file that several match, only the last one's owners are read"
)


def is_code_owners(name: str) -> bool:
    """Whether a file's name is the one that GitHub and GitLab look for."""
    return name.rpartition("/")[2] == "CODEOWNERS"


def read(name: str, text: str) -> Deployed:
    """Read the lines of a file, in order."""
    if len(text.encode(errors="replace")) > MAX_SIZE:
        reason = f"GitHub loads no CODEOWNERS file larger than {MAX_SIZE >> 20} MB"
        return Deployed(not_read=(NotRead(Where(name), reason),))
    found = _File(name)
    lines = enumerate(text.split("\n"), 1)
    parts = [one for number, line in lines for one in found.line(number, line)]
    return Deployed(
        code_owners=tuple(one for one in parts if isinstance(one, CodeOwners)),
        not_read=tuple(one for one in parts if isinstance(one, NotRead)),
        skipped=() if parts else (Skipped(name, "CODEOWNERS files without a line", 1),),
    )


def _base(name: str) -> str:
    """Return the folder that patterns are relative to: the repository's root."""
    folder = name.rpartition("/")[0]
    above, _, last = folder.rpartition("/")
    return above if last in _FOLDERS else folder


class _File:
    """Reads line after line; a section's owners are those of its patterns without any."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.base = _base(name)
        self.in_section = False
        self.is_gitlab = f"/{name}".endswith("/.gitlab/CODEOWNERS")
        self.default: tuple[Text, ...] = ()

    def line(self, number: int, line: str) -> Iterator[CodeOwners | NotRead]:
        words = list(self._words(number, line))
        if not words:
            return
        header = _SECTION.match(line.strip())
        if header is not None:
            yield from self._section(number, line, line.index(header[0]) + header.end())
            return
        first, *rest = words
        if first.value.startswith("!") and len(first.value) > 1 and self.is_gitlab:
            # What GitLab excludes has no owner; it may not be taken in again.
            pattern = first.value[1:].replace("\\ ", " ")
            yield CodeOwners(pattern, (), first.where, self.base, excluded=True)
            return
        wrong = _wrong(first.value, [one.value for one in rest])
        if wrong is not None:
            yield NotRead(first.where, f"{wrong}: the line `{_shown(line)}` counts for nothing")
            return
        owners = tuple(rest) or self.default
        if self.in_section and not owners:
            yield NotRead(first.where, "a pattern without owners, in a section without owners")
            return
        yield CodeOwners(first.value.replace("\\ ", " "), owners, first.where, self.base)

    def _words(self, number: int, line: str) -> Iterator[Text]:
        """Yield a line's words, up to a comment: a `#` that begins one."""
        for word in _WORD.finditer(line):
            if word[0].startswith("#"):
                return
            start, end = (Position(number, column + 1) for column in word.span())
            yield Text(word[0], Where(self.name, Span(start, end)))

    def _section(self, number: int, line: str, end: int) -> Iterator[NotRead]:
        words = list(self._words(number, " " * end + line[end:]))
        self.default = tuple(one for one in words if _OWNER.fullmatch(one.value))
        if not self.in_section:
            self.is_gitlab = True
            start = Position(number, 1)
            yield NotRead(Where(self.name, Span(start, Position(number, end + 1))), _SECTIONS)
        self.in_section = True
        for one in words:
            if one not in self.default:
                yield NotRead(one.where, f"`{_shown(one.value)}` is no owner")


def _wrong(pattern: str, owners: list[str]) -> str | None:
    """Say why GitHub would pass over a line; None where it reads it."""
    odd = next((one for one in owners if not _OWNER.fullmatch(one)), None)
    if len(pattern) > _LONGEST:
        return f"a pattern longer than {_LONGEST:,} characters"
    if pattern.startswith("!"):
        return "CODEOWNERS knows no `!`"
    if "[" in pattern or "]" in pattern:
        return "CODEOWNERS knows no `[…]`"
    if "\\" in pattern.replace("\\ ", ""):
        return "CODEOWNERS escapes nothing but spaces"
    return None if odd is None else f"`{_shown(odd)}` is no owner"


def _shown(text: str) -> str:
    """Cut a text to what can be shown in one line."""
    text = text.strip()
    return text if len(text) <= 80 else f"{text[:79]}…"


INGESTER = Ingester(
    "codeowners",
    "codeowners",
    "CODEOWNERS files of GitHub and GitLab",
    recognizes_name=is_code_owners,
    read_text=read,
)
