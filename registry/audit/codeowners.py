"""Which lines of CODEOWNERS files decide on a file: the last whose pattern matches.

In GitLab's files each section has one of its own, and what one line of a section excludes has no
owner in it. Patterns are those of GitHub's CODEOWNERS, which are gitignore's without `[…]`.
"""

import re
from collections.abc import Iterable, Sequence

from registry.deployed.model import CodeOwners
from registry.source.glob import Glob


class CodeOwned:
    """The owners of files, by the CODEOWNERS files that were read."""

    def __init__(self, lines: Iterable[CodeOwners]) -> None:
        self._sections: dict[tuple[str, str], list[tuple[CodeOwners, tuple[Glob, ...]]]] = {}
        for one in lines:
            # Files without sections are read on as one; each of GitLab's stands for itself.
            key = (one.where.file if one.section else "", one.section.casefold())
            globs = tuple(map(Glob, _globs(one.pattern)))
            self._sections.setdefault(key, []).append((one, globs))
        self._found: dict[str, tuple[CodeOwners, ...]] = {}

    def of(self, file: str) -> tuple[CodeOwners, ...]:
        """Return the lines that decide on a file, as it is shown: one of a section at most."""
        if file not in self._found:
            last = (self._last(file, lines) for lines in self._sections.values())
            self._found[file] = tuple(one for one in last if one is not None)
        return self._found[file]

    def _last(
        self, file: str, lines: Sequence[tuple[CodeOwners, tuple[Glob, ...]]]
    ) -> CodeOwners | None:
        found = None
        for line, globs in lines:
            base = f"{line.base.rstrip('/')}/" if line.base.strip("./") else ""
            name = file.removeprefix("./").removeprefix(base)
            inside = file.removeprefix("./").startswith(base)
            if inside and any(glob.matches(name) for glob in globs):
                if line.excluded:
                    return None  # no later line of the section takes it back
                found = line
        return found


def _globs(pattern: str) -> list[str]:
    """Write a pattern as globs over whole names, from the folder that it is relative to.

    One with a slash, but for its last character, is of that folder, another of any below. It takes
    a folder with all in it, unless it ends with `/*`, which takes the files alone.
    """
    text = pattern.strip()
    anchored = "/" in text.rstrip("/")
    body = "/".join(map(_segment, text.strip("/").split("/")))
    if not body:
        return ["**"] if text else []
    start = body if anchored or body.startswith("**") else f"**/{body}"
    if text.endswith("/"):
        return [f"{start}/**"]
    if anchored and f"/{start}".endswith("/*"):
        return [start]
    return [start, f"{start}/**"]


def _segment(text: str) -> str:
    """Write part of a pattern: asterisks beside other characters do not cross folders."""
    return "**" if len(text) > 1 and not text.strip("*") else re.sub(r"\*+", "*", text)
