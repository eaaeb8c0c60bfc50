"""CODEOWNERS: who reviews which files, as GitHub reads it, and GitLab where it is GitLab's.

GitHub passes over a line that it cannot read without a word, so each of those is said to be not
read. A file is GitLab's by its folder, or by a section: in it, every section has its own last
match, all their owners count, and `!` excludes files from a section.
"""

import re
from collections.abc import Iterator

from registry.deployed.model import CodeOwners, Deployed, NotRead, PlacedText, Skipped, Where
from registry.deployed.reader import Reader
from registry.span import Position, Span

MAX_SIZE = 3 * 1024 * 1024
"""Bytes; GitHub loads no larger one, by its documentation "About code owners"."""

_LONGEST = 1000
_FOLDERS = frozenset({".github", ".gitlab", "docs"})
_WORD = re.compile(r"(?:\\.|[^\s\\])+|\\")
_OWNER = re.compile(r"@[A-Za-z0-9_][A-Za-z0-9_.-]*(?:/[A-Za-z0-9_.-]+)*|[^@\s]+@[^@\s]+")
_SECTION = re.compile(r"\^?\[([^\]]+)\](?:\[[0-9]+\])?(?=\s|$)")
_UNNAMED = "codeowners"
"""GitLab's own name for what stands before the first section."""


def is_code_owners(name: str) -> bool:
    """Whether a file's name is the one that GitHub and GitLab look for."""
    return name.rpartition("/")[2] == "CODEOWNERS"


def read(name: str, text: str) -> Deployed:
    """Read the lines of a file, in order."""
    if len(text.encode(errors="replace")) > MAX_SIZE:
        reason = f"GitHub loads no CODEOWNERS file larger than {MAX_SIZE >> 20} MB"
        return Deployed(not_read=(NotRead(Where(name), reason),))
    found = _File(name, is_gitlab=_is_gitlab(name, text))
    lines = enumerate(text.split("\n"), 1)
    parts = [one for number, line in lines for one in found.line(number, line)]
    return Deployed(
        code_owners=tuple(one for one in parts if isinstance(one, CodeOwners)),
        not_read=tuple(one for one in parts if isinstance(one, NotRead)),
        skipped=() if parts else (Skipped(name, "CODEOWNERS files without a line", 1),),
    )


def _is_gitlab(name: str, text: str) -> bool:
    """Whether a file is GitLab's: it stands in its folder, or has sections."""
    if name.rpartition("/")[0].rpartition("/")[2] == ".gitlab":
        return True
    return any(_SECTION.match(line.strip()) for line in text.split("\n"))


def _base(name: str) -> str:
    """Return the folder that patterns are relative to: the repository's root."""
    folder = name.rpartition("/")[0]
    above, _, last = folder.rpartition("/")
    return above if last in _FOLDERS else folder


class _File:
    """Reads line after line; a section's owners are those of its patterns without any."""

    def __init__(self, name: str, *, is_gitlab: bool) -> None:
        self.name = name
        self.base = _base(name)
        self.is_gitlab = is_gitlab
        self.section = _UNNAMED if is_gitlab else ""
        self.in_section = False
        self.default: tuple[PlacedText, ...] = ()

    def line(self, number: int, line: str) -> Iterator[CodeOwners | NotRead]:
        words = list(self._words(number, line))
        if not words:
            return
        header = _SECTION.match(line.strip())
        if header is not None:
            self.section = " ".join(header[1].split())
            yield from self._section(number, line, line.index(header[0]) + header.end())
            return
        first, *rest = words
        if self.is_gitlab and first.value.startswith("!"):
            yield from self._exclusion(first, line)
            return
        wrong = _wrong(first.value, [one.value for one in rest])
        if wrong is not None:
            yield NotRead(first.where, f"{wrong}: the line `{_shown(line)}` counts for nothing")
            return
        owners = tuple(rest) or self.default
        if self.in_section and not owners:
            yield NotRead(first.where, "a pattern without owners, in a section without owners")
            return
        pattern = first.value.replace("\\ ", " ")
        yield CodeOwners(pattern, owners, first.where, self.base, self.section)

    def _exclusion(self, first: PlacedText, line: str) -> Iterator[CodeOwners | NotRead]:
        """Read what a section leaves out; owners behind it count for nothing to GitLab."""
        pattern = first.value.removeprefix("!")
        wrong = _wrong(pattern, []) if pattern else "an exclusion of nothing"
        if wrong is not None:
            yield NotRead(first.where, f"{wrong}: the line `{_shown(line)}` counts for nothing")
            return
        pattern = pattern.replace("\\ ", " ")
        yield CodeOwners(pattern, (), first.where, self.base, self.section, excluded=True)

    def _words(self, number: int, line: str) -> Iterator[PlacedText]:
        """Yield a line's words, up to a comment: a `#` that begins one."""
        for word in _WORD.finditer(line):
            if word[0].startswith("#"):
                return
            start, end = (Position(number, column + 1) for column in word.span())
            yield PlacedText(word[0], Where(self.name, Span(start, end)))

    def _section(self, number: int, line: str, end: int) -> Iterator[NotRead]:
        words = list(self._words(number, " " * end + line[end:]))
        self.default = tuple(one for one in words if _OWNER.fullmatch(one.value))
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
        return "GitHub's CODEOWNERS knows no `!`"
    if "[" in pattern or "]" in pattern:
        return "CODEOWNERS knows no `[…]`"
    if "\\" in pattern.replace("\\ ", ""):
        return "CODEOWNERS escapes nothing but spaces"
    return None if odd is None else f"`{_shown(odd)}` is no owner"


def _shown(text: str) -> str:
    """Cut a text to what can be shown in one line."""
    text = text.strip()
    return text if len(text) <= 80 else f"{text[:79]}…"


READER = Reader(
    "codeowners",
    "codeowners",
    "CODEOWNERS files of GitHub and GitLab",
    recognizes_name=is_code_owners,
    read_text=read,
)
