"""Which line of a CODEOWNERS file decides on a file: the last whose pattern matches.

Patterns are those of GitHub's CODEOWNERS, which are gitignore's without `!` and `[…]`.
"""

import re
from collections.abc import Iterable

from registry.deployed.model import CodeOwners
from registry.source.folder import Glob


class CodeOwned:
    """The owners of files, by the CODEOWNERS files that were read."""

    def __init__(self, lines: Iterable[CodeOwners]) -> None:
        found = [(one, tuple(map(Glob, _globs(one.pattern)))) for one in lines]
        # The last that matches decides, and before all others what is excluded.
        self._lines = sorted(found, key=lambda pair: pair[0].excluded)
        self._found: dict[str, CodeOwners | None] = {}

    def of(self, file: str) -> CodeOwners | None:
        """Return the line that decides on a file, as it is shown; None where there is none."""
        if file not in self._found:
            self._found[file] = self._last(file)
        return self._found[file]

    def _last(self, file: str) -> CodeOwners | None:
        for line, globs in reversed(self._lines):
            base = f"{line.base.rstrip('/')}/" if line.base.strip("./") else ""
            name = file.removeprefix("./").removeprefix(base)
            inside = file.removeprefix("./").startswith(base)
            if inside and any(glob.matches(name) for glob in globs):
                return line
        return None


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
