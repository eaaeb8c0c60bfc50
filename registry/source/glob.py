"""Patterns over the names of a registry's files, as `include` and `exclude` have them."""

import os
import re
from collections.abc import Callable


class Glob:
    """A pattern over names: `*` and `?` stay within a folder, `**` crosses folders.

    One with several wildcards is matched by RE2, in linear time: globs come from strangers, too.
    """

    def __init__(self, glob: str) -> None:
        self.text = glob
        parts = _PARTS.findall(os.fsencode(glob))
        pattern = b"(?s)" + b"".join(_WILDCARDS.get(part) or re.escape(part) for part in parts)
        self._matches: Callable[[bytes], object]
        if len(glob) > _LONGEST:
            self._matches = re.compile(b"(?!)").fullmatch
        elif sum(part in _WILDCARDS for part in parts) <= _FEW:
            self._matches = re.compile(pattern).fullmatch
        else:
            import re2

            options = re2.Options()
            options.log_errors = False
            options.encoding = re2.Options.Encoding.LATIN1  # any byte, as in names that are no text
            self._matches = re2.compile(pattern, options).fullmatch

    def matches(self, name: str) -> bool:
        """Whether it matches a whole name, with forward slashes."""
        return self._matches(os.fsencode(name)) is not None

    def may_match_below(self, folder: str) -> bool:
        """Whether some name below a folder, whose own name is given, may match it."""
        steps = self.text.split("/")
        for place, name in enumerate(folder.split("/")):
            if place >= len(steps) - 1 or "**" in steps[place]:
                return "**" in "".join(steps[: place + 1])
            if not Glob(steps[place]).matches(name):
                return False
        return True


_PARTS = re.compile(rb"\*\*/|\*\*|\*|\?|[^*?]+", re.DOTALL)
_WILDCARDS = {
    b"**/": rb"(?:[^/]+/)*",
    b"**": rb".*",
    b"*": rb"[^/]*",
    b"?": rb"(?:[^/\x80-\xff]|[\xc0-\xff][\x80-\xbf]*)",  # one character of UTF-8
}
_FEW = 2
_LONGEST = 1000
"""Characters of a pattern; a longer one matches nothing, and is reported as one that does not."""
